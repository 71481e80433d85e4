//! Reading the audit, and proving that nobody changed it (semantics 7.4).

use std::ops::Range;
use std::path::Path;

use baton_protocol::audit::{AuditEntry, AuditFilter};
use baton_protocol::codec;
use baton_protocol::id::UserId;
use baton_protocol::time::Timestamp;
use futures_util::TryStreamExt as _;
use sqlx::{Row as _, SqlitePool};
use uuid::Uuid;

use super::connect_to_read;
use crate::store::StoreError;
use crate::store::writer::audit::{Columns, hash, hex};

/// Entries before this number, newest first.
pub(super) async fn entries(
    reads: &SqlitePool,
    filter: &AuditFilter,
    before: Option<u64>,
    limit: u32,
) -> Result<Vec<AuditEntry>, StoreError> {
    let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    // What is about one form is found by an index; not every person may have all of the audit read.
    let texts: Vec<String> = sqlx::query_scalar(if filter.form.is_some() {
        "SELECT entry FROM audit_log
         WHERE subject = ?4 AND number < ?1
         AND (?2 IS NULL OR person = ?2)
         AND (?3 IS NULL OR kind = ?3)
         AND (?5 IS NULL OR at >= ?5) AND (?6 IS NULL OR at < ?6)
         ORDER BY number DESC LIMIT ?7"
    } else {
        "SELECT entry FROM audit_log
         WHERE number < ?1
         AND (?2 IS NULL OR person = ?2 OR subject = ?2)
         AND (?3 IS NULL OR kind = ?3)
         AND (?4 IS NULL OR subject = ?4)
         AND (?5 IS NULL OR at >= ?5) AND (?6 IS NULL OR at < ?6)
         ORDER BY number DESC LIMIT ?7"
    })
    .bind(before.map_or(i64::MAX, number))
    .bind(filter.person.map(|person| person.0))
    .bind(filter.kind.map(baton_protocol::audit::ActKind::as_str))
    .bind(filter.form.map(|form| form.id))
    .bind(filter.from.map(|from| from.0))
    .bind(filter.until.map(|until| until.0))
    .bind(limit)
    .fetch_all(reads)
    .await?;
    texts.iter().map(|text| Ok(serde_json::from_str(text)?)).collect()
}

/// Saves, deletions and restores of these numbers, newest first.
pub(super) async fn activity(
    reads: &SqlitePool,
    person: Option<UserId>,
    numbers: Range<u64>,
) -> Result<Vec<AuditEntry>, StoreError> {
    let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let texts: Vec<String> = sqlx::query_scalar(
        "SELECT entry FROM audit_log WHERE kind IN ('saves', 'definitions', 'deletions', 'jobs')
         AND number >= ?1 AND number < ?2 AND (?3 IS NULL OR person = ?3) ORDER BY number DESC",
    )
    .bind(number(numbers.start))
    .bind(number(numbers.end))
    .bind(person.map(|person| person.0))
    .fetch_all(reads)
    .await?;
    texts.iter().map(|text| Ok(serde_json::from_str(text)?)).collect()
}

/// The numbers of the first entry and of the last one.
pub(super) async fn range(reads: &SqlitePool) -> Result<Option<(u64, u64)>, StoreError> {
    let range: (Option<i64>, Option<i64>) =
        sqlx::query_as("SELECT (SELECT min(number) FROM audit_log), (SELECT max(number) FROM audit_log)")
            .fetch_one(reads)
            .await?;
    let number = |number: i64| u64::try_from(number).unwrap_or(0);
    Ok(range.0.zip(range.1).map(|(first, last)| (number(first), number(last))))
}

/// The last entry's number and hash.
pub(super) async fn head(reads: &SqlitePool) -> Result<Option<(u64, String)>, StoreError> {
    let last: Option<(i64, Vec<u8>)> =
        sqlx::query_as("SELECT number, hash FROM audit_log ORDER BY number DESC LIMIT 1")
            .fetch_optional(reads)
            .await?;
    Ok(last.map(|(number, hash)| (u64::try_from(number).unwrap_or(0), hex(&hash))))
}

/// The last entry from before this time, of the oldest few.
pub(super) async fn prunable(reads: &SqlitePool, before: Timestamp, limit: u32) -> Result<Option<u64>, StoreError> {
    let last: Option<i64> = sqlx::query_scalar(
        "SELECT max(number) FROM (SELECT number, at FROM audit_log ORDER BY number LIMIT ?2) WHERE at < ?1",
    )
    .bind(before.0)
    .bind(limit)
    .fetch_one(reads)
    .await?;
    Ok(last.and_then(|last| u64::try_from(last).ok()))
}

/// What a proof of the whole audit found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Proof {
    /// Every entry is as it was written, and none is missing.
    Whole {
        /// The first entry that is kept, and the last.
        entries: Option<(u64, u64)>,
        /// The last one's hash: whoever noted it earlier sees whether the end was cut off.
        head: String,
    },
    /// The entry with this number is not the one that was written, or the one before it is missing.
    Broken(u64),
    /// The chain is whole, but this head of an earlier day is not in it: it is another chain, or its end was cut off.
    Other(String),
}

/// Reads every entry and follows the chain. `noted` is a head of an earlier day that has to be in it.
///
/// # Errors
/// The database cannot be read.
pub(crate) async fn verify(database: &Path, noted: Option<&str>) -> anyhow::Result<Proof> {
    let connection = &mut connect_to_read(database).await?;
    let base = sqlx::query("SELECT number, hash FROM audit_base")
        .fetch_optional(&mut *connection)
        .await?;
    let (mut number, mut head): (i64, Vec<u8>) = match base {
        Some(row) => (row.try_get("number")?, row.try_get("hash")?),
        None => (0, vec![0; 32]),
    };
    let mut first = None;
    let mut met = noted.is_none_or(|noted| noted == hex(&head));
    let mut rows = sqlx::query("SELECT number, at, person, subject, kind, entry, hash FROM audit_log ORDER BY number")
        .fetch(&mut *connection);
    while let Some(row) = rows.try_next().await? {
        number += 1;
        let here: i64 = row.try_get("number")?;
        let text: &str = row.try_get("entry")?;
        let stored: &[u8] = row.try_get("hash")?;
        head = hash(&head, text);
        let is_itself = codec::decode_large::<AuditEntry>(text, usize::MAX).is_ok_and(|entry| {
            let columns = Columns {
                person: row.try_get::<Option<Uuid>, _>("person").unwrap_or_default(),
                subject: row.try_get::<Option<Uuid>, _>("subject").unwrap_or_default(),
                kind: entry.act.kind().as_str(),
            };
            columns == Columns::of(&entry)
                && row.try_get::<&str, _>("kind").is_ok_and(|kind| kind == columns.kind)
                && row.try_get::<i64, _>("at").is_ok_and(|at| at == entry.at.0)
                && i64::try_from(entry.number).is_ok_and(|number| number == here)
        });
        if here != number || stored != head || !is_itself {
            return Ok(Proof::Broken(u64::try_from(number).unwrap_or(0)));
        }
        first.get_or_insert(here);
        met = met || noted.is_some_and(|noted| noted == hex(&head));
    }
    if let Some(noted) = noted.filter(|_| !met) {
        return Ok(Proof::Other(noted.to_owned()));
    }
    let entries = first.map(|first| (first, number));
    let entries = entries.map(|(first, last)| (u64::try_from(first).unwrap_or(0), u64::try_from(last).unwrap_or(0)));
    Ok(Proof::Whole {
        entries,
        head: hex(&head),
    })
}
