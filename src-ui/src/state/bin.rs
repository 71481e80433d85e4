//! The records that are out of the list of an entity.

use std::sync::Arc;

use baton_protocol::desktop::TopicUpdate;
use baton_protocol::entity::Entity;
use baton_protocol::id::RecordId;
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
            TopicUpdate::Event(Event::Renamed { person }) => {
                for row in &mut self.rows {
                    row.row.rename(&person);
                    if row.gone.stamp.by.id == person.id {
                        row.gone.stamp.by.name.clone_from(&person.name);
                    }
                }
                self
            }
            TopicUpdate::Event(Event::BinAdded(row)) => {
                self.remove(row.row.id);
                let place = self.rows.partition_point(|other| other.row.id > row.row.id);
                self.rows.insert(place, *row);
                self
            }
            TopicUpdate::Event(Event::BinRemoved { record }) => {
                self.remove(record);
                self
            }
            TopicUpdate::Event(Event::Redefined { entity }) => {
                self.entity = Some(entity);
                self
            }
            TopicUpdate::Refused(problem) => {
                self.problem = Some(problem);
                self
            }
            TopicUpdate::Current
            | TopicUpdate::Event(
                Event::EntitySaved { .. }
                | Event::EntityPurged { .. }
                | Event::RecordsChanged { .. }
                | Event::RecordCreated { .. }
                | Event::RecordUpdated { .. }
                | Event::RecordRemoved { .. }
                | Event::RecordRestored { .. }
                | Event::RecordCount { .. },
            )
            | TopicUpdate::Presence(_)
            | TopicUpdate::AllPresence(_) => self,
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
            Snapshot::Entities(_) | Snapshot::Records { .. } | Snapshot::Drafts(_) => self,
        }
    }

    fn remove(&mut self, record: RecordId) {
        self.rows.retain(|row| row.row.id != record);
    }
}
