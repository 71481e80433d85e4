//! What is remembered of sessions and sign-ins that ended.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use baton_locales::{Text, say};
use baton_protocol::id::{SessionId, SignInId, UserId};

/// Why a sign-in ended before its time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SignInEnd {
    /// Its person signed out over another connection of it.
    SignedOut,
    /// Its person ended it from elsewhere.
    ByPerson,
    /// An admin ended it.
    ByAdmin,
    /// Its person signed out at the identity provider.
    AtProvider,
    /// Its person has another password, of their own choice.
    PasswordChanged,
    /// An admin gave its person a password.
    PasswordReset,
    /// An admin took the second factor away.
    SecondFactorRemoved,
    /// Its person has another role.
    Role,
    /// The account was deactivated.
    Deactivated,
    /// Its time is over.
    Expired,
}

impl SignInEnd {
    /// What its person reads when they are asked to sign in again.
    #[must_use]
    pub fn sentence(self) -> Text {
        match self {
            Self::SignedOut => say::server::you_signed_out_sign(),
            Self::ByPerson => say::server::you_ended_this_sign(),
            Self::ByAdmin => say::server::an_administrator_ended_your(),
            Self::AtProvider => say::server::you_signed_out_at(),
            Self::PasswordChanged => say::server::your_password_was_changed(),
            Self::PasswordReset => say::server::an_administrator_gave_you(),
            Self::SecondFactorRemoved => say::server::an_administrator_removed_your(),
            Self::Role => say::server::an_administrator_changed_what(),
            Self::Deactivated => say::server::your_account_was_deactivated(),
            Self::Expired => say::server::your_sign_in_has(),
        }
    }
}

/// So many are remembered of each.
const REMEMBERED: usize = 10_000;

/// Tokens of sign-ins that ended, with why, to say so when their desktops come back; the oldest go first.
#[derive(Default, Debug)]
pub(super) struct Ends {
    by_token: BTreeMap<Vec<u8>, SignInEnd>,
    order: VecDeque<Vec<u8>>,
}

impl Ends {
    pub(super) fn note(&mut self, token: Vec<u8>, why: SignInEnd) {
        if self.by_token.insert(token.clone(), why).is_none() {
            self.order.push_back(token);
        }
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.by_token.remove(&oldest);
        }
    }

    pub(super) fn of(&self, token: &[u8]) -> Option<SignInEnd> {
        self.by_token.get(token).copied()
    }
}

/// Sessions whose connections are gone, with who was signed in over them: places may wait for them. The oldest go first.
#[derive(Default, Debug)]
pub(super) struct DisconnectedSessions {
    by_session: BTreeMap<SessionId, (UserId, SignInId)>,
    order: VecDeque<SessionId>,
}

impl DisconnectedSessions {
    pub(super) fn note(&mut self, session: SessionId, user: (UserId, SignInId)) {
        self.forget(session);
        self.by_session.insert(session, user);
        self.order.push_back(session);
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.by_session.remove(&oldest);
        }
    }

    /// It is somebody's again, perhaps somebody else's.
    pub(super) fn forget(&mut self, session: SessionId) {
        if self.by_session.remove(&session).is_some() {
            self.order.retain(|other| *other != session);
        }
    }

    /// Those of which this is so.
    pub(super) fn which(&self, is_meant: impl Fn(SessionId, UserId, SignInId) -> bool) -> BTreeSet<SessionId> {
        let all = self.by_session.iter();
        let meant = all.filter(|(session, (user, sign_in))| is_meant(**session, *user, *sign_in));
        meant.map(|(session, _)| *session).collect()
    }
}
