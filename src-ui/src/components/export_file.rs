//! Work that makes a file, which is saved among the downloads as soon as it is made.

use std::rc::Rc;

use baton_locales::t;
use baton_protocol::desktop::SaveDownload;
use baton_protocol::file::Source;
use baton_protocol::id::UploadId;
use baton_protocol::job::Job;
use baton_protocol::message::Problem;
use uuid::Uuid;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::{JobProgress, use_toaster};
use crate::backend;
use crate::hooks::{JobHandle, Work, use_job};

/// The work, and what came of it.
#[derive(Clone, PartialEq)]
pub(crate) struct ExportHandle {
    /// The work.
    pub(crate) job: JobHandle,
    /// Where the file is, or why it is not there; `None` before.
    pub(crate) saved: Option<Result<String, Problem>>,
    /// Begins it: what the file is called, and what makes it under the name at the server.
    pub(crate) begin: Callback<(String, UploadId, Job)>,
}

/// One file at a time.
#[hook]
pub(crate) fn use_export() -> ExportHandle {
    let job = use_job();
    let made = use_mut_ref(|| (UploadId(Uuid::nil()), String::new()));
    let saved = use_state(|| None::<Result<String, Problem>>);
    let toaster = use_toaster();
    let over = match &job.work {
        Work::Over(state) => state
            .outcome
            .as_ref()
            .is_some_and(|outcome| outcome.problem.is_none() && !outcome.cancelled),
        Work::None | Work::Going(_) | Work::Failed(_) => false,
    };
    {
        let (saved, made) = (saved.setter(), Rc::clone(&made));
        use_effect_with(over, move |over| {
            if *over {
                let (upload, name) = made.borrow().clone();
                spawn_local(async move {
                    let source = Source::Upload(upload);
                    let kept = backend::call(SaveDownload { source, name }).await;
                    if let Some(toaster) = toaster {
                        // The page may be left by now.
                        toaster.saved("export", kept.as_deref());
                    }
                    saved.set(Some(kept));
                });
            }
        });
    }
    let begin = {
        let (begin, set) = (job.begin.clone(), saved.setter());
        Callback::from(move |(name, upload, job): (String, UploadId, Job)| {
            *made.borrow_mut() = (upload, name);
            set.set(None);
            begin.emit(job);
        })
    };
    ExportHandle {
        job,
        saved: (*saved).clone(),
        begin,
    }
}

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct ExportOutcomeProps {
    pub(crate) export: ExportHandle,
}

/// Nothing before it was begun.
#[component]
pub(crate) fn ExportOutcome(props: &ExportOutcomeProps) -> Html {
    let ExportOutcomeProps { export } = props;
    match (&export.job.work, &export.saved) {
        (Work::Going(state), _) => html! {
            <JobProgress state={state.clone()} what={t::list::exporting()} on_cancel={export.job.cancel.clone()} />
        },
        (Work::Failed(problem), _) | (_, Some(Err(problem))) => {
            html! { <p class="baton-error">{ problem.message.to_string() }</p> }
        }
        (Work::Over(_), Some(Ok(path))) => html! { <p id="exported">{ t::list::saved_as(path) }</p> },
        (Work::Over(state), None) => {
            let problem = state.outcome.as_ref().and_then(|outcome| outcome.problem.clone());
            html! { <p class="baton-error">{ problem.unwrap_or_default().to_string() }</p> }
        }
        (Work::None, _) => Html::default(),
    }
}
