//! That something was archived or deleted, by whom and when.

use serde::{Deserialize, Serialize};

use crate::person::Person;
use crate::time::Timestamp;

/// That a record is out of its entity's list. It and its unsaved text are kept, and can be brought back.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Deletion {
    /// How it went.
    pub how: DeletionKind,
    /// Who did it, and when.
    pub stamp: Stamp,
}

/// How a record goes out of its entity's list.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeletionKind {
    /// Put away, for as long as nobody wants it back.
    Archived,
    /// In the bin, until it is purged.
    Deleted,
}

impl DeletionKind {
    /// What was done, as a word of a sentence: “Anna deleted this record.”
    #[must_use]
    pub fn done(self) -> &'static str {
        match self {
            Self::Archived => "archived",
            Self::Deleted => "deleted",
        }
    }
}

/// Who did something and when.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Stamp {
    /// Who.
    pub by: Person,
    /// When, by the server's clock.
    pub at: Timestamp,
}
