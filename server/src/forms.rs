//! Forms at work: load, apply a transition of the pure core, store, then tell.
//!
//! The only caller of both the store and [`Form::apply`]. A form's commands run one after the other
//! under its lock, so everyone is told of them in one order; forms do not wait for each other. What
//! is in memory is a cache: if a write fails, it is dropped and read again.

mod cleaning;
mod deadlines;
mod edit;
pub(crate) mod links;
mod live;
mod load;
mod notifications;
mod publish;
mod redefine;
mod rights;
mod roster;
mod save;
mod unique;
mod viewers;

pub use edit::EditOptions;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use baton_protocol::deletion::{DeletionKind, Stamp};
use baton_protocol::entity::Entity;
use baton_protocol::field::FieldType;
use baton_protocol::form::{Applied, Command, Context, Form, FormCommand, FormSnapshot, Limits, Notice, Outcome};
use baton_protocol::id::{EntityId, FormKey, FormKind, JobId, SessionId, Ticket, UserId};
use baton_protocol::message::{Code, Problem, Topic};
use baton_protocol::person::Person;
use baton_protocol::rights::{Right, Rights};
use baton_protocol::time::Timestamp;
use baton_protocol::values::FieldError;
use tokio::sync::Notify;
use uuid::Uuid;

use publish::authors_of;

use crate::accounts::Accounts;
use crate::audit::Before;
use crate::bus::{Bus, Outgoing};
use crate::clean::clean;
use crate::clock::Clock;
use crate::config::Config;
use crate::error::not_found;
use crate::sessions::Sessions;
use crate::store::{LogSize, SharedStore, StoreError};

/// Every form in use; cheap to clone.
#[derive(Clone, Debug)]
pub struct Forms {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    store: SharedStore,
    bus: Bus,
    accounts: Accounts,
    sessions: Sessions,
    clock: Clock,
    limits: Limits,
    /// How many records a person may have that were never saved.
    max_drafts: u64,
    slots: Mutex<BTreeMap<FormKey, Arc<Slot>>>,
    deadlines: Mutex<BTreeSet<(Timestamp, FormKey)>>,
    sooner: Notify,
    /// The coalescing windows that are open, with what is pending in each.
    windows: Mutex<BTreeMap<FormKey, roster::PendingNotices>>,
    /// A definition changed.
    to_convert: Notify,
}

/// A form's place in memory; empty until it is read, and again after a failed write.
type Slot = tokio::sync::Mutex<Option<Loaded>>;

#[derive(Debug)]
struct Loaded {
    form: Form,
    entity: Arc<Entity>,
    /// Who saved the record first and last.
    saved: Option<(Stamp, Stamp)>,
    deadline: Option<Timestamp>,
    /// How much was appended to the stored state since it was written whole.
    log: LogSize,
    /// Who watches without a place in the queue, by session.
    viewers: BTreeMap<SessionId, Person>,
    /// The work on many records that saves it in this moment.
    job: Option<JobId>,
}

/// Who opens a form, and over which session.
#[derive(Clone, Debug)]
pub struct Participant {
    /// Over which session.
    pub session: SessionId,
    /// Who.
    pub person: Person,
    /// What they may do.
    pub rights: Arc<Rights>,
}

/// How often a save is tried again whose slug somebody else took in that moment.
const SLUG_TRIES: usize = 32;

impl Forms {
    /// No form is in memory yet.
    #[must_use]
    pub fn new(
        store: SharedStore,
        bus: Bus,
        accounts: Accounts,
        sessions: Sessions,
        clock: Clock,
        config: &Config,
    ) -> Self {
        Self {
            shared: Arc::new(Shared {
                store,
                bus,
                accounts,
                sessions,
                clock,
                limits: config.limits,
                max_drafts: config.max_drafts,
                slots: Mutex::default(),
                deadlines: Mutex::default(),
                sooner: Notify::new(),
                windows: Mutex::default(),
                to_convert: Notify::new(),
            }),
        }
    }

    /// Takes a place in the form's queue and answers with the whole form (semantics 3.1). From then
    /// on the session gets every notice of it.
    ///
    /// # Errors
    /// There is no such form, or the store failed.
    pub async fn join(
        &self,
        key: FormKey,
        entity: Option<EntityId>,
        participant: Participant,
        outgoing: &Outgoing,
    ) -> Result<FormSnapshot, Problem> {
        let slot = self.slot(key);
        let mut guard = self.open(&slot, key, entity).await?;
        let Participant {
            session,
            person,
            rights,
        } = participant;
        // Under the lock: whoever lost the right meanwhile takes no place that nobody would end.
        let entity = guard.as_ref().map(|loaded| loaded.form.entity);
        if entity.is_some_and(|entity| !self.shared.accounts.may(person.id, Right::to_edit(key, entity))) {
            self.release(key, &slot, guard);
            return Err(Problem::new(
                Code::Busy,
                "What you may do changed at this moment. Try again.",
            ));
        }
        // Under the lock: nothing published before the answer reaches the session after it.
        let subscribed = self.shared.bus.subscribe(Topic::Form(key), &rights, outgoing);
        let result = match self.apply(&mut guard, session, Command::Join { person }).await {
            Ok(Outcome::Joined { ticket }) => self.view(guard.as_ref(), Some(ticket)),
            Ok(_) => Err(Problem::new(Code::Internal, "The form could not be opened.")),
            Err(problem) => Err(problem),
        };
        if result.is_err() {
            // Whoever has a place already, and could not be answered once more, still hears of the form.
            if subscribed {
                self.shared.bus.unsubscribe(Topic::Form(key), outgoing);
            }
            self.release(key, &slot, guard);
        }
        result
    }

    /// A person has another name: everybody who has a form of theirs open is told.
    pub async fn renamed(&self, person: &Person) {
        let nobody = SessionId(Uuid::nil());
        for key in self.in_memory() {
            let rename = Command::Rename { person: person.clone() };
            if let Err(problem) = self.execute(key, nobody, rename).await {
                tracing::warn!(form = %key, %problem, "a form still has a person's old name");
            }
        }
    }

    /// Carries out a command.
    ///
    /// # Errors
    /// It was refused, or the store failed; nothing changed then.
    pub async fn execute(&self, key: FormKey, session: SessionId, command: Command) -> Result<Outcome, Problem> {
        let slot = self.slot(key);
        let mut guard = self.open(&slot, key, None).await?;
        let mut tries = 0;
        let result = loop {
            match self.apply(&mut guard, session, command.clone()).await {
                // Somebody else took the slug that was made for this record; another one is as good.
                Err(problem) if problem.code == Code::Busy && guard.is_none() && tries < SLUG_TRIES => {
                    tries += 1;
                    if let Err(problem) = self.load(&mut guard, key, None).await {
                        break Err(problem);
                    }
                }
                other => break other,
            }
        };
        self.release(key, &slot, guard);
        result
    }

    /// After a start, before anybody can come back: every editor that was there when the server stopped
    /// has a broken connection from now on, and its grace period to come back (G3). While the store
    /// takes no writes this waits: a place that stayed unbroken would be a ghost's.
    ///
    /// # Errors
    /// The store failed for a minute.
    pub async fn disconnect_all(&self) -> Result<(), StoreError> {
        let since = self.shared.clock.now();
        for (form, session) in self.shared.store.places().await? {
            let disconnected = Command::Disconnected { since };
            self.execute_until_stored(form, session, disconnected).await?;
        }
        Ok(())
    }

    /// Carries out a command that must not be lost: while the store fails, it is tried again, for a minute. A refusal
    /// means that there is nothing left to do.
    async fn execute_until_stored(
        &self,
        form: FormKey,
        session: SessionId,
        command: Command,
    ) -> Result<(), StoreError> {
        for _ in 0..60 {
            match self.execute(form, session, command.clone()).await {
                Ok(_) => return Ok(()),
                Err(problem) if problem.code == Code::Internal => {
                    tracing::error!(%form, %problem, "a place could not be changed; trying again");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
                Err(problem) => {
                    tracing::warn!(%form, %problem, "a form is no more");
                    return Ok(());
                }
            }
        }
        Err(StoreError::Transaction("nothing could be written for a minute".into()))
    }

    /// The forms that are in memory: every one that has editors is.
    #[must_use]
    pub fn in_memory(&self) -> Vec<FormKey> {
        let slots = self.shared.slots.lock().unwrap_or_else(PoisonError::into_inner);
        slots.keys().copied().collect()
    }

    /// The forms that are in use, if only to be looked at.
    #[must_use]
    pub fn in_use(&self) -> BTreeSet<Uuid> {
        let slots = self.shared.slots.lock().unwrap_or_else(PoisonError::into_inner);
        slots.keys().map(|key| key.id).collect()
    }

    /// Whether a form is in use, if only to be looked at.
    #[must_use]
    pub fn is_in_use(&self, key: FormKey) -> bool {
        self.existing_slot(key).is_some()
    }

    fn slot(&self, key: FormKey) -> Arc<Slot> {
        let mut slots = self.shared.slots.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(slots.entry(key).or_default())
    }

    /// The form's place in memory, if it has one.
    fn existing_slot(&self, key: FormKey) -> Option<Arc<Slot>> {
        let slots = self.shared.slots.lock().unwrap_or_else(PoisonError::into_inner);
        slots.get(&key).map(Arc::clone)
    }

    /// Lets go of a form's lock, and of the form if nobody is left in it.
    fn release(&self, key: FormKey, slot: &Arc<Slot>, guard: tokio::sync::MutexGuard<'_, Option<Loaded>>) {
        let empty = guard
            .as_ref()
            .is_none_or(|loaded| loaded.form.queue.editors().is_empty() && loaded.viewers.is_empty());
        drop(guard);
        if empty {
            self.forget(key, slot);
        }
    }

    /// Drops a form that nobody is in, unless somebody is just coming.
    fn forget(&self, key: FormKey, slot: &Arc<Slot>) {
        let mut slots = self.shared.slots.lock().unwrap_or_else(PoisonError::into_inner);
        // One count is the map's, one is ours; whoever holds another will use it.
        if Arc::strong_count(slot) == 2 {
            slots.remove(&key);
        }
    }

    /// The form's place, locked and read; one that cannot be read leaves nothing in memory.
    async fn open<'a>(
        &self,
        slot: &'a Arc<Slot>,
        key: FormKey,
        entity: Option<EntityId>,
    ) -> Result<tokio::sync::MutexGuard<'a, Option<Loaded>>, Problem> {
        let mut guard = slot.lock().await;
        let read = self.load(&mut guard, key, entity).await;
        if let Err(problem) = read {
            drop(guard);
            self.forget(key, slot);
            return Err(problem);
        }
        Ok(guard)
    }

    fn view(&self, loaded: Option<&Loaded>, me: Option<Ticket>) -> Result<FormSnapshot, Problem> {
        let loaded = loaded.ok_or_else(|| Problem::new(Code::Internal, "The form could not be read."))?;
        let mut view = loaded.form.view(&self.context(&loaded.entity), me);
        view.viewers = viewers::of(loaded);
        Ok(view)
    }

    fn context<'a>(&self, entity: &'a Arc<Entity>) -> Context<'a> {
        Context {
            now: self.shared.clock.now(),
            limits: self.shared.limits,
            entity,
            clean: &clean,
            free_slug: None,
        }
    }

    /// One transition: apply, store, tell. The form is out of its slot meanwhile, so that one whose
    /// write failed is read again.
    async fn apply(&self, slot: &mut Option<Loaded>, session: SessionId, command: Command) -> Result<Outcome, Problem> {
        let mut loaded = slot
            .take()
            .ok_or_else(|| Problem::new(Code::Internal, "The form could not be read."))?;
        let by = match deleter(&loaded, &command) {
            Ok(by) => by,
            Err(problem) => {
                *slot = Some(loaded);
                return Err(problem);
            }
        };
        let passing = is_passing(&command);
        let entity = Arc::clone(&loaded.entity);
        let mut context = self.context(&entity);
        let cleaned = match self.clean_ahead(&loaded, session, &command).await {
            Ok(cleaned) => cleaned,
            Err(problem) => {
                *slot = Some(loaded);
                return Err(problem);
            }
        };
        let clean = |html: &str| cleaned.get(html).cloned().unwrap_or_else(|| clean(html));
        context.clean = &clean;
        match self.prepare(&loaded, session, &command, &mut context).await {
            Ok(None) => {}
            Ok(Some(errors)) => {
                let outcome = self.invalid(&loaded, errors);
                *slot = Some(loaded);
                return Ok(outcome);
            }
            Err(problem) => {
                *slot = Some(loaded);
                return Err(problem);
            }
        }
        let authors = authors_of(&loaded.form);
        let origin = self.shared.sessions.origin(session);
        let before = Before::of(&loaded.form, session, origin.is_some(), &command);
        let slug_was_made = context.free_slug.is_some();
        let (is_coalesced, fence_before) = (roster::is_coalesced(&command), loaded.form.fence);
        if !is_coalesced {
            self.flush_pending(&loaded);
        }
        let Applied { outcome, mut effects } = match loaded.form.apply(&context, session, command) {
            Ok(applied) => applied,
            Err(refusal) => {
                *slot = Some(loaded);
                return Err(refusal.into());
            }
        };
        if !effects.is_empty() && !passing {
            let stored = self
                .store_and_notify(&mut loaded, before, &effects, (origin, context.now))
                .await;
            match stored {
                Ok(()) => {}
                Err(error) => return self.not_stored(&loaded, error, slug_was_made),
            }
        }
        self.schedule(&mut loaded);
        if is_coalesced {
            self.coalesce(&loaded, fence_before, &mut effects);
        }
        self.publish_effects(&loaded, effects);
        self.notify_authors(&authors, &authors_of(&loaded.form));
        if !Arc::ptr_eq(&entity, &loaded.entity) {
            match by {
                Some(by) => self.entity_deleted_or_restored(&loaded.entity, &by).await,
                None => self.redefined(&loaded.entity).await,
            }
        }
        *slot = Some(loaded);
        Ok(outcome)
    }

    /// What the store refused is said at its fields; anything else leaves the form to be read again.
    fn not_stored(&self, loaded: &Loaded, error: StoreError, slug_was_made: bool) -> Result<Outcome, Problem> {
        if matches!(error, StoreError::SlugTaken) && slug_was_made {
            let why = "Somebody saved the same at this moment. Try again.";
            return Err(Problem::new(Code::Busy, why));
        }
        match save::taken(loaded, &error) {
            Some(errors) => Ok(self.invalid(loaded, errors)),
            None => Err(error.into()),
        }
    }

    /// Looks up what a command must know of other records; gives what is wrong with them.
    async fn prepare(
        &self,
        loaded: &Loaded,
        session: SessionId,
        command: &Command,
        context: &mut Context<'_>,
    ) -> Result<Option<Vec<FieldError>>, Problem> {
        let Command::Form { command, person } = command else {
            return Ok(None);
        };
        if let FormCommand::Delete {
            kind: DeletionKind::Deleted,
        } = command
        {
            self.ensure_unreferenced(&loaded.form, person.id).await?;
        }
        self.check_limits(loaded, command, person.id)?;
        self.check_new_draft(loaded, command, person.id).await?;
        let owner = loaded.form.queue.owner().map(|owner| owner.session);
        if let FormCommand::Save { .. } = command
            && owner == Some(session)
        {
            context.free_slug = self.free_slug(&loaded.form).await?;
            let dangling = self.dangling(&loaded.form, &loaded.entity).await?;
            return Ok((!dangling.is_empty()).then_some(dangling));
        }
        Ok(None)
    }
}

/// Where an editor is looking is not worth a disk's attention.
fn is_passing(command: &Command) -> bool {
    matches!(
        command,
        Command::Form {
            command: FormCommand::Focus { .. },
            ..
        }
    )
}

/// Who deletes or restores with the command, if somebody does. A record comes back with its entity, and not by itself; it
/// is converted then.
fn deleter(loaded: &Loaded, command: &Command) -> Result<Option<Person>, Problem> {
    let by = match command {
        Command::Form {
            person,
            command: FormCommand::Delete { .. } | FormCommand::Restore,
        } => Some(person.clone()),
        Command::Form { .. }
        | Command::Join { .. }
        | Command::Leave
        | Command::Disconnected { .. }
        | Command::Convert { .. }
        | Command::Revoke { .. }
        | Command::Release { .. }
        | Command::EndPlaces { .. }
        | Command::Rename { .. }
        | Command::Tick => None,
    };
    let is_alone = by.is_some() || matches!(command, Command::Convert { .. });
    match loaded.entity.deletion_message() {
        Some(deletion_message) if is_alone && loaded.form.key.kind == FormKind::Record => {
            Err(not_found(&deletion_message))
        }
        Some(_) | None => Ok(by),
    }
}
