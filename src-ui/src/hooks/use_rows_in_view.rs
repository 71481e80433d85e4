//! Which rows of a long table are drawn: those in view and a few around them.

use std::ops::Range;

use web_sys::{Element, HtmlElement};
use yew::prelude::*;
use yew_hooks::use_event_with_window;

use super::use_scroll::use_scroll;

/// How high every row is, in pixels; the style sheet says the same.
pub(crate) const ROW: usize = 42;
/// How many rows are drawn above and below those in view.
const OVERSCAN: usize = 8;
/// Drawn anew when the view has moved by so many rows.
const STEP: usize = 4;

/// The rows of a table of `count` rows that are to be drawn. The table's body is `body`, and what scrolls
/// is the page around it.
#[hook]
pub(crate) fn use_rows_in_view(body: NodeRef, count: usize) -> Range<usize> {
    let first = use_state_eq(|| 0);
    let height = use_state_eq(|| 800);
    let look = {
        let (first, height) = (first.setter(), height.setter());
        move || {
            let Some((scrolled, seen)) = measured(&body) else {
                return;
            };
            first.set(scrolled / ROW / STEP * STEP);
            height.set(seen);
        }
    };
    {
        let look = look.clone();
        use_effect_with(count, move |_| look());
    }
    use_scroll(look.clone());
    use_event_with_window("resize", move |_: Event| look());
    let last = *first + height.div_ceil(ROW) + OVERSCAN + STEP;
    first.saturating_sub(OVERSCAN).min(count)..last.min(count)
}

/// How many pixels of the body lie above the view, and how high the view is.
fn measured(body: &NodeRef) -> Option<(usize, usize)> {
    let body = body.cast::<HtmlElement>()?;
    let page: Element = body.closest(".baton-main").ok()??;
    let above = page.get_bounding_client_rect().top() - body.get_bounding_client_rect().top();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "pixels of a page, and not negative"
    )]
    let above = above.max(0.0) as usize;
    let height = usize::try_from(page.client_height()).unwrap_or(0);
    Some((above, height))
}
