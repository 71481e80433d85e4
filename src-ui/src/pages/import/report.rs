//! What would come of an import, and what came of it.

use std::sync::Arc;

use baton_protocol::entity::Entity;
use baton_protocol::job::JobOutcome;
use patternfly_yew::prelude::*;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::components::{Faults, JobProgress};
use crate::format;
use crate::hooks::{JobHandle, Work};
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
        Work::Failed(problem) => Some(html! { <p class="baton-error">{ &problem.message }</p> }),
        Work::None | Work::Over(_) => None,
    };
    if made.work == Work::None && tried.work == Work::None {
        return Html::default();
    }
    let body = if let Some(going) = going(made, "Importing") {
        going
    } else if let Some(outcome) = over(made) {
        html! { <Done {outcome} entity={props.entity.clone()} /> }
    } else if let Some(going) = going(tried, "Looking at every row") {
        going
    } else {
        let outcome = over(tried).unwrap_or_default();
        let bad = outcome.left_out > 0 || outcome.problem.is_some();
        let stops = (props.strict && bad) || outcome.records == 0;
        html! {
            <>
                <p id="import-fate">
                    <strong>{ format!("{} would be made.", format::count(outcome.records, "record", "records")) }</strong>
                    { " " }
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

#[derive(Clone, PartialEq, Properties)]
struct DoneProps {
    outcome: JobOutcome,
    entity: Arc<Entity>,
}

#[component]
fn Done(props: &DoneProps) -> Html {
    let DoneProps { outcome, entity } = props;
    let made = format::count(outcome.records, "record was made", "records were made");
    html! {
        <>
            <p id="import-done">
                <strong>{ format!("{made}.") }</strong>
                { " " }
                if outcome.cancelled {
                    { "It was cancelled." }
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
            <p><Link<Route> to={Route::records(entity.id)}>{ format!("Go to the {}", entity.label_plural) }</Link<Route>></p>
        </>
    }
}
