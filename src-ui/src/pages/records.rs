//! The records of one entity.

use std::collections::BTreeMap;
use std::rc::Rc;

use baton_protocol::desktop::OutboxEntry;
use baton_protocol::entity::EntityStatus;
use baton_protocol::id::{EntityId, OpId, RecordId};
use baton_protocol::job::RecordSelection;
use baton_protocol::list::{Layout, View};
use baton_protocol::list_query::{Sort, first_columns, first_sort};
use baton_protocol::message::MoveRecord;
use patternfly_yew::prelude::*;
use uuid::Uuid;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::backend;
use crate::components::{
    BulkBar, Export, FilterChips, ListTools, Loading, Outbox, Popover, RecordCards, RecordTable, Selection, by_hand,
    notice, what_waits,
};
use crate::format;
use crate::hooks::{use_records, use_session, use_view};
use crate::route::Route;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct RecordsProps {
    /// Which entity.
    pub(crate) entity: Uuid,
}

/// The records of an entity, as a table or as cards.
#[component]
pub(crate) fn Records(props: &RecordsProps) -> Html {
    let id = EntityId(props.entity);
    let query = use_state_eq(View::default);
    let handle = use_records(id, &query.query);
    let list = &handle.list;
    let (view, on_view) = use_view(id, list.entity.as_ref());
    {
        let set = query.setter();
        use_effect_with(view.clone(), move |view| set.set((**view).clone()));
    }
    let session = use_session();
    let toaster = use_toaster();
    let selection = use_state_eq(Selection::default);
    let chosen = selection.setter();
    let navigator = use_navigator();
    use_farewell(list.deletion_message.as_ref());
    let create = Callback::from(move |()| {
        if let Some(navigator) = &navigator {
            navigator.push(&Route::record(id, RecordId(Uuid::now_v7())));
        }
    });
    {
        // What is chosen is chosen in this list; in another one it would not be seen.
        let set = selection.setter();
        let (search, filters) = (view.query.search.clone(), view.query.filters.clone());
        use_effect_with((id, search, filters), move |_| set.set(Selection::default()));
    }
    let selection = selection.of(list);
    let on_select = {
        let (now, set, list) = (selection.clone(), chosen.clone(), Rc::clone(list));
        Callback::from(move |id: RecordId| set.set(now.toggled(id, &list)))
    };
    let on_move = Callback::from(move |(record, after): (RecordId, Option<RecordId>)| {
        let toaster = toaster.clone();
        spawn_local(async move {
            let moved = backend::query(MoveRecord {
                op: OpId(Uuid::now_v7()),
                record,
                after,
            })
            .await;
            if let (Err(problem), Some(toaster)) = (moved, toaster) {
                toaster.toast(notice(AlertType::Danger, problem.message));
            }
        });
    });
    if let (Some(problem), false) = (&list.problem, list.read) {
        return html! {
            <PageSection>
                <Alert inline=true r#type={AlertType::Danger} title={problem.message.clone()} />
            </PageSection>
        };
    }
    let Some(entity) = list.entity.clone().filter(|_| list.read) else {
        return html! { <PageSection><Loading /></PageSection> };
    };
    let on_sort = {
        let (view, on_view, first) = (view.clone(), on_view.clone(), first_sort(&entity));
        Callback::from(move |sort: Option<Sort>| {
            let mut view = (*view).clone();
            view.query.sort = sort.or_else(|| first.clone());
            on_view.emit(view);
        })
    };
    let new = format!("New {}", entity.label.to_lowercase());
    let state = session.state();
    let waiting: BTreeMap<RecordId, &OutboxEntry> = state
        .iter()
        .flat_map(|state| state.waiting_of(id))
        .map(|waiting| (RecordId(waiting.form.id), waiting))
        .collect();
    // Made on this computer, and not in anybody's list yet.
    let made_here: Vec<OutboxEntry> = waiting
        .iter()
        .filter(|(_, waiting)| waiting.new)
        .map(|(_, waiting)| (*waiting).clone())
        .collect();
    let waiting: BTreeMap<RecordId, String> = waiting
        .into_iter()
        .map(|(record, waiting)| (record, what_waits(waiting, session.live())))
        .collect();
    let columns = view.columns.clone().unwrap_or_else(|| first_columns(&entity));
    let narrowed = !view.query.shows_all();
    let total = format::found(list.total, narrowed);
    let busy = list.answered.as_ref() != Some(&view.query) && list.problem.is_none();
    let can_make = session.edits() && entity.status != EntityStatus::Archived;
    let (which, count) = if selection.is_empty() || selection.all {
        (RecordSelection::Query(view.query.clone()), total.clone())
    } else {
        let count = selection.records.len() as u64;
        (selection.which(&view.query), format::count(count, "record", "records"))
    };
    let ends = html! {
        <>
            if can_make {
                <Link<Route> classes="baton-tool baton-import-link" to={Route::Import { entity: props.entity }}>
                    <i class="fas fa-file-import" aria-hidden="true" />
                    { "Import" }
                </Link<Route>>
            }
            <Popover id="export" icon="fas fa-file-export" label="Export" at_end=true keeps=true>
                <Export entity={entity.clone()} {which} {count} columns={columns.clone()} />
            </Popover>
        </>
    };
    let choose = Callback::from(move |now: Selection| chosen.set(now));
    html! {
        <>
            <PageSection>
                <nav class="baton-crumbs" aria-label="Where you are">
                    <Link<Route> to={Route::Entities}>{ "Collections" }</Link<Route>>
                </nav>
                <div class="baton-heading">
                    <h1 class="pf-v6-c-title pf-m-2xl">{ &entity.label_plural }</h1>
                    <span class="baton-quiet" id="total" aria-busy={busy.to_string()}>{ total }</span>
                    <span class="baton-push" />
                    <Link<Route> classes="baton-definition-link" to={Route::Definition { entity: props.entity }}>{ "Definition" }</Link<Route>>
                    <Link<Route> classes="baton-bin-link" to={Route::Bin { entity: props.entity }}>{ "Archive and bin" }</Link<Route>>
                    if can_make {
                        <Button id="new-record" variant={ButtonVariant::Primary} label={new.clone()} onclick={create.reform(|_| ())} />
                    }
                </div>
                if !entity.description.is_empty() {
                    <p class="baton-quiet">{ &entity.description }</p>
                }
                <ListTools entity={entity.clone()} view={view.clone()} on_view={on_view.clone()} edits={session.edits()}
                    children={ends} />
                <FilterChips entity={entity.clone()} view={view.clone()} on_view={on_view.clone()} />
                if session.edits() {
                    <BulkBar entity={entity.clone()} query={view.query.clone()} total={list.total} selection={selection.clone()}
                        on_selection={choose} />
                }
            </PageSection>
            <PageSection fill={PageSectionFill::Fill}>
                if let Some(at) = list.remembered {
                    <p class="baton-quiet baton-age" id="age">
                        { format!("As this computer remembers it, from {}.", format::moment(at)) }
                    </p>
                }
                if !made_here.is_empty() {
                    <section class="baton-panel baton-made-here" id="made-here">
                        <h2 class="baton-label">{ "Only on this computer so far" }</h2>
                        <Outbox outbox={made_here} />
                    </section>
                }
                <div data-found={list.answered.as_ref().map(|query| query.search.clone())}
                    aria-busy={busy.to_string()}>
                if let Some(problem) = &list.problem {
                    <Alert inline=true r#type={AlertType::Danger} title={problem.message.clone()} />
                }
                if list.rows.is_empty() && (busy || list.problem.is_some()) {
                    if busy {
                        <Loading />
                    }
                } else if list.rows.is_empty() && narrowed {
                    <Nothing view={view.clone()} on_view={on_view.clone()} />
                } else if list.rows.is_empty() {
                    <EmptyState title={format!("No {} yet", entity.label_plural.to_lowercase())} icon={Icon::Cubes}
                        primary={can_make.then(|| Action::new(new, create))}>
                        { "The first one that anybody saves appears here at once, for everyone." }
                    </EmptyState>
                } else if view.layout == Layout::Cards {
                    <RecordCards list={handle.clone()} {columns} {waiting} selection={selection.clone()}
                        on_select={session.edits().then_some(on_select)} />
                } else {
                    <RecordTable list={handle.clone()} {columns} {waiting} selection={selection.clone()}
                        on_select={session.edits().then_some(on_select)} {on_sort} edits={session.edits()}
                        on_move={(session.edits() && by_hand(view.query.sort.as_ref())).then_some(on_move)} />
                }
                </div>
            </PageSection>
        </>
    }
}

/// Whoever looks at what is deleted is told, and taken to what is there.
#[hook]
fn use_farewell(deletion_message: Option<&String>) {
    let (toaster, navigator) = (use_toaster(), use_navigator());
    use_effect_with(deletion_message.cloned(), move |deletion_message| {
        if let (Some(deletion_message), Some(navigator)) = (deletion_message, navigator) {
            navigator.replace(&Route::Entities);
            if let Some(toaster) = toaster {
                toaster.toast(notice(AlertType::Warning, deletion_message.clone()));
            }
        }
    });
}

#[derive(Clone, PartialEq, Properties)]
struct NothingProps {
    view: Rc<View>,
    on_view: Callback<View>,
}

/// Nothing is found, and the way back to everything.
#[component]
fn Nothing(props: &NothingProps) -> Html {
    let all = {
        let (view, on_view) = (props.view.clone(), props.on_view.clone());
        Callback::from(move |()| {
            let mut view = (*view).clone();
            view.query.filters.clear();
            view.query.search.clear();
            on_view.emit(view);
        })
    };
    let search = props.view.query.search.trim();
    let text = match (search.is_empty(), props.view.query.filters.is_empty()) {
        (false, true) => format!("Nothing contains “{search}”."),
        (false, false) => format!("Nothing contains “{search}” of which the filters hold."),
        (true, _) => "No record is like that.".to_owned(),
    };
    html! {
        <div class="baton-no-match">
            <EmptyState title={text} icon={Icon::Search} primary={Action::new("Show all", all)} />
        </div>
    }
}
