//! Everything that a session needs, in one handle.

use std::sync::Arc;

use anyhow::Context as _;
use baton_protocol::entity::{Entity, EntityStatus};
use baton_protocol::id::{EntityId, FormKey, FormKind, RecordId};
use baton_protocol::list::{PAGE_ROWS, Page};
use baton_protocol::list_query::{Cursor, ListQuery};
use baton_protocol::message::{Code, Problem};
use baton_protocol::person::UserRole;
use tokio::sync::watch;

use crate::accounts::Accounts;
use crate::admission::Admission;
use crate::auth::Passwords;
use crate::bus::Bus;
use crate::clock::Clock;
use crate::config::Config;
use crate::error::{no_entity, no_record};
use crate::file_store::FileStore;
use crate::forms::Forms;
use crate::jobs::Jobs;
use crate::operations::Operations;
use crate::releases::Releases;
use crate::sessions::Sessions;
use crate::statistics::Statistics;
use crate::store::{SharedStore, SqliteStore};
use crate::{private, rights};

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
    /// Who may do what at this moment.
    pub accounts: Accounts,
    /// Who is let in.
    pub admission: Admission,
    /// What came of people's last commands.
    pub operations: Operations,
    /// Forms at work.
    pub forms: Forms,
    /// Who is connected.
    pub sessions: Sessions,
    /// Files that fields hold.
    pub files: FileStore,
    /// Versions of the desktop that are handed out.
    pub releases: Releases,
    /// How many were connected.
    pub statistics: Statistics,
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
        private::make_directory(&config.data_dir)
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
            Sessions::default(),
            stopping,
        ))
    }

    /// The definition of an entity, if it exists for this role.
    ///
    /// # Errors
    /// There is none for them, it was deleted, or the store failed.
    pub(crate) async fn entity(&self, role: UserRole, id: EntityId) -> Result<Entity, Problem> {
        let entity = self.store.entity(id).await?;
        let entity = entity.ok_or_else(no_entity)?;
        check_visible(role, &entity)?;
        match entity.deletion_message() {
            Some(deletion_message) => Err(Problem::new(Code::NotFound, deletion_message)),
            None => Ok(entity),
        }
    }

    /// The definition that a form is behind or obeys, if it exists for this role; `None` where nothing is stored
    /// of the form.
    ///
    /// # Errors
    /// It does not exist for them, or the store failed.
    pub(crate) async fn entity_of(&self, role: UserRole, form: FormKey) -> Result<Option<Entity>, Problem> {
        let id = match form.kind {
            FormKind::Entity => Some(EntityId(form.id)),
            FormKind::Record => match self.store.record(RecordId(form.id)).await? {
                Some(record) => Some(record.entity),
                None => {
                    let stored = self.store.form(form).await?;
                    stored.map(|stored| stored.form.entity)
                }
            },
        };
        let Some(id) = id else {
            return Ok(None);
        };
        let entity = self.store.entity(id).await?;
        if let Some(entity) = &entity
            && let Err(problem) = check_visible(role, entity)
        {
            // Of a record not even that is told.
            let is_told = form.kind == FormKind::Entity || entity.gone.is_some();
            return Err(if is_told { problem } else { no_record() });
        }
        Ok(entity)
    }

    /// A page of an entity's list.
    ///
    /// # Errors
    /// There is no such entity, or the store failed.
    pub(crate) async fn page(&self, id: EntityId, query: &ListQuery, after: Option<&Cursor>) -> Result<Page, Problem> {
        let page = self.store.page(id, query, after, PAGE_ROWS, &[]).await;
        page?.ok_or_else(no_entity)
    }

    /// Puts the parts together.
    #[must_use]
    pub fn of(
        config: Config,
        clock: Clock,
        bus: Bus,
        store: SharedStore,
        passwords: Passwords,
        sessions: Sessions,
        stopping: watch::Receiver<bool>,
    ) -> Self {
        let files = FileStore::new(&config.data_dir);
        let releases = Releases::new(&config.data_dir);
        let accounts = Accounts::default();
        let admission = Admission::new(config.admission);
        let forms = Forms::new(
            store.clone(),
            bus.clone(),
            accounts.clone(),
            sessions.clone(),
            clock,
            &config,
        );
        Self {
            accounts,
            admission,
            operations: Operations::default(),
            config: Arc::new(config),
            clock,
            store,
            bus,
            forms,
            files,
            releases,
            sessions,
            statistics: Statistics::default(),
            jobs: Jobs::default(),
            passwords,
            stopping,
        }
    }
}

/// Whether the entity exists for this role (semantics 6.1). Who may not see it hears the same as if there were
/// none; but of one that was deleted, who did it.
fn check_visible(role: UserRole, entity: &Entity) -> Result<(), Problem> {
    if rights::visible(role, entity) {
        return Ok(());
    }
    match entity
        .deletion_message()
        .filter(|_| entity.status != EntityStatus::Draft)
    {
        Some(deletion_message) => Err(Problem::new(Code::NotFound, deletion_message)),
        None => Err(no_entity()),
    }
}
