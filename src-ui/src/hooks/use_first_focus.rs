//! Where the keyboard goes when a page opens.

use web_sys::HtmlElement;
use yew::prelude::*;

/// Puts the focus on an element once, as soon as it is there. The browser's own `autofocus` comes
/// whenever it finds time: in the middle of what somebody is typing elsewhere already.
#[hook]
pub(crate) fn use_first_focus(element: NodeRef) {
    use_effect_with((), move |()| {
        if let Some(element) = element.cast::<HtmlElement>() {
            element.focus().ok();
        }
    });
}
