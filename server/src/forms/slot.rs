//! Forms in memory, and the commands that wait for each.
//!
//! Whoever submits a command and gets the lock carries out what waits there, their own command among it. Each is a
//! transition with an answer of its own, and all of them are one write (decision 38).

use std::collections::{BTreeMap, VecDeque};
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};

use baton_protocol::form::{Command, FormCommand, Outcome};
use baton_protocol::id::{FormKey, SessionId};
use baton_protocol::message::Problem;
use tokio::sync::oneshot;
use tokio::sync::oneshot::error::TryRecvError;
use tokio::sync::{MutexGuard, TryLockError};

use super::Loaded;

/// The most commands that one write takes.
const MAX_BATCH: usize = 64;

/// The forms in memory: those that somebody is in, or that are in use at this moment.
#[derive(Clone, Default, Debug)]
pub(super) struct Slots(Arc<Mutex<BTreeMap<FormKey, Counted>>>);

/// A form's place in memory, and how many use it.
#[derive(Default, Debug)]
struct Counted {
    slot: Arc<Slot>,
    uses: usize,
}

/// A use of a form's place. The last one takes it out of memory, if nobody is in the form.
#[derive(Debug)]
pub(super) struct SlotUse {
    slots: Slots,
    key: FormKey,
    slot: Arc<Slot>,
}

/// A form's place in memory; empty until it is read, and again when it could not be read after a failed write.
#[derive(Default, Debug)]
pub(super) struct Slot {
    form: tokio::sync::Mutex<Option<Loaded>>,
    submissions: Mutex<VecDeque<Submission>>,
}

impl Slots {
    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<FormKey, Counted>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn count(&self, key: FormKey, counted: &mut Counted) -> SlotUse {
        counted.uses += 1;
        SlotUse {
            slots: self.clone(),
            key,
            slot: Arc::clone(&counted.slot),
        }
    }

    /// The form's place.
    pub(super) fn get(&self, key: FormKey) -> SlotUse {
        self.count(key, self.lock().entry(key).or_default())
    }

    /// The form's place, if it has one.
    pub(super) fn existing(&self, key: FormKey) -> Option<SlotUse> {
        Some(self.count(key, self.lock().get_mut(&key)?))
    }

    /// Those of these places that `wanted` wants.
    pub(super) fn filtered(&self, mut wanted: impl FnMut(FormKey, &Slot) -> bool) -> Vec<SlotUse> {
        let mut slots = self.lock();
        let wanted = slots.iter_mut().filter(|(key, counted)| wanted(**key, &counted.slot));
        wanted.map(|(key, counted)| self.count(*key, counted)).collect()
    }

    pub(super) fn contains(&self, key: FormKey) -> bool {
        self.lock().contains_key(&key)
    }

    pub(super) fn keys(&self) -> Vec<FormKey> {
        self.lock().keys().copied().collect()
    }
}

impl SlotUse {
    pub(super) fn key(&self) -> FormKey {
        self.key
    }
}

impl Deref for SlotUse {
    type Target = Slot;

    fn deref(&self) -> &Slot {
        &self.slot
    }
}

impl Drop for SlotUse {
    fn drop(&mut self) {
        let mut slots = self.slots.lock();
        let Some(counted) = slots.get_mut(&self.key) else {
            return;
        };
        counted.uses -= 1;
        // Nobody has the lock of a place that nobody uses.
        let is_empty = || {
            self.slot
                .try_lock()
                .is_ok_and(|form| form.as_ref().is_none_or(Loaded::is_empty))
        };
        if counted.uses == 0 && is_empty() {
            slots.remove(&self.key);
        }
    }
}

/// The form, if it was read, for whoever has the lock.
pub(super) type SlotGuard<'a> = MutexGuard<'a, Option<Loaded>>;

/// A command that waits for the form's lock.
#[derive(Debug)]
pub(super) struct Submission {
    pub(super) session: SessionId,
    pub(super) command: Command,
    /// Where its answer goes.
    pub(super) answer: oneshot::Sender<Result<Outcome, Problem>>,
}

/// Which commands are carried out together.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum BatchClass {
    /// Places in the queue that are taken, given up or held.
    Places,
    /// What is typed.
    Draft,
    /// One that does more than change the form's state.
    Alone,
}

impl BatchClass {
    pub(super) fn of(command: &Command) -> Self {
        match command {
            Command::Join { .. } | Command::Leave | Command::Disconnected { .. } => Self::Places,
            Command::Form {
                command: FormCommand::Change { .. } | FormCommand::Focus { .. },
                ..
            } => Self::Draft,
            Command::Form { .. }
            | Command::Convert { .. }
            | Command::Revoke { .. }
            | Command::Release { .. }
            | Command::EndPlaces { .. }
            | Command::Rename { .. }
            | Command::Tick => Self::Alone,
        }
    }
}

/// The answer to a submission, once somebody carried it out.
pub(super) struct Pending(oneshot::Receiver<Result<Outcome, Problem>>);

impl Pending {
    /// The answer, if it is there. A submission whose carrier ended in the middle of it has none, and never will.
    pub(super) fn answer(&mut self) -> Option<Result<Outcome, Problem>> {
        match self.0.try_recv() {
            Ok(result) => Some(result),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Closed) => Some(Err(super::not_read())),
        }
    }
}

impl Slot {
    pub(super) async fn lock(&self) -> SlotGuard<'_> {
        self.form.lock().await
    }

    pub(super) fn try_lock(&self) -> Result<SlotGuard<'_>, TryLockError> {
        self.form.try_lock()
    }

    /// Adds a command to those that wait. Whoever submits it takes the lock next: it may be carried out by then.
    pub(super) fn submit(&self, session: SessionId, command: Command) -> Pending {
        let (answer, pending) = oneshot::channel();
        self.submissions().push_back(Submission {
            session,
            command,
            answer,
        });
        Pending(pending)
    }

    /// The commands that are next, in the order in which they came: as many as one write takes. One that nobody waits
    /// for any more is passed over.
    pub(super) fn next_batch(&self) -> Vec<Submission> {
        let mut submissions = self.submissions();
        let mut batch: Vec<Submission> = Vec::new();
        while let Some(next) = submissions.front() {
            let class = BatchClass::of(&next.command);
            let fits = batch.first().is_none_or(|first| {
                class != BatchClass::Alone && class == BatchClass::of(&first.command) && batch.len() < MAX_BATCH
            });
            if !fits {
                break;
            }
            let next = submissions.pop_front();
            batch.extend(next.filter(|next| !next.answer.is_closed()));
        }
        batch
    }

    fn submissions(&self) -> std::sync::MutexGuard<'_, VecDeque<Submission>> {
        self.submissions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use baton_protocol::id::UserId;
    use baton_protocol::person::Person;
    use uuid::Uuid;

    use super::*;

    fn session(number: u128) -> SessionId {
        SessionId(Uuid::from_u128(number))
    }

    fn sessions(batch: &[Submission]) -> Vec<SessionId> {
        batch.iter().map(|submission| submission.session).collect()
    }

    fn person() -> Person {
        Person {
            id: UserId(Uuid::from_u128(1)),
            name: "Anna".into(),
        }
    }

    fn focus() -> Command {
        FormCommand::Focus { field: None }.by(person())
    }

    #[test]
    fn what_comes_together_is_one_batch_in_its_order_and_what_stands_alone_is_one() {
        let slot = Slot::default();
        let people = BTreeSet::new();
        let commands = [
            Command::Join { person: person() },
            Command::Leave,
            focus(),
            focus(),
            Command::Tick,
            Command::Revoke { people },
            Command::Leave,
        ];
        let pending: Vec<_> = commands
            .into_iter()
            .zip(0..)
            .map(|(command, number)| slot.submit(session(number), command))
            .collect();
        let batches: Vec<_> = std::iter::repeat_with(|| sessions(&slot.next_batch()))
            .take_while(|batch| !batch.is_empty())
            .collect();
        let numbered = |numbers: &[u128]| numbers.iter().copied().map(session).collect::<Vec<_>>();
        let expected = [
            numbered(&[0, 1]),
            numbered(&[2, 3]),
            numbered(&[4]),
            numbered(&[5]),
            numbered(&[6]),
        ];
        assert_eq!(batches, expected);
        drop(pending);
    }

    #[test]
    fn a_batch_is_bounded_and_what_nobody_waits_for_is_passed_over() {
        let slot = Slot::default();
        drop(slot.submit(session(0), Command::Leave));
        let pending: Vec<_> = (1..=MAX_BATCH as u128 + 1)
            .map(|number| slot.submit(session(number), Command::Leave))
            .collect();
        let first = slot.next_batch();
        assert_eq!((first.len(), first[0].session), (MAX_BATCH, session(1)));
        assert_eq!(slot.next_batch().len(), 1);
        drop(pending);
    }

    #[test]
    fn a_command_whose_carrier_ended_has_an_answer() {
        let slot = Slot::default();
        let mut pending = slot.submit(session(1), Command::Leave);
        assert!(pending.answer().is_none(), "nobody carried it out yet");
        drop(slot.next_batch());
        assert!(matches!(pending.answer(), Some(Err(_))));
    }
}
