//! A table of what the list shows.

use std::rc::Rc;
use std::sync::Arc;

use baton_protocol::desktop::SaveDownload;
use baton_protocol::entity::Entity;
use baton_protocol::file::Source;
use baton_protocol::id::UploadId;
use baton_protocol::job::{Format, Job, Which};
use baton_protocol::message::Problem;
use baton_protocol::query::columns;
use baton_protocol::record::TITLE;
use patternfly_yew::prelude::*;
use uuid::Uuid;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::backend;
use crate::components::JobProgress;
use crate::format;
use crate::hooks::{Work, use_job};

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct ExportProps {
    /// What they are records of.
    pub(crate) entity: Arc<Entity>,
    /// Which of them.
    pub(crate) which: Which,
    /// How many.
    pub(crate) count: u64,
    /// The columns that the list shows.
    pub(crate) columns: Vec<String>,
}

/// Chooses the format and whether all columns go with it; then says where the file is.
#[component]
pub(crate) fn Export(props: &ExportProps) -> Html {
    let job = use_job();
    let format = use_state_eq(|| Format::Csv);
    let all = use_state_eq(|| false);
    let upload = use_mut_ref(|| UploadId(Uuid::nil()));
    let saved = use_state(|| None::<Result<String, Problem>>);
    {
        let (saved, name) = (saved.setter(), format!("{}.{}", props.entity.name, format.ending()));
        let upload = *upload.borrow();
        let over = match &job.work {
            Work::Over(state) => state
                .outcome
                .clone()
                .filter(|outcome| outcome.problem.is_none() && !outcome.cancelled),
            Work::None | Work::Going(_) | Work::Failed(_) => None,
        };
        use_effect_with(over.is_some(), move |over| {
            if *over {
                spawn_local(async move {
                    saved.set(Some(
                        backend::call(&SaveDownload {
                            source: Source::Upload(upload),
                            name,
                        })
                        .await,
                    ));
                });
            }
        });
    }
    let begin = {
        let (props, format, all) = (props.clone(), *format, *all);
        let (begin, upload, saved) = (job.begin.clone(), Rc::clone(&upload), saved.setter());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            *upload.borrow_mut() = UploadId(Uuid::new_v4());
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
                upload: *upload.borrow(),
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
            <h2 class="baton-label">{ format!("Export {}", format::count(props.count, "record", "records")) }</h2>
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
            { match (&job.work, &*saved) {
                (Work::Going(state), _) => html! {
                    <JobProgress state={state.clone()} what="Exporting" on_cancel={job.cancel.clone()} />
                },
                (Work::Failed(problem), _) | (_, Some(Err(problem))) => html! { <p class="baton-error">{ &problem.message }</p> },
                (Work::Over(_), Some(Ok(path))) => html! { <p id="exported">{ format!("Saved as {path}") }</p> },
                (Work::Over(state), None) => {
                    let problem = state.outcome.as_ref().and_then(|outcome| outcome.problem.clone());
                    html! { <p class="baton-error">{ problem.unwrap_or_default() }</p> }
                }
                (Work::None, _) => Html::default(),
            } }
            <Button id="export-begin" r#type={ButtonType::Submit} variant={ButtonVariant::Primary} label="Export" />
        </form>
    }
}
