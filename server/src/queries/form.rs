//! What is asked about forms, also where none is open.

use baton_protocol::audit::{Act, ActKind, AuditEntry, AuditFilter, OwnerChange};
use baton_protocol::history::SavedVersion;
use baton_protocol::id::{FormKey, FormKind};
use baton_protocol::list::Impact;
use baton_protocol::message::{GetHistory, GetImpact, MAX_ROWS, Problem};
use baton_protocol::rights::Right;

use crate::app::App;
use crate::error::no_such;
use crate::rights::SignedIn;
use crate::store::count_fitting;

/// The most of a history that one answer carries, encoded.
const MAX_HISTORY_BYTES: usize = 8 * 1024 * 1024;

/// The history of saves; whoever has the form open sees it, also where nothing was stored of it yet.
pub(crate) async fn history(
    app: &App,
    viewer: &SignedIn,
    query: GetHistory,
    is_open: bool,
) -> Result<Vec<SavedVersion>, Problem> {
    let entity = app.entity_of(viewer.rights(), query.form).await?;
    if entity.is_none() && !is_open {
        return Err(no_such(query.form));
    }
    let mut history = app.store.history(query.form, MAX_ROWS).await?;
    let of_record = entity.filter(|_| query.form.kind == FormKind::Record);
    if let Some(projection) = of_record.and_then(|entity| app.projection(viewer.rights(), entity.id)) {
        projection.history(&mut history);
    }
    // The newest ones, as many as a desktop reads in one message.
    history.truncate(count_fitting(&history, MAX_HISTORY_BYTES));
    Ok(history)
}

/// Who edited a form when, from the audit; for whoever sees the form.
pub(crate) async fn owners(
    app: &App,
    viewer: &SignedIn,
    form: FormKey,
    is_open: bool,
) -> Result<Vec<OwnerChange>, Problem> {
    if app.entity_of(viewer.rights(), form).await?.is_none() && !is_open {
        return Err(no_such(form));
    }
    let filter = AuditFilter {
        form: Some(form),
        kind: Some(ActKind::Ownership),
        ..AuditFilter::default()
    };
    let entries = app.store.audit(&filter, None, MAX_ROWS).await?;
    let change = |entry: AuditEntry| {
        let Act::Owner {
            from, to, why, reason, ..
        } = entry.act
        else {
            return None;
        };
        Some(OwnerChange {
            at: entry.at,
            from,
            to,
            why,
            reason,
        })
    };
    Ok(entries.into_iter().filter_map(change).collect())
}

/// What saving a definition's draft does to the values that records have.
pub(crate) async fn impact(app: &App, viewer: &SignedIn, query: GetImpact) -> Result<Vec<Impact>, Problem> {
    viewer.require(Right::Manage(query.entity))?;
    app.forms.impact(query.entity).await
}
