//! What is kept, in the words of the domain. Everything else in the server is a cache of this.
//!
//! Writes go to one writer task that groups them ([`writer`]); reads go to a pool of read-only
//! connections ([`read`]). A write that changes what lists show carries its log entry, and the writer
//! publishes it after the commit: no write can forget to tell (seed row 11), and a failed one tells
//! nothing (row 12).

mod read;
mod writer;

use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use baton_protocol::field::Value;
use baton_protocol::record::Values;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, SqliteConnection};
use tokio::sync::mpsc;

use crate::bus::Bus;

pub use read::{RecordPage, Replay};
pub use writer::{FormWrite, NewUser, RecordWrite, TokenWrite};

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

/// The handle to everything that is kept; cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    reads: SqlitePool,
    writes: mpsc::Sender<writer::Op>,
}

const MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("migrations/sqlite");

/// How many writes may wait before callers wait too.
const WRITE_QUEUE: usize = 4096;

impl Store {
    /// Opens the file, brings its schema up to date and starts the writer.
    ///
    /// # Errors
    /// If the file cannot be opened or was made by a newer program.
    pub async fn open(file: &Path, bus: Bus) -> anyhow::Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // An acknowledged write survives a power loss; grouped, it costs next to nothing.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5));
        let mut connection: SqliteConnection = options
            .connect()
            .await
            .with_context(|| format!("cannot open the database {}", file.display()))?;
        MIGRATIONS
            .run(&mut connection)
            .await
            .context("cannot bring the database up to date")?;
        let reads = SqlitePoolOptions::new()
            .max_connections(4)
            .connect_with(options.read_only(true))
            .await?;
        let (writes, ops) = mpsc::channel(WRITE_QUEUE);
        tokio::spawn(writer::run(connection, ops, bus));
        Ok(Self { reads, writes })
    }
}

fn json_values(text: &str) -> Result<Values, StoreError> {
    Ok(serde_json::from_str(text)?)
}

fn text_of<'a>(values: &'a Values, name: &str) -> &'a str {
    values.get(name).map_or("", Value::text)
}

/// A user with what is needed to sign in.
#[derive(Clone, Debug)]
pub struct UserRow {
    /// Who.
    pub account: baton_protocol::person::Account,
    /// The hash of their password.
    pub password_hash: String,
}

/// A definition that is about to be stored.
#[derive(Clone, Debug)]
pub struct EntityWrite {
    /// The definition.
    pub entity: baton_protocol::entity::Entity,
    /// Its place among the entities.
    pub position: u32,
}
