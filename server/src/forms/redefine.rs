//! After a definition changed: open forms of its records learn of it, and the values that records have
//! become what the new definition calls for.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use baton_protocol::definition;
use baton_protocol::entity::Entity;
use baton_protocol::field::{ChoiceOption, Field, Value};
use baton_protocol::form::{Command, Notice};
use baton_protocol::id::{EntityId, FormKey, FormKind, SessionId, UserId};
use baton_protocol::list::Impact;
use baton_protocol::message::Problem;
use baton_protocol::person::Person;
use baton_protocol::values::Values;
use futures_util::future::BoxFuture;
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::Forms;
use super::slot::SlotUse;
use crate::store::{Conversion, StoreError, Write};

/// How many records are read at once, and how many of them are converted side by side.
const READ: u32 = 500;
const CONCURRENCY: usize = 32;
/// How many records get their keys anew in one transaction: whoever types meanwhile waits no longer.
const INDEXED: usize = 50;
/// How many values that cannot be kept are told.
const EXAMPLES: usize = 5;

/// Whether values of the field may have to become others.
fn differs(before: &Field, after: &Field) -> bool {
    let of = |field: &Field| (field.field_type, field.many, field.target);
    of(before) != of(after) || before.offered().any(|option| !after.offers(&option.id))
}

/// Whether an option has another label: values stay, and lists sort and find them by it.
fn renames_options(before: &Field, after: &Field) -> bool {
    let renamed = |option: &ChoiceOption| after.option_words(&option.id) != option.words();
    before.options.iter().any(renamed)
}

/// Whether records must be converted, or compared by other words.
pub(super) fn converts(before: &Entity, after: &Entity) -> bool {
    before.fields.iter().any(|field| {
        let now = after.fields.iter().find(|now| now.id == field.id);
        now.is_none_or(|now| differs(field, now) || renames_options(field, now))
    })
}

/// What a record's values become; nothing if they stay as they are.
fn converted(before: &[Field], after: &Entity, values: &Values) -> Option<Values> {
    let mut changed = Values::new();
    for field in before {
        let Some(value) = values.get(&field.name).filter(|value| !value.is_blank()) else {
            continue;
        };
        let becomes = match after.fields.iter().find(|now| now.id == field.id) {
            Some(now) if differs(field, now) => now.convert(field, value).unwrap_or_default(),
            Some(_) => continue,
            None => Value::Empty,
        };
        if becomes != *value {
            changed.insert(field.name.clone(), becomes);
        }
    }
    (!changed.is_empty()).then_some(changed)
}

impl Forms {
    /// Tells every open form of the entity's records, and has what must be converted.
    pub(super) async fn redefined(&self, entity: &Arc<Entity>) {
        for slot in self.record_slots() {
            let mut guard = slot.lock().await;
            let mut hidden_from: BTreeSet<UserId> = BTreeSet::new();
            if let Some(loaded) = guard.as_mut().filter(|loaded| loaded.form.entity == entity.id) {
                // Whoever may not see it any more hears that it is another one, and then nothing.
                self.publish(loaded, Notice::Redefined);
                loaded.entity = Arc::clone(entity);
                let editors = loaded.form.queue.editors().iter().map(|editor| editor.person.id);
                let accounts = &self.shared.accounts;
                hidden_from.extend(editors.filter(|person| !accounts.rights(*person).sees(entity)));
            }
            drop(guard);
            if !hidden_from.is_empty() {
                self.revoke_hidden(slot.key(), hidden_from).await;
            }
        }
        self.shared.to_convert.notify_one();
    }

    /// In a box: what follows a definition's save is a command of another form.
    fn revoke_hidden(&self, key: FormKey, people: BTreeSet<UserId>) -> BoxFuture<'_, ()> {
        Box::pin(self.revoke(key, people))
    }

    /// An entity was deleted or brought back: every open form of its records goes and comes with it. What is
    /// in memory of them is read again.
    pub(super) async fn entity_deleted_or_restored(&self, entity: &Arc<Entity>, by: &Person) {
        for slot in self.record_slots() {
            let mut guard = slot.lock().await;
            if guard.as_ref().is_none_or(|loaded| loaded.form.entity != entity.id) {
                continue;
            }
            let Some(before) = guard.take() else { continue };
            match self.read_again(Box::new(before)).await {
                Ok(loaded) => {
                    let gone = loaded.form.gone.clone();
                    let by = by.clone();
                    self.publish(&loaded, Notice::Removed { gone, by });
                    *guard = Some(loaded);
                }
                Err(problem) => {
                    tracing::error!(form = %slot.key(), %problem, "a form of a record could not follow its entity");
                }
            }
        }
        self.shared.to_convert.notify_one();
    }

    /// The forms of records that are in memory.
    fn record_slots(&self) -> Vec<SlotUse> {
        self.shared.slots.filtered(|key, _| key.kind == FormKind::Record)
    }

    /// Converts what is left to be converted: after a start, and after every change of a definition. Runs
    /// for ever.
    pub async fn keep_converted(&self) {
        loop {
            let changed = self.shared.to_convert.notified();
            if let Err(error) = self.convert_all().await {
                tracing::error!(%error, "records could not be converted; trying again in a while");
                tokio::time::sleep(Duration::from_secs(10)).await;
            } else {
                changed.await;
            }
        }
    }

    async fn convert_all(&self) -> Result<(), StoreError> {
        for conversion in self.shared.store.conversions().await? {
            if let Some(entity) = self.living(conversion.entity).await? {
                self.convert(&conversion, &entity).await?;
            }
            // One that is deleted is converted when it comes back.
            if self.living(conversion.entity).await?.is_some() {
                self.shared.store.write(Write::Converted(conversion)).await?;
            }
        }
        Ok(())
    }

    async fn living(&self, entity: EntityId) -> Result<Option<Entity>, StoreError> {
        let entity = self.shared.store.entity(entity).await?;
        Ok(entity.filter(|entity| entity.gone.is_none()))
    }

    async fn convert(&self, conversion: &Conversion, entity: &Entity) -> Result<(), StoreError> {
        let Conversion { before, by, .. } = conversion;
        let mut num = 0;
        loop {
            let records = self.shared.store.records_after(entity.id, num, READ).await?;
            let Some(last) = records.last() else {
                return Ok(());
            };
            num = last.num;
            // A value that stays as it is may be compared in another way by its new type.
            for records in records.chunks(INDEXED) {
                let write = Write::Reindex {
                    entity: Box::new(entity.clone()),
                    records: records.iter().map(|record| record.id).collect(),
                };
                self.shared.store.write(write).await?;
            }
            let side_by_side = Arc::new(Semaphore::new(CONCURRENCY));
            let mut tasks = tokio::task::JoinSet::new();
            for record in records {
                let Some(values) = converted(before, entity, &record.values) else {
                    continue;
                };
                let from = record.values;
                let (forms, by, room) = (self.clone(), by.clone(), Arc::clone(&side_by_side));
                tasks.spawn(async move {
                    // It is never closed.
                    let _room = room.acquire_owned().await;
                    let command = Command::Convert {
                        from,
                        values,
                        person: by,
                    };
                    let key = FormKey::record(record.id);
                    if let Err(problem) = forms.execute(key, SessionId(Uuid::nil()), command).await {
                        tracing::error!(form = %key, %problem, "a record could not be converted");
                    }
                });
            }
            tasks.join_all().await;
        }
    }

    /// What saving the draft of a definition does to the values that records have.
    ///
    /// # Errors
    /// There is no such form, or the store failed.
    pub async fn impact(&self, entity: EntityId) -> Result<Vec<Impact>, Problem> {
        let key = FormKey::entity(entity);
        let slot = self.shared.slots.get(key);
        let (before, after) = {
            let guard = self.open(&slot, key, None).await?;
            let Some(loaded) = guard.as_ref() else {
                return Ok(Vec::new());
            };
            let values = loaded.form.draft.merged(&loaded.form.values);
            let after = definition::entity_of(&loaded.entity, &values);
            (Arc::clone(&loaded.entity), after)
        };
        drop(slot);
        let mut impacts = Vec::new();
        for field in &before.fields {
            let now = after.fields.iter().find(|now| now.id == field.id);
            if now.is_some_and(|now| !differs(field, now)) {
                continue;
            }
            let values = self.shared.store.field_values(entity, &field.name).await?;
            let lost: BTreeMap<String, u64> = values
                .iter()
                .filter(|(value, _)| now.is_none_or(|now| now.convert(field, value).is_none()))
                .map(|(value, records)| (field.print(value), *records))
                .collect();
            impacts.push(Impact {
                field: field.id.clone(),
                label: field.label.clone(),
                removed: now.is_none(),
                records: values.iter().map(|(_, records)| records).sum(),
                lost: lost.values().sum(),
                examples: lost.into_keys().take(EXAMPLES).collect(),
            });
        }
        Ok(impacts)
    }
}
