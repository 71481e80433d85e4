//! The core's one door: what goes in, and what comes out.

use std::time::Duration;

use baton_protocol::desktop::{BegunSignIn, Check, ConnectionDetails, EngineCall, PendingEdit, Started, UiEvent};
use baton_protocol::history::SavedVersion;
use baton_protocol::id::{EntityId, FormKey, UserId};
use baton_protocol::list::Page;
use baton_protocol::message::{AnyReply, GetPage, Problem, Request, ToClient, Topic};
use baton_protocol::person::{Account, NewSecondFactor, Secret};

use serde::Serialize;

use super::cache::{CacheWrite, CachedList, LoadedForm};
use super::pending::PendingForm;
use crate::settings::Settings;

/// Time as the core sees it: since the engine started, never going back.
pub type Now = Duration;

/// Names a caller who waits for a [`Reply`].
pub type Caller = u64;

/// Names a window of this desktop.
pub type Window = u32;

/// What happens to the core.
#[derive(Debug)]
pub enum Input {
    /// The UI asks for something; the caller gets exactly one [`Effect::Reply`].
    Call {
        /// Who asks.
        caller: Caller,
        /// In which window.
        window: Window,
        /// What for.
        call: Call,
    },
    /// The socket is open.
    Connected,
    /// The server said something.
    Received(ToClient),
    /// The socket is closed, or could not be opened.
    Disconnected {
        /// Why, for the person at the screen.
        why: String,
    },
    /// The socket is closed: the session goes on over another connection, so this desktop needs another one.
    Resumed {
        /// Why, for the person at the screen.
        why: String,
    },
    /// The server said something that this program does not read: it would be the same over a new connection.
    Unreadable {
        /// Why, for the person at the screen.
        why: String,
    },
    /// [`Core::next_deadline`] has come.
    Tick,
    /// What is pending of the person that [`Effect::OpenStore`] named. Whatever comes of the store says
    /// whose it is; what is somebody else's, because it was asked for before, is passed over.
    LoadedPending(Option<Scope>, Vec<PendingForm>),
    /// The disk has everything that it was given, up to this number.
    Stored(u64),
    /// The disk does not take what it is told to hold; it is tried again.
    StoreFailed(String),
    /// What is remembered of a form.
    LoadedForm(Option<Scope>, FormKey, LoadedForm),
    /// What is remembered of a list, with its first rows.
    LoadedList(Option<Scope>, Topic, Option<CachedList>),
    /// A page from what is remembered; nothing where nothing is.
    LoadedPage(Option<Scope>, Caller, Option<Page>),
    /// A form's history from what is remembered; nothing where nothing is.
    LoadedHistory(Option<Scope>, Caller, Option<Vec<SavedVersion>>),
}

/// What is asked of the engine.
#[derive(Clone, Debug)]
pub enum Call {
    /// By a page.
    Ui(EngineCall),
    /// By the program around it.
    Control(Control),
}

impl<C: Into<EngineCall>> From<C> for Call {
    fn from(call: C) -> Self {
        Self::Ui(call.into())
    }
}

impl From<Control> for Call {
    fn from(control: Control) -> Self {
        Self::Control(control)
    }
}

/// What the program around the engine asks of it, besides what the UI does.
#[derive(Clone, Debug)]
pub enum Control {
    /// Shows the record that a link from outside names ([`baton_protocol::record_link`]) or its invitation
    /// ([`baton_protocol::invitation`]), or says why not.
    FollowLink {
        /// The link.
        link: String,
    },
    /// The window is gone, and others are not.
    WindowClosed,
    /// Does not quit after all.
    Stay,
    /// The same as quitting, of a program that comes back at once: what is unsaved stays a draft on the server, and is
    /// not asked about. Refused if something typed is neither on the server nor on this computer's disk.
    Restart,
    /// Sends what was typed, closes the connection in order, then answers. Refused if there is
    /// something to send and no connection to send it over, unless `anyway`.
    Quit {
        /// Whether what cannot be sent may be lost.
        anyway: bool,
    },
}

/// The answer to a call.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(untagged)]
pub enum Reply {
    /// Done.
    Done,
    /// Signed in.
    Account(Account),
    /// A sign-in at an identity provider began.
    Begun(BegunSignIn),
    /// What an authenticator needs to know.
    NewSecondFactor(NewSecondFactor),
    /// The recovery codes of a new second factor.
    RecoveryCodes(Vec<Secret>),
    /// What the first page needs.
    Started(Box<Started>),
    /// What there is to know about the connection.
    Connection(ConnectionDetails),
    /// A form's texts that the server did not accept.
    PendingEdits(Vec<PendingEdit>),
    /// The way to the server, step by step.
    Checks(Vec<Check>),
    /// The server's reply to a query.
    Query(Box<AnyReply>),
}

/// What the engine must do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Effect {
    /// Open a socket to this address, closing any that is open.
    Connect(String),
    /// Close the socket, if one is open.
    Disconnect,
    /// Send this.
    Send(Request),
    /// Tell every window.
    Emit(UiEvent),
    /// Tell one window.
    EmitTo(Window, UiEvent),
    /// Answer a caller.
    Reply(Caller, Result<Reply, Problem>),
    /// Close the socket in order, then answer the caller.
    Goodbye(Caller),
    /// Store these for the next start.
    SaveSettings(Settings),
    /// Walk the way to this address, signing in with this token, and answer the caller.
    Check {
        /// Who asked.
        caller: Caller,
        /// The address of the WebSocket.
        address: String,
        /// The token, if there is one.
        token: Option<String>,
    },
    /// Open the store of this server and person; answered by [`Input::LoadedPending`].
    OpenStore(Scope),
    /// Have this on the disk as soon as possible; answered by [`Input::Stored`].
    Persist {
        /// Grows by one each time.
        number: u64,
        /// Which form.
        form: FormKey,
        /// What is pending of it; `None` if nothing is any more.
        pending: Option<Box<PendingForm>>,
    },
    /// Delete what is cached for this server and person. What is pending stays.
    ForgetCache(Scope),
    /// Cache this; losing it loses nothing.
    Cache(CacheWrite),
    /// Answer with [`Input::LoadedForm`].
    LoadForm {
        /// Which form.
        form: FormKey,
        /// The entity, if it is known.
        entity: Option<EntityId>,
    },
    /// Answer with [`Input::LoadedList`].
    LoadList(Topic),
    /// Answer with [`Input::LoadedHistory`].
    LoadHistory {
        /// Who asked.
        caller: Caller,
        /// For which form's.
        form: FormKey,
    },
    /// Answer with [`Input::LoadedPage`].
    LoadPage {
        /// Who asked.
        caller: Caller,
        /// For which page.
        page: Box<GetPage>,
    },
}

/// Whose things a store holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Scope {
    /// The server's address.
    pub server: String,
    /// The person.
    pub person: UserId,
}
