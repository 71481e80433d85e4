//! What a button in the top bar opens over the page.

use yew::prelude::*;

use super::use_press_outside;

/// Whether it is open, and what opens and closes it.
pub(crate) struct PopoverHandle {
    pub(crate) open: bool,
    /// The element that holds the button and what it opens.
    pub(crate) place: NodeRef,
    pub(crate) toggle: Callback<MouseEvent>,
    pub(crate) close: Callback<()>,
    /// Closes it on Escape.
    pub(crate) on_key: Callback<KeyboardEvent>,
}

/// A popover that closes on Escape and when somebody presses elsewhere.
#[hook]
pub(crate) fn use_popover() -> PopoverHandle {
    let open = use_state_eq(|| false);
    let place = use_node_ref();
    let close = {
        let open = open.setter();
        Callback::from(move |()| open.set(false))
    };
    use_press_outside(&place, close.clone());
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let on_key = {
        let close = close.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                close.emit(());
            }
        })
    };
    PopoverHandle {
        open: *open,
        place,
        toggle,
        close,
        on_key,
    }
}
