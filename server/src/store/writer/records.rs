//! Records: saves, imports, ways out of the list and back, places in it.

use baton_protocol::codec;
use baton_protocol::deletion::DeletionKind;
use baton_protocol::entity::Entity;
use baton_protocol::field::{Value, fold};
use baton_protocol::id::{EntityId, FormKey, RecordId, UploadId};
use baton_protocol::person::{FORMER_NAME, Person};
use baton_protocol::time::Timestamp;
use baton_protocol::values::{CREATED_BY, SLUG, STATUS, TITLE, UPDATED_BY};
use sqlx::{AssertSqlSafe, Row as _};

use super::{Batch, Tx, files, jobs, number, unique, write_save};
use crate::store::lists;
use crate::store::rows::{RECORD, counter, record};
use crate::store::{Indexed, RecordWrite, RemovalWrite, StoreError, commit};

impl RecordWrite {
    pub(super) async fn run(&self, tx: &mut Tx<'_>, turn: &mut Batch<'_>) -> Result<(), StoreError> {
        let Indexed { record, row, .. } = self.write(tx, turn).await?;
        let outcome = commit::saved(&record, row);
        turn.publish(tx, record.updated.at, record.entity, outcome).await
    }

    /// Writes the record and its index, and tells nobody; the record as it is now, with its places.
    async fn write(&self, tx: &mut Tx<'_>, turn: &mut Batch<'_>) -> Result<Indexed, StoreError> {
        let mut indexed = self.record.clone();
        let record = &mut indexed.record;
        if record.num == 0 {
            record.num = turn.index.next_num(tx).await?;
            record.position = commit::first_position(record.num);
            (indexed.row.num, indexed.row.position) = (record.num, record.position);
        }
        let text = |name: &str| record.values.get(name).map_or("", Value::text);
        let written = sqlx::query(
            "INSERT INTO records (id, entity_id, num, position, version, title, slug, status, content,
                                  created_by, created_at, updated_by, updated_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (id) DO UPDATE SET
                 version = excluded.version, title = excluded.title, slug = excluded.slug,
                 status = excluded.status, content = excluded.content,
                 updated_by = excluded.updated_by, updated_at = excluded.updated_at
             RETURNING num, position",
        )
        .bind(record.id.0)
        .bind(record.entity.0)
        .bind(number(record.num))
        .bind(record.position)
        .bind(number(record.version.0))
        .bind(text(TITLE))
        .bind(text(SLUG))
        .bind(text(STATUS))
        .bind(codec::encode(&record.values))
        .bind(record.created.by.id.0)
        .bind(record.created.at.0)
        .bind(record.updated.by.id.0)
        .bind(record.updated.at.0)
        .fetch_one(&mut **tx)
        .await;
        let written = match written {
            Ok(row) => row,
            Err(sqlx::Error::Database(error)) if error.is_unique_violation() => return Err(StoreError::SlugTaken),
            Err(error) => return Err(error.into()),
        };
        // Somebody may have moved it since its form was read.
        (record.num, record.position) = (counter(&written, "num")?, written.try_get("position")?);
        (indexed.row.num, indexed.row.position) = (record.num, record.position);
        let (form, version) = (FormKey::record(record.id), record.version);
        write_save(tx, form, version, &record.updated, &self.history).await?;
        if let Some(job) = self.job {
            jobs::note_save(tx, job, record.id, version).await?;
        }
        unique::write(tx, turn, &indexed.record).await?;
        files::write_uses(tx, indexed.record.id, &indexed.files).await?;
        if indexed.record.gone.is_none() {
            turn.index.put(tx, &indexed).await?;
        }
        Ok(indexed)
    }
}

/// Writes many new records; those who watch the list are told once.
pub(super) async fn write_many(
    tx: &mut Tx<'_>,
    turn: &mut Batch<'_>,
    records: &[RecordWrite],
    import: Option<UploadId>,
) -> Result<(), StoreError> {
    let Some(first) = records.first() else {
        return Ok(());
    };
    let (entity, at) = (first.record.record.entity, first.record.record.updated.at);
    for record in records {
        record.write(tx, turn).await?;
    }
    if let Some(import) = import {
        let ids: Vec<RecordId> = records.iter().map(|write| write.record.record.id).collect();
        sqlx::query("INSERT INTO unfinished (import_id, record_id) SELECT ?, unhex(value) FROM json_each(?)")
            .bind(import.0)
            .bind(lists::listed(&ids))
            .execute(&mut **tx)
            .await?;
    }
    let made = i64::try_from(records.len()).unwrap_or(i64::MAX);
    turn.publish(tx, at, entity, commit::changed_many(entity, made)).await
}

/// Has lists find records by what they have now, as the definition has it.
pub(super) async fn reindex(
    tx: &mut Tx<'_>,
    turn: &mut Batch<'_>,
    entity: &Entity,
    records: &[RecordId],
) -> Result<(), StoreError> {
    for record in lists::records(tx, records).await? {
        if record.gone.is_none() {
            turn.index.put(tx, &Indexed::new(entity, record)).await?;
        }
    }
    Ok(())
}

/// Takes back some of what an import made, unless somebody touched it since it was looked for.
pub(super) async fn rollback_import(
    tx: &mut Tx<'_>,
    turn: &mut Batch<'_>,
    (entity, import): (EntityId, UploadId),
    records: &[RecordId],
    at: Timestamp,
) -> Result<(), StoreError> {
    // Each is asked for by its key: a list of all that an import made would be read anew for every slice.
    const MADE: &str = "SELECT id FROM records WHERE id IN (SELECT unhex(value) FROM json_each(?1))
        AND version = 1 AND gone IS NULL
        AND NOT EXISTS (SELECT 1 FROM forms WHERE kind = 'record' AND forms.id = records.id)
        AND EXISTS (SELECT 1 FROM unfinished WHERE import_id = ?2 AND record_id = records.id)";
    let listed = lists::listed(records);
    for sql in [
        format!("DELETE FROM search WHERE rowid IN (SELECT num FROM records WHERE id IN ({MADE}))"),
        format!("DELETE FROM cells WHERE entity_id = ?3 AND num IN (SELECT num FROM records WHERE id IN ({MADE}))"),
        format!("DELETE FROM saves WHERE kind = 'record' AND id IN ({MADE})"),
    ] {
        sqlx::query(AssertSqlSafe(sql))
            .bind(&listed)
            .bind(import.0)
            .bind(entity.0)
            .execute(&mut **tx)
            .await?;
    }
    let gone = sqlx::query(AssertSqlSafe(format!("DELETE FROM records WHERE id IN ({MADE})")))
        .bind(&listed)
        .bind(import.0)
        .execute(&mut **tx)
        .await?;
    let gone = i64::try_from(gone.rows_affected()).unwrap_or(i64::MAX);
    turn.publish(tx, at, entity, commit::changed_many(entity, -gone)).await
}

/// Has lists find some of a person's records by their new name.
pub(super) async fn reindex_name(tx: &mut Tx<'_>, person: &Person, nums: (u64, u64)) -> Result<(), StoreError> {
    for column in [CREATED_BY, UPDATED_BY] {
        let sql = format!(
            "UPDATE cells SET {column} = ?1 FROM records r
             WHERE r.{column} = ?2 AND r.num BETWEEN ?3 AND ?4 AND cells.entity_id = r.entity_id AND cells.num = r.num"
        );
        sqlx::query(AssertSqlSafe(sql))
            .bind(fold(&person.name))
            .bind(person.id.0)
            .bind(number(nums.0))
            .bind(number(nums.1))
            .execute(&mut **tx)
            .await?;
    }
    if person.name != FORMER_NAME {
        return Ok(());
    }
    // What is read has the name of today; whose name is to be forgotten is not in what is kept either.
    for sql in [
        "UPDATE records SET gone = json_set(gone, '$.stamp.by.name', ?1)
         WHERE gone ->> '$.stamp.by.id' = ?2 AND num BETWEEN ?3 AND ?4",
        "UPDATE saves SET fields = (
             SELECT json_group_array(CASE field.value ->> '$.author.id'
                 WHEN ?2 THEN json_set(field.value, '$.author.name', ?1) ELSE json(field.value) END)
             FROM json_each(saves.fields) AS field)
         WHERE kind = 'record' AND id IN (SELECT id FROM records WHERE num BETWEEN ?3 AND ?4) AND instr(fields, ?2)",
    ] {
        sqlx::query(sql)
            .bind(&person.name)
            .bind(person.id.0.to_string())
            .bind(number(nums.0))
            .bind(number(nums.1))
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

/// An import has nothing to unmake any more, whatever is still noted of its records.
pub(super) async fn commit_import(tx: &mut Tx<'_>, import: UploadId) -> Result<(), StoreError> {
    sqlx::query("INSERT OR IGNORE INTO finished_imports (import_id) VALUES (?)")
        .bind(import.0)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Forgets some of what is noted of the records of a finished import, and then the import.
pub(super) async fn forget_import(tx: &mut Tx<'_>, import: UploadId, limit: u32) -> Result<(), StoreError> {
    for sql in [
        "DELETE FROM unfinished WHERE import_id = ?1
         AND record_id IN (SELECT record_id FROM unfinished WHERE import_id = ?1 LIMIT ?2)",
        "DELETE FROM finished_imports WHERE import_id = ?1 AND ?2 IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM unfinished WHERE import_id = ?1)",
    ] {
        sqlx::query(sql).bind(import.0).bind(limit).execute(&mut **tx).await?;
    }
    Ok(())
}

impl RemovalWrite {
    pub(super) async fn run(&self, tx: &mut Tx<'_>, turn: &mut Batch<'_>) -> Result<(), StoreError> {
        let Self { record: indexed, at } = self;
        let (record, row) = (&indexed.record, &indexed.row);
        let (entity, id) = (record.entity, record.id);
        let deleted = record.gone.as_ref().filter(|gone| gone.how == DeletionKind::Deleted);
        let was_gone: bool = sqlx::query_scalar("SELECT gone IS NOT NULL FROM records WHERE id = ?")
            .bind(id.0)
            .fetch_one(&mut **tx)
            .await?;
        let now = sqlx::query("UPDATE records SET gone = ?, deleted_at = ? WHERE id = ? RETURNING num, position")
            .bind(record.gone.as_ref().map(codec::encode))
            .bind(deleted.map(|_| at.0))
            .bind(id.0)
            .fetch_one(&mut **tx)
            .await?;
        let mut indexed = indexed.clone();
        (indexed.record.num, indexed.record.position) = (counter(&now, "num")?, now.try_get("position")?);
        let mut row = row.clone();
        (row.num, row.position) = (indexed.record.num, indexed.record.position);
        if record.gone.is_some() {
            turn.index.take(tx, entity, row.num).await?;
        } else {
            turn.index.put(tx, &indexed).await?;
        }
        let outcome = commit::moved_out_or_back(record, row, was_gone);
        turn.publish(tx, *at, entity, outcome).await
    }
}

/// Puts a record behind another one in the order by hand, and tells those who watch the list.
pub(super) async fn move_after(
    tx: &mut Tx<'_>,
    turn: &mut Batch<'_>,
    (entity, id, after): (EntityId, RecordId, Option<RecordId>),
    at: Timestamp,
) -> Result<(), StoreError> {
    let mut position = free_position(tx, entity, id, after).await?;
    let all_moved = position.is_none();
    if all_moved {
        spread(tx, entity).await?;
        position = free_position(tx, entity, id, after).await?;
    }
    let position = position.unwrap_or(0);
    sqlx::query("UPDATE records SET position = ? WHERE id = ? AND entity_id = ?")
        .bind(position)
        .bind(id.0)
        .bind(entity.0)
        .execute(&mut **tx)
        .await?;
    let row = sqlx::query(AssertSqlSafe(format!("{RECORD} WHERE r.id = ? AND r.entity_id = ?")))
        .bind(id.0)
        .bind(entity.0)
        .fetch_one(&mut **tx)
        .await?;
    let moved = record(&row)?;
    turn.index.moved(tx, entity, moved.num, position).await?;
    let definition: String = sqlx::query_scalar("SELECT definition FROM entities WHERE id = ?")
        .bind(entity.0)
        .fetch_one(&mut **tx)
        .await?;
    let row = moved.row(&serde_json::from_str(&definition)?);
    turn.publish(tx, at, entity, commit::placed(&moved, row, all_moved))
        .await
}

/// A place between that record and the next one; nothing where there is no room.
async fn free_position(
    tx: &mut Tx<'_>,
    entity: EntityId,
    id: RecordId,
    after: Option<RecordId>,
) -> Result<Option<i64>, StoreError> {
    let behind: Option<i64> = match after {
        Some(after) => Some(
            sqlx::query_scalar("SELECT position FROM records WHERE id = ? AND entity_id = ?")
                .bind(after.0)
                .bind(entity.0)
                .fetch_one(&mut **tx)
                .await?,
        ),
        None => None,
    };
    let next: Option<i64> = sqlx::query_scalar(
        "SELECT min(position) FROM records WHERE entity_id = ? AND gone IS NULL AND id != ? AND position > ?",
    )
    .bind(entity.0)
    .bind(id.0)
    .bind(behind.unwrap_or(i64::MIN))
    .fetch_one(&mut **tx)
    .await?;
    Ok(commit::position_between(behind, next))
}

/// Makes room between all places of an entity.
async fn spread(tx: &mut Tx<'_>, entity: EntityId) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE records SET position = ranked.place * ?2 FROM
             (SELECT id, row_number() OVER (ORDER BY position, num) AS place FROM records WHERE entity_id = ?1) AS ranked
         WHERE ranked.id = records.id",
    )
    .bind(entity.0)
    .bind(commit::POSITION_GAP)
    .execute(&mut **tx)
    .await?;
    let places: Vec<(i64, i64)> =
        sqlx::query_as("SELECT num, position FROM records WHERE entity_id = ? AND gone IS NULL")
            .bind(entity.0)
            .fetch_all(&mut **tx)
            .await?;
    let places: Vec<(i64, String)> = places
        .into_iter()
        .map(|(num, position)| (num, baton_protocol::list_query::whole_key(position)))
        .collect();
    sqlx::query(
        "UPDATE cells SET position = place.value ->> 1 FROM json_each(?) AS place
         WHERE entity_id = ? AND num = place.value ->> 0",
    )
    .bind(codec::encode(&places))
    .bind(entity.0)
    .execute(&mut **tx)
    .await?;
    Ok(())
}
