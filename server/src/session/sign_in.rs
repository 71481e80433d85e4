//! Signing in and out (semantics 7).

use std::sync::Arc;

use baton_protocol::message::{Answer, Code, Problem};
use baton_protocol::person::Secret;

use super::Session;
use crate::admission::Refusal;
use crate::auth;
use crate::store::{StoreError, TokenWrite, UserRow, Write};

impl Session {
    pub(super) async fn sign_in(&mut self, email: String, password: String) -> Result<Answer, Problem> {
        let result = self.try_sign_in(email, password).await;
        self.refused_sign_ins = match result {
            Ok(_) => 0,
            Err(_) => self.refused_sign_ins.saturating_add(1),
        };
        result
    }

    async fn try_sign_in(&mut self, email: String, password: String) -> Result<Answer, Problem> {
        let user = self.app.store.user_by_email(email.trim()).await?;
        let hash = user.as_ref().map(|user| user.password_hash.clone());
        let origin = self.permit.address();
        let right = self.app.passwords.check(origin, &email, password, hash).await;
        let right = right.inspect_err(|_| self.permit.refused(Refusal::SignIn))?;
        let Some(user) = user.filter(|_| right) else {
            return Err(Problem::new(
                Code::BadCredentials,
                "This e-mail address and password do not go together.",
            ));
        };
        let token = auth::new_token();
        let hash = auth::token_hash(&token);
        let now = self.app.clock.now();
        let write = TokenWrite {
            hash: hash.clone(),
            user: user.account.person.id,
            epoch: user.epoch,
            at: now,
            expires: now + self.app.config.sign_in,
        };
        match self.app.store.write(Write::Token(write)).await {
            Ok(()) => {}
            Err(StoreError::RightsChanged) => {
                let why = "Your account was changed at this moment. Sign in again.";
                return Err(Problem::new(Code::BadCredentials, why));
            }
            Err(error) => return Err(error.into()),
        }
        self.signed_in(&user, hash, Some(token)).await
    }

    pub(super) async fn use_token(&mut self, token: &str) -> Result<Answer, Problem> {
        let hash = auth::token_hash(token);
        let user = self.app.store.user_by_token(&hash, self.app.clock.now()).await?;
        let Some(user) = user else {
            return Err(Problem::new(
                Code::BadCredentials,
                "Your sign-in has ended. Sign in again.",
            ));
        };
        self.signed_in(&user, hash, None).await
    }

    async fn signed_in(&mut self, user: &UserRow, hash: Vec<u8>, token: Option<String>) -> Result<Answer, Problem> {
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
            self.app.sessions.belongs(registration.session, person);
        }
        self.app.bus.belongs(person, &self.outgoing);
        // What changed since the store was asked is in the map, and the next request finds it there.
        self.account = Some(Arc::new(user.account.clone()));
        self.epoch = user.epoch;
        self.token = Some(hash);
        tracing::info!(email = user.account.email, address = ?self.permit.address(), "somebody signed in");
        Ok(Answer::SignedIn {
            account: user.account.clone(),
            token: token.map(Secret),
        })
    }

    pub(super) async fn sign_out(&mut self) -> Result<Answer, Problem> {
        self.release_everything().await?;
        if let Some(hash) = self.token.take() {
            self.app.store.write(Write::RevokeToken(hash)).await?;
        }
        Ok(Answer::Done)
    }

    /// Leaves every form and ends every watch: they were another person's, or the person's no more.
    pub(super) async fn release_everything(&mut self) -> Result<(), Problem> {
        for form in self.forms.clone() {
            self.close_form(form).await?;
        }
        for topic in self.topics.clone() {
            self.unwatch(topic);
        }
        if let Some(account) = self.account.take() {
            self.app.bus.left(account.person.id, &self.outgoing);
        }
        Ok(())
    }
}
