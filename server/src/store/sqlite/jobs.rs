//! What work on many records saved, out of SQLite.

use std::collections::{BTreeMap, BTreeSet};

use baton_protocol::codec;
use baton_protocol::id::{EntityId, FormKey, JobId, RecordId, UserId, Version};
use baton_protocol::time::Timestamp;
use sqlx::SqlitePool;
use uuid::Uuid;

use crate::store::{StoreError, StoredJob};

fn version(number: i64) -> Version {
    Version(u64::try_from(number).unwrap_or_default())
}

/// What is known of these jobs.
pub(super) async fn jobs(reads: &SqlitePool, ids: &[JobId]) -> Result<BTreeMap<JobId, StoredJob>, StoreError> {
    let ids: Vec<String> = ids.iter().map(|id| id.0.simple().to_string()).collect();
    let rows: Vec<(Uuid, Uuid, Option<Uuid>, i64)> = sqlx::query_as(
        "SELECT j.id, j.user_id, j.entity_id, (SELECT count(*) FROM job_saves s WHERE s.job_id = j.id AND NOT s.undone)
         FROM jobs j WHERE j.id IN (SELECT unhex(value) FROM json_each(?))",
    )
    .bind(codec::encode(&ids))
    .fetch_all(reads)
    .await?;
    let jobs = rows.into_iter().filter_map(|(id, user, entity, saves)| {
        let job = StoredJob {
            user: UserId(user),
            entity: EntityId(entity?),
            saves: u64::try_from(saves).unwrap_or_default(),
        };
        Some((JobId(id), job))
    });
    Ok(jobs.collect())
}

/// Which of these saves were made by jobs.
pub(super) async fn of_jobs(
    reads: &SqlitePool,
    saves: &[(FormKey, Version)],
) -> Result<BTreeSet<(FormKey, Version)>, StoreError> {
    let listed: Vec<(String, u64)> = saves
        .iter()
        .map(|(form, version)| (form.id.simple().to_string(), version.0))
        .collect();
    let rows: Vec<(Uuid, i64)> = sqlx::query_as(
        "SELECT s.record_id, s.version FROM json_each(?) j
         JOIN job_saves s ON s.record_id = unhex(j.value ->> 0) AND s.version = j.value ->> 1",
    )
    .bind(codec::encode(&listed))
    .fetch_all(reads)
    .await?;
    let of_records = rows
        .into_iter()
        .map(|(record, number)| (FormKey::record(RecordId(record)), version(number)));
    Ok(of_records.collect())
}

/// What a job saved and nobody has undone, after this record, a few at a time.
pub(super) async fn saves(
    reads: &SqlitePool,
    job: JobId,
    after: Option<RecordId>,
    limit: u32,
) -> Result<Vec<(RecordId, Version)>, StoreError> {
    let rows: Vec<(Uuid, i64)> = sqlx::query_as(
        "SELECT record_id, version FROM job_saves
         WHERE job_id = ?1 AND NOT undone AND (?2 IS NULL OR record_id > ?2) ORDER BY record_id LIMIT ?3",
    )
    .bind(job.0)
    .bind(after.map(|record| record.0))
    .bind(limit)
    .fetch_all(reads)
    .await?;
    let saves = rows
        .into_iter()
        .map(|(record, number)| (RecordId(record), version(number)));
    Ok(saves.collect())
}

/// Some saves of one of the jobs that began before this time.
pub(super) async fn old_saves(
    reads: &SqlitePool,
    before: Timestamp,
    limit: u32,
) -> Result<Option<(JobId, Vec<RecordId>)>, StoreError> {
    let job: Option<Uuid> = sqlx::query_scalar(
        "SELECT id FROM jobs j WHERE begun_at < ? AND EXISTS (SELECT 1 FROM job_saves s WHERE s.job_id = j.id) LIMIT 1",
    )
    .bind(before.0)
    .fetch_optional(reads)
    .await?;
    let Some(job) = job.map(JobId) else {
        return Ok(None);
    };
    let records: Vec<Uuid> = sqlx::query_scalar("SELECT record_id FROM job_saves WHERE job_id = ? LIMIT ?")
        .bind(job.0)
        .bind(limit)
        .fetch_all(reads)
        .await?;
    Ok(Some((job, records.into_iter().map(RecordId).collect())))
}
