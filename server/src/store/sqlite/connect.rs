//! Opening a database file: its settings, its schema, and what is carried over.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions as _, SqliteConnection};

use super::upgrade;

const MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

pub(super) fn options(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // An acknowledged write survives a power loss; grouped, it costs next to nothing.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
}

/// Opens the file and brings its schema up to date.
pub(in crate::store) async fn connect(file: &Path) -> anyhow::Result<SqliteConnection> {
    let connection = options(file).connect().await;
    let mut connection = connection.with_context(|| format!("cannot open the database {}", file.display()))?;
    match MIGRATIONS.run(&mut connection).await {
        Ok(()) => {}
        Err(MigrateError::VersionMissing(_)) => bail!(
            "a newer version of Baton has worked with the database {}; install that version again, or restore a \
             backup that this one made",
            file.display()
        ),
        Err(error) => return Err(error).context("cannot bring the database up to date"),
    }
    upgrade::run(&mut connection).await?;
    Ok(connection)
}

/// The number of the schema that this program brings a database to.
pub(in crate::store) fn newest_schema() -> Option<i64> {
    MIGRATIONS.iter().map(|migration| migration.version).max()
}

/// Opens the file only to read it, and leaves its schema alone: a server may be using it.
pub(in crate::store) async fn connect_to_read(file: &Path) -> anyhow::Result<SqliteConnection> {
    let connection = options(file).read_only(true).create_if_missing(false).connect().await;
    let mut connection = connection.with_context(|| format!("cannot open the database {}", file.display()))?;
    let found: Option<i64> = sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations")
        .fetch_one(&mut connection)
        .await
        .context("this is no database of Baton")?;
    ensure!(
        found == newest_schema() && !upgrade::is_due(&mut connection).await?,
        "another version of Baton wrote this database; start this one with it first"
    );
    Ok(connection)
}
