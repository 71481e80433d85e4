//! The records of one entity.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use baton_locales::t;
use baton_protocol::desktop::OutboxEntry;
use baton_protocol::entity::{Entity, EntityStatus};
use baton_protocol::id::{EntityId, OpId, RecordId};
use baton_protocol::job::RecordSelection;
use baton_protocol::list::{Layout, View};
use baton_protocol::list_query::{ListQuery, Sort, first_columns, first_sort};
use baton_protocol::message::MoveRecord;
use baton_protocol::rights::{Access, Permission};
use patternfly_yew::prelude::*;
use uuid::Uuid;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::backend;
use crate::components::{
    BulkBar, Export, FilterChips, ListTools, Loading, NoMatch, Outbox, PageTitle, Popover, RecordBoard, RecordCalendar,
    RecordCards, RecordTable, Toast, by_hand, use_toaster, what_waits,
};
use crate::hooks::{
    ListHandle, use_list, use_list_page, use_reader, use_rows, use_scroll_restored, use_session, use_trail,
    use_wanted_view, use_way_back,
};
use crate::route::Route;
use crate::state::list_page::ListPage;
use crate::state::selection::{Pressed, Selection};
use crate::{format, words};

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct RecordsProps {
    /// Which entity.
    pub(crate) entity: Uuid,
}

/// The records of an entity, as a table or as cards.
#[component]
pub(crate) fn Records(props: &RecordsProps) -> Html {
    let id = EntityId(props.entity);
    let (back, opened) = use_way_back(id).unzip();
    let session = use_session();
    let reader = use_reader();
    let list = use_list(id, back.as_ref().map(|back| &back.list));
    let state = use_list_page(id, list.records().entity.as_ref(), || {
        back.map(|back| ListPage::restored(back.view, back.selection))
    });
    let view = state.page().view();
    let (on_view, on_selection) = (state.on_view.clone(), state.on_selection.clone());
    let query = reader.resolve(&view.query);
    let handle = use_rows(&list, &query);
    let list = &handle.list;
    let selection = state.page().selection.of(list);
    use_wanted_view(&on_view);
    use_trail(id, list, &view, &selection);
    use_scroll_restored(opened, list.read && list.entity.is_some());
    let navigator = use_navigator();
    use_farewell(list.deletion_message.as_ref());
    if let (Some(problem), false) = (&list.problem, list.read) {
        return html! {
            <PageSection>
                <Alert inline=true r#type={AlertType::Danger} title={problem.message.to_string()} />
            </PageSection>
        };
    }
    let Some(entity) = list.entity.clone().filter(|_| list.read) else {
        return html! { <PageSection><Loading /></PageSection> };
    };
    let create = Callback::from(move |()| {
        if let Some(navigator) = &navigator {
            navigator.push(&Route::record(id, RecordId(Uuid::now_v7())));
        }
    });
    let permission = session.permission(id);
    let edits = permission.access >= Access::Edit;
    let can_make = edits && entity.status != EntityStatus::Archived;
    let busy = list.answered.as_ref() != Some(&query) && list.problem.is_none();
    let columns = view.columns.clone().unwrap_or_else(|| first_columns(&entity));
    let total = format::found(list.total, !view.query.shows_all());
    let ends = ends(&entity, &query, &selection, &columns, &total, can_make);
    html! {
        <>
            <PageSection>
                <Head entity={entity.clone()} {total} {busy} create={can_make.then(|| create.clone())} />
                <ListTools entity={entity.clone()} view={view.clone()} on_view={on_view.clone()} {edits}
                    children={ends} />
                <FilterChips entity={entity.clone()} view={view.clone()} on_view={on_view.clone()} />
            </PageSection>
            <PageSection fill={PageSectionFill::Fill}>
                <Body list={handle.clone()} query={query.clone()} entity={entity.clone()} {permission} view={view.clone()} {on_view} {columns} {busy}
                    selection={selection.clone()} on_selection={on_selection.clone()} create={can_make.then_some(create)} />
            </PageSection>
            // What is chosen is seen in these only.
            if edits && matches!(view.layout, Layout::Table | Layout::Cards | Layout::Gallery) {
                <BulkBar {entity} {query} total={list.total} {selection} {on_selection} />
            }
        </>
    }
}

/// What stands at the end of the list's tools: the ways in and out for tables.
fn ends(
    entity: &Arc<Entity>,
    query: &ListQuery,
    selection: &Selection,
    columns: &[String],
    total: &str,
    can_make: bool,
) -> Html {
    let (which, count) = if selection.is_empty() || selection.all {
        (RecordSelection::Query(query.clone()), total.to_owned())
    } else {
        (selection.which(query), t::common::records(selection.records.len()))
    };
    html! {
        <>
            if can_make {
                <Link<Route> classes="baton-tool baton-import-link" to={Route::Import { entity: entity.id.0 }}>
                    <i class="fas fa-file-import" aria-hidden="true" />
                    { t::list::import() }
                </Link<Route>>
            }
            <Popover id="export" icon="fas fa-file-export" label={t::list::export()} at_end=true keeps=true>
                <Export entity={entity.clone()} {which} {count} columns={columns.to_vec()} />
            </Popover>
        </>
    }
}

fn new_record(entity: &Entity) -> String {
    t::shell::new_of(&entity.label)
}

#[derive(Clone, PartialEq, Properties)]
struct HeadProps {
    entity: Arc<Entity>,
    /// How many records the list has, in words.
    total: String,
    /// Whether the list is asked for.
    busy: bool,
    /// Makes a record; none where nobody may.
    create: Option<Callback<()>>,
}

/// What the list is of, and the ways to everything about it.
#[component]
fn Head(props: &HeadProps) -> Html {
    let HeadProps {
        entity, total, busy, ..
    } = props;
    html! {
        <>
            <nav class="baton-crumbs" aria-label={t::common::where_you_are()}>
                <Link<Route> to={Route::Entities}>{ t::common::collections() }</Link<Route>>
            </nav>
            <div class="baton-heading">
                <PageTitle title={entity.label_plural.clone()} />
                <span class="baton-quiet" id="total" aria-busy={busy.to_string()}>{ total }</span>
                <span class="baton-push" />
                <Link<Route> classes="baton-definition-link" to={Route::Definition { entity: entity.id.0 }}>{ t::list::definition() }</Link<Route>>
                <Link<Route> classes="baton-bin-link" to={Route::Bin { entity: entity.id.0 }}>{ t::bin::archive_and_bin() }</Link<Route>>
                if let Some(create) = &props.create {
                    <Button id="new-record" variant={ButtonVariant::Primary} label={new_record(entity)} onclick={create.reform(|_| ())} />
                }
            </div>
            if !entity.description.is_empty() {
                <p class="baton-quiet">{ &entity.description }</p>
            }
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct BodyProps {
    /// What its viewer may do with its records.
    permission: Permission,
    list: ListHandle,
    /// What the list answers.
    query: ListQuery,
    entity: Arc<Entity>,
    view: Rc<View>,
    on_view: Callback<View>,
    columns: Vec<String>,
    /// Whether the list is asked for.
    busy: bool,
    selection: Selection,
    on_selection: Callback<Selection>,
    /// Makes a record; none where nobody may.
    create: Option<Callback<()>>,
}

/// The list itself, with what is only on this computer before it.
#[component]
fn Body(props: &BodyProps) -> Html {
    let BodyProps { entity, busy, .. } = props;
    let list = &props.list.list;
    let session = use_session();
    let state = session.state();
    let entries: Vec<&OutboxEntry> = state.iter().flat_map(|state| state.waiting_of(entity.id)).collect();
    // Made on this computer, and not in anybody's list yet.
    let made_here: Vec<OutboxEntry> = entries.iter().copied().filter(|entry| entry.new).cloned().collect();
    let waiting: BTreeMap<RecordId, String> = entries
        .into_iter()
        .map(|entry| (RecordId(entry.form.id), what_waits(entry, session.live())))
        .collect();
    html! {
        <>
            if let Some(at) = list.remembered {
                <p class="baton-quiet baton-age" id="age">
                    { t::list::as_remembered_from(format::moment(at)) }
                </p>
            }
            if !made_here.is_empty() {
                <section class="baton-panel baton-made-here" id="made-here">
                    <h2 class="baton-label">{ t::list::only_here_so_far() }</h2>
                    <Outbox outbox={made_here} />
                </section>
            }
            <div data-found={list.answered.as_ref().map(|query| query.search.clone())}
                aria-busy={busy.to_string()}>
            if let Some(problem) = &list.problem {
                <Alert inline=true r#type={AlertType::Danger} title={problem.message.to_string()} />
            }
            <Rows list={props.list.clone()} entity={entity.clone()} view={props.view.clone()} on_view={props.on_view.clone()}
                columns={props.columns.clone()} {busy} selection={props.selection.clone()}
                on_selection={props.on_selection.clone()} create={props.create.clone()} {waiting}
                permission={props.permission.clone()} query={props.query.clone()} live={session.live()} />
            </div>
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct RowsProps {
    list: ListHandle,
    entity: Arc<Entity>,
    view: Rc<View>,
    on_view: Callback<View>,
    columns: Vec<String>,
    busy: bool,
    selection: Selection,
    on_selection: Callback<Selection>,
    create: Option<Callback<()>>,
    /// What waits of a record, in words.
    waiting: BTreeMap<RecordId, String>,
    permission: Permission,
    /// What the list answers.
    query: ListQuery,
    /// Whether the server is reached.
    live: bool,
}

/// The rows, or why there are none.
#[component]
fn Rows(props: &RowsProps) -> Html {
    let RowsProps {
        view,
        entity,
        selection,
        ..
    } = props;
    let list = &props.list.list;
    let on_move = use_move();
    // A board and a calendar go on while the list is asked for anew.
    let is_asked = props.busy && matches!(view.layout, Layout::Board | Layout::Calendar);
    if list.rows.is_empty() && !is_asked {
        return no_rows(props);
    }
    let on_select = {
        let (now, set, list) = (selection.clone(), props.on_selection.clone(), Rc::clone(list));
        Callback::from(move |pressed: Pressed| {
            set.emit(match pressed {
                Pressed::One(id) => now.toggled(id, &list),
                Pressed::Range(id) => now.extended(id, &list),
                Pressed::Page => now.of_page(&list),
            });
        })
    };
    let edits = props.permission.access >= Access::Edit;
    let on_select = edits.then_some(on_select);
    let on_sort = {
        let (view, on_view, first) = (view.clone(), props.on_view.clone(), first_sort(entity));
        Callback::from(move |sort: Option<Sort>| {
            let mut view = (*view).clone();
            view.query.sort = sort.or_else(|| first.clone());
            on_view.emit(view);
        })
    };
    let columns = props.columns.clone();
    let waiting = props.waiting.clone();
    match view.layout {
        Layout::Gallery if view.laid_out_by(entity).is_none() => lacks_field(view.layout),
        Layout::Cards | Layout::Gallery => html! {
            <RecordCards list={props.list.clone()} {columns} {waiting} selection={selection.clone()} {on_select}
                image={view.laid_out_by(entity)} />
        },
        Layout::Board | Layout::Calendar => laid_out(props),
        Layout::Table => html! {
            <RecordTable list={props.list.clone()} {columns} {waiting} selection={selection.clone()} {on_select} {on_sort}
                permission={props.permission.clone()} on_move={(edits && by_hand(view.query.sort.as_ref())).then_some(on_move)} />
        },
    }
}

/// There is no field that the layout could go by, or not any more.
fn lacks_field(layout: Layout) -> Html {
    let (_, _, needs) = words::layout(layout);
    html! { <EmptyState title={needs.unwrap_or_default()} icon={Icon::Cubes} /> }
}

/// The records by one of their fields.
fn laid_out(props: &RowsProps) -> Html {
    let RowsProps {
        entity, query, view, ..
    } = props;
    let (entity, query) = (entity.clone(), query.clone());
    let Some(field) = view.laid_out_by(&entity) else {
        return lacks_field(view.layout);
    };
    let can_move = props.live && props.permission.edits_field(&field.id);
    match view.layout {
        Layout::Calendar => html! { <RecordCalendar {entity} {query} {field} {can_move} /> },
        Layout::Board | Layout::Table | Layout::Cards | Layout::Gallery => html! {
            <RecordBoard {entity} {query} {field} columns={props.columns.clone()} waiting={props.waiting.clone()} {can_move} />
        },
    }
}

fn no_rows(props: &RowsProps) -> Html {
    let RowsProps { view, entity, .. } = props;
    if props.busy {
        return html! { <Loading /> };
    }
    if props.list.list.problem.is_some() {
        return Html::default();
    }
    if !view.query.shows_all() {
        let (entity, query) = (entity.id, props.query.clone());
        return html! { <NoMatch {entity} {query} view={view.clone()} on_view={props.on_view.clone()} /> };
    }
    let primary = props
        .create
        .clone()
        .map(|create| Action::new(new_record(entity), create));
    html! {
        <EmptyState title={t::list::none_yet(&entity.label_plural)} icon={Icon::Cubes} {primary}>
            { t::list::first_one_appears_here() }
        </EmptyState>
    }
}

/// Puts a record behind another one in the manual order.
#[hook]
fn use_move() -> Callback<(RecordId, Option<RecordId>)> {
    let toaster = use_toaster();
    Callback::from(move |(record, after): (RecordId, Option<RecordId>)| {
        let toaster = toaster.clone();
        let op = OpId(Uuid::now_v7());
        spawn_local(async move {
            let moved = backend::query(MoveRecord { op, record, after }).await;
            if let (Err(problem), Some(toaster)) = (moved, toaster) {
                toaster.failed("move", problem.message.to_string());
            }
        });
    })
}

/// Whoever looks at what is deleted is told, and taken to what is there.
#[hook]
fn use_farewell(deletion_message: Option<&String>) {
    let (toaster, navigator) = (use_toaster(), use_navigator());
    use_effect_with(deletion_message.cloned(), move |deletion_message| {
        if let (Some(deletion_message), Some(navigator)) = (deletion_message, navigator) {
            navigator.replace(&Route::Entities);
            if let Some(toaster) = toaster {
                toaster.show(Toast::new("collection", AlertType::Warning, deletion_message.clone()));
            }
        }
    });
}
