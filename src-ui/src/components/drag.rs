//! What is dragged within the page.

use web_sys::DragEvent;
use yew::prelude::*;

/// What begins and what ends the dragging of an item; `dragged` has it meanwhile.
pub(crate) fn drag_source<T: Clone + 'static>(
    dragged: &UseStateHandle<Option<T>>,
    item: T,
    id: String,
) -> (Callback<DragEvent>, Callback<DragEvent>) {
    let (begin, end) = (dragged.setter(), dragged.setter());
    let start = Callback::from(move |event: DragEvent| {
        if let Some(data) = event.data_transfer() {
            data.set_effect_allowed("move");
            // Without anything in it nothing could be let go. It can only fail when the drag is over already.
            data.set_data("text/plain", &id).ok();
        }
        begin.set(Some(item.clone()));
    });
    (start, Callback::from(move |_: DragEvent| end.set(None)))
}
