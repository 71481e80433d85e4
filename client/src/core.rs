//! What the engine decides: inputs in, effects out. No socket, no disk, no clock.
//!
//! The connection ([`link`]), the open forms ([`forms`]) and the watched topics ([`topics`]) are kept
//! here; [`Core::handle`] is the only door. After a reconnect everything that was open is asked for
//! again, so the UI never has to.

mod forms;
mod held;
mod link;
mod memory;
mod open_form;
mod outbox;
mod quitting;
mod settle;
mod topics;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use baton_protocol::desktop::{self, ConnectionDetails, KeptText, Link, Started, UiEvent};
use baton_protocol::history::SavedVersion;
use baton_protocol::id::{EntityId, FormKey, OpId, SessionId, UserId};
use baton_protocol::message::{Answer, Code, PROTOCOL, Problem, Request, ToClient, ToServer, Topic};
use baton_protocol::person::Account;
use baton_protocol::time::Timestamp;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

pub use held::{Held, HeldText};
pub use memory::{Memory, RecalledForm, RememberedForm, RememberedList};

use crate::address;
use crate::keep::Kept;
use link::LinkState;
use open_form::{OpenForm, Sent, Step};
use topics::Watched;

/// Time as the core sees it: since the engine started, never going back.
pub type Now = Duration;

/// Names a caller who waits for a [`Reply`].
pub type Caller = u64;

/// What happens to the core.
#[derive(Debug)]
pub enum Input {
    /// The UI asks for something; the caller gets exactly one [`Effect::Reply`].
    Call(Caller, Call),
    /// The socket is open.
    Connected,
    /// The server said something.
    Received(ToClient),
    /// The socket is closed, or could not be opened.
    Disconnected {
        /// Why, for the person at the screen.
        why: String,
    },
    /// [`Core::next_deadline`] has come.
    Tick,
    /// What was held for the person that [`Effect::OpenStore`] named.
    Held(Vec<Held>),
    /// The disk has everything that it was told to hold, up to this number.
    Stored(u64),
    /// The disk does not take what it is told to hold.
    StoreFailed(String),
    /// What is remembered of a form.
    RecalledForm(FormKey, RecalledForm),
    /// What is remembered of a list.
    RecalledList(Topic, Option<RememberedList>),
}

/// What the UI can ask for.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "each is documented where the contract is: protocol::desktop")]
pub enum Call {
    Start(desktop::Start),
    SetServer(desktop::SetServer),
    SignIn(desktop::SignIn),
    SignOut(desktop::SignOut),
    Watch(desktop::Watch),
    Unwatch(desktop::Unwatch),
    OpenForm(desktop::OpenForm),
    CloseForm(desktop::CloseForm),
    ChangeForm(desktop::ChangeForm),
    FocusField(desktop::FocusField),
    SaveForm(desktop::SaveForm),
    DiscardDraft(desktop::DiscardDraft),
    UndoDiscard(desktop::UndoDiscard),
    History(desktop::History),
    AskToEdit(desktop::AskToEdit),
    DeclineAsk(desktop::DeclineAsk),
    HandOver(desktop::HandOver),
    TakeOver(desktop::TakeOver),
    MoveHere(desktop::MoveHere),
    DropBranch(desktop::DropBranch),
    RemoveRecord(desktop::RemoveRecord),
    RestoreRecord(desktop::RestoreRecord),
    Retry(desktop::Retry),
    Connection(desktop::Connection),
    KeptTexts(desktop::KeptTexts),
    /// Does not quit after all.
    Stay,
    /// Sends what was typed, closes the connection in order, then answers. Refused if there is
    /// something to send and no connection to send it over, unless `anyway`.
    Quit {
        /// Whether what cannot be sent may be lost.
        anyway: bool,
    },
}

/// The answer to a call.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Reply {
    /// Done.
    Done,
    /// Signed in.
    Account(Account),
    /// What the first page needs.
    Started(Box<Started>),
    /// The saves of a form, newest first.
    History(Vec<SavedVersion>),
    /// What there is to know about the connection.
    Connection(ConnectionDetails),
    /// A form's texts that the server did not accept.
    KeptTexts(Vec<KeptText>),
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
    /// Tell the UI.
    Emit(UiEvent),
    /// Answer a caller.
    Reply(Caller, Result<Reply, Problem>),
    /// Close the socket in order, then answer the caller.
    Goodbye(Caller),
    /// Remember this for the next start.
    Keep(Kept),
    /// From now on hold and remember for this server and person; answered by [`Input::Held`].
    OpenStore(Scope),
    /// Have this on the disk as soon as possible; answered by [`Input::Stored`].
    Hold {
        /// Grows with every telling.
        number: u64,
        /// Which form.
        form: FormKey,
        /// What is held of it; nothing any more if empty.
        held: Option<Box<Held>>,
    },
    /// Remember this; it is no loss if it is forgotten.
    Remember(Memory),
    /// Answer with [`Input::RecalledForm`].
    RecallForm {
        /// Which form.
        form: FormKey,
        /// The entity, if it is known.
        entity: Option<EntityId>,
    },
    /// Answer with [`Input::RecalledList`].
    RecallList(Topic),
}

/// Whose things a store holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Scope {
    /// The server's address.
    pub server: String,
    /// The person.
    pub person: UserId,
}

/// What an unanswered request was about.
#[derive(Debug)]
enum Pending {
    Hello,
    SignIn {
        caller: Caller,
        email: String,
    },
    /// The sign-in that the program was started with.
    FirstSignIn(String),
    UseToken,
    SignOut(Caller),
    History(Caller),
    /// Something that the caller hears the outcome of.
    Errand(Caller),
    Watch(Topic),
    Rows(Topic),
    RemoveLater(FormKey),
    Join(FormKey),
    Form(FormKey, Sent),
    /// What a spectator wishes; a refusal is told at the form.
    Wish(FormKey),
    /// Nobody waits for the answer.
    Plain,
}

/// The engine's mind.
#[derive(Debug)]
pub struct Core {
    kept: Kept,
    link: LinkState,
    session: Option<SessionId>,
    account: Option<Account>,
    /// Whose the open forms are, also while nobody is signed in.
    person: Option<UserId>,
    next_request: u64,
    pending: BTreeMap<u64, Pending>,
    topics: BTreeMap<Topic, Watched>,
    forms: BTreeMap<FormKey, OpenForm>,
    /// Forms that were closed while there was no connection.
    to_leave: BTreeSet<FormKey>,
    /// Who asked to quit, and whether what cannot be sent may be lost.
    quitting: Option<(Caller, bool)>,
    /// What the program was started with; used where there is no token, until it worked or cannot.
    first_sign_in: Option<desktop::SignIn>,
    /// Whether the server knows, over the present connection, who is signed in.
    signed_in: bool,
    /// Whose things the store holds.
    scope: Option<Scope>,
    /// What the store was told to hold.
    told: BTreeMap<FormKey, outbox::Told>,
    last_told: u64,
    /// Up to which number the store has it.
    stored: u64,
    store_problem: Option<String>,
    /// The forms whose viewers must be told what waits.
    to_tell: BTreeSet<FormKey>,
    /// The computer's clock when the engine started.
    wall: Timestamp,
    now: Now,
    /// When the request was sent whose answer will tell the round trip, and its number.
    timed: Option<(u64, Now)>,
    round_trip: Option<Duration>,
    rng: StdRng,
    effects: Vec<Effect>,
}

impl Core {
    /// A core that remembers what was kept. `seed` is its only randomness.
    #[must_use]
    pub fn new(kept: Kept, seed: u64) -> Self {
        let account = kept.account.clone().filter(|_| kept.token.is_some());
        Self {
            kept,
            link: LinkState::NoServer,
            session: None,
            person: account.as_ref().map(|account| account.person.id),
            account,
            next_request: 1,
            pending: BTreeMap::new(),
            topics: BTreeMap::new(),
            forms: BTreeMap::new(),
            to_leave: BTreeSet::new(),
            quitting: None,
            first_sign_in: None,
            signed_in: false,
            scope: None,
            told: BTreeMap::new(),
            last_told: 0,
            stored: 0,
            store_problem: None,
            to_tell: BTreeSet::new(),
            wall: Timestamp::default(),
            now: Now::ZERO,
            timed: None,
            round_trip: None,
            rng: StdRng::seed_from_u64(seed),
            effects: Vec::new(),
        }
    }

    /// Signs in like this as soon as the server is reached, where no earlier sign-in is kept.
    #[must_use]
    pub fn with_sign_in(mut self, sign_in: Option<desktop::SignIn>) -> Self {
        self.first_sign_in = sign_in;
        self
    }

    /// What the computer's clock says at the start.
    #[must_use]
    pub fn with_wall_clock(mut self, wall: Timestamp) -> Self {
        self.wall = wall;
        self
    }

    /// Connects, if an address is known.
    pub fn begin(&mut self, now: Now) -> Vec<Effect> {
        self.open_store();
        if let Some(server) = self.kept.server.clone() {
            self.connect(&server, now);
        }
        std::mem::take(&mut self.effects)
    }

    /// Takes one input and says what must be done, in order.
    pub fn handle(&mut self, now: Now, input: Input) -> Vec<Effect> {
        self.now = now;
        match input {
            Input::Call(caller, call) => self.call(now, caller, call),
            Input::Connected => self.connected(now),
            Input::Received(message) => self.received(now, message),
            Input::Disconnected { why } => self.disconnected(now, why),
            Input::Tick => self.tick(now),
            Input::Held(held) => self.held(now, held),
            Input::Stored(number) => self.stored(number),
            Input::StoreFailed(why) => self.store_failed(why),
            Input::RecalledForm(form, recalled) => self.recalled_form(form, recalled),
            Input::RecalledList(topic, list) => self.recalled_list(now, topic, list),
        }
        self.tell_held();
        self.finish_quitting();
        std::mem::take(&mut self.effects)
    }

    /// When [`Input::Tick`] is due.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Now> {
        self.link.next_deadline()
    }

    fn call(&mut self, now: Now, caller: Caller, call: Call) {
        let result = match call {
            Call::SignIn(call) => return self.sign_in(now, caller, call),
            Call::SignOut(_) => return self.sign_out(now, caller),
            Call::History(call) => return self.history(now, caller, call.form),
            Call::RemoveRecord(call) => {
                let desktop::RemoveRecord { form, how } = call;
                if !self.ready() {
                    let result = self.remove_later(form, how);
                    self.effects.push(Effect::Reply(caller, result));
                    return;
                }
                return self.errand(now, caller, ToServer::Remove { form, how });
            }
            Call::RestoreRecord(call) => return self.errand(now, caller, ToServer::Restore { form: call.form }),
            Call::Quit { anyway } => return self.quit(caller, anyway),
            Call::Stay => {
                self.stay();
                Ok(Reply::Done)
            }
            Call::Start(_) => Ok(self.start(now)),
            Call::SetServer(call) => self.set_server(now, &call),
            Call::Watch(call) => self.watch(&call),
            Call::Unwatch(call) => self.unwatch(now, call.topic),
            Call::OpenForm(call) => self.open_form(now, &call),
            Call::CloseForm(call) => self.close_form(now, call.form),
            Call::ChangeForm(call) => self.change_form(now, call),
            Call::FocusField(call) => self.focus_field(now, call),
            Call::SaveForm(call) => self.push(now, call.form, Step::Save),
            Call::DiscardDraft(call) => self.push(now, call.form, Step::Discard),
            Call::UndoDiscard(call) => self.push(now, call.form, Step::Undiscard),
            Call::AskToEdit(call) => self.wish(now, call.form, ToServer::Ask { form: call.form }),
            Call::DeclineAsk(call) => self.decline(now, call.form),
            Call::HandOver(call) => self.push(now, call.form, Step::HandOver(call.to)),
            Call::TakeOver(call) => self.wish(now, call.form, ToServer::TakeOver { form: call.form }),
            Call::MoveHere(call) => self.wish(now, call.form, ToServer::MoveHere { form: call.form }),
            Call::DropBranch(call) => self.drop_branch(call.form, call.field.as_deref()),
            Call::Retry(_) => {
                self.retry(now);
                Ok(Reply::Done)
            }
            Call::Connection(_) => Ok(Reply::Connection(self.connection_details(now))),
            Call::KeptTexts(call) => Ok(Reply::KeptTexts(self.kept_texts(call.form))),
        };
        self.effects.push(Effect::Reply(caller, result));
    }

    /// The UI begins, or begins again: what it had open before is closed.
    fn start(&mut self, now: Now) -> Reply {
        for topic in std::mem::take(&mut self.topics).into_keys() {
            if self.ready() {
                self.request(now, ToServer::Unwatch { topic }, Pending::Plain);
            }
        }
        for form in self.forms.keys().copied().collect::<Vec<_>>() {
            self.abandon_form(now, form);
        }
        Reply::Started(Box::new(Started {
            server: self.kept.server.clone(),
            link: self.link.shown(now),
            account: self.account.clone(),
            signing_in: self.account.is_none() && (self.kept.token.is_some() || self.first_sign_in.is_some()),
            email: self.kept.email.clone().unwrap_or_default(),
        }))
    }

    fn set_server(&mut self, now: Now, call: &desktop::SetServer) -> Result<Reply, Problem> {
        address::web_socket(&call.address).map_err(|why| Problem::new(Code::Malformed, why))?;
        if self.kept.server.as_ref() != Some(&call.address) {
            // A sign-in and open forms belong to one server; what it does not have yet waits on the disk.
            self.kept.token = None;
            self.session = None;
            self.signed_out();
        }
        self.kept.server = Some(call.address.clone());
        self.keep();
        self.connect(&call.address, now);
        Ok(Reply::Done)
    }

    fn sign_in(&mut self, now: Now, caller: Caller, call: desktop::SignIn) {
        if !self.link.greeted() {
            let problem = Problem::new(Code::Offline, "The server cannot be reached at the moment.");
            self.refuse(caller, problem);
            return;
        }
        let desktop::SignIn { email, password } = call;
        let pending = Pending::SignIn {
            caller,
            email: email.clone(),
        };
        self.request(now, ToServer::SignIn { email, password }, pending);
    }

    fn sign_out(&mut self, now: Now, caller: Caller) {
        self.kept.token = None;
        self.first_sign_in = None;
        self.keep();
        if self.link.greeted() {
            self.request(now, ToServer::SignOut, Pending::SignOut(caller));
        } else {
            self.signed_out();
            self.effects.push(Effect::Reply(caller, Ok(Reply::Done)));
        }
    }

    fn refuse(&mut self, caller: Caller, problem: Problem) {
        self.effects.push(Effect::Reply(caller, Err(problem)));
    }

    /// Asks the server for something that no open form waits for; the caller hears what comes of it.
    fn errand(&mut self, now: Now, caller: Caller, body: ToServer) {
        if self.ready() {
            self.request(now, body, Pending::Errand(caller));
        } else {
            let problem = Problem::new(Code::Offline, "There is no connection to the server.");
            self.refuse(caller, problem);
        }
    }

    fn history(&mut self, now: Now, caller: Caller, form: FormKey) {
        if self.ready() {
            self.request(now, ToServer::History { form }, Pending::History(caller));
        } else {
            let problem = Problem::new(
                Code::Offline,
                "The history is on the server, and there is no connection.",
            );
            self.refuse(caller, problem);
        }
    }

    /// What is held waits on the disk until the same person signs in again.
    fn signed_out(&mut self) {
        self.signed_in = false;
        self.person = None;
        self.forget_open();
        self.set_account(None, None);
    }

    fn forget_open(&mut self) {
        self.forms.clear();
        self.topics.clear();
        self.told.clear();
        self.scope = None;
        self.tell_outbox();
    }

    /// The store holds things for whoever is signed in.
    fn open_store(&mut self) {
        let scope = self.kept.server.clone().zip(self.person);
        let scope = scope.map(|(server, person)| Scope { server, person });
        if scope.is_some() && scope != self.scope {
            self.scope.clone_from(&scope);
            self.effects.extend(scope.map(Effect::OpenStore));
        }
    }

    fn store_failed(&mut self, why: String) {
        if self.store_problem.is_none() {
            let text = format!("This computer does not keep what you type: {why}");
            self.effects.push(Effect::Emit(UiEvent::Told(text)));
        }
        self.store_problem = Some(why);
    }

    fn connection_details(&self, now: Now) -> ConnectionDetails {
        let ms = |span: Duration| u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
        let server = self.kept.server.clone().unwrap_or_default();
        ConnectionDetails {
            server: address::web_socket(&server).unwrap_or(server),
            round_trip_ms: self.round_trip.filter(|_| self.link.greeted()).map(ms),
            heard_ms: self.link.last_heard().map(|heard| ms(now.saturating_sub(heard))),
            store_problem: self.store_problem.clone(),
        }
    }

    fn received(&mut self, now: Now, message: ToClient) {
        self.link.heard(now);
        match message {
            ToClient::Welcome {
                session,
                heartbeat_ms,
                silence_ms,
                ..
            } => {
                self.welcomed(now, session, heartbeat_ms, silence_ms);
            }
            ToClient::Answer { id, answer } => self.answered(now, id, answer),
            ToClient::Refused { id, problem } => self.refused(now, id, problem),
            ToClient::Event { seq, topic, event } => self.event(seq, topic, event),
            ToClient::Editing { entity, row } => self.editing(entity, row),
            ToClient::Form { form, notice } => self.notice(now, form, notice),
            ToClient::Resync => self.resync(now),
        }
    }

    fn welcomed(&mut self, now: Now, session: SessionId, heartbeat_ms: u64, silence_ms: u64) {
        self.pending.retain(|_, pending| !matches!(pending, Pending::Hello));
        self.session = Some(session);
        let heartbeat = Duration::from_millis(heartbeat_ms);
        self.link = LinkState::live(now, heartbeat, Duration::from_millis(silence_ms));
        self.emit_link(now);
        match self.kept.token.clone() {
            Some(token) => self.request(now, ToServer::UseToken { token }, Pending::UseToken),
            None => match self.first_sign_in.clone() {
                Some(desktop::SignIn { email, password }) => {
                    let pending = Pending::FirstSignIn(email.clone());
                    self.request(now, ToServer::SignIn { email, password }, pending);
                }
                None => self.set_account(None, None),
            },
        }
    }

    fn answered(&mut self, now: Now, id: u64, answer: Answer) {
        let Some(pending) = self.pending.remove(&id) else {
            return;
        };
        if let Some((_, sent)) = self.timed.take_if(|(timed, _)| *timed == id) {
            self.round_trip = Some(now.saturating_sub(sent));
        }
        match (pending, answer) {
            (Pending::SignIn { caller, email }, Answer::SignedIn { account, token }) => {
                self.keep_sign_in(email, token);
                self.signed_in(now, account.clone());
                self.effects.push(Effect::Reply(caller, Ok(Reply::Account(account))));
            }
            (Pending::FirstSignIn(email), Answer::SignedIn { account, token }) => {
                self.first_sign_in = None;
                self.keep_sign_in(email, token);
                self.signed_in(now, account);
            }
            (Pending::UseToken, Answer::SignedIn { account, .. }) => {
                self.first_sign_in = None;
                self.signed_in(now, account);
            }
            (Pending::SignOut(caller), _) => {
                self.signed_out();
                self.effects.push(Effect::Reply(caller, Ok(Reply::Done)));
            }
            (Pending::History(caller), Answer::History(versions)) => {
                self.effects.push(Effect::Reply(caller, Ok(Reply::History(versions))));
            }
            (Pending::Errand(caller), _) => self.effects.push(Effect::Reply(caller, Ok(Reply::Done))),
            (Pending::Watch(topic), Answer::Watching { seq, snapshot }) => self.watching(now, topic, seq, snapshot),
            (Pending::Rows(topic), Answer::Rows(rows)) => self.rows(now, topic, rows),
            (Pending::RemoveLater(form), _) => self.removed_later(now, form, None),
            (Pending::Watch(topic), Answer::CaughtUp { seq, events, editing }) => {
                self.caught_up(now, topic, seq, events, editing);
            }
            (Pending::Join(form), Answer::Joined(view)) => self.joined(now, form, *view),
            (Pending::Form(form, sent), answer) => self.form_answered(now, form, sent, &answer),
            (pending, _) => tracing::debug!(?pending, "an answer that nothing depends on"),
        }
    }

    fn refused(&mut self, now: Now, id: Option<u64>, problem: Problem) {
        let Some(pending) = id.and_then(|id| self.pending.remove(&id)) else {
            tracing::warn!(%problem, "the server refused something that nobody waits for");
            return;
        };
        match pending {
            Pending::Hello => self.greeting_refused(now, problem),
            Pending::SignIn { caller, .. }
            | Pending::SignOut(caller)
            | Pending::History(caller)
            | Pending::Errand(caller) => {
                self.refuse(caller, problem);
            }
            Pending::UseToken | Pending::FirstSignIn(_) => self.sign_in_refused(now, problem),
            Pending::Watch(topic) => self.watch_refused(now, topic, problem),
            Pending::Join(form) => self.join_refused(now, form, problem),
            Pending::Form(form, sent) => self.form_refused(now, form, sent, problem),
            Pending::Wish(form) => self.wish_refused(form, problem),
            Pending::RemoveLater(form) => self.removed_later(now, form, Some(problem)),
            Pending::Rows(_) | Pending::Plain => tracing::debug!(%problem, "refused"),
        }
    }

    fn signed_in(&mut self, now: Now, account: Account) {
        if self
            .person
            .replace(account.person.id)
            .is_some_and(|person| person != account.person.id)
        {
            self.forget_open();
        }
        self.signed_in = true;
        self.open_store();
        if self.kept.account.as_ref() != Some(&account) {
            self.kept.account = Some(account.clone());
            self.keep();
        }
        if self.account.as_ref() != Some(&account) {
            self.set_account(Some(account), None);
        }
        self.ask_again(now);
    }

    /// A token or a password is worthless only if the server says so; if it is busy or failed, a new
    /// try follows. Forms stay: what was typed leaves when the same person signs in again.
    fn sign_in_refused(&mut self, now: Now, problem: Problem) {
        if problem.code == Code::BadCredentials {
            self.signed_in = false;
            self.kept.token = None;
            self.first_sign_in = None;
            self.keep();
            self.set_account(None, Some(problem.message));
        } else {
            self.disconnected(now, problem.message);
        }
    }

    fn set_account(&mut self, account: Option<Account>, why: Option<String>) {
        self.account.clone_from(&account);
        self.effects.push(Effect::Emit(UiEvent::Account { account, why }));
    }

    /// Asks again for everything that is open: after a reconnect, or when something was missed.
    fn ask_again(&mut self, now: Now) {
        let topics: Vec<_> = self
            .topics
            .iter()
            .filter(|(_, watched)| !watched.recalling)
            .map(|(topic, watched)| (*topic, watched.seq))
            .collect();
        for (topic, since) in topics {
            self.ask_for_topic(now, topic, since);
        }
        let in_use: Vec<_> = self
            .forms
            .iter()
            .filter(|(_, open)| open.in_use())
            .map(|(form, _)| *form)
            .collect();
        for form in in_use {
            self.ask_to_join(now, form);
        }
        self.leave_closed(now);
    }

    fn resync(&mut self, now: Now) {
        tracing::info!("too much was missed; asking for everything again");
        self.ask_again(now);
    }

    /// Whether requests about forms and topics can be sent.
    fn ready(&self) -> bool {
        self.link.greeted() && self.signed_in
    }

    fn request(&mut self, now: Now, body: ToServer, pending: Pending) {
        let id = self.next_request;
        self.next_request += 1;
        self.pending.insert(id, pending);
        self.timed = self.timed.or(Some((id, now)));
        self.link.spoke(now);
        self.effects.push(Effect::Send(Request { id, body }));
    }

    fn new_op(&mut self) -> OpId {
        OpId(uuid::Builder::from_random_bytes(self.rng.random()).into_uuid())
    }

    fn keep_sign_in(&mut self, email: String, token: Option<String>) {
        self.kept.email = Some(email);
        self.kept.token = token;
        self.keep();
    }

    fn keep(&mut self) {
        self.effects.push(Effect::Keep(self.kept.clone()));
    }

    fn emit_link(&mut self, now: Now) {
        let link: Link = self.link.shown(now);
        self.effects.push(Effect::Emit(UiEvent::Link(link)));
    }

    fn hello(&mut self, now: Now) {
        let hello = ToServer::Hello {
            protocol: PROTOCOL,
            client: env!("CARGO_PKG_VERSION").into(),
            resume: self.session,
        };
        self.request(now, hello, Pending::Hello);
    }
}
