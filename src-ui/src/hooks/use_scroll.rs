//! What happens when anything on the page is scrolled.

use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use yew::prelude::*;

/// Calls `heard` whenever something is scrolled, until the component is gone.
#[hook]
pub(crate) fn use_scroll(heard: impl Fn() + 'static) {
    use_effect_with((), move |()| {
        let heard = Closure::<dyn Fn()>::new(heard);
        // Scrolling does not bubble; it is heard on its way down.
        let window = gloo_utils::window();
        let listener = heard.as_ref().unchecked_ref();
        window
            .add_event_listener_with_callback_and_bool("scroll", listener, true)
            .ok();
        move || {
            let listener = heard.as_ref().unchecked_ref();
            window
                .remove_event_listener_with_callback_and_bool("scroll", listener, true)
                .ok();
        }
    });
}
