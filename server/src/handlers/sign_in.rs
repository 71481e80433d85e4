//! Signing in and out (semantics 7.1).

use baton_protocol::message::{Answer, Code, Problem};
use baton_protocol::person::Account;

use crate::auth;
use crate::forms::failed;
use crate::session::Session;
use crate::store::{TokenWrite, Write};

impl Session {
    pub(crate) async fn sign_in(&mut self, email: String, password: String) -> Result<Answer, Problem> {
        let user = self
            .app
            .store
            .user_by_email(email.trim())
            .await
            .map_err(|error| failed(&error))?;
        let hash = user.as_ref().map(|user| user.password_hash.clone());
        let right = self.app.passwords.check(password, hash).await?;
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
            at: now,
            expires: now + self.app.config.sign_in,
        };
        self.app
            .store
            .write(Write::Token(write))
            .await
            .map_err(|error| failed(&error))?;
        self.signed_in(user.account, hash, Some(token)).await
    }

    pub(crate) async fn use_token(&mut self, token: &str) -> Result<Answer, Problem> {
        let hash = auth::token_hash(token);
        let user = self
            .app
            .store
            .user_by_token(&hash, self.app.clock.now())
            .await
            .map_err(|error| failed(&error))?;
        let Some(user) = user else {
            return Err(Problem::new(
                Code::BadCredentials,
                "Your sign-in has ended. Sign in again.",
            ));
        };
        self.signed_in(user.account, hash, None).await
    }

    async fn signed_in(&mut self, account: Account, hash: Vec<u8>, token: Option<String>) -> Result<Answer, Problem> {
        let other = self
            .account
            .as_ref()
            .is_some_and(|before| before.person.id != account.person.id);
        if other {
            self.let_go().await?;
        }
        if let Some(registration) = &self.registration {
            self.app.sessions.belongs(registration.session, account.person.id);
        }
        self.account = Some(account.clone());
        self.token = Some(hash);
        Ok(Answer::SignedIn { account, token })
    }

    pub(crate) async fn sign_out(&mut self) -> Result<Answer, Problem> {
        self.let_go().await?;
        self.account = None;
        if let Some(hash) = self.token.take() {
            self.app
                .store
                .write(Write::RevokeToken(hash))
                .await
                .map_err(|error| failed(&error))?;
        }
        Ok(Answer::Done)
    }

    /// Leaves every form and ends every watch: they were another person's.
    async fn let_go(&mut self) -> Result<(), Problem> {
        for form in self.forms.clone() {
            self.leave(form).await?;
        }
        for topic in self.topics.clone() {
            self.unwatch(topic);
        }
        Ok(())
    }
}
