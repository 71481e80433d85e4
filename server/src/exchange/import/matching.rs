//! Rows that change records: each finds the record by a key, and goes through its form.

use std::collections::BTreeMap;

use baton_locales::say;
use baton_protocol::draft::Edit;
use baton_protocol::id::{FormKey, Version};
use futures_util::{StreamExt as _, stream};

use super::*;
use crate::forms::EditOptions;

/// How many records are changed side by side.
const CONCURRENCY: usize = 16;

/// Who has a key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Owner {
    One(RecordId),
    /// More than one record: nobody knows which is meant.
    Several,
    /// An earlier row of the table.
    Row(u64),
}

/// The records of the entity, by the key.
#[derive(Default)]
pub(super) struct Keys(BTreeMap<String, Owner>);

impl Keys {
    /// Notes what a record has.
    pub(super) fn note(&mut self, field: &Field, record: &Record) {
        if let Some(key) = field.unique_key_in(&record.values).filter(|_| record.gone.is_none()) {
            self.0
                .entry(key)
                .and_modify(|owner| *owner = Owner::Several)
                .or_insert(Owner::One(record.id));
        }
    }
}

/// A row that changes a record.
pub(super) struct RowChange {
    pub(super) number: u64,
    pub(super) written: Vec<String>,
    pub(super) record: RecordId,
    /// The version that the row was compared with.
    pub(super) version: Version,
    pub(super) change: Vec<Change>,
}

/// The field by which rows find records.
///
/// # Errors
/// It fills no column, is of a type by which nothing can be looked up, or the import is to be all or nothing: changes
/// through forms are not rolled back.
pub(super) fn key(columns: &[Option<Field>], import: &Import) -> Result<Option<Field>, Problem> {
    let Some(name) = &import.key else {
        return Ok(None);
    };
    if import.all_or_nothing {
        let why = say::tables::an_import_that_changes();
        return Err(Problem::new(Code::Malformed, why));
    }
    let field = columns.iter().flatten().find(|field| field.name == *name);
    field
        .filter(|field| field.field_type.is_lookup_key())
        .cloned()
        .map(Some)
        .ok_or_else(|| {
            let why = say::tables::records_are_found_by();
            Problem::new(Code::Malformed, why)
        })
}

impl Rows {
    /// The record that a row changes; `None`: it makes one.
    pub(super) fn find(&self, row: &ReadRow, taken: &mut Taken) -> Result<Option<RecordId>, Fault> {
        let Some(field) = &self.key else {
            return Ok(None);
        };
        let Some(key) = field.unique_key_in(&row.values) else {
            return Err(self.fault(row.number, field, say::tables::key_is_empty()));
        };
        let why = match taken.keys.0.insert(key.clone(), Owner::Row(row.number)) {
            None => return Ok(None),
            Some(Owner::One(record)) => return Ok(Some(record)),
            Some(Owner::Several) => {
                taken.keys.0.insert(key, Owner::Several);
                say::tables::key_names_several()
            }
            Some(Owner::Row(first)) => {
                taken.keys.0.insert(key, Owner::Row(first));
                say::tables::same_as_in_row(first)
            }
        };
        Err(self.fault(row.number, field, why))
    }

    /// What the row changes of the record. An empty cell changes nothing.
    pub(super) async fn change_of(
        &self,
        app: &App,
        row: ReadRow,
        id: RecordId,
        taken: &mut Taken,
    ) -> Result<Result<RowEffect, Vec<Fault>>, Problem> {
        let record = app.store.record(id).await?;
        let has_key = |record: &Record| {
            let key = self
                .key
                .as_ref()
                .map(|key| (key.unique_key_in(&record.values), key.unique_key_in(&row.values)));
            key.is_some_and(|(its, wanted)| its == wanted)
        };
        let Some(record) = record.filter(has_key) else {
            let why = say::tables::names_another_meanwhile();
            let gone = self.key.as_ref().map(|key| self.fault(row.number, key, why));
            return Ok(Err(gone.into_iter().collect()));
        };
        let is_key = |name: &String| self.key.as_ref().is_some_and(|key| key.name == *name);
        let changed: Values = row
            .values
            .into_iter()
            .filter(|(name, value)| !is_key(name) && record.values.get(name).unwrap_or(&Value::Empty) != value)
            .collect();
        let mut values = record.values.clone();
        values.extend(changed.clone());
        let mut errors = record::check(&self.entity, &values).err().unwrap_or_default();
        errors.extend(dangling(&*app.store, &self.entity, &record.values, &values).await?);
        errors.extend(self.taken_by_others(&record.values, &changed, taken));
        if !errors.is_empty() {
            let title = record.values.get(TITLE).map_or("", Value::text);
            let faults = errors.into_iter().map(|error| Fault {
                row: row.number,
                title: title.to_owned(),
                field: error.field,
                message: error.message,
            });
            return Ok(Err(faults.collect()));
        }
        taken.add(self.new_keys(&record.values, &changed));
        taken.slugs.insert(changed.get(SLUG).map_or("", Value::text));
        let change = |(field, value)| Change {
            field,
            edit: Edit::Set(value),
        };
        let changes = changed.into_iter().map(change).collect();
        Ok(Ok(RowEffect::Change(id, record.version, changes)))
    }

    /// What of the changes another record, or a row before, has already.
    fn taken_by_others(&self, before: &Values, changed: &Values, taken: &Taken) -> Vec<FieldError> {
        let mut errors = Vec::new();
        for (field, key) in self.new_keys(before, changed) {
            if taken.has(field, &key) {
                errors.push(FieldError {
                    field: field.name.clone(),
                    message: say::tables::same_value_before(&field.label),
                });
            }
        }
        let slug = changed.get(SLUG).map_or("", Value::text);
        if !slug.is_empty() && taken.slugs.contains(slug) {
            errors.push(FieldError {
                field: SLUG.into(),
                message: say::tables::same_slug(slug),
            });
        }
        errors
    }

    /// The unique values that a change brings.
    pub(super) fn new_keys(&self, before: &Values, changed: &Values) -> Vec<(&Field, String)> {
        let unique = self.entity.fields.iter().filter(|field| field.unique);
        let new = unique.filter_map(|field| {
            let key = field.unique_key_in(changed)?;
            (field.unique_key_in(before).as_ref() != Some(&key)).then_some((field, key))
        });
        new.collect()
    }

    /// Changes the records, each through its form: whoever edits one goes first, and its row is left out.
    pub(super) async fn change_all(&self, app: &App, state: &mut ImportState) -> u64 {
        let rows = std::mem::take(&mut state.changes);
        let count = rows.len() as u64;
        let done = stream::iter(rows)
            .map(async |row| {
                let form = FormKey::record(row.record);
                let options = EditOptions {
                    expected_version: Some(row.version),
                    job: Some(self.job),
                };
                let changed = app.forms.edit_at_once(form, &self.person, row.change, options).await;
                (row.number, row.written, changed)
            })
            .buffer_unordered(CONCURRENCY)
            .collect::<Vec<_>>()
            .await;
        for (number, written, changed) in done {
            let problem = match changed {
                Ok(Some(_)) => {
                    count_change(&mut state.outcome);
                    continue;
                }
                Ok(None) => {
                    state.outcome.unchanged += 1;
                    continue;
                }
                Err(problem) => problem,
            };
            let (field, message) = match problem.fields.first() {
                Some(error) => (error.field.clone(), error.message.clone()),
                None => (String::new(), problem.message),
            };
            let fault = self.seen(Fault {
                row: number,
                title: String::new(),
                field,
                message,
            });
            state.failed.push(&written, std::slice::from_ref(&fault));
            leave_out(&mut state.outcome, vec![fault]);
        }
        count
    }
}
