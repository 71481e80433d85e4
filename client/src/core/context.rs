//! What a machine of the engine may know of the others while it handles something, and where it puts what is to be
//! done.

use baton_protocol::desktop::UiEvent;
use baton_protocol::id::{OpId, UserId};
use baton_protocol::message::ToServer;
use baton_protocol::person::{Account, Person};
use baton_protocol::rights::Rights;
use rand::RngExt as _;
use rand::rngs::StdRng;

use super::clock::Clock;
use super::connection::Connection;
use super::sign_in::SignIn;
use super::{Effect, Pending, Window};

/// What one machine finds out and others must know.
#[derive(Debug)]
pub(super) enum News {
    /// The connection is of no use any more, and why.
    ConnectionUseless(String),
    /// Somebody has another name.
    Renamed(Person),
}

/// The others, as one machine sees them.
pub(super) struct Context<'a> {
    pub(super) clock: Clock,
    /// The window whose call is carried out.
    pub(super) window: Window,
    pub(super) connection: &'a mut Connection,
    pub(super) sign_in: &'a SignIn,
    pub(super) rng: &'a mut StdRng,
    pub(super) effects: &'a mut Vec<Effect>,
    pub(super) news: &'a mut Vec<News>,
}

impl Context<'_> {
    /// Whether requests about forms and topics can be sent.
    pub(super) fn ready(&self) -> bool {
        self.connection.greeted() && self.sign_in.is_active()
    }

    /// Whether the server was tried and cannot be reached.
    pub(super) fn offline(&self) -> bool {
        self.connection.offline()
    }

    pub(super) fn account(&self) -> Option<&Account> {
        self.sign_in.account()
    }

    /// Who is signed in, as far as this computer knows.
    pub(super) fn me(&self) -> Option<UserId> {
        self.account().map(|account| account.person.id)
    }

    pub(super) fn rights(&self) -> &Rights {
        self.sign_in.rights()
    }

    pub(super) fn push(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    /// Tells every window.
    pub(super) fn emit(&mut self, event: UiEvent) {
        self.push(Effect::Emit(event));
    }

    /// Sends something whose answer is about `pending`.
    pub(super) fn request(&mut self, body: ToServer, pending: Pending) {
        let send = self.connection.request(self.clock.now, body, pending);
        self.push(send);
    }

    pub(super) fn new_op(&mut self) -> OpId {
        OpId(uuid::Builder::from_random_bytes(self.rng.random()).into_uuid())
    }

    /// What is shown would go stale in silence: a new connection asks for everything again.
    pub(super) fn give_up_connection(&mut self, why: String) {
        self.news.push(News::ConnectionUseless(why));
    }
}
