//! Who is signed in and whether the server is reached; one state for the whole window.

use std::rc::Rc;

use baton_protocol::desktop::{CloseWindow, Link, Retry, UiEvent};
use baton_protocol::id::EntityId;
use baton_protocol::rights::{Permission, Right};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;
use yew_hooks::use_event_with_window;

use crate::backend;
use crate::state::session::{Session, SessionAction, SessionState};

/// The state as a reducer.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct SessionStore(pub(crate) Session);

impl Reducible for SessionStore {
    type Action = SessionAction;

    fn reduce(self: Rc<Self>, action: SessionAction) -> Rc<Self> {
        let after = self.0.clone().after(action);
        if after == self.0 { self } else { Rc::new(Self(after)) }
    }
}

/// The state and the way to change it.
#[derive(Clone, PartialEq)]
pub(crate) struct SessionHandle(UseReducerHandle<SessionStore>);

impl SessionHandle {
    /// The state.
    pub(crate) fn session(&self) -> &Session {
        &self.0.0
    }

    /// The state, once the shell has answered.
    pub(crate) fn state(&self) -> Option<&SessionState> {
        match &self.0.0 {
            Session::Started(state) => Some(state),
            Session::Starting | Session::Failed(_) => None,
        }
    }

    /// Whether the server is reached.
    pub(crate) fn live(&self) -> bool {
        self.state()
            .is_some_and(|state| state.link == Link::Live && state.account.is_some())
    }

    /// Whether the server was tried and cannot be reached.
    pub(crate) fn offline(&self) -> bool {
        self.state().is_some_and(SessionState::offline)
    }

    /// Whether whoever is signed in has the right.
    pub(crate) fn may(&self, right: Right) -> bool {
        self.state()
            .is_some_and(|state| state.account.is_some() && state.rights.may(right))
    }

    /// What they may do with an entity.
    pub(crate) fn permission(&self, entity: EntityId) -> Permission {
        let state = self.state().filter(|state| state.account.is_some());
        state.map_or_else(Permission::default, |state| state.rights.permission(entity).clone())
    }

    /// Whether an admin is signed in.
    pub(crate) fn is_admin(&self) -> bool {
        self.may(Right::ManagePeople)
    }

    /// Changes the state.
    pub(crate) fn dispatch(&self, action: SessionAction) {
        self.0.dispatch(action);
    }
}

/// Starts the conversation with the shell; used once, by the app itself.
#[hook]
pub(crate) fn use_session_provider() -> SessionHandle {
    let store = use_reducer(SessionStore::default);
    let dispatcher = store.dispatcher();
    use_effect_with((), move |()| {
        let events = dispatcher.clone();
        let subscription = backend::listen(Callback::from(move |event: Rc<UiEvent>| {
            if *event == UiEvent::Closing {
                // In line with what was typed: a keystroke is never overtaken by the end.
                backend::send_quietly(CloseWindow { anyway: false });
            } else if !matches!(*event, UiEvent::Topic { .. } | UiEvent::Form { .. }) {
                events.dispatch(SessionAction::Event((*event).clone()));
            }
        }));
        spawn_local(async move {
            dispatcher.dispatch(SessionAction::Started(backend::start().await));
        });
        move || drop(subscription)
    });
    // The computer's network is back: the server is tried now, not at the next try.
    use_event_with_window("online", |_: Event| backend::send_quietly(Retry {}));
    SessionHandle(store)
}

/// Whether the server is reached, for what is drawn often and need not know more.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Live(pub(crate) bool);

/// Whether the server is reached.
#[hook]
pub(crate) fn use_live() -> bool {
    use_context::<Live>().is_some_and(|live| live.0)
}

/// The window's session.
#[hook]
pub(crate) fn use_session() -> SessionHandle {
    #[expect(clippy::expect_used, reason = "the app puts the session around every page")]
    use_context::<SessionHandle>().expect("a page is inside the app")
}
