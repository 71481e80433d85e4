//! What is kept of what happened, out of SQLite.

use std::collections::BTreeSet;
use std::ops::Range;

use baton_protocol::audit::{AuditEntry, AuditFilter};
use baton_protocol::comment::Comment;
use baton_protocol::list::Favourite;
use baton_protocol::notification::{Notification, NotificationReason};

use super::*;
use crate::store::{Chronicle, StoredJob};

#[async_trait]
impl Chronicle for SqliteStore {
    async fn audit(
        &self,
        filter: &AuditFilter,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        audit::entries(&self.reads, filter, before, limit).await
    }

    async fn audit_head(&self) -> Result<Option<(u64, String)>, StoreError> {
        audit::head(&self.reads).await
    }

    async fn activity(&self, person: Option<UserId>, numbers: Range<u64>) -> Result<Vec<AuditEntry>, StoreError> {
        audit::activity(&self.reads, person, numbers).await
    }

    async fn audit_range(&self) -> Result<Option<(u64, u64)>, StoreError> {
        audit::range(&self.reads).await
    }

    async fn changed_fields(
        &self,
        saves: &[(FormKey, Version)],
    ) -> Result<BTreeMap<(FormKey, Version), Vec<String>>, StoreError> {
        forms::changed_fields(&self.reads, saves).await
    }

    async fn prunable_audit(&self, before: Timestamp, limit: u32) -> Result<Option<u64>, StoreError> {
        audit::prunable(&self.reads, before, limit).await
    }

    async fn comments(&self, record: RecordId) -> Result<Vec<Comment>, StoreError> {
        comments::all(&self.reads, record).await
    }

    async fn notifications(&self, user: UserId) -> Result<Vec<Notification>, StoreError> {
        notifications::all(&self.reads, user).await
    }

    async fn followers(&self, record: RecordId) -> Result<Vec<UserId>, StoreError> {
        marks::followers(&self.reads, record).await
    }

    async fn jobs(&self, ids: &[JobId]) -> Result<BTreeMap<JobId, StoredJob>, StoreError> {
        jobs::jobs(&self.reads, ids).await
    }

    async fn job_saves(
        &self,
        job: JobId,
        after: Option<RecordId>,
        limit: u32,
    ) -> Result<Vec<(RecordId, Version)>, StoreError> {
        jobs::saves(&self.reads, job, after, limit).await
    }

    async fn saves_of_jobs(&self, saves: &[(FormKey, Version)]) -> Result<BTreeSet<(FormKey, Version)>, StoreError> {
        jobs::of_jobs(&self.reads, saves).await
    }

    async fn old_job_saves(&self, before: Timestamp, limit: u32) -> Result<Option<(JobId, Vec<RecordId>)>, StoreError> {
        jobs::old_saves(&self.reads, before, limit).await
    }

    async fn is_follower(&self, user: UserId, record: RecordId) -> Result<bool, StoreError> {
        marks::is_follower(&self.reads, user, record).await
    }

    async fn favourites(&self, user: UserId) -> Result<Vec<Favourite>, StoreError> {
        marks::favourites(&self.reads, user).await
    }

    async fn muted(&self, user: UserId) -> Result<BTreeSet<NotificationReason>, StoreError> {
        notifications::muted(&self.reads, user).await
    }
}
