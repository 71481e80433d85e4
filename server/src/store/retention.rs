//! What is to go for ever, found in slices: whoever types meanwhile never waits for more than one.

use std::collections::BTreeSet;

use baton_protocol::codec;
use baton_protocol::file::FileHash;
use baton_protocol::id::{EntityId, RecordId};
use baton_protocol::time::Timestamp;
use futures_util::TryStreamExt as _;
use sqlx::SqliteConnection;
use uuid::Uuid;

use super::{PurgeScope, Purgeable, StoreError};

/// Some of what was deleted and is meant, and some of the records of entities that were; never what somebody has
/// open or looks at.
pub(super) async fn purgeable(
    tx: &mut SqliteConnection,
    what: PurgeScope,
    in_use: &BTreeSet<Uuid>,
    limit: u32,
) -> Result<Purgeable, StoreError> {
    let (before, only) = match what {
        PurgeScope::DeletedBefore(before) => (before, None),
        PurgeScope::Entity(entity) => (Timestamp(i64::MIN), Some(entity.0)),
    };
    let used: Vec<String> = in_use.iter().map(|id| id.simple().to_string()).collect();
    let used = codec::encode(&used);
    let entities: Vec<Uuid> = sqlx::query_scalar(
        "SELECT id FROM entities WHERE (definition ->> '$.gone.stamp.at' < ?1
             OR id = ?2 AND definition ->> '$.gone.stamp.at' IS NOT NULL)
         AND id NOT IN (SELECT id FROM forms WHERE kind = 'entity' AND occupied > 0)
         AND id NOT IN (SELECT r.entity_id FROM forms f JOIN records r ON r.id = f.id
                        WHERE f.kind = 'record' AND f.occupied > 0)
         AND id NOT IN (SELECT entity_id FROM records WHERE id IN (SELECT unhex(value) FROM json_each(?3)))",
    )
    .bind(before.0)
    .bind(only)
    .bind(&used)
    .fetch_all(&mut *tx)
    .await?;
    let mut entities: Vec<Uuid> = entities.into_iter().filter(|id| !in_use.contains(id)).collect();
    let listed: Vec<String> = entities.iter().map(|id| id.simple().to_string()).collect();
    let records: Vec<(Uuid, Uuid)> = sqlx::query_as(
        "SELECT id, entity_id FROM records
         WHERE entity_id IN (SELECT unhex(value) FROM json_each(?1))
         UNION ALL
         SELECT id, entity_id FROM records
         WHERE deleted_at < ?2 AND entity_id NOT IN (SELECT unhex(value) FROM json_each(?1))
         AND id NOT IN (SELECT id FROM forms WHERE kind = 'record' AND occupied > 0)
         AND id NOT IN (SELECT unhex(value) FROM json_each(?3))
         LIMIT ?4",
    )
    .bind(codec::encode(&listed))
    .bind(before.0)
    .bind(&used)
    .bind(limit)
    .fetch_all(&mut *tx)
    .await?;
    entities.retain(|entity| !records.iter().any(|(_, of)| of == entity));
    if !records.is_empty() {
        // They have their turn when no record is left.
        entities.clear();
    }
    Ok(Purgeable {
        records: records.into_iter().map(|(id, _)| RecordId(id)).collect(),
        entities: entities.into_iter().map(EntityId).collect(),
    })
}

/// Every file that unsaved text names.
pub(super) async fn files_in_drafts(connection: &mut SqliteConnection) -> Result<BTreeSet<FileHash>, StoreError> {
    let mut found = BTreeSet::new();
    for sql in [
        "SELECT state FROM forms WHERE authors <> '' OR state -> '$.discarded' IS NOT NULL",
        "SELECT entry FROM form_log",
    ] {
        let mut texts = sqlx::query_scalar::<_, String>(sql).fetch(&mut *connection);
        while let Some(text) = texts.try_next().await? {
            hashes_in(&text, &mut found);
        }
    }
    Ok(found)
}

/// What looks like a hash is taken for one: to keep a file too many is no loss.
fn hashes_in(text: &str, found: &mut BTreeSet<FileHash>) {
    const DIGITS: usize = 64;
    for run in text
        .split(|c: char| !c.is_ascii_hexdigit())
        .filter(|run| run.len() >= DIGITS)
    {
        for at in 0..=run.len() - DIGITS {
            found.extend(run[at..at + DIGITS].parse::<FileHash>().ok());
        }
    }
}
