//! Everything that a session needs, in one handle.

use std::sync::Arc;

use anyhow::Context as _;
use baton_protocol::entity::{Entity, EntityStatus};
use baton_protocol::id::{EntityId, FormKey, FormKind, RecordId};
use baton_protocol::list::Page;
use baton_protocol::list_query::{Cursor, ListQuery};
use baton_protocol::message::{Code, Problem};
use baton_protocol::projection::Projection;
use baton_protocol::rights::{Access, Rights};
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
use crate::live::{LiveFeed, LiveSources};
use crate::metrics::Metrics;
use crate::names::Names;
use crate::operations::Operations;
use crate::private;
use crate::providers::Providers;
use crate::releases::Releases;
use crate::sessions::Sessions;
use crate::statistics::Statistics;
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
    /// What admins are told of this moment.
    pub live: LiveFeed,
    /// Figures for whoever runs the server.
    pub metrics: Metrics,
    /// Work on many records.
    pub jobs: Jobs,
    /// New names of people.
    pub names: Names,
    /// Password checks.
    pub passwords: Passwords,
    /// Other ways to sign in.
    pub providers: Providers,
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

    /// An entity as it is for somebody with these rights: without the fields that are hidden from them.
    ///
    /// # Errors
    /// There is none for them, it was deleted, or the store failed.
    pub(crate) async fn entity(&self, rights: &Rights, id: EntityId) -> Result<Entity, Problem> {
        let entity = self.whole_entity(rights, id).await?;
        let projection = Projection::new(rights.permission(id), &entity);
        Ok(projection.map_or(entity, |projection| Entity::clone(projection.entity())))
    }

    /// The definition of an entity that is there for somebody with these rights, with all its fields: it is not theirs
    /// to read.
    ///
    /// # Errors
    /// There is none for them, it was deleted, or the store failed.
    pub(crate) async fn whole_entity(&self, rights: &Rights, id: EntityId) -> Result<Entity, Problem> {
        let entity = self.store.entity(id).await?;
        let entity = entity.ok_or_else(no_entity)?;
        check_visible(rights, &entity)?;
        match entity.deletion_message() {
            Some(deletion_message) => Err(Problem::new(Code::NotFound, deletion_message)),
            None => Ok(entity),
        }
    }

    /// What of an entity's records is for somebody with these rights to see; `None`: all of it.
    pub(crate) fn projection(&self, rights: &Rights, entity: EntityId) -> Option<Arc<Projection>> {
        let definitions = self.bus.definitions();
        definitions.projection(rights.permission(entity), entity)
    }

    /// The definition that a form is behind or obeys, with all its fields, if it exists for somebody with these rights;
    /// `None` where nothing is stored of the form.
    ///
    /// # Errors
    /// It does not exist for them, or the store failed.
    pub(crate) async fn entity_of(&self, rights: &Rights, form: FormKey) -> Result<Option<Entity>, Problem> {
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
        if form.kind == FormKind::Entity && !rights.permission(id).hidden.is_empty() {
            // The form of a definition says which fields there are, and there is no half of it.
            return Err(no_entity());
        }
        if let Some(entity) = &entity
            && let Err(problem) = check_visible(rights, entity)
        {
            // Of a record not even that is told.
            let is_told = form.kind == FormKind::Entity || entity.gone.is_some();
            return Err(if is_told { problem } else { no_record() });
        }
        Ok(entity)
    }

    /// A page of an entity's list, for somebody with these rights.
    ///
    /// # Errors
    /// There is no such entity for them, the list asks for a field that there is not for them, or the store failed.
    pub(crate) async fn page(
        &self,
        rights: &Rights,
        id: EntityId,
        query: &ListQuery,
        after: Option<&Cursor>,
        (limit, only): (u32, &[RecordId]),
    ) -> Result<Page, Problem> {
        let entity = self.entity(rights, id).await?;
        query
            .check_resolved(&entity)
            .map_err(|why| Problem::new(Code::Malformed, why))?;
        let shown = (!rights.permission(id).hidden.is_empty()).then_some(&entity);
        let page = self.store.page(id, query, after, limit, only, shown).await;
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
        let providers = Providers::new(&config.providers);
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
        let names = Names::new(store.clone(), forms.clone());
        let statistics = Statistics::default();
        let live = LiveFeed::new(LiveSources {
            sessions: sessions.clone(),
            forms: forms.clone(),
            accounts: accounts.clone(),
            statistics: statistics.clone(),
            bus: bus.clone(),
            clock,
        });
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
            statistics,
            live,
            metrics: Metrics::default(),
            names,
            jobs: Jobs::default(),
            passwords,
            providers,
            stopping,
        }
    }
}

/// Whether the entity exists for somebody with these rights (semantics 6.1). Who may not see it hears the same as if
/// there were none; but of one that was deleted, who did it.
fn check_visible(rights: &Rights, entity: &Entity) -> Result<(), Problem> {
    if rights.sees(entity) {
        return Ok(());
    }
    let may_know = entity.status != EntityStatus::Draft && rights.access(entity.id) > Access::None;
    match entity.deletion_message().filter(|_| may_know) {
        Some(deletion_message) => Err(Problem::new(Code::NotFound, deletion_message)),
        None => Err(no_entity()),
    }
}
