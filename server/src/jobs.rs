//! Jobs: work on many records goes on by itself, and tells whoever asks how far it is.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use baton_locales::say;
use baton_protocol::id::{JobId, UserId};
use baton_protocol::job::{JobOutcome, JobState};
use baton_protocol::message::{Code, Problem};

use crate::lock::lock;

/// How many jobs of one person go on at once.
const AT_ONCE: usize = 3;
/// How many jobs that are over are remembered.
const REMEMBERED: usize = 200;

/// Every job; cheap to clone.
#[derive(Clone, Default, Debug)]
pub struct Jobs {
    jobs: Arc<Mutex<BTreeMap<JobId, Entry>>>,
}

#[derive(Debug)]
struct Entry {
    owner: UserId,
    progress: Progress,
}

/// A job's own end: it says how far it is, and hears whether it is to end.
#[derive(Clone, Default, Debug)]
pub struct Progress(Arc<Shared>);

#[derive(Default, Debug)]
struct Shared {
    done: AtomicU64,
    total: AtomicU64,
    cancelled: AtomicBool,
    outcome: Mutex<Option<JobOutcome>>,
}

impl Progress {
    /// So many records more are done.
    pub fn add(&self, records: u64) {
        self.0.done.fetch_add(records, Ordering::Relaxed);
    }

    /// It begins again from none: another pass over the same records.
    pub fn restart(&self) {
        self.0.done.store(0, Ordering::Relaxed);
    }

    /// So many there are in all.
    pub fn expect(&self, records: u64) {
        self.0.total.store(records, Ordering::Relaxed);
    }

    /// Whether it is to end.
    #[must_use]
    pub fn cancelled(&self) -> bool {
        self.0.cancelled.load(Ordering::Relaxed)
    }

    fn state(&self) -> JobState {
        JobState {
            done: self.0.done.load(Ordering::Relaxed),
            total: self.0.total.load(Ordering::Relaxed),
            outcome: lock(&self.0.outcome).clone(),
        }
    }
}

impl Jobs {
    /// Whether this person may begin another job.
    ///
    /// # Errors
    /// They have too many under way.
    pub fn check_room(&self, owner: UserId) -> Result<(), Problem> {
        room(&lock(&self.jobs), owner)
    }

    /// Begins a job, unless this person has too many under way. One that was begun with this id goes on instead.
    ///
    /// # Errors
    /// They have, or somebody else began one with this id.
    pub fn begin<F>(&self, owner: UserId, id: JobId, work: impl FnOnce(Progress) -> F) -> Result<JobId, Problem>
    where
        F: Future<Output = JobOutcome> + Send + 'static,
    {
        let progress = Progress::default();
        {
            let mut jobs = lock(&self.jobs);
            match jobs.get(&id) {
                Some(entry) if entry.owner == owner => return Ok(id),
                Some(_) => return Err(Problem::new(Code::Forbidden, say::server::this_is_somebody_elses())),
                None => {}
            }
            room(&jobs, owner)?;
            let over = jobs
                .iter()
                .filter(|(_, entry)| entry.progress.state().outcome.is_some());
            // Ids that a desktop makes as it should sort by when they were made.
            let mut over: Vec<JobId> = over.map(|(id, _)| *id).collect();
            over.sort();
            for old in over.iter().take(over.len().saturating_sub(REMEMBERED)) {
                jobs.remove(old);
            }
            let progress = progress.clone();
            jobs.insert(id, Entry { owner, progress });
        }
        let work = work(progress.clone());
        tokio::spawn(async move {
            let outcome = work.await;
            *lock(&progress.0.outcome) = Some(outcome);
        });
        Ok(id)
    }

    /// How far a job is. Only whoever began it may ask.
    ///
    /// # Errors
    /// There is no such job of theirs.
    pub fn state(&self, owner: UserId, id: JobId) -> Result<JobState, Problem> {
        self.of(owner, id).map(|progress| progress.state())
    }

    /// Whether a job goes on, whoever began it.
    #[must_use]
    pub fn is_under_way(&self, id: JobId) -> bool {
        let jobs = lock(&self.jobs);
        jobs.get(&id)
            .is_some_and(|entry| entry.progress.state().outcome.is_none())
    }

    /// Has a job end.
    ///
    /// # Errors
    /// There is no such job of theirs.
    pub fn cancel(&self, owner: UserId, id: JobId) -> Result<(), Problem> {
        let progress = self.of(owner, id)?;
        progress.0.cancelled.store(true, Ordering::Relaxed);
        Ok(())
    }

    fn of(&self, owner: UserId, id: JobId) -> Result<Progress, Problem> {
        let jobs = lock(&self.jobs);
        let entry = jobs.get(&id).filter(|entry| entry.owner == owner);
        let entry = entry.ok_or_else(|| {
            let why = say::server::the_server_knows_nothing();
            Problem::new(Code::NotFound, why)
        })?;
        Ok(entry.progress.clone())
    }
}

fn room(jobs: &BTreeMap<JobId, Entry>, owner: UserId) -> Result<(), Problem> {
    let under_way = jobs
        .values()
        .filter(|entry| entry.owner == owner && entry.progress.state().outcome.is_none());
    if under_way.count() >= AT_ONCE {
        let why = say::server::some_of_what_you();
        return Err(Problem::new(Code::Busy, why));
    }
    Ok(())
}
