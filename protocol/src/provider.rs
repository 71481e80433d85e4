//! The ways to sign in that a server offers besides e-mail and password (semantics 7.6).

use serde::{Deserialize, Serialize};

/// How people sign in at a server.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct SignInOptions {
    /// The identity providers, in the order of the settings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub providers: Vec<Provider>,
    /// What whoever forgot their password should do, in the administrator's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

/// An identity provider, as the sign-in page shows it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Provider {
    /// Its id in the server's settings.
    pub id: String,
    /// What people know it as.
    pub name: String,
}

/// The longest query that a provider sends a person back with, in bytes.
pub const MAX_ANSWER: usize = 8 * 1024;
