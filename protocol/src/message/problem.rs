//! Why a request was refused.

use baton_locales::{Text, say};
use serde::{Deserialize, Serialize};

use crate::history::EarlierSave;
use crate::values::FieldError;

/// Why a request was refused: a code for programs, a sentence for people, in the language of whoever shows it.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error, Serialize, Deserialize)]
#[error("{message}")]
pub struct Problem {
    /// What a program decides by.
    pub code: Code,
    /// What a person reads.
    pub message: Text,
    /// The bad fields of an invalid draft.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldError>,
    /// Who saved what since the version that a refused save is based on, newest first (4.4).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub since: Vec<EarlierSave>,
}

impl Problem {
    /// A problem without fields.
    #[must_use]
    pub fn new(code: Code, message: impl Into<Text>) -> Self {
        Self {
            code,
            message: message.into(),
            fields: Vec::new(),
            since: Vec::new(),
        }
    }

    /// An answer that does not fit the question: the two sides do not understand each other.
    #[must_use]
    pub fn unexpected_answer() -> Self {
        Self::new(Code::Internal, say::refusals::unexpected_answer())
    }

    /// A draft that cannot be saved like this.
    #[must_use]
    pub fn invalid(fields: Vec<FieldError>) -> Self {
        Self {
            code: Code::Invalid,
            message: say::refusals::invalid(),
            fields,
            since: Vec::new(),
        }
    }
}

/// The kinds of problem.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// The message could not be read.
    Malformed,
    /// The message is larger than [`MAX_MESSAGE_BYTES`](super::MAX_MESSAGE_BYTES).
    TooLarge,
    /// The two sides speak different versions.
    WrongVersion,
    /// The first message was not a greeting, or a second one came.
    Greeting,
    /// Nobody is signed in.
    SignInNeeded,
    /// Whoever is signed in must choose a password of their own first.
    PasswordNeeded,
    /// Whoever is signed in must set up a second factor first.
    SecondFactorMissing,
    /// The password is right; the sign-in takes a code of the second factor too, and this one was none.
    SecondFactorNeeded,
    /// E-mail, password or token are wrong.
    BadCredentials,
    /// The signed-in person may not do this.
    Forbidden,
    /// There is no such thing.
    NotFound,
    /// The form is not open in this session.
    NotJoined,
    /// Somebody else is the owner.
    NotOwner,
    /// Ownership changed since the sender last looked.
    StaleFence,
    /// The form was saved since the sender last looked.
    StaleVersion,
    /// The draft changed since the sender last looked.
    StaleRev,
    /// The record is out of its list: nobody can edit it until it is restored.
    Gone,
    /// Somebody else asked to edit before.
    AskedAlready,
    /// The editor that is meant is not here.
    NotHere,
    /// A change does not fit the form.
    BadChange,
    /// A draft cannot be saved like this.
    Invalid,
    /// The person went no further with what they began.
    Cancelled,
    /// Too much is asked at once; try again.
    Busy,
    /// The desktop is not connected to the server.
    Offline,
    /// A form that is open has unsaved changes.
    Unsaved,
    /// The server failed; nothing was changed.
    Internal,
}

impl From<crate::form::Refusal> for Problem {
    fn from(refusal: crate::form::Refusal) -> Self {
        use crate::form::Refusal;
        let code = match &refusal {
            Refusal::NotJoined => Code::NotJoined,
            Refusal::NotOwner { .. } => Code::NotOwner,
            Refusal::StaleFence => Code::StaleFence,
            Refusal::StaleVersion { .. } => Code::StaleVersion,
            Refusal::StaleRev => Code::StaleRev,
            Refusal::Gone { .. } => Code::Gone,
            Refusal::NeverSaved => Code::NotFound,
            Refusal::AskedAlready { .. } => Code::AskedAlready,
            Refusal::NotHere | Refusal::NotYours => Code::NotHere,
            Refusal::Crowded => Code::Busy,
            Refusal::BadChange(_) => Code::BadChange,
        };
        Self::new(code, refusal.text())
    }
}
