//! What pages and the program around the engine ask for goes to whoever does it.

use std::time::Duration;

use baton_locales::t;
use baton_protocol::desktop::{ConnectionDetails, EngineCall, Started};
use baton_protocol::message::{Code, Problem, ToServer};

use super::quitting::QuitMode;
use super::{Call, Caller, Control, Core, Effect, Pending, Reply};

impl Core {
    pub(super) fn call(&mut self, caller: Caller, call: Call) {
        match call {
            Call::Ui(call) => self.ui_call(caller, call),
            Call::Control(control) => self.control(caller, control),
        }
    }

    fn control(&mut self, caller: Caller, control: Control) {
        let result = match control {
            Control::Quit { anyway: true } => return self.quit(caller, QuitMode::Anyway),
            Control::Quit { anyway: false } => return self.quit(caller, QuitMode::Asking),
            Control::Restart => return self.quit(caller, QuitMode::Restarting),
            Control::Stay => {
                self.stay();
                Ok(Reply::Done)
            }
            Control::WindowClosed => {
                self.window_closed();
                Ok(Reply::Done)
            }
            Control::FollowLink { link } => self.follow_link(&link),
        };
        self.effects.push(Effect::Reply(caller, result));
    }

    fn ui_call(&mut self, caller: Caller, call: EngineCall) {
        let done = |()| Reply::Done;
        let result = match call {
            EngineCall::SignIn(call) => return self.sign_in(caller, call),
            EngineCall::BeginProviderSignIn(call) => {
                let (provider, port) = (call.provider, call.port);
                let request = ToServer::BeginProviderSignIn { provider, port };
                return self.request_by(caller, request, Pending::BeginProviderSignIn(caller));
            }
            EngineCall::FinishProviderSignIn(call) => {
                let (attempt, query) = (call.attempt, call.query);
                let request = ToServer::FinishProviderSignIn { attempt, query };
                return self.request_by(caller, request, Pending::NewToken(caller));
            }
            EngineCall::ChangePassword(call) => {
                let (current, new) = (call.current.into(), call.new.into());
                let request = ToServer::ChangePassword { current, new };
                return self.request_by(caller, request, Pending::NewToken(caller));
            }
            EngineCall::BeginSecondFactor(call) => {
                let password = call.password.into();
                let request = ToServer::BeginSecondFactor { password };
                return self.request_by(caller, request, Pending::SecondFactor(caller));
            }
            EngineCall::ConfirmSecondFactor(call) => {
                let code = call.code.into();
                let request = ToServer::ConfirmSecondFactor { code };
                return self.request_by(caller, request, Pending::SecondFactor(caller));
            }
            EngineCall::CheckConnection(call) => return self.check_connection(caller, call.address.as_deref()),
            EngineCall::SignOut(_) => return self.sign_out(caller),
            EngineCall::CommandForm(call) => return self.on_forms(|forms, cx| forms.command(cx, caller, call)),
            EngineCall::QueryServer(call) => return self.query(caller, call.query),
            EngineCall::Start(_) => Ok(self.start()),
            EngineCall::SetServer(call) => self.set_server(&call.address).map(done),
            EngineCall::ShowPage(call) => {
                self.on_topics(|topics, cx| topics.show_page(cx, call.page));
                Ok(Reply::Done)
            }
            EngineCall::Watch(call) => {
                self.on_topics(|topics, cx| topics.watch(cx, &call));
                Ok(Reply::Done)
            }
            EngineCall::Unwatch(call) => {
                self.on_topics(|topics, cx| topics.unwatch(cx, call.topic));
                Ok(Reply::Done)
            }
            EngineCall::OpenForm(call) => {
                self.on_forms(|forms, cx| forms.open(cx, &call));
                Ok(Reply::Done)
            }
            EngineCall::OpenReadOnly(call) => {
                self.on_forms(|forms, cx| forms.open_read_only(cx, &call));
                Ok(Reply::Done)
            }
            EngineCall::EditForm(call) => self.on_forms(|forms, cx| forms.edit(cx, call.form)).map(done),
            EngineCall::CloseForm(call) => self.on_forms(|forms, cx| forms.close(cx, call.form)).map(done),
            EngineCall::ChangeForm(call) => self.on_forms(|forms, cx| forms.change(cx, call)).map(done),
            EngineCall::Decide(call) => self.on_forms(|forms, cx| forms.decide(cx, &call)).map(done),
            EngineCall::UndoDecision(call) => self.on_forms(|forms, cx| forms.undo_decision(cx, call)).map(done),
            EngineCall::Retry(_) => {
                self.retry();
                Ok(Reply::Done)
            }
            EngineCall::Connection(_) => Ok(Reply::Connection(self.connection_details())),
            EngineCall::DiscardComment(call) => {
                self.discard_comment(call.form, call.comment);
                Ok(Reply::Done)
            }
            EngineCall::GetPendingEdits(call) => Ok(Reply::PendingEdits(self.outbox.texts(call.form))),
        };
        self.effects.push(Effect::Reply(caller, result));
    }

    /// A window begins, or begins again: what it had open before is closed.
    fn start(&mut self) -> Reply {
        self.window_closed();
        let online = self.connection.greeted();
        Reply::Started(Box::new(Started {
            server: self.sign_in.server().map(ToOwned::to_owned),
            link: self.connection.shown(self.clock.now),
            account: self.sign_in.account().cloned(),
            rights: self.sign_in.rights().clone(),
            server_locked: self.sign_in.is_server_locked(),
            signing_in: self.sign_in.is_under_way(self.clock, online),
            email: self.sign_in.email().unwrap_or_default().to_owned(),
            sign_in: self.sign_in.options().clone(),
            outbox: self.outbox.entries(),
            store_problem: self.outbox.problem().map(t::engine::store_keeps_nothing),
        }))
    }

    /// What the window had open is closed.
    fn window_closed(&mut self) {
        self.on_topics(|topics, cx| topics.window_closed(cx));
        self.on_forms(|forms, cx| forms.window_closed(cx));
    }

    /// Walks the way to the server in use, or to one that a person is about to choose: that one gets no token.
    fn check_connection(&mut self, caller: Caller, other: Option<&str>) {
        let server = other.or(self.sign_in.server());
        match server.map(|server| self.connection.web_socket(server)) {
            Some(Ok(address)) => {
                let token = self.sign_in.token().filter(|_| other.is_none());
                let token = token.map(ToOwned::to_owned);
                self.effects.push(Effect::Check { caller, address, token });
            }
            Some(Err(why)) => self.refuse(caller, Problem::new(Code::Malformed, why)),
            None => {
                let why = t::engine::no_servers_address_is();
                self.refuse(caller, Problem::new(Code::Malformed, why));
            }
        }
    }

    fn connection_details(&self) -> ConnectionDetails {
        let ms = |span: Duration| u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
        let server = self.sign_in.server().unwrap_or_default().to_owned();
        let heard = self.connection.last_heard();
        ConnectionDetails {
            server: self.connection.web_socket(&server).unwrap_or(server),
            round_trip_ms: self.connection.round_trip().map(ms),
            heard_ms: heard.map(|heard| ms(self.clock.now.saturating_sub(heard))),
            store_problem: self.outbox.problem().map(ToOwned::to_owned),
            signed_in_until: self.sign_in.good_until().filter(|_| !self.connection.greeted()),
        }
    }
}
