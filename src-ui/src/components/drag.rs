//! What is dragged within the page.

use web_sys::DragEvent;

/// Begins to drag: without anything in it nothing could be let go.
pub(crate) fn begin_drag(event: &DragEvent, what: &str) {
    if let Some(data) = event.data_transfer() {
        data.set_effect_allowed("move");
        // It can only fail when the drag is over already.
        data.set_data("text/plain", what).ok();
    }
}
