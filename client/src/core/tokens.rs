//! The token of a sign-in: until when it is good without the server (semantics 7.6), and those that end as soon as the
//! server is reached, because their person signed out without it.

use std::time::Duration;

use baton_locales::t;
use baton_protocol::message::ToServer;
use baton_protocol::person::{Secret, SignInLifetime};
use baton_protocol::time::Timestamp;

use super::{Core, Now, Pending};
use crate::settings::{RevokedToken, SignInExpiry};

impl Core {
    /// Stores how long the sign-in lasts, as the server said.
    pub(super) fn set_sign_in_lifetime(&mut self, lifetime: SignInLifetime) {
        self.kept.sign_in_expiry = Some(SignInExpiry::new(self.wall_clock(), lifetime));
        self.keep();
    }

    /// Stores that the sign-in was used until now.
    pub(super) fn refresh_sign_in_expiry(&mut self) {
        let now = self.wall_clock();
        if let Some(expiry) = &mut self.kept.sign_in_expiry {
            *expiry = expiry.used_until(now);
            self.keep();
        }
    }

    /// Until when somebody may work without the server, by this computer's clock.
    pub(super) fn signed_in_until(&self) -> Option<Timestamp> {
        let expiry = self.kept.sign_in_expiry.as_ref().filter(|_| self.kept.token.is_some());
        expiry.map(|expiry| expiry.until)
    }

    /// When the sign-in that is shown ends without the server having said so.
    pub(super) fn sign_in_deadline(&self) -> Option<Now> {
        self.sign_in_expires_at().filter(|_| self.account.is_some())
    }

    fn sign_in_expires_at(&self) -> Option<Now> {
        let until = self.signed_in_until().filter(|_| !self.link.greeted())?;
        Some(until.since(self.wall))
    }

    /// Whether somebody is about to be signed in, without having to say who they are.
    pub(super) fn is_signing_in(&self) -> bool {
        let knows = self.kept.token.is_some() || self.first_sign_in.is_some();
        self.account.is_none() && knows && !self.is_sign_in_expired()
    }

    /// Whether the sign-in is over, as far as is known without the server.
    pub(super) fn is_sign_in_expired(&self) -> bool {
        self.sign_in_expires_at().is_some_and(|end| end <= self.now)
    }

    /// Shows nothing more of a sign-in that is over while the server cannot be reached. What was typed waits on the disk.
    /// The token stays: it is the server that says whether it is worth anything.
    pub(super) fn expire_sign_in(&mut self) {
        if self.account.is_some() && self.is_sign_in_expired() {
            self.signed_out();
            let why = t::engine::your_sign_in_has();
            self.set_account(None, Some(why.into()));
        }
    }

    /// Stores about once an hour that the sign-in is in use, so that the next start knows it however this one ends.
    pub(super) fn refresh_sign_in_expiry_hourly(&mut self) {
        const INTERVAL: Duration = Duration::from_secs(60 * 60);
        let now = self.wall_clock();
        let is_due = |expiry: &SignInExpiry| expiry.until + INTERVAL < expiry.used_until(now).until;
        if self.signed_in && self.kept.sign_in_expiry.as_ref().is_some_and(is_due) {
            self.refresh_sign_in_expiry();
        }
    }

    /// Nobody signs in with what was kept any more.
    pub(super) fn forget_sign_in(&mut self) {
        (self.kept.token, self.kept.sign_in_expiry) = (None, None);
        self.first_sign_in = None;
        self.keep();
    }

    /// Tells the server which of its tokens are worth nothing.
    pub(super) fn send_revocations(&mut self, now: Now) {
        let here = |revoked: &&RevokedToken| Some(&revoked.server) == self.kept.server.as_ref();
        let tokens: Vec<Secret> = self
            .kept
            .revoked
            .iter()
            .filter(here)
            .map(|revoked| revoked.token.clone())
            .collect();
        for token in tokens {
            let pending = Pending::RevokeToken(token.clone());
            self.request(now, ToServer::RevokeToken { token }, pending);
        }
    }

    /// The server knows that a token is worth nothing.
    pub(super) fn token_revoked(&mut self, token: &Secret) {
        self.kept.revoked.retain(|revoked| revoked.token != *token);
        self.keep();
    }
}
