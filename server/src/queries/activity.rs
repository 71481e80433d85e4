//! What changed, by whom and when, as far as the viewer may see it: read from the audit.

use std::collections::{BTreeMap, BTreeSet};

use baton_protocol::activity::{Activity, ActivityKind, ActivityPage};
use baton_protocol::audit::{Act, AuditEntry, AuditedForm, AuditedJob};
use baton_protocol::id::{EntityId, FormKey, FormKind, JobId, Version};
use baton_protocol::message::{GetActivity, MAX_ROWS, Problem};
use baton_protocol::rights::Right;

use crate::app::App;
use crate::rights::SignedIn;
use crate::store::StoredJob;

/// Of how many numbers the entries are read at once.
const SPAN: u64 = 500;
/// How often, for one page: where little is for the viewer, a page is short, and the next one goes on.
const MAX_SPANS: u32 = 10;

/// A page of what happened, newest first.
pub(crate) async fn page(app: &App, viewer: &SignedIn, query: GetActivity) -> Result<ActivityPage, Problem> {
    let rows = query.rows.clamp(1, MAX_ROWS) as usize;
    let mut page = ActivityPage::default();
    let Some((first, last)) = app.store.audit_range().await? else {
        return Ok(page);
    };
    page.newest = last;
    let start = first.max(query.after.map_or(0, |after| after.saturating_add(1)));
    let mut end = query.before.unwrap_or(u64::MAX).min(last.saturating_add(1));
    let is_wanted = |act: &Act| {
        let entity = if let Act::Job(_, _, entity) = act {
            Some(*entity)
        } else {
            act.form().map(|form| form.entity)
        };
        entity.is_some_and(|entity| query.filter.entity.is_none_or(|wanted| entity == wanted))
    };
    for _ in 0..MAX_SPANS {
        if end <= start {
            return Ok(page);
        }
        let numbers = end.saturating_sub(SPAN).max(start)..end;
        end = numbers.start;
        let entries = app.store.activity(query.filter.person, numbers).await?;
        let details = Details::load(app, &entries).await?;
        for entry in entries {
            let number = entry.number;
            if is_wanted(&entry.act) {
                page.rows.extend(activity(app, viewer, entry, &details));
            }
            if page.rows.len() == rows {
                page.next = (number > start).then_some(number);
                return Ok(page);
            }
        }
    }
    page.next = (end > start).then_some(end);
    Ok(page)
}

/// What the store knows of the entries beside themselves.
struct Details {
    /// The names of the fields that saves changed.
    fields: BTreeMap<(FormKey, Version), Vec<String>>,
    jobs: BTreeMap<JobId, StoredJob>,
    /// The saves that jobs made: they are shown as their job.
    job_saves: BTreeSet<(FormKey, Version)>,
}

impl Details {
    async fn load(app: &App, entries: &[AuditEntry]) -> Result<Self, Problem> {
        let (mut saves, mut jobs) = (Vec::new(), Vec::new());
        for entry in entries {
            if let Act::Saved(form, version) = &entry.act {
                saves.push((form.form, *version));
            } else if let Act::Job(job, ..) = &entry.act {
                jobs.push(*job);
            }
        }
        Ok(Self {
            fields: app.store.changed_fields(&saves).await?,
            jobs: app.store.jobs(&jobs).await?,
            job_saves: app.store.saves_of_jobs(&saves).await?,
        })
    }
}

/// What of an entry is the viewer's to see.
fn activity(app: &App, viewer: &SignedIn, entry: AuditEntry, details: &Details) -> Option<Activity> {
    if let Act::Job(job, what, entity) = entry.act {
        return job_activity(app, viewer, &entry, (job, what, entity), details);
    }
    let by = entry.by?;
    let (form, what) = match entry.act {
        Act::Saved(form, version) => {
            let shows_job = app.projection(viewer.rights(), form.entity).is_none();
            if shows_job && details.job_saves.contains(&(form.form, version)) {
                return None;
            }
            let fields = details.fields.get(&(form.form, version)).cloned().unwrap_or_default();
            (form, ActivityKind::Saved { version, fields })
        }
        Act::Removed(form, how) => (form, ActivityKind::Removed(how)),
        Act::Restored(form) => (form, ActivityKind::Restored),
        Act::Discarded(_)
        | Act::SignedIn
        | Act::SignedInBy(_)
        | Act::SignInRefused(_)
        | Act::SignInsPaused(_)
        | Act::SignedOut
        | Act::SignInEnded(_)
        | Act::Account(..)
        | Act::Group { .. }
        | Act::Owner { .. }
        | Act::Messaged(_)
        | Act::Exported
        | Act::BackedUp
        | Act::BackupRestored
        | Act::AuditExported
        | Act::SettingsChanged(_)
        | Act::PlaceReleased(..)
        | Act::Purged(_)
        | Act::Joined(_)
        | Act::Left(_)
        | Act::AskedToEdit(_)
        | Act::Declined(_)
        | Act::Job(..) => return None,
    };
    let what = seen(app, viewer, &form, what)?;
    Some(Activity {
        number: entry.number,
        at: entry.at,
        by,
        form: form.form,
        entity: form.entity,
        title: form.title,
        what,
    })
}

/// A job, if the viewer sees its collection.
fn job_activity(
    app: &App,
    viewer: &SignedIn,
    entry: &AuditEntry,
    (job, what, entity): (JobId, AuditedJob, EntityId),
    details: &Details,
) -> Option<Activity> {
    if matches!(what, AuditedJob::Export) {
        return None;
    }
    let definition = app.bus.definitions().get(entity)?;
    let rights = viewer.rights();
    if !rights.sees(&definition) {
        return None;
    }
    let stored = details.jobs.get(&job);
    let own = stored.is_some_and(|stored| stored.user == viewer.id());
    if !own && app.projection(rights, entity).is_some() {
        // It may be about hidden fields alone; what of it is theirs to see is there save by save.
        return None;
    }
    let may_undo =
        (own || rights.may(Right::Manage(entity))) && rights.may(Right::Edit(entity)) && !app.jobs.is_under_way(job);
    Some(Activity {
        number: entry.number,
        at: entry.at,
        by: entry.by.clone()?,
        form: FormKey::entity(entity),
        entity,
        title: definition.label_plural.clone(),
        what: ActivityKind::Job {
            job,
            what,
            undoable: stored.filter(|_| may_undo).map_or(0, |stored| stored.saves),
        },
    })
}

/// The same without hidden fields; `None` if there is nothing of it for the viewer.
fn seen(app: &App, viewer: &SignedIn, form: &AuditedForm, what: ActivityKind) -> Option<ActivityKind> {
    let rights = viewer.rights();
    if form.form.kind == FormKind::Entity {
        return rights.may(Right::Manage(form.entity)).then_some(what);
    }
    let entity = app.bus.definitions().get(form.entity)?;
    if !rights.sees(&entity) {
        return None;
    }
    let Some(projection) = app.projection(rights, form.entity) else {
        return Some(what);
    };
    match what {
        ActivityKind::Saved { version, mut fields } => {
            fields.retain(|field| projection.has(field));
            // Only what is hidden was changed, or nobody knows what: that it was is hidden too.
            (!fields.is_empty()).then_some(ActivityKind::Saved { version, fields })
        }
        ActivityKind::Removed(_) | ActivityKind::Restored | ActivityKind::Job { .. } => Some(what),
    }
}
