//! What a desktop asks for.

use serde::{Deserialize, Serialize};

use super::{AnyQuery, Query, Repeat, Topic};
use crate::form::FormCommand;
use crate::id::{EntityId, FormKey, Seq, SessionId};
use crate::live::Page;
use crate::person::Secret;

/// One request of a desktop.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Request {
    /// Repeated in the answer; unique within the connection.
    pub id: u64,
    /// What is asked for.
    pub body: ToServer,
}

/// What a desktop asks for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToServer {
    /// The greeting, first on every connection.
    Hello {
        /// [`PROTOCOL`](super::PROTOCOL) of the desktop.
        protocol: u32,
        /// The desktop's program version, for the server's log.
        client: String,
        /// The name and the system of its computer, as the desktop says them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        computer: Option<String>,
        /// The session whose places this connection wants back (semantics 3.3).
        resume: Option<SessionId>,
    },
    /// Signs in with e-mail and password.
    SignIn {
        /// The address.
        email: String,
        /// The password.
        password: Secret,
        /// What the authenticator shows, or a recovery code, after
        /// [`Code::SecondFactorNeeded`](super::Code::SecondFactorNeeded).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<Secret>,
    },
    /// Begins to sign in at an identity provider; the answer is
    /// [`Answer::ProviderSignIn`](super::Answer::ProviderSignIn).
    BeginProviderSignIn {
        /// Which provider.
        provider: String,
        /// The port of the loopback address that the desktop listens on for the person's return (RFC 8252).
        port: u16,
    },
    /// Signs in with what the provider sent the person back with.
    FinishProviderSignIn {
        /// The attempt that this ends.
        attempt: Secret,
        /// The query of the address that they came back to.
        query: Secret,
    },
    /// Signs in with the token that an earlier sign-in gave.
    UseToken {
        /// The token.
        token: Secret,
    },
    /// Changes the sender's password. Their other sign-ins end; this one goes on with the new token that the answer,
    /// [`Answer::SignedIn`](super::Answer::SignedIn), carries.
    ChangePassword {
        /// The password as it is.
        current: Secret,
        /// The new one, of [`MIN_PASSWORD`](crate::password::MIN_PASSWORD) characters at least.
        new: Secret,
    },
    /// Begins to set up a second factor; the answer is [`Answer::NewSecondFactor`](super::Answer::NewSecondFactor).
    BeginSecondFactor {
        /// The sender's password.
        password: Secret,
    },
    /// Proves that the authenticator knows the key; from now on signing in takes a code. The answer is
    /// [`Answer::SecondFactorSet`](super::Answer::SecondFactorSet).
    ConfirmSecondFactor {
        /// What the authenticator shows.
        code: Secret,
    },
    /// Signs out and revokes the token.
    SignOut,
    /// Ends the sign-in of a token, whoever is signed in: its person signed out while the server could not be reached.
    RevokeToken {
        /// The token.
        token: Secret,
    },
    /// Asks for a topic's present state and everything that happens to it from then on (6.1).
    Watch {
        /// Which topic.
        topic: Topic,
        /// How many rows the snapshot carries at most, newest first.
        rows: u32,
        /// The last event that the sender has seen: it gets what came after instead of a snapshot, as
        /// far as the log reaches back (G5).
        #[serde(default)]
        since: Option<Seq>,
    },
    /// Ends a watch.
    Unwatch {
        /// Which topic.
        topic: Topic,
    },
    /// Opens a form (3.1).
    Join {
        /// Which form.
        form: FormKey,
        /// The entity, for a record that was never saved.
        entity: Option<EntityId>,
    },
    /// Opens a form read-only, also for whoever may edit it: its notices are sent, and no place in its queue is taken.
    /// [`ToServer::Join`] takes one later. The answer is [`Answer::Joined`](super::Answer::Joined).
    OpenReadOnly {
        /// Which form.
        form: FormKey,
    },
    /// Closes a form (3.2).
    Leave {
        /// Which form.
        form: FormKey,
    },
    /// Does something with a form.
    Form {
        /// Which form.
        form: FormKey,
        /// What.
        command: FormCommand,
    },
    /// Says which page the desktop shows: for statistics, and never for rights.
    ShowPage {
        /// The page.
        page: Page,
    },
    /// A question, or a command that is about no open form.
    Query(AnyQuery),
    /// Shows that the desktop is alive (G6).
    Ping,
}

impl ToServer {
    /// Signs in with e-mail and password.
    #[must_use]
    pub fn sign_in(email: String, password: Secret) -> Self {
        Self::SignIn {
            email,
            password,
            code: None,
        }
    }

    /// Returns what it is sent for.
    #[must_use]
    pub fn purpose(&self) -> Purpose {
        match self {
            Self::Watch { .. } | Self::Join { .. } | Self::OpenReadOnly { .. } => Purpose::Read,
            Self::Query(query) if query.repeat() == Repeat::Read => Purpose::Read,
            Self::Query(_) | Self::Form { .. } | Self::Leave { .. } | Self::ShowPage { .. } => Purpose::Act,
            Self::Hello { .. }
            | Self::SignIn { .. }
            | Self::BeginProviderSignIn { .. }
            | Self::FinishProviderSignIn { .. }
            | Self::UseToken { .. }
            | Self::ChangePassword { .. }
            | Self::BeginSecondFactor { .. }
            | Self::ConfirmSecondFactor { .. }
            | Self::SignOut
            | Self::RevokeToken { .. }
            | Self::Unwatch { .. }
            | Self::Ping => Purpose::Connect,
        }
    }
}

/// What a message of a desktop is sent for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Purpose {
    /// To be told what somebody may see; nothing is done.
    Read,
    /// Its person does something.
    Act,
    /// To sign in, or to keep the connection.
    Connect,
}

impl<Q: Query> From<Q> for ToServer {
    fn from(query: Q) -> Self {
        Self::Query(query.into())
    }
}
