//! Why a command was refused. A refusal is an expected outcome and changes nothing.

use std::fmt;

use baton_locales::{Text, say};

use crate::deletion::{Deletion, DeletionKind};
use crate::draft::ChangeError;
use crate::id::Version;
use crate::person::Person;

/// Why a command was refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// The session has no place in this form.
    NotJoined,
    /// Somebody else is the owner.
    NotOwner {
        /// Who is.
        owner: Person,
    },
    /// The sender is the owner, but ownership changed since it last looked.
    StaleFence,
    /// The form was saved since the sender last looked.
    StaleVersion {
        /// The version now.
        current: Version,
    },
    /// The draft changed since the sender last looked: its change was made for another text.
    StaleRev,
    /// The record is out of its list (4.6).
    Gone {
        /// How it went.
        gone: Deletion,
    },
    /// It was never saved, so there is nothing to take away.
    NeverSaved,
    /// Somebody asked to edit before.
    AskedAlready {
        /// Who did.
        by: Person,
    },
    /// The editor that is meant is not there, or its connection is broken.
    NotHere,
    /// The form is open by somebody else, not in another window of this person.
    NotYours,
    /// It has as many editors as it can have.
    Crowded,
    /// A change does not fit the form.
    BadChange(ChangeError),
}

impl Refusal {
    /// A sentence for whoever gave the command.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::NotJoined => say::refusals::not_joined(),
            Self::NotOwner { owner } => say::refusals::not_owner(&owner.name),
            Self::StaleFence => say::refusals::stale_fence(),
            Self::StaleVersion { current } => say::refusals::stale_version(current.0),
            Self::StaleRev => say::refusals::stale_rev(),
            Self::Gone { gone } => {
                let name = &gone.stamp.by.name;
                match gone.how {
                    DeletionKind::Archived => say::refusals::is_archived(name),
                    DeletionKind::Deleted => say::refusals::is_deleted(name),
                }
            }
            Self::NeverSaved => say::refusals::never_saved(),
            Self::AskedAlready { by } => say::refusals::asked_already(&by.name),
            Self::NotHere => say::refusals::not_here(),
            Self::NotYours => say::refusals::not_yours(),
            Self::Crowded => say::refusals::crowded(),
            Self::BadChange(error) => error.text(),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text().fmt(out)
    }
}

impl std::error::Error for Refusal {}

impl From<ChangeError> for Refusal {
    fn from(error: ChangeError) -> Self {
        Self::BadChange(error)
    }
}
