//! The strip on top of a form covers nothing that has the focus.

use web_sys::Element;
use yew::prelude::*;
use yew_hooks::use_event_with_window;

/// What takes the focus is not left below the strip on top, where Shift and Tab would put it.
#[hook]
pub(crate) fn use_focus_in_sight() {
    use_event_with_window("focusin", |event: FocusEvent| {
        let Some(target) = event.target_dyn_into::<Element>() else {
            return;
        };
        let Some((main, strip)) = element(".baton-main").zip(element(".baton-form-top")) else {
            return;
        };
        let below = target.get_bounding_client_rect().top() - strip.get_bounding_client_rect().bottom();
        if main.contains(Some(&target)) && !strip.contains(Some(&target)) && below < 0.0 {
            main.scroll_by_with_x_and_y(0.0, below - GAP);
        }
    });
}

/// Between the strip and what has the focus, in pixels.
const GAP: f64 = 24.0;

pub(super) fn element(css: &str) -> Option<Element> {
    gloo_utils::document().query_selector(css).ok().flatten()
}
