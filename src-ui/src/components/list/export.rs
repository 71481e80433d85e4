//! A table of what the list shows.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use baton_protocol::desktop::SaveDownload;
use baton_protocol::entity::Entity;
use baton_protocol::file::Source;
use baton_protocol::id::UploadId;
use baton_protocol::job::{Format, Job, RecordSelection};
use baton_protocol::list_query::columns;
use baton_protocol::message::Problem;
use baton_protocol::values::TITLE;
use patternfly_yew::prelude::*;
use uuid::Uuid;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::backend;
use crate::components::{JobProgress, use_toaster};
use crate::hooks::{JobHandle, Work, use_job};

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct ExportProps {
    /// What they are records of.
    pub(crate) entity: Arc<Entity>,
    /// Which of them.
    pub(crate) which: RecordSelection,
    /// How many, in words.
    pub(crate) count: String,
    /// The columns that the list shows.
    pub(crate) columns: Vec<String>,
}

/// Chooses the format and whether all columns go with it; then says where the file is.
#[component]
pub(crate) fn Export(props: &ExportProps) -> Html {
    let job = use_job();
    let format = use_state_eq(|| Format::Csv);
    let all = use_state_eq(|| false);
    let made = use_mut_ref(|| (UploadId(Uuid::nil()), String::new()));
    let saved = use_state(|| None::<Result<String, Problem>>);
    use_saving(&job, &made, &saved);
    let begin = {
        let (props, format, all) = (props.clone(), *format, *all);
        let (begin, made, saved) = (job.begin.clone(), Rc::clone(&made), saved.setter());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let upload = UploadId(Uuid::new_v4());
            *made.borrow_mut() = (upload, format!("{}.{}", props.entity.name, format.ending()));
            saved.set(None);
            let columns: Vec<String> = if all {
                columns(&props.entity).into_iter().map(|field| field.name).collect()
            } else {
                std::iter::once(TITLE.to_owned()).chain(props.columns.clone()).collect()
            };
            begin.emit(Job::Export {
                entity: props.entity.id,
                which: props.which.clone(),
                columns,
                format,
                upload,
            });
        })
    };
    let choose = |this: Format| {
        let format = format.setter();
        Callback::from(move |_: Event| format.set(this))
    };
    let toggle = {
        let all = all.clone();
        Callback::from(move |_: Event| all.set(!*all))
    };
    html! {
        <form class="baton-keep" onsubmit={begin}>
            <h2 class="baton-label">{ format!("Export {}", props.count) }</h2>
            <div class="baton-choices" role="radiogroup" aria-label="Format">
                { for Format::ALL.into_iter().map(|this| html! {
                    <label key={this.ending()} class="baton-choice">
                        <input type="radio" name="export-format" id={format!("export-{}", this.ending())} checked={*format == this}
                            onchange={choose(this)} />
                        <span>{ this.ending().to_uppercase() }</span>
                    </label>
                }) }
            </div>
            <label class="baton-choice">
                <input type="checkbox" id="export-all" checked={*all} onchange={toggle} />
                <span>{ "All columns, not only those shown" }</span>
            </label>
            { outcome(&job, saved.as_ref()) }
            <Button id="export-begin" r#type={ButtonType::Submit} variant={ButtonVariant::Primary} label="Export" />
        </form>
    }
}

/// What is made: where it is fetched from, and what it is called.
type Made = Rc<RefCell<(UploadId, String)>>;

/// Saves the file among the downloads as soon as it is made.
#[hook]
fn use_saving(job: &JobHandle, made: &Made, saved: &UseStateHandle<Option<Result<String, Problem>>>) {
    let (saved, made, toaster) = (saved.setter(), Rc::clone(made), use_toaster());
    let over = match &job.work {
        Work::Over(state) => state
            .outcome
            .clone()
            .filter(|outcome| outcome.problem.is_none() && !outcome.cancelled),
        Work::None | Work::Going(_) | Work::Failed(_) => None,
    };
    use_effect_with(over.is_some(), move |over| {
        if *over {
            let (upload, name) = made.borrow().clone();
            spawn_local(async move {
                let source = Source::Upload(upload);
                let kept = backend::call(SaveDownload { source, name }).await;
                if let Some(toaster) = toaster {
                    // It may be closed by now.
                    toaster.saved("export", kept.as_deref());
                }
                saved.set(Some(kept));
            });
        }
    });
}

fn outcome(job: &JobHandle, saved: Option<&Result<String, Problem>>) -> Html {
    match (&job.work, saved) {
        (Work::Going(state), _) => html! {
            <JobProgress state={state.clone()} what="Exporting" on_cancel={job.cancel.clone()} />
        },
        (Work::Failed(problem), _) | (_, Some(Err(problem))) => {
            html! { <p class="baton-error">{ &problem.message }</p> }
        }
        (Work::Over(_), Some(Ok(path))) => html! { <p id="exported">{ format!("Saved as {path}") }</p> },
        (Work::Over(state), None) => {
            let problem = state.outcome.as_ref().and_then(|outcome| outcome.problem.clone());
            html! { <p class="baton-error">{ problem.unwrap_or_default() }</p> }
        }
        (Work::None, _) => Html::default(),
    }
}
