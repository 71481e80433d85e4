//! Deleting for ever by hand (semantics 7.2): a record that was deleted before, and an entity with all its records.

use baton_locales::say;
use baton_protocol::deletion::DeletionKind;
use baton_protocol::id::{EntityId, FormKey, RecordId};
use baton_protocol::job::JobOutcome;
use baton_protocol::message::{Code, Problem};
use baton_protocol::person::Person;
use baton_protocol::record::Record;
use baton_protocol::rights::Right;

use crate::app::App;
use crate::batch::BatchSize;
use crate::error::{no_entity, no_record};
use crate::jobs::Progress;
use crate::rights::SignedIn;
use crate::store::{PurgeScope, Write};

/// Deletes a record for ever.
///
/// # Errors
/// It was not deleted before, somebody has it open, or the store failed.
pub(crate) async fn record(app: &App, person: &Person, record: RecordId) -> Result<(), Problem> {
    let is_deleted = |record: &Record| {
        record
            .gone
            .as_ref()
            .is_some_and(|gone| gone.how == DeletionKind::Deleted)
    };
    let known = app.store.record(record).await?.ok_or_else(no_record)?;
    if !is_deleted(&known) {
        let why = say::server::it_is_not_in();
        return Err(Problem::new(Code::Forbidden, why));
    }
    let is_open = || Problem::new(Code::Busy, say::server::somebody_has_it_open());
    if app.forms.is_in_use(FormKey::record(record)) {
        return Err(is_open());
    }
    let purge = Write::Purge {
        records: vec![record],
        now: app.clock.now(),
        by: Some(person.clone()),
    };
    app.store.write(purge).await?;
    // Whoever opened it, or brought it back, at this moment was quicker.
    match app.store.record(record).await? {
        Some(record) if is_deleted(&record) => Err(is_open()),
        Some(_) => Err(Problem::new(Code::Busy, say::server::somebody_brought_it_back())),
        None => Ok(()),
    }
}

/// Checks that an entity can be deleted for ever.
///
/// # Errors
/// There is none for the viewer, it was not deleted before, or the store failed.
pub(crate) async fn check_entity(app: &App, viewer: &SignedIn, entity: EntityId) -> Result<(), Problem> {
    let known = app.store.entity(entity).await?;
    let known = known
        .filter(|known| viewer.rights().sees(known))
        .ok_or_else(no_entity)?;
    match known.gone {
        Some(_) => Ok(()),
        None => Err(Problem::new(Code::Forbidden, say::server::it_is_not_deleted())),
    }
}

/// Deletes an entity that was deleted before for ever, with its records.
pub(crate) async fn entity(app: App, person: Person, entity: EntityId, progress: Progress) -> JobOutcome {
    match run(&app, &person, entity, &progress).await {
        Ok(records) => JobOutcome {
            records,
            cancelled: progress.cancelled(),
            ..JobOutcome::default()
        },
        Err(problem) => JobOutcome::failed(problem.message),
    }
}

async fn run(app: &App, person: &Person, entity: EntityId, progress: &Progress) -> Result<u64, Problem> {
    let mut batch = BatchSize::new(10, 2);
    let mut purged = 0;
    while !progress.cancelled() {
        app.accounts.ensure_still_allowed(person.id, Right::Manage(entity))?;
        let what = PurgeScope::Entity(entity);
        let found = app.store.purgeable(what, &app.forms.in_use(), batch.get()).await?;
        let (now, by) = (app.clock.now(), Some(person.clone()));
        if !found.records.is_empty() {
            let records = found.records;
            purged += records.len() as u64;
            progress.add(records.len() as u64);
            batch.write(&app.store, Write::Purge { records, now, by }).await?;
        } else if found.entities.is_empty() {
            return match app.store.entity(entity).await? {
                Some(known) if known.gone.is_some() => {
                    let why = say::server::somebody_has_it_or();
                    Err(Problem::new(Code::Busy, why))
                }
                Some(_) => Err(Problem::new(
                    Code::Busy,
                    say::server::somebody_brought_it_back_meanwhile(),
                )),
                None => Ok(purged),
            };
        } else {
            // It goes, unless somebody brings it back at this moment: then it is looked for once more.
            batch.write(&app.store, Write::PurgeEntity { entity, now, by }).await?;
        }
    }
    Ok(purged)
}
