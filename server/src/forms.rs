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
mod names;
mod notifications;
mod publish;
mod redefine;
mod rights;
mod roster;
mod save;
mod slot;
mod transition;
mod unique;
mod viewers;

pub use edit::EditOptions;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use baton_locales::say;
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
use slot::{Pending, Slot, SlotGuard, Slots};

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
    slots: Slots,
    deadlines: Mutex<BTreeSet<(Timestamp, FormKey)>>,
    sooner: Notify,
    /// The coalescing windows that are open, with what is pending in each.
    windows: Mutex<BTreeMap<FormKey, roster::PendingNotices>>,
    /// A definition changed.
    to_convert: Notify,
}

#[derive(Debug)]
struct Loaded {
    form: Form,
    entity: Arc<Entity>,
    /// Who saved the record first and last.
    saved: Option<(Stamp, Stamp)>,
    deadline: Option<Timestamp>,
    /// How often it was stored.
    n: u64,
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

impl Loaded {
    /// Whether nobody is in it.
    fn is_empty(&self) -> bool {
        self.form.queue.editors().is_empty() && self.viewers.is_empty()
    }
}

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
                slots: Slots::default(),
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
        let slot = self.shared.slots.get(key);
        let Participant {
            session,
            person,
            rights,
        } = participant;
        let join = Command::Join { person };
        let (mut guard, result) = self.submit(&slot, (key, entity), session, join).await;
        let Outcome::Joined { ticket } = result? else {
            return Err(not_read());
        };
        // Another command may have failed since.
        self.load(&mut guard, key, entity).await?;
        let loaded = guard.as_ref().ok_or_else(not_read)?;
        if loaded.form.queue.with_ticket(ticket).is_none() {
            return Err(Problem::new(Code::Busy, say::server::your_place_ended_at()));
        }
        // Under the lock: the answer has all that was published until now, and the rest follows it.
        self.shared.bus.subscribe(Topic::Form(key), &rights, outgoing);
        Ok(self.view(loaded, Some(ticket)))
    }

    /// Carries out a command.
    ///
    /// # Errors
    /// It was refused, or the store failed; nothing changed then.
    pub async fn execute(&self, key: FormKey, session: SessionId, command: Command) -> Result<Outcome, Problem> {
        let slot = self.shared.slots.get(key);
        let (_, result) = self.submit(&slot, (key, None), session, command).await;
        result
    }

    /// Carries out changes of a form's draft that came together, each as [`Self::execute`] does.
    pub async fn execute_all(
        &self,
        key: FormKey,
        session: SessionId,
        commands: Vec<Command>,
    ) -> Vec<Result<Outcome, Problem>> {
        let slot = self.shared.slots.get(key);
        let pending = commands.into_iter().map(|command| slot.submit(session, command));
        let (_, results) = self.carry_out(&slot, (key, None), pending.collect()).await;
        results
    }

    /// Has a command carried out, and gives its answer with the form's lock.
    async fn submit<'a>(
        &self,
        slot: &'a Slot,
        form: (FormKey, Option<EntityId>),
        session: SessionId,
        command: Command,
    ) -> (SlotGuard<'a>, Result<Outcome, Problem>) {
        let pending = slot.submit(session, command);
        let (guard, mut results) = self.carry_out(slot, form, vec![pending]).await;
        (guard, results.pop().unwrap_or_else(|| Err(not_read())))
    }

    /// Gives the answers to commands, with the form's lock. Whoever has the lock carries out what waits, up to its own
    /// commands; often somebody else has done so by then.
    async fn carry_out<'a>(
        &self,
        slot: &'a Slot,
        (key, entity): (FormKey, Option<EntityId>),
        pending: Vec<Pending>,
    ) -> (SlotGuard<'a>, Vec<Result<Outcome, Problem>>) {
        let mut guard = slot.lock().await;
        let mut results = Vec::with_capacity(pending.len());
        for mut pending in pending {
            let result = loop {
                if let Some(result) = pending.answer() {
                    break result;
                }
                if let Err(problem) = self.load(&mut guard, key, entity).await {
                    break Err(problem);
                }
                let batch = slot.next_batch().into_iter();
                let batch = batch.map(|submission| ((submission.session, submission.command), submission.answer));
                let (commands, answers): (Vec<_>, Vec<_>) = batch.unzip();
                let done = self.apply_all(&mut guard, commands).await;
                for (answer, result) in answers.into_iter().zip(done) {
                    // Whoever submitted it may be gone.
                    answer.send(result).ok();
                }
            };
            results.push(result);
        }
        (guard, results)
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
        self.shared.slots.keys()
    }

    /// The forms that are in use, if only to be looked at.
    #[must_use]
    pub fn in_use(&self) -> BTreeSet<Uuid> {
        self.in_memory().into_iter().map(|key| key.id).collect()
    }

    /// Whether a form is in use, if only to be looked at.
    #[must_use]
    pub fn is_in_use(&self, key: FormKey) -> bool {
        self.shared.slots.contains(key)
    }

    /// The form's place, locked and read.
    async fn open<'a>(&self, slot: &'a Slot, key: FormKey, entity: Option<EntityId>) -> Result<SlotGuard<'a>, Problem> {
        let mut guard = slot.lock().await;
        self.load(&mut guard, key, entity).await?;
        Ok(guard)
    }

    fn view(&self, loaded: &Loaded, me: Option<Ticket>) -> FormSnapshot {
        let mut view = loaded.form.view(&self.context(&loaded.entity), me);
        view.viewers = viewers::of(loaded);
        view
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
}

/// A form that should be in memory is not: the store failed meanwhile.
fn not_read() -> Problem {
    Problem::new(Code::Internal, say::server::the_form_could_not())
}
