//! The one writer: takes whatever waits, writes it in one transaction, publishes, then answers.
//!
//! Commit first, tell after: nobody is told of what a crash could undo. Writes that arrive while a
//! transaction is under way are the next group, so the cost of a durable write is shared.

pub(super) mod audit;
mod comments;
mod definitions;
pub(super) mod files;
mod forms;
mod groups;
pub(super) mod index;
mod jobs;
mod marks;
mod notifications;
mod people;
mod purge;
mod records;
pub(super) mod unique;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use baton_protocol::codec;
use baton_protocol::deletion::Stamp;
use baton_protocol::form::FieldHistory;
use baton_protocol::id::{EntityId, FormKey, FormKind, Seq, UserId, Version};
use baton_protocol::message::{Event, Topic};
use baton_protocol::person::Person;
use baton_protocol::time::Timestamp;
use sqlx::{Connection, Sqlite, SqliteConnection, Transaction};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use crate::bus::Bus;
use crate::store::commit::{self, Outcome};
use crate::store::rows::counter;
use crate::store::{
    FormWrite, GroupWrite, IdentityWrite, NewAuditEntry, NewUser, PasswordOrigin, StoreError, TokenWrite, UserChange,
    UserWrite, Write,
};
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
struct Batch<'a> {
    index: &'a mut Index,
    /// What is published after the commit.
    log: Vec<Logged>,
    /// What the audit keeps of it.
    audit: Vec<NewAuditEntry>,
}

/// An entry of the change log.
type Logged = (Seq, Topic, Event);

/// What was done since the start.
#[derive(Default, Debug)]
pub(super) struct Done {
    pub(super) writes: AtomicU64,
    pub(super) batches: AtomicU64,
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
        audit::adopt(&mut connection).await?;
        Ok(Self { connection, bus, index })
    }

    pub(super) async fn run(mut self, mut ops: mpsc::Receiver<Op>, done: Arc<Done>) {
        let mut group = Vec::with_capacity(GROUP);
        while ops.recv_many(&mut group, GROUP).await > 0 {
            done.batches.fetch_add(1, Ordering::Relaxed);
            done.writes.fetch_add(group.len() as u64, Ordering::Relaxed);
            let mut results = Vec::with_capacity(group.len());
            match self.write_group(&group, &mut results).await {
                Ok(log) => {
                    for (seq, topic, event) in log {
                        self.bus.publish_event(seq, topic, event);
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
    ) -> Result<Vec<Logged>, sqlx::Error> {
        if let Some(typed) = only_typed(group) {
            let written = forms::append_alone(&mut self.connection, &typed).await?;
            let result =
                |form: &forms::Appended<'_>| written.contains(&form.key).then_some(()).ok_or(StoreError::Stale);
            results.extend(typed.iter().map(result));
            return Ok(Vec::new());
        }
        let mut transaction = self.connection.begin_with("BEGIN IMMEDIATE").await?;
        let mut turn = Batch {
            index: &mut self.index,
            log: Vec::new(),
            audit: Vec::new(),
        };
        let mut rest = group;
        loop {
            // Keystrokes are most of all writes: a stretch of them, each of another form, is one statement.
            let mut keys = BTreeSet::new();
            let states = rest.iter().map_while(|op| op.write.only_state());
            let states: Vec<_> = states.take_while(|form| keys.insert(form.key)).collect();
            if !states.is_empty() {
                let written = forms::write_states(&mut transaction, &states).await?;
                for form in &states {
                    if written.contains(&form.key) {
                        turn.audit.extend(form.audit.iter().cloned());
                        results.push(Ok(()));
                    } else {
                        results.push(Err(StoreError::Stale));
                    }
                }
            }
            let Some((op, after)) = rest[states.len()..].split_first() else {
                break;
            };
            rest = after;
            let (logged, audited) = (turn.log.len(), turn.audit.len());
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
                    turn.audit.truncate(audited);
                    results.push(Err(error));
                }
            }
        }
        let Batch { log, audit, .. } = turn;
        audit::append(&mut transaction, &audit).await?;
        transaction.commit().await?;
        Ok(log)
    }
}

/// The writes, if all that they write is what was typed, each of them in another form.
fn only_typed(group: &[Op]) -> Option<Vec<forms::Appended<'_>>> {
    let typed: Vec<_> = group
        .iter()
        .map(|op| forms::Appended::only(&op.write))
        .collect::<Option<_>>()?;
    let mut keys = BTreeSet::new();
    typed.iter().all(|form| keys.insert(form.key)).then_some(typed)
}

type Tx<'a> = Transaction<'a, Sqlite>;

impl Write {
    /// The form whose state is all that this writes.
    fn only_state(&self) -> Option<&FormWrite> {
        match self {
            Self::Form(form) if form.is_only_state() => Some(form),
            Self::Form(_)
            | Self::User(_)
            | Self::ChangeUser(_)
            | Self::Group(_)
            | Self::Identity(_)
            | Self::Token(_)
            | Self::EndSignIn(..)
            | Self::UseSignIn(_)
            | Self::Settings(..)
            | Self::Comment(_)
            | Self::ReadNotifications(..)
            | Self::Notify(_)
            | Self::Mark(..)
            | Self::Mute(..)
            | Self::Audit(_)
            | Self::PruneAudit(_)
            | Self::Entity(_)
            | Self::Records { .. }
            | Self::CommitImport(_)
            | Self::ForgetImport(..)
            | Self::Begin { .. }
            | Self::RollbackImport { .. }
            | Self::Reindex { .. }
            | Self::Unique(..)
            | Self::JobUndone(..)
            | Self::ForgetJobSaves(..)
            | Self::Move { .. }
            | Self::View(_)
            | Self::DropView(..)
            | Self::File(..)
            | Self::ForgetFiles(..)
            | Self::Converted(_)
            | Self::Purge { .. }
            | Self::PurgeEntity { .. }
            | Self::EndDrafts(_)
            | Self::ReindexName { .. }
            | Self::NameIsSpread(_)
            | Self::Prune { .. } => None,
        }
    }

    async fn run(&self, tx: &mut Tx<'_>, turn: &mut Batch<'_>) -> Result<(), StoreError> {
        match self {
            Self::Form(form) => form.run(tx, turn).await,
            Self::User(user) => user.run(tx, turn).await,
            Self::ChangeUser(user) => user.run(tx, turn).await,
            Self::Group(group) => group.run(tx, turn).await,
            Self::Identity(identity) => identity.run(tx, turn).await,
            Self::Token(token) => token.run(tx, turn).await,
            Self::EndSignIn(id, audit) => people::end_sign_in(tx, turn, *id, audit).await,
            Self::UseSignIn(used) => used.run(tx).await,
            Self::Settings(settings, audit) => people::write_settings(tx, turn, settings, audit.as_ref()).await,
            Self::Comment(comment) => comment.run(tx).await,
            Self::Notify(new) => notifications::add(tx, new, None).await,
            Self::ReadNotifications(user, read) => notifications::read(tx, *user, read).await,
            Self::Mark(user, record, mark, set) => marks::write(tx, (*user, *record), *mark, *set).await,
            Self::Mute(user, muted) => notifications::mute(tx, *user, muted).await,
            Self::Audit(entry) => {
                turn.audit.push(entry.clone());
                Ok(())
            }
            Self::PruneAudit(last) => audit::prune(tx, *last).await,
            Self::Entity(entity) => definitions::write_alone(tx, turn, entity).await,
            Self::Records { records, import } => records::write_many(tx, turn, records, *import).await,
            Self::CommitImport(import) => records::commit_import(tx, *import).await,
            Self::ForgetImport(import, limit) => records::forget_import(tx, *import, *limit).await,
            Self::Reindex { entity, records } => records::reindex(tx, turn, entity, records).await,
            Self::Unique(entity, step) => step.run(tx, turn, *entity).await,
            Self::Begin {
                job,
                user,
                entity,
                at,
                audit,
            } => {
                turn.audit.push(audit.clone());
                jobs::begin(tx, (*job, *user, *entity), *at).await
            }
            Self::JobUndone(job, records) => jobs::undone(tx, *job, records).await,
            Self::ForgetJobSaves(job, records) => jobs::forget_saves(tx, *job, records).await,
            Self::RollbackImport {
                entity,
                import,
                records,
                at,
            } => records::rollback_import(tx, turn, (*entity, *import), records, *at).await,
            Self::Move {
                entity,
                record,
                after,
                at,
            } => records::move_after(tx, turn, (*entity, *record, *after), *at).await,
            Self::View(view) => definitions::write_view(tx, view).await,
            Self::DropView(view, owner) => definitions::delete_view(tx, *view, *owner).await,
            Self::File(file, thumbnail, owner) => files::write(tx, file, thumbnail.as_deref(), *owner).await,
            Self::ForgetFiles(hashes, since) => files::forget(tx, hashes, *since).await,
            Self::Converted(conversion) => definitions::converted(tx, conversion).await,
            Self::Purge { records, now, by } => purge::records(tx, turn, records, *now, by.as_ref()).await,
            Self::PurgeEntity { entity, now, by } => purge::entity(tx, turn, *entity, *now, by.as_ref()).await,
            Self::EndDrafts(forms) => forms::end_drafts(tx, forms).await,
            Self::ReindexName { person, nums } => records::reindex_name(tx, person, *nums).await,
            Self::NameIsSpread(person) => people::name_is_spread(tx, person).await,
            Self::Prune { before, last } => prune(tx, *before, *last).await,
        }
    }
}

impl FormWrite {
    fn is_only_state(&self) -> bool {
        self.record.is_none()
            && self.definition.is_none()
            && self.definition_removal.is_none()
            && self.removal.is_none()
            && self.notify.is_empty()
    }

    async fn run(&self, tx: &mut Tx<'_>, turn: &mut Batch<'_>) -> Result<(), StoreError> {
        // First: if the form is another one by now, nothing of the rest is true.
        if forms::write_states(tx, &[self]).await?.is_empty() {
            return Err(StoreError::Stale);
        }
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
        turn.audit.extend(self.audit.iter().cloned());
        for new in &self.notify {
            notifications::add(tx, new, None).await?;
        }
        Ok(())
    }
}

async fn prune(tx: &mut Tx<'_>, before: Timestamp, last: Seq) -> Result<(), StoreError> {
    // Only a whole beginning may go: a gap in the middle would be missed in silence.
    sqlx::query("DELETE FROM changes WHERE seq <= ? AND NOT EXISTS (SELECT 1 FROM changes WHERE at >= ? AND seq <= ?)")
        .bind(number(last.0))
        .bind(before.0)
        .bind(number(last.0))
        .execute(&mut **tx)
        .await?;
    Ok(())
}

impl Batch<'_> {
    /// Appends what follows from a write of this entity's to the change log, and counts its records.
    async fn publish(
        &mut self,
        tx: &mut Tx<'_>,
        at: Timestamp,
        entity: EntityId,
        outcome: Outcome,
    ) -> Result<(), StoreError> {
        for (topic, event) in outcome.events {
            self.append(tx, at, topic, event).await?;
        }
        if outcome.listed == 0 {
            return Ok(());
        }
        let row = sqlx::query("UPDATE entities SET records = records + ? WHERE id = ? RETURNING records")
            .bind(outcome.listed)
            .bind(entity.0)
            .fetch_one(&mut **tx)
            .await?;
        let (topic, event) = commit::counted(entity, counter(&row, "records")?);
        self.append(tx, at, topic, event).await
    }

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

/// What came of a write that is refused for this reason where something has to be unique.
fn unique_or<T>(written: Result<T, sqlx::Error>, taken: StoreError) -> Result<T, StoreError> {
    match written {
        Ok(written) => Ok(written),
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

/// The form of this kind and id, as a row names them.
pub(super) fn form_key(kind: &str, id: Uuid) -> FormKey {
    let kind = if kind == kind_name(FormKind::Entity) {
        FormKind::Entity
    } else {
        FormKind::Record
    };
    FormKey { kind, id }
}

fn number(counter: u64) -> i64 {
    i64::try_from(counter).unwrap_or(i64::MAX)
}
