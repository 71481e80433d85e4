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
        let input = gloo_utils::document().get_element_by_id(id);
        let input = input.and_then(|input| input.dyn_into::<HtmlElement>().ok());
        if let (true, Some(input)) = (*new, input) {
            // It can only fail for an element that cannot have the focus.
            input.focus().ok();
        }
    });
}
