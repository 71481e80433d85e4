//! Comings and goings of one moment, told together.

use std::collections::BTreeSet;

use super::queue::{Queue, QueueChange};
use crate::id::Ticket;
use crate::time::Timestamp;

/// Whose place changed since a queue was told of. Whoever came is told with what has become of them since: what it
/// costs does not depend on how often they came and went (6.2).
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct QueueBatch {
    joined: BTreeSet<Ticket>,
    changed: BTreeSet<Ticket>,
}

impl QueueBatch {
    /// Whether there is nothing to tell.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.joined.is_empty() && self.changed.is_empty()
    }

    /// Adds a change that happened after all that is in it. Another order is not added: it tells everything.
    pub fn add(&mut self, change: &QueueChange) {
        if let QueueChange::Part { left, reserved, joined } = change {
            self.joined.extend(joined.iter().map(|editor| editor.ticket));
            self.changed.extend(left);
            self.changed.extend(reserved.iter().map(|(ticket, _)| *ticket));
        }
    }

    /// Returns the change that makes the queue as it is now of one that somebody saw at any moment since the first
    /// change was added.
    #[must_use]
    pub fn change(&self, queue: &Queue, now: Timestamp) -> QueueChange {
        let touched = self.joined.union(&self.changed);
        let (here, left): (Vec<Ticket>, Vec<Ticket>) =
            touched.partition(|ticket| queue.with_ticket(**ticket).is_some());
        let summaries = here.iter().filter_map(|ticket| queue.with_ticket(*ticket));
        let (joined, stayed): (Vec<_>, Vec<_>) = summaries
            .map(|editor| editor.summary(now))
            .partition(|editor| self.joined.contains(&editor.ticket));
        let reserved = stayed.iter().map(|editor| (editor.ticket, editor.reserved_ms));
        QueueChange::Part {
            left,
            reserved: reserved.collect(),
            joined,
        }
    }
}
