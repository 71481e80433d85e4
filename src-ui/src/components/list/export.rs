//! A table of what the list shows.

use std::sync::Arc;

use baton_locales::t;
use baton_protocol::entity::Entity;
use baton_protocol::id::UploadId;
use baton_protocol::job::{Format, Job, RecordSelection};
use baton_protocol::list_query::columns;
use baton_protocol::values::TITLE;
use patternfly_yew::prelude::*;
use uuid::Uuid;
use yew::prelude::*;

use crate::components::{ExportOutcome, use_export};

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
    let export = use_export();
    let format = use_state_eq(|| Format::Csv);
    let all = use_state_eq(|| false);
    let begin = {
        let (props, format, all) = (props.clone(), *format, *all);
        let begin = export.begin.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let upload = UploadId(Uuid::new_v4());
            let columns: Vec<String> = if all {
                columns(&props.entity).into_iter().map(|field| field.name).collect()
            } else {
                std::iter::once(TITLE.to_owned()).chain(props.columns.clone()).collect()
            };
            let name = format!("{}.{}", props.entity.name, format.ending());
            let job = Job::Export {
                entity: props.entity.id,
                which: props.which.clone(),
                columns,
                format,
                upload,
            };
            begin.emit((name, upload, job));
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
            <h2 class="baton-label">{ t::list::export_records(&props.count) }</h2>
            <div class="baton-choices" role="radiogroup" aria-label={t::list::format()}>
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
                <span>{ t::list::all_columns() }</span>
            </label>
            <ExportOutcome {export} />
            <Button id="export-begin" r#type={ButtonType::Submit} variant={ButtonVariant::Primary} label={t::list::export()} />
        </form>
    }
}
