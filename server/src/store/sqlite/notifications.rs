//! What people are told of, and what they do not want to hear.

use std::collections::BTreeSet;

use baton_protocol::notification::{Notification, NotificationReason};

use super::*;

/// What a person is told of, newest first.
pub(super) async fn all(reads: &SqlitePool, user: UserId) -> Result<Vec<Notification>, StoreError> {
    let rows: Vec<(i64, i64, bool, String)> =
        sqlx::query_as("SELECT id, at, read, what FROM notifications WHERE user_id = ? ORDER BY id DESC")
            .bind(user.0)
            .fetch_all(reads)
            .await?;
    let notification = |(id, at, read, what): (i64, i64, bool, String)| {
        Ok(Notification {
            id: u64::try_from(id).unwrap_or(0),
            at: Timestamp(at),
            read,
            what: serde_json::from_str(&what)?,
        })
    };
    rows.into_iter().map(notification).collect()
}

/// What a person does not want to be told of.
pub(super) async fn muted(reads: &SqlitePool, user: UserId) -> Result<BTreeSet<NotificationReason>, StoreError> {
    let names: Vec<String> = sqlx::query_scalar("SELECT why FROM muted WHERE user_id = ?")
        .bind(user.0)
        .fetch_all(reads)
        .await?;
    let all = NotificationReason::ALL.into_iter();
    Ok(all
        .filter(|why| names.iter().any(|name| name == why.as_str()))
        .collect())
}
