//! Reading a form from the store.

use std::collections::BTreeMap;
use std::sync::Arc;

use baton_locales::say;
use baton_protocol::entity::{Entity, EntityStatus};
use baton_protocol::form::Form;
use baton_protocol::id::{EntityId, FormKey, FormKind, RecordId, Version};
use baton_protocol::message::Problem;
use baton_protocol::schema;

use super::{Forms, Loaded};
use crate::error::not_found;
use crate::error::{no_entity, no_record};
use crate::store::{LogSize, StoredForm};

impl Forms {
    pub(super) async fn load(
        &self,
        slot: &mut Option<Loaded>,
        key: FormKey,
        entity: Option<EntityId>,
    ) -> Result<(), Problem> {
        if slot.is_none() {
            let mut loaded = match key.kind {
                FormKind::Record => self.load_record(key, entity).await?,
                FormKind::Entity => self.load_definition(key).await?,
            };
            let accounts = &self.shared.accounts;
            loaded
                .form
                .refresh_names(|id| Some(accounts.current(id)?.account.person.name.clone()));
            *slot = Some(loaded);
        }
        Ok(())
    }

    async fn load_definition(&self, key: FormKey) -> Result<Loaded, Problem> {
        let store = &self.shared.store;
        let id = EntityId(key.id);
        let saved = store.entity(id).await?;
        let (form, n, log) = parted(store.form(key).await?);
        let entity = saved.unwrap_or_else(|| Entity::unsaved(id));
        let form = form.unwrap_or_else(|| Form::new(key, id, entity.version, schema::new_values(key.kind, &entity)));
        let form = Form {
            version: entity.version,
            values: schema::new_values(key.kind, &entity),
            gone: entity.gone.clone(),
            ..form
        };
        Ok(Loaded {
            form,
            entity: Arc::new(entity),
            saved: None,
            deadline: None,
            n,
            log,
            viewers: BTreeMap::new(),
            job: None,
        })
    }

    async fn load_record(&self, key: FormKey, entity: Option<EntityId>) -> Result<Loaded, Problem> {
        let store = &self.shared.store;
        let record = store.record(RecordId(key.id)).await?;
        let (form, n, log) = parted(store.form(key).await?);
        let entity_id = match (&record, &form, entity) {
            (Some(record), ..) => record.entity,
            (None, Some(form), _) => form.entity,
            (None, None, Some(entity)) => {
                if store.was_purged(RecordId(key.id)).await? {
                    return Err(not_found(say::server::this_record_was_deleted()));
                }
                entity
            }
            (None, None, None) => return Err(no_record()),
        };
        let entity = store.entity(entity_id).await?.ok_or_else(no_entity)?;
        if record.is_none() && form.is_none() && entity.status == EntityStatus::Archived {
            let why = say::server::collection_is_archived(&entity.label_plural);
            return Err(not_found(why));
        }
        let new_values = || schema::new_values(key.kind, &entity);
        let form = form.unwrap_or_else(|| Form::new(key, entity_id, Version::default(), new_values()));
        let (form, saved) = match record {
            Some(record) => {
                let form = Form {
                    version: record.version,
                    values: record.values,
                    gone: entity.gone.clone().or(record.gone),
                    ..form
                };
                (form, Some((record.created, record.updated)))
            }
            None => {
                let values = new_values();
                let gone = entity.gone.clone();
                (Form { values, gone, ..form }, None)
            }
        };
        Ok(Loaded {
            form,
            entity: Arc::new(entity),
            saved,
            deadline: None,
            n,
            log,
            viewers: BTreeMap::new(),
            job: None,
        })
    }
}

/// What is stored of a form, how often it was, and how much was appended to it.
fn parted(stored: Option<StoredForm>) -> (Option<Form>, u64, LogSize) {
    stored.map_or((None, 0, LogSize::default()), |stored| {
        (Some(stored.form), stored.n, stored.log)
    })
}
