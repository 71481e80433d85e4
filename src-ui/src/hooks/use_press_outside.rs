//! What is open closes when somebody presses elsewhere.

use web_sys::Node;
use yew::prelude::*;
use yew_hooks::use_event_with_window;

/// Tells of every press that is not within `place`.
#[hook]
pub(crate) fn use_press_outside(place: &NodeRef, pressed: Callback<()>) {
    let place = place.clone();
    use_event_with_window("mousedown", move |event: MouseEvent| {
        let inside = place.cast::<Node>().is_some_and(|place| {
            let target = event.target_dyn_into::<Node>();
            target.is_some_and(|target| place.contains(Some(&target)))
        });
        if !inside {
            pressed.emit(());
        }
    });
}
