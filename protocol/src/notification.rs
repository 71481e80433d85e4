//! What a person is told of until they have read it, on whichever desktop.

use baton_locales::Text;
use serde::{Deserialize, Serialize};

use crate::id::{EntityId, JobId, RecordId};
use crate::person::Person;
use crate::time::Timestamp;

/// The most that are kept for one person; the oldest go first.
pub const MAX_NOTIFICATIONS: u32 = 200;

/// Something that one person is told of.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Notification {
    /// Its number: newer ones have higher ones.
    pub id: u64,
    /// When it happened.
    pub at: Timestamp,
    /// Whether they have read it.
    pub read: bool,
    /// What happened.
    pub what: NotificationBody,
}

/// What happened, and why somebody is told of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct NotificationBody {
    /// Who did it.
    pub by: Person,
    /// What it is about.
    #[serde(flatten)]
    pub about: NotificationSubject,
    /// What the record was called then, or the collection.
    pub title: String,
    /// The beginning of what was said; empty where nothing was.
    pub text: String,
    /// Why this person is told.
    pub why: NotificationReason,
}

/// What a notification is about.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum NotificationSubject {
    /// An import that is over.
    Import {
        /// Which.
        job: JobId,
        /// Into which entity.
        entity: EntityId,
        /// How many records it made or changed.
        records: u64,
        /// How many rows it left out.
        left_out: u64,
        /// Why it was given up, if it was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        problem: Option<Text>,
    },
    /// A record.
    Record {
        /// Which.
        record: RecordId,
        /// Its entity.
        entity: EntityId,
        /// The id of the field that it is about; `None`: the record.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        field: Option<String>,
    },
}

impl NotificationSubject {
    /// Returns the entity that it is about, or whose record it is about.
    #[must_use]
    pub fn entity(&self) -> EntityId {
        match self {
            Self::Import { entity, .. } | Self::Record { entity, .. } => *entity,
        }
    }

    /// Returns the record that it is about, if it is about one.
    #[must_use]
    pub fn record(&self) -> Option<RecordId> {
        match self {
            Self::Import { .. } => None,
            Self::Record { record, .. } => Some(*record),
        }
    }

    /// Returns the id of the field that it is about, if it is about one.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::Import { .. } => None,
            Self::Record { field, .. } => field.as_deref(),
        }
    }
}

/// Why a person is told of something.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotificationReason {
    /// A comment mentions them.
    Mentioned,
    /// They have said something in a comment's thread.
    Answered,
    /// They follow a record that was saved.
    Saved,
    /// Somebody asks to edit what they are editing.
    Asked,
    /// They edit now, because who edited before left or was away.
    Promoted,
    /// Who edited before handed the form to them.
    HandedOver,
    /// Somebody took over what they were editing.
    TakenOver,
    /// An import of theirs is over.
    ImportEnded,
}

impl NotificationReason {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Mentioned,
        Self::Answered,
        Self::Saved,
        Self::Asked,
        Self::Promoted,
        Self::HandedOver,
        Self::TakenOver,
        Self::ImportEnded,
    ];

    /// Its name, as it is stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mentioned => "mentioned",
            Self::Answered => "answered",
            Self::Saved => "saved",
            Self::Asked => "asked",
            Self::Promoted => "promoted",
            Self::HandedOver => "handed_over",
            Self::TakenOver => "taken_over",
            Self::ImportEnded => "import_ended",
        }
    }
}

/// What somebody has read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadMark {
    /// The one with this number.
    One(u64),
    /// All up to this number.
    UpTo(u64),
    /// All that are about this record.
    Record(RecordId),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_stored_before_there_were_imports_is_read() {
        let id = "00000000-0000-0000-0000-000000000003";
        let stored = format!(
            r#"{{"by":{{"id":"{id}","name":"Anna"}},"record":"{id}","entity":"{id}","field":"price","title":"Coat","text":"","why":"saved"}}"#
        );
        let body: NotificationBody = serde_json::from_str(&stored).expect("read");
        assert_eq!(body.about.field(), Some("price"));
        assert!(body.about.record().is_some());
        assert_eq!(serde_json::to_string(&body).expect("written"), stored);
    }
}
