//! What an event does to a list that is at hand whole: the one rule for pages, caches and tests. Lists that are narrowed
//! down or have another order decide by their query where a row belongs.

use super::{EntityRow, Event};
use crate::record::{BinRow, RecordRow};

impl Event {
    /// Applies it to the list of entities, in the order in which they were defined.
    pub fn apply_to_entities(&self, rows: &mut Vec<EntityRow>) {
        match self {
            Self::EntitySaved { row } => match rows.iter_mut().find(|known| known.entity.id == row.entity.id) {
                // Who has it open is not what happened.
                Some(known) => {
                    known.entity.clone_from(&row.entity);
                    known.records = row.records;
                }
                None => rows.push(row.clone()),
            },
            Self::EntityPurged { entity } => rows.retain(|row| row.entity.id != *entity),
            Self::RecordCount { entity, records } => {
                for row in rows.iter_mut().filter(|row| row.entity.id == *entity) {
                    row.records = *records;
                }
            }
            Self::Redefined { .. }
            | Self::RecordsChanged { .. }
            | Self::RecordCreated { .. }
            | Self::RecordUpdated { .. }
            | Self::RecordRemoved { .. }
            | Self::RecordRestored { .. }
            | Self::BinAdded(_)
            | Self::BinRemoved { .. }
            | Self::Renamed { .. } => {}
        }
    }

    /// Applies it to a list of records, in the order of their first saves, newest first.
    pub fn apply_to_records(&self, rows: &mut Vec<RecordRow>) {
        match self {
            Self::RecordCreated { row } | Self::RecordUpdated { row } | Self::RecordRestored { row } => {
                rows.retain(|known| known.id != row.id);
                let place = rows.partition_point(|known| known.num > row.num);
                rows.insert(place, row.clone());
            }
            Self::RecordRemoved { record } => rows.retain(|row| row.id != *record),
            Self::Renamed { person } => {
                for row in rows {
                    row.rename(person);
                }
            }
            Self::EntitySaved { .. }
            | Self::EntityPurged { .. }
            | Self::Redefined { .. }
            | Self::RecordsChanged { .. }
            | Self::RecordCount { .. }
            | Self::BinAdded(_)
            | Self::BinRemoved { .. } => {}
        }
    }

    /// Applies it to a bin, newest record first.
    pub fn apply_to_bin(&self, rows: &mut Vec<BinRow>) {
        match self {
            Self::BinAdded(row) => {
                rows.retain(|known| known.row.id != row.row.id);
                let place = rows.partition_point(|known| known.row.id > row.row.id);
                rows.insert(place, (**row).clone());
            }
            Self::BinRemoved { record } => rows.retain(|row| row.row.id != *record),
            Self::Renamed { person } => {
                for row in rows {
                    row.row.rename(person);
                    if row.gone.stamp.by.id == person.id {
                        row.gone.stamp.by.name.clone_from(&person.name);
                    }
                }
            }
            Self::EntitySaved { .. }
            | Self::EntityPurged { .. }
            | Self::Redefined { .. }
            | Self::RecordsChanged { .. }
            | Self::RecordCreated { .. }
            | Self::RecordUpdated { .. }
            | Self::RecordRemoved { .. }
            | Self::RecordRestored { .. }
            | Self::RecordCount { .. } => {}
        }
    }
}
