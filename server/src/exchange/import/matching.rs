//! Rows that change records: each finds the record by a key, and goes through its form.

use std::collections::BTreeMap;

use baton_protocol::draft::Edit;
use baton_protocol::id::FormKey;
use futures_util::{StreamExt as _, stream};

use super::*;

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
        let key = record.values.get(&field.name).and_then(|value| field.unique_key(value));
        if let Some(key) = key.filter(|_| record.gone.is_none()) {
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
    pub(super) change: Vec<Change>,
}

/// The field by which rows find records.
///
/// # Errors
/// It fills no column, is of a type that names nothing, or the import is to be all or nothing: what was changed through
/// forms is not taken back by itself.
pub(super) fn key(columns: &[Option<Field>], import: &Import) -> Result<Option<Field>, Problem> {
    let Some(name) = &import.key else {
        return Ok(None);
    };
    if import.all_or_nothing {
        let why = "Rows that change records are not all or nothing. Undo the import instead, if it was wrong.";
        return Err(Problem::new(Code::Malformed, why));
    }
    let field = columns.iter().flatten().find(|field| field.name == *name);
    let names = |field: &&Field| {
        matches!(
            field.field_type,
            FieldType::Text
                | FieldType::Email
                | FieldType::Url
                | FieldType::Number
                | FieldType::Date
                | FieldType::DateTime
        )
    };
    field.filter(names).cloned().map(Some).ok_or_else(|| {
        let why = "Records are found by one of the table's columns that is a text, a number or a day.";
        Problem::new(Code::Malformed, why)
    })
}

impl Rows {
    /// The record that a row changes; `None`: it makes one.
    pub(super) fn find(&self, row: &ReadRow, taken: &mut Taken) -> Result<Option<RecordId>, Fault> {
        let Some(field) = &self.key else {
            return Ok(None);
        };
        let key = row.values.get(&field.name).and_then(|value| field.unique_key(value));
        let Some(key) = key else {
            return Err(self.fault(row.number, field, "is empty, and records are found by it."));
        };
        let why = match taken.keys.0.insert(key.clone(), Owner::Row(row.number)) {
            None => return Ok(None),
            Some(Owner::One(record)) => return Ok(Some(record)),
            Some(Owner::Several) => {
                taken.keys.0.insert(key, Owner::Several);
                "names several records.".to_owned()
            }
            Some(Owner::Row(first)) => {
                taken.keys.0.insert(key, Owner::Row(first));
                format!("is the same as in row {first}.")
            }
        };
        Err(self.fault(row.number, field, &why))
    }

    /// What the row changes of the record. An empty cell changes nothing.
    pub(super) async fn change_of(
        &self,
        app: &App,
        row: ReadRow,
        id: RecordId,
        taken: &mut Taken,
    ) -> Result<Result<Fate, Vec<Fault>>, Problem> {
        if !row.faults.is_empty() {
            return Ok(Err(row.faults));
        }
        let Some(record) = app.store.record(id).await? else {
            let gone = self
                .key
                .as_ref()
                .map(|key| self.fault(row.number, key, "names a record that is gone."));
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
        let change = |(field, value)| Change {
            field,
            edit: Edit::Set(value),
        };
        Ok(Ok(Fate::Change(id, changed.into_iter().map(change).collect())))
    }

    /// What of the changes another record has already; what is free is taken from now on.
    fn taken_by_others(&self, before: &Values, changed: &Values, taken: &mut Taken) -> Vec<FieldError> {
        let mut errors = Vec::new();
        for field in self.entity.fields.iter().filter(|field| field.unique) {
            let Some(key) = changed.get(&field.name).and_then(|value| field.unique_key(value)) else {
                continue;
            };
            let own = before.get(&field.name).and_then(|value| field.unique_key(value));
            let keys = taken.unique.entry(field.name.clone()).or_default();
            if own.as_ref() != Some(&key) && !keys.insert(key) {
                errors.push(FieldError {
                    field: field.name.clone(),
                    message: format!("Another record has the same {}.", field.label),
                });
            }
        }
        let slug = changed.get(SLUG).map_or("", Value::text);
        if !slug.is_empty() {
            if taken.slugs.contains(slug) {
                errors.push(FieldError {
                    field: SLUG.into(),
                    message: format!("Another record has the slug “{slug}”."),
                });
            }
            taken.slugs.insert(slug);
        }
        errors
    }

    /// Changes the records, each through its form: whoever edits one goes first, and its row is left out.
    pub(super) async fn change_all(
        &self,
        app: &App,
        rows: Vec<RowChange>,
        outcome: &mut JobOutcome,
        failed: &mut FailedRows,
    ) -> u64 {
        let count = rows.len() as u64;
        let done = stream::iter(rows)
            .map(async |row| {
                let form = FormKey::record(row.record);
                let changed = app
                    .forms
                    .edit_at_once(form, &self.person, row.change, Some(self.job))
                    .await;
                (row.number, row.written, changed)
            })
            .buffer_unordered(CONCURRENCY)
            .collect::<Vec<_>>()
            .await;
        for (number, written, changed) in done {
            let problem = match changed {
                Ok(Some(_)) => {
                    count_change(outcome);
                    continue;
                }
                Ok(None) => {
                    outcome.unchanged += 1;
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
            failed.push(&written, std::slice::from_ref(&fault));
            leave_out(outcome, vec![fault]);
        }
        count
    }
}
