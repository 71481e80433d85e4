//! What would come of an import, and what came of it.

use std::sync::Arc;

use baton_protocol::desktop::SaveDownload;
use baton_protocol::entity::Entity;
use baton_protocol::file::Source;
use baton_protocol::id::{JobId, UploadId};
use baton_protocol::job::JobOutcome;
use patternfly_yew::prelude::*;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::components::{Faults, JobProgress, UndoJob, use_toaster};
use crate::hooks::{JobHandle, Work};
use crate::route::Route;
use crate::{backend, format};

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
        Work::Failed(problem) => Some(html! { <p class="baton-error">{ &problem.message }</p> }),
        Work::None | Work::Over(_) => None,
    };
    if made.work == Work::None && tried.work == Work::None {
        return Html::default();
    }
    let body = if let Some(going) = going(made, "Importing") {
        going
    } else if let Some(outcome) = over(made) {
        html! { <Done {outcome} job={made.id} entity={props.entity.clone()} /> }
    } else if let Some(going) = going(tried, "Looking at every row") {
        going
    } else {
        let outcome = over(tried).unwrap_or_default();
        let bad = outcome.left_out > 0 || outcome.problem.is_some();
        let stops = (props.strict && bad) || outcome.records == 0;
        html! {
            <>
                <p id="import-fate">
                    <strong>{ format!("{}.", planned(&outcome)) }</strong>
                    { " " }
                    { unchanged(&outcome) }
                    if outcome.left_out > 0 {
                        { format!("{} would be skipped.", format::count(outcome.left_out, "row", "rows")) }
                    }
                </p>
                if let Some(problem) = &outcome.problem {
                    <p class="baton-error">{ problem }</p>
                }
                <Faults faults={outcome.faults.clone()} label="Rows that would be skipped" />
                <Faults faults={outcome.notes.clone()} label="Notes" />
                <div class="baton-actions baton-import-actions">
                    <Button id="import-begin" variant={ButtonVariant::Primary} disabled={stops}
                        label={format!("Import {}", format::count(outcome.records, "record", "records"))} onclick={props.on_import.clone()} />
                </div>
            </>
        }
    };
    html! {
        <section class="baton-panel">
            <h2 class="baton-label">{ "3. What comes of it" }</h2>
            { body }
        </section>
    }
}

/// What would be done to how many records.
fn planned(outcome: &JobOutcome) -> String {
    let made = format::count(outcome.records - outcome.updated, "record", "records");
    match outcome.updated {
        0 => format!("{made} would be made"),
        updated => {
            let changed = format::count(updated, "record", "records");
            match outcome.records - updated {
                0 => format!("{changed} would be changed"),
                _ => format!("{changed} would be changed, {made} made"),
            }
        }
    }
}

/// How many records an import finds that need no change.
fn unchanged(outcome: &JobOutcome) -> String {
    match outcome.unchanged {
        0 => String::new(),
        unchanged => format!(
            "{} already. ",
            format::count(unchanged, "record matches", "records match")
        ),
    }
}

/// What was done to how many.
fn done(outcome: &JobOutcome) -> String {
    let made = format::count(
        outcome.records - outcome.updated,
        "record was made",
        "records were made",
    );
    match outcome.updated {
        0 => made,
        updated => {
            let changed = format::count(updated, "record was changed", "records were changed");
            match outcome.records - updated {
                0 => changed,
                _ => format!("{changed}, {made}"),
            }
        }
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
                <strong>{ format!("{}.", done(outcome)) }</strong>
                { " " }
                { unchanged(outcome) }
                if outcome.cancelled {
                    { "It was cancelled. " }
                }
                if outcome.left_out > 0 {
                    { format!("{} skipped.", format::count(outcome.left_out, "row was", "rows were")) }
                }
            </p>
            if let Some(problem) = &outcome.problem {
                <p class="baton-error">{ problem }</p>
            }
            <Faults faults={outcome.faults.clone()} label="Skipped rows" />
            <Faults faults={outcome.notes.clone()} label="Notes" />
            <div class="baton-actions baton-import-next">
                if let Some(job) = job.filter(|_| outcome.records > 0) {
                    <UndoJob {job} entity={entity.id} records={outcome.records} />
                }
                if let Some(upload) = outcome.failed_rows {
                    <Button id="import-failed" variant={ButtonVariant::Link} onclick={save_rows(upload)}
                        label="Save the skipped rows as a table" />
                }
            </div>
            <p><Link<Route> to={Route::records(entity.id)}>{ format!("Go to the {}", entity.label_plural) }</Link<Route>></p>
        </>
    }
}
