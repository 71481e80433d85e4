//! Comments on records.

use baton_protocol::comment::Comment;
use baton_protocol::deletion::Stamp;
use baton_protocol::id::CommentId;

use super::*;

/// The comments of a record, oldest first.
pub(super) async fn all(reads: &SqlitePool, record: RecordId) -> Result<Vec<Comment>, StoreError> {
    let rows = sqlx::query(
        "SELECT comments.id, thread, field, author, users.name AS author_name, at, edited_at, text, resolved_by,
            resolver.name AS resolver_name, resolved_at,
            (SELECT json_group_array(json_object('id', lower(hex(mentioned.id)), 'name', mentioned.name))
             FROM json_each(mentions) JOIN users AS mentioned ON mentioned.id = unhex(value)) AS mentioned
         FROM comments JOIN users ON users.id = author LEFT JOIN users AS resolver ON resolver.id = resolved_by
         WHERE record_id = ? ORDER BY at, comments.id",
    )
    .bind(record.0)
    .fetch_all(reads)
    .await?;
    rows.iter().map(|row| comment(row, record)).collect()
}

fn comment(row: &SqliteRow, record: RecordId) -> Result<Comment, StoreError> {
    let person = |id: Uuid, name: String| Person { id: UserId(id), name };
    let resolved: Option<(Uuid, String, i64)> = row
        .try_get::<Option<Uuid>, _>("resolved_by")?
        .zip(row.try_get::<Option<String>, _>("resolver_name")?)
        .zip(row.try_get::<Option<i64>, _>("resolved_at")?)
        .map(|((id, name), at)| (id, name, at));
    Ok(Comment {
        id: CommentId(row.try_get("id")?),
        record,
        thread: row.try_get::<Option<Uuid>, _>("thread")?.map(CommentId),
        field: row.try_get("field")?,
        written: Stamp {
            by: person(row.try_get("author")?, row.try_get("author_name")?),
            at: Timestamp(row.try_get("at")?),
        },
        edited_at: row.try_get::<Option<i64>, _>("edited_at")?.map(Timestamp),
        text: row.try_get("text")?,
        mentions: serde_json::from_str(row.try_get("mentioned")?)?,
        resolved: resolved.map(|(id, name, at)| Stamp {
            by: person(id, name),
            at: Timestamp(at),
        }),
    })
}
