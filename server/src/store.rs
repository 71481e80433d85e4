//! What is kept, in the words of the domain. Everything else in the server is a cache of this.
//!
//! A write that changes what lists show carries its log entry, and the store publishes it after the
//! commit: no write can forget to tell (seed row 11), and a failed one tells nothing (row 12).

pub(crate) mod archive;
pub(crate) mod backup;
mod chronicle;
pub mod commit;
mod found;
mod lists;
mod retention;
mod rows;
pub(crate) mod sqlite;
mod writer;
mod writes;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_trait::async_trait;
use baton_protocol::entity::Entity;
use baton_protocol::field::Value;
use baton_protocol::file::FileHash;
use baton_protocol::history::SavedVersion;
use baton_protocol::id::{EntityId, FormKey, RecordId, Seq, SessionId, SignInId, UploadId, UserId};
use baton_protocol::list::{Page, SavedView};
use baton_protocol::list_query::{Cursor, ListQuery};
use baton_protocol::message::{DraftRow, EntityRow, Topic};
use baton_protocol::person::Person;
use baton_protocol::record::{Record, RecordRow};
use baton_protocol::rights::Groups;
use baton_protocol::time::Timestamp;
use uuid::Uuid;

use crate::metrics::StoreFigures;

pub use chronicle::{Chronicle, StoredJob};
pub use found::{
    BinPage, Conversion, FileUses, Lasting, LogSize, ProvidedScope, PurgeScope, Purgeable, RecordPage, Replay,
    StoredFile, StoredForm, StoredSignIn, UserRow,
};
pub(crate) use rows::count_fitting;
pub use sqlite::SqliteStore;
pub use writes::{
    CommentWrite, ConversionWrite, DefinitionWrite, EntityWrite, FormWrite, GroupWrite, IdentityWrite, Indexed,
    NewAuditEntry, NewNotification, NewUser, PasswordOrigin, ProvidedBy, RecordMark, RecordWrite, RemovalWrite,
    SignInUse, StateWrite, TokenChange, TokenWrite, UniqueStep, UserChange, UserWrite, WholeState, Write,
};

/// Why the store did not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another record of the entity has this slug.
    #[error("the slug is taken")]
    SlugTaken,
    /// Another record of the entity has this field's value, and no two may have the same.
    #[error("the value of {0} is taken")]
    ValueTaken(String),
    /// Another entity has this name.
    #[error("the name is taken")]
    NameTaken,
    /// The records of the entity are still being converted.
    #[error("records are being converted")]
    Converting,
    /// Another user has this address.
    #[error("the e-mail address is taken")]
    EmailTaken,
    /// The person's rights or password changed since: whoever asks may not do it any more.
    #[error("the person's rights changed meanwhile")]
    RightsChanged,
    /// Nobody would be an admin any more.
    #[error("somebody must be an admin")]
    LastAdmin,
    /// There is no such thing.
    #[error("there is no such thing")]
    Missing,
    /// Work with this id was begun already.
    #[error("it was begun already")]
    Begun,
    /// The form was stored again since it was read, and may be another one.
    #[error("the form was stored again since it was read")]
    Stale,
    /// The store is closing.
    #[error("the store is closed")]
    Closed,
    /// The database failed.
    #[error("the database failed: {0}")]
    Database(#[from] sqlx::Error),
    /// What is stored cannot be read.
    #[error("what is stored cannot be read: {0}")]
    Corrupt(#[from] serde_json::Error),
    /// The transaction that the write was grouped into failed.
    #[error("the transaction failed: {0}")]
    Transaction(String),
}

/// A store, shared by everything in the server.
pub type SharedStore = Arc<dyn Store>;

/// Keeps everything. Each read is one consistent picture.
///
/// SQLite's is the one that serves people; the simulation has one of its own, which can lose what was
/// not committed and never leaves its single thread.
#[async_trait]
pub trait Store: Chronicle + Send + Sync + std::fmt::Debug {
    /// Writes durably, publishes what those who watch must be told, and only then returns.
    ///
    /// # Errors
    /// What is taken, or what failed; nothing was written then.
    async fn write(&self, write: Write) -> Result<(), StoreError>;

    /// All entities in their order, with the log's position.
    ///
    /// # Errors
    /// What failed.
    async fn entities(&self) -> Result<(Seq, Vec<EntityRow>), StoreError>;

    /// An entity's definition.
    ///
    /// # Errors
    /// What failed.
    async fn entity(&self, id: EntityId) -> Result<Option<Entity>, StoreError>;

    /// The newest records of an entity; nothing if there is no such entity.
    ///
    /// # Errors
    /// What failed.
    async fn records(&self, id: EntityId, limit: u32) -> Result<Option<RecordPage>, StoreError>;

    /// The rows of an entity's list before this record, newest first.
    ///
    /// # Errors
    /// If the database cannot be read.
    async fn rows_before(&self, id: EntityId, before: RecordId, limit: u32) -> Result<Vec<RecordRow>, StoreError>;

    /// A page of an entity's list; nothing if there is no such entity. `only` narrows it down to some
    /// records, where any are named. Rows, and what a search finds, are of the fields of `shown`, where it is given.
    ///
    /// # Errors
    /// What failed.
    async fn page(
        &self,
        id: EntityId,
        query: &ListQuery,
        after: Option<&Cursor>,
        limit: u32,
        only: &[RecordId],
        shown: Option<&Entity>,
    ) -> Result<Option<Page>, StoreError>;

    /// The words that records of any entity are found by and that are near this one, the nearest first.
    ///
    /// # Errors
    /// What failed.
    async fn words_near(&self, word: &str, limit: usize) -> Result<Vec<String>, StoreError>;

    /// What records are called and what they are of, also those that are out of their list.
    ///
    /// # Errors
    /// What failed.
    async fn titles(&self, records: &[RecordId]) -> Result<Vec<(RecordId, EntityId, String)>, StoreError>;

    /// These records, in this order, also those that are out of their list.
    ///
    /// # Errors
    /// What failed.
    async fn records_of(&self, records: &[RecordId]) -> Result<Vec<Record>, StoreError>;

    /// Every value that records have in a field, and how many records have it.
    ///
    /// # Errors
    /// What failed.
    async fn field_values(&self, entity: EntityId, field: &str) -> Result<Vec<(Value, u64)>, StoreError>;

    /// The records of an entity after this place in the order of first saves, also those that are out of
    /// the list.
    ///
    /// # Errors
    /// What failed.
    async fn records_after(&self, entity: EntityId, num: u64, limit: u32) -> Result<Vec<Record>, StoreError>;

    /// The records in an entity's list with this title, letter for letter, at most so many.
    ///
    /// # Errors
    /// What failed.
    async fn with_title(&self, entity: EntityId, title: &str, limit: u32) -> Result<Vec<RecordId>, StoreError>;

    /// A slug like this one that no record of the entity has.
    ///
    /// # Errors
    /// What failed.
    async fn free_slug(&self, entity: EntityId, slug: &str) -> Result<String, StoreError>;

    /// The lists of an entity that this person sees.
    ///
    /// # Errors
    /// What failed.
    async fn views(&self, entity: EntityId, person: UserId) -> Result<Vec<SavedView>, StoreError>;

    /// The imports that are all or nothing and were not over when the server stopped, and their entities.
    ///
    /// # Errors
    /// What failed.
    async fn open_imports(&self) -> Result<Vec<(EntityId, UploadId)>, StoreError>;

    /// Imports that are over, of whose records something is still noted.
    ///
    /// # Errors
    /// What failed.
    async fn finished_imports(&self) -> Result<Vec<UploadId>, StoreError>;

    /// Some of the records that an import made and that nobody touched since; none when all are gone.
    ///
    /// # Errors
    /// What failed.
    async fn made_by(&self, import: UploadId, limit: u32) -> Result<Vec<RecordId>, StoreError>;

    /// Some of what was deleted before this and is to go for ever, without what is in use.
    ///
    /// # Errors
    /// What failed.
    async fn purgeable(&self, what: PurgeScope, in_use: &BTreeSet<Uuid>, limit: u32) -> Result<Purgeable, StoreError>;

    /// Some of the records that were never saved and that nobody has open: without any text before `empty`, with
    /// unsaved text before `drafts`.
    ///
    /// # Errors
    /// What failed.
    async fn ended_drafts(&self, empty: Timestamp, drafts: Timestamp, limit: u32) -> Result<Vec<FormKey>, StoreError>;

    /// The last entry of the change log that may be forgotten, of the oldest few; none when there is nothing.
    ///
    /// # Errors
    /// What failed.
    async fn prunable(&self, before: Timestamp, limit: u32) -> Result<Option<Seq>, StoreError>;

    /// The files that somebody's unsaved text names.
    ///
    /// # Errors
    /// What failed.
    async fn files_in_drafts(&self) -> Result<BTreeSet<FileHash>, StoreError>;

    /// Who brought a file, and of which entities records have or had it, saved or not; nothing for one that is not
    /// kept.
    ///
    /// # Errors
    /// What failed.
    async fn file_uses(&self, hash: FileHash) -> Result<Option<FileUses>, StoreError>;

    /// Some of the records of an entity that have or had a file, saved or not.
    ///
    /// # Errors
    /// What failed.
    async fn records_with_file(
        &self,
        hash: FileHash,
        entity: EntityId,
        limit: u32,
    ) -> Result<Vec<RecordId>, StoreError>;

    /// How many bytes of files a person has brought that are still kept.
    ///
    /// # Errors
    /// What failed.
    async fn bytes_of(&self, user: UserId) -> Result<u64, StoreError>;

    /// What a person, or anybody, has typed and not saved, newest first.
    ///
    /// # Errors
    /// What failed.
    async fn drafts(&self, author: Option<UserId>, limit: u32) -> Result<Vec<DraftRow>, StoreError>;

    /// How many records a person has begun and never saved.
    ///
    /// # Errors
    /// What failed.
    async fn never_saved_of(&self, user: UserId) -> Result<u64, StoreError>;

    /// The last place in the order of first saves.
    ///
    /// # Errors
    /// What failed.
    async fn last_num(&self) -> Result<u64, StoreError>;

    /// Whose new name is not in everything yet that is kept, with that name.
    ///
    /// # Errors
    /// What failed.
    async fn spreading_names(&self) -> Result<Vec<Person>, StoreError>;

    /// The forms in whose stored state a person is named: as author of what is unsaved or was discarded, or as editor.
    ///
    /// # Errors
    /// What failed.
    async fn forms_naming(&self, person: UserId) -> Result<Vec<FormKey>, StoreError>;

    /// The entities whose records are still to be converted.
    ///
    /// # Errors
    /// What failed.
    async fn conversions(&self) -> Result<Vec<Conversion>, StoreError>;

    /// The newest records that are out of the list of an entity; nothing if there is no such entity.
    ///
    /// # Errors
    /// What failed.
    async fn bin(&self, id: EntityId, limit: u32) -> Result<Option<BinPage>, StoreError>;

    /// What happened to a topic after `since`, in order; nothing if the log does not reach back so far,
    /// or if it is more than `limit`.
    ///
    /// # Errors
    /// What failed.
    async fn changes_since(&self, topic: Topic, since: Seq, limit: u32) -> Result<Option<Replay>, StoreError>;

    /// A saved record.
    ///
    /// # Errors
    /// What failed.
    async fn record(&self, id: RecordId) -> Result<Option<Record>, StoreError>;

    /// Whether there was such a record, and it was purged.
    ///
    /// # Errors
    /// What failed.
    async fn was_purged(&self, id: RecordId) -> Result<bool, StoreError>;

    /// The saves of a form, newest first.
    ///
    /// # Errors
    /// What failed.
    async fn history(&self, form: FormKey, limit: u32) -> Result<Vec<SavedVersion>, StoreError>;

    /// The living part of a form, without the saved values.
    ///
    /// # Errors
    /// What failed.
    async fn form(&self, key: FormKey) -> Result<Option<StoredForm>, StoreError>;

    /// Every place in every form.
    ///
    /// # Errors
    /// What failed.
    async fn places(&self) -> Result<Vec<(FormKey, SessionId)>, StoreError>;

    /// What it has done since it was opened.
    fn figures(&self) -> StoreFigures {
        StoreFigures::default()
    }

    /// The user with this address.
    ///
    /// # Errors
    /// What failed.
    async fn user_by_email(&self, email: &str) -> Result<Option<UserRow>, StoreError>;

    /// The user whom a provider calls this.
    ///
    /// # Errors
    /// What failed.
    async fn user_by_identity(&self, provider: &str, subject: &str) -> Result<Option<UserRow>, StoreError>;

    /// The sign-ins that were made by a provider, of those that it names.
    ///
    /// # Errors
    /// What failed.
    async fn provided_sign_ins(&self, provider: &str, which: &ProvidedScope) -> Result<Vec<StoredSignIn>, StoreError>;

    /// The user whom an unexpired token belongs to, and which of their sign-ins it is; nobody who is deactivated.
    ///
    /// # Errors
    /// What failed.
    async fn user_by_token(&self, hash: &[u8], at: Lasting) -> Result<Option<(UserRow, StoredSignIn)>, StoreError>;

    /// A person's sign-ins that last, newest first.
    ///
    /// # Errors
    /// What failed.
    async fn sign_ins(&self, user: UserId, at: Lasting) -> Result<Vec<StoredSignIn>, StoreError>;

    /// A sign-in, if it lasts.
    ///
    /// # Errors
    /// What failed.
    async fn sign_in(&self, id: SignInId) -> Result<Option<StoredSignIn>, StoreError>;

    /// Which of these files are kept.
    ///
    /// # Errors
    /// What failed.
    async fn files(&self, hashes: &[FileHash]) -> Result<Vec<StoredFile>, StoreError>;

    /// A small JPEG of a file; nothing where there is none.
    ///
    /// # Errors
    /// What failed.
    async fn thumbnail(&self, hash: FileHash) -> Result<Option<Vec<u8>>, StoreError>;

    /// Everybody with an account, by name.
    ///
    /// # Errors
    /// What failed.
    async fn people(&self) -> Result<Vec<UserRow>, StoreError>;

    /// All groups, with what they give.
    ///
    /// # Errors
    /// What failed.
    async fn groups(&self) -> Result<Groups, StoreError>;

    /// The settings of the last start, by name; none before the first.
    ///
    /// # Errors
    /// What failed.
    async fn settings(&self) -> Result<BTreeMap<String, String>, StoreError>;

    /// Whether there is any user at all.
    ///
    /// # Errors
    /// What failed.
    async fn has_users(&self) -> Result<bool, StoreError>;
}
