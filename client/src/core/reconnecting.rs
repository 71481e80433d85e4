//! Connecting, greeting, and going on after a connection is gone.

use std::time::Duration;

use baton_locales::t;
use baton_protocol::desktop::UiEvent;
use baton_protocol::id::SessionId;
use baton_protocol::message::{Code, PROTOCOL, Problem, ToServer};

use super::connection::Due;
use super::{Core, Effect, Pending, Reply};

impl Core {
    /// Begins an attempt to reach the server, if one is known.
    pub(super) fn connect(&mut self) {
        let Some(server) = self.sign_in.server() else {
            return;
        };
        let (lost, connect) = self.connection.connect(self.clock.now, server);
        if connect.is_some() {
            self.answers_lost(lost);
        }
        self.effects.extend(connect);
        self.show_connection();
    }

    /// Greets the server.
    pub(super) fn hello(&mut self) {
        let hello = ToServer::Hello {
            protocol: PROTOCOL,
            client: env!("CARGO_PKG_VERSION").into(),
            computer: self.connection.computer().map(ToOwned::to_owned),
            resume: self.sign_in.session(),
        };
        self.request(hello, Pending::Hello);
    }

    /// The server greeted back: whoever is known to it signs in.
    pub(super) fn welcomed(&mut self, session: SessionId, heartbeat_ms: u64, silence_ms: u64) {
        self.sign_in.set_session(Some(session));
        let (heartbeat, silence) = (Duration::from_millis(heartbeat_ms), Duration::from_millis(silence_ms));
        self.connection.greeted_back(self.clock.now, heartbeat, silence);
        self.show_connection();
        for token in self.sign_in.revoked() {
            let pending = Pending::RevokeToken(token.clone());
            self.request(ToServer::RevokeToken { token }, pending);
        }
        if let Some((request, pending)) = self.sign_in.begin() {
            self.request(request, pending);
        } else {
            self.sign_in.hide();
            self.show_account(None);
        }
    }

    pub(super) fn greeting_refused(&mut self, problem: &Problem) {
        let why = problem.message.to_string();
        if problem.code == Code::WrongVersion {
            self.connection.wrong_version(why);
            self.effects.push(Effect::Disconnect);
            self.show_connection();
        } else {
            self.disconnected(why);
        }
    }

    /// The connection is gone, or is given up: the next attempt follows.
    pub(super) fn disconnected(&mut self, why: String) {
        if self.sign_in.disconnected() {
            self.sign_in.used(self.clock);
        }
        self.forms.disconnected();
        let lost = self.connection.take_pending();
        self.answers_lost(lost);
        if !self.connection.wait(self.clock.now, why, &mut self.rng) {
            return;
        }
        self.effects.push(Effect::Disconnect);
        self.show_connection();
        self.on_forms(|forms, cx| forms.went_offline(cx));
        self.on_topics(|topics, cx| topics.went_offline(cx));
    }

    /// The server says something that this program does not read. It would say the same again: the next attempt
    /// waits until the person asks for it, or for long.
    pub(super) fn cannot_read(&mut self, why: String) {
        self.disconnected(why);
        self.connection.wait_long(self.clock.now);
        self.show_connection();
    }

    /// The user, or the computer's network, says that now is the time.
    pub(super) fn retry(&mut self) {
        self.connection.hurry(self.clock.now);
        if let Some(Due::Connect) = self.connection.due(self.clock.now) {
            self.connect();
        }
    }

    pub(super) fn tick(&mut self) {
        match self.connection.due(self.clock.now) {
            Some(Due::Connect) => self.connect(),
            Some(Due::GiveUp(why)) => self.disconnected(why.into()),
            Some(Due::Ping) => self.request(ToServer::Ping, Pending::FireAndForget),
            None => {}
        }
    }

    /// Asks again for everything that is open: after a reconnect, or when something was missed.
    pub(super) fn ask_again(&mut self) {
        self.on_topics(|topics, cx| topics.ask_again(cx));
        self.on_forms(|forms, cx| forms.ask_again(cx));
    }

    fn show_connection(&mut self) {
        let link = self.connection.shown(self.clock.now);
        self.emit(UiEvent::Link(link));
    }

    /// What was asked for over the lost connection will not be answered over it.
    fn answers_lost(&mut self, lost: Vec<Pending>) {
        self.topics.disconnected();
        self.outbox.comments.disconnected();
        for pending in lost {
            match pending {
                Pending::SignIn { caller, .. }
                | Pending::BeginProviderSignIn(caller)
                | Pending::NewToken(caller)
                | Pending::SecondFactor(caller)
                | Pending::Request(caller) => {
                    let problem = Problem::new(Code::Offline, t::engine::the_connection_broke_try());
                    self.refuse(caller, problem);
                }
                Pending::Query(caller, query) => self.query_lost(caller, *query),
                // The server hears of it when it is reached again.
                Pending::SignOut(caller, _) => {
                    self.signed_out(None);
                    self.reply(caller, Reply::Done);
                }
                Pending::Hello
                | Pending::UseToken
                | Pending::FirstSignIn(_)
                | Pending::Watch(_)
                | Pending::Join(_)
                | Pending::Form(..)
                | Pending::Control(_)
                | Pending::Rows(_)
                | Pending::DeleteLater(_)
                | Pending::Comment(..)
                | Pending::RevokeToken(_)
                | Pending::FireAndForget => {}
            }
        }
    }
}
