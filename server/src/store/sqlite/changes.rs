//! The change log.

use super::*;

pub(in crate::store) async fn since(
    reads: &SqlitePool,
    topic: Topic,
    since: Seq,
    limit: u32,
) -> Result<Option<Replay>, StoreError> {
    let mut tx = reads.begin().await?;
    let bounds = sqlx::query(
        "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'changes'), 0) AS head,
                (SELECT min(seq) FROM changes) AS first",
    )
    .fetch_one(&mut *tx)
    .await?;
    let head = counter(&bounds, "head")?;
    let first: Option<i64> = bounds.try_get("first")?;
    let first = first.map_or(head + 1, |first| u64::try_from(first).unwrap_or(0));
    // A head that is behind what was seen means another database than the one that was seen.
    if since.0.saturating_add(1) < first || since.0 > head {
        return Ok(None);
    }
    let rows = sqlx::query("SELECT event FROM changes WHERE topic = ? AND seq > ? ORDER BY seq LIMIT ?")
        .bind(codec::encode(&topic))
        .bind(i64::try_from(since.0).unwrap_or(i64::MAX))
        .bind(i64::from(limit) + 1)
        .fetch_all(&mut *tx)
        .await?;
    if rows.len() > usize::try_from(limit).unwrap_or(usize::MAX) {
        return Ok(None);
    }
    let (mut bytes, mut events) = (0, Vec::with_capacity(rows.len()));
    for row in &rows {
        let event: &str = row.try_get("event")?;
        bytes += event.len();
        if bytes > MAX_ROWS_BYTES {
            // A snapshot, whose rows come in parts, is cheaper.
            return Ok(None);
        }
        events.push(serde_json::from_str(event)?);
    }
    let editing = match topic {
        Topic::Records(entity) => super::forms::editing(&mut tx, entity).await?,
        Topic::Entities => super::forms::definitions_in_hand(&mut tx).await?,
        Topic::Bin(_) | Topic::Drafts | Topic::Live | Topic::Form(_) => Vec::new(),
    };
    Ok(Some(Replay {
        seq: Seq(head),
        events,
        editing,
    }))
}

pub(in crate::store) async fn prunable(
    reads: &SqlitePool,
    before: Timestamp,
    limit: u32,
) -> Result<Option<Seq>, StoreError> {
    // Only a whole beginning may go: a gap in the middle would be missed in silence.
    let last: Option<i64> = sqlx::query_scalar(
        "SELECT max(seq) FROM (SELECT seq FROM changes
         WHERE seq < coalesce((SELECT min(seq) FROM changes WHERE at >= ?), 9223372036854775807)
         ORDER BY seq LIMIT ?)",
    )
    .bind(before.0)
    .bind(limit)
    .fetch_one(reads)
    .await?;
    Ok(last.map(|last| Seq(u64::try_from(last).unwrap_or(0))))
}

/// The last number that the log gave, also if its entry is pruned by now.
pub(in crate::store) async fn head(connection: &mut SqliteConnection) -> Result<Seq, StoreError> {
    let row = sqlx::query("SELECT coalesce(max(seq), 0) AS head FROM sqlite_sequence WHERE name = 'changes'")
        .fetch_one(connection)
        .await?;
    Ok(Seq(counter(&row, "head")?))
}
