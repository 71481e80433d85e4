//! Undoes a job, once its person says so.

use baton_locales::t;
use baton_protocol::id::{EntityId, JobId};
use baton_protocol::job::Job;
use patternfly_yew::prelude::*;
use yew::prelude::*;

use super::{JobReport, WorkOnRecords};
use crate::hooks::{Work, use_job};

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct UndoJobProps {
    /// The job.
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
            <div class="baton-actions" role="group" aria-label={t::common::undo()}>
                <span>{ t::list::ask_to_undo(props.records) }</span>
                <Button class="baton-undo-begin" variant={ButtonVariant::Primary} onclick={begin} label={t::common::undo()} />
                <Button variant={ButtonVariant::Link} onclick={ask(false)} label={t::common::cancel()} />
            </div>
        },
        Work::None => html! {
            <Button class="baton-undo-job" variant={ButtonVariant::Secondary} onclick={ask(true)} label={t::common::undo()} />
        },
        Work::Going(_) | Work::Failed(_) | Work::Over(_) => html! {
            <JobReport job={undo.clone()} work={WorkOnRecords::Undo} />
        },
    }
}
