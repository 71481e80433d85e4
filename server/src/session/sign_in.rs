//! Signing in and out (semantics 7).

use std::sync::Arc;
use std::time::Duration;

use baton_protocol::audit::Act;
use baton_protocol::id::SignInId;
use baton_protocol::message::{Answer, Code, Problem};
use baton_protocol::person::{AccountState, Secret};
use baton_protocol::rights::Rights;

use super::Session;
use crate::admission::Refusal;
use crate::store::{ProvidedBy, StoreError, TokenWrite, UserRow, Write};
use crate::{audit, auth, people, provided};

/// How exactly it is known when a sign-in was used last.
const USED_PRECISION: Duration = Duration::from_secs(10 * 60);
/// So much of an address that was tried is kept, in characters.
const MAX_TRIED: usize = 254;

impl Session {
    pub(super) async fn sign_in(&mut self, email: String, password: String) -> Result<Answer, Problem> {
        let result = self.try_sign_in(email, password).await;
        self.count_refused(result)
    }

    fn count_refused(&mut self, result: Result<Answer, Problem>) -> Result<Answer, Problem> {
        self.refused_sign_ins = match result {
            Ok(_) => 0,
            Err(_) => self.refused_sign_ins.saturating_add(1),
        };
        result
    }

    pub(super) async fn begin_provider_sign_in(&self, provider: &str, port: u16) -> Result<Answer, Problem> {
        let from = self.permit.address();
        let (attempt, address) = self.app.providers.begin(provider, port, from).await?;
        let attempt = attempt.into();
        Ok(Answer::ProviderSignIn { attempt, address })
    }

    pub(super) async fn finish_provider_sign_in(&mut self, attempt: &str, query: &str) -> Result<Answer, Problem> {
        let result = self.try_provider_sign_in(attempt, query).await;
        self.count_refused(result)
    }

    async fn try_provider_sign_in(&mut self, attempt: &str, query: &str) -> Result<Answer, Problem> {
        let (provider, identity) = self.app.providers.finish(attempt, query).await?;
        let who = identity.email.clone().unwrap_or_else(|| identity.subject.clone());
        let user = match provided::account_of(&self.app, &provider, &identity, &self.origin).await {
            Ok(user) => user,
            Err(problem) => {
                self.note_refused(&who).await?;
                return Err(problem);
            }
        };
        self.ensure_active(&user).await?;
        let provided = ProvidedBy {
            provider: provider.config.id.clone(),
            session: identity.session.clone(),
        };
        self.begin(&user, Some((provided, provider.config.name.clone()))).await
    }

    async fn try_sign_in(&mut self, email: String, password: String) -> Result<Answer, Problem> {
        let user = self.app.store.user_by_email(email.trim()).await?;
        let hash = user.as_ref().map(|user| user.password_hash.clone());
        let origin = self.permit.address();
        let right = self.app.passwords.check(origin, &email, password, hash).await;
        let right = right.inspect_err(|_| self.permit.refused(Refusal::SignIn))?;
        let Some(user) = user.filter(|_| right) else {
            self.note_refused(&email).await?;
            return Err(Problem::new(
                Code::BadCredentials,
                "This e-mail address and password do not go together.",
            ));
        };
        self.ensure_active(&user).await?;
        self.begin(&user, None).await
    }

    /// Whoever proved who they are may know that their account was deactivated.
    async fn ensure_active(&self, user: &UserRow) -> Result<(), Problem> {
        if user.account.state == AccountState::Deactivated {
            self.note_refused(&user.account.email).await?;
            let why = "This account was deactivated. Ask your administrator.";
            return Err(Problem::new(Code::BadCredentials, why));
        }
        Ok(())
    }

    async fn note_refused(&self, email: &str) -> Result<(), Problem> {
        let tried = email.trim().chars().take(MAX_TRIED).collect();
        let act = Act::SignInRefused(tried);
        let entry = audit::entry(self.app.clock.now(), None, self.origin.clone(), act);
        Ok(self.app.store.write(Write::Audit(entry)).await?)
    }

    /// Makes a sign-in that lasts, and signs in with it; by a provider of this name, or by password.
    async fn begin(&mut self, user: &UserRow, by: Option<(ProvidedBy, String)>) -> Result<Answer, Problem> {
        let token = auth::new_token();
        let hash = auth::token_hash(&token);
        let now = self.app.clock.now();
        let person = user.account.person.clone();
        let id = auth::new_sign_in();
        let (provided, act) = match by {
            Some((provided, name)) => (Some(provided), Act::SignedInBy(name)),
            None => (None, Act::SignedIn),
        };
        let write = TokenWrite {
            id,
            hash: hash.clone(),
            user: person.id,
            epoch: user.epoch,
            at: now,
            expires: now + self.app.config.sign_in,
            audit: audit::entry(now, Some(person), self.origin.clone(), act),
            provided,
        };
        match self.app.store.write(Write::Token(write)).await {
            Ok(()) => {}
            Err(StoreError::RightsChanged) => {
                let why = "Your account was changed at this moment. Sign in again.";
                return Err(Problem::new(Code::BadCredentials, why));
            }
            Err(error) => return Err(error.into()),
        }
        self.signed_in(user, id, hash, Some(token)).await
    }

    pub(super) async fn use_token(&mut self, token: &str) -> Result<Answer, Problem> {
        let hash = auth::token_hash(token);
        let now = self.app.clock.now();
        let found = self.app.store.user_by_token(&hash, now).await?;
        let Some((user, sign_in)) = found else {
            return Err(Problem::new(
                Code::BadCredentials,
                "Your sign-in has ended. Sign in again.",
            ));
        };
        let answer = self.signed_in(&user, sign_in.id, hash, None).await?;
        // Desktops come back often, and all at once.
        if sign_in.used + USED_PRECISION < now
            && let Err(error) = self.app.store.write(Write::TouchSignIn(sign_in.id, now)).await
        {
            tracing::warn!(%error, "when a sign-in was used last is not known");
        }
        Ok(answer)
    }

    /// Gives whoever is signed in the password that they chose. Their other sign-ins end; this one goes on.
    pub(super) async fn change_password(&mut self, current: String, new: String) -> Result<Answer, Problem> {
        let Some(account) = self.account.clone() else {
            return Err(Problem::new(Code::SignInNeeded, "Sign in first."));
        };
        let hash = people::user(&self.app, account.person.id).await?.password_hash;
        let origin = self.permit.address();
        let right = self
            .app
            .passwords
            .check(origin, &account.email, current.clone(), Some(hash))
            .await?;
        if !right {
            return Err(Problem::new(Code::BadCredentials, "This is not your present password."));
        }
        if current == new {
            return Err(Problem::new(
                Code::Malformed,
                "The new password is the present one. Choose another one.",
            ));
        }
        let user = people::choose_password(&self.app, &account, self.origin.clone(), &new).await?;
        self.epoch = user.epoch;
        if let Some(registration) = &self.registration {
            self.app
                .sessions
                .end_others(user.account.person.id, registration.session);
        }
        self.begin(&user, None).await
    }

    async fn signed_in(
        &mut self,
        user: &UserRow,
        id: SignInId,
        hash: Vec<u8>,
        token: Option<String>,
    ) -> Result<Answer, Problem> {
        let person = user.account.person.id;
        if self.account.as_ref().is_some_and(|before| before.person.id != person) {
            self.release_everything().await?;
        }
        self.permit.signed_in(person).map_err(|_| {
            let why = "You are connected too often at once. Close some windows or computers first.";
            Problem::new(Code::Busy, why)
        })?;
        self.app.accounts.note(user);
        if let Some(registration) = &self.registration {
            self.app.sessions.belongs(registration.session, person, id);
        }
        self.app.bus.belongs(person, &self.outgoing);
        // What changed since the store was asked is in the map, and the next request finds it there.
        self.account = Some(Arc::new(user.account.clone()));
        self.rights = self.app.accounts.rights(person);
        self.epoch = user.epoch;
        self.token = Some(hash);
        self.sign_in = Some(id);
        tracing::info!(email = user.account.email, address = ?self.permit.address(), "somebody signed in");
        Ok(Answer::SignedIn {
            account: user.account.clone(),
            rights: Rights::clone(&self.rights),
            token: token.map(Secret),
        })
    }

    pub(super) async fn sign_out(&mut self) -> Result<Answer, Problem> {
        let person = self.account.as_ref().map(|account| account.person.clone());
        self.release_everything().await?;
        self.sign_in = None;
        if let Some(hash) = self.token.take() {
            let entry = audit::entry(self.app.clock.now(), person, self.origin.clone(), Act::SignedOut);
            self.app.store.write(Write::RevokeToken(hash, entry)).await?;
        }
        Ok(Answer::Done)
    }

    /// Leaves every form and ends every watch: they were another person's, or the person's no more.
    pub(super) async fn release_everything(&mut self) -> Result<(), Problem> {
        for form in self.forms.keys().copied().collect::<Vec<_>>() {
            self.close_form(form).await?;
        }
        for topic in self.topics.clone() {
            self.unwatch(topic);
        }
        if let Some(account) = self.account.take() {
            self.app.bus.left(account.person.id, &self.outgoing);
            if let Some(registration) = &self.registration {
                self.app.sessions.belongs_to_nobody(registration.session);
            }
        }
        Ok(())
    }
}
