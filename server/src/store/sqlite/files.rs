//! Who has which files.

use super::*;

/// Names every record that has or had a file, saved or not, with its entity.
const USES: &str = "SELECT r.entity_id, r.id FROM file_uses u JOIN records r ON r.id = u.record_id WHERE u.hash = ?1
     UNION SELECT entity_id, id FROM forms WHERE kind = 'record' AND authors <> '' AND instr(state, ?2)
     UNION SELECT f.entity_id, f.id FROM form_log l JOIN forms f ON f.kind = l.kind AND f.id = l.id
         WHERE f.kind = 'record' AND instr(l.entry, ?2)";

pub(in crate::store) async fn uses(reads: &SqlitePool, hash: FileHash) -> Result<Option<FileUses>, StoreError> {
    let owner: Option<Option<Uuid>> = sqlx::query_scalar("SELECT owner FROM files WHERE hash = ?")
        .bind(&hash.0[..])
        .fetch_optional(reads)
        .await?;
    let Some(owner) = owner else {
        return Ok(None);
    };
    let entities: Vec<Uuid> =
        sqlx::query_scalar(sqlx::AssertSqlSafe(format!("SELECT DISTINCT entity_id FROM ({USES})")))
            .bind(&hash.0[..])
            .bind(hash.to_string())
            .fetch_all(reads)
            .await?;
    Ok(Some(FileUses {
        owner: owner.map(UserId),
        entities: entities.into_iter().map(EntityId).collect(),
    }))
}

pub(in crate::store) async fn records_with(
    reads: &SqlitePool,
    hash: FileHash,
    entity: EntityId,
    limit: u32,
) -> Result<Vec<RecordId>, StoreError> {
    let records: Vec<Uuid> = sqlx::query_scalar(sqlx::AssertSqlSafe(format!(
        "SELECT id FROM ({USES}) WHERE entity_id = ?3 LIMIT ?4"
    )))
    .bind(&hash.0[..])
    .bind(hash.to_string())
    .bind(entity.0)
    .bind(limit)
    .fetch_all(reads)
    .await?;
    Ok(records.into_iter().map(RecordId).collect())
}
