//! The one writer: takes whatever waits, writes it in one transaction, publishes, then answers.
//!
//! Commit first, tell after: nobody is told of what a crash could undo. Writes that arrive while a
//! transaction is under way are the next group, so the cost of a durable write is shared.

use std::collections::BTreeSet;

use baton_protocol::codec;
use baton_protocol::entity::Entity;
use baton_protocol::field::Value;
use baton_protocol::id::{EntityId, FormKind, RecordId, Seq};
use baton_protocol::message::{Event, ToClient, Topic};
use baton_protocol::record::{BinRow, Removal, SLUG, STATUS, TITLE, Values};
use baton_protocol::time::Timestamp;
use sqlx::{Connection, Sqlite, SqliteConnection, Transaction};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use crate::bus::Bus;
use crate::store::{EntityWrite, FormWrite, NewUser, RecordWrite, RemovalWrite, StoreError, TokenWrite, Write};

/// The most writes that one transaction takes.
const GROUP: usize = 1024;

/// A write, and who waits for it.
#[derive(Debug)]
pub(super) struct Op {
    pub(super) write: Write,
    pub(super) done: oneshot::Sender<Result<(), StoreError>>,
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
    let mut rest = group;
    loop {
        // Keystrokes are most of all writes: a stretch of them is one statement.
        let states: Vec<_> = rest.iter().map_while(|op| op.write.only_state()).collect();
        if !states.is_empty() {
            write_states(&mut transaction, &states).await?;
            results.extend(states.iter().map(|_| Ok(())));
        }
        let Some((op, after)) = rest[states.len()..].split_first() else {
            break;
        };
        rest = after;
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

/// Writes the states of many forms at once. A thread hop and a parse per statement are what costs.
async fn write_states(tx: &mut Tx<'_>, forms: &[&FormWrite]) -> Result<(), sqlx::Error> {
    let rows: Vec<String> = forms
        .iter()
        .map(|form| {
            let (kind, id) = (kind_name(form.key.kind), form.key.id.simple());
            format!(r#"["{kind}","{id}",{},{}]"#, form.occupied, form.state)
        })
        .collect();
    sqlx::query(
        "INSERT INTO forms (kind, id, occupied, state)
         SELECT value ->> 0, unhex(value ->> 1), value ->> 2, value -> 3 FROM json_each(?) WHERE true
         ON CONFLICT (kind, id) DO UPDATE SET occupied = excluded.occupied, state = excluded.state",
    )
    .bind(format!("[{}]", rows.join(",")))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

impl Write {
    /// The form whose state is all that this writes.
    fn only_state(&self) -> Option<&FormWrite> {
        match self {
            Self::Form(form) if form.record.is_none() && form.removal.is_none() && form.audit.is_none() => Some(form),
            Self::Form(_)
            | Self::User(_)
            | Self::Token(_)
            | Self::RevokeToken(_)
            | Self::Entity(_)
            | Self::Record(_)
            | Self::Purge { .. }
            | Self::Prune(_) => None,
        }
    }

    async fn run(&self, tx: &mut Tx<'_>, log: &mut Log) -> Result<(), StoreError> {
        match self {
            Self::Form(form) => form.run(tx, log).await,
            Self::User(user) => user.run(tx).await,
            Self::Token(token) => token.run(tx).await,
            Self::RevokeToken(hash) => revoke_token(tx, hash).await,
            Self::Entity(entity) => write_entity(tx, entity).await,
            Self::Record(record) => record.run(tx, log).await,
            Self::Purge {
                deleted_before,
                except,
                now,
            } => purge(tx, log, *deleted_before, except, *now).await,
            Self::Prune(before) => prune(tx, *before).await,
        }
    }
}

impl FormWrite {
    async fn run(&self, tx: &mut Tx<'_>, log: &mut Log) -> Result<(), StoreError> {
        if let Some(record) = &self.record {
            record.run(tx, log).await?;
        }
        if let Some(removal) = &self.removal {
            removal.run(tx, log).await?;
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
        write_states(tx, &[self]).await?;
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
            append_count(tx, log, at, record.entity).await?;
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

impl RemovalWrite {
    async fn run(&self, tx: &mut Tx<'_>, log: &mut Log) -> Result<(), StoreError> {
        let Self { entity, row, gone, at } = self;
        let deleted = gone.as_ref().filter(|gone| gone.how == Removal::Deleted);
        let was_gone: bool = sqlx::query_scalar("SELECT gone IS NOT NULL FROM records WHERE id = ?")
            .bind(row.id.0)
            .fetch_one(&mut **tx)
            .await?;
        sqlx::query("UPDATE records SET gone = ?, deleted_at = ? WHERE id = ?")
            .bind(gone.as_ref().map(codec::encode))
            .bind(deleted.map(|_| at.0))
            .bind(row.id.0)
            .execute(&mut **tx)
            .await?;
        let record = row.id;
        let (in_list, in_bin) = match gone.clone() {
            Some(gone) => (
                Event::RecordRemoved { record },
                Event::BinAdded(Box::new(BinRow { row: row.clone(), gone })),
            ),
            None => (Event::RecordRestored { row: row.clone() }, Event::BinRemoved { record }),
        };
        append(tx, log, *at, Topic::Bin(*entity), in_bin).await?;
        if was_gone && gone.is_some() {
            // From the archive to the bin: the list does not notice.
            return Ok(());
        }
        append(tx, log, *at, Topic::Records(*entity), in_list).await?;
        append_count(tx, log, *at, *entity).await
    }
}

/// Deletes for ever what was deleted long ago; history goes with it, and so does the form.
async fn purge(
    tx: &mut Tx<'_>,
    log: &mut Log,
    deleted_before: Timestamp,
    except: &BTreeSet<Uuid>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let records: Vec<(Uuid, Uuid)> = sqlx::query_as(
        "SELECT id, entity_id FROM records WHERE deleted_at < ?
         AND id NOT IN (SELECT id FROM forms WHERE kind = 'record' AND occupied > 0)",
    )
    .bind(deleted_before.0)
    .fetch_all(&mut **tx)
    .await?;
    for (id, entity) in records.into_iter().filter(|(id, _)| !except.contains(id)) {
        sqlx::query("INSERT INTO purged (record_id) VALUES (?)")
            .bind(id)
            .execute(&mut **tx)
            .await?;
        sqlx::query("DELETE FROM forms WHERE kind = 'record' AND id = ?")
            .bind(id)
            .execute(&mut **tx)
            .await?;
        sqlx::query("DELETE FROM records WHERE id = ?")
            .bind(id)
            .execute(&mut **tx)
            .await?;
        let event = Event::BinRemoved { record: RecordId(id) };
        append(tx, log, now, Topic::Bin(EntityId(entity)), event).await?;
    }
    Ok(())
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

/// Tells how many records the entity has now.
async fn append_count(tx: &mut Tx<'_>, log: &mut Log, at: Timestamp, entity: EntityId) -> Result<(), StoreError> {
    let records = count_records(tx, entity).await?;
    append(tx, log, at, Topic::Entities, Event::RecordCount { entity, records }).await
}

async fn count_records(tx: &mut Tx<'_>, entity: EntityId) -> Result<u64, StoreError> {
    let count: i64 = sqlx::query_scalar("SELECT count(*) FROM records WHERE entity_id = ? AND gone IS NULL")
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

fn text_of<'a>(values: &'a Values, name: &str) -> &'a str {
    values.get(name).map_or("", Value::text)
}
