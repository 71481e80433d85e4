//! What is kept, in the words of the domain. Everything else in the server is a cache of this.
//!
//! A write that changes what lists show carries its log entry, and the store publishes it after the
//! commit: no write can forget to tell (seed row 11), and a failed one tells nothing (row 12).

mod sqlite;
mod writer;

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use baton_protocol::codec;
use baton_protocol::entity::{Entity, EntityRow};
use baton_protocol::form::{FieldHistory, Form, Passing};
use baton_protocol::history::SavedVersion;
use baton_protocol::id::{EntityId, FormKey, RecordId, Seq, UserId};
use baton_protocol::message::{Event, RowEditing, Topic};
use baton_protocol::person::Account;
use baton_protocol::record::{BinRow, Gone, Record, RecordRow};
use baton_protocol::time::Timestamp;
use uuid::Uuid;

pub use sqlite::SqliteStore;

/// Why the store did not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another record of the entity has this slug.
    #[error("the slug is taken")]
    SlugTaken,
    /// Another user has this address.
    #[error("the e-mail address is taken")]
    EmailTaken,
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
pub trait Store: Send + Sync + std::fmt::Debug {
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

    /// The saves of a record, newest first.
    ///
    /// # Errors
    /// What failed.
    async fn history(&self, id: RecordId, limit: u32) -> Result<Vec<SavedVersion>, StoreError>;

    /// The living part of a form, without the saved values.
    ///
    /// # Errors
    /// What failed.
    async fn form(&self, key: FormKey) -> Result<Option<Form>, StoreError>;

    /// Every form that has editors.
    ///
    /// # Errors
    /// What failed.
    async fn occupied_forms(&self) -> Result<Vec<Form>, StoreError>;

    /// The user with this address.
    ///
    /// # Errors
    /// What failed.
    async fn user_by_email(&self, email: &str) -> Result<Option<UserRow>, StoreError>;

    /// The user whom an unexpired token belongs to.
    ///
    /// # Errors
    /// What failed.
    async fn user_by_token(&self, hash: &[u8], now: Timestamp) -> Result<Option<UserRow>, StoreError>;

    /// Whether there is any user at all.
    ///
    /// # Errors
    /// What failed.
    async fn has_users(&self) -> Result<bool, StoreError>;
}

/// One write, all or nothing.
#[derive(Debug)]
pub enum Write {
    /// A form's state, and the record that it saves.
    Form(Box<FormWrite>),
    /// A new user.
    User(NewUser),
    /// A session token.
    Token(TokenWrite),
    /// The session token with this hash is worth nothing any more.
    RevokeToken(Vec<u8>),
    /// An entity's definition.
    Entity(EntityWrite),
    /// A record that has no form open, as an import's.
    Record(Box<RecordWrite>),
    /// What was deleted before this goes for ever, unless somebody has it open.
    Purge {
        /// Before when it was deleted.
        deleted_before: Timestamp,
        /// Forms that are in use, if only to be looked at.
        except: BTreeSet<Uuid>,
        /// The present time.
        now: Timestamp,
    },
    /// The change log's entries from before this are forgotten; whoever has not seen them reads
    /// everything anew (G5).
    Prune(Timestamp),
}

/// A form's new state, and the record it saves, if it does.
#[derive(Debug)]
pub struct FormWrite {
    /// Which form.
    pub key: FormKey,
    /// How many editors it has.
    pub occupied: usize,
    /// Its state, encoded.
    pub state: String,
    /// What is saved with it.
    pub record: Option<RecordWrite>,
    /// The record's new place: in its list or out of it.
    pub removal: Option<RemovalWrite>,
    /// What must stay provable, and when it happened.
    pub audit: Option<(Timestamp, Passing)>,
}

impl FormWrite {
    /// The write that keeps this form.
    #[must_use]
    pub fn of(form: &Form) -> Self {
        Self {
            key: form.key,
            occupied: form.queue.editors().len(),
            state: codec::encode(form),
            record: None,
            removal: None,
            audit: None,
        }
    }
}

/// A record that goes out of its list, or comes back.
#[derive(Debug)]
pub struct RemovalWrite {
    /// The record's entity.
    pub entity: EntityId,
    /// Its row.
    pub row: RecordRow,
    /// How it is gone; none if it is back.
    pub gone: Option<Gone>,
    /// When.
    pub at: Timestamp,
}

/// A saved record with its history.
#[derive(Debug)]
pub struct RecordWrite {
    /// The record as it is now.
    pub record: Record,
    /// What changed.
    pub history: Vec<FieldHistory>,
    /// What those who watch the list are told.
    pub event: Event,
}

/// A user who is about to be stored.
#[derive(Debug)]
pub struct NewUser {
    /// Who.
    pub account: Account,
    /// The hash of their password.
    pub password_hash: String,
    /// When.
    pub at: Timestamp,
}

/// A session token.
#[derive(Debug)]
pub struct TokenWrite {
    /// Its hash.
    pub hash: Vec<u8>,
    /// Whose it is.
    pub user: UserId,
    /// When it was made.
    pub at: Timestamp,
    /// When it ends.
    pub expires: Timestamp,
}

/// The newest records of an entity, as one picture.
#[derive(Debug)]
pub struct RecordPage {
    /// Everything up to here is in it.
    pub seq: Seq,
    /// The definition.
    pub entity: Entity,
    /// Newest first.
    pub rows: Vec<RecordRow>,
    /// How many there are in all.
    pub total: u64,
    /// Which records of the entity are open.
    pub editing: Vec<RowEditing>,
}

/// The records out of the list of an entity, as one picture.
#[derive(Debug)]
pub struct BinPage {
    /// Everything up to here is in it.
    pub seq: Seq,
    /// The definition.
    pub entity: Entity,
    /// Newest record first.
    pub rows: Vec<BinRow>,
}

/// What happened to a topic, as one picture.
#[derive(Debug)]
pub struct Replay {
    /// Everything up to here is in it.
    pub seq: Seq,
    /// In order.
    pub events: Vec<Event>,
    /// Which of the topic's records are open.
    pub editing: Vec<RowEditing>,
}

/// A user with what is needed to sign in.
#[derive(Clone, Debug)]
pub struct UserRow {
    /// Who.
    pub account: Account,
    /// The hash of their password.
    pub password_hash: String,
}

/// A definition that is about to be stored.
#[derive(Clone, Debug)]
pub struct EntityWrite {
    /// The definition.
    pub entity: Entity,
    /// Its place among the entities.
    pub position: u32,
}
