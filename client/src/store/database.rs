//! The local store's file: SQLite, one connection, one transaction a write.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use baton_protocol::codec;
use baton_protocol::entity::{Entity, EntityRow};
use baton_protocol::id::{EntityId, FormKey, RecordId, Seq};
use baton_protocol::message::{Event, Snapshot, Topic};
use baton_protocol::record::RecordRow;
use baton_protocol::time::Timestamp;
use baton_protocol::view::FormView;
use futures_util::{Stream, TryStreamExt as _};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Row as _, SqliteConnection, SqlitePool};
use uuid::Uuid;

use super::HeldForms;
use crate::core::{Held, Memory, RecalledForm, RememberedForm, RememberedList, Scope};

/// Why the local store cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database failed.
    #[error("the file on this computer cannot be used: {0}")]
    Database(#[from] sqlx::Error),
    /// It is of a newer program, or damaged.
    #[error("the file on this computer cannot be brought up to date: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// What is in it cannot be read.
    #[error("the file on this computer holds something unreadable: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// The directory cannot be made.
    #[error("the directory on this computer cannot be used: {0}")]
    Directory(#[from] std::io::Error),
}

pub(super) type Result<T> = std::result::Result<T, StoreError>;

/// The open file.
#[derive(Debug)]
pub struct Database {
    pool: SqlitePool,
}

/// This computer's clock.
fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::default() + since
}

fn text<T: Serialize>(value: &T) -> String {
    codec::encode(value)
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T> {
    Ok(serde_json::from_str(text)?)
}

impl Database {
    /// Opens the file below this directory, or makes it.
    ///
    /// # Errors
    /// If it cannot be used.
    pub async fn open(directory: &Path) -> Result<Self> {
        tokio::fs::create_dir_all(directory).await?;
        let options = SqliteConnectOptions::new()
            .filename(super::file(directory))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // What counts as kept survives a power loss.
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(std::time::Duration::from_secs(5))
            .disable_statement_logging();
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options)
            .await?;
        sqlx::migrate!("./migrations").run(&pool).await?;
        Ok(Self { pool })
    }

    /// The number of whose things these are; none while there is nothing of theirs.
    async fn scope(&self, scope: &Scope) -> Result<i64> {
        let id = sqlx::query_scalar("SELECT id FROM scopes WHERE name = ?")
            .bind(name(scope))
            .fetch_optional(&self.pool)
            .await?;
        // Numbers begin with 1.
        Ok(id.unwrap_or_default())
    }

    /// Everything that is held for this server and person.
    ///
    /// # Errors
    /// If the file cannot be used.
    pub async fn held(&self, scope: &Scope) -> Result<Vec<Held>> {
        let states: Vec<String> = sqlx::query_scalar("SELECT state FROM held WHERE scope = ?")
            .bind(self.scope(scope).await?)
            .fetch_all(&self.pool)
            .await?;
        states.iter().map(|state| read(state)).collect()
    }

    /// What is remembered of a form.
    pub(super) async fn form(&self, scope: &Scope, form: FormKey, entity: Option<EntityId>) -> Result<RecalledForm> {
        let id = self.scope(scope).await?;
        let row = sqlx::query("SELECT at, view FROM forms WHERE scope = ? AND form = ?")
            .bind(id)
            .bind(text(&form))
            .fetch_optional(&self.pool)
            .await?;
        let seen = match row {
            Some(row) => Some(Box::new(RememberedForm {
                at: Timestamp(row.try_get("at")?),
                view: read(row.try_get("view")?)?,
            })),
            None => None,
        };
        let listed = sqlx::query_scalar::<_, i64>("SELECT count(*) FROM list_rows WHERE scope = ? AND id = ?")
            .bind(id)
            .bind(form.id)
            .fetch_one(&self.pool)
            .await?
            > 0;
        let mut known = None;
        if let (Some(entity), Some(list)) = (entity, self.list(scope, Topic::Entities).await?)
            && let Snapshot::Entities(rows) = list.snapshot
        {
            known = rows
                .into_iter()
                .find(|row| row.entity.id == entity)
                .map(|row| row.entity);
        }
        Ok(RecalledForm {
            seen,
            entity: known,
            listed,
        })
    }

    /// What is remembered of a list.
    pub(super) async fn list(&self, scope: &Scope, topic: Topic) -> Result<Option<RememberedList>> {
        let (id, name) = (self.scope(scope).await?, text(&topic));
        let Some(row) = sqlx::query("SELECT at, seq, total, head FROM lists WHERE scope = ? AND topic = ?")
            .bind(id)
            .bind(&name)
            .fetch_optional(&self.pool)
            .await?
        else {
            return Ok(None);
        };
        let mut snapshot: Snapshot = read(row.try_get("head")?)?;
        let mut missing_from = None;
        if let Snapshot::Records { total, .. } = &mut snapshot {
            *total = u64::try_from(row.try_get::<i64, _>("total")?).unwrap_or(0);
            let oldest: Option<Uuid> =
                sqlx::query_scalar("SELECT min(id) FROM list_rows WHERE scope = ? AND topic = ?")
                    .bind(id)
                    .bind(&name)
                    .fetch_one(&self.pool)
                    .await?;
            let known = self.count(scope, topic).await?;
            let complete = known >= *total;
            missing_from = oldest.map(RecordId).filter(|_| !complete);
        }
        Ok(Some(RememberedList {
            at: Timestamp(row.try_get("at")?),
            seq: Seq(u64::try_from(row.try_get::<i64, _>("seq")?).unwrap_or(0)),
            snapshot,
            missing_from,
        }))
    }

    /// Gives every remembered row of a list, one after the other: a long list is never in memory whole.
    pub(super) async fn rows(&self, scope: &Scope, topic: Topic, take: impl FnMut(RecordRow)) -> Result<()> {
        let id = self.scope(scope).await?;
        let rows = sqlx::query_scalar("SELECT record FROM list_rows WHERE scope = ? AND topic = ?")
            .bind(id)
            .bind(text(&topic));
        each(rows.fetch(&self.pool), take).await
    }

    /// Gives the newest rows of a list, or the newest before one.
    pub(super) async fn newest(
        &self,
        scope: &Scope,
        topic: Topic,
        before: Option<u64>,
        limit: u32,
        take: impl FnMut(RecordRow),
    ) -> Result<()> {
        let id = self.scope(scope).await?;
        let before = before.map_or(i64::MAX, |num| i64::try_from(num).unwrap_or(i64::MAX));
        let rows = sqlx::query_scalar(
            "SELECT record FROM list_rows WHERE scope = ? AND topic = ? AND num < ? ORDER BY num DESC LIMIT ?",
        )
        .bind(id)
        .bind(text(&topic))
        .bind(before)
        .bind(limit);
        each(rows.fetch(&self.pool), take).await
    }

    /// How many rows of a list are remembered.
    pub(super) async fn count(&self, scope: &Scope, topic: Topic) -> Result<u64> {
        let id = self.scope(scope).await?;
        let count: i64 = sqlx::query_scalar("SELECT count(num) FROM list_rows WHERE scope = ? AND topic = ?")
            .bind(id)
            .bind(text(&topic))
            .fetch_one(&self.pool)
            .await?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    /// Holds all of it, or nothing.
    pub(super) async fn hold(&self, held: &[(Scope, HeldForms)]) -> Result<()> {
        let mut transaction = self.pool.begin().await?;
        for (scope, forms) in held {
            let scope = scope_for_writing(&mut transaction, scope).await?;
            for (form, held) in forms {
                let query = match held {
                    Some(held) => sqlx::query("INSERT OR REPLACE INTO held (scope, form, state) VALUES (?, ?, ?)")
                        .bind(scope)
                        .bind(text(form))
                        .bind(text(held)),
                    None => sqlx::query("DELETE FROM held WHERE scope = ? AND form = ?")
                        .bind(scope)
                        .bind(text(form)),
                };
                query.execute(&mut *transaction).await?;
            }
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Remembers all of it, or nothing; `broken` lists are forgotten first.
    pub(super) async fn remember(
        &self,
        scope: &Scope,
        broken: &BTreeSet<Topic>,
        memories: &[Memory],
        views: &BTreeMap<FormKey, Box<FormView>>,
    ) -> Result<()> {
        let mut transaction = self.pool.begin().await?;
        let scope = scope_for_writing(&mut transaction, scope).await?;
        for topic in broken {
            sqlx::query("DELETE FROM lists WHERE scope = ? AND topic = ?")
                .bind(scope)
                .bind(text(topic))
                .execute(&mut *transaction)
                .await?;
        }
        for (form, view) in views {
            sqlx::query("INSERT OR REPLACE INTO forms (scope, form, at, view) VALUES (?, ?, ?, ?)")
                .bind(scope)
                .bind(text(form))
                .bind(now().0)
                .bind(text(view))
                .execute(&mut *transaction)
                .await?;
        }
        for memory in memories {
            match memory {
                // Pictures come by themselves.
                Memory::Form(_) => {}
                Memory::List { topic, seq, snapshot } => {
                    list(&mut transaction, scope, *topic, *seq, snapshot).await?;
                }
                Memory::Rows { topic, rows } => upsert(&mut transaction, scope, *topic, rows).await?,
                Memory::Events { topic, seq, events } => {
                    for event in events {
                        happened(&mut transaction, scope, *topic, event).await?;
                    }
                    sqlx::query("UPDATE lists SET seq = max(seq, ?), at = ? WHERE scope = ? AND topic = ?")
                        .bind(i64::try_from(seq.0).unwrap_or(i64::MAX))
                        .bind(now().0)
                        .bind(scope)
                        .bind(text(topic))
                        .execute(&mut *transaction)
                        .await?;
                }
            }
        }
        transaction.commit().await?;
        Ok(())
    }
}

fn name(scope: &Scope) -> String {
    format!("{} {}", scope.server, scope.person)
}

async fn scope_for_writing(db: &mut SqliteConnection, scope: &Scope) -> Result<i64> {
    let id = sqlx::query_scalar(
        "INSERT INTO scopes (name) VALUES (?) ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING id",
    )
    .bind(name(scope))
    .fetch_one(db)
    .await?;
    Ok(id)
}

/// A list as it is, in place of what was remembered of it.
async fn list(db: &mut SqliteConnection, scope: i64, topic: Topic, seq: Seq, snapshot: &Snapshot) -> Result<()> {
    let (head, rows, total) = match snapshot {
        Snapshot::Records {
            entity, rows, total, ..
        } => {
            let head = Snapshot::Records {
                entity: entity.clone(),
                rows: Vec::new(),
                total: 0,
                editing: Vec::new(),
            };
            (text(&head), rows.as_slice(), *total)
        }
        Snapshot::Entities(_) => (text(snapshot), [].as_slice(), 0),
        // What is in the bin is asked for when somebody looks.
        Snapshot::Bin { .. } => return Ok(()),
    };
    sqlx::query("DELETE FROM list_rows WHERE scope = ? AND topic = ?")
        .bind(scope)
        .bind(text(&topic))
        .execute(&mut *db)
        .await?;
    sqlx::query("INSERT OR REPLACE INTO lists (scope, topic, at, seq, total, head) VALUES (?, ?, ?, ?, ?, ?)")
        .bind(scope)
        .bind(text(&topic))
        .bind(now().0)
        .bind(i64::try_from(seq.0).unwrap_or(i64::MAX))
        .bind(i64::try_from(total).unwrap_or(i64::MAX))
        .bind(head)
        .execute(&mut *db)
        .await?;
    upsert(db, scope, topic, rows).await
}

async fn each(
    mut records: impl Stream<Item = sqlx::Result<String>> + Unpin,
    mut take: impl FnMut(RecordRow),
) -> Result<()> {
    while let Some(record) = records.try_next().await? {
        take(read(&record)?);
    }
    Ok(())
}

/// Rows of a list, many in one statement.
async fn upsert(db: &mut SqliteConnection, scope: i64, topic: Topic, rows: &[RecordRow]) -> Result<()> {
    #[derive(Serialize)]
    struct Line<'a> {
        id: String,
        record: &'a RecordRow,
    }
    if rows.is_empty() {
        return Ok(());
    }
    let lines: Vec<Line<'_>> = rows
        .iter()
        .map(|record| Line {
            id: record.id.0.simple().to_string(),
            record,
        })
        .collect();
    sqlx::query(
        "INSERT OR REPLACE INTO list_rows (scope, topic, id, record)
         SELECT ?, ?, unhex(value ->> 'id'), value -> 'record' FROM json_each(?)",
    )
    .bind(scope)
    .bind(text(&topic))
    .bind(text(&lines))
    .execute(&mut *db)
    .await?;
    Ok(())
}

/// Patches what is remembered, as the screen is patched.
async fn happened(db: &mut SqliteConnection, scope: i64, topic: Topic, event: &Event) -> Result<()> {
    let more = match event {
        Event::RecordCreated { row } | Event::RecordRestored { row } => {
            upsert(db, scope, topic, std::slice::from_ref(row)).await?;
            1
        }
        Event::RecordUpdated { row } => {
            upsert(db, scope, topic, std::slice::from_ref(row)).await?;
            0
        }
        Event::RecordRemoved { record } => {
            sqlx::query("DELETE FROM list_rows WHERE scope = ? AND topic = ? AND id = ?")
                .bind(scope)
                .bind(text(&topic))
                .bind(record.0)
                .execute(&mut *db)
                .await?;
            -1
        }
        Event::RecordCount { entity, records } => {
            let counted = |rows: &mut Vec<EntityRow>| {
                for row in rows.iter_mut().filter(|row| row.entity.id == *entity) {
                    row.records = *records;
                }
            };
            return entities(db, scope, counted).await;
        }
        Event::EntitySaved { row } => {
            return entities(db, scope, |rows| {
                match rows.iter_mut().find(|other| other.entity.id == row.entity.id) {
                    Some(known) => *known = row.clone(),
                    None => rows.push(row.clone()),
                }
            })
            .await;
        }
        Event::EntityPurged { entity } => {
            return entities(db, scope, |rows| rows.retain(|row| row.entity.id != *entity)).await;
        }
        Event::Redefined { entity } => return redefined(db, scope, topic, entity).await,
        // The list is read again as a whole.
        Event::RecordsChanged { .. } | Event::BinAdded(_) | Event::BinRemoved { .. } => return Ok(()),
    };
    sqlx::query("UPDATE lists SET total = max(total + ?, 0) WHERE scope = ? AND topic = ?")
        .bind(more)
        .bind(scope)
        .bind(text(&topic))
        .execute(&mut *db)
        .await?;
    Ok(())
}

/// The list of entities, patched.
async fn entities(db: &mut SqliteConnection, scope: i64, patch: impl FnOnce(&mut Vec<EntityRow>)) -> Result<()> {
    let topic = Topic::Entities;
    let Some(Snapshot::Entities(mut rows)) = head(db, scope, topic).await? else {
        return Ok(());
    };
    patch(&mut rows);
    set_head(db, scope, topic, &Snapshot::Entities(rows)).await
}

/// The definition that the rows of a list obey.
async fn redefined(db: &mut SqliteConnection, scope: i64, topic: Topic, defined: &Entity) -> Result<()> {
    let Some(mut snapshot) = head(db, scope, topic).await? else {
        return Ok(());
    };
    if let Snapshot::Records { entity, .. } = &mut snapshot {
        **entity = defined.clone();
    }
    set_head(db, scope, topic, &snapshot).await
}

async fn head(db: &mut SqliteConnection, scope: i64, topic: Topic) -> Result<Option<Snapshot>> {
    let head: Option<String> = sqlx::query_scalar("SELECT head FROM lists WHERE scope = ? AND topic = ?")
        .bind(scope)
        .bind(text(&topic))
        .fetch_optional(db)
        .await?;
    head.as_deref().map(read).transpose()
}

async fn set_head(db: &mut SqliteConnection, scope: i64, topic: Topic, snapshot: &Snapshot) -> Result<()> {
    sqlx::query("UPDATE lists SET head = ? WHERE scope = ? AND topic = ?")
        .bind(text(snapshot))
        .bind(scope)
        .bind(text(&topic))
        .execute(db)
        .await?;
    Ok(())
}
