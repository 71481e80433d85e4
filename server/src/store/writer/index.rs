//! What lists and searches find records by, kept in the transaction of every save.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use baton_protocol::codec;
use baton_protocol::entity::Entity;
use baton_protocol::id::EntityId;
use baton_protocol::list_query;
use baton_protocol::values::POSITION;
use sqlx::{AssertSqlSafe, Connection as _, Row as _, SqliteConnection};
use uuid::Uuid;

use super::unique::{self, UniqueFields};
use super::{Tx, number};
use crate::store::lists::{self, SLOTS, Slots};
use crate::store::rows::{RECORD, counter, record};
use crate::store::{Indexed, StoreError};

/// The writer's own memory of the index. What is forgotten is read again.
#[derive(Debug, Default)]
pub(in crate::store) struct Index {
    slots: BTreeMap<EntityId, Slots>,
    unique: BTreeMap<EntityId, UniqueFields>,
    last_num: Option<u64>,
}

/// How many records are indexed in one transaction where an older program left no index.
const REBUILT: i64 = 500;

impl Index {
    /// Makes the index of records that have none: a database that an older program wrote.
    pub(in crate::store) async fn open(connection: &mut SqliteConnection) -> Result<Self, StoreError> {
        let mut index = Self::default();
        let entities: Vec<(Uuid, String)> = sqlx::query_as(
            "SELECT id, definition FROM entities e
             WHERE slots = '{}' OR records <> (SELECT count(*) FROM cells WHERE entity_id = e.id)",
        )
        .fetch_all(&mut *connection)
        .await?;
        for (id, definition) in entities {
            let entity: Entity = serde_json::from_str(&definition)?;
            tracing::info!(entity = entity.name, "making the index of its records");
            let mut tx = connection.begin_with("BEGIN IMMEDIATE").await?;
            index.assign(&mut tx, &entity).await?;
            tx.commit().await?;
            let mut num = 0;
            loop {
                let mut tx = connection.begin_with("BEGIN IMMEDIATE").await?;
                let sql =
                    format!("{RECORD} WHERE r.entity_id = ? AND r.gone IS NULL AND r.num > ? ORDER BY r.num LIMIT ?");
                let rows = sqlx::query(AssertSqlSafe(sql))
                    .bind(id)
                    .bind(num)
                    .bind(REBUILT)
                    .fetch_all(&mut *tx)
                    .await?;
                let Some(last) = rows.last() else { break };
                num = last.try_get("num")?;
                for row in &rows {
                    let indexed = Indexed::new(&entity, record(row)?);
                    index.put(&mut tx, &indexed).await?;
                }
                tx.commit().await?;
            }
        }
        Ok(index)
    }

    /// Forgets what a failed transaction may have made untrue.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }

    /// An entity is defined like this now.
    pub(super) fn defined(&mut self, entity: &Entity) {
        self.forget_unique(entity.id);
    }

    /// Which of the entity's fields are unique changed.
    pub(super) fn forget_unique(&mut self, entity: EntityId) {
        self.unique.remove(&entity);
    }

    /// The fields of which no two of the entity's records may have the same.
    pub(super) async fn unique_fields(
        &mut self,
        tx: &mut Tx<'_>,
        entity: EntityId,
    ) -> Result<UniqueFields, StoreError> {
        if let Some(known) = self.unique.get(&entity) {
            return Ok(UniqueFields::clone(known));
        }
        let fields = unique::fields(tx, entity).await?;
        self.unique.insert(entity, UniqueFields::clone(&fields));
        Ok(fields)
    }

    /// The next place in the order of first saves.
    pub(super) async fn next_num(&mut self, tx: &mut Tx<'_>) -> Result<u64, StoreError> {
        let last = match self.last_num {
            Some(last) => last,
            None => {
                let row = sqlx::query("SELECT coalesce(max(num), 0) AS num FROM records")
                    .fetch_one(&mut **tx)
                    .await?;
                counter(&row, "num")?
            }
        };
        self.last_num = Some(last + 1);
        Ok(last + 1)
    }

    /// Which columns the entity's fields have.
    async fn slots(&mut self, tx: &mut Tx<'_>, entity: EntityId) -> Result<&Slots, StoreError> {
        match self.slots.entry(entity) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(unknown) => {
                let slots: String = sqlx::query_scalar("SELECT slots FROM entities WHERE id = ?")
                    .bind(entity.0)
                    .fetch_one(&mut **tx)
                    .await?;
                Ok(unknown.insert(serde_json::from_str(&slots)?))
            }
        }
    }

    /// Gives every field a column. One that had another field's values before is emptied first.
    pub(super) async fn assign(&mut self, tx: &mut Tx<'_>, entity: &Entity) -> Result<(), StoreError> {
        let before = self.slots(tx, entity.id).await?.clone();
        let mut after: Slots = before.clone();
        let missing: Vec<&str> = entity
            .fields
            .iter()
            .map(|field| field.name.as_str())
            .filter(|name| !before.contains_key(*name))
            .collect();
        for name in missing {
            let slot = match (0..SLOTS).find(|slot| !after.values().any(|used| used == slot)) {
                Some(slot) => slot,
                None => {
                    // A column of a field that is no more; there are more columns than fields.
                    let dead = after.iter().find(|(name, _)| entity.field(name).is_none());
                    let Some((dead, slot)) = dead.map(|(name, slot)| (name.clone(), *slot)) else {
                        break;
                    };
                    after.remove(&dead);
                    sqlx::query(AssertSqlSafe(format!(
                        "UPDATE cells SET c{slot} = NULL WHERE entity_id = ?"
                    )))
                    .bind(entity.id.0)
                    .execute(&mut **tx)
                    .await?;
                    slot
                }
            };
            after.insert(name.into(), slot);
        }
        if after != before {
            sqlx::query("UPDATE entities SET slots = ? WHERE id = ?")
                .bind(codec::encode(&after))
                .bind(entity.id.0)
                .execute(&mut **tx)
                .await?;
        }
        self.slots.insert(entity.id, after);
        Ok(())
    }

    /// Has lists and searches find the record as it is now. It must have its place in the order.
    pub(super) async fn put(&mut self, tx: &mut Tx<'_>, indexed: &Indexed) -> Result<(), StoreError> {
        let (record, num) = (&indexed.record, number(indexed.record.num));
        let slots = self.slots(tx, record.entity).await?;
        let keys: Vec<(String, &String)> = indexed
            .keys
            .iter()
            .filter_map(|(name, key)| Some((lists::column(slots, name)?, key)))
            .collect();
        let mut sql = String::from("INSERT OR REPLACE INTO cells (entity_id, num, id, position");
        for (column, _) in &keys {
            sql.push_str(", ");
            sql.push_str(column);
        }
        sql.push_str(") VALUES (?, ?, ?, ?");
        sql.push_str(&", ?".repeat(keys.len()));
        sql.push(')');
        let mut insert = sqlx::query(AssertSqlSafe(sql))
            .bind(record.entity.0)
            .bind(num)
            .bind(record.id.0)
            .bind(list_query::whole_key(record.position));
        for (_, key) in keys {
            insert = insert.bind(key.as_str());
        }
        insert.execute(&mut **tx).await?;
        sqlx::query("INSERT OR REPLACE INTO search (rowid, text) VALUES (?, ?)")
            .bind(num)
            .bind(&indexed.search)
            .execute(&mut **tx)
            .await?;
        Ok(())
    }

    /// Has them find it no more.
    pub(super) async fn take(&mut self, tx: &mut Tx<'_>, entity: EntityId, num: u64) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM cells WHERE entity_id = ? AND num = ?")
            .bind(entity.0)
            .bind(number(num))
            .execute(&mut **tx)
            .await?;
        sqlx::query("DELETE FROM search WHERE rowid = ?")
            .bind(number(num))
            .execute(&mut **tx)
            .await?;
        Ok(())
    }

    /// Only the place in the order that people give by hand changed.
    pub(super) async fn moved(
        &mut self,
        tx: &mut Tx<'_>,
        entity: EntityId,
        num: u64,
        position: i64,
    ) -> Result<(), StoreError> {
        sqlx::query(AssertSqlSafe(format!(
            "UPDATE cells SET {POSITION} = ? WHERE entity_id = ? AND num = ?"
        )))
        .bind(list_query::whole_key(position))
        .bind(entity.0)
        .bind(number(num))
        .execute(&mut **tx)
        .await?;
        Ok(())
    }
}
