//! People and what they may do (semantics 7).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::id::{SignInId, UserId};
use crate::origin::Origin;
use crate::time::Timestamp;

/// A person as others see them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Person {
    /// Their account.
    pub id: UserId,
    /// The name that others read.
    pub name: String,
}

/// A password or a token: it travels, and no log shows it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\u{2022}\u{2022}\u{2022}")
    }
}

impl<T: Into<String>> From<T> for Secret {
    fn from(text: T) -> Self {
        Self(text.into())
    }
}

/// What a person may do everywhere. Groups may give more of an entity, and an entity can be closed to roles (7.2).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserRole {
    /// Nothing but what groups give.
    None,
    /// Reads and watches; never joins a queue.
    Viewer,
    /// Edits records.
    Editor,
    /// Everything.
    Admin,
}

impl UserRole {
    /// All of them, in the order of what they may do.
    pub const ALL: [Self; 4] = [Self::None, Self::Viewer, Self::Editor, Self::Admin];

    /// The word that is stored and sent.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Viewer => "viewer",
            Self::Editor => "editor",
            Self::Admin => "admin",
        }
    }

    /// Reads what [`Self::as_str`] wrote.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }
}

/// What an account is good for now.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountState {
    /// Its person signs in and works.
    #[default]
    Active,
    /// Somebody gave its person the password: they choose their own before anything else.
    PasswordGiven,
    /// The server asks for a second factor, and its person has none yet: they set one up before anything else.
    SecondFactorMissing,
    /// Nobody signs in with it. What was done with it keeps its name.
    Deactivated,
    /// Nobody ever signs in with it again, and its name and address are gone: what was done with it is a former
    /// colleague's.
    Former,
}

impl AccountState {
    /// Whether it is as most are.
    #[must_use]
    pub fn is_active(&self) -> bool {
        *self == Self::Active
    }

    /// Whether nobody signs in with it.
    #[must_use]
    pub fn is_ended(&self) -> bool {
        matches!(self, Self::Deactivated | Self::Former)
    }
}

/// Whether others see where a person is (semantics 7.3).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceVisibility {
    /// They see it.
    #[default]
    Shown,
    /// They see only that the person is online.
    Hidden,
    /// They see it, and it is not the person's to choose.
    Required,
}

impl PlaceVisibility {
    /// Whether it is as for most.
    #[must_use]
    pub fn is_shown(&self) -> bool {
        *self == Self::Shown
    }
}

/// A second factor that is being set up: what an authenticator needs to know.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct NewSecondFactor {
    /// The key, in base 32, for whoever types it.
    pub key: Secret,
    /// The same as a QR code: a PNG in base 64.
    pub image: Secret,
}

/// A person's sign-in on one desktop.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SignInRow {
    /// Which.
    pub id: SignInId,
    /// From where it was made.
    pub origin: Origin,
    /// When it was made.
    pub since: Timestamp,
    /// When it was used last.
    pub used: Timestamp,
    /// Whether a desktop is connected with it now.
    pub online: bool,
    /// Whether it is the one that asks.
    pub own: bool,
}

/// What an admin changes of a person. They sign in again after everything but a new name and a reactivation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonChange {
    /// Others read another name.
    Name(String),
    /// They sign in with another address.
    Email(String),
    /// They may do more, or less.
    Role(UserRole),
    /// They get a new password; the old one is worth nothing any more.
    NewPassword,
    /// They lost their second factor, and sign in without one until they set up another.
    RemoveSecondFactor,
    /// They cannot sign in any more.
    Deactivate,
    /// They can again.
    Reactivate,
    /// Their name and address are forgotten, for good: whoever was deactivated is [`FORMER_NAME`] from now on.
    Forget,
}

/// What somebody is called whose name was forgotten.
pub const FORMER_NAME: &str = "Former colleague";

/// How long a sign-in lasts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SignInLifetime {
    /// For so many seconds from now on, however much it is used.
    pub left_s: u64,
    /// For so many seconds without being used.
    pub idle_s: u64,
}

/// An account: whoever is signed in, or could be.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Account {
    /// As others see them.
    pub person: Person,
    /// Their address, which they sign in with.
    pub email: String,
    /// What they may do.
    pub role: UserRole,
    /// What it is good for now.
    #[serde(default, skip_serializing_if = "AccountState::is_active")]
    pub state: AccountState,
    /// Whether signing in by password takes a second factor.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub second_factor: bool,
    /// Whether others see where they are.
    #[serde(default, skip_serializing_if = "PlaceVisibility::is_shown")]
    pub place: PlaceVisibility,
}

impl Account {
    /// The account of somebody who signs in by password alone.
    #[must_use]
    pub fn new(person: Person, email: String, role: UserRole) -> Self {
        Self {
            person,
            email,
            role,
            state: AccountState::Active,
            second_factor: false,
            place: PlaceVisibility::Shown,
        }
    }
}
