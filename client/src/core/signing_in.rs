//! Signing in and out, and what changes for everything that is open when somebody does, or may do something else.

use baton_locales::t;
use baton_protocol::desktop::{self, UiEvent};
use baton_protocol::message::{Code, Problem, ToServer};
use baton_protocol::person::{Account, Secret, SignInLifetime};
use baton_protocol::provider::SignInOptions;
use baton_protocol::rights::Rights;

use super::sign_in::SignedIn;
use super::{Caller, Core, Effect, Pending, Reply, Scope};

impl Core {
    pub(super) fn set_server(&mut self, address: &str) -> Result<(), Problem> {
        if self.sign_in.is_server_locked() && self.sign_in.server() != Some(address) {
            let why = t::engine::your_administrator_chose_the();
            return Err(Problem::new(Code::Forbidden, why));
        }
        let usable = self.connection.web_socket(address);
        usable.map_err(|why| Problem::new(Code::Malformed, why))?;
        if self.sign_in.set_server(address) {
            // What the other server does not have yet waits on the disk.
            self.signed_out(None);
            self.set_sign_in_options(&SignInOptions::default());
        }
        self.connect();
        Ok(())
    }

    pub(super) fn sign_in(&mut self, caller: Caller, call: desktop::SignIn) {
        let desktop::SignIn { email, password, code } = call;
        let pending = Pending::SignIn {
            caller,
            email: email.clone(),
        };
        let (password, code) = (password.into(), code.map(Secret));
        self.request_by(caller, ToServer::SignIn { email, password, code }, pending);
    }

    /// Sends what needs no sign-in, for a caller who hears at once if that cannot be.
    pub(super) fn request_by(&mut self, caller: Caller, request: ToServer, pending: Pending) {
        if self.connection.greeted() {
            self.request(request, pending);
        } else {
            self.refuse(caller, Problem::new(Code::Offline, t::engine::the_server_cannot_be()));
        }
    }

    pub(super) fn set_sign_in_options(&mut self, options: &SignInOptions) {
        if self.sign_in.set_options(options) {
            self.emit(UiEvent::SignInOptions(options.clone()));
        }
    }

    pub(super) fn sign_out(&mut self, caller: Caller) {
        let token = self.sign_in.revoke();
        self.sign_in.forget();
        if self.connection.greeted() {
            self.request(ToServer::SignOut, Pending::SignOut(caller, token));
        } else {
            self.signed_out(None);
            self.reply(caller, Reply::Done);
        }
    }

    /// What is held waits on the disk until the same person signs in again. What was only remembered goes: nobody
    /// finds it on this computer.
    pub(super) fn signed_out(&mut self, why: Option<String>) {
        self.forget_cache();
        self.sign_in.end();
        self.forms.stop_joining();
        self.forget_open();
        self.show_account(why);
    }

    /// A sign-in is over while the server cannot be reached: nothing more of it is shown. What was typed waits on the
    /// disk. The token stays: it is the server that says whether it is worth anything.
    pub(super) fn expire_sign_in(&mut self) {
        let online = self.connection.greeted();
        if self.sign_in.account().is_some() && self.sign_in.is_expired(self.clock, online) {
            self.signed_out(Some(t::engine::your_sign_in_has().into()));
        }
    }

    /// A token or a password is worthless only if the server says so; if it is busy or failed, a new
    /// try follows. Forms stay: what was typed leaves when the same person signs in again.
    pub(super) fn sign_in_refused(&mut self, problem: &Problem) {
        let why = problem.message.to_string();
        if matches!(problem.code, Code::BadCredentials | Code::SecondFactorNeeded) {
            // Whoever may not sign in any more may not see what this computer remembers either.
            self.forget_cache();
            self.forms.stop_joining();
            self.sign_in.forget();
            self.sign_in.hide();
            self.show_account(Some(why));
        } else {
            self.disconnected(why);
        }
    }

    /// Somebody is signed in, in whatever way that was asked for.
    pub(super) fn sign_in_answered(
        &mut self,
        pending: Pending,
        (account, rights): (Account, Rights),
        (token, lasts): (Option<Secret>, SignInLifetime),
    ) {
        let kept = || self.sign_in.token().map(|token| Secret(token.to_owned()));
        let (caller, email, token) = match pending {
            Pending::SignIn { caller, email } => (Some(caller), email, token),
            // An admin may have given them another address since.
            Pending::NewToken(caller) => (Some(caller), account.email.clone(), token),
            Pending::UseToken => (None, account.email.clone(), token.or_else(kept)),
            Pending::FirstSignIn(email) => (None, email, token),
            other @ (Pending::Hello
            | Pending::BeginProviderSignIn(_)
            | Pending::SecondFactor(_)
            | Pending::SignOut(..)
            | Pending::RevokeToken(_)
            | Pending::Query(..)
            | Pending::Request(_)
            | Pending::Watch(_)
            | Pending::Rows(_)
            | Pending::DeleteLater(_)
            | Pending::Comment(..)
            | Pending::Join(_)
            | Pending::Form(..)
            | Pending::Control(_)
            | Pending::FireAndForget) => return tracing::debug!(?other, "a sign-in that nobody asked for"),
        };
        self.sign_in.remember(self.clock, email, token, lasts);
        self.signed_in(account.clone(), rights);
        if let Some(caller) = caller {
            self.reply(caller, Reply::Account(account));
        }
    }

    pub(super) fn signed_in(&mut self, account: Account, rights: Rights) {
        let SignedIn {
            other_person,
            other_rights,
            is_news,
        } = self.sign_in.signed_in(account, rights);
        if other_person {
            self.forget_open();
        }
        self.open_store();
        if other_rights {
            self.forget_what_was_seen();
        }
        if is_news {
            self.show_account(None);
        }
        if self.sign_in.is_active() {
            self.ask_again();
            self.send_lost_queries();
            self.send_pending_comments();
            self.on_topics(|topics, cx| topics.send_page(cx));
        }
    }

    /// The person may do something else from now on. What is open is asked for again, and what this computer remembers
    /// of before goes (semantics 7.2).
    pub(super) fn rights_changed(&mut self, rights: Rights) {
        if !self.sign_in.set_rights(rights) {
            return;
        }
        self.forget_what_was_seen();
        self.show_account(None);
        self.emit(UiEvent::Toast(t::engine::what_you_may_see().into()));
        if self.ready() {
            self.ask_again();
        }
    }

    /// What the server says of an account, after its person changed it.
    pub(super) fn account_changed(&mut self, account: &Account) {
        if self.sign_in.account_changed(account) {
            self.show_account(None);
        }
    }

    pub(super) fn show_account(&mut self, why: Option<String>) {
        let shown = self.sign_in.shown(why);
        self.emit(shown);
    }

    /// What was seen with other rights is read anew, all of it.
    fn forget_what_was_seen(&mut self) {
        self.forget_cache();
        self.forms.skip_caching();
        self.topics.forget_what_was_seen();
    }

    fn forget_cache(&mut self) {
        self.effects
            .extend(self.outbox.scope().cloned().map(Effect::ForgetCache));
    }

    fn forget_open(&mut self) {
        self.forms.clear();
        self.topics.clear();
        self.outbox.close();
        self.emit(UiEvent::Outbox(self.outbox.entries()));
    }

    /// The disk holds things for whoever is signed in.
    pub(super) fn open_store(&mut self) {
        // However the address was written: it is one server.
        let full = |written: &str| {
            self.connection
                .web_socket(written)
                .unwrap_or_else(|_| written.to_owned())
        };
        let scope = self.sign_in.server().map(full).zip(self.sign_in.person());
        let scope = scope.map(|(server, person)| Scope { server, person });
        self.effects.extend(self.outbox.open(scope));
    }
}
