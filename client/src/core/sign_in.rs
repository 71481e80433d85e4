//! Who is signed in, at which server, and whose things the store holds.

use baton_locales::t;
use baton_protocol::desktop::{self, UiEvent};
use baton_protocol::live::Page;
use baton_protocol::message::{Code, Problem, ToServer};
use baton_protocol::person::{Account, AccountState, Secret, SignInLifetime, UserRole};
use baton_protocol::provider::SignInOptions;
use baton_protocol::rights::Rights;

use super::{Caller, Core, Effect, Now, Pending, Reply, Scope, rights_of};
use crate::address;

impl Core {
    pub(super) fn set_server(&mut self, now: Now, call: &desktop::SetServer) -> Result<Reply, Problem> {
        if self.server_locked && self.kept.server.as_ref() != Some(&call.address) {
            let why = t::engine::your_administrator_chose_the();
            return Err(Problem::new(Code::Forbidden, why));
        }
        address::web_socket(&call.address, self.plain).map_err(|why| Problem::new(Code::Malformed, why))?;
        if self.kept.server.as_ref() != Some(&call.address) {
            // A sign-in and open forms belong to one server; what it does not have yet waits on the disk.
            self.kept.revoke_token();
            self.first_sign_in = None;
            (self.session, self.kept.session) = (None, None);
            self.signed_out();
            self.set_sign_in_options(SignInOptions::default());
        }
        self.kept.server = Some(call.address.clone());
        self.keep();
        self.connect(&call.address, now);
        Ok(Reply::Done)
    }

    pub(super) fn sign_in(&mut self, now: Now, caller: Caller, call: desktop::SignIn) {
        let desktop::SignIn { email, password, code } = call;
        let pending = Pending::SignIn {
            caller,
            email: email.clone(),
        };
        let request = ToServer::SignIn {
            email,
            password: password.into(),
            code: code.map(Secret),
        };
        self.request_by(now, caller, request, pending);
    }

    pub(super) fn begin_provider_sign_in(&mut self, now: Now, caller: Caller, call: desktop::BeginProviderSignIn) {
        let desktop::BeginProviderSignIn { provider, port } = call;
        let request = ToServer::BeginProviderSignIn { provider, port };
        self.request_by(now, caller, request, Pending::BeginProviderSignIn(caller));
    }

    pub(super) fn finish_provider_sign_in(&mut self, now: Now, caller: Caller, call: desktop::FinishProviderSignIn) {
        let desktop::FinishProviderSignIn { attempt, query } = call;
        let request = ToServer::FinishProviderSignIn { attempt, query };
        self.request_by(now, caller, request, Pending::NewToken(caller));
    }

    pub(super) fn change_password(&mut self, now: Now, caller: Caller, call: desktop::ChangePassword) {
        let (current, new) = (call.current.into(), call.new.into());
        let request = ToServer::ChangePassword { current, new };
        self.request_by(now, caller, request, Pending::NewToken(caller));
    }

    pub(super) fn begin_second_factor(&mut self, now: Now, caller: Caller, call: desktop::BeginSecondFactor) {
        let password = call.password.into();
        let request = ToServer::BeginSecondFactor { password };
        self.request_by(now, caller, request, Pending::SecondFactor(caller));
    }

    pub(super) fn confirm_second_factor(&mut self, now: Now, caller: Caller, call: desktop::ConfirmSecondFactor) {
        let code = call.code.into();
        let request = ToServer::ConfirmSecondFactor { code };
        self.request_by(now, caller, request, Pending::SecondFactor(caller));
    }

    /// What the server says of the person's own account, after they changed it.
    pub(super) fn own_account_changed(&mut self, account: &Account) {
        if self.account.as_ref().map(|account| account.person.id) != Some(account.person.id) {
            return;
        }
        self.kept.account = Some(account.clone());
        self.keep();
        self.set_account(Some(account.clone()), None);
    }

    /// Sends what needs no sign-in, for a caller who hears at once if that cannot be.
    fn request_by(&mut self, now: Now, caller: Caller, request: ToServer, pending: Pending) {
        if self.link.greeted() {
            self.request(now, request, pending);
        } else {
            let problem = Problem::new(Code::Offline, t::engine::the_server_cannot_be());
            self.refuse(caller, problem);
        }
    }

    pub(super) fn set_sign_in_options(&mut self, options: SignInOptions) {
        if self.sign_in != options {
            self.sign_in.clone_from(&options);
            self.effects.push(Effect::Emit(UiEvent::SignInOptions(options)));
        }
    }

    pub(super) fn show_page(&mut self, now: Now, page: Page) -> Reply {
        self.page = Some(page);
        if self.ready() {
            self.tell_page(now);
        }
        Reply::Done
    }

    fn tell_page(&mut self, now: Now) {
        if let Some(page) = self.page {
            self.request(now, ToServer::ShowPage { page }, Pending::FireAndForget);
        }
    }

    pub(super) fn sign_out(&mut self, now: Now, caller: Caller) {
        let token = self.kept.token.clone().map(Secret);
        self.kept.revoke_token();
        self.forget_sign_in();
        if self.link.greeted() {
            self.request(now, ToServer::SignOut, Pending::SignOut(caller, token));
        } else {
            self.signed_out();
            self.effects.push(Effect::Reply(caller, Ok(Reply::Done)));
        }
    }

    /// What is held waits on the disk until the same person signs in again. What was only remembered goes: nobody
    /// finds it on this computer.
    pub(super) fn signed_out(&mut self) {
        self.forget_cache();
        self.signed_in = false;
        self.joins_again = None;
        self.person = None;
        self.forget_open();
        self.set_account(None, None);
    }

    /// The person may do something else from now on. What is open is asked for again, and what this computer remembers
    /// of before goes (semantics 7.2).
    pub(super) fn rights_changed(&mut self, now: Now, rights: Rights) {
        if self.rights == rights {
            return;
        }
        self.kept.rights = Some(rights.clone());
        self.keep();
        self.rights = rights;
        self.forget_what_was_seen();
        let account = self.account.clone();
        self.set_account(account, None);
        let text = t::engine::what_you_may_see();
        self.effects.push(Effect::Emit(UiEvent::Toast(text.into())));
        if self.ready() {
            self.ask_again(now);
        }
    }

    /// What was seen with other rights is read anew, all of it.
    fn forget_what_was_seen(&mut self) {
        self.forget_cache();
        self.forms.skip_caching();
        for (topic, watched) in &mut self.topics {
            watched.forget();
            if watched.loading {
                self.outdated.insert(*topic);
            }
        }
    }

    fn forget_cache(&mut self) {
        self.effects.extend(self.scope.clone().map(Effect::ForgetCache));
    }

    pub(super) fn forget_open(&mut self) {
        self.forms.clear();
        self.topics.clear();
        self.told.clear();
        self.scope = None;
        self.tell_outbox();
    }

    /// The store holds things for whoever is signed in.
    pub(super) fn open_store(&mut self) {
        // However the address was written: it is one server.
        let server = self.kept.server.as_ref();
        let server = server.map(|written| address::web_socket(written, self.plain).unwrap_or_else(|_| written.clone()));
        let scope = server.zip(self.person);
        let scope = scope.map(|(server, person)| Scope { server, person });
        if scope.is_some() && scope != self.scope {
            self.scope.clone_from(&scope);
            self.effects.extend(scope.map(Effect::OpenStore));
        }
    }

    pub(super) fn signed_in(&mut self, now: Now, account: Account, rights: Rights) {
        if self
            .person
            .replace(account.person.id)
            .is_some_and(|person| person != account.person.id)
        {
            self.forget_open();
        }
        // Whoever has to choose a password of their own is answered nothing else before.
        self.signed_in = account.state == AccountState::Active;
        self.open_store();
        let known = rights_of(Some(&account), self.kept.rights.as_ref());
        let same_person = self.kept.account.as_ref().map(|account| account.person.id) == Some(account.person.id);
        let changed = same_person && known != rights;
        if self.kept.account.as_ref() != Some(&account) || self.kept.rights.as_ref() != Some(&rights) {
            self.kept.account = Some(account.clone());
            self.kept.rights = Some(rights.clone());
            self.keep();
        }
        if changed {
            self.forget_what_was_seen();
        }
        if self.account.as_ref() != Some(&account) || self.rights != rights {
            self.rights = rights;
            self.set_account(Some(account), None);
        }
        if self.signed_in {
            self.ask_again(now);
            self.send_lost_queries(now);
            self.tell_page(now);
        }
    }

    /// A token or a password is worthless only if the server says so; if it is busy or failed, a new
    /// try follows. Forms stay: what was typed leaves when the same person signs in again.
    pub(super) fn sign_in_refused(&mut self, now: Now, problem: &Problem) {
        if matches!(problem.code, Code::BadCredentials | Code::SecondFactorNeeded) {
            // Whoever may not sign in any more may not see what this computer remembers either.
            self.forget_cache();
            self.signed_in = false;
            self.joins_again = None;
            self.forget_sign_in();
            self.set_account(None, Some(problem.message.to_string()));
        } else {
            self.disconnected(now, problem.message.to_string());
        }
    }

    pub(super) fn set_account(&mut self, account: Option<Account>, why: Option<String>) {
        self.account.clone_from(&account);
        if account.is_none() {
            self.rights = Rights::of_role(UserRole::None);
        }
        let rights = self.rights.clone();
        self.effects
            .push(Effect::Emit(UiEvent::Account { account, rights, why }));
    }

    pub(super) fn store_sign_in(&mut self, email: String, token: Option<Secret>, lasts: SignInLifetime) {
        self.kept.email = Some(email);
        self.kept.token = token.map(|token| token.0);
        self.set_sign_in_lifetime(lasts);
    }
}
