//! What the engine decides: inputs in, effects out. No socket, no disk, no clock.
//!
//! The connection ([`link`]), the open forms ([`forms`]) and the watched topics ([`topics`]) are kept
//! here; [`Core::handle`] is the only door. After a reconnect everything that was open is asked for
//! again, so the UI never has to.

mod answers;
mod cache;
mod contract;
mod discard;
mod form_news;
mod forms;
mod joining;
mod link;
mod links;
mod merge;
mod open_form;
mod open_forms;
mod operation;
mod outbox;
mod pending;
mod queries;
mod quitting;
mod sign_in;
mod steps;
mod tokens;
mod topics;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use baton_locales::t;
use baton_protocol::desktop::{self, ConnectionDetails, EngineCall, Link, Started, UiEvent};
use baton_protocol::id::{FormKey, OpId, SessionId, UserId};
use baton_protocol::live::Page;
use baton_protocol::message::{AnyQuery, Code, PROTOCOL, Problem, Request, ToServer, Topic};
use baton_protocol::person::{Account, Secret, UserRole};
use baton_protocol::provider::SignInOptions;
use baton_protocol::rights::Rights;
use baton_protocol::time::Timestamp;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

pub use cache::{CacheWrite, CachedForm, CachedList, CachedRow, LoadedForm};
pub use contract::{Call, Caller, Control, Effect, Input, Now, Reply, Scope, Window};
pub use discard::PendingDiscard;
pub use pending::PendingForm;

use crate::address;
use crate::settings::Settings;
use link::LinkState;
use open_form::Sent;
use open_forms::OpenForms;
use queries::LostQueries;
use quitting::QuitMode;
use topics::Watched;

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
    BeginProviderSignIn(Caller),
    /// The answer has a token that replaces what there was.
    NewToken(Caller),
    /// Setting up a second factor.
    SecondFactor(Caller),
    /// Signing out, and the token that it ends.
    SignOut(Caller, Option<Secret>),
    RevokeToken(Secret),
    Query(Caller, Box<AnyQuery>),
    /// Something that the caller hears the outcome of.
    Request(Caller),
    Watch(Topic),
    Rows(Topic),
    RemoveLater(FormKey),
    Join(FormKey),
    Form(FormKey, Sent),
    /// What a spectator wishes; a refusal is told at the form.
    Control(FormKey),
    /// Nobody waits for the answer.
    FireAndForget,
}

/// The engine's mind.
#[derive(Debug)]
pub struct Core {
    kept: Settings,
    link: LinkState,
    session: Option<SessionId>,
    account: Option<Account>,
    /// What they may do, as the server said it last.
    rights: Rights,
    /// Lists that are on their way from the disk and may hold what their viewer may not see any more.
    outdated: BTreeSet<Topic>,
    /// Whose the open forms are, also while nobody is signed in.
    person: Option<UserId>,
    next_request: u64,
    pending: BTreeMap<u64, Pending>,
    topics: BTreeMap<Topic, Watched>,
    /// Lists that are asked for as a whole, and when.
    read_again: BTreeMap<Topic, Now>,
    forms: OpenForms,
    /// Forms that were closed while there was no connection.
    to_leave: BTreeSet<FormKey>,
    lost_queries: LostQueries,
    /// How the computer is called, and its system.
    computer: Option<String>,
    /// Whether other machines may be reached without encryption.
    plain: bool,
    /// Whether an administrator chose the server.
    server_locked: bool,
    /// Who asked to quit, and how.
    quitting: Option<(Caller, QuitMode)>,
    /// What the program was started with; used where there is no token, until it worked or cannot.
    first_sign_in: Option<desktop::SignIn>,
    /// The ways to sign in at the server, as it said last.
    sign_in: SignInOptions,
    /// The page that was shown last, for the statistics of the server's admins.
    page: Option<Page>,
    /// The window whose call is carried out.
    window: Window,
    /// Whether the server knows, over the present connection, who is signed in.
    signed_in: bool,
    /// When forms that nobody looks at are joined again, after the server refused one for now.
    joins_again: Option<Now>,
    /// Whose things the store holds.
    scope: Option<Scope>,
    /// What the store was told to hold.
    told: BTreeMap<FormKey, outbox::PersistedMark>,
    last_told: u64,
    /// Up to which number the store has it.
    stored: u64,
    store_problem: Option<String>,
    /// The forms whose viewers must be told what waits.
    to_tell: BTreeSet<FormKey>,
    /// What the computer's clock would have said when the engine started.
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
    pub fn new(kept: Settings, seed: u64) -> Self {
        let account = kept.account.clone().filter(|_| kept.token.is_some());
        Self {
            link: LinkState::NoServer,
            // Places at the server may still be reserved for the program that ended.
            session: kept.session,
            person: account.as_ref().map(|account| account.person.id),
            rights: rights_of(account.as_ref(), kept.rights.as_ref()),
            outdated: BTreeSet::new(),
            kept,
            account,
            next_request: 1,
            pending: BTreeMap::new(),
            topics: BTreeMap::new(),
            read_again: BTreeMap::new(),
            forms: OpenForms::default(),
            to_leave: BTreeSet::new(),
            lost_queries: LostQueries::default(),
            computer: None,
            plain: false,
            server_locked: false,
            quitting: None,
            sign_in: SignInOptions::default(),
            first_sign_in: None,
            page: None,
            window: 0,
            signed_in: false,
            joins_again: None,
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

    /// Other machines may be reached without encryption, where an address says so.
    #[must_use]
    pub fn with_plain(mut self, plain: bool) -> Self {
        self.plain = plain;
        self
    }

    /// How the computer is called, and its system: the server shows it to its person and to admins.
    #[must_use]
    pub fn with_computer(mut self, computer: String) -> Self {
        self.computer = Some(computer);
        self
    }

    /// An administrator chose the server: nobody else does.
    #[must_use]
    pub fn with_server_locked(mut self, locked: bool) -> Self {
        self.server_locked = locked;
        self
    }

    /// What the computer's clock says now. It goes on while the computer sleeps, and `now` does not.
    pub fn set_wall_clock(&mut self, now: Now, wall: Timestamp) {
        self.wall = wall - now;
    }

    /// Connects, if an address is known.
    pub fn begin(&mut self, now: Now) -> Vec<Effect> {
        self.now = now;
        self.open_store();
        self.expire_sign_in();
        if let Some(server) = self.kept.server.clone() {
            self.connect(&server, now);
        }
        std::mem::take(&mut self.effects)
    }

    /// Takes one input and says what must be done, in order.
    pub fn handle(&mut self, now: Now, input: Input) -> Vec<Effect> {
        self.now = now;
        match input {
            Input::Call { caller, window, call } => {
                self.window = window;
                self.call(now, caller, call);
            }
            Input::Connected => self.connected(now),
            Input::Received(message) => self.received(now, message),
            Input::Disconnected { why } => self.disconnected(now, why),
            Input::Resumed { why } => {
                self.session = None;
                self.kept.session = None;
                self.keep();
                self.disconnected(now, why);
            }
            Input::Unreadable { why } => self.cannot_read(now, why),
            Input::Tick => self.tick(now),
            Input::Stored(number) => self.stored(number),
            Input::StoreFailed(why) => self.store_failed(why),
            Input::LoadedPending(scope, pending) if scope == self.scope => self.loaded_pending(now, pending),
            Input::LoadedForm(scope, form, loaded) if scope == self.scope => self.loaded_form(form, loaded),
            Input::LoadedList(scope, topic, list) if scope == self.scope => self.loaded_list(now, topic, list),
            Input::LoadedPage(scope, caller, page) => self.loaded_page(caller, page.filter(|_| scope == self.scope)),
            Input::LoadedHistory(scope, caller, versions) => {
                self.loaded_history(caller, versions.filter(|_| scope == self.scope));
            }
            // Asked before somebody signed in, and answered since: what the person's own scope has is not known yet.
            Input::LoadedForm(_, form, _) => self.load_form_again(form),
            Input::LoadedList(_, topic, _) => self.load_list_again(topic),
            Input::LoadedPending(..) => {}
        }
        self.expire_sign_in();
        self.refresh_sign_in_expiry_hourly();
        self.join_in_use(now);
        self.read_lists_again(now);
        self.expire_lost_queries(now);
        self.tell_held();
        self.finish_quitting();
        std::mem::take(&mut self.effects)
    }

    /// When [`Input::Tick`] is due.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Now> {
        let again = self.read_again.values().min().copied();
        let lost = self.lost_queries.next_deadline();
        let ends = self.sign_in_deadline();
        let deadlines = [self.link.next_deadline(), self.joins_again, again, lost, ends];
        deadlines.into_iter().flatten().min()
    }

    fn call(&mut self, now: Now, caller: Caller, call: Call) {
        match call {
            Call::Ui(call) => self.ui_call(now, caller, call),
            Call::Control(control) => self.control(now, caller, control),
        }
    }

    fn control(&mut self, now: Now, caller: Caller, control: Control) {
        let result = match control {
            Control::Quit { anyway: true } => return self.quit(caller, QuitMode::Anyway),
            Control::Quit { anyway: false } => return self.quit(caller, QuitMode::Asking),
            Control::Restart => return self.quit(caller, QuitMode::Restarting),
            Control::Stay => {
                self.stay();
                Ok(Reply::Done)
            }
            Control::WindowClosed => {
                self.window_closed(now);
                Ok(Reply::Done)
            }
            Control::FollowLink { link } => self.follow_link(&link),
        };
        self.effects.push(Effect::Reply(caller, result));
    }

    fn ui_call(&mut self, now: Now, caller: Caller, call: EngineCall) {
        let result = match call {
            EngineCall::SignIn(call) => return self.sign_in(now, caller, call),
            EngineCall::BeginProviderSignIn(call) => return self.begin_provider_sign_in(now, caller, call),
            EngineCall::FinishProviderSignIn(call) => return self.finish_provider_sign_in(now, caller, call),
            EngineCall::ChangePassword(call) => return self.change_password(now, caller, call),
            EngineCall::BeginSecondFactor(call) => return self.begin_second_factor(now, caller, call),
            EngineCall::ConfirmSecondFactor(call) => return self.confirm_second_factor(now, caller, call),
            EngineCall::CheckConnection(call) => return self.check_connection(caller, call.address.as_deref()),
            EngineCall::SignOut(_) => return self.sign_out(now, caller),
            EngineCall::ShowPage(call) => Ok(self.show_page(now, call.page)),
            EngineCall::CommandForm(call) => return self.command_form(now, caller, call),
            EngineCall::QueryServer(call) => return self.query(now, caller, call.query),
            EngineCall::Start(_) => Ok(self.start(now)),
            EngineCall::SetServer(call) => self.set_server(now, &call),
            EngineCall::Watch(call) => self.watch(now, &call),
            EngineCall::Unwatch(call) => self.unwatch(now, call.topic),
            EngineCall::OpenForm(call) => self.open_form(now, &call),
            EngineCall::OpenReadOnly(call) => self.open_read_only(&call),
            EngineCall::EditForm(call) => self.edit_form(now, call.form),
            EngineCall::CloseForm(call) => self.close_form(now, call.form),
            EngineCall::ChangeForm(call) => self.change_form(now, call),
            EngineCall::Decide(call) => self.decide(now, call),
            EngineCall::UndoDecision(call) => self.undo_decision(now, call),
            EngineCall::Retry(_) => {
                self.retry(now);
                Ok(Reply::Done)
            }
            EngineCall::Connection(_) => Ok(Reply::Connection(self.connection_details(now))),
            EngineCall::GetPendingEdits(call) => Ok(Reply::PendingEdits(self.pending_edits(call.form))),
        };
        self.effects.push(Effect::Reply(caller, result));
    }

    /// A window begins, or begins again: what it had open before is closed.
    fn start(&mut self, now: Now) -> Reply {
        self.window_closed(now);
        Reply::Started(Box::new(Started {
            server: self.kept.server.clone(),
            link: self.link.shown(now),
            account: self.account.clone(),
            rights: self.rights.clone(),
            server_locked: self.server_locked,
            signing_in: self.is_signing_in(),
            email: self.kept.email.clone().unwrap_or_default(),
            sign_in: self.sign_in.clone(),
            outbox: self.outbox(),
            store_problem: self.store_problem.as_deref().map(t::engine::store_keeps_nothing),
        }))
    }

    /// What the window had open is closed.
    fn window_closed(&mut self, now: Now) {
        for topic in self.topics.keys().copied().collect::<Vec<_>>() {
            self.abandon_topic(now, topic);
        }
        for form in self.forms.keys().copied().collect::<Vec<_>>() {
            self.abandon_form(now, form);
        }
    }

    fn refuse(&mut self, caller: Caller, problem: Problem) {
        self.effects.push(Effect::Reply(caller, Err(problem)));
    }

    fn store_failed(&mut self, why: String) {
        if self.store_problem.is_none() {
            self.effects
                .push(Effect::Emit(UiEvent::Toast(t::engine::store_keeps_nothing(&why))));
        }
        self.store_problem = Some(why);
    }

    /// Walks the way to the server in use, or to one that a person is about to choose: that one gets no token.
    fn check_connection(&mut self, caller: Caller, other: Option<&str>) {
        let address = other
            .or(self.kept.server.as_deref())
            .map(|server| address::web_socket(server, self.plain));
        match address {
            Some(Ok(address)) => {
                let token = self.kept.token.clone().filter(|_| other.is_none());
                self.effects.push(Effect::Check { caller, address, token });
            }
            Some(Err(why)) => self.refuse(caller, Problem::new(Code::Malformed, why)),
            None => self.refuse(
                caller,
                Problem::new(Code::Malformed, t::engine::no_servers_address_is()),
            ),
        }
    }

    fn connection_details(&self, now: Now) -> ConnectionDetails {
        let ms = |span: Duration| u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
        let server = self.kept.server.clone().unwrap_or_default();
        ConnectionDetails {
            server: address::web_socket(&server, self.plain).unwrap_or(server),
            round_trip_ms: self.round_trip.filter(|_| self.link.greeted()).map(ms),
            heard_ms: self.link.last_heard().map(|heard| ms(now.saturating_sub(heard))),
            store_problem: self.store_problem.clone(),
            signed_in_until: self.signed_in_until().filter(|_| !self.link.greeted()),
        }
    }

    /// Asks again for everything that is open: after a reconnect, or when something was missed.
    fn ask_again(&mut self, now: Now) {
        let topics: Vec<_> = self
            .topics
            .iter()
            .filter(|(_, watched)| !watched.loading)
            .map(|(topic, watched)| (*topic, watched.seq))
            .collect();
        for (topic, since) in topics {
            self.ask_for_topic(now, topic, since);
        }
        self.forms.left();
        self.join_in_use(now);
        self.leave_closed(now);
    }

    fn resync(&mut self, now: Now) {
        tracing::info!("too much was missed; asking for everything again");
        self.ask_again(now);
    }

    /// How long the way to the server and back takes.
    fn time_answer(&mut self, now: Now, id: u64) {
        if let Some((_, sent)) = self.timed.take_if(|(timed, _)| *timed == id) {
            self.round_trip = Some(now.saturating_sub(sent));
        }
    }

    /// Whether requests about forms and topics can be sent.
    fn ready(&self) -> bool {
        self.link.greeted() && self.signed_in
    }

    fn request(&mut self, now: Now, body: ToServer, pending: Pending) {
        let id = self.next_request;
        self.next_request += 1;
        self.pending.insert(id, pending);
        if self.link.greeted() {
            self.timed = self.timed.or(Some((id, now)));
        }
        self.link.spoke(now);
        self.effects.push(Effect::Send(Request { id, body }));
    }

    fn new_op(&mut self) -> OpId {
        OpId(uuid::Builder::from_random_bytes(self.rng.random()).into_uuid())
    }

    fn keep(&mut self) {
        self.effects.push(Effect::SaveSettings(self.kept.clone()));
    }

    fn emit_link(&mut self, now: Now) {
        let link: Link = self.link.shown(now);
        self.effects.push(Effect::Emit(UiEvent::Link(link)));
    }

    fn hello(&mut self, now: Now) {
        let hello = ToServer::Hello {
            protocol: PROTOCOL,
            client: env!("CARGO_PKG_VERSION").into(),
            computer: self.computer.clone(),
            resume: self.session,
        };
        self.request(now, hello, Pending::Hello);
    }
}

/// What somebody may do as far as it was kept; a program of before kept only the role.
fn rights_of(account: Option<&Account>, kept: Option<&Rights>) -> Rights {
    let role = account.map_or(UserRole::None, |account| account.role);
    kept.filter(|_| account.is_some())
        .cloned()
        .unwrap_or_else(|| Rights::of_role(role))
}
