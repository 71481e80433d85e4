//! The records that people follow, and their favourites.

use baton_protocol::list::Favourite;
use baton_protocol::notification::NotificationReason;

use super::*;

/// Who follows a record and wants to hear of it.
pub(super) async fn followers(reads: &SqlitePool, record: RecordId) -> Result<Vec<UserId>, StoreError> {
    let ids: Vec<Uuid> = sqlx::query_scalar(
        "SELECT user_id FROM followers WHERE record_id = ?1 AND NOT EXISTS
             (SELECT 1 FROM muted WHERE muted.user_id = followers.user_id AND why = ?2)",
    )
    .bind(record.0)
    .bind(NotificationReason::Saved.as_str())
    .fetch_all(reads)
    .await?;
    Ok(ids.into_iter().map(UserId).collect())
}

pub(super) async fn is_follower(reads: &SqlitePool, user: UserId, record: RecordId) -> Result<bool, StoreError> {
    let found = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM followers WHERE record_id = ? AND user_id = ?)")
        .bind(record.0)
        .bind(user.0)
        .fetch_one(reads)
        .await?;
    Ok(found)
}

/// A person's favourites that are in their list, by their titles.
pub(super) async fn favourites(reads: &SqlitePool, user: UserId) -> Result<Vec<Favourite>, StoreError> {
    let rows: Vec<(Uuid, Uuid, String)> = sqlx::query_as(
        "SELECT r.id, r.entity_id, r.title FROM favourites f JOIN records r ON r.id = f.record_id
         WHERE f.user_id = ? AND r.gone IS NULL ORDER BY r.title COLLATE NOCASE, r.id",
    )
    .bind(user.0)
    .fetch_all(reads)
    .await?;
    let favourite = |(record, entity, title)| Favourite {
        record: RecordId(record),
        entity: EntityId(entity),
        title,
    };
    Ok(rows.into_iter().map(favourite).collect())
}
