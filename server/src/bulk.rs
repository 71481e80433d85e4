//! The same to many records, each through its form: no back door past whoever edits one.

use std::sync::Arc;

use baton_locales::say;
use baton_protocol::draft::{Change, Edit};
use baton_protocol::field::Value;
use baton_protocol::form::FormCommand;
use baton_protocol::id::{EntityId, FormKey, JobId, RecordId, SessionId, UserId, Version};
use baton_protocol::job::{BulkAction, Fault, JobOutcome, MAX_BULK, MAX_FAULTS, RecordSelection};
use baton_protocol::list::PAGE_ROWS;
use baton_protocol::message::{Code, Problem};
use baton_protocol::person::Person;
use baton_protocol::rights::Right;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::app::App;
use crate::error::no_record;
use crate::forms::EditOptions;
use crate::jobs::Progress;
use crate::purge;
use crate::rights::check_fields;

/// How many records are worked on side by side.
const CONCURRENCY: usize = 16;

/// The records that are meant, in their order.
///
/// # Errors
/// They are too many, or the list cannot be read.
pub(crate) async fn records(
    app: &App,
    person: UserId,
    entity: EntityId,
    which: &RecordSelection,
) -> Result<Vec<RecordId>, Problem> {
    let too_many = || {
        let why = say::server::too_many_at_once(MAX_BULK);
        Problem::new(Code::TooLarge, why)
    };
    let query = match which {
        RecordSelection::Records(records) if records.len() > MAX_BULK => return Err(too_many()),
        RecordSelection::Records(records) => return Ok(records.clone()),
        RecordSelection::Query(query) => query,
    };
    let mut records = Vec::new();
    let mut after = None;
    loop {
        let rights = app.accounts.rights(person);
        let page = app
            .page(&rights, entity, query, after.as_ref(), (PAGE_ROWS, &[]))
            .await?;
        records.extend(page.rows.iter().map(|row| row.id));
        if records.len() > MAX_BULK {
            return Err(too_many());
        }
        after = page.next;
        if after.is_none() {
            return Ok(records);
        }
    }
}

/// What somebody needs to do this to an entity's records.
pub(crate) fn right_for(action: &BulkAction, entity: EntityId) -> Right {
    match action {
        BulkAction::Set(_) | BulkAction::Remove(_) | BulkAction::Restore | BulkAction::Revert(_) => Right::Edit(entity),
        BulkAction::Purge => Right::Manage(entity),
    }
}

/// Does it to each of them.
pub(crate) async fn run(
    app: App,
    person: Person,
    (job, entity): (JobId, EntityId),
    which: RecordSelection,
    action: BulkAction,
    progress: Progress,
) -> JobOutcome {
    let records = match &action {
        // What is undone says itself what it is.
        BulkAction::Revert(versions) => Ok(versions.iter().map(|(record, _)| *record).collect()),
        BulkAction::Set(_) | BulkAction::Remove(_) | BulkAction::Restore | BulkAction::Purge => {
            records(&app, person.id, entity, &which).await
        }
    };
    let records: Vec<RecordId> = match records {
        Ok(records) => records,
        Err(problem) => {
            return JobOutcome::failed(problem.message);
        }
    };
    progress.expect(records.len() as u64);
    let right = right_for(&action, entity);
    let is_undoable = !matches!(action, BulkAction::Purge);
    let action = Arc::new(action);
    let room = Arc::new(Semaphore::new(CONCURRENCY));
    let mut tasks = JoinSet::new();
    let mut outcome = JobOutcome::default();
    for record in records {
        // It is never closed.
        let Ok(room) = Arc::clone(&room).acquire_owned().await else {
            break;
        };
        if progress.cancelled() {
            outcome.cancelled = true;
            break;
        }
        if let Err(problem) = app.accounts.ensure_still_allowed(person.id, right) {
            outcome.problem = Some(problem.message);
            break;
        }
        let (app, person, action, progress) = (app.clone(), person.clone(), Arc::clone(&action), progress.clone());
        tasks.spawn(async move {
            let done = one(&app, &person, (entity, record), &action, Some(job)).await;
            progress.add(1);
            drop(room);
            (record, done)
        });
    }
    while let Some(done) = tasks.join_next().await {
        match done {
            Ok((record, Ok(Some(version)))) => {
                outcome.records += 1;
                outcome.changed.extend(is_undoable.then_some((record, version)));
            }
            // It was so already: there is nothing to be undone.
            Ok((_, Ok(None))) => {}
            Ok((record, Err(problem))) => leave_out(&app, (person.id, entity), &mut outcome, record, problem).await,
            Err(error) => tracing::error!(%error, "a part of a job failed"),
        }
    }
    outcome
}

/// Notes why a record was left out.
pub(crate) async fn leave_out(
    app: &App,
    (person, entity): (UserId, EntityId),
    outcome: &mut JobOutcome,
    record: RecordId,
    mut problem: Problem,
) {
    outcome.left_out += 1;
    if outcome.faults.len() >= MAX_FAULTS {
        return;
    }
    // Only of the list that was checked: who names another record learns nothing of it.
    let titles = app.store.titles(&[record]).await.unwrap_or_default();
    let title = titles.into_iter().find(|(_, of, _)| *of == entity);
    if let Some(projection) = app.projection(&app.accounts.rights(person), entity) {
        problem.fields = projection.errors(problem.fields);
    }
    let (field, message) = match problem.fields.first() {
        Some(error) => (error.field.clone(), error.message.clone()),
        None => (String::new(), problem.message.clone()),
    };
    outcome.faults.push(Fault {
        row: 0,
        title: title.map(|(.., title)| title).unwrap_or_default(),
        field,
        message,
    });
}

/// Does it to one record; its new version, if it is another one. What is saved belongs to the job, if one is named.
///
/// # Errors
/// Why the record stays as it is.
pub(crate) async fn one(
    app: &App,
    person: &Person,
    (entity, record): (EntityId, RecordId),
    action: &BulkAction,
    job: Option<JobId>,
) -> Result<Option<Version>, Problem> {
    // Whoever names records names those of the list that was checked.
    let known = app.store.record(record).await?;
    if known.is_none_or(|known| known.entity != entity) {
        return Err(no_record());
    }
    let form = FormKey::record(record);
    // What they may do may be less than when it began.
    let may_change = |names: &[&str]| {
        let (rights, definition) = (app.accounts.rights(person.id), app.bus.definitions().get(entity));
        let definition = definition.ok_or_else(no_record)?;
        check_fields(rights.permission(entity), &definition, names.iter().copied())
    };
    // A command of no editor's.
    let nobody = SessionId(Uuid::nil());
    let gone = async || {
        let now = app.store.record(record).await?;
        Ok::<_, Problem>(now.and_then(|record| record.gone).map(|gone| gone.how))
    };
    let execute = async |command: FormCommand| {
        let before = gone().await?;
        app.forms.execute(form, nobody, command.by(person.clone())).await?;
        Ok((gone().await? != before).then(Version::default))
    };
    match action {
        BulkAction::Set(values) => {
            may_change(&values.keys().map(String::as_str).collect::<Vec<_>>())?;
            let change = |(field, value): (&String, &Value)| Change {
                field: field.clone(),
                edit: Edit::Set(value.clone()),
            };
            app.forms
                .edit_at_once(
                    form,
                    person,
                    values.iter().map(change).collect(),
                    EditOptions {
                        job,
                        ..EditOptions::default()
                    },
                )
                .await
        }
        BulkAction::Remove(kind) => execute(FormCommand::Delete { kind: *kind }).await,
        BulkAction::Restore => execute(FormCommand::Restore).await,
        BulkAction::Purge => purge::record(app, person, record)
            .await
            .map(|()| Some(Version::default())),
        BulkAction::Revert(versions) => {
            let version = versions.iter().find(|(other, _)| *other == record);
            let version = version.map(|(_, version)| *version);
            let changes = last_save_undone(app, form, version).await?;
            let names: Vec<&str> = changes.iter().map(|change| change.field.as_str()).collect();
            // Which they are, the history does not tell them either.
            let theirs = may_change(&names);
            theirs.map_err(|_| Problem::new(Code::Forbidden, say::server::its_last_save_changed()))?;
            let options = EditOptions {
                expected_version: version,
                job,
            };
            app.forms.edit_at_once(form, person, changes, options).await
        }
    }
}

/// What undoes the last save of a record, if that made this version.
async fn last_save_undone(app: &App, form: FormKey, version: Option<Version>) -> Result<Vec<Change>, Problem> {
    let saves = app.store.history(form, 1).await?;
    let last = saves.into_iter().next().filter(|save| Some(save.version) == version);
    let last = last.ok_or_else(|| Problem::new(Code::StaleVersion, say::server::it_was_saved_again()))?;
    let undone = last.fields.into_iter().map(|change| Change {
        field: change.field,
        edit: Edit::Set(change.old),
    });
    Ok(undone.collect())
}
