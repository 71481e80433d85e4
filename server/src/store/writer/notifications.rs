//! What people are told of, and what they do not want to hear.

use std::collections::BTreeSet;

use baton_protocol::id::CommentId;
use baton_protocol::notification::{MAX_NOTIFICATIONS, NotificationReason, ReadMark};

use super::*;
use crate::store::NewNotification;

/// Adds something to what a person is told of, unless they do not want to hear of it. A record that was never saved is
/// nobody's news.
pub(super) async fn add(tx: &mut Tx<'_>, new: &NewNotification, comment: Option<CommentId>) -> Result<(), StoreError> {
    let NewNotification { user, at, what } = new;
    let record = what.about.record();
    if let (Some(record), None) = (record, comment) {
        // The same once more takes the place of the one that was not read.
        sqlx::query(
            "DELETE FROM notifications WHERE user_id = ? AND record_id = ? AND comment_id IS NULL AND NOT read
                 AND what ->> '$.why' = ? AND what ->> '$.by.id' = ?",
        )
        .bind(user.0)
        .bind(record.0)
        .bind(what.why.as_str())
        .bind(what.by.id.0.hyphenated().to_string())
        .execute(&mut **tx)
        .await?;
    }
    sqlx::query(
        "INSERT INTO notifications (user_id, record_id, comment_id, at, what)
         SELECT ?1, ?2, ?3, ?4, ?5
         WHERE (?2 IS NULL OR EXISTS (SELECT 1 FROM records WHERE id = ?2))
             AND NOT EXISTS (SELECT 1 FROM muted WHERE user_id = ?1 AND why = ?6)",
    )
    .bind(user.0)
    .bind(record.map(|record| record.0))
    .bind(comment.map(|comment| comment.0))
    .bind(at.0)
    .bind(codec::encode(what))
    .bind(what.why.as_str())
    .execute(&mut **tx)
    .await?;
    sqlx::query(
        "DELETE FROM notifications WHERE user_id = ?1 AND id NOT IN
             (SELECT id FROM notifications WHERE user_id = ?1 ORDER BY id DESC LIMIT ?2)",
    )
    .bind(user.0)
    .bind(MAX_NOTIFICATIONS)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A person has read what they are told of.
pub(super) async fn read(tx: &mut Tx<'_>, user: UserId, read: &ReadMark) -> Result<(), StoreError> {
    let query = match read {
        ReadMark::One(id) => sqlx::query("UPDATE notifications SET read = 1 WHERE user_id = ? AND id = ?")
            .bind(user.0)
            .bind(number(*id)),
        ReadMark::UpTo(id) => sqlx::query("UPDATE notifications SET read = 1 WHERE user_id = ? AND id <= ?")
            .bind(user.0)
            .bind(number(*id)),
        ReadMark::Record(record) => {
            sqlx::query("UPDATE notifications SET read = 1 WHERE user_id = ? AND record_id = ?")
                .bind(user.0)
                .bind(record.0)
        }
    };
    query.execute(&mut **tx).await?;
    Ok(())
}

pub(super) async fn mute(
    tx: &mut Tx<'_>,
    user: UserId,
    muted: &BTreeSet<NotificationReason>,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM muted WHERE user_id = ?")
        .bind(user.0)
        .execute(&mut **tx)
        .await?;
    for why in muted {
        sqlx::query("INSERT INTO muted (user_id, why) VALUES (?, ?)")
            .bind(user.0)
            .bind(why.as_str())
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}
