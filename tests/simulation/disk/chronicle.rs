//! Of what happened nothing is kept here; of what people marked, who did.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use async_trait::async_trait;
use baton_protocol::audit::{AuditEntry, AuditFilter};
use baton_protocol::comment::Comment;
use baton_protocol::id::{FormKey, JobId, RecordId, UserId, Version};
use baton_protocol::list::Favourite;
use baton_protocol::notification::{Notification, NotificationReason};
use baton_protocol::time::Timestamp;
use baton_protocol::values::TITLE;
use baton_server::store::{Chronicle, RecordMark, StoreError, StoredJob};

use super::reads::text;
use super::{Disk, SimStore};

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

    async fn followers(&self, record: RecordId) -> Result<Vec<UserId>, StoreError> {
        self.read(|disk| disk.followers(record)).await
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

    async fn is_follower(&self, user: UserId, record: RecordId) -> Result<bool, StoreError> {
        self.read(|disk| disk.is_marked(RecordMark::Followed, record, user))
            .await
    }

    async fn favourites(&self, user: UserId) -> Result<Vec<Favourite>, StoreError> {
        self.read(|disk| disk.favourites(user)).await
    }

    async fn muted(&self, user: UserId) -> Result<BTreeSet<NotificationReason>, StoreError> {
        self.read(|disk| disk.muted.get(&user).cloned().unwrap_or_default())
            .await
    }
}

impl Disk {
    fn is_marked(&self, mark: RecordMark, record: RecordId, user: UserId) -> bool {
        let marked = self.marks.get(&mark);
        marked.is_some_and(|marked| marked.contains(&(record, user)))
    }

    fn followers(&self, record: RecordId) -> Vec<UserId> {
        let mutes = |user: &UserId| {
            let muted = self.muted.get(user);
            muted.is_some_and(|muted| muted.contains(&NotificationReason::Saved))
        };
        let marked = self.marks.get(&RecordMark::Followed).into_iter().flatten();
        let followers = marked.filter(|(of, _)| *of == record).map(|(_, user)| *user);
        followers.filter(|user| !mutes(user)).collect()
    }

    fn favourites(&self, user: UserId) -> Vec<Favourite> {
        let marked = self
            .listed()
            .filter(|record| self.is_marked(RecordMark::Favourite, record.id, user));
        let favourite = |record: &baton_protocol::record::Record| Favourite {
            record: record.id,
            entity: record.entity,
            title: text(record, TITLE).to_owned(),
        };
        let mut favourites: Vec<_> = marked.map(favourite).collect();
        favourites.sort_by_key(|favourite| (favourite.title.to_ascii_lowercase(), favourite.record));
        favourites
    }
}
