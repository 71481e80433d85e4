//! The values of which no two records may have the same.
//!
//! A field of many records becomes unique in steps: from the first one on every save notes what it has, then the
//! records that are there are noted a few at a time, and the save of the definition only finds that nothing met.
//! Values are noted under the field and its type: one that gets another type is unique by both until that is saved.

use std::sync::Arc;

use baton_protocol::codec;
use baton_protocol::entity::Entity;
use baton_protocol::field::{Field, Value};
use baton_protocol::id::{EntityId, RecordId};
use baton_protocol::record::Record;
use sqlx::{Row as _, SqliteConnection};
use uuid::Uuid;

use super::{Batch, Tx, unique_or};
use crate::store::lists;
use crate::store::{StoreError, UniqueStep};

/// A field of which no two records may have the same.
#[derive(Debug)]
pub(super) struct UniqueField {
    field: Field,
    /// Whether it is unique already; else it is about to become so.
    ready: bool,
}

impl UniqueField {
    /// What the record's value is compared by, if it has one.
    fn key(&self, record: &Record) -> Option<String> {
        self.field.unique_key_in(&record.values)
    }
}

pub(super) type UniqueFields = Arc<[UniqueField]>;

/// What the values of a field are noted under: another type compares them in another way.
fn namespace(field: &Field) -> String {
    format!("{}:{}", field.name, field.field_type.info().id)
}

/// An entity's unique fields.
pub(super) async fn fields(tx: &mut Tx<'_>, entity: EntityId) -> Result<UniqueFields, StoreError> {
    let rows: Vec<(String, bool)> = sqlx::query_as("SELECT definition, ready FROM unique_fields WHERE entity_id = ?")
        .bind(entity.0)
        .fetch_all(&mut **tx)
        .await?;
    let field = |(field, ready): (String, bool)| {
        Ok(UniqueField {
            field: serde_json::from_str(&field)?,
            ready,
        })
    };
    rows.into_iter().map(field).collect()
}

/// Notes what a record has that no other one may have.
pub(super) async fn write(tx: &mut Tx<'_>, turn: &mut Batch<'_>, record: &Record) -> Result<(), StoreError> {
    if record.version.0 > 1 {
        sqlx::query("DELETE FROM unique_values WHERE record_id = ?")
            .bind(record.id.0)
            .execute(&mut **tx)
            .await?;
    }
    let fields = turn.index.unique_fields(tx, record.entity).await?;
    for unique in fields.iter() {
        let Some(key) = unique.key(record) else {
            continue;
        };
        match insert_key(tx, record, &unique.field, &key).await {
            Err(StoreError::ValueTaken(_)) if !unique.ready => mark_conflict(tx, record.entity, &unique.field).await?,
            inserted => inserted?,
        }
    }
    Ok(())
}

async fn insert_key(tx: &mut Tx<'_>, record: &Record, field: &Field, key: &str) -> Result<(), StoreError> {
    let written = sqlx::query("INSERT INTO unique_values (entity_id, field, key, record_id) VALUES (?, ?, ?, ?)")
        .bind(record.entity.0)
        .bind(namespace(field))
        .bind(key)
        .bind(record.id.0)
        .execute(&mut **tx)
        .await;
    unique_or(written, StoreError::ValueTaken(field.name.clone())).map(drop)
}

/// A record was saved with what another one has, before the field is unique.
async fn mark_conflict(tx: &mut Tx<'_>, entity: EntityId, field: &Field) -> Result<(), StoreError> {
    sqlx::query("UPDATE unique_fields SET conflict = 1 WHERE entity_id = ? AND field = ?")
        .bind(entity.0)
        .bind(namespace(field))
        .execute(&mut **tx)
        .await?;
    Ok(())
}

impl UniqueStep {
    pub(super) async fn run(&self, tx: &mut Tx<'_>, turn: &mut Batch<'_>, entity: EntityId) -> Result<(), StoreError> {
        match self {
            Self::Begin(fields) => {
                stop(tx, turn, entity).await?;
                for field in fields {
                    insert_field(tx, entity, field, false).await?;
                }
            }
            Self::Stop => stop(tx, turn, entity).await?,
            Self::Fill(records) => fill(tx, turn, entity, records).await?,
            Self::Forget(records) => {
                sqlx::query(
                    "DELETE FROM unique_values WHERE record_id IN (SELECT unhex(value) FROM json_each(?))
                     AND field NOT IN (SELECT field FROM unique_fields WHERE entity_id = ? AND ready)",
                )
                .bind(lists::listed(records))
                .bind(entity.0)
                .execute(&mut **tx)
                .await?;
            }
        }
        Ok(())
    }
}

/// No field is about to become unique.
async fn stop(tx: &mut Tx<'_>, turn: &mut Batch<'_>, entity: EntityId) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM unique_fields WHERE entity_id = ? AND NOT ready")
        .bind(entity.0)
        .execute(&mut **tx)
        .await?;
    turn.index.forget_unique(entity);
    Ok(())
}

async fn insert_field(
    connection: &mut SqliteConnection,
    entity: EntityId,
    field: &Field,
    ready: bool,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO unique_fields (entity_id, field, definition, ready) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
    )
    .bind(entity.0)
    .bind(namespace(field))
    .bind(codec::encode(field))
    .bind(ready)
    .execute(connection)
    .await?;
    Ok(())
}

/// Notes what these records have in the fields that are about to become unique.
async fn fill(tx: &mut Tx<'_>, turn: &mut Batch<'_>, entity: EntityId, records: &[RecordId]) -> Result<(), StoreError> {
    let fields = turn.index.unique_fields(tx, entity).await?;
    let records = lists::records(tx, records).await?;
    for unique in fields.iter().filter(|field| !field.ready) {
        for record in &records {
            // It may have been saved, and noted, since.
            sqlx::query("DELETE FROM unique_values WHERE record_id = ? AND field = ?")
                .bind(record.id.0)
                .bind(namespace(&unique.field))
                .execute(&mut **tx)
                .await?;
            if let Some(key) = unique.key(record) {
                insert_key(tx, record, &unique.field, &key).await?;
            }
        }
    }
    Ok(())
}

/// From now on no two records have the same in this field; they must not have it already.
pub(super) async fn become_unique(tx: &mut Tx<'_>, entity: EntityId, field: &Field) -> Result<(), StoreError> {
    let filled: Option<(String, bool)> = sqlx::query_as(
        "SELECT definition, conflict FROM unique_fields WHERE entity_id = ? AND field = ? AND NOT ready",
    )
    .bind(entity.0)
    .bind(namespace(field))
    .fetch_optional(&mut **tx)
    .await?;
    match filled {
        Some((definition, conflict)) if definition == codec::encode(field) => {
            if conflict {
                return Err(StoreError::ValueTaken(field.name.clone()));
            }
            Ok(())
        }
        Some(_) | None => fill_at_once(tx, entity, field).await,
    }
}

/// The entity's unique fields are those of its definition.
pub(in crate::store) async fn declare(connection: &mut SqliteConnection, entity: &Entity) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM unique_fields WHERE entity_id = ?")
        .bind(entity.id.0)
        .execute(&mut *connection)
        .await?;
    for field in entity.fields.iter().filter(|field| field.unique) {
        insert_field(&mut *connection, entity.id, field, true).await?;
    }
    Ok(())
}

/// Notes what all records have in a field, in one transaction.
pub(in crate::store) async fn fill_at_once(
    connection: &mut SqliteConnection,
    entity: EntityId,
    field: &Field,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM unique_values WHERE entity_id = ? AND field = ?")
        .bind(entity.0)
        .bind(namespace(field))
        .execute(&mut *connection)
        .await?;
    let rows = sqlx::query(
        "SELECT id, content -> ('$.' || ?) AS value FROM records WHERE entity_id = ? AND value IS NOT NULL",
    )
    .bind(&field.name)
    .bind(entity.0)
    .fetch_all(&mut *connection)
    .await?;
    let mut keys: Vec<(String, String)> = Vec::with_capacity(rows.len());
    for row in &rows {
        let value: Value = serde_json::from_str(row.try_get("value")?)?;
        if let Some(key) = field.unique_key(&value) {
            keys.push((row.try_get::<Uuid, _>("id")?.simple().to_string(), key));
        }
    }
    let written = sqlx::query(
        "INSERT INTO unique_values (entity_id, field, key, record_id)
         SELECT ?, ?, value ->> 1, unhex(value ->> 0) FROM json_each(?)",
    )
    .bind(entity.0)
    .bind(namespace(field))
    .bind(codec::encode(&keys))
    .execute(&mut *connection)
    .await;
    unique_or(written, StoreError::ValueTaken(field.name.clone())).map(drop)
}
