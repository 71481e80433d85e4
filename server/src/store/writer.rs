//! The one writer: takes whatever waits, writes it in one transaction, publishes, then answers.
//!
//! Commit first, tell after: nobody is told of what a crash could undo. Writes that arrive while a
//! transaction is under way are the next group, so the cost of a durable write is shared.

pub(super) mod definitions;
pub(super) mod files;
pub(super) mod index;
mod records;

use std::collections::BTreeSet;

use baton_protocol::codec;
use baton_protocol::form::FieldHistory;
use baton_protocol::id::{EntityId, FormKey, FormKind, RecordId, Seq, Version};
use baton_protocol::message::{Event, ToClient, Topic};
use baton_protocol::record::Stamp;
use baton_protocol::time::Timestamp;
use sqlx::{Connection, Sqlite, SqliteConnection, Transaction};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use crate::bus::Bus;
use crate::store::{FormWrite, NewUser, StoreError, TokenWrite, UserWrite, Write};
use index::Index;

/// The most writes that one transaction takes.
const GROUP: usize = 1024;

/// A write, and who waits for it.
#[derive(Debug)]
pub(super) struct Op {
    pub(super) write: Write,
    pub(super) done: oneshot::Sender<Result<(), StoreError>>,
}

/// What one transaction does besides its rows.
struct Turn<'a> {
    index: &'a mut Index,
    /// What is published after the commit.
    log: Vec<(Seq, Topic, Event)>,
}

/// The one writer.
pub(super) struct Writer {
    connection: SqliteConnection,
    bus: Bus,
    index: Index,
}

impl Writer {
    /// Brings the index up to date, if an older program left none.
    pub(super) async fn start(mut connection: SqliteConnection, bus: Bus) -> Result<Self, StoreError> {
        let index = Index::open(&mut connection).await?;
        Ok(Self { connection, bus, index })
    }

    pub(super) async fn run(mut self, mut ops: mpsc::Receiver<Op>) {
        let mut group = Vec::with_capacity(GROUP);
        while ops.recv_many(&mut group, GROUP).await > 0 {
            let mut results = Vec::with_capacity(group.len());
            match self.write_group(&group, &mut results).await {
                Ok(log) => {
                    for (seq, topic, event) in log {
                        self.bus.publish(topic, &ToClient::Event { seq, topic, event });
                    }
                    for (op, result) in group.drain(..).zip(results) {
                        // Whoever asked may be gone; the write stands all the same.
                        op.done.send(result).ok();
                    }
                }
                Err(error) => {
                    tracing::error!(%error, writes = group.len(), "a transaction failed; nothing of it was kept");
                    self.index.forget();
                    for op in group.drain(..) {
                        op.done.send(Err(StoreError::Transaction(error.to_string()))).ok();
                    }
                }
            }
        }
    }

    async fn write_group(
        &mut self,
        group: &[Op],
        results: &mut Vec<Result<(), StoreError>>,
    ) -> Result<Vec<(Seq, Topic, Event)>, sqlx::Error> {
        let mut transaction = self.connection.begin_with("BEGIN IMMEDIATE").await?;
        let mut turn = Turn {
            index: &mut self.index,
            log: Vec::new(),
        };
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
            let logged = turn.log.len();
            // A savepoint for each: one refused write must not take its neighbours with it.
            let mut savepoint = transaction.begin().await?;
            match op.write.run(&mut savepoint, &mut turn).await {
                Ok(()) => {
                    savepoint.commit().await?;
                    results.push(Ok(()));
                }
                Err(error) => {
                    savepoint.rollback().await?;
                    turn.index.forget();
                    turn.log.truncate(logged);
                    results.push(Err(error));
                }
            }
        }
        let log = turn.log;
        transaction.commit().await?;
        Ok(log)
    }
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
            Self::Form(form) if form.is_only_state() => Some(form),
            Self::Form(_)
            | Self::User(_)
            | Self::ChangeUser(_)
            | Self::Token(_)
            | Self::RevokeToken(_)
            | Self::Entity(_)
            | Self::Records { .. }
            | Self::Finished(_)
            | Self::Unmake { .. }
            | Self::Reindex { .. }
            | Self::Move { .. }
            | Self::View(_)
            | Self::DropView(..)
            | Self::File(..)
            | Self::ForgetFiles(_)
            | Self::Converted(_)
            | Self::Purge { .. }
            | Self::Prune(_) => None,
        }
    }

    async fn run(&self, tx: &mut Tx<'_>, turn: &mut Turn<'_>) -> Result<(), StoreError> {
        match self {
            Self::Form(form) => form.run(tx, turn).await,
            Self::User(user) => user.run(tx).await,
            Self::ChangeUser(user) => user.run(tx).await,
            Self::Token(token) => token.run(tx).await,
            Self::RevokeToken(hash) => revoke_token(tx, hash).await,
            Self::Entity(entity) => definitions::write_alone(tx, turn, entity).await,
            Self::Records { records, import } => records::write_many(tx, turn, records, *import).await,
            Self::Finished(import) => records::finished(tx, *import).await,
            Self::Reindex { entity, records } => records::reindex(tx, turn, entity, records).await,
            Self::Unmake { entity, import, at } => records::unmake(tx, turn, *entity, *import, *at).await,
            Self::Move {
                entity,
                record,
                after,
                at,
            } => records::put_behind(tx, turn, (*entity, *record, *after), *at).await,
            Self::View(view) => definitions::write_view(tx, view).await,
            Self::DropView(view, owner) => definitions::drop_view(tx, *view, *owner).await,
            Self::File(file, thumbnail) => files::write(tx, file, thumbnail.as_deref()).await,
            Self::ForgetFiles(hashes) => files::forget(tx, hashes).await,
            Self::Converted(conversion) => definitions::converted(tx, conversion).await,
            Self::Purge {
                deleted_before,
                except,
                now,
            } => purge(tx, turn, *deleted_before, except, *now).await,
            Self::Prune(before) => prune(tx, *before).await,
        }
    }
}

impl FormWrite {
    fn is_only_state(&self) -> bool {
        self.record.is_none()
            && self.definition.is_none()
            && self.definition_removal.is_none()
            && self.removal.is_none()
            && self.audit.is_none()
    }

    async fn run(&self, tx: &mut Tx<'_>, turn: &mut Turn<'_>) -> Result<(), StoreError> {
        if let Some(record) = &self.record {
            record.run(tx, turn).await?;
        }
        if let Some(definition) = &self.definition {
            definition.run(tx, turn).await?;
        }
        if let Some(removal) = &self.definition_removal {
            definitions::write_alone(tx, turn, removal).await?;
        }
        if let Some(removal) = &self.removal {
            removal.run(tx, turn).await?;
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

/// Deletes for ever what was deleted long ago; history goes with it, and so does the form.
async fn purge(
    tx: &mut Tx<'_>,
    turn: &mut Turn<'_>,
    deleted_before: Timestamp,
    except: &BTreeSet<Uuid>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let entities = definitions::deleted_before(tx, deleted_before, except).await?;
    let listed: Vec<String> = entities.iter().map(|id| id.simple().to_string()).collect();
    let records: Vec<(Uuid, Uuid)> = sqlx::query_as(
        "SELECT id, entity_id FROM records WHERE entity_id IN (SELECT unhex(value) FROM json_each(?)) OR deleted_at < ?
         AND id NOT IN (SELECT id FROM forms WHERE kind = 'record' AND occupied > 0)",
    )
    .bind(codec::encode(&listed))
    .bind(deleted_before.0)
    .fetch_all(&mut **tx)
    .await?;
    let records = records.into_iter();
    for (id, entity) in records.filter(|(id, entity)| entities.contains(entity) || !except.contains(id)) {
        sqlx::query("INSERT INTO purged (record_id) VALUES (?)")
            .bind(id)
            .execute(&mut **tx)
            .await?;
        sqlx::query("DELETE FROM forms WHERE kind = 'record' AND id = ?")
            .bind(id)
            .execute(&mut **tx)
            .await?;
        sqlx::query("DELETE FROM saves WHERE kind = 'record' AND id = ?")
            .bind(id)
            .execute(&mut **tx)
            .await?;
        sqlx::query("DELETE FROM records WHERE id = ?")
            .bind(id)
            .execute(&mut **tx)
            .await?;
        let event = Event::BinRemoved { record: RecordId(id) };
        turn.append(tx, now, Topic::Bin(EntityId(entity)), event).await?;
    }
    for entity in entities {
        definitions::purge(tx, turn, EntityId(entity), now).await?;
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

impl UserWrite {
    async fn run(&self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        sqlx::query("UPDATE users SET name = ?, role = ?, password_hash = coalesce(?, password_hash) WHERE id = ?")
            .bind(&self.account.person.name)
            .bind(self.account.role.as_str())
            .bind(&self.password_hash)
            .bind(self.account.person.id.0)
            .execute(&mut **tx)
            .await?;
        if self.signs_in_again {
            sqlx::query("DELETE FROM tokens WHERE user_id = ?")
                .bind(self.account.person.id.0)
                .execute(&mut **tx)
                .await?;
        }
        Ok(())
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

impl Turn<'_> {
    /// Appends to the change log, in the transaction of the change itself.
    async fn append(&mut self, tx: &mut Tx<'_>, at: Timestamp, topic: Topic, event: Event) -> Result<(), StoreError> {
        let seq: i64 = sqlx::query_scalar("INSERT INTO changes (at, topic, event) VALUES (?, ?, ?) RETURNING seq")
            .bind(at.0)
            .bind(codec::encode(&topic))
            .bind(codec::encode(&event))
            .fetch_one(&mut **tx)
            .await?;
        self.log.push((Seq(u64::try_from(seq).unwrap_or(0)), topic, event));
        Ok(())
    }
}

/// Keeps what a save changed (semantics 4.5).
async fn write_save(
    tx: &mut Tx<'_>,
    form: FormKey,
    version: Version,
    saved: &Stamp,
    history: &[FieldHistory],
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO saves (kind, id, version, saved_by, saved_at, fields) VALUES (?, ?, ?, ?, ?, ?)")
        .bind(kind_name(form.kind))
        .bind(form.id)
        .bind(number(version.0))
        .bind(saved.by.id.0)
        .bind(saved.at.0)
        .bind(codec::encode(&history))
        .execute(&mut **tx)
        .await?;
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
