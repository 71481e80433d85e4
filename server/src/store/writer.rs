//! The one writer: takes whatever waits, writes it in one transaction, publishes, then answers.
//!
//! Commit first, tell after: nobody is told of what a crash could undo. Writes that arrive while a
//! transaction is under way are the next group, so the cost of a durable write is shared.

use baton_protocol::codec;
use baton_protocol::entity::Entity;
use baton_protocol::form::{FieldHistory, Form, Passing};
use baton_protocol::id::{EntityId, FormKey, FormKind, RecordId, Seq, UserId};
use baton_protocol::message::{Event, ToClient, Topic};
use baton_protocol::person::Account;
use baton_protocol::record::{Record, SLUG, STATUS, TITLE};
use baton_protocol::time::Timestamp;
use sqlx::{Connection, Sqlite, SqliteConnection, Transaction};
use tokio::sync::{mpsc, oneshot};

use crate::bus::Bus;
use crate::store::{EntityWrite, Store, StoreError, text_of};

/// The most writes that one transaction takes.
const GROUP: usize = 256;

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
    /// What must stay provable, and when it happened.
    pub audit: Option<(Timestamp, Passing)>,
}

impl FormWrite {
    /// The write that keeps this form.
    #[must_use]
    pub fn of(form: &Form, record: Option<RecordWrite>, audit: Option<(Timestamp, Passing)>) -> Self {
        Self {
            key: form.key,
            occupied: form.queue.editors().len(),
            state: codec::encode(form),
            record,
            audit,
        }
    }
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

enum Write {
    Form(FormWrite),
    User(NewUser),
    Token(TokenWrite),
    RevokeToken(Vec<u8>),
    Entity(EntityWrite),
    Record(RecordWrite),
    /// Forget the log's entries from before this.
    Prune(Timestamp),
}

pub(super) struct Op {
    write: Write,
    done: oneshot::Sender<Result<(), StoreError>>,
}

impl Store {
    /// Keeps a form's state, and saves its record in the same transaction.
    ///
    /// # Errors
    /// [`StoreError::SlugTaken`], or what failed; nothing was written then.
    pub async fn write_form(&self, form: FormWrite) -> Result<(), StoreError> {
        self.write(Write::Form(form)).await
    }

    /// Adds a user.
    ///
    /// # Errors
    /// [`StoreError::EmailTaken`], or what failed.
    pub async fn add_user(&self, user: NewUser) -> Result<(), StoreError> {
        self.write(Write::User(user)).await
    }

    /// Keeps a session token.
    ///
    /// # Errors
    /// What failed.
    pub async fn add_token(&self, token: TokenWrite) -> Result<(), StoreError> {
        self.write(Write::Token(token)).await
    }

    /// Revokes a session token.
    ///
    /// # Errors
    /// What failed.
    pub async fn revoke_token(&self, hash: Vec<u8>) -> Result<(), StoreError> {
        self.write(Write::RevokeToken(hash)).await
    }

    /// Keeps an entity's definition.
    ///
    /// # Errors
    /// What failed.
    pub async fn write_entity(&self, entity: EntityWrite) -> Result<(), StoreError> {
        self.write(Write::Entity(entity)).await
    }

    /// Saves a record that has no form open, as an import does.
    ///
    /// # Errors
    /// [`StoreError::SlugTaken`], or what failed.
    pub async fn write_record(&self, record: RecordWrite) -> Result<(), StoreError> {
        self.write(Write::Record(record)).await
    }

    /// Forgets the change log's entries from before this; whoever has not seen them reads everything
    /// anew (G5).
    ///
    /// # Errors
    /// What failed.
    pub async fn prune_changes(&self, before: Timestamp) -> Result<(), StoreError> {
        self.write(Write::Prune(before)).await
    }

    async fn write(&self, write: Write) -> Result<(), StoreError> {
        let (done, result) = oneshot::channel();
        self.writes
            .send(Op { write, done })
            .await
            .map_err(|_| StoreError::Closed)?;
        result.await.map_err(|_| StoreError::Closed)?
    }
}

/// What a transaction logged, to be published after its commit.
type Log = Vec<(Seq, Topic, Event)>;

pub(super) async fn run(mut connection: SqliteConnection, mut ops: mpsc::Receiver<Op>, bus: Bus) {
    let mut group = Vec::with_capacity(GROUP);
    while ops.recv_many(&mut group, GROUP).await > 0 {
        let mut results = Vec::with_capacity(group.len());
        match write_group(&mut connection, &group, &mut results).await {
            Ok(log) => {
                for (seq, topic, event) in log {
                    bus.publish(topic, &ToClient::Event { seq, topic, event });
                }
                for (op, result) in group.drain(..).zip(results) {
                    // Whoever asked may be gone; the write stands all the same.
                    op.done.send(result).ok();
                }
            }
            Err(error) => {
                tracing::error!(%error, writes = group.len(), "a transaction failed; nothing of it was kept");
                for op in group.drain(..) {
                    op.done.send(Err(StoreError::Transaction(error.to_string()))).ok();
                }
            }
        }
    }
}

async fn write_group(
    connection: &mut SqliteConnection,
    group: &[Op],
    results: &mut Vec<Result<(), StoreError>>,
) -> Result<Log, sqlx::Error> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let mut log = Log::new();
    for op in group {
        let logged = log.len();
        // A savepoint for each: one refused write must not take its neighbours with it.
        let mut savepoint = transaction.begin().await?;
        match op.write.run(&mut savepoint, &mut log).await {
            Ok(()) => {
                savepoint.commit().await?;
                results.push(Ok(()));
            }
            Err(error) => {
                savepoint.rollback().await?;
                log.truncate(logged);
                results.push(Err(error));
            }
        }
    }
    transaction.commit().await?;
    Ok(log)
}

type Tx<'a> = Transaction<'a, Sqlite>;

impl Write {
    async fn run(&self, tx: &mut Tx<'_>, log: &mut Log) -> Result<(), StoreError> {
        match self {
            Self::Form(form) => form.run(tx, log).await,
            Self::User(user) => user.run(tx).await,
            Self::Token(token) => token.run(tx).await,
            Self::RevokeToken(hash) => revoke_token(tx, hash).await,
            Self::Entity(entity) => write_entity(tx, entity).await,
            Self::Record(record) => record.run(tx, log).await,
            Self::Prune(before) => prune(tx, *before).await,
        }
    }
}

impl FormWrite {
    async fn run(&self, tx: &mut Tx<'_>, log: &mut Log) -> Result<(), StoreError> {
        if let Some(record) = &self.record {
            record.run(tx, log).await?;
        }
        if let Some((at, passing)) = &self.audit {
            sqlx::query("INSERT INTO audit (at, kind, form_id, passing) VALUES (?, ?, ?, ?)")
                .bind(at.0)
                .bind(kind_name(self.key.kind))
                .bind(self.key.id)
                .bind(codec::encode(passing))
                .execute(&mut **tx)
                .await?;
        }
        sqlx::query(
            "INSERT INTO forms (kind, id, occupied, state) VALUES (?, ?, ?, ?)
             ON CONFLICT (kind, id) DO UPDATE SET occupied = excluded.occupied, state = excluded.state",
        )
        .bind(kind_name(self.key.kind))
        .bind(self.key.id)
        .bind(i64::try_from(self.occupied).unwrap_or(i64::MAX))
        .bind(&self.state)
        .execute(&mut **tx)
        .await?;
        Ok(())
    }
}

impl RecordWrite {
    async fn run(&self, tx: &mut Tx<'_>, log: &mut Log) -> Result<(), StoreError> {
        let record = &self.record;
        let created = record.version.0 == 1;
        let written = sqlx::query(
            "INSERT INTO records (id, entity_id, version, title, slug, status, content,
                                  created_by, created_at, updated_by, updated_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (id) DO UPDATE SET
                 version = excluded.version, title = excluded.title, slug = excluded.slug,
                 status = excluded.status, content = excluded.content,
                 updated_by = excluded.updated_by, updated_at = excluded.updated_at",
        )
        .bind(record.id.0)
        .bind(record.entity.0)
        .bind(number(record.version.0))
        .bind(text_of(&record.values, TITLE))
        .bind(text_of(&record.values, SLUG))
        .bind(text_of(&record.values, STATUS))
        .bind(codec::encode(&record.values))
        .bind(record.created.by.id.0)
        .bind(record.created.at.0)
        .bind(record.updated.by.id.0)
        .bind(record.updated.at.0)
        .execute(&mut **tx)
        .await;
        unique_or(written, StoreError::SlugTaken)?;
        self.write_history(tx).await?;
        let at = record.updated.at;
        append(tx, log, at, Topic::Records(record.entity), self.event.clone()).await?;
        if created {
            let event = Event::RecordCount {
                entity: record.entity,
                records: count_records(tx, record.entity).await?,
            };
            append(tx, log, at, Topic::Entities, event).await?;
        }
        Ok(())
    }

    async fn write_history(&self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        let RecordId(id) = self.record.id;
        sqlx::query("INSERT INTO history (record_id, version, saved_by, saved_at, fields) VALUES (?, ?, ?, ?, ?)")
            .bind(id)
            .bind(number(self.record.version.0))
            .bind(self.record.updated.by.id.0)
            .bind(self.record.updated.at.0)
            .bind(codec::encode(&self.history))
            .execute(&mut **tx)
            .await?;
        Ok(())
    }
}

impl NewUser {
    async fn run(&self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        let written = sqlx::query(
            "INSERT INTO users (id, email, name, role, password_hash, created_at) VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(self.account.person.id.0)
        .bind(&self.account.email)
        .bind(&self.account.person.name)
        .bind(self.account.role.as_str())
        .bind(&self.password_hash)
        .bind(self.at.0)
        .execute(&mut **tx)
        .await;
        unique_or(written, StoreError::EmailTaken)
    }
}

impl TokenWrite {
    async fn run(&self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO tokens (hash, user_id, created_at, expires_at) VALUES (?, ?, ?, ?)")
            .bind(&self.hash)
            .bind(self.user.0)
            .bind(self.at.0)
            .bind(self.expires.0)
            .execute(&mut **tx)
            .await?;
        Ok(())
    }
}

async fn revoke_token(tx: &mut Tx<'_>, hash: &[u8]) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM tokens WHERE hash = ?")
        .bind(hash)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

async fn prune(tx: &mut Tx<'_>, before: Timestamp) -> Result<(), StoreError> {
    // Only a whole beginning may go: a gap in the middle would be missed in silence.
    sqlx::query("DELETE FROM changes WHERE seq < (SELECT min(seq) FROM changes WHERE at >= ?1) OR NOT EXISTS (SELECT 1 FROM changes WHERE at >= ?1)")
        .bind(before.0)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

async fn write_entity(tx: &mut Tx<'_>, write: &EntityWrite) -> Result<(), StoreError> {
    let Entity { id, name, .. } = &write.entity;
    sqlx::query(
        "INSERT INTO entities (id, name, position, definition) VALUES (?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET
             name = excluded.name, position = excluded.position, definition = excluded.definition",
    )
    .bind(id.0)
    .bind(name)
    .bind(write.position)
    .bind(codec::encode(&write.entity))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn count_records(tx: &mut Tx<'_>, entity: EntityId) -> Result<u64, StoreError> {
    let count: i64 = sqlx::query_scalar("SELECT count(*) FROM records WHERE entity_id = ?")
        .bind(entity.0)
        .fetch_one(&mut **tx)
        .await?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// Appends to the change log, in the transaction of the change itself.
async fn append(tx: &mut Tx<'_>, log: &mut Log, at: Timestamp, topic: Topic, event: Event) -> Result<(), StoreError> {
    let seq: i64 = sqlx::query_scalar("INSERT INTO changes (at, topic, event) VALUES (?, ?, ?) RETURNING seq")
        .bind(at.0)
        .bind(codec::encode(&topic))
        .bind(codec::encode(&event))
        .fetch_one(&mut **tx)
        .await?;
    log.push((Seq(u64::try_from(seq).unwrap_or(0)), topic, event));
    Ok(())
}

fn unique_or<T>(written: Result<T, sqlx::Error>, taken: StoreError) -> Result<(), StoreError> {
    match written {
        Ok(_) => Ok(()),
        Err(sqlx::Error::Database(error)) if error.is_unique_violation() => Err(taken),
        Err(error) => Err(error.into()),
    }
}

pub(super) fn kind_name(kind: FormKind) -> &'static str {
    match kind {
        FormKind::Entity => "entity",
        FormKind::Record => "record",
    }
}

fn number(counter: u64) -> i64 {
    i64::try_from(counter).unwrap_or(i64::MAX)
}
