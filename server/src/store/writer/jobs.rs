//! Work on many records: that it was begun, and what it saved, so that it can be undone.

use baton_protocol::id::{EntityId, JobId, RecordId, UserId, Version};
use baton_protocol::time::Timestamp;

use super::{Tx, number, unique_or};
use crate::store::StoreError;
use crate::store::lists;

/// Notes that work was begun; refused if it was already.
pub(super) async fn begin(
    tx: &mut Tx<'_>,
    (job, user, entity): (JobId, UserId, EntityId),
    at: Timestamp,
) -> Result<(), StoreError> {
    let written = sqlx::query("INSERT INTO jobs (id, user_id, entity_id, begun_at) VALUES (?, ?, ?, ?)")
        .bind(job.0)
        .bind(user.0)
        .bind(entity.0)
        .bind(at.0)
        .execute(&mut **tx)
        .await;
    unique_or(written, StoreError::Begun).map(drop)
}

/// Notes that a job saved a record as this version.
pub(super) async fn note_save(
    tx: &mut Tx<'_>,
    job: JobId,
    record: RecordId,
    version: Version,
) -> Result<(), StoreError> {
    sqlx::query("INSERT OR REPLACE INTO job_saves (job_id, record_id, version) VALUES (?, ?, ?)")
        .bind(job.0)
        .bind(record.0)
        .bind(number(version.0))
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// What a job saved of these records was undone.
pub(super) async fn undone(tx: &mut Tx<'_>, job: JobId, records: &[RecordId]) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE job_saves SET undone = 1 WHERE job_id = ? AND record_id IN (SELECT unhex(value) FROM json_each(?))",
    )
    .bind(job.0)
    .bind(lists::listed(records))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Forgets what a job saved of these records.
pub(super) async fn forget_saves(tx: &mut Tx<'_>, job: JobId, records: &[RecordId]) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM job_saves WHERE job_id = ? AND record_id IN (SELECT unhex(value) FROM json_each(?))")
        .bind(job.0)
        .bind(lists::listed(records))
        .execute(&mut **tx)
        .await?;
    Ok(())
}
