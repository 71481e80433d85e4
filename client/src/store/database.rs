//! The local store's file: SQLite, one connection, one transaction a write.

mod cache;
mod pending;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use baton_protocol::codec;
use baton_protocol::entity::Entity;
use baton_protocol::form::FormSnapshot;
use baton_protocol::history::SavedVersion;
use baton_protocol::id::{EntityId, FormKey, FormKind, RecordId, Seq};
use baton_protocol::message::{Event, Snapshot, Topic};
use baton_protocol::person::Person;
use baton_protocol::record::RecordRow;
use baton_protocol::time::Timestamp;
use futures_util::{Stream, TryStreamExt as _};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Row as _, SqliteConnection, SqlitePool};
use uuid::Uuid;

use cache::Writing;

use super::cipher::Cipher;
use super::error::Result;
use super::stems::Stems;
use crate::core::{CacheWrite, CachedForm, CachedList, CachedRow, LoadedForm, Scope};
use crate::keychain::StoreKey;

/// The open file.
#[derive(Debug)]
pub struct Database {
    pool: SqlitePool,
    cipher: Cipher,
    /// The stems of forms that something was held of since the start.
    stems: Mutex<BTreeMap<(i64, FormKey), Stems>>,
}

/// Of so many forms the stems are remembered; of more they are written anew.
const MAX_STEMS: usize = 64;

/// This computer's clock.
fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::default() + since
}

fn text<T: Serialize>(value: &T) -> String {
    codec::encode(value)
}

/// The directory, which only its user reads; and what an older program left others of it.
fn make_private(directory: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(directory)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(directory, std::fs::Permissions::from_mode(0o700))?;
        let file = super::file(directory);
        for ending in ["", "-wal", "-shm"] {
            let mut name = file.clone().into_os_string();
            name.push(ending);
            let name = std::path::PathBuf::from(name);
            if ending.is_empty() {
                // Made here, so that it is never anybody else's.
                std::fs::OpenOptions::new().create(true).append(true).open(&name)?;
            }
            if name.exists() {
                std::fs::set_permissions(&name, std::fs::Permissions::from_mode(0o600))?;
            }
        }
    }
    Ok(())
}

impl Database {
    /// Opens the file below this directory, or makes it.
    ///
    /// # Errors
    /// If it cannot be used.
    pub async fn open(directory: &Path, key: &StoreKey) -> Result<Self> {
        make_private(directory)?;
        let options = SqliteConnectOptions::new()
            .filename(super::file(directory))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // What counts as kept survives a power loss.
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(5))
            .disable_statement_logging();
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options)
            .await?;
        sqlx::migrate!("./migrations").run(&pool).await?;
        let database = Self {
            pool,
            cipher: Cipher::new(key),
            stems: Mutex::default(),
        };
        database.encrypt_all().await?;
        // Stems of what is not held any more.
        sqlx::query(
            "DELETE FROM stems WHERE NOT EXISTS
                 (SELECT 1 FROM held WHERE held.scope = stems.scope AND held.form = stems.form)",
        )
        .execute(&database.pool)
        .await?;
        Ok(database)
    }

    /// With the first key everything is encrypted that was not; with another key than the right one nothing is
    /// touched.
    async fn encrypt_all(&self) -> Result<()> {
        let proof: Option<Vec<u8>> = sqlx::query_scalar("SELECT proof FROM key_check")
            .fetch_optional(&self.pool)
            .await?;
        if let Some(proof) = proof {
            self.cipher.open(&proof)?;
            return Ok(());
        }
        if !self.cipher.encrypts() {
            return Ok(());
        }
        let mut transaction = self.pool.begin().await?;
        for (table, key, content) in [
            ("held", "form", "state"),
            ("stems", "form, field", "text"),
            ("forms", "form", "view"),
            ("histories", "form", "versions"),
            ("lists", "topic", "head"),
            ("list_rows", "topic, id", "record"),
        ] {
            let select = format!("SELECT scope, {content} AS content, {key} FROM {table}");
            let rows = sqlx::query(AssertSqlSafe(select)).fetch_all(&mut *transaction).await?;
            for row in &rows {
                let plain: &[u8] = row.try_get("content")?;
                let sealed = self.cipher.seal(self.cipher.open(plain)?)?;
                let columns: Vec<&str> = key.split(", ").collect();
                let which: Vec<String> = columns.iter().map(|column| format!("{column} = ?")).collect();
                let update = format!(
                    "UPDATE {table} SET {content} = ? WHERE scope = ? AND {}",
                    which.join(" AND ")
                );
                let mut update = sqlx::query(AssertSqlSafe(update))
                    .bind(sealed)
                    .bind(row.try_get::<i64, _>("scope")?);
                for column in columns {
                    update = if column == "id" {
                        update.bind(row.try_get::<Vec<u8>, _>(column)?)
                    } else {
                        update.bind(row.try_get::<String, _>(column)?)
                    };
                }
                update.execute(&mut *transaction).await?;
            }
        }
        sqlx::query("INSERT INTO key_check (proof) VALUES (?)")
            .bind(self.cipher.seal("this key".into())?)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        // Nothing of the plain text stays in pages that are free now.
        for sql in ["VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"] {
            sqlx::query(sql).execute(&self.pool).await?;
        }
        Ok(())
    }

    fn seal<T: Serialize>(&self, value: &T) -> Result<Vec<u8>> {
        Ok(self.cipher.seal(text(value))?)
    }

    fn unseal<T: DeserializeOwned>(&self, stored: &[u8]) -> Result<T> {
        Ok(serde_json::from_str(&self.cipher.open(stored)?)?)
    }

    /// Forgets everything that is only remembered for this server and person.
    pub(super) async fn forget(&self, scope: &Scope) -> Result<()> {
        let id = self.scope(scope).await?;
        let mut transaction = self.pool.begin().await?;
        for table in ["forms", "histories", "lists", "list_rows"] {
            sqlx::query(AssertSqlSafe(format!("DELETE FROM {table} WHERE scope = ?")))
                .bind(id)
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        for sql in ["VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"] {
            sqlx::query(sql).execute(&self.pool).await?;
        }
        Ok(())
    }

    /// Forgets what was seen of the server before this time, whosever it was. What is held stays.
    pub(super) async fn forget_older_than(&self, max_age: Duration) -> Result<()> {
        let max_age = i64::try_from(max_age.as_millis()).unwrap_or(i64::MAX);
        let oldest = now().0.saturating_sub(max_age);
        let mut transaction = self.pool.begin().await?;
        for sql in [
            "DELETE FROM forms WHERE at < ?",
            "DELETE FROM list_rows WHERE EXISTS (SELECT 1 FROM lists
                 WHERE lists.scope = list_rows.scope AND lists.topic = list_rows.topic AND lists.at < ?)",
            "DELETE FROM lists WHERE at < ?",
        ] {
            sqlx::query(sql).bind(oldest).execute(&mut *transaction).await?;
        }
        // A history is seen in its form.
        sqlx::query(
            "DELETE FROM histories WHERE NOT EXISTS
                 (SELECT 1 FROM forms WHERE forms.scope = histories.scope AND forms.form = histories.form)",
        )
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(())
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

    /// The saves of a form that are remembered.
    pub(super) async fn history(&self, scope: &Scope, form: FormKey) -> Result<Option<Vec<SavedVersion>>> {
        let versions: Option<Vec<u8>> =
            sqlx::query_scalar("SELECT versions FROM histories WHERE scope = ? AND form = ?")
                .bind(self.scope(scope).await?)
                .bind(text(&form))
                .fetch_optional(&self.pool)
                .await?;
        versions.map(|versions| self.unseal(&versions)).transpose()
    }

    /// What is remembered of a form.
    pub(super) async fn form(&self, scope: &Scope, form: FormKey, entity: Option<EntityId>) -> Result<LoadedForm> {
        let id = self.scope(scope).await?;
        let row = sqlx::query("SELECT at, view FROM forms WHERE scope = ? AND form = ?")
            .bind(id)
            .bind(text(&form))
            .fetch_optional(&self.pool)
            .await?;
        let seen = match row {
            Some(row) => Some(Box::new(CachedForm {
                at: Timestamp(row.try_get("at")?),
                view: self.unseal(row.try_get("view")?)?,
            })),
            None => None,
        };
        let listed = match &seen {
            Some(_) => None,
            None => self.listed(scope, id, form).await?.map(Box::new),
        };
        let mut known = None;
        if let (Some(entity), Some(list)) = (entity, self.list(scope, Topic::Entities).await?)
            && let Snapshot::Entities(rows) = list.snapshot
        {
            known = rows
                .into_iter()
                .find(|row| row.entity.id == entity)
                .map(|row| row.entity);
        }
        Ok(LoadedForm {
            seen,
            entity: known,
            listed,
        })
    }

    /// What a list has of a record.
    async fn listed(&self, scope: &Scope, id: i64, form: FormKey) -> Result<Option<CachedRow>> {
        let row: Option<(String, Vec<u8>)> =
            sqlx::query_as("SELECT topic, record FROM list_rows WHERE scope = ? AND id = ?")
                .bind(id)
                .bind(form.id)
                .fetch_optional(&self.pool)
                .await?;
        let Some((topic, row)) = row.filter(|_| form.kind == FormKind::Record) else {
            return Ok(None);
        };
        let list = self.list(scope, serde_json::from_str(&topic)?).await?;
        match list.map(|list| (list.at, list.snapshot)) {
            Some((at, Snapshot::Records { entity, .. })) => Ok(Some(CachedRow {
                at,
                row: self.unseal(&row)?,
                entity: *entity,
            })),
            Some(_) | None => Ok(None),
        }
    }

    /// What is remembered of a list.
    pub(super) async fn list(&self, scope: &Scope, topic: Topic) -> Result<Option<CachedList>> {
        let (id, name) = (self.scope(scope).await?, text(&topic));
        let Some(row) = sqlx::query("SELECT at, seq, total, head FROM lists WHERE scope = ? AND topic = ?")
            .bind(id)
            .bind(&name)
            .fetch_optional(&self.pool)
            .await?
        else {
            return Ok(None);
        };
        let mut snapshot: Snapshot = self.unseal(row.try_get("head")?)?;
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
        Ok(Some(CachedList {
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
        self.each(rows.fetch(&self.pool), take).await
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
        self.each(rows.fetch(&self.pool), take).await
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

    async fn each(
        &self,
        mut records: impl Stream<Item = sqlx::Result<Vec<u8>>> + Unpin,
        mut take: impl FnMut(RecordRow),
    ) -> Result<()> {
        while let Some(record) = records.try_next().await? {
            take(self.unseal(&record)?);
        }
        Ok(())
    }

    /// Remembers all of it, or nothing; `broken` lists are forgotten first.
    pub(super) async fn remember(
        &self,
        scope: &Scope,
        broken: &BTreeSet<Topic>,
        memories: &[CacheWrite],
        views: &BTreeMap<FormKey, Box<FormSnapshot>>,
    ) -> Result<()> {
        let mut transaction = self.pool.begin().await?;
        let scope = scope_for_writing(&mut transaction, scope).await?;
        let mut writing = Writing {
            db: &mut transaction,
            database: self,
            scope,
        };
        for topic in broken {
            sqlx::query("DELETE FROM lists WHERE scope = ? AND topic = ?")
                .bind(scope)
                .bind(text(topic))
                .execute(&mut *writing.db)
                .await?;
        }
        for (form, view) in views {
            sqlx::query("INSERT OR REPLACE INTO forms (scope, form, at, view) VALUES (?, ?, ?, ?)")
                .bind(scope)
                .bind(text(form))
                .bind(now().0)
                .bind(self.seal(view)?)
                .execute(&mut *writing.db)
                .await?;
        }
        for memory in memories {
            match memory {
                // Pictures come by themselves.
                CacheWrite::Form(_) => {}
                CacheWrite::History { form, versions } => {
                    sqlx::query("INSERT OR REPLACE INTO histories (scope, form, versions) VALUES (?, ?, ?)")
                        .bind(scope)
                        .bind(text(form))
                        .bind(self.seal(versions)?)
                        .execute(&mut *writing.db)
                        .await?;
                }
                CacheWrite::List { topic, seq, snapshot } => writing.list(*topic, *seq, snapshot).await?,
                CacheWrite::Rows { topic, rows } => writing.upsert(*topic, rows).await?,
                CacheWrite::Events { topic, seq, events } => {
                    for event in events {
                        writing.happened(*topic, event).await?;
                    }
                    sqlx::query("UPDATE lists SET seq = max(seq, ?), at = ? WHERE scope = ? AND topic = ?")
                        .bind(i64::try_from(seq.0).unwrap_or(i64::MAX))
                        .bind(now().0)
                        .bind(scope)
                        .bind(text(topic))
                        .execute(&mut *writing.db)
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

#[cfg(test)]
mod tests;
