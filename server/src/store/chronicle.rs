//! What is kept of what happened, and of what was said of it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use async_trait::async_trait;
use baton_protocol::audit::{AuditEntry, AuditFilter};
use baton_protocol::comment::Comment;
use baton_protocol::id::{EntityId, FormKey, JobId, RecordId, UserId, Version};
use baton_protocol::list::Favourite;
use baton_protocol::notification::{Notification, NotificationReason};
use baton_protocol::time::Timestamp;

use super::StoreError;

/// Work on many records, as it is stored.
#[derive(Clone, Debug)]
pub struct StoredJob {
    /// Whose.
    pub user: UserId,
    /// On the records of which entity.
    pub entity: EntityId,
    /// How many of its saves nobody has undone.
    pub saves: u64,
}

/// The reads of a store about what happened: the audit, activity, comments and who is told of them.
#[async_trait]
pub trait Chronicle {
    /// Entries of the audit before this number, newest first.
    ///
    /// # Errors
    /// What failed.
    async fn audit(&self, filter: &AuditFilter, before: Option<u64>, limit: u32)
    -> Result<Vec<AuditEntry>, StoreError>;

    /// The number of the audit's last entry and its hash in hexadecimal digits; `None` when there is none.
    ///
    /// # Errors
    /// What failed.
    async fn audit_head(&self) -> Result<Option<(u64, String)>, StoreError>;

    /// The numbers of the audit's first entry that is kept and of its last one; `None` when there is none.
    ///
    /// # Errors
    /// What failed.
    async fn audit_range(&self) -> Result<Option<(u64, u64)>, StoreError>;

    /// Saves, deletions and restores out of a part of the audit, by this person or by anybody, newest first.
    ///
    /// # Errors
    /// What failed.
    async fn activity(&self, person: Option<UserId>, numbers: Range<u64>) -> Result<Vec<AuditEntry>, StoreError>;

    /// The names of the fields that each of these saves changed.
    ///
    /// # Errors
    /// What failed.
    async fn changed_fields(
        &self,
        saves: &[(FormKey, Version)],
    ) -> Result<BTreeMap<(FormKey, Version), Vec<String>>, StoreError>;

    /// The last entry of the audit from before this time, of the oldest few; `None` when there is none.
    ///
    /// # Errors
    /// What failed.
    async fn prunable_audit(&self, before: Timestamp, limit: u32) -> Result<Option<u64>, StoreError>;

    /// What people said about a record, oldest first.
    ///
    /// # Errors
    /// What failed.
    async fn comments(&self, record: RecordId) -> Result<Vec<Comment>, StoreError>;

    /// What a person is told of, newest first.
    ///
    /// # Errors
    /// What failed.
    async fn notifications(&self, user: UserId) -> Result<Vec<Notification>, StoreError>;

    /// Who is to be told of every save of a record, and wants to be.
    ///
    /// # Errors
    /// What failed.
    async fn followers(&self, record: RecordId) -> Result<Vec<UserId>, StoreError>;

    /// What is known of these jobs; of those that began before their entity was noted, nothing.
    ///
    /// # Errors
    /// What failed.
    async fn jobs(&self, ids: &[JobId]) -> Result<BTreeMap<JobId, StoredJob>, StoreError>;

    /// What a job saved and nobody has undone, each record with its version then, after this record, a few at a time.
    ///
    /// # Errors
    /// What failed.
    async fn job_saves(
        &self,
        job: JobId,
        after: Option<RecordId>,
        limit: u32,
    ) -> Result<Vec<(RecordId, Version)>, StoreError>;

    /// Which of these saves were made by jobs that are still known.
    ///
    /// # Errors
    /// What failed.
    async fn saves_of_jobs(&self, saves: &[(FormKey, Version)]) -> Result<BTreeSet<(FormKey, Version)>, StoreError>;

    /// Some saves of one of the jobs that began before this time; `None` when there are none.
    ///
    /// # Errors
    /// What failed.
    async fn old_job_saves(&self, before: Timestamp, limit: u32) -> Result<Option<(JobId, Vec<RecordId>)>, StoreError>;

    /// Whether a person follows a record.
    ///
    /// # Errors
    /// What failed.
    async fn is_follower(&self, user: UserId, record: RecordId) -> Result<bool, StoreError>;

    /// A person's favourites that are in their list, by their titles.
    ///
    /// # Errors
    /// What failed.
    async fn favourites(&self, user: UserId) -> Result<Vec<Favourite>, StoreError>;

    /// What a person does not want to be told of.
    ///
    /// # Errors
    /// What failed.
    async fn muted(&self, user: UserId) -> Result<BTreeSet<NotificationReason>, StoreError>;
}
