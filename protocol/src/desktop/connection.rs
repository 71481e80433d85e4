//! What the first page needs, and how the connection stands.

use serde::{Deserialize, Serialize};

use super::{Link, OutboxEntry};
use crate::person::{Account, Secret};
use crate::provider::SignInOptions;
use crate::rights::Rights;
use crate::time::Timestamp;

/// What the first page needs.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Started {
    /// The server's address, if one was given.
    pub server: Option<String>,
    /// The state of the connection.
    pub link: Link,
    /// Who is signed in.
    pub account: Option<Account>,
    /// What they may do.
    pub rights: Rights,
    /// Whether a kept sign-in is being tried.
    pub signing_in: bool,
    /// Whether an administrator chose the server, so that nobody else can.
    pub server_locked: bool,
    /// The address that the sign-in page begins with.
    pub email: String,
    /// The ways to sign in at the server.
    pub sign_in: SignInOptions,
    /// What the server does not have yet.
    pub outbox: Vec<OutboxEntry>,
    /// A sentence about why this computer does not keep what is typed, if it does not.
    pub store_problem: Option<String>,
}

/// A sign-in at an identity provider that began.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct BegunSignIn {
    /// Names the attempt.
    pub attempt: Secret,
    /// The page to open in the system's browser.
    pub address: String,
}

/// What there is to know about the connection.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ConnectionDetails {
    /// The server's address, as a socket is opened to it.
    pub server: String,
    /// How long the last request took to be answered, in milliseconds.
    pub round_trip_ms: Option<u64>,
    /// How long ago the server was last heard, in milliseconds.
    pub heard_ms: Option<u64>,
    /// Why this computer cannot keep what is typed, if it cannot.
    pub store_problem: Option<String>,
    /// Until when the person may work without the server, by this computer's clock, where it is not reached.
    pub signed_in_until: Option<Timestamp>,
}

/// One step of the way to the server.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Check {
    /// What was tried: “Name lookup”.
    pub name: String,
    /// What came of it.
    pub outcome: Checked,
    /// A sentence about it.
    pub text: String,
}

/// What came of one step.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Checked {
    /// It works.
    Passed,
    /// The way ends here.
    Failed,
    /// Not tried: the way ended before, or there is nothing to try.
    Skipped,
}
