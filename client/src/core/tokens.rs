//! The token of a sign-in: until when it is good without the server (semantics 7.6), and those that end as soon as the
//! server is reached, because their person signed out without it.

use std::time::Duration;

use baton_protocol::message::ToServer;
use baton_protocol::person::SignInSpan;
use baton_protocol::time::Timestamp;

use super::{Core, Now, Pending};
use crate::settings::{RevokedToken, SignInEnd};

/// So many tokens wait at most for the server to hear that they are worth nothing; the oldest go first.
const MAX_REVOKED: usize = 20;

impl Core {
    /// The server said how long the sign-in lasts.
    pub(super) fn note_sign_in_span(&mut self, span: SignInSpan) {
        let latest = self.wall_clock() + Duration::from_secs(span.left_s);
        let idle = Duration::from_secs(span.idle_s);
        self.kept.sign_in_end = Some(SignInEnd {
            latest,
            idle,
            until: latest.min(self.wall_clock() + idle),
        });
        self.keep();
    }

    /// From now on the sign-in is not used, until the server is reached again.
    pub(super) fn sign_in_is_idle(&mut self) {
        let now = self.wall_clock();
        if let Some(end) = &mut self.kept.sign_in_end {
            end.until = end.latest.min(now + end.idle);
            self.keep();
        }
    }

    /// Until when somebody may work without the server, by this computer's clock.
    pub(super) fn signed_in_until(&self) -> Option<Timestamp> {
        let end = self.kept.sign_in_end.as_ref().filter(|_| self.kept.token.is_some());
        end.map(|end| end.until)
    }

    /// When the sign-in ends without the server having said so.
    pub(super) fn sign_in_deadline(&self) -> Option<Now> {
        let until = self.signed_in_until().filter(|_| !self.link.greeted())?;
        Some(until.since(self.wall))
    }

    /// Ends a sign-in that is over while the server cannot be reached. What was typed waits on the disk.
    pub(super) fn end_sign_in_in_time(&mut self) {
        if self.sign_in_deadline().is_none_or(|deadline| deadline > self.now) {
            return;
        }
        let why = "Your sign-in has ended. Sign in again as soon as the server can be reached.";
        self.forget_sign_in();
        self.signed_out();
        self.set_account(None, Some(why.into()));
    }

    /// Nobody signs in with what was kept any more.
    pub(super) fn forget_sign_in(&mut self) {
        (self.kept.token, self.kept.sign_in_end) = (None, None);
        self.first_sign_in = None;
        self.keep();
    }

    /// The sign-in is over for its person: the server hears it as soon as it can.
    pub(super) fn revoke_token(&mut self) {
        let Some((server, token)) = self.kept.server.clone().zip(self.kept.token.clone()) else {
            return;
        };
        self.kept.revoked.push(RevokedToken { server, token });
        let over = self.kept.revoked.len().saturating_sub(MAX_REVOKED);
        self.kept.revoked.drain(..over);
    }

    /// Tells the server which of its tokens are worth nothing.
    pub(super) fn send_revoked(&mut self, now: Now) {
        let here = |revoked: &&RevokedToken| Some(&revoked.server) == self.kept.server.as_ref();
        let tokens: Vec<String> = self
            .kept
            .revoked
            .iter()
            .filter(here)
            .map(|revoked| revoked.token.clone())
            .collect();
        for token in tokens {
            let pending = Pending::RevokeToken(token.clone());
            let token = token.into();
            self.request(now, ToServer::RevokeToken { token }, pending);
        }
    }

    /// The server knows that a token is worth nothing.
    pub(super) fn token_revoked(&mut self, token: &str) {
        self.kept.revoked.retain(|revoked| revoked.token != token);
        self.keep();
    }
}
