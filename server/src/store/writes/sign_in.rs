//! What is written of sign-ins.

use baton_protocol::id::{SignInId, UserId};
use baton_protocol::origin::Origin;
use baton_protocol::time::Timestamp;

use super::NewAuditEntry;
use crate::second_factor::SecondFactor;

/// Who somebody is at an identity provider.
#[derive(Debug)]
pub struct IdentityWrite {
    /// Which provider, by its id in the settings.
    pub provider: String,
    /// What it calls them, for good.
    pub subject: String,
    /// Whose account that is.
    pub user: UserId,
    /// What the audit keeps of it.
    pub audit: NewAuditEntry,
}

/// The provider that a sign-in was made by.
#[derive(Clone, Debug)]
pub struct ProvidedBy {
    /// Its id in the settings.
    pub provider: String,
    /// The session there that the sign-in ends with, if it named one.
    pub session: Option<String>,
}

/// A session token.
#[derive(Debug)]
pub struct TokenWrite {
    /// The sign-in's id.
    pub id: SignInId,
    /// Its hash.
    pub hash: Vec<u8>,
    /// Whose it is.
    pub user: UserId,
    /// What their rights and password were when they signed in: it is kept only if nothing changed since.
    pub epoch: u64,
    /// When it was made.
    pub at: Timestamp,
    /// When it ends.
    pub expires: Timestamp,
    /// By which provider; `None`: by password.
    pub provided: Option<ProvidedBy>,
    /// The second factor as it was, and as it is after the code that was taken of it.
    pub second_factor: Option<(SecondFactor, SecondFactor)>,
    /// From where it is made.
    pub origin: Origin,
    /// What the audit keeps of it.
    pub audit: Vec<NewAuditEntry>,
}

/// What becomes of a sign-in's tokens.
#[derive(Clone, Debug)]
pub enum TokenChange {
    /// They stay.
    None,
    /// The present one has arrived, and the one before it ends.
    EndOld,
    /// The one with this hash comes; the one that is used works until that one was used.
    Renew(Vec<u8>),
}

/// A sign-in that is used.
#[derive(Clone, Debug)]
pub struct SignInUse {
    /// Which.
    pub id: SignInId,
    /// The hash of the token that it is used with.
    pub hash: Vec<u8>,
    /// What becomes of its tokens.
    pub tokens: TokenChange,
    /// When.
    pub at: Timestamp,
}
