//! What the engine decides: inputs in, effects out. No socket, no disk, no clock.
//!
//! Five machines, each with its own state: the connection ([`connection`]), who is signed in ([`sign_in`]), what is
//! watched ([`topics`]), the open forms ([`forms`]) and what the disk holds ([`outbox`]). [`Core`] routes each input to
//! them, and passes on what one of them finds out and others must know; [`Core::handle`] is the only door. After a
//! reconnect everything that was open is asked for again, so the UI never has to.

mod answers;
mod cache;
mod calls;
mod clock;
mod connection;
mod context;
mod contract;
mod forms;
mod links;
mod outbox;
mod pending;
mod pending_comments;
mod queries;
mod quitting;
mod reconnecting;
mod sign_in;
mod signing_in;
mod topics;

use baton_protocol::desktop::{self, UiEvent};
use baton_protocol::id::{CommentId, FormKey, OpId};
use baton_protocol::message::{AnyQuery, Problem, ToServer, Topic};
use baton_protocol::person::Secret;
use baton_protocol::time::Timestamp;
use rand::SeedableRng as _;
use rand::rngs::StdRng;

pub use cache::{CacheWrite, CachedForm, CachedList, CachedRow, LoadedForm};
pub use contract::{Call, Caller, Control, Effect, Input, Now, Reply, Scope, Window};
pub use pending::{PendingDiscard, PendingForm};

use crate::settings::Settings;
use clock::Clock;
use connection::Connection;
use context::{Context, News};
use forms::Forms;
use outbox::Outbox;
use queries::LostQueries;
use quitting::QuitMode;
use sign_in::SignIn;
use topics::Topics;

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
    /// The deletion of a record that was deleted without the server.
    DeleteLater(FormKey),
    /// A comment that waited.
    Comment(FormKey, CommentId),
    Join(FormKey),
    /// An operation of a form.
    Form(FormKey, OpId),
    /// What a spectator wishes; a refusal is told at the form.
    Control(FormKey),
    /// Nobody waits for the answer.
    FireAndForget,
}

/// The engine's mind.
#[derive(Debug)]
pub struct Core {
    clock: Clock,
    /// The window whose call is carried out.
    window: Window,
    connection: Connection,
    sign_in: SignIn,
    topics: Topics,
    forms: Forms,
    outbox: Outbox,
    lost_queries: LostQueries,
    /// Who asked to quit, and how.
    quitting: Option<(Caller, QuitMode)>,
    /// What one machine found out and the others do not know yet.
    news: Vec<News>,
    rng: StdRng,
    effects: Vec<Effect>,
}

impl Core {
    /// A core that goes on from these settings. `seed` is its only randomness.
    #[must_use]
    pub fn new(settings: Settings, seed: u64) -> Self {
        Self {
            clock: Clock::default(),
            window: 0,
            connection: Connection::new(),
            sign_in: SignIn::new(settings),
            topics: Topics::default(),
            forms: Forms::default(),
            outbox: Outbox::default(),
            lost_queries: LostQueries::default(),
            quitting: None,
            news: Vec::new(),
            rng: StdRng::seed_from_u64(seed),
            effects: Vec::new(),
        }
    }

    /// Signs in like this as soon as the server is reached, where no earlier sign-in is kept.
    #[must_use]
    pub fn with_sign_in(mut self, sign_in: Option<desktop::SignIn>) -> Self {
        self.sign_in.begin_with(sign_in);
        self
    }

    /// Other machines may be reached without encryption, where an address says so.
    #[must_use]
    pub fn with_plain(mut self, plain: bool) -> Self {
        self.connection.allow_plain(plain);
        self
    }

    /// How the computer is called, and its system: the server shows it to its person and to admins.
    #[must_use]
    pub fn with_computer(mut self, computer: String) -> Self {
        self.connection.set_computer(computer);
        self
    }

    /// An administrator chose the server: nobody else does.
    #[must_use]
    pub fn with_server_locked(mut self, locked: bool) -> Self {
        self.sign_in.lock_server(locked);
        self
    }

    /// What the computer's clock says now. It goes on while the computer sleeps, and `now` does not.
    pub fn set_wall_clock(&mut self, now: Now, wall: Timestamp) {
        self.clock.set_wall_clock(now, wall);
    }

    /// Connects, if an address is known.
    pub fn begin(&mut self, now: Now) -> Vec<Effect> {
        self.clock.now = now;
        self.open_store();
        self.expire_sign_in();
        self.connect();
        std::mem::take(&mut self.effects)
    }

    /// Takes one input and says what must be done, in order.
    pub fn handle(&mut self, now: Now, input: Input) -> Vec<Effect> {
        self.clock.now = now;
        self.take(input);
        self.spread_news();
        self.expire_sign_in();
        self.sign_in.note_use(self.clock);
        self.on_forms(|forms, cx| forms.join_in_use(cx));
        self.on_topics(|topics, cx| topics.read_again(cx));
        self.expire_lost_queries();
        self.settle();
        self.effects.extend(self.sign_in.store_settings());
        self.finish_quitting();
        std::mem::take(&mut self.effects)
    }

    fn take(&mut self, input: Input) {
        match input {
            Input::Call { caller, window, call } => {
                self.window = window;
                self.call(caller, call);
            }
            Input::Connected => self.hello(),
            Input::Received(message) => self.received(message),
            Input::Disconnected { why } => self.disconnected(why),
            Input::Resumed { why } => {
                self.sign_in.set_session(None);
                self.disconnected(why);
            }
            Input::Unreadable { why } => self.cannot_read(why),
            Input::Tick => self.tick(),
            Input::Stored(number) => {
                self.forms.stored(self.outbox.stored(number));
                for caller in self.outbox.take_answered() {
                    self.comment_stored(caller);
                }
            }
            Input::StoreFailed(why) => {
                let toast = self.outbox.failed(why);
                self.effects.extend(toast.map(Effect::Emit));
            }
            Input::LoadedPending(scope, pending) if self.is_present(scope.as_ref()) => self.restore(pending),
            Input::LoadedForm(scope, form, loaded) if self.is_present(scope.as_ref()) => {
                self.on_forms(|forms, cx| forms.loaded(cx, form, loaded));
            }
            Input::LoadedList(scope, topic, list) if self.is_present(scope.as_ref()) => {
                self.on_topics(|topics, cx| topics.loaded_list(cx, topic, list));
            }
            Input::LoadedPage(scope, caller, page) => {
                let page = page.filter(|_| self.is_present(scope.as_ref()));
                self.loaded_page(caller, page);
            }
            Input::LoadedHistory(scope, caller, versions) => {
                let versions = versions.filter(|_| self.is_present(scope.as_ref()));
                self.loaded_history(caller, versions);
            }
            // Asked before somebody signed in, and answered since: what the person's own scope has is not known yet.
            Input::LoadedForm(_, form, _) => self.on_forms(|forms, cx| forms.load_again(cx, form)),
            Input::LoadedList(_, topic, _) => self.on_topics(|topics, cx| topics.load_again(cx, topic)),
            Input::LoadedPending(..) => {}
        }
    }

    /// Whether what the disk answers is of whoever is here.
    fn is_present(&self, scope: Option<&Scope>) -> bool {
        scope == self.outbox.scope()
    }

    /// What the disk held of forms that are not at the server yet.
    fn restore(&mut self, pending: Vec<PendingForm>) {
        let (forms, _, outbox, mut cx) = self.machines();
        let mut of_forms = Vec::new();
        for pending in pending {
            outbox.comments.restore(&pending);
            match pending.clone().without_comments() {
                Some(own) => of_forms.push(own),
                None => outbox.restore(pending, false),
            }
        }
        forms.restore(&mut cx, outbox, of_forms);
        let entries = outbox.entries();
        self.emit(UiEvent::Outbox(entries));
        self.send_pending_comments();
    }

    /// When [`Input::Tick`] is due.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Now> {
        let deadlines = [
            self.connection.next_deadline(),
            self.forms.next_deadline(),
            self.topics.next_deadline(),
            self.lost_queries.next_deadline(),
            self.sign_in.next_deadline(self.clock, self.connection.greeted()),
        ];
        deadlines.into_iter().flatten().min()
    }

    /// What one machine found out reaches the others.
    fn spread_news(&mut self) {
        for news in std::mem::take(&mut self.news) {
            match news {
                News::ConnectionUseless(why) => self.disconnected(why),
                News::Renamed(person) => {
                    self.forms.renamed(&person);
                    if self.sign_in.renamed(&person) {
                        self.show_account(None);
                    }
                }
            }
        }
    }

    /// What follows for the forms that something happened to.
    fn settle(&mut self) {
        let (forms, _, outbox, mut cx) = self.machines();
        forms.settle(&mut cx, outbox);
    }

    /// The machines that use others while they handle something, and the others as they see them.
    fn machines(&mut self) -> (&mut Forms, &mut Topics, &mut Outbox, Context<'_>) {
        let context = Context {
            clock: self.clock,
            window: self.window,
            connection: &mut self.connection,
            sign_in: &self.sign_in,
            rng: &mut self.rng,
            effects: &mut self.effects,
            news: &mut self.news,
        };
        (&mut self.forms, &mut self.topics, &mut self.outbox, context)
    }

    fn on_forms<T>(&mut self, act: impl FnOnce(&mut Forms, &mut Context) -> T) -> T {
        let (forms, _, _, mut context) = self.machines();
        act(forms, &mut context)
    }

    fn on_topics<T>(&mut self, act: impl FnOnce(&mut Topics, &mut Context) -> T) -> T {
        let (_, topics, _, mut context) = self.machines();
        act(topics, &mut context)
    }

    /// Whether requests about forms and topics can be sent.
    fn ready(&self) -> bool {
        self.connection.greeted() && self.sign_in.is_active()
    }

    fn request(&mut self, body: ToServer, pending: Pending) {
        let send = self.connection.request(self.clock.now, body, pending);
        self.effects.push(send);
    }

    fn emit(&mut self, event: UiEvent) {
        self.effects.push(Effect::Emit(event));
    }

    fn reply(&mut self, caller: Caller, reply: Reply) {
        self.effects.push(Effect::Reply(caller, Ok(reply)));
    }

    fn refuse(&mut self, caller: Caller, problem: Problem) {
        self.effects.push(Effect::Reply(caller, Err(problem)));
    }
}
