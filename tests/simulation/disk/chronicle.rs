//! Histories look at nothing that is kept of what happened.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use async_trait::async_trait;
use baton_protocol::audit::{AuditEntry, AuditFilter};
use baton_protocol::comment::Comment;
use baton_protocol::id::{FormKey, JobId, RecordId, UserId, Version};
use baton_protocol::list::Favourite;
use baton_protocol::notification::{Notification, NotificationReason};
use baton_protocol::time::Timestamp;
use baton_server::store::{Chronicle, StoreError, StoredJob};

use super::SimStore;

#[async_trait]
impl Chronicle for SimStore {
    async fn audit(
        &self,
        _filter: &AuditFilter,
        _before: Option<u64>,
        _limit: u32,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        Ok(Vec::new())
    }

    async fn audit_head(&self) -> Result<Option<(u64, String)>, StoreError> {
        Ok(None)
    }

    async fn activity(&self, _person: Option<UserId>, _numbers: Range<u64>) -> Result<Vec<AuditEntry>, StoreError> {
        Ok(Vec::new())
    }

    async fn audit_range(&self) -> Result<Option<(u64, u64)>, StoreError> {
        Ok(None)
    }

    async fn changed_fields(
        &self,
        _saves: &[(FormKey, Version)],
    ) -> Result<BTreeMap<(FormKey, Version), Vec<String>>, StoreError> {
        Ok(BTreeMap::new())
    }

    async fn prunable_audit(&self, _before: Timestamp, _limit: u32) -> Result<Option<u64>, StoreError> {
        Ok(None)
    }

    async fn comments(&self, _record: RecordId) -> Result<Vec<Comment>, StoreError> {
        Ok(Vec::new())
    }

    async fn notifications(&self, _user: UserId) -> Result<Vec<Notification>, StoreError> {
        Ok(Vec::new())
    }

    async fn followers(&self, _record: RecordId) -> Result<Vec<UserId>, StoreError> {
        Ok(Vec::new())
    }

    async fn jobs(&self, _ids: &[JobId]) -> Result<BTreeMap<JobId, StoredJob>, StoreError> {
        Ok(BTreeMap::new())
    }

    async fn job_saves(
        &self,
        _job: JobId,
        _after: Option<RecordId>,
        _limit: u32,
    ) -> Result<Vec<(RecordId, Version)>, StoreError> {
        Ok(Vec::new())
    }

    async fn saves_of_jobs(&self, _saves: &[(FormKey, Version)]) -> Result<BTreeSet<(FormKey, Version)>, StoreError> {
        Ok(BTreeSet::new())
    }

    async fn old_job_saves(
        &self,
        _before: Timestamp,
        _limit: u32,
    ) -> Result<Option<(JobId, Vec<RecordId>)>, StoreError> {
        Ok(None)
    }

    async fn is_follower(&self, _user: UserId, _record: RecordId) -> Result<bool, StoreError> {
        Ok(false)
    }

    async fn favourites(&self, _user: UserId) -> Result<Vec<Favourite>, StoreError> {
        Ok(Vec::new())
    }

    async fn muted(&self, _user: UserId) -> Result<BTreeSet<NotificationReason>, StoreError> {
        Ok(BTreeSet::new())
    }
}
