//! The list of entities, patched in place.

use baton_protocol::desktop::TopicUpdate;
use baton_protocol::message::{EntityRow, FormPresence, Problem, Snapshot};

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
            TopicUpdate::Snapshot(Snapshot::Entities(rows)) => {
                self.rows = Some(rows);
                self.problem = None;
            }
            TopicUpdate::Cached {
                snapshot: Snapshot::Entities(rows),
                ..
            } => {
                self.rows = Some(rows);
                self.problem = None;
                // Who had them open then is not who has them open now.
                self.set_presence(&[]);
            }
            TopicUpdate::Presence(FormPresence { form, presence, draft }) => {
                let mut rows = self.rows.iter_mut().flatten();
                if let Some(row) = rows.find(|row| row.entity.id.0 == form.id) {
                    row.editing = presence;
                    row.unsaved = draft;
                }
            }
            TopicUpdate::AllPresence(all) => self.set_presence(&all),
            TopicUpdate::Event(event) => event.apply_to_entities(self.rows.get_or_insert_default()),
            TopicUpdate::Refused(problem) => self.problem = Some(problem),
            TopicUpdate::Current => self.problem = None,
            TopicUpdate::Snapshot(
                Snapshot::Records { .. } | Snapshot::Bin { .. } | Snapshot::Drafts(_) | Snapshot::Live(_),
            )
            | TopicUpdate::Live(_)
            | TopicUpdate::Cached { .. } => {}
        }
        self
    }

    /// These are all definitions that somebody has open, or left unsaved.
    fn set_presence(&mut self, all: &[FormPresence]) {
        for row in self.rows.iter_mut().flatten() {
            let known = all.iter().find(|known| known.form.id == row.entity.id.0);
            row.editing = known.and_then(|known| known.presence.clone());
            row.unsaved = known.and_then(|known| known.draft.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use baton_protocol::entity::Entity;
    use baton_protocol::form::Presence;
    use baton_protocol::id::{EntityId, FormKey, UserId};
    use baton_protocol::message::Event;
    use baton_protocol::person::Person;
    use baton_protocol::time::Timestamp;
    use uuid::Uuid;

    use super::*;

    fn row(number: u128) -> EntityRow {
        let name = format!("things{number}");
        let entity = Entity::new(EntityId(Uuid::from_u128(number)), &name, "Thing", "Things", Vec::new());
        EntityRow::new(Arc::new(entity), 3)
    }

    fn open(number: u128) -> FormPresence {
        let owner = Person {
            id: UserId(Uuid::nil()),
            name: "Anna".into(),
        };
        FormPresence {
            form: FormKey::entity(EntityId(Uuid::from_u128(number))),
            presence: Some(Presence { owner, others: 0 }),
            draft: None,
        }
    }

    fn edited(entities: &Entities) -> Vec<bool> {
        entities
            .rows
            .iter()
            .flatten()
            .map(|row| row.editing.is_some())
            .collect()
    }

    #[test]
    fn who_has_a_definition_open_is_told_one_by_one_and_all_at_once() {
        let shown = Entities::default().after(TopicUpdate::Snapshot(Snapshot::Entities(vec![row(1), row(2)])));
        let shown = shown.after(TopicUpdate::Presence(open(1)));
        assert_eq!(edited(&shown), [true, false]);
        let shown = shown.after(TopicUpdate::AllPresence(vec![open(2)]));
        assert_eq!(
            edited(&shown),
            [false, true],
            "whoever is not named is not there any more"
        );
    }

    #[test]
    fn nobody_is_said_to_be_there_who_was_when_it_was_remembered() {
        let shown = Entities::default().after(TopicUpdate::Snapshot(Snapshot::Entities(vec![row(1)])));
        let mut rows = shown.after(TopicUpdate::Presence(open(1))).rows.unwrap_or_default();
        rows.push(row(2));
        let (at, snapshot) = (Timestamp(0), Snapshot::Entities(rows));
        let remembered = Entities::default().after(TopicUpdate::Cached { at, snapshot });
        assert_eq!(edited(&remembered), [false, false]);
    }

    #[test]
    fn a_count_changes_its_row_and_no_other() {
        let shown = Entities::default().after(TopicUpdate::Snapshot(Snapshot::Entities(vec![row(1), row(2)])));
        let entity = EntityId(Uuid::from_u128(2));
        let event = Event::RecordCount { entity, records: 7 };
        let shown = shown.after(TopicUpdate::Event(event));
        let counts: Vec<u64> = shown.living().map(|row| row.records).collect();
        assert_eq!(counts, [3, 7]);
    }
}
