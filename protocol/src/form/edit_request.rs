//! Asking to edit: a prompt for the owner, and the hand-over of one who is idle (semantics 3.6).

use serde::{Deserialize, Serialize};

use crate::form::command::Limits;
use crate::id::Ticket;
use crate::person::Person;
use crate::time::Timestamp;

/// Somebody asks to edit.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct EditRequest {
    /// Who.
    pub by: Ticket,
    /// Their name.
    pub person: Person,
    /// When.
    pub at: Timestamp,
}

/// An ask as everybody sees it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct EditRequestSummary {
    /// Who asks.
    pub by: Ticket,
    /// Their name.
    pub person: Person,
    /// If the owner goes on doing nothing, the form passes on in so many milliseconds. A span and not
    /// a time, because clocks differ.
    pub passes_in_ms: u64,
}

impl EditRequest {
    /// When the form passes on by itself: the owner had time to answer, and has done nothing for long.
    pub(super) fn deadline(&self, active: Timestamp, limits: &Limits) -> Timestamp {
        (self.at + limits.answer).max(active + limits.idle)
    }

    pub(super) fn summary(&self, active: Timestamp, limits: &Limits, now: Timestamp) -> EditRequestSummary {
        let left = self.deadline(active, limits).since(now);
        EditRequestSummary {
            by: self.by,
            person: self.person.clone(),
            passes_in_ms: u64::try_from(left.as_millis()).unwrap_or(u64::MAX),
        }
    }
}
