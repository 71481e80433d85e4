//! The records that people follow, and their favourites.

use baton_protocol::id::RecordId;

use super::*;
use crate::store::RecordMark;

/// Marks a record for a person, or removes the mark. What is no record has none.
pub(super) async fn write(
    tx: &mut Tx<'_>,
    (user, record): (UserId, RecordId),
    mark: RecordMark,
    set: bool,
) -> Result<(), StoreError> {
    let sql = match (mark, set) {
        (RecordMark::Followed, true) => {
            "INSERT INTO followers (record_id, user_id) SELECT id, ?2 FROM records WHERE id = ?1 ON CONFLICT DO NOTHING"
        }
        (RecordMark::Followed, false) => "DELETE FROM followers WHERE record_id = ?1 AND user_id = ?2",
        (RecordMark::Favourite, true) => {
            "INSERT INTO favourites (record_id, user_id) SELECT id, ?2 FROM records WHERE id = ?1 ON CONFLICT DO NOTHING"
        }
        (RecordMark::Favourite, false) => "DELETE FROM favourites WHERE record_id = ?1 AND user_id = ?2",
    };
    sqlx::query(sql).bind(record.0).bind(user.0).execute(&mut **tx).await?;
    Ok(())
}
