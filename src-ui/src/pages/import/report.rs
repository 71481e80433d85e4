//! What would come of an import, and what came of it.

use std::sync::Arc;

use baton_locales::t;
use baton_protocol::desktop::SaveDownload;
use baton_protocol::entity::Entity;
use baton_protocol::file::Source;
use baton_protocol::id::{JobId, UploadId};
use baton_protocol::job::JobOutcome;
use patternfly_yew::prelude::*;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::backend;
use crate::components::{Faults, JobProgress, UndoJob, use_toaster};
use crate::hooks::{JobHandle, Work, use_import_read};
use crate::route::Route;

#[derive(Clone, PartialEq, Properties)]
pub(super) struct TrialReportProps {
    pub(super) tried: JobHandle,
    pub(super) made: JobHandle,
    pub(super) entity: Arc<Entity>,
    pub(super) on_import: Callback<MouseEvent>,
    pub(super) strict: bool,
}

/// What would come of it, and then what came of it.
#[component]
pub(super) fn TrialReport(props: &TrialReportProps) -> Html {
    let TrialReportProps { tried, made, .. } = props;
    let over = |job: &JobHandle| match &job.work {
        Work::Over(state) => state.outcome.clone(),
        Work::None | Work::Going(_) | Work::Failed(_) => None,
    };
    let going = |job: &JobHandle, what: &'static str| match &job.work {
        Work::Going(state) => {
            Some(html! { <JobProgress state={state.clone()} {what} on_cancel={job.cancel.clone()} /> })
        }
        Work::Failed(problem) => Some(html! { <p class="baton-error">{ problem.message.to_string() }</p> }),
        Work::None | Work::Over(_) => None,
    };
    if made.work == Work::None && tried.work == Work::None {
        return Html::default();
    }
    let body = if let Some(going) = going(made, t::import::importing()) {
        going
    } else if let Some(outcome) = over(made) {
        html! { <Done {outcome} job={made.id} entity={props.entity.clone()} /> }
    } else if let Some(going) = going(tried, t::import::looking_at_every_row()) {
        going
    } else {
        let outcome = over(tried).unwrap_or_default();
        let bad = outcome.left_out > 0 || outcome.problem.is_some();
        let stops = (props.strict && bad) || outcome.records == 0;
        html! {
            <>
                <p id="import-fate">
                    <strong>{ planned(&outcome) }</strong>
                    { " " }
                    { unchanged(&outcome) }
                    if outcome.left_out > 0 {
                        { t::import::rows_would_be_skipped(outcome.left_out) }
                    }
                </p>
                if let Some(problem) = &outcome.problem {
                    <p class="baton-error">{ problem.to_string() }</p>
                }
                <Faults faults={outcome.faults.clone()} label={t::import::rows_to_be_skipped()} />
                <Faults faults={outcome.notes.clone()} label={t::import::notes()} />
                <div class="baton-actions baton-import-actions">
                    <Button id="import-begin" variant={ButtonVariant::Primary} disabled={stops}
                        label={t::import::import_records(outcome.records)} onclick={props.on_import.clone()} />
                </div>
            </>
        }
    };
    html! {
        <section class="baton-panel">
            <h2 class="baton-label">{ t::import::step_result() }</h2>
            { body }
        </section>
    }
}

/// What would be done to how many records.
fn planned(outcome: &JobOutcome) -> String {
    let updated = outcome.updated;
    match (outcome.records - updated, updated) {
        (made, 0) => t::import::would_be_made(made),
        (0, updated) => t::import::would_be_changed(updated),
        (made, updated) => t::import::would_be_changed_and_made(updated, made),
    }
}

/// How many records an import finds that need no change.
fn unchanged(outcome: &JobOutcome) -> String {
    match outcome.unchanged {
        0 => String::new(),
        unchanged => t::import::match_already(unchanged) + " ",
    }
}

/// What was done to how many.
fn done(outcome: &JobOutcome) -> String {
    let updated = outcome.updated;
    match (outcome.records - updated, updated) {
        (made, 0) => t::import::were_made(made),
        (0, updated) => t::import::were_changed(updated),
        (made, updated) => t::import::were_changed_and_made(updated, made),
    }
}

#[derive(Clone, PartialEq, Properties)]
struct DoneProps {
    outcome: JobOutcome,
    job: Option<JobId>,
    entity: Arc<Entity>,
}

#[component]
fn Done(props: &DoneProps) -> Html {
    let DoneProps { outcome, job, entity } = props;
    use_import_read(*job);
    let toaster = use_toaster();
    let save_rows = |upload: UploadId| {
        let (toaster, name) = (toaster.clone(), format!("{}-skipped.csv", entity.name));
        Callback::from(move |_: MouseEvent| {
            let (toaster, name) = (toaster.clone(), name.clone());
            spawn_local(async move {
                let source = Source::Upload(upload);
                let saved = backend::call(SaveDownload { source, name }).await;
                if let Some(toaster) = toaster {
                    toaster.saved("skipped", saved.as_deref());
                }
            });
        })
    };
    html! {
        <>
            <p id="import-done">
                <strong>{ done(outcome) }</strong>
                { " " }
                { unchanged(outcome) }
                if outcome.cancelled {
                    { t::import::was_cancelled() }{ " " }
                }
                if outcome.left_out > 0 {
                    { t::import::rows_were_skipped(outcome.left_out) }
                }
            </p>
            if let Some(problem) = &outcome.problem {
                <p class="baton-error">{ problem.to_string() }</p>
            }
            <Faults faults={outcome.faults.clone()} label={t::import::skipped_rows()} />
            <Faults faults={outcome.notes.clone()} label={t::import::notes()} />
            <div class="baton-actions baton-import-next">
                if let Some(job) = job.filter(|_| outcome.records > 0) {
                    <UndoJob {job} entity={entity.id} records={outcome.records} />
                }
                if let Some(upload) = outcome.failed_rows {
                    <Button id="import-failed" variant={ButtonVariant::Link} onclick={save_rows(upload)}
                        label={t::import::save_skipped_rows()} />
                }
            </div>
            <p><Link<Route> to={Route::records(entity.id)}>{ t::import::go_to(&entity.label_plural) }</Link<Route>></p>
        </>
    }
}
