//! What a person is told of until they have read it, on whichever desktop.

use serde::{Deserialize, Serialize};

use crate::id::{EntityId, RecordId};
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
    /// The record that it is about.
    pub record: RecordId,
    /// Its entity.
    pub entity: EntityId,
    /// The id of the field that it is about; `None`: the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What the record was called then.
    pub title: String,
    /// The beginning of what was said; empty where nothing was.
    pub text: String,
    /// Why this person is told.
    pub why: NotificationReason,
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
}

impl NotificationReason {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Mentioned,
        Self::Answered,
        Self::Saved,
        Self::Asked,
        Self::Promoted,
        Self::HandedOver,
        Self::TakenOver,
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
