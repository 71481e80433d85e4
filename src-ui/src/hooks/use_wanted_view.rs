//! A saved view that somebody chose at the side.

use std::cell::Cell;

use baton_protocol::list::View;
use yew::prelude::*;
use yew_router::prelude::*;

/// The event of the window that says that saved views are other ones.
pub(crate) const VIEWS_CHANGED: &str = "baton-views";

thread_local! {
    static CHOSEN: Cell<u64> = Cell::default();
    /// The choice that a list shows, or showed last.
    static SHOWN: Cell<u64> = Cell::default();
}

/// A view, and which choice of one it was: the same view may be chosen again.
#[derive(Clone, PartialEq)]
pub(crate) struct WantedView {
    number: u64,
    view: View,
}

impl WantedView {
    pub(crate) fn new(view: View) -> Self {
        CHOSEN.set(CHOSEN.get() + 1);
        Self {
            number: CHOSEN.get(),
            view,
        }
    }
}

/// Has the list look as it was chosen, once: whoever comes back to it finds it as they left it.
#[hook]
pub(crate) fn use_wanted_view(on_view: &Callback<View>) {
    let wanted = use_location().and_then(|location| location.state::<WantedView>());
    let on_view = on_view.clone();
    use_effect_with(wanted, move |wanted| {
        if let Some(wanted) = wanted.as_ref().filter(|wanted| SHOWN.get() != wanted.number) {
            SHOWN.set(wanted.number);
            on_view.emit(wanted.view.clone());
        }
    });
}

/// Says that saved views are other ones.
pub(crate) fn views_changed() {
    if let Ok(event) = Event::new(VIEWS_CHANGED) {
        // An event that nobody can stop is always delivered.
        gloo_utils::window().dispatch_event(&event).ok();
    }
}
