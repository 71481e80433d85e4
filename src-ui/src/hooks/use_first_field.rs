//! Where the keyboard goes when a new form opens.

use wasm_bindgen::JsCast as _;
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::hooks::FormHandle;

/// A new form begins with the cursor in this input.
#[hook]
pub(crate) fn use_first_field(form: &FormHandle, id: &'static str) {
    let view = form.state.view.as_ref();
    let new = view.is_some_and(|view| view.version.0 == 0 && view.can_edit() && !view.unsaved());
    use_effect_with(new, move |new| {
        if *new {
            focus_on(id);
        }
    });
}

/// Gives the element with this id the focus, if there is one.
pub(crate) fn focus_on(id: &str) {
    let element = gloo_utils::document().get_element_by_id(id);
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // It can only fail for an element that cannot have the focus.
        element.focus().ok();
    }
}
