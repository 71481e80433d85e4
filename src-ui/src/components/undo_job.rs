//! Work on many records is taken back, once its person says so.

use baton_protocol::id::{EntityId, JobId};
use baton_protocol::job::Job;
use patternfly_yew::prelude::*;
use yew::prelude::*;

use super::{Faults, JobProgress};
use crate::format;
use crate::hooks::{Work, use_job};

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct UndoJobProps {
    /// The work.
    pub(crate) job: JobId,
    /// Whose records it changed.
    pub(crate) entity: EntityId,
    /// How many of them.
    pub(crate) records: u64,
}

/// The button, the question, and what came of it. What was saved again since stays, and is said.
#[component]
pub(crate) fn UndoJob(props: &UndoJobProps) -> Html {
    let undo = use_job();
    let asks = use_state_eq(|| false);
    let ask = |now: bool| {
        let asks = asks.setter();
        Callback::from(move |_: MouseEvent| asks.set(now))
    };
    let begin = {
        let begin = undo.begin.clone();
        let UndoJobProps { job, entity, .. } = *props;
        Callback::from(move |_: MouseEvent| begin.emit(Job::Undo { entity, job }))
    };
    match &undo.work {
        Work::None if *asks => html! {
            <div class="baton-actions" role="group" aria-label="Undo">
                <span>{ format!("Undo {}?", format::count(props.records, "record", "records")) }</span>
                <Button class="baton-undo-begin" variant={ButtonVariant::Primary} onclick={begin} label="Undo" />
                <Button variant={ButtonVariant::Link} onclick={ask(false)} label="Cancel" />
            </div>
        },
        Work::None => html! {
            <Button class="baton-undo-job" variant={ButtonVariant::Secondary} onclick={ask(true)} label="Undo" />
        },
        Work::Going(state) => html! {
            <JobProgress state={state.clone()} what="Undoing" on_cancel={undo.cancel.clone()} />
        },
        Work::Failed(problem) => html! { <p class="baton-error">{ &problem.message }</p> },
        Work::Over(state) => {
            let outcome = state.outcome.clone().unwrap_or_default();
            let undone = format::count(outcome.records, "record was undone", "records were undone");
            html! {
                <div class="baton-undone" role="status">
                    <p>{ format!("{undone}.") }</p>
                    if let Some(problem) = outcome.problem {
                        <p class="baton-error">{ problem }</p>
                    }
                    <Faults faults={outcome.faults} label="Not undone" />
                </div>
            }
        }
    }
}
