//! Copies of a database that other programs can keep.

use std::path::Path;

use anyhow::{Context as _, ensure};
use baton_protocol::file::FileHash;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, SqliteConnection};

use super::sqlite::{connect_to_read, newest_schema};

/// What a database has.
#[derive(Debug)]
pub(crate) struct Contents {
    pub(crate) people: u64,
    pub(crate) entities: u64,
    pub(crate) records: u64,
    /// The files that it names, with their sizes.
    pub(crate) files: Vec<(FileHash, u64)>,
}

/// Copies a database as it is at one moment, also while a server writes into it.
///
/// # Errors
/// It is none of this version, or the disk is full.
pub(crate) async fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    let mut connection = connect_to_read(from).await?;
    let to = to.to_str().context("the name of the directory is no text")?;
    sqlx::query("VACUUM INTO ?").bind(to).execute(&mut connection).await?;
    Ok(())
}

/// Reads a copy through and says what it has.
///
/// # Errors
/// It is damaged, of a newer version, or no database of this program.
pub(crate) async fn inspect(file: &Path) -> anyhow::Result<Contents> {
    let options = SqliteConnectOptions::new().filename(file).read_only(true);
    let opened = options.connect().await;
    let mut connection = opened.with_context(|| format!("cannot open {}", file.display()))?;
    let schema: Option<i64> = sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations")
        .fetch_one(&mut connection)
        .await
        .with_context(|| format!("{} is no database of Baton", file.display()))?;
    ensure!(
        schema <= newest_schema(),
        "a newer version of Baton wrote {}",
        file.display()
    );
    let damaged = || format!("{} is damaged", file.display());
    read_through(&mut connection).await.with_context(damaged)
}

async fn read_through(connection: &mut SqliteConnection) -> anyhow::Result<Contents> {
    let sound: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check")
        .fetch_all(&mut *connection)
        .await?;
    ensure!(sound == ["ok"], "{}", sound.join("; "));
    let loose = sqlx::query("PRAGMA foreign_key_check")
        .fetch_all(&mut *connection)
        .await?;
    ensure!(loose.is_empty(), "something in it belongs to nothing");
    let files: Vec<(String, i64)> = sqlx::query_as("SELECT lower(hex(hash)), size FROM files")
        .fetch_all(&mut *connection)
        .await?;
    let files = files
        .into_iter()
        .map(|(hash, size)| Ok((hash.parse().map_err(anyhow::Error::msg)?, u64::try_from(size)?)));
    Ok(Contents {
        people: count(connection, "SELECT count(*) FROM users").await?,
        entities: count(connection, "SELECT count(*) FROM entities").await?,
        records: count(connection, "SELECT count(*) FROM records").await?,
        files: files.collect::<anyhow::Result<_>>()?,
    })
}

async fn count(connection: &mut SqliteConnection, sql: &'static str) -> anyhow::Result<u64> {
    let count: i64 = sqlx::query_scalar(sql).fetch_one(connection).await?;
    Ok(u64::try_from(count)?)
}
