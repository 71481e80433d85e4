//! Records out of a table: a file, which column is which field, what would come of it, and then it is done.

mod mode;
mod report;

use std::rc::Rc;
use std::sync::Arc;

use baton_locales::t;
use baton_protocol::entity::Entity;
use baton_protocol::id::EntityId;
use baton_protocol::job::{Format, Job, TableHead};
use baton_protocol::message::{Code, Problem};
use gloo_timers::callback::Timeout;
use patternfly_yew::prelude::*;
use uuid::Uuid;
use wasm_bindgen_futures::spawn_local;
use web_sys::{File, HtmlInputElement};
use yew::prelude::*;
use yew_router::prelude::*;

use mode::ModeChoice;
use report::TrialReport;

use crate::components::{Loading, PageTitle, Select};
use crate::hooks::{JobHandle, Work, use_entities, use_job};
use crate::route::Route;
use crate::state::import::{self as state, MappingAction, Mode, SentFile, TableFile, TableFileAction};
use crate::upload::{self, Stop};

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct ImportProps {
    /// Into which entity.
    pub(crate) entity: Uuid,
}

#[derive(PartialEq)]
struct FileStore(TableFile);

impl Reducible for FileStore {
    type Action = TableFileAction;

    fn reduce(self: Rc<Self>, action: TableFileAction) -> Rc<Self> {
        Rc::new(Self(self.0.clone().after(action)))
    }
}

#[derive(PartialEq)]
struct MappingStore(state::Mapping);

impl Reducible for MappingStore {
    type Action = MappingAction;

    fn reduce(self: Rc<Self>, action: MappingAction) -> Rc<Self> {
        Rc::new(Self(self.0.clone().after(action)))
    }
}

/// The page.
#[component]
pub(crate) fn Import(props: &ImportProps) -> Html {
    let id = EntityId(props.entity);
    let entities = use_entities();
    let entity = entities
        .living()
        .find(|row| row.entity.id == id)
        .map(|row| row.entity.clone());
    let Some(entity) = entity else {
        return match (&entities.rows, &entities.problem) {
            (None, None) => html! { <PageSection><Loading /></PageSection> },
            (_, problem) => {
                let why = problem.as_ref().map_or_else(
                    || t::import::collection_is_gone().to_owned(),
                    |why| why.message.to_string(),
                );
                html! {
                    <PageSection>
                        <Alert inline=true r#type={AlertType::Danger} title={why.to_owned()} />
                    </PageSection>
                }
            }
        };
    };
    html! {
        <>
            <PageSection>
                <nav class="baton-crumbs" aria-label={t::common::where_you_are()}>
                    <Link<Route> to={Route::Entities}>{ t::common::collections() }</Link<Route>>
                    <span aria-hidden="true">{ "›" }</span>
                    <Link<Route> to={Route::records(id)}>{ &entity.label_plural }</Link<Route>>
                </nav>
                <PageTitle title={t::shell::import_into(&entity.label_plural)} />
                <p class="baton-quiet">{ t::import::what_an_import_takes() }</p>
            </PageSection>
            <PageSection fill={PageSectionFill::Fill}>
                <Steps {entity} />
            </PageSection>
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct StepsProps {
    entity: Arc<Entity>,
}

#[component]
fn Steps(props: &StepsProps) -> Html {
    let inspected = use_job();
    let table = use_reducer_eq(|| FileStore(TableFile::default()));
    let on_file = use_sending(&inspected, table.dispatcher());
    let file = &table.0;
    let on_sheet = {
        let (table, begin) = (table.clone(), inspected.begin.clone());
        Callback::from(move |sheet: String| {
            table.dispatch(TableFileAction::Sheet(sheet.clone()));
            if let Some(file) = table.0.sent() {
                let sheet = Some(sheet);
                begin.emit(SentFile { sheet, ..file.clone() }.inspect());
            }
        })
    };
    let choose = match file {
        TableFile::Sent(_) => t::import::choose_another_file(),
        TableFile::None | TableFile::Sending { .. } | TableFile::Failed(_) => t::import::choose_a_file(),
    };
    html! {
        <div class="baton-import">
            <section class="baton-panel">
                <h2 class="baton-label">{ t::import::step_file() }</h2>
                <div class="baton-actions">
                    <label class="baton-tool baton-file-choose">
                        <i class="fas fa-upload" aria-hidden="true" />
                        { choose }
                        <input type="file" id="import-file" accept=".csv,.xlsx,.json" aria-label={t::import::the_file()} onchange={on_file} />
                    </label>
                    if let Some(file) = file.sent() {
                        <strong>{ &file.name }</strong>
                    }
                </div>
                if let TableFile::Sending { there, size } = file {
                    <p class="baton-quiet">{ t::import::sending(there / 1024, size / 1024) }</p>
                }
                if let TableFile::Failed(problem) = file {
                    <p class="baton-error" id="import-problem">{ problem.message.to_string() }</p>
                }
            </section>
            { inspected_table(&inspected.work, file.sent(), &props.entity, on_sheet) }
        </div>
    }
}

/// Sends the file that is chosen, and has its beginning inspected; another one ends what sends it.
#[hook]
fn use_sending(inspected: &JobHandle, table: UseReducerDispatcher<FileStore>) -> Callback<Event> {
    // Ends what sends an earlier file, and this one when the page is left.
    let stop = use_mut_ref(Stop::default);
    {
        let stop = stop.clone();
        use_effect_with((), move |()| move || stop.borrow().stop());
    }
    let (begin, forget) = (inspected.begin.clone(), inspected.forget.clone());
    Callback::from(move |event: Event| {
        let Some(input) = event.target_dyn_into::<HtmlInputElement>() else {
            return;
        };
        let Some(file) = input.files().and_then(|files| files.get(0)) else {
            return;
        };
        stop.borrow().stop();
        let mine = Stop::default();
        *stop.borrow_mut() = mine.clone();
        let (table, begin) = (table.clone(), begin.clone());
        table.dispatch(TableFileAction::Chosen);
        forget.emit(());
        spawn_local(async move {
            let progress = {
                let (table, mine) = (table.clone(), mine.clone());
                move |there, size| {
                    if !mine.stopped() {
                        table.dispatch(TableFileAction::Progress { there, size });
                    }
                }
            };
            let outcome = send(&file, &mine, progress).await;
            // The same file can be chosen again, mended.
            input.set_value("");
            if mine.stopped() {
                return;
            }
            if let Ok(Some(file)) = &outcome {
                begin.emit(file.inspect());
            }
            table.dispatch(TableFileAction::Ended(outcome));
        });
    })
}

/// What is known of the file: its columns, or why it cannot be read.
fn inspected_table(work: &Work, file: Option<&SentFile>, entity: &Arc<Entity>, on_sheet: Callback<String>) -> Html {
    match (work, file) {
        (Work::Going(_), _) => html! { <Loading /> },
        (Work::Failed(problem), _) => {
            html! { <Alert inline=true r#type={AlertType::Danger} title={problem.message.to_string()} /> }
        }
        (Work::Over(state), Some(file)) => {
            let outcome = state.outcome.clone().unwrap_or_default();
            match outcome.table {
                Some(head) => html! {
                    <Mapping key={format!("{} {:?}", file.upload, file.sheet)} {on_sheet} entity={entity.clone()} file={file.clone()} head={Rc::new(head)} />
                },
                None => html! {
                    <p class="baton-error" id="import-problem">{ outcome.problem.unwrap_or_default().to_string() }</p>
                },
            }
        }
        (Work::None | Work::Over(_), _) => Html::default(),
    }
}

/// Sends a table to the server; `None` if that was stopped.
async fn send(file: &File, stop: &Stop, progress: impl Fn(u64, u64)) -> Result<Option<SentFile>, Problem> {
    let name = file.name();
    let Some(format) = Format::of_name(&name) else {
        let why = t::import::no_readable_table(&name);
        return Err(Problem::new(Code::Malformed, why));
    };
    let upload = upload::send(file, stop, progress).await?;
    Ok(upload.map(|upload| SentFile {
        name,
        upload,
        format,
        sheet: None,
    }))
}

#[derive(Clone, PartialEq, Properties)]
struct MappingProps {
    entity: Arc<Entity>,
    file: SentFile,
    head: Rc<TableHead>,
    /// Another sheet is to be looked at.
    on_sheet: Callback<String>,
}

#[component]
fn Mapping(props: &MappingProps) -> Html {
    let MappingProps { entity, file, head, .. } = props;
    let fields = entity.form_fields();
    let mapping = use_reducer_eq(|| MappingStore(state::Mapping::guess(&fields, &head.columns)));
    let keys = mapping.0.keys(&fields);
    let mode = mapping.0.mode(&keys);
    let tried = use_job();
    let made = use_job();
    use_preview(mapping.0.job(entity, file, true), &tried, &made);
    let import = {
        let (job, begin) = (mapping.0.job(entity, file, false), made.begin.clone());
        Callback::from(move |_: MouseEvent| begin.emit(job.clone()))
    };
    let change = {
        let dispatcher = mapping.dispatcher();
        Callback::from(move |action: MappingAction| dispatcher.dispatch(action))
    };
    let set = |index: usize| change.reform(move |name: String| MappingAction::Assign(index, name));
    let on_mode = change.reform(MappingAction::Mode);
    let strict = mode == Mode::AllOrNothing;
    html! {
        <>
            <section class="baton-panel">
                <h2 class="baton-label">{ t::import::step_columns(&file.name, head.total) }</h2>
                { sheet_choice(file, head, &props.on_sheet) }
                { column_table(entity, head, &mapping.0.columns, set) }
                <ModeChoice {keys} {mode} on_choice={on_mode} />
            </section>
            <TrialReport tried={tried.clone()} made={made.clone()} entity={entity.clone()} on_import={import} {strict} />
        </>
    }
}

/// Looks what would come of the import, once nothing was changed about it for a moment; what was known of another is gone.
#[hook]
fn use_preview(job: Job, tried: &JobHandle, made: &JobHandle) {
    const MOMENT_MS: u32 = 300;
    let (begin, cancel) = (tried.begin.clone(), tried.cancel.clone());
    let (forget_tried, forget_made) = (tried.forget.clone(), made.forget.clone());
    use_effect_with(job, move |job| {
        let job = job.clone();
        cancel.emit(());
        forget_tried.emit(());
        forget_made.emit(());
        let timer = Timeout::new(MOMENT_MS, move || begin.emit(job));
        move || drop(timer)
    });
}

/// Which sheet is imported, where there are several.
fn sheet_choice(file: &SentFile, head: &TableHead, on_sheet: &Callback<String>) -> Html {
    if head.sheets.len() < 2 {
        return Html::default();
    }
    let sheets: Vec<(AttrValue, AttrValue)> = head
        .sheets
        .iter()
        .map(|sheet| (sheet.clone().into(), sheet.clone().into()))
        .collect();
    let sheet = file
        .sheet
        .clone()
        .or_else(|| head.sheets.first().cloned())
        .unwrap_or_default();
    html! {
        <div class="baton-actions baton-import-sheet">
            <label for="import-sheet">{ t::import::sheet() }</label>
            <Select id="import-sheet" value={sheet} options={sheets} on_choice={on_sheet.clone()} />
            <span class="baton-quiet">{ t::import::one_of_the_sheets(head.sheets.len()) }</span>
        </div>
    }
}

/// Each column with its first values, and the field that it fills.
fn column_table(
    entity: &Entity,
    head: &TableHead,
    columns: &[Option<String>],
    set: impl Fn(usize) -> Callback<String>,
) -> Html {
    let fields = entity.form_fields();
    let fields = fields
        .iter()
        .map(|field| (field.name.clone().into(), field.label.clone().into()));
    let targets: Vec<(AttrValue, AttrValue)> = std::iter::once(("".into(), t::import::not_imported().into()))
        .chain(fields)
        .collect();
    html! {
        <table class="pf-v6-c-table pf-m-compact baton-table" aria-label={t::import::columns()}>
            <thead class="pf-v6-c-table__thead">
                <tr class="pf-v6-c-table__tr">
                    <th class="pf-v6-c-table__th" scope="col">{ t::import::column() }</th>
                    <th class="pf-v6-c-table__th" scope="col">{ t::import::first_values() }</th>
                    <th class="pf-v6-c-table__th" scope="col">{ t::import::field() }</th>
                </tr>
            </thead>
            <tbody class="pf-v6-c-table__tbody">
                { for head.columns.iter().enumerate().map(|(index, column)| {
                    let samples: Vec<&str> = head.rows.iter().filter_map(|row| row.get(index)).map(String::as_str)
                        .filter(|cell| !cell.is_empty()).take(3).collect();
                    let present = columns.get(index).cloned().flatten();
                    html! {
                        <tr class="pf-v6-c-table__tr" key={index} data-import-column={column.clone()}>
                            <td class="pf-v6-c-table__td">{ column }</td>
                            <td class="pf-v6-c-table__td baton-quiet baton-wrap">{ samples.join(" · ") }</td>
                            <td class="pf-v6-c-table__td">
                                <Select label={t::import::field_for(column)} value={present.unwrap_or_default()}
                                    options={targets.clone()} on_choice={set(index)} />
                            </td>
                        </tr>
                    }
                }) }
            </tbody>
        </table>
    }
}
