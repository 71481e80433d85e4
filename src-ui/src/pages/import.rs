//! Records out of a table: a file, which column is which field, what would come of it, and then it is done.

mod mode;
mod report;

use std::rc::Rc;
use std::sync::Arc;

use baton_locales::t;
use baton_protocol::entity::Entity;
use baton_protocol::field::Field;
use baton_protocol::id::{EntityId, UploadId};
use baton_protocol::job::{Format, Import as ImportJob, Job, TableHead};
use baton_protocol::message::{Code, Problem};
use patternfly_yew::prelude::*;
use uuid::Uuid;
use wasm_bindgen_futures::spawn_local;
use web_sys::{File, HtmlInputElement};
use yew::prelude::*;
use yew_router::prelude::*;

use mode::{Mode, ModeChoice, key_fields};
use report::TrialReport;

use crate::components::{Loading, PageTitle, Select};
use crate::hooks::{JobHandle, Work, use_entities, use_job};
use crate::plain::plain;
use crate::route::Route;
use crate::upload::{self, Stop};

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct ImportProps {
    /// Into which entity.
    pub(crate) entity: Uuid,
}

/// A file that was brought to the server.
#[derive(Clone, PartialEq)]
struct Brought {
    name: String,
    upload: UploadId,
    format: Format,
    /// Which of its sheets, where it has any and one was chosen.
    sheet: Option<String>,
}

impl Brought {
    /// Looks at how it begins.
    fn inspect(&self) -> Job {
        Job::Inspect {
            upload: self.upload,
            format: self.format,
            sheet: self.sheet.clone(),
        }
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
    let look = use_job();
    let Bringing {
        brought,
        sent,
        problem,
        on_file,
    } = use_bringing(&look);
    let on_sheet = {
        let (brought, begin) = (brought.clone(), look.begin.clone());
        Callback::from(move |sheet: String| {
            if let Some(file) = &*brought {
                let file = Brought {
                    sheet: Some(sheet),
                    ..file.clone()
                };
                begin.emit(file.inspect());
                brought.set(Some(file));
            }
        })
    };
    html! {
        <div class="baton-import">
            <section class="baton-panel">
                <h2 class="baton-label">{ t::import::step_file() }</h2>
                <div class="baton-actions">
                    <label class="baton-tool baton-file-choose">
                        <i class="fas fa-upload" aria-hidden="true" />
                        { if brought.is_some() { t::import::choose_another_file() } else { t::import::choose_a_file() } }
                        <input type="file" id="import-file" accept=".csv,.xlsx,.json" aria-label={t::import::the_file()} onchange={on_file} />
                    </label>
                    if let Some(file) = &*brought {
                        <strong>{ &file.name }</strong>
                    }
                </div>
                if let Some((there, size)) = *sent {
                    <p class="baton-quiet">{ t::import::sending(there / 1024, size / 1024) }</p>
                }
                if let Some(problem) = &*problem {
                    <p class="baton-error" id="import-problem">{ problem.message.to_string() }</p>
                }
            </section>
            { looked_at(&look.work, brought.as_ref(), &props.entity, on_sheet) }
        </div>
    }
}

/// A file on its way to the server.
struct Bringing {
    brought: UseStateHandle<Option<Brought>>,
    /// How much of it is there, and of how much.
    sent: UseStateHandle<Option<(u64, u64)>>,
    problem: UseStateHandle<Option<Problem>>,
    on_file: Callback<Event>,
}

/// Brings the file that is chosen, and has its beginning looked at; another one ends what brings it.
#[hook]
fn use_bringing(look: &JobHandle) -> Bringing {
    let brought = use_state_eq(|| None::<Brought>);
    let sent = use_state_eq(|| None::<(u64, u64)>);
    let problem = use_state_eq(|| None::<Problem>);
    // Ends what brings an earlier file, and this one when the page is left.
    let stop = use_mut_ref(Stop::default);
    {
        let stop = stop.clone();
        use_effect_with((), move |()| move || stop.borrow().stop());
    }
    let on_file = {
        let (brought, sent, problem) = (brought.setter(), sent.setter(), problem.setter());
        let (begin, forget) = (look.begin.clone(), look.forget.clone());
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
            let (brought, sent, problem, begin) = (brought.clone(), sent.clone(), problem.clone(), begin.clone());
            brought.set(None);
            problem.set(None);
            forget.emit(());
            spawn_local(async move {
                let progress = {
                    let (sent, mine) = (sent.clone(), mine.clone());
                    move |there, size| {
                        if !mine.stopped() {
                            sent.set(Some((there, size)));
                        }
                    }
                };
                let outcome = bring(&file, &mine, progress).await;
                // The same file can be chosen again, mended.
                input.set_value("");
                if mine.stopped() {
                    return;
                }
                sent.set(None);
                match outcome {
                    Ok(Some(file)) => {
                        begin.emit(file.inspect());
                        brought.set(Some(file));
                    }
                    Ok(None) => {}
                    Err(why) => problem.set(Some(why)),
                }
            });
        })
    };
    Bringing {
        brought,
        sent,
        problem,
        on_file,
    }
}

/// What is known of the file: its columns, or why it cannot be read.
fn looked_at(work: &Work, brought: Option<&Brought>, entity: &Arc<Entity>, on_sheet: Callback<String>) -> Html {
    match (work, brought) {
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

/// Brings a table to the server; nothing if it was stopped.
async fn bring(file: &File, stop: &Stop, progress: impl Fn(u64, u64)) -> Result<Option<Brought>, Problem> {
    let name = file.name();
    let Some(format) = Format::of_name(&name) else {
        let why = t::import::no_readable_table(&name);
        return Err(Problem::new(Code::Malformed, why));
    };
    let upload = upload::bring(file, stop, progress).await?;
    Ok(upload.map(|upload| Brought {
        name,
        upload,
        format,
        sheet: None,
    }))
}

#[derive(Clone, PartialEq, Properties)]
struct MappingProps {
    entity: Arc<Entity>,
    file: Brought,
    head: Rc<TableHead>,
    /// Another sheet is to be looked at.
    on_sheet: Callback<String>,
}

/// The field that each column is most likely to be; no field twice.
fn guess(fields: &[Field], columns: &[String]) -> Vec<Option<String>> {
    let mut free: Vec<&Field> = fields.iter().collect();
    let columns = columns.iter().map(|column| {
        let wanted = plain(column);
        let found = free
            .iter()
            .position(|field| plain(&field.name) == wanted || plain(&field.label) == wanted);
        found.map(|index| free.remove(index).name.clone())
    });
    columns.collect()
}

#[component]
fn Mapping(props: &MappingProps) -> Html {
    let MappingProps { entity, file, head, .. } = props;
    let fields = entity.form_fields();
    let columns = use_state_eq(|| guess(&fields, &head.columns));
    let mode = use_state_eq(Mode::default);
    let keys = key_fields(&fields, &columns);
    let mode_now = mode.valid_for(&keys);
    let tried = use_job();
    let made = use_job();
    let job = |dry_run: bool| {
        Job::Import(ImportJob {
            entity: entity.id,
            upload: file.upload,
            format: file.format,
            sheet: file.sheet.clone(),
            columns: (*columns).clone(),
            key: mode_now.key().cloned(),
            all_or_nothing: mode_now == Mode::AllOrNothing,
            dry_run,
        })
    };
    let check = {
        let (job, begin, forget) = (job(true), tried.begin.clone(), made.forget.clone());
        Callback::from(move |_: MouseEvent| {
            forget.emit(());
            begin.emit(job.clone());
        })
    };
    let import = {
        let (job, begin) = (job(false), made.begin.clone());
        Callback::from(move |_: MouseEvent| begin.emit(job.clone()))
    };
    let set = |index: usize| {
        let (columns, forget) = (columns.clone(), tried.forget.clone());
        Callback::from(move |name: String| {
            let chosen = Some(name).filter(|name| !name.is_empty());
            let mut now = (*columns).clone();
            // A field is filled by one column.
            now.iter_mut()
                .filter(|column| **column == chosen)
                .for_each(|column| *column = None);
            now[index] = chosen;
            columns.set(now);
            forget.emit(());
        })
    };
    let on_mode = {
        let (mode, forget) = (mode.setter(), tried.forget.clone());
        Callback::from(move |chosen| {
            mode.set(chosen);
            forget.emit(());
        })
    };
    let strict = mode_now == Mode::AllOrNothing;
    html! {
        <>
            <section class="baton-panel">
                <h2 class="baton-label">{ t::import::step_columns(&file.name, head.total) }</h2>
                { sheet_choice(file, head, &props.on_sheet) }
                { column_table(entity, head, &columns, set) }
                <ModeChoice {keys} mode={mode_now} on_choice={on_mode} />
                <div class="baton-actions baton-import-actions">
                    <span class="baton-push" />
                    <Button id="import-check" variant={ButtonVariant::Secondary} label={t::import::preview_import()} onclick={check} />
                </div>
            </section>
            <TrialReport tried={tried.clone()} made={made.clone()} entity={entity.clone()} on_import={import} {strict} />
        </>
    }
}

/// Which sheet is imported, where there are several.
fn sheet_choice(file: &Brought, head: &TableHead, on_sheet: &Callback<String>) -> Html {
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
