//! Rows of the database as what they are rows of.

use baton_protocol::codec;
use baton_protocol::deletion::{Deletion, Stamp};
use baton_protocol::id::{EntityId, RecordId, UserId, Version};
use baton_protocol::person::Person;
use baton_protocol::record::Record;
use baton_protocol::time::Timestamp;
use serde::Serialize;
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;
use uuid::Uuid;

use super::StoreError;

/// Selects records as [`record`] reads them.
pub(super) const RECORD: &str = "SELECT r.id, r.entity_id, r.num, r.position, r.version, r.content,
        r.created_by, c.name AS created_name, r.created_at,
        r.updated_by, u.name AS updated_name, r.updated_at, r.gone,
        (SELECT g.name FROM users g WHERE g.id = unhex(replace(r.gone ->> '$.stamp.by.id', '-', ''))) AS gone_name
    FROM records r JOIN users c ON c.id = r.created_by JOIN users u ON u.id = r.updated_by";

pub(super) fn record(row: &SqliteRow) -> Result<Record, StoreError> {
    Ok(Record {
        id: RecordId(row.try_get("id")?),
        entity: EntityId(row.try_get("entity_id")?),
        num: counter(row, "num")?,
        position: row.try_get("position")?,
        version: Version(counter(row, "version")?),
        values: serde_json::from_str(row.try_get("content")?)?,
        created: stamp(row, "created_by", "created_name", "created_at")?,
        updated: stamp(row, "updated_by", "updated_name", "updated_at")?,
        gone: gone(row)?,
    })
}

/// That a record is out of its list, by whoever is called this now.
fn gone(row: &SqliteRow) -> Result<Option<Deletion>, StoreError> {
    let Some(gone) = row.try_get::<Option<&str>, _>("gone")? else {
        return Ok(None);
    };
    let mut gone: Deletion = serde_json::from_str(gone)?;
    if let Some(name) = row.try_get("gone_name")? {
        gone.stamp.by.name = name;
    }
    Ok(Some(gone))
}

pub(super) fn stamp(row: &SqliteRow, by: &str, name: &str, at: &str) -> Result<Stamp, StoreError> {
    Ok(Stamp {
        by: Person {
            id: UserId(row.try_get::<Uuid, _>(by)?),
            name: row.try_get(name)?,
        },
        at: Timestamp(row.try_get(at)?),
    })
}

pub(super) fn counter(row: &SqliteRow, column: &str) -> Result<u64, StoreError> {
    let value: i64 = row.try_get(column)?;
    Ok(u64::try_from(value).unwrap_or(0))
}

/// Counts how many of these, from the first, fit into so many bytes as they are encoded.
pub(crate) fn count_fitting<T: Serialize>(items: &[T], max_bytes: usize) -> usize {
    let mut bytes = 0;
    let fitting = items.iter().take_while(|item| {
        bytes += codec::encode(item).len();
        bytes <= max_bytes
    });
    fitting.count()
}
