//! What is moved with the keys keeps the keyboard.

use std::cell::RefCell;
use std::rc::Rc;

use web_sys::HtmlElement;
use yew::prelude::*;

use super::use_first_field::focus_on;

/// A node that is put before another one loses the focus. After the move, which `moved` announces, it has it
/// again, unless somebody went elsewhere meanwhile.
#[hook]
pub(crate) fn use_focus_kept(place: usize, button: &NodeRef, moved: &Rc<RefCell<bool>>) {
    let (button, moved) = (button.clone(), Rc::clone(moved));
    use_effect_with(place, move |_| {
        if moved.replace(false)
            && is_nowhere()
            && let Some(button) = button.cast::<HtmlElement>()
        {
            // It can only fail for an element that cannot have the focus.
            button.focus().ok();
        }
    });
}

/// Whether nothing has the focus.
fn is_nowhere() -> bool {
    let active = gloo_utils::document().active_element();
    active.is_none_or(|active| active.tag_name() == "BODY")
}

/// The focus goes to what was moved, unless somebody went elsewhere meanwhile.
pub(crate) fn focus_if_nowhere(id: &str) {
    if is_nowhere() {
        focus_on(id);
    }
}
