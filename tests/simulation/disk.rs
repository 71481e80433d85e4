//! The simulated disk and the store on it: inline, slow at will, and forgetful of what was not
//! committed when the server crashes.

mod chronicle;
mod commit;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use baton_protocol::entity::Entity;
use baton_protocol::field::Value;
use baton_protocol::file::FileHash;
use baton_protocol::form::{DraftLogEntry, Form};
use baton_protocol::history::SavedVersion;
use baton_protocol::id::{EntityId, FormKey, RecordId, Seq, SessionId, SignInId, UploadId, UserId};
use baton_protocol::list::{Page, SavedView};
use baton_protocol::list_query::{Cursor, ListQuery};
use baton_protocol::message::{DraftRow, EntityRow, Event, FormPresence, Topic};
use baton_protocol::origin::Origin;
use baton_protocol::person::Person;
use baton_protocol::record::{Record, RecordRow, TakenSlugs};
use baton_protocol::rights::Groups;
use baton_protocol::time::Timestamp;
use baton_protocol::values::SLUG;
use baton_server::bus::Bus;
use baton_server::store::{
    BinPage, Conversion, FileUses, FormWrite, Indexed, KeptFile, Lasting, LogSize, ProvidedScope, PurgeScope,
    Purgeable, RecordPage, RecordWrite, RemovalWrite, Replay, StateWrite, Store, StoreError, StoredForm, StoredSignIn,
    UserRow, Write,
};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use uuid::Uuid;

use crate::oracle::SharedOracle;
use commit::{commit_form, commit_record, commit_removal};

/// A form as it is kept: its state as it was last written whole, and every change since.
#[derive(Debug)]
struct Settings {
    n: u64,
    whole: String,
    entries: Vec<String>,
}

/// What survives a crash.
#[derive(Debug)]
pub(crate) struct Disk {
    pub(crate) users: Vec<UserRow>,
    /// Token hashes and whose they are.
    pub(crate) tokens: BTreeMap<Vec<u8>, usize>,
    pub(crate) entity: Entity,
    pub(crate) records: BTreeMap<RecordId, Record>,
    forms: BTreeMap<FormKey, Settings>,
    changes: Vec<(Topic, Event)>,
    /// Writes fail while this is true, as on a full disk.
    pub(crate) failing: bool,
    rng: StdRng,
}

impl Disk {
    pub(crate) fn new(seed: u64, entity: Entity) -> Self {
        Self {
            users: Vec::new(),
            tokens: BTreeMap::new(),
            entity,
            records: BTreeMap::new(),
            forms: BTreeMap::new(),
            changes: Vec::new(),
            failing: false,
            rng: StdRng::seed_from_u64(seed),
        }
    }

    /// The records that are in their list.
    pub(crate) fn listed(&self) -> impl Iterator<Item = &Record> {
        self.records.values().filter(|record| record.gone.is_none())
    }

    fn editing(&self) -> Vec<FormPresence> {
        let forms = self.forms.keys().filter_map(|key| self.form(*key));
        let rows = forms.map(|StoredForm { form, .. }| FormPresence {
            form: form.key,
            presence: form.queue.presence(),
            draft: form.draft.authors().into_iter().next().cloned(),
        });
        rows.filter(|row| row.presence.is_some() || row.draft.is_some())
            .collect()
    }

    fn form(&self, key: FormKey) -> Option<StoredForm> {
        let Settings { n, whole, entries } = self.forms.get(&key)?;
        let mut form: Form = serde_json::from_str(whole).expect("what was stored can be read");
        let mut log = LogSize {
            whole: whole.len(),
            ..LogSize::default()
        };
        for entry in entries {
            let appended: DraftLogEntry = serde_json::from_str(entry).expect("what was stored can be read");
            form.replay(&appended).expect("it was made for this draft");
            log.append(entry.len());
        }
        Some(StoredForm { n: *n, form, log })
    }

    fn append(&mut self, topic: Topic, event: Event) -> (Seq, Topic, Event) {
        self.changes.push((topic, event.clone()));
        (Seq(self.changes.len() as u64), topic, event)
    }
}

/// A disk that outlives its servers.
pub(crate) type SharedDisk = Arc<Mutex<Disk>>;

/// One server's store.
#[derive(Debug)]
pub(crate) struct SimStore {
    pub(crate) disk: SharedDisk,
    pub(crate) bus: Bus,
    pub(crate) oracle: SharedOracle,
}

impl SimStore {
    fn disk(&self) -> MutexGuard<'_, Disk> {
        self.disk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn spin(&self, at_most_ms: u64) {
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
        let mut log = Vec::new();
        match write {
            Write::Form(form) => {
                let stored = disk.forms.get(&form.key).map_or(0, |stored| stored.n);
                if form.n != stored + 1 {
                    return Err(StoreError::Stale);
                }
                if let Some(record) = &form.record {
                    commit_record(&mut disk, record, &mut log)?;
                }
                assert!(form.definition.is_none(), "nobody defines anything");
                if let Some(removal) = &form.removal {
                    commit_removal(&mut disk, removal, &mut log);
                }
                commit_form(&mut disk, form);
                let state = disk.form(form.key).expect("it was written").form;
                self.oracle().committed(form, &state);
            }
            Write::Converted(_) => {}
            // Nothing of a history asks for either.
            Write::UseSignIn(_) | Write::Settings(..) => {}
            Write::Prune { .. } | Write::Purge { .. } | Write::PurgeEntity { .. } | Write::EndDrafts(_) => {}
            Write::User(_)
            | Write::Identity(_)
            | Write::Token(_)
            | Write::EndSignIn(..)
            | Write::Audit(_)
            | Write::Comment(_)
            | Write::ReadNotifications(..)
            | Write::Notify(_)
            | Write::Mark(..)
            | Write::Mute(..)
            | Write::PruneAudit(_)
            | Write::Entity(_)
            | Write::ChangeUser(_)
            | Write::Group(_)
            | Write::Begin { .. }
            | Write::JobUndone(..)
            | Write::ForgetJobSaves(..)
            | Write::ReindexName { .. }
            | Write::NameIsSpread(_)
            | Write::File(..)
            | Write::ForgetFiles(..)
            | Write::Records { .. }
            | Write::CommitImport(_)
            | Write::ForgetImport(..)
            | Write::RollbackImport { .. }
            | Write::Reindex { .. }
            | Write::Unique(..)
            | Write::Move { .. }
            | Write::View(_)
            | Write::DropView(..) => {
                unreachable!("people sign in with tokens that are there from the start, and edit records")
            }
        }
        drop(disk);
        for (seq, topic, event) in log {
            self.oracle().logged(seq, topic, &event);
            self.bus.publish_event(seq, topic, event);
        }
        Ok(())
    }

    fn oracle(&self) -> MutexGuard<'_, crate::oracle::Oracle> {
        self.oracle.lock().unwrap_or_else(PoisonError::into_inner)
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
        self.read(|disk| {
            let row = EntityRow::new(Arc::new(disk.entity.clone()), disk.listed().count() as u64);
            (Seq(disk.changes.len() as u64), vec![row])
        })
        .await
    }

    async fn entity(&self, id: EntityId) -> Result<Option<Entity>, StoreError> {
        self.read(|disk| (disk.entity.id == id).then(|| disk.entity.clone()))
            .await
    }

    async fn records(&self, _id: EntityId, _limit: u32) -> Result<Option<RecordPage>, StoreError> {
        self.read(|disk| {
            Some(RecordPage {
                seq: Seq(disk.changes.len() as u64),
                entity: disk.entity.clone(),
                rows: disk.listed().map(|record| record.row(&disk.entity)).collect(),
                total: disk.listed().count() as u64,
                editing: disk.editing(),
            })
        })
        .await
    }

    async fn rows_before(&self, _id: EntityId, _before: RecordId, _limit: u32) -> Result<Vec<RecordRow>, StoreError> {
        // The first picture has all of them.
        Ok(Vec::new())
    }

    async fn page(
        &self,
        _id: EntityId,
        _query: &ListQuery,
        _after: Option<&Cursor>,
        _limit: u32,
        _only: &[RecordId],
        _shown: Option<&Entity>,
    ) -> Result<Option<Page>, StoreError> {
        Ok(None)
    }

    async fn words_near(&self, _word: &str, _limit: usize) -> Result<Vec<String>, StoreError> {
        Ok(Vec::new())
    }

    async fn titles(&self, _records: &[RecordId]) -> Result<Vec<(RecordId, EntityId, String)>, StoreError> {
        Ok(Vec::new())
    }

    async fn records_of(&self, _records: &[RecordId]) -> Result<Vec<Record>, StoreError> {
        Ok(Vec::new())
    }

    async fn field_values(&self, _entity: EntityId, _field: &str) -> Result<Vec<(Value, u64)>, StoreError> {
        Ok(Vec::new())
    }

    async fn records_after(&self, _entity: EntityId, _num: u64, _limit: u32) -> Result<Vec<Record>, StoreError> {
        Ok(Vec::new())
    }

    async fn files(&self, _hashes: &[FileHash]) -> Result<Vec<KeptFile>, StoreError> {
        Ok(Vec::new())
    }

    async fn thumbnail(&self, _hash: FileHash) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(None)
    }

    async fn unfinished(&self) -> Result<Vec<(EntityId, UploadId)>, StoreError> {
        Ok(Vec::new())
    }

    async fn finished_imports(&self) -> Result<Vec<UploadId>, StoreError> {
        Ok(Vec::new())
    }

    async fn people(&self) -> Result<Vec<UserRow>, StoreError> {
        self.read(|disk| disk.users.clone()).await
    }

    async fn with_title(&self, _entity: EntityId, _title: &str, _limit: u32) -> Result<Vec<RecordId>, StoreError> {
        Ok(Vec::new())
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

    async fn ended_drafts(
        &self,
        _empty: Timestamp,
        _drafts: Timestamp,
        _limit: u32,
    ) -> Result<Vec<FormKey>, StoreError> {
        Ok(Vec::new())
    }

    async fn prunable(&self, _before: Timestamp, _limit: u32) -> Result<Option<Seq>, StoreError> {
        Ok(None)
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

    async fn drafts(&self, _author: Option<UserId>, _limit: u32) -> Result<Vec<DraftRow>, StoreError> {
        Ok(Vec::new())
    }

    async fn never_saved_of(&self, _user: UserId) -> Result<u64, StoreError> {
        Ok(0)
    }

    async fn last_num(&self) -> Result<u64, StoreError> {
        Ok(0)
    }

    async fn free_slug(&self, _entity: EntityId, slug: &str) -> Result<String, StoreError> {
        self.read(|disk| {
            let slugs = disk.records.values().filter_map(|record| record.values.get(SLUG));
            slugs.map(Value::text).collect::<TakenSlugs>().free(slug)
        })
        .await
    }

    async fn views(&self, _entity: EntityId, _person: UserId) -> Result<Vec<SavedView>, StoreError> {
        Ok(Vec::new())
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

    async fn bin(&self, _id: EntityId, _limit: u32) -> Result<Option<BinPage>, StoreError> {
        Ok(None)
    }

    async fn changes_since(&self, topic: Topic, since: Seq, limit: u32) -> Result<Option<Replay>, StoreError> {
        self.read(|disk| {
            let missed = disk.changes.get(usize::try_from(since.0).unwrap_or(usize::MAX)..)?;
            let events: Vec<_> = missed
                .iter()
                .filter(|(of, _)| *of == topic)
                .map(|(_, event)| event.clone())
                .collect();
            (events.len() <= limit as usize).then(|| Replay {
                seq: Seq(disk.changes.len() as u64),
                events,
                editing: disk.editing(),
            })
        })
        .await
    }

    async fn record(&self, id: RecordId) -> Result<Option<Record>, StoreError> {
        self.read(|disk| disk.records.get(&id).cloned()).await
    }

    async fn was_purged(&self, _id: RecordId) -> Result<bool, StoreError> {
        Ok(false)
    }

    async fn history(&self, _form: FormKey, _limit: u32) -> Result<Vec<SavedVersion>, StoreError> {
        Ok(Vec::new())
    }

    async fn form(&self, key: FormKey) -> Result<Option<StoredForm>, StoreError> {
        self.read(|disk| disk.form(key)).await
    }

    async fn places(&self) -> Result<Vec<(FormKey, SessionId)>, StoreError> {
        self.read(|disk| {
            let forms = disk.forms.keys().filter_map(|key| disk.form(*key));
            let places = forms.flat_map(|StoredForm { form, .. }| {
                let sessions: Vec<_> = form.queue.editors().iter().map(|editor| editor.session).collect();
                sessions.into_iter().map(move |session| (form.key, session))
            });
            places.collect()
        })
        .await
    }

    async fn user_by_email(&self, _email: &str) -> Result<Option<UserRow>, StoreError> {
        Ok(None)
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
