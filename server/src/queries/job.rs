//! Work on many records.

use baton_locales::say;
use baton_protocol::audit::{Act, AuditedJob};
use baton_protocol::draft::MAX_CHANGES;
use baton_protocol::entity::Entity;
use baton_protocol::id::JobId;
use baton_protocol::job::{BulkAction, Import, Job, JobState, RecordSelection};
use baton_protocol::message::{CancelJob, Code, GetJobState, Problem, StartJob};
use baton_protocol::projection::Projection;
use baton_protocol::rights::Right;

use crate::app::App;
use crate::rights::{SignedIn, check_fields};
use crate::store::{StoreError, Write};
use crate::undo::Undo;
use crate::{audit, bulk, exchange, purge, undo, uploads};

/// Keeps that the work was begun: what changes something is not begun twice, and what leaves the server is in the
/// audit.
async fn note(app: &App, viewer: &SignedIn, id: JobId, job: &Job) -> Result<(), Problem> {
    let (what, entity) = match job {
        Job::Bulk {
            entity,
            action: BulkAction::Purge,
            ..
        }
        | Job::PurgeEntity { entity } => (AuditedJob::Purge, *entity),
        Job::Bulk { entity, .. } => (AuditedJob::Bulk, *entity),
        Job::Import(import) if !import.dry_run => (AuditedJob::Import, import.entity),
        Job::Export { entity, .. } => (AuditedJob::Export, *entity),
        Job::Undo { entity, .. } => (AuditedJob::Undo, *entity),
        Job::ExportAudit { .. } => {
            app.jobs.check_room(viewer.id())?;
            let (by, origin) = (viewer.person().clone(), viewer.origin().clone());
            let entry = audit::entry(app.clock.now(), Some(by), origin, Act::AuditExported);
            return Ok(app.store.write(Write::Audit(entry)).await?);
        }
        Job::Import(_) | Job::Inspect { .. } => return Ok(()),
    };
    app.jobs.check_room(viewer.id())?;
    let at = app.clock.now();
    let (by, origin) = (viewer.person().clone(), viewer.origin().clone());
    let entry = audit::entry(at, Some(by), origin, Act::Job(id, what, entity));
    let write = match what {
        AuditedJob::Import | AuditedJob::Bulk | AuditedJob::Purge | AuditedJob::Undo => Write::Begin {
            job: id,
            user: viewer.id(),
            entity,
            at,
            audit: entry,
        },
        // It changes nothing, and may be begun again after a restart, too.
        AuditedJob::Export => Write::Audit(entry),
    };
    match app.store.write(write).await {
        Ok(()) => Ok(()),
        Err(StoreError::Begun) => {
            let why = say::server::this_was_begun_before();
            Err(Problem::new(Code::NotFound, why))
        }
        Err(error) => Err(error.into()),
    }
}

/// Starts work. Started again with the same id, because its answer was lost, it is not done twice.
pub(crate) async fn start(app: &App, viewer: &SignedIn, query: StartJob) -> Result<(), Problem> {
    let StartJob { id, job } = query;
    if !matches!(job, Job::Export { .. } | Job::ExportAudit { .. }) {
        viewer.require(Right::UploadFiles)?;
    }
    let person = viewer.person().clone();
    let jobs = &app.jobs;
    if jobs.state(person.id, id).is_ok() {
        return Ok(());
    }
    check(app, viewer, &job).await?;
    if let Job::Export { .. } | Job::ExportAudit { .. } = job {
        uploads::make_room_for_export(app, person.id).await?;
    }
    note(app, viewer, id, &job).await?;
    let app = app.clone();
    let started = match job {
        Job::Bulk { entity, which, action } => {
            let owner = person.id;
            jobs.begin(owner, id, |progress| {
                bulk::run(app, person, (id, entity), which, action, progress)
            })
        }
        Job::Inspect { upload, format, sheet } => {
            let file = uploads::path(&app, person.id, upload);
            jobs.begin(person.id, id, |_| exchange::inspect(file, format, sheet))
        }
        Job::Import(import) => {
            let file = uploads::path(&app, person.id, import.upload);
            let owner = person.id;
            jobs.begin(owner, id, |progress| {
                exchange::import(app, person, (id, file), import, progress)
            })
        }
        Job::Undo { entity, job } => {
            let owner = person.id;
            jobs.begin(owner, id, |progress| {
                undo::run(app, person, Undo { entity, job, own: id }, progress)
            })
        }
        Job::PurgeEntity { entity } => {
            let owner = person.id;
            jobs.begin(owner, id, |progress| purge::entity(app, person, entity, progress))
        }
        Job::ExportAudit { filter, upload } => {
            let file = uploads::export_path(&app, person.id, upload);
            jobs.begin(person.id, id, |progress| {
                exchange::export_audit(app, person.id, filter, file, progress)
            })
        }
        Job::Export {
            entity,
            which,
            columns,
            format,
            upload,
        } => {
            let file = uploads::export_path(&app, person.id, upload);
            let what = exchange::Exported {
                entity,
                which,
                columns,
                format,
                file,
            };
            jobs.begin(person.id, id, |progress| exchange::export(app, person, what, progress))
        }
    };
    started.map(drop)
}

/// Whether what a job names is there, so that it is refused at once if it is not.
async fn check(app: &App, viewer: &SignedIn, job: &Job) -> Result<(), Problem> {
    let (entity, which) = match job {
        Job::Bulk { entity, which, .. } | Job::Export { entity, which, .. } => (*entity, Some(which)),
        Job::Import(Import { entity, .. }) => (*entity, None),
        Job::Undo { entity, job } => {
            viewer.require(Right::Edit(*entity))?;
            return undo::check(app, viewer, *entity, *job).await;
        }
        Job::PurgeEntity { entity } => {
            viewer.require(Right::Manage(*entity))?;
            return purge::check_entity(app, viewer, *entity).await;
        }
        Job::ExportAudit { .. } => return viewer.require(Right::ReadAudit),
        Job::Inspect { .. } => return Ok(()),
    };
    let whole = app.whole_entity(viewer.rights(), entity).await?;
    match job {
        Job::Export { .. } => {}
        Job::Bulk { action, .. } => viewer.require(bulk::right_for(action, entity))?,
        Job::Inspect { .. } | Job::Import(_) | Job::Undo { .. } | Job::PurgeEntity { .. } | Job::ExportAudit { .. } => {
            viewer.require(Right::Edit(entity))?
        }
    }
    let names: Vec<&str> = match job {
        Job::Bulk {
            action: BulkAction::Set(values),
            ..
        } => values.keys().map(String::as_str).collect(),
        Job::Import(import) => import.columns.iter().flatten().map(String::as_str).collect(),
        Job::Bulk { .. }
        | Job::Export { .. }
        | Job::Inspect { .. }
        | Job::Undo { .. }
        | Job::PurgeEntity { .. }
        | Job::ExportAudit { .. } => Vec::new(),
    };
    let permission = viewer.rights().permission(entity);
    check_fields(permission, &whole, names)?;
    let known = match Projection::new(permission, &whole) {
        Some(projection) => Entity::clone(projection.entity()),
        None => whole,
    };
    if let Some(RecordSelection::Query(query)) = which {
        query
            .check_resolved(&known)
            .map_err(|why| Problem::new(Code::Malformed, why))?;
    }
    if let Job::Bulk {
        action: BulkAction::Set(values),
        ..
    } = job
    {
        if values.is_empty() || values.len() > MAX_CHANGES {
            let why = say::server::name_some_fields(MAX_CHANGES);
            return Err(Problem::new(Code::Malformed, why));
        }
        for (field, value) in values {
            let field = known.form_field(field);
            let field =
                field.ok_or_else(|| Problem::new(Code::BadChange, say::server::there_is_no_such_field_any()))?;
            field
                .check(value, false)
                .map_err(|why| Problem::new(Code::BadChange, why))?;
        }
    }
    Ok(())
}

pub(crate) fn state(app: &App, viewer: &SignedIn, query: &GetJobState) -> Result<JobState, Problem> {
    app.jobs.state(viewer.id(), query.job)
}

pub(crate) fn cancel(app: &App, viewer: &SignedIn, query: &CancelJob) -> Result<(), Problem> {
    app.jobs.cancel(viewer.id(), query.job)
}
