//! The simulated disk and the store on it: inline, slow at will, and forgetful of what was not
//! committed when the server crashes.

mod chronicle;
mod commit;
mod reads;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use baton_protocol::entity::Entity;
use baton_protocol::field::Value;
use baton_protocol::file::FileHash;
use baton_protocol::history::SavedVersion;
use baton_protocol::id::{EntityId, FormKey, RecordId, Seq, SessionId, SignInId, UploadId, UserId, ViewId};
use baton_protocol::list::{Page, SavedView};
use baton_protocol::list_query::{Cursor, ListQuery};
use baton_protocol::message::{DraftRow, EntityRow, Event, Topic};
use baton_protocol::notification::NotificationReason;
use baton_protocol::origin::Origin;
use baton_protocol::person::Person;
use baton_protocol::record::{Record, RecordRow};
use baton_protocol::rights::Groups;
use baton_protocol::time::Timestamp;
use baton_server::bus::Bus;
use baton_server::store::{
    BinPage, Conversion, FileUses, Lasting, ProvidedScope, PurgeScope, Purgeable, RecordMark, RecordPage, Replay,
    Store, StoreError, StoredFile, StoredForm, StoredSignIn, UserRow, Write,
};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use uuid::Uuid;

use crate::oracle::SharedOracle;

/// A form as it is kept: its state as it was last written whole, and every change since.
#[derive(Debug)]
struct DiskForm {
    n: u64,
    whole: String,
    entries: Vec<String>,
    /// What its last whole write said of it, the title of a later one included.
    entity: EntityId,
    title: String,
    never_saved: bool,
    touched: Timestamp,
}

/// An entry of the change log.
#[derive(Debug)]
struct LogEntry {
    at: Timestamp,
    topic: Topic,
    event: Event,
}

/// What survives a crash.
#[derive(Debug)]
pub(crate) struct Disk {
    pub(crate) users: Vec<UserRow>,
    /// Token hashes and whose they are.
    pub(crate) tokens: BTreeMap<Vec<u8>, usize>,
    /// In the order in which they were made.
    entities: Vec<Entity>,
    pub(crate) records: BTreeMap<RecordId, Record>,
    /// Records that went for ever.
    purged: BTreeSet<RecordId>,
    /// The saves of forms, oldest first.
    saves: BTreeMap<FormKey, Vec<SavedVersion>>,
    views: BTreeMap<ViewId, SavedView>,
    /// Who marked which records, and how.
    marks: BTreeMap<RecordMark, BTreeSet<(RecordId, UserId)>>,
    muted: BTreeMap<UserId, BTreeSet<NotificationReason>>,
    forms: BTreeMap<FormKey, DiskForm>,
    changes: Vec<LogEntry>,
    /// How many entries of the log are pruned.
    pruned: usize,
    /// Writes fail while this is true, as on a full disk.
    pub(crate) failing: bool,
    rng: StdRng,
}

impl Disk {
    pub(crate) fn new(seed: u64, entities: Vec<Entity>) -> Self {
        Self {
            users: Vec::new(),
            tokens: BTreeMap::new(),
            entities,
            records: BTreeMap::new(),
            purged: BTreeSet::new(),
            saves: BTreeMap::new(),
            views: BTreeMap::new(),
            marks: BTreeMap::new(),
            muted: BTreeMap::new(),
            forms: BTreeMap::new(),
            changes: Vec::new(),
            pruned: 0,
            failing: false,
            rng: StdRng::seed_from_u64(seed),
        }
    }
}

/// A disk that outlives its servers.
pub(crate) type SharedDisk = Arc<Mutex<Disk>>;

/// One server's store.
#[derive(Debug)]
pub(crate) struct SimStore {
    pub(crate) disk: SharedDisk,
    pub(crate) bus: Bus,
    /// Who judges the history; nobody where two stores are compared, and then nothing takes its time either.
    pub(crate) oracle: Option<SharedOracle>,
}

impl SimStore {
    fn disk(&self) -> MutexGuard<'_, Disk> {
        self.disk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn spin(&self, at_most_ms: u64) {
        if self.oracle.is_none() {
            return;
        }
        let ms = self.disk().rng.random_range(0..=at_most_ms);
        tokio::time::sleep(Duration::from_millis(ms)).await;
    }

    /// The picture at one moment, which reaches the reader a little later.
    async fn read<T>(&self, read: impl FnOnce(&Disk) -> T) -> Result<T, StoreError> {
        self.spin(2).await;
        let picture = read(&self.disk());
        self.spin(2).await;
        Ok(picture)
    }

    fn commit(&self, write: &Write) -> Result<(), StoreError> {
        let mut disk = self.disk();
        if disk.failing {
            return Err(StoreError::Transaction("the disk is full".into()));
        }
        let log = disk.commit(write)?;
        let judge = self.oracle.as_ref();
        let judge = || judge.map(|oracle| oracle.lock().unwrap_or_else(PoisonError::into_inner));
        if let (Write::Form(form), Some(mut oracle)) = (write, judge()) {
            let state = disk.form(form.key).expect("it was written").form;
            oracle.committed(form, &state);
        }
        drop(disk);
        for (seq, topic, event) in log {
            if let Some(mut oracle) = judge() {
                oracle.logged(seq, topic, &event);
            }
            self.bus.publish_event(seq, topic, event);
        }
        Ok(())
    }
}

#[async_trait]
impl Store for SimStore {
    async fn write(&self, write: Write) -> Result<(), StoreError> {
        // A crash before the commit loses the write; a crash after it, only the answer.
        self.spin(6).await;
        let result = self.commit(&write);
        self.spin(3).await;
        result
    }

    async fn entities(&self) -> Result<(Seq, Vec<EntityRow>), StoreError> {
        self.read(|disk| (disk.head(), disk.entity_rows())).await
    }

    async fn entity(&self, id: EntityId) -> Result<Option<Entity>, StoreError> {
        self.read(|disk| disk.entity(id).cloned()).await
    }

    async fn records(&self, id: EntityId, limit: u32) -> Result<Option<RecordPage>, StoreError> {
        self.read(|disk| disk.record_page(id, limit)).await
    }

    async fn rows_before(&self, id: EntityId, before: RecordId, limit: u32) -> Result<Vec<RecordRow>, StoreError> {
        self.read(|disk| disk.rows_before(id, before, limit)).await
    }

    async fn page(
        &self,
        id: EntityId,
        query: &ListQuery,
        after: Option<&Cursor>,
        limit: u32,
        only: &[RecordId],
        shown: Option<&Entity>,
    ) -> Result<Option<Page>, StoreError> {
        self.read(|disk| disk.page(id, query, after, limit, only, shown)).await
    }

    async fn words_near(&self, _word: &str, _limit: usize) -> Result<Vec<String>, StoreError> {
        Ok(Vec::new())
    }

    async fn titles(&self, records: &[RecordId]) -> Result<Vec<(RecordId, EntityId, String)>, StoreError> {
        self.read(|disk| disk.titles(records)).await
    }

    async fn records_of(&self, records: &[RecordId]) -> Result<Vec<Record>, StoreError> {
        self.read(|disk| disk.records_of(records)).await
    }

    async fn field_values(&self, entity: EntityId, field: &str) -> Result<Vec<(Value, u64)>, StoreError> {
        self.read(|disk| disk.field_values(entity, field)).await
    }

    async fn records_after(&self, entity: EntityId, num: u64, limit: u32) -> Result<Vec<Record>, StoreError> {
        self.read(|disk| disk.records_after(entity, num, limit)).await
    }

    async fn files(&self, _hashes: &[FileHash]) -> Result<Vec<StoredFile>, StoreError> {
        Ok(Vec::new())
    }

    async fn thumbnail(&self, _hash: FileHash) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(None)
    }

    async fn open_imports(&self) -> Result<Vec<(EntityId, UploadId)>, StoreError> {
        Ok(Vec::new())
    }

    async fn finished_imports(&self) -> Result<Vec<UploadId>, StoreError> {
        Ok(Vec::new())
    }

    async fn people(&self) -> Result<Vec<UserRow>, StoreError> {
        self.read(|disk| disk.users.clone()).await
    }

    async fn with_title(&self, entity: EntityId, title: &str, limit: u32) -> Result<Vec<RecordId>, StoreError> {
        self.read(|disk| disk.with_title(entity, title, limit)).await
    }

    async fn made_by(&self, _import: UploadId, _limit: u32) -> Result<Vec<RecordId>, StoreError> {
        Ok(Vec::new())
    }

    async fn purgeable(
        &self,
        _what: PurgeScope,
        _in_use: &BTreeSet<Uuid>,
        _limit: u32,
    ) -> Result<Purgeable, StoreError> {
        Ok(Purgeable::default())
    }

    async fn ended_drafts(&self, empty: Timestamp, drafts: Timestamp, limit: u32) -> Result<Vec<FormKey>, StoreError> {
        self.read(|disk| disk.ended_drafts(empty, drafts, limit)).await
    }

    async fn prunable(&self, before: Timestamp, limit: u32) -> Result<Option<Seq>, StoreError> {
        self.read(|disk| disk.prunable(before, limit)).await
    }

    async fn files_in_drafts(&self) -> Result<BTreeSet<FileHash>, StoreError> {
        Ok(BTreeSet::new())
    }

    async fn file_uses(&self, _hash: FileHash) -> Result<Option<FileUses>, StoreError> {
        Ok(None)
    }

    async fn records_with_file(
        &self,
        _hash: FileHash,
        _entity: EntityId,
        _limit: u32,
    ) -> Result<Vec<RecordId>, StoreError> {
        Ok(Vec::new())
    }

    async fn bytes_of(&self, _user: UserId) -> Result<u64, StoreError> {
        Ok(0)
    }

    async fn drafts(&self, author: Option<UserId>, limit: u32) -> Result<Vec<DraftRow>, StoreError> {
        self.read(|disk| disk.drafts(author, limit)).await
    }

    async fn never_saved_of(&self, user: UserId) -> Result<u64, StoreError> {
        self.read(|disk| disk.never_saved_of(user)).await
    }

    async fn last_num(&self) -> Result<u64, StoreError> {
        self.read(Disk::last_num).await
    }

    async fn free_slug(&self, entity: EntityId, slug: &str) -> Result<String, StoreError> {
        self.read(|disk| disk.free_slug(entity, slug)).await
    }

    async fn views(&self, entity: EntityId, person: UserId) -> Result<Vec<SavedView>, StoreError> {
        self.read(|disk| disk.views_of(entity, person)).await
    }

    async fn spreading_names(&self) -> Result<Vec<Person>, StoreError> {
        Ok(Vec::new())
    }

    async fn forms_naming(&self, _person: UserId) -> Result<Vec<FormKey>, StoreError> {
        Ok(Vec::new())
    }

    async fn conversions(&self) -> Result<Vec<Conversion>, StoreError> {
        Ok(Vec::new())
    }

    async fn bin(&self, id: EntityId, limit: u32) -> Result<Option<BinPage>, StoreError> {
        self.read(|disk| disk.bin(id, limit)).await
    }

    async fn changes_since(&self, topic: Topic, since: Seq, limit: u32) -> Result<Option<Replay>, StoreError> {
        self.read(|disk| disk.changes_since(topic, since, limit)).await
    }

    async fn record(&self, id: RecordId) -> Result<Option<Record>, StoreError> {
        self.read(|disk| disk.records.get(&id).cloned()).await
    }

    async fn was_purged(&self, id: RecordId) -> Result<bool, StoreError> {
        self.read(|disk| disk.purged.contains(&id)).await
    }

    async fn history(&self, form: FormKey, limit: u32) -> Result<Vec<SavedVersion>, StoreError> {
        self.read(|disk| disk.history(form, limit)).await
    }

    async fn form(&self, key: FormKey) -> Result<Option<StoredForm>, StoreError> {
        self.read(|disk| disk.form(key)).await
    }

    async fn places(&self) -> Result<Vec<(FormKey, SessionId)>, StoreError> {
        self.read(Disk::places).await
    }

    async fn user_by_email(&self, email: &str) -> Result<Option<UserRow>, StoreError> {
        self.read(|disk| disk.users.iter().find(|user| user.account.email == email).cloned())
            .await
    }

    async fn user_by_identity(&self, _provider: &str, _subject: &str) -> Result<Option<UserRow>, StoreError> {
        Ok(None)
    }

    async fn provided_sign_ins(
        &self,
        _provider: &str,
        _which: &ProvidedScope,
    ) -> Result<Vec<StoredSignIn>, StoreError> {
        Ok(Vec::new())
    }

    async fn user_by_token(&self, hash: &[u8], at: Lasting) -> Result<Option<(UserRow, StoredSignIn)>, StoreError> {
        self.read(|disk| {
            let user = disk.users[*disk.tokens.get(hash)?].clone();
            let sign_in = StoredSignIn {
                id: SignInId(user.account.person.id.0),
                user: user.account.person.id,
                origin: Origin::default(),
                since: at.now,
                used: at.now,
                renewed: at.now,
                has_old_token: false,
                by_old_token: false,
                provided: false,
                expires: at.now + Duration::from_secs(30 * 86_400),
            };
            Some((user, sign_in))
        })
        .await
    }

    async fn sign_ins(&self, _user: UserId, _at: Lasting) -> Result<Vec<StoredSignIn>, StoreError> {
        Ok(Vec::new())
    }

    async fn sign_in(&self, _id: SignInId) -> Result<Option<StoredSignIn>, StoreError> {
        Ok(None)
    }

    async fn groups(&self) -> Result<Groups, StoreError> {
        Ok(Groups::default())
    }

    async fn settings(&self) -> Result<BTreeMap<String, String>, StoreError> {
        Ok(BTreeMap::new())
    }

    async fn has_users(&self) -> Result<bool, StoreError> {
        Ok(true)
    }
}
