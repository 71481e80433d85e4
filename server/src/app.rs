//! Everything that a session needs, in one handle.

use std::sync::Arc;

use anyhow::Context as _;
use baton_protocol::entity::Entity;
use baton_protocol::id::EntityId;
use baton_protocol::list::{PAGE_ROWS, Page};
use baton_protocol::message::{Code, Problem};
use baton_protocol::query::{Cursor, Query};
use tokio::sync::watch;

use crate::auth::Passwords;
use crate::bus::Bus;
use crate::clock::Clock;
use crate::config::Config;
use crate::files::Files;
use crate::forms::{Forms, failed, no_entity};
use crate::jobs::Jobs;
use crate::sessions::Sessions;
use crate::store::{SharedStore, SqliteStore};

/// The server's parts; cheap to clone.
#[derive(Clone, Debug)]
pub struct App {
    /// The settings in force.
    pub config: Arc<Config>,
    /// The time.
    pub clock: Clock,
    /// What is kept.
    pub store: SharedStore,
    /// Who is told what.
    pub bus: Bus,
    /// Forms at work.
    pub forms: Forms,
    /// Who is connected.
    pub sessions: Sessions,
    /// Files that fields hold.
    pub files: Files,
    /// Work on many records.
    pub jobs: Jobs,
    /// Password checks.
    pub passwords: Passwords,
    /// Becomes true when the server is stopping.
    pub stopping: watch::Receiver<bool>,
}

impl App {
    /// Opens the database in the data directory and puts the parts together.
    ///
    /// # Errors
    /// If the data directory or the database cannot be used.
    pub async fn open(config: Config, stopping: watch::Receiver<bool>) -> anyhow::Result<Self> {
        std::fs::create_dir_all(&config.data_dir)
            .with_context(|| format!("cannot make the data directory {}", config.data_dir.display()))?;
        let bus = Bus::default();
        let store = SqliteStore::open(&config.database(), bus.clone()).await?;
        let passwords = Passwords::new()?;
        Ok(Self::of(
            config,
            Clock::start(),
            bus,
            Arc::new(store),
            passwords,
            stopping,
        ))
    }

    /// The definition of an entity.
    ///
    /// # Errors
    /// There is none, it was deleted, or the store failed.
    pub(crate) async fn entity(&self, id: EntityId) -> Result<Entity, Problem> {
        let entity = self.store.entity(id).await.map_err(|error| failed(&error))?;
        let entity = entity.ok_or_else(no_entity)?;
        match entity.farewell() {
            Some(farewell) => Err(Problem::new(Code::NotFound, farewell)),
            None => Ok(entity),
        }
    }

    /// A page of an entity's list.
    ///
    /// # Errors
    /// There is no such entity, or the store failed.
    pub(crate) async fn page(&self, id: EntityId, query: &Query, after: Option<&Cursor>) -> Result<Page, Problem> {
        let page = self.store.page(id, query, after, PAGE_ROWS, &[]).await;
        page.map_err(|error| failed(&error))?.ok_or_else(no_entity)
    }

    /// Puts the parts together.
    #[must_use]
    pub fn of(
        config: Config,
        clock: Clock,
        bus: Bus,
        store: SharedStore,
        passwords: Passwords,
        stopping: watch::Receiver<bool>,
    ) -> Self {
        let files = Files::new(&config.data_dir);
        let forms = Forms::new(store.clone(), bus.clone(), clock, config.limits);
        Self {
            config: Arc::new(config),
            clock,
            store,
            bus,
            forms,
            files,
            sessions: Sessions::default(),
            jobs: Jobs::default(),
            passwords,
            stopping,
        }
    }
}
