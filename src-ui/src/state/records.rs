//! The list of an entity's records: newest first, one row patched per event, never reloaded for one.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use baton_protocol::desktop::TopicUpdate;
use baton_protocol::entity::Entity;
use baton_protocol::form::Occupancy;
use baton_protocol::id::RecordId;
use baton_protocol::message::{Event, Problem, Snapshot};
use baton_protocol::record::RecordRow;
use baton_protocol::time::Timestamp;

/// The list.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Records {
    /// What it is a list of; none until it came.
    pub(crate) entity: Option<Arc<Entity>>,
    /// Newest first.
    pub(crate) rows: Vec<Row>,
    /// How many there are in all.
    pub(crate) total: u64,
    /// Since when they are only remembered; none: they are current.
    pub(crate) remembered: Option<Timestamp>,
    /// Why they cannot be shown.
    pub(crate) problem: Option<Problem>,
    /// What went out of the list since it came: rows of it may still be on their way.
    removed: BTreeSet<RecordId>,
    /// Who edits records that are not saved yet, or not shown.
    unseen: Vec<(RecordId, Occupancy)>,
}

/// A row and who has its form open.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Row {
    /// The record.
    pub(crate) record: Rc<RecordRow>,
    /// Who edits it.
    pub(crate) editing: Option<Occupancy>,
}

impl Records {
    /// The list after the update.
    pub(crate) fn after(mut self, update: TopicUpdate) -> Self {
        match update {
            TopicUpdate::Snapshot(snapshot) => return self.replaced(snapshot),
            TopicUpdate::Remembered { at, snapshot } => {
                self = self.replaced(snapshot);
                self.remembered = Some(at);
            }
            TopicUpdate::Current => {
                self.remembered = None;
                self.problem = None;
            }
            TopicUpdate::Rows(rows) => self.more(rows),
            TopicUpdate::Event(Event::RecordCreated { row } | Event::RecordRestored { row }) => self.add(row),
            TopicUpdate::Event(Event::RecordRemoved { record }) => self.remove(record),
            TopicUpdate::Event(Event::RecordUpdated { row }) => self.patch(row),
            TopicUpdate::Editing(open) => match self.rows.iter_mut().find(|row| row.record.id == open.record) {
                Some(row) => row.editing = open.occupancy,
                None => {
                    self.take_unseen(open.record);
                    self.unseen
                        .extend(open.occupancy.map(|occupancy| (open.record, occupancy)));
                }
            },
            TopicUpdate::AllEditing(open) => {
                self.unseen = open
                    .into_iter()
                    .filter_map(|row| Some((row.record, row.occupancy?)))
                    .collect();
                for place in 0..self.rows.len() {
                    let editing = self.take_unseen(self.rows[place].record.id);
                    self.rows[place].editing = editing;
                }
            }
            TopicUpdate::Refused(problem) => self.problem = Some(problem),
            TopicUpdate::Event(Event::RecordCount { .. } | Event::BinAdded(_) | Event::BinRemoved { .. }) => {}
        }
        self
    }

    fn replaced(self, snapshot: Snapshot) -> Self {
        let Snapshot::Records {
            entity,
            rows,
            total,
            editing,
        } = snapshot
        else {
            return self;
        };
        let mut after = Self {
            entity: Some(Arc::new(*entity)),
            total,
            unseen: editing
                .into_iter()
                .filter_map(|row| Some((row.record, row.occupancy?)))
                .collect(),
            ..Self::default()
        };
        after.more(rows);
        after
    }

    /// More rows: mostly older ones than all that are shown.
    fn more(&mut self, rows: Vec<RecordRow>) {
        for record in rows {
            if self.removed.contains(&record.id) {
                continue;
            }
            let place = self.rows.partition_point(|row| row.record.id > record.id);
            match self.rows.get_mut(place) {
                Some(row) if row.record.id == record.id => {
                    if row.record.version < record.version {
                        row.record = Rc::new(record);
                    }
                }
                Some(_) | None => {
                    let editing = self.take_unseen(record.id);
                    let record = Rc::new(record);
                    self.rows.insert(place, Row { record, editing });
                }
            }
        }
    }

    fn add(&mut self, record: RecordRow) {
        self.total += 1;
        self.removed.remove(&record.id);
        let editing = self.take_unseen(record.id);
        // Ids are made in the order of time; a record that was begun offline may belong further down.
        let place = self.rows.partition_point(|row| row.record.id > record.id);
        self.rows.insert(
            place,
            Row {
                record: Rc::new(record),
                editing,
            },
        );
    }

    /// Whoever has it open is remembered: it may come back.
    fn remove(&mut self, record: RecordId) {
        // Also one that is not among those shown.
        self.total = self.total.saturating_sub(1);
        self.removed.insert(record);
        let Some(place) = self.rows.iter().position(|row| row.record.id == record) else {
            return;
        };
        let row = self.rows.remove(place);
        self.unseen.extend(row.editing.map(|occupancy| (record, occupancy)));
    }

    fn patch(&mut self, record: RecordRow) {
        match self.rows.iter_mut().find(|row| row.record.id == record.id) {
            Some(row) => row.record = Rc::new(record),
            // Its older row has not come yet.
            None => self.more(vec![record]),
        }
    }

    fn take_unseen(&mut self, id: RecordId) -> Option<Occupancy> {
        let place = self.unseen.iter().position(|(unseen, _)| *unseen == id)?;
        Some(self.unseen.swap_remove(place).1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use baton_protocol::id::{EntityId, UserId, Version};
    use baton_protocol::message::RowEditing;
    use baton_protocol::person::Person;
    use baton_protocol::record::{Stamp, Values};
    use uuid::Uuid;

    fn anna() -> Person {
        Person {
            id: UserId(Uuid::nil()),
            name: "Anna".into(),
        }
    }

    fn row(id: u128, title: &str) -> RecordRow {
        RecordRow {
            id: RecordId(Uuid::from_u128(id)),
            version: Version(1),
            title: title.into(),
            status: "draft".into(),
            cells: Values::new(),
            updated: Stamp {
                by: anna(),
                at: Timestamp(0),
            },
        }
    }

    fn list() -> Records {
        let entity = Entity::new(EntityId(Uuid::nil()), "product", "Product", "Products", Vec::new());
        Records::default().after(TopicUpdate::Snapshot(Snapshot::Records {
            entity: Box::new(entity),
            rows: vec![row(30, "c"), row(10, "a")],
            total: 2,
            editing: Vec::new(),
        }))
    }

    fn titles(list: &Records) -> Vec<&str> {
        list.rows.iter().map(|row| row.record.title.as_str()).collect()
    }

    #[test]
    fn a_change_patches_its_row_and_no_other() {
        let before = list();
        let untouched = Rc::clone(&before.rows[0].record);
        let after = before.after(TopicUpdate::Event(Event::RecordUpdated { row: row(10, "A") }));
        assert_eq!(titles(&after), ["c", "A"]);
        assert!(
            Rc::ptr_eq(&untouched, &after.rows[0].record),
            "the other row is the same one"
        );
    }

    #[test]
    fn more_rows_go_below_and_never_replace_newer_ones() {
        let mut newer = row(10, "newer");
        newer.version = Version(2);
        let after = list()
            .after(TopicUpdate::Event(Event::RecordUpdated { row: newer }))
            .after(TopicUpdate::Rows(vec![row(10, "a"), row(5, "z")]));
        assert_eq!(titles(&after), ["c", "newer", "z"]);
    }

    #[test]
    fn a_new_record_goes_where_its_age_belongs() {
        let after = list()
            .after(TopicUpdate::Event(Event::RecordCreated { row: row(40, "d") }))
            .after(TopicUpdate::Event(Event::RecordCreated { row: row(20, "b") }));
        assert_eq!(titles(&after), ["d", "c", "b", "a"]);
        assert_eq!(after.total, 4);
    }

    #[test]
    fn who_edits_is_shown_also_on_a_row_that_comes_later() {
        let editing = |id: u128, who: Option<Person>| {
            TopicUpdate::Editing(RowEditing {
                record: RecordId(Uuid::from_u128(id)),
                occupancy: who.map(|owner| Occupancy { owner, others: 0 }),
            })
        };
        let after = list().after(editing(50, Some(anna()))).after(editing(10, Some(anna())));
        assert!(after.rows[1].editing.is_some());
        let after = after.after(TopicUpdate::Event(Event::RecordCreated { row: row(50, "e") }));
        assert!(after.rows[0].editing.is_some());
        let after = after.after(editing(50, None));
        assert!(after.rows[0].editing.is_none());
    }
}
