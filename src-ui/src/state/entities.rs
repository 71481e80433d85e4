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
