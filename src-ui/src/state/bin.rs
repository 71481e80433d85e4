//! The records that are out of the list of an entity.

use std::sync::Arc;

use baton_protocol::desktop::TopicUpdate;
use baton_protocol::entity::Entity;
use baton_protocol::message::{Event, Problem, Snapshot};
use baton_protocol::record::BinRow;

/// The bin and the archive.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Bin {
    /// Whose; none until it came.
    pub(crate) entity: Option<Arc<Entity>>,
    /// Newest record first.
    pub(crate) rows: Vec<BinRow>,
    /// After how many days what was deleted is purged.
    pub(crate) keep_days: u64,
    /// Why it cannot be shown.
    pub(crate) problem: Option<Problem>,
}

impl Bin {
    /// The bin after the update.
    pub(crate) fn after(mut self, update: TopicUpdate) -> Self {
        match update {
            TopicUpdate::Snapshot(snapshot) | TopicUpdate::Cached { snapshot, .. } => self.showing(snapshot),
            TopicUpdate::Event(Event::Redefined { entity }) => {
                self.entity = Some(entity);
                self
            }
            TopicUpdate::Event(event) => {
                event.apply_to_bin(&mut self.rows);
                self
            }
            TopicUpdate::Refused(problem) => {
                self.problem = Some(problem);
                self
            }
            TopicUpdate::Current | TopicUpdate::Presence(_) | TopicUpdate::AllPresence(_) | TopicUpdate::Live(_) => {
                self
            }
        }
    }

    fn showing(self, snapshot: Snapshot) -> Self {
        match snapshot {
            Snapshot::Bin {
                entity,
                rows,
                keep_days,
            } => Self {
                entity: Some(Arc::new(*entity)),
                rows,
                keep_days,
                problem: None,
            },
            Snapshot::Entities(_) | Snapshot::Records { .. } | Snapshot::Drafts(_) | Snapshot::Live(_) => self,
        }
    }
}
