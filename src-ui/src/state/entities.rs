//! The list of entities, patched in place.

use baton_protocol::desktop::TopicUpdate;
use baton_protocol::entity::EntityRow;
use baton_protocol::message::{Problem, Snapshot};

/// The list of entities.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Entities {
    /// In their order; none until they came.
    pub(crate) rows: Option<Vec<EntityRow>>,
    /// Why they cannot be shown.
    pub(crate) problem: Option<Problem>,
}

impl Entities {
    /// Those that are there.
    pub(crate) fn living(&self) -> impl Iterator<Item = &EntityRow> {
        self.rows.iter().flatten().filter(|row| row.entity.gone.is_none())
    }

    /// The list after the update.
    pub(crate) fn after(mut self, update: TopicUpdate) -> Self {
        match update {
            TopicUpdate::Snapshot(Snapshot::Entities(rows))
            | TopicUpdate::Cached {
                snapshot: Snapshot::Entities(rows),
                ..
            } => {
                self.rows = Some(rows);
                self.problem = None;
            }
            TopicUpdate::Event(event) => event.apply_to_entities(self.rows.get_or_insert_default()),
            TopicUpdate::Refused(problem) => self.problem = Some(problem),
            TopicUpdate::Current => self.problem = None,
            TopicUpdate::Snapshot(Snapshot::Records { .. } | Snapshot::Bin { .. } | Snapshot::Drafts(_))
            | TopicUpdate::Cached { .. }
            | TopicUpdate::Presence(_)
            | TopicUpdate::AllPresence(_) => {}
        }
        self
    }
}
