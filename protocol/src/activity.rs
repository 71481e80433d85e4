//! What changed, by whom and when, over everything that the reader may see.

use serde::{Deserialize, Serialize};

use crate::audit::AuditedJob;
use crate::deletion::DeletionKind;
use crate::id::{EntityId, FormKey, JobId, UserId, Version};
use crate::person::Person;
use crate::time::Timestamp;

/// Which activity is asked for.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct ActivityFilter {
    /// Only of this entity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entity: Option<EntityId>,
    /// Only what this person did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<UserId>,
}

/// One thing that happened.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Activity {
    /// Its number: later ones have higher ones.
    pub number: u64,
    /// When.
    pub at: Timestamp,
    /// Who did it.
    pub by: Person,
    /// To which record or definition.
    pub form: FormKey,
    /// Its entity.
    pub entity: EntityId,
    /// What it was called then.
    pub title: String,
    /// What happened to it.
    pub what: ActivityKind,
}

/// What happened.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActivityKind {
    /// It was saved as this version.
    Saved {
        /// The version.
        version: Version,
        /// The names of the fields that were changed.
        fields: Vec<String>,
    },
    /// It went out of its list.
    Removed(DeletionKind),
    /// It came back.
    Restored,
    /// Many records of the entity were worked on at once.
    Job {
        /// The work.
        job: JobId,
        /// What it was.
        what: AuditedJob,
        /// How many of its saves the reader may undo.
        undoable: u64,
    },
}

/// A part of what happened.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct ActivityPage {
    /// The newest first.
    pub rows: Vec<Activity>,
    /// Before which number the next page begins; `None`: there is nothing older, or nothing back to what was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<u64>,
    /// The number of the last thing that had happened at all: what is newer can be asked for after it.
    pub newest: u64,
}
