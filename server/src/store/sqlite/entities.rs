//! Definitions, and the newest of their records.

use super::*;

pub(super) async fn entity(connection: &mut SqliteConnection, id: EntityId) -> Result<Option<Entity>, StoreError> {
    let definition: Option<String> = sqlx::query_scalar("SELECT definition FROM entities WHERE id = ?")
        .bind(id.0)
        .fetch_optional(connection)
        .await?;
    Ok(definition.as_deref().map(serde_json::from_str).transpose()?)
}

/// The newest records of an entity of which this holds.
pub(super) async fn newest(
    connection: &mut SqliteConnection,
    entity: EntityId,
    condition: &'static str,
    limit: u32,
) -> Result<Vec<Record>, StoreError> {
    sqlx::query(sqlx::AssertSqlSafe(format!(
        "{RECORD} WHERE r.entity_id = ? AND {condition} ORDER BY r.id DESC LIMIT ?"
    )))
    .bind(entity.0)
    .bind(limit)
    .fetch_all(connection)
    .await?
    .iter()
    .map(record)
    .collect()
}
