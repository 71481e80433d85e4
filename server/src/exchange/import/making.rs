//! Rows that make records; and what an import writes of its rows, a few at a time.

use super::*;
use baton_locales::{Text, say};

impl Rows {
    /// Takes a row in; how many rows are done with it.
    pub(super) async fn take(
        &self,
        app: &App,
        mut row: ReadRow,
        taken: &mut Taken,
        state: &mut ImportState,
    ) -> Result<u64, Problem> {
        let (notes, written) = (std::mem::take(&mut row.notes), std::mem::take(&mut row.written));
        let number = row.number;
        match self.effect(app, row, taken).await? {
            Ok(RowEffect::Make(values)) => {
                note(&mut state.outcome, notes);
                state.new.push((written, self.write(app, values)));
            }
            Ok(RowEffect::Change(.., changes)) if changes.is_empty() => {
                state.outcome.unchanged += 1;
                return Ok(1);
            }
            Ok(RowEffect::Change(record, version, change)) => {
                note(&mut state.outcome, notes);
                state.changes.push(RowChange {
                    number,
                    written,
                    record,
                    version,
                    change,
                });
            }
            Err(faults) => {
                state.failed.push(&written, &faults);
                leave_out(&mut state.outcome, faults);
                return Ok(1);
            }
        }
        Ok(0)
    }

    /// Writes what waits; how many rows are done with it.
    pub(super) async fn write_waiting(&self, app: &App, state: &mut ImportState, import: Option<UploadId>) -> u64 {
        let changed = self.change_all(app, state).await;
        if state.new.is_empty() {
            return changed;
        }
        let (rows, records): (Vec<_>, Vec<_>) = std::mem::take(&mut state.new).into_iter().unzip();
        let count = records.len() as u64;
        match app.store.write(Write::Records { records, import }).await {
            Ok(()) => state.outcome.records += count,
            Err(error) => {
                let why = describe(error);
                for row in rows {
                    state.failed.push(&row, &[of_table(why.clone())]);
                }
                state.outcome.problem = Some(why);
                state.outcome.left_out += count;
            }
        }
        changed + count
    }

    /// A link may name a record by its title, where just one has it.
    pub(super) async fn link_by_title(&self, app: &App, row: &mut ReadRow, taken: &mut Taken) -> Result<(), Problem> {
        let links = self.columns.iter().flatten();
        for field in links.filter(|field| field.field_type == FieldType::Relation) {
            let (Some(target), Some(value)) = (field.target, row.values.get(&field.name)) else {
                continue;
            };
            let mut items = value.items().to_vec();
            for item in &mut items {
                if Uuid::try_parse(item).is_ok() {
                    continue;
                }
                let key = (target, item.clone());
                let found = match taken.titles.get(&key) {
                    Some(found) => found.clone(),
                    None => {
                        // What they may not see is not found.
                        let rights = app.accounts.rights(self.person.id);
                        let target_of = app.bus.definitions().get(target);
                        let found = if target_of.is_some_and(|target| rights.sees(&target)) {
                            app.store.with_title(target, item, 2).await?
                        } else {
                            Vec::new()
                        };
                        // A later row may find what an earlier one state.
                        if !found.is_empty() {
                            taken.titles.insert(key, found.clone());
                        }
                        found
                    }
                };
                match found.as_slice() {
                    [one] => *item = one.to_string(),
                    [] => row.faults.push(self.fault(
                        row.number,
                        field,
                        say::tables::names_no_record(format!("{item:.80}")),
                    )),
                    _ => row.faults.push(self.fault(
                        row.number,
                        field,
                        say::tables::names_several_records(format!("{item:.80}")),
                    )),
                }
            }
            row.values.insert(field.name.clone(), Value::from_items(items));
        }
        Ok(())
    }

    pub(super) fn fault(&self, row: u64, field: &Field, message: Text) -> Fault {
        Fault {
            row,
            title: String::new(),
            field: field.name.clone(),
            message: say::fields::sentence(&field.label, message),
        }
    }

    pub(super) fn checked(
        &self,
        row: ReadRow,
        dangling: Vec<FieldError>,
        taken: &mut Taken,
    ) -> Result<Values, Vec<Fault>> {
        let ReadRow {
            number,
            mut values,
            faults,
            ..
        } = row;
        if !faults.is_empty() {
            return Err(faults);
        }
        let title = values.get(TITLE).map_or("", Value::text).to_owned();
        let fault = |field: &str, message: Text| Fault {
            row: number,
            title: title.clone(),
            field: field.to_owned(),
            message,
        };
        let mut errors = record::check(&self.entity, &values).err().unwrap_or_default();
        errors.extend(dangling);
        if !errors.is_empty() {
            return Err(errors
                .into_iter()
                .map(|error| fault(&error.field, error.message))
                .collect());
        }
        let unique = self.new_keys(&Values::new(), &values);
        let twice = unique.iter().find(|(field, key)| taken.has(field, key));
        if let Some((field, _)) = twice {
            return Err(vec![fault(&field.name, say::tables::same_value(&field.label))]);
        }
        let slug = values.get(SLUG).map_or("", Value::text);
        let slug = if slug.is_empty() {
            taken.slugs.free(&record::slug_of(&title))
        } else if taken.slugs.contains(slug) {
            return Err(vec![fault(SLUG, say::tables::same_slug(slug))]);
        } else {
            slug.to_owned()
        };
        taken.add(unique);
        taken.slugs.insert(&slug);
        values.insert(SLUG.into(), Value::from_text(slug));
        Ok(values)
    }

    pub(super) fn write(&self, app: &App, values: Values) -> RecordWrite {
        let stamp = Stamp {
            by: self.person.clone(),
            at: app.clock.now(),
        };
        let record = Record::new(RecordId(Uuid::now_v7()), self.entity.id, values, stamp);
        RecordWrite {
            record: Indexed::new(&self.entity, record),
            // Before an import there was nothing; that it came from one is said by its size.
            history: Vec::new(),
            job: Some(self.job),
        }
    }
}
