//! Where the window is: it goes where the shell says, and says where it went.

use baton_protocol::desktop::{Destination, PageChanged, ShowPage, Zoom, ZoomStep};
use web_sys::KeyboardEvent;
use yew::prelude::*;
use yew_hooks::use_event_with_window;
use yew_router::prelude::*;

use crate::backend;
use crate::hooks::{page_shown, show_later, use_session};
use crate::route::Route;

/// Nothing to see; inside the router.
#[component]
pub(crate) fn Navigator() -> Html {
    let session = use_session();
    let navigator = use_navigator();
    let go = session.state().and_then(|state| state.go.clone());
    use_effect_with(go, move |go| {
        if let (Some((_, destination)), Some(navigator)) = (go, navigator) {
            navigator.push(&route_of(destination));
        }
    });
    let route = use_route::<Route>();
    use_effect_with(route, |route| {
        if let Some(route) = route {
            page_shown(*route);
            backend::send_quietly(PageChanged { page: route.to_path() });
            backend::send_quietly(ShowPage { page: route.page() });
        }
    });
    html! {}
}

fn route_of(destination: &Destination) -> Route {
    match destination {
        Destination::Record { entity, record, field } => {
            show_later(*record, field.clone());
            Route::ReadOnly {
                entity: entity.0,
                record: record.0,
            }
        }
        Destination::Records { entity } => Route::records(*entity),
        Destination::Connection => Route::Connection,
        Destination::Installation => Route::Installation,
    }
}

/// Ctrl with plus, minus and zero changes the size of everything, before anybody is signed in too.
#[hook]
pub(crate) fn use_zoom_keys() {
    use_event_with_window("keydown", |event: KeyboardEvent| {
        if !(event.ctrl_key() || event.meta_key()) || event.alt_key() {
            return;
        }
        let step = match event.key().as_str() {
            "+" | "=" => ZoomStep::In,
            "-" => ZoomStep::Out,
            "0" => ZoomStep::Reset,
            _ => return,
        };
        event.prevent_default();
        backend::send_quietly(Zoom { step });
    });
}
