//! What a transition leaves to be stored, and what the store may have against it.

use std::sync::Arc;

use baton_locales::say;
use baton_protocol::deletion::{Deletion, Stamp};
use baton_protocol::draft::DraftPatch;
use baton_protocol::entity::Entity;
use baton_protocol::field::Value;
use baton_protocol::form::{DraftLogEntry, Effect, Form, Notice, Outcome, SavedForm};
use baton_protocol::id::{FormKind, RecordId, Rev};
use baton_protocol::record::{self, Record};
use baton_protocol::time::Timestamp;
use baton_protocol::values::{FieldError, SLUG, TITLE};
use baton_protocol::{codec, definition, schema};

use super::redefine::converts;
use super::unique::only_in;
use super::{Forms, Loaded};
use crate::store::{
    DefinitionWrite, EntityWrite, FormWrite, Indexed, LogSize, NewAuditEntry, NewNotification, RecordWrite,
    RemovalWrite, StateWrite, StoreError, WholeState, Write,
};

impl Forms {
    /// A slug for a record that is saved without one.
    pub(super) async fn free_slug(&self, form: &Form) -> Result<Option<String>, StoreError> {
        let value = |name: &str| form.draft.value(&form.values, name);
        if form.key.kind != FormKind::Record || !value(SLUG).is_blank() {
            return Ok(None);
        }
        let slug = record::slug_of(value(TITLE).text());
        if form.values.get(SLUG).map(Value::text) == Some(&slug) {
            // It is this record's already.
            return Ok(Some(slug));
        }
        self.shared.store.free_slug(form.entity, &slug).await.map(Some)
    }

    /// Stores what transitions left, in one write.
    pub(super) async fn store(
        &self,
        loaded: &mut Loaded,
        transitions: &[&[Effect]],
        (audit, notify): (Vec<NewAuditEntry>, Vec<NewNotification>),
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (state, log) = match appended(transitions).filter(|_| loaded.log.has_room()) {
            Some(entries) => append(loaded, &entries, now),
            None => {
                let state = WholeState::new(&loaded.form, now);
                let log = LogSize {
                    whole: state.state.len(),
                    ..LogSize::default()
                };
                (StateWrite::Whole(Box::new(state)), log)
            }
        };
        let effects = || transitions.iter().copied().flatten();
        if effects().any(|effect| matches!(effect, Effect::Save(_) | Effect::Removed(_))) {
            self.refresh_stamps(loaded);
        }
        let mut write = FormWrite::new(loaded.form.key, loaded.n + 1, state);
        (write.audit, write.notify) = (audit, notify);
        for effect in effects() {
            match effect {
                Effect::Save(saved) if loaded.form.key.kind == FormKind::Entity => {
                    write.definition = Some(definition_write(loaded, saved, now));
                }
                Effect::Save(saved) => write.record = Some(record_write(loaded, saved, now)),
                Effect::Removed(gone) if loaded.form.key.kind == FormKind::Entity => {
                    write.definition_removal = Some(definition_removal(loaded, gone.clone(), now));
                }
                Effect::Removed(gone) => write.removal = removal_write(loaded, gone.clone(), now),
                Effect::Append(_) | Effect::Tell(_) | Effect::PresenceChanged(_) => {}
            }
        }
        let saved = write.record.as_ref().map(|write| &write.record.record);
        let saved = saved.map(|record| (record.created.clone(), record.updated.clone()));
        let defined = write.definition.as_ref().map(|write| &write.entity);
        let defined = defined.or(write.definition_removal.as_ref().map(|write| &write.entity));
        let entity = defined.map(|entity| Arc::new(entity.clone()));
        if let Some(entity) = &entity {
            self.fill_unique(&loaded.entity, entity).await?;
        }
        let written = self.shared.store.write(Write::Form(Box::new(write))).await;
        if let (Err(_), Some(entity)) = (&written, &entity) {
            self.abandon_unique(&loaded.entity, entity).await;
        }
        written?;
        loaded.n += 1;
        loaded.log = log;
        loaded.saved = saved.or(loaded.saved.take());
        if let Some(entity) = entity {
            self.forget_unique(&loaded.entity, &entity).await;
            loaded.entity = entity;
        }
        Ok(())
    }

    /// Gives whoever saved the record first and last the names that they have now.
    fn refresh_stamps(&self, loaded: &mut Loaded) {
        for stamp in loaded.saved.iter_mut().flat_map(|(first, last)| [first, last]) {
            if let Some(user) = self.shared.accounts.current(stamp.by.id) {
                stamp.by.name.clone_from(&user.account.person.name);
            }
        }
    }

    /// The draft is kept, and everybody in the form sees what is wrong with it.
    pub(super) fn invalid(&self, loaded: &Loaded, errors: Vec<FieldError>) -> Outcome {
        self.publish(loaded, Notice::Invalid { errors: errors.clone() });
        Outcome::Invalid { errors }
    }
}

/// What was typed, if that is all that the transitions did.
fn appended<'a>(transitions: &[&'a [Effect]]) -> Option<Vec<&'a DraftLogEntry>> {
    let entry = |effects: &&'a [Effect]| {
        effects.iter().find_map(|effect| match effect {
            Effect::Append(entry) => Some(entry),
            Effect::Save(_) | Effect::Removed(_) | Effect::Tell(_) | Effect::PresenceChanged(_) => None,
        })
    };
    transitions.iter().map(entry).collect()
}

/// What was typed, as it is appended to what is stored.
fn append(loaded: &Loaded, entries: &[&DraftLogEntry], at: Timestamp) -> (StateWrite, LogSize) {
    let title = schema::title_field(loaded.form.key.kind);
    let mut patches = entries.iter().flat_map(|entry| &entry.patches);
    let titled = patches.any(|patch| match patch {
        DraftPatch::Set { field, .. } | DraftPatch::Splice { field, .. } | DraftPatch::Clear { field } => {
            field == title
        }
    });
    let entries: Vec<(Rev, String)> = entries.iter().map(|entry| (entry.rev, codec::encode(entry))).collect();
    let mut log = loaded.log;
    for (_, entry) in &entries {
        log.append(entry.len());
    }
    let state = StateWrite::Appended {
        entries,
        title: titled.then(|| loaded.form.title().to_owned()),
        at,
    };
    (state, log)
}

/// What is wrong with the values that were to be saved, if the store refused them for what others have.
pub(super) fn taken(loaded: &Loaded, error: &StoreError) -> Option<Vec<FieldError>> {
    let form = &loaded.form;
    let (field, message) = match error {
        StoreError::SlugTaken => {
            let slug = form.values.get(SLUG).map_or("", Value::text);
            let message = say::server::slug_is_taken(slug);
            (SLUG.to_owned(), message)
        }
        StoreError::Converting => {
            let message = say::server::the_records_are_still();
            (definition::FIELDS.to_owned(), message)
        }
        StoreError::NameTaken => ("name".into(), say::server::another_entity_has_this()),
        StoreError::ValueTaken(name) if form.key.kind == FormKind::Entity => {
            let field = definition::entity_of(&loaded.entity, &form.values)
                .field(name)
                .cloned()?;
            let message = say::server::some_records_have_the();
            (definition::key(&field.id, "unique"), message)
        }
        StoreError::ValueTaken(name) => {
            let label = loaded.entity.field(name).map_or(name.as_str(), |field| &field.label);
            (name.clone(), say::server::value_is_taken(label))
        }
        StoreError::EmailTaken
        | StoreError::RightsChanged
        | StoreError::LastAdmin
        | StoreError::Missing
        | StoreError::Begun
        | StoreError::Stale
        | StoreError::Closed
        | StoreError::Database(_)
        | StoreError::Corrupt(_)
        | StoreError::Transaction(_) => return None,
    };
    Some(vec![FieldError { field, message }])
}

fn record_of(loaded: &Loaded, gone: Option<Deletion>, created: Stamp, updated: Stamp) -> Record {
    Record {
        id: RecordId(loaded.form.key.id),
        entity: loaded.form.entity,
        // Its places are the store's to know.
        num: 0,
        position: 0,
        version: loaded.form.version,
        values: loaded.form.values.clone(),
        created,
        updated,
        gone,
    }
}

fn record_write(loaded: &Loaded, saved: &SavedForm, now: Timestamp) -> RecordWrite {
    let updated = Stamp {
        by: saved.by.clone(),
        at: now,
    };
    let created = loaded.saved.as_ref().map_or(&updated, |(created, _)| created).clone();
    RecordWrite {
        record: Indexed::new(
            &loaded.entity,
            record_of(loaded, loaded.form.gone.clone(), created, updated),
        ),
        history: saved.history.clone(),
        job: loaded.job,
    }
}

fn definition_write(loaded: &Loaded, saved: &SavedForm, now: Timestamp) -> DefinitionWrite {
    let before: &Entity = &loaded.entity;
    let entity = Entity {
        version: saved.version,
        ..definition::entity_of(before, &saved.values)
    };
    DefinitionWrite {
        convert_from: converts(before, &entity).then(|| before.fields.clone()),
        newly_unique: only_in(&entity, before),
        entity,
        saved: Stamp {
            by: saved.by.clone(),
            at: now,
        },
        history: saved.history.clone(),
    }
}

fn definition_removal(loaded: &Loaded, gone: Option<Deletion>, at: Timestamp) -> EntityWrite {
    let entity = Entity {
        gone,
        ..(*loaded.entity).clone()
    };
    EntityWrite { entity, at }
}

/// Nothing for a record that was never saved: it is in no list.
fn removal_write(loaded: &Loaded, gone: Option<Deletion>, now: Timestamp) -> Option<RemovalWrite> {
    let (created, updated) = loaded.saved.clone()?;
    Some(RemovalWrite {
        record: Indexed::new(&loaded.entity, record_of(loaded, gone, created, updated)),
        at: now,
    })
}
