//! Undoes what a job saved, as far as nobody saved it again since: each record through its form.

use baton_locales::say;
use baton_protocol::deletion::DeletionKind;
use baton_protocol::id::{EntityId, FormKey, JobId, RecordId, Version};
use baton_protocol::job::{BulkAction, JobOutcome};
use baton_protocol::message::{Code, Problem};
use baton_protocol::person::Person;
use baton_protocol::rights::Right;
use futures_util::{StreamExt as _, stream};

use crate::app::App;
use crate::batch::BatchSize;
use crate::bulk;
use crate::error::no_record;
use crate::jobs::Progress;
use crate::rights::SignedIn;
use crate::store::{StoreError, Write};

/// How many records are worked on side by side, and how many are read at once.
const CONCURRENCY: usize = 16;
const READ: u32 = 200;

/// Checks that the viewer may undo what a job saved: whoever began it, and whoever manages the entity.
///
/// # Errors
/// They may not, or it is not known.
pub(crate) async fn check(app: &App, viewer: &SignedIn, entity: EntityId, job: JobId) -> Result<(), Problem> {
    let stored = app.store.jobs(&[job]).await?.remove(&job);
    let stored = stored.filter(|stored| stored.entity == entity);
    let stored = stored.ok_or_else(|| Problem::new(Code::NotFound, say::server::this_work_is_not()))?;
    if app.jobs.is_under_way(job) {
        return Err(Problem::new(Code::Busy, say::server::this_work_is_still()));
    }
    if stored.user != viewer.id() {
        viewer.require(Right::Manage(entity))?;
    }
    Ok(())
}

/// Which job is undone, and by which.
#[derive(Clone, Copy)]
pub(crate) struct Undo {
    /// Whose records.
    pub(crate) entity: EntityId,
    /// What saved them.
    pub(crate) job: JobId,
    /// The job that undoes it; what it saves can be undone in turn.
    pub(crate) own: JobId,
}

/// Undoes it, record by record. What was saved again since, or is edited, stays and says so.
pub(crate) async fn run(app: App, person: Person, undo: Undo, progress: Progress) -> JobOutcome {
    let mut outcome = JobOutcome::default();
    if let Err(problem) = undo_all(&app, &person, undo, &progress, &mut outcome).await {
        outcome.problem = Some(problem.message);
    }
    outcome
}

async fn undo_all(
    app: &App,
    person: &Person,
    undo: Undo,
    progress: &Progress,
    outcome: &mut JobOutcome,
) -> Result<(), Problem> {
    let Undo { entity, job, .. } = undo;
    let total = app
        .store
        .jobs(&[job])
        .await?
        .remove(&job)
        .map_or(0, |stored| stored.saves);
    progress.expect(total);
    let mut after = None;
    loop {
        let saves = app.store.job_saves(job, after, READ).await?;
        let Some((last, _)) = saves.last() else {
            return Ok(());
        };
        after = Some(*last);
        if progress.cancelled() {
            outcome.cancelled = true;
            return Ok(());
        }
        app.accounts.ensure_still_allowed(person.id, Right::Edit(entity))?;
        let undone = stream::iter(saves)
            .map(async |(record, version)| {
                let undone = one(app, person, undo, (record, version)).await;
                progress.add(1);
                (record, undone)
            })
            .buffer_unordered(CONCURRENCY)
            .collect::<Vec<_>>()
            .await;
        let mut records = Vec::new();
        for (record, undone) in undone {
            match undone {
                Ok(()) => records.push(record),
                Err(problem) => bulk::leave_out(app, (person.id, entity), outcome, record, problem).await,
            }
        }
        outcome.records += records.len() as u64;
        app.store.write(Write::JobUndone(job, records)).await?;
    }
}

/// A record that the work made goes into the bin; one that it changed gets back what it had.
async fn one(app: &App, person: &Person, undo: Undo, (record, version): (RecordId, Version)) -> Result<(), Problem> {
    if version.0 > 1 {
        let action = BulkAction::Revert(vec![(record, version)]);
        return bulk::one(app, person, (undo.entity, record), &action, Some(undo.own))
            .await
            .map(drop);
    }
    let now = app.store.record(record).await?.ok_or_else(no_record)?;
    if now.gone.is_some() {
        return Ok(());
    }
    let form = FormKey::record(record);
    app.forms
        .remove_at_once(form, person, DeletionKind::Deleted, version)
        .await
}

/// Forgets what jobs saved that began long ago, a few records at a time.
///
/// # Errors
/// What failed.
pub(crate) async fn forget_old(app: &App) -> Result<(), StoreError> {
    let before = app.clock.now() - app.config.keep_audit;
    let mut batch = BatchSize::new(50, 10);
    while let Some((job, records)) = app.store.old_job_saves(before, batch.get()).await? {
        batch.write(&app.store, Write::ForgetJobSaves(job, records)).await?;
    }
    Ok(())
}
