//! What the reader has typed and not saved, wherever it is.

use baton_protocol::desktop::TopicUpdate;
use baton_protocol::message::{DraftRow, Event, Snapshot};

/// The reader's unsaved work, as far as the server has it.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Drafts {
    /// Newest first.
    pub(crate) rows: Vec<DraftRow>,
}

impl Drafts {
    /// The list after the update.
    pub(crate) fn after(mut self, update: TopicUpdate) -> Self {
        match update {
            TopicUpdate::Snapshot(Snapshot::Drafts(rows))
            | TopicUpdate::Cached {
                snapshot: Snapshot::Drafts(rows),
                ..
            } => self.rows = rows,
            TopicUpdate::Event(Event::EntityPurged { entity }) => self.rows.retain(|row| row.entity != entity),
            TopicUpdate::Snapshot(_)
            | TopicUpdate::Cached { .. }
            | TopicUpdate::Event(_)
            | TopicUpdate::Current
            | TopicUpdate::Presence(_)
            | TopicUpdate::AllPresence(_)
            | TopicUpdate::Live(_)
            | TopicUpdate::Refused(_) => {}
        }
        self
    }
}
