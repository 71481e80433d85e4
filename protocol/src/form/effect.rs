//! What the shell must do after a transition: the closed list.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::deletion::Deletion;
use crate::draft::{Change, Draft, DraftPatch};
use crate::field::Value;
use crate::form::edit_request::EditRequestSummary;
use crate::form::queue::{Presence, QueueChange};
use crate::id::{Fence, OpId, Rev, SessionId, Ticket, Version};
use crate::person::Person;
use crate::time::Timestamp;
use crate::values::{FieldError, Values};

/// One thing that the shell must do. The form itself is always stored first.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Effect {
    /// Store the record, its history and its entry in the change log, in the form's own transaction.
    Save(SavedForm),
    /// Store what was typed, and nothing else of the form: the rest is as it was stored last (4.1).
    Append(DraftLogEntry),
    /// Store that the record is out of its list, or back in it, with its entry in the change log.
    Removed(Option<Deletion>),
    /// Tell everyone who has the form open.
    Tell(Notice),
    /// Tell those who watch the list who has the form open now, and whose unsaved changes it has.
    PresenceChanged(Option<Presence>),
}

/// One accepted change as it is stored: what a keystroke costs does not depend on the text around it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DraftLogEntry {
    /// The draft's number after it.
    pub rev: Rev,
    /// Whose operation it was.
    pub by: SessionId,
    /// The operation, so that a retry has no second effect (G8).
    pub op: OpId,
    /// When.
    pub at: Timestamp,
    /// Who typed it.
    pub author: Person,
    /// What became of the draft, in order.
    pub patches: Vec<DraftPatch>,
}

/// What a save stores.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SavedForm {
    /// The new version.
    pub version: Version,
    /// Who saved.
    pub by: Person,
    /// Every value.
    pub values: Values,
    /// What changed (semantics 4.5).
    pub history: Vec<FieldHistory>,
}

/// One field's change in the history of saves.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FieldHistory {
    /// The field's name.
    pub field: String,
    /// What it was.
    pub old: Value,
    /// What it became.
    pub new: Value,
    /// Who typed it, which may be another person than the one who saved.
    pub author: Person,
}

/// How a form passed from one editor to another other than in order.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Transfer {
    /// Who edited before.
    pub from: Person,
    /// Who edits now.
    pub to: Person,
    /// How.
    pub how: TransferReason,
    /// Why, in the words of whoever took it over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// How a form passed on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransferReason {
    /// The owner handed it over.
    HandedOver,
    /// The owner was idle and did not answer.
    Idle,
    /// Somebody with the right to took it over.
    TakenOver,
    /// The same person went on in another window.
    Moved,
}

/// What everyone who has a form open is told, in one order for all of them (G4).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// Editors came, went, or are in another order; the first is the owner.
    Editors {
        /// What is different.
        change: QueueChange,
        /// The fence that goes with the order now.
        fence: Fence,
        /// Since when something is unsaved, for the new owner of a draft (semantics 3.4).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        draft_since: Option<Timestamp>,
        /// When each field of that draft was changed last.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        changed_at: BTreeMap<String, Timestamp>,
    },
    /// Who watches without a place in the queue.
    Viewers {
        /// Each person once.
        viewers: Vec<Person>,
    },
    /// Somebody asks to edit, or nobody does any more.
    Asked {
        /// Who asks.
        ask: Option<EditRequestSummary>,
        /// Whether the owner declined.
        declined: bool,
    },
    /// The form passed on other than in order; the new order was told before.
    OwnershipTransferred(Transfer),
    /// An editor moved to another field.
    Focus {
        /// Which editor.
        ticket: Ticket,
        /// The field's name, or none.
        field: Option<String>,
    },
    /// The draft changed.
    Changed {
        /// Its number now: one more than before, or a notice was missed.
        rev: Rev,
        /// Whose change it is, so that its author can ignore the echo.
        by: Ticket,
        /// Its author.
        author: Person,
        /// The changes, in order.
        changes: Vec<Change>,
    },
    /// The whole draft was replaced: discarded, or brought back.
    Replaced {
        /// Its number now.
        rev: Rev,
        /// Who did it.
        by: Person,
        /// The draft now.
        draft: Draft,
        /// What was discarded and can be brought back.
        discarded: Option<Draft>,
    },
    /// The draft was saved; nothing is unsaved now.
    Saved {
        /// The new version.
        version: Version,
        /// Who saved.
        by: Person,
        /// The values that differ from the version before.
        changed: Values,
    },
    /// The record went out of its list, or came back (4.6). The draft stays as it is.
    Removed {
        /// How it is gone; none if it is back.
        gone: Option<Deletion>,
        /// Who did it.
        by: Person,
    },
    /// Somebody said something about the record, or took it back: what is said is to be asked for again.
    Commented,
    /// The definition that the record obeys changed, and with it perhaps the saved values: the form must
    /// be joined again.
    Redefined,
    /// A save failed; the draft is kept.
    Invalid {
        /// One error per bad field.
        errors: Vec<FieldError>,
    },
}
