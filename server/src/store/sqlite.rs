//! SQLite: reads from a pool of read-only connections; writes go to the one writer.

pub(crate) mod archive;
pub(crate) mod audit;
mod changes;
mod chronicle;
mod comments;
mod connect;
mod entities;
mod files;
pub(super) mod forms;
mod groups;
mod jobs;
mod marks;
mod notifications;
mod people;
mod upgrade;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use anyhow::Context as _;
use async_trait::async_trait;
use baton_protocol::codec;
use baton_protocol::entity::Entity;
use baton_protocol::field::{Value, fold};
use baton_protocol::file::FileHash;
use baton_protocol::history::SavedVersion;
use baton_protocol::id::{
    EntityId, FormKey, FormKind, JobId, RecordId, Seq, SessionId, SignInId, UploadId, UserId, Version,
};
use baton_protocol::list::{Page, SavedView};
use baton_protocol::list_query::{Cursor, ListQuery};
use baton_protocol::message::{DraftRow, EntityRow, FormPresence, MAX_ROWS_BYTES, Topic};
use baton_protocol::person::{Account, Person, UserRole};
use baton_protocol::record::{BinRow, Record, RecordRow};
use baton_protocol::rights::Groups;
use baton_protocol::time::Timestamp;
use sqlx::sqlite::{SqlitePool, SqlitePoolOptions, SqliteRow};
use sqlx::{Row, SqliteConnection};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

pub(super) use changes::head;
use connect::options;
pub(super) use connect::{connect, connect_to_read, newest_schema};
use entities::{entity, newest};
pub(crate) use upgrade::object_of_format_1;

use crate::bus::Bus;
use crate::metrics::StoreFigures;
use crate::store::lists::{self, Slots};
use crate::store::rows::{RECORD, counter, record, stamp};
use crate::store::writer::{self, Done, Op, form_key, kind_name};
use crate::store::{
    BinPage, Conversion, ConversionWrite, FileUses, Lasting, ProvidedScope, PurgeScope, Purgeable, RecordPage, Replay,
    Store, StoreError, StoredFile, StoredForm, StoredSignIn, UserRow, Write, retention,
};

/// A database file; cheap to clone.
#[derive(Clone, Debug)]
pub struct SqliteStore {
    reads: SqlitePool,
    writes: mpsc::Sender<Op>,
    done: Arc<Done>,
}

/// Of more writes that wait, callers wait too.
const WRITE_QUEUE: usize = 4096;

impl SqliteStore {
    /// Opens the file, brings its schema up to date and starts the writer.
    ///
    /// # Errors
    /// If the file cannot be opened or was made by a newer program.
    pub async fn open(file: &Path, bus: Bus) -> anyhow::Result<Self> {
        let connection = connect(file).await?;
        let reads = SqlitePoolOptions::new()
            .max_connections(4)
            .connect_with(options(file).read_only(true))
            .await?;
        let (writes, ops) = mpsc::channel(WRITE_QUEUE);
        let writer = writer::Writer::start(connection, bus)
            .await
            .context("cannot bring the index up to date")?;
        let done = Arc::new(Done::default());
        tokio::spawn(writer.run(ops, Arc::clone(&done)));
        Ok(Self { reads, writes, done })
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn write(&self, write: Write) -> Result<(), StoreError> {
        let (done, result) = oneshot::channel();
        self.writes
            .send(Op { write, done })
            .await
            .map_err(|_| StoreError::Closed)?;
        result.await.map_err(|_| StoreError::Closed)?
    }

    fn figures(&self) -> StoreFigures {
        StoreFigures {
            writes: self.done.writes.load(Ordering::Relaxed),
            batches: self.done.batches.load(Ordering::Relaxed),
            waiting: self.writes.max_capacity() - self.writes.capacity(),
        }
    }

    async fn entities(&self) -> Result<(Seq, Vec<EntityRow>), StoreError> {
        let mut tx = self.reads.begin().await?;
        let seq = head(&mut tx).await?;
        let rows = sqlx::query("SELECT definition, records FROM entities ORDER BY position, name")
            .fetch_all(&mut *tx)
            .await?;
        let mut entities = rows
            .iter()
            .map(|row| {
                let definition: &str = row.try_get("definition")?;
                let entity = Arc::new(serde_json::from_str(definition)?);
                Ok(EntityRow::new(entity, counter(row, "records")?))
            })
            .collect::<Result<Vec<_>, StoreError>>()?;
        for FormPresence { form, presence, draft } in forms::definitions_in_hand(&mut tx).await? {
            if let Some(row) = entities.iter_mut().find(|row| row.entity.id.0 == form.id) {
                row.editing = presence;
                row.unsaved = draft;
            }
        }
        Ok((seq, entities))
    }

    async fn entity(&self, id: EntityId) -> Result<Option<Entity>, StoreError> {
        let mut connection = self.reads.acquire().await?;
        entity(&mut connection, id).await
    }

    async fn records(&self, id: EntityId, limit: u32) -> Result<Option<RecordPage>, StoreError> {
        let mut tx = self.reads.begin().await?;
        let Some(entity) = entity(&mut tx, id).await? else {
            return Ok(None);
        };
        let seq = head(&mut tx).await?;
        let records = newest(&mut tx, id, "r.gone IS NULL", limit).await?;
        let total = sqlx::query("SELECT records FROM entities WHERE id = ?")
            .bind(id.0)
            .fetch_one(&mut *tx)
            .await?;
        let editing = forms::editing(&mut tx, id).await?;
        Ok(Some(RecordPage {
            seq,
            rows: records.iter().map(|record| record.row(&entity)).collect(),
            entity,
            total: counter(&total, "records")?,
            editing,
        }))
    }

    async fn rows_before(&self, id: EntityId, before: RecordId, limit: u32) -> Result<Vec<RecordRow>, StoreError> {
        let mut tx = self.reads.begin().await?;
        let Some(entity) = entity(&mut tx, id).await? else {
            return Ok(Vec::new());
        };
        sqlx::query(sqlx::AssertSqlSafe(format!(
            "{RECORD} WHERE r.entity_id = ? AND r.gone IS NULL AND r.id < ? ORDER BY r.id DESC LIMIT ?"
        )))
        .bind(id.0)
        .bind(before.0)
        .bind(limit)
        .fetch_all(&mut *tx)
        .await?
        .iter()
        .map(|row| Ok(record(row)?.row(&entity)))
        .collect()
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
        let mut tx = self.reads.begin().await?;
        let defined: Option<(String, String)> = sqlx::query_as("SELECT definition, slots FROM entities WHERE id = ?")
            .bind(id.0)
            .fetch_optional(&mut *tx)
            .await?;
        let Some((definition, slots)) = defined else {
            return Ok(None);
        };
        let (entity, slots): (Entity, Slots) = (serde_json::from_str(&definition)?, serde_json::from_str(&slots)?);
        lists::page(&mut tx, (&entity, &slots), query, after, limit, only, shown)
            .await
            .map(Some)
    }

    async fn words_near(&self, word: &str, limit: usize) -> Result<Vec<String>, StoreError> {
        words::near(&self.reads, word, limit).await
    }

    async fn titles(&self, records: &[RecordId]) -> Result<Vec<(RecordId, EntityId, String)>, StoreError> {
        let mut connection = self.reads.acquire().await?;
        lists::titles(&mut connection, records).await
    }

    async fn records_of(&self, records: &[RecordId]) -> Result<Vec<Record>, StoreError> {
        let mut connection = self.reads.acquire().await?;
        lists::records(&mut connection, records).await
    }

    async fn field_values(&self, entity: EntityId, field: &str) -> Result<Vec<(Value, u64)>, StoreError> {
        let mut connection = self.reads.acquire().await?;
        lists::field_values(&mut connection, entity, field).await
    }

    async fn records_after(&self, entity: EntityId, num: u64, limit: u32) -> Result<Vec<Record>, StoreError> {
        sqlx::query(sqlx::AssertSqlSafe(format!(
            "{RECORD} WHERE r.entity_id = ? AND r.num > ? ORDER BY r.num LIMIT ?"
        )))
        .bind(entity.0)
        .bind(i64::try_from(num).unwrap_or(i64::MAX))
        .bind(limit)
        .fetch_all(&self.reads)
        .await?
        .iter()
        .map(record)
        .collect()
    }

    async fn with_title(&self, entity: EntityId, title: &str, limit: u32) -> Result<Vec<RecordId>, StoreError> {
        // By the index of lists, which compares without case; then letter for letter.
        let ids: Vec<Uuid> = sqlx::query_scalar(
            "SELECT r.id FROM cells k JOIN records r ON r.id = k.id
             WHERE k.entity_id = ? AND k.title = ? AND r.title = ? LIMIT ?",
        )
        .bind(entity.0)
        .bind(fold(title))
        .bind(title)
        .bind(limit)
        .fetch_all(&self.reads)
        .await?;
        Ok(ids.into_iter().map(RecordId).collect())
    }

    async fn free_slug(&self, entity: EntityId, slug: &str) -> Result<String, StoreError> {
        let mut connection = self.reads.acquire().await?;
        lists::free_slug(&mut connection, entity, slug).await
    }

    async fn views(&self, entity: EntityId, person: UserId) -> Result<Vec<SavedView>, StoreError> {
        let mut connection = self.reads.acquire().await?;
        lists::views(&mut connection, entity, person).await
    }

    async fn open_imports(&self) -> Result<Vec<(EntityId, UploadId)>, StoreError> {
        let rows: Vec<(Uuid, Uuid)> = sqlx::query_as(
            "SELECT DISTINCT r.entity_id, u.import_id FROM unfinished u JOIN records r ON r.id = u.record_id
             WHERE u.import_id NOT IN (SELECT import_id FROM finished_imports)",
        )
        .fetch_all(&self.reads)
        .await?;
        let ids = |(entity, import)| (EntityId(entity), UploadId(import));
        Ok(rows.into_iter().map(ids).collect())
    }

    async fn finished_imports(&self) -> Result<Vec<UploadId>, StoreError> {
        let imports: Vec<Uuid> = sqlx::query_scalar("SELECT import_id FROM finished_imports")
            .fetch_all(&self.reads)
            .await?;
        Ok(imports.into_iter().map(UploadId).collect())
    }

    async fn made_by(&self, import: UploadId, limit: u32) -> Result<Vec<RecordId>, StoreError> {
        let ids: Vec<Uuid> = sqlx::query_scalar(
            "SELECT r.id FROM unfinished u JOIN records r ON r.id = u.record_id
             WHERE u.import_id = ? AND r.version = 1 AND r.gone IS NULL
             AND NOT EXISTS (SELECT 1 FROM forms WHERE kind = 'record' AND forms.id = r.id) LIMIT ?",
        )
        .bind(import.0)
        .bind(limit)
        .fetch_all(&self.reads)
        .await?;
        Ok(ids.into_iter().map(RecordId).collect())
    }

    async fn purgeable(&self, what: PurgeScope, in_use: &BTreeSet<Uuid>, limit: u32) -> Result<Purgeable, StoreError> {
        let mut tx = self.reads.begin().await?;
        retention::purgeable(&mut tx, what, in_use, limit).await
    }

    async fn ended_drafts(&self, empty: Timestamp, drafts: Timestamp, limit: u32) -> Result<Vec<FormKey>, StoreError> {
        forms::ended_drafts(&self.reads, empty, drafts, limit).await
    }

    async fn prunable(&self, before: Timestamp, limit: u32) -> Result<Option<Seq>, StoreError> {
        changes::prunable(&self.reads, before, limit).await
    }

    async fn files_in_drafts(&self) -> Result<BTreeSet<FileHash>, StoreError> {
        let mut connection = self.reads.acquire().await?;
        retention::files_in_drafts(&mut connection).await
    }

    async fn file_uses(&self, hash: FileHash) -> Result<Option<FileUses>, StoreError> {
        files::uses(&self.reads, hash).await
    }

    async fn records_with_file(
        &self,
        hash: FileHash,
        entity: EntityId,
        limit: u32,
    ) -> Result<Vec<RecordId>, StoreError> {
        files::records_with(&self.reads, hash, entity, limit).await
    }

    async fn bytes_of(&self, user: UserId) -> Result<u64, StoreError> {
        let row = sqlx::query("SELECT coalesce(sum(size), 0) AS bytes FROM files WHERE owner = ?")
            .bind(user.0)
            .fetch_one(&self.reads)
            .await?;
        counter(&row, "bytes")
    }

    async fn drafts(&self, author: Option<UserId>, limit: u32) -> Result<Vec<DraftRow>, StoreError> {
        forms::drafts(&self.reads, author, limit).await
    }

    async fn never_saved_of(&self, user: UserId) -> Result<u64, StoreError> {
        forms::never_saved_of(&self.reads, user).await
    }

    async fn last_num(&self) -> Result<u64, StoreError> {
        let row = sqlx::query("SELECT coalesce(max(num), 0) AS num FROM records")
            .fetch_one(&self.reads)
            .await?;
        counter(&row, "num")
    }

    async fn spreading_names(&self) -> Result<Vec<Person>, StoreError> {
        people::spreading_names(&self.reads).await
    }

    async fn forms_naming(&self, person: UserId) -> Result<Vec<FormKey>, StoreError> {
        forms::naming(&self.reads, person).await
    }

    async fn conversions(&self) -> Result<Vec<Conversion>, StoreError> {
        let rows: Vec<(Uuid, String)> =
            sqlx::query_as("SELECT id, converting FROM entities WHERE converting IS NOT NULL")
                .fetch_all(&self.reads)
                .await?;
        rows.into_iter()
            .map(|(id, converting)| {
                let ConversionWrite { before, by } = serde_json::from_str(&converting)?;
                let entity = EntityId(id);
                Ok(Conversion { entity, before, by })
            })
            .collect()
    }

    async fn bin(&self, id: EntityId, limit: u32) -> Result<Option<BinPage>, StoreError> {
        let mut tx = self.reads.begin().await?;
        let Some(entity) = entity(&mut tx, id).await? else {
            return Ok(None);
        };
        let seq = head(&mut tx).await?;
        let records = newest(&mut tx, id, "r.gone IS NOT NULL", limit).await?;
        let bin_row = |record: Record| {
            let row = record.row(&entity);
            record.gone.map(|gone| BinRow { row, gone })
        };
        let rows = records.into_iter().filter_map(bin_row).collect();
        Ok(Some(BinPage { seq, entity, rows }))
    }

    async fn changes_since(&self, topic: Topic, since: Seq, limit: u32) -> Result<Option<Replay>, StoreError> {
        changes::since(&self.reads, topic, since, limit).await
    }

    async fn record(&self, id: RecordId) -> Result<Option<Record>, StoreError> {
        let row = sqlx::query(sqlx::AssertSqlSafe(format!("{RECORD} WHERE r.id = ?")))
            .bind(id.0)
            .fetch_optional(&self.reads)
            .await?;
        row.as_ref().map(record).transpose()
    }

    async fn was_purged(&self, id: RecordId) -> Result<bool, StoreError> {
        let purged = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM purged WHERE record_id = ?)")
            .bind(id.0)
            .fetch_one(&self.reads)
            .await?;
        Ok(purged)
    }

    async fn history(&self, form: FormKey, limit: u32) -> Result<Vec<SavedVersion>, StoreError> {
        let rows = sqlx::query(
            "SELECT h.version, h.saved_by, u.name AS saved_name, h.saved_at, h.fields
             FROM saves h JOIN users u ON u.id = h.saved_by
             WHERE h.kind = ? AND h.id = ? ORDER BY h.version DESC LIMIT ?",
        )
        .bind(kind_name(form.kind))
        .bind(form.id)
        .bind(limit)
        .fetch_all(&self.reads)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(SavedVersion {
                    version: Version(counter(row, "version")?),
                    saved: stamp(row, "saved_by", "saved_name", "saved_at")?,
                    fields: serde_json::from_str(row.try_get("fields")?)?,
                })
            })
            .collect()
    }

    async fn form(&self, key: FormKey) -> Result<Option<StoredForm>, StoreError> {
        forms::one(&self.reads, key).await
    }

    async fn places(&self) -> Result<Vec<(FormKey, SessionId)>, StoreError> {
        forms::places(&self.reads).await
    }

    async fn user_by_email(&self, email: &str) -> Result<Option<UserRow>, StoreError> {
        people::by_email(&self.reads, email).await
    }

    async fn user_by_identity(&self, provider: &str, subject: &str) -> Result<Option<UserRow>, StoreError> {
        people::by_identity(&self.reads, provider, subject).await
    }

    async fn provided_sign_ins(&self, provider: &str, which: &ProvidedScope) -> Result<Vec<StoredSignIn>, StoreError> {
        people::provided_sign_ins(&self.reads, provider, which).await
    }

    async fn user_by_token(&self, hash: &[u8], at: Lasting) -> Result<Option<(UserRow, StoredSignIn)>, StoreError> {
        people::by_token(&self.reads, hash, at).await
    }

    async fn sign_ins(&self, user: UserId, at: Lasting) -> Result<Vec<StoredSignIn>, StoreError> {
        people::sign_ins(&self.reads, user, at).await
    }

    async fn sign_in(&self, id: SignInId) -> Result<Option<StoredSignIn>, StoreError> {
        people::sign_in(&self.reads, id).await
    }

    async fn files(&self, hashes: &[FileHash]) -> Result<Vec<StoredFile>, StoreError> {
        let mut connection = self.reads.acquire().await?;
        lists::files(&mut connection, hashes).await
    }

    async fn thumbnail(&self, hash: FileHash) -> Result<Option<Vec<u8>>, StoreError> {
        let found: Option<Option<Vec<u8>>> = sqlx::query_scalar("SELECT thumbnail FROM files WHERE hash = ?")
            .bind(&hash.0[..])
            .fetch_optional(&self.reads)
            .await?;
        Ok(found.flatten())
    }

    async fn people(&self) -> Result<Vec<UserRow>, StoreError> {
        people::all(&self.reads).await
    }

    async fn groups(&self) -> Result<Groups, StoreError> {
        groups::all(&self.reads).await
    }

    async fn settings(&self) -> Result<BTreeMap<String, String>, StoreError> {
        people::settings(&self.reads).await
    }

    async fn has_users(&self) -> Result<bool, StoreError> {
        people::any(&self.reads).await
    }
}
