//! The table of an entity's records. Each row is drawn again only when it changed.

use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use baton_locales::t;
use baton_protocol::entity::Entity;
use baton_protocol::field::{Field, FieldType};
use baton_protocol::id::RecordId;
use baton_protocol::list_query::{Sort, column};
use baton_protocol::rights::Permission;
use baton_protocol::values::{POSITION, TITLE};
use web_sys::Element;
use yew::prelude::*;

use super::cell::{cell, title, unread_mark};
use super::cell_editor::CellEditor;
use super::cell_keys::{CellName, chosen, focus_cell, focus_is_here, pressed};
use crate::components::drag_source;
use crate::format;
use crate::hooks::{ListHandle, ROW, use_focus_kept, use_focus_returned, use_rows_in_view, use_unread_by_record};
use crate::state::records::Row;
use crate::state::selection::{Pressed, Selection};

/// How many rows before the end more are asked for.
const PREFETCH_ROWS: usize = 60;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct RecordTableProps {
    /// The list.
    pub(crate) list: ListHandle,
    /// The columns besides the title.
    pub(crate) columns: Vec<String>,
    /// What of a record the server does not have yet.
    pub(crate) waiting: BTreeMap<RecordId, String>,
    /// The chosen rows.
    pub(crate) selection: Selection,
    /// A row was chosen, or is no more; nothing where nobody may choose.
    pub(crate) on_select: Option<Callback<Pressed>>,
    /// The list is to be sorted in another way.
    pub(crate) on_sort: Callback<Option<Sort>>,
    /// Which values can be changed in their place.
    pub(crate) permission: Permission,
    /// A row was put behind another one, or first; nothing where the order is not by hand.
    pub(crate) on_move: Option<Callback<(RecordId, Option<RecordId>)>>,
}

/// The table. Only the rows in view are drawn, however many there are.
#[component]
pub(crate) fn RecordTable(props: &RecordTableProps) -> Html {
    let body = use_node_ref();
    let dragged = use_state_eq(|| None::<RecordId>);
    // The value that is changed in its place.
    let edited = use_state_eq(|| None::<CellName>);
    let list = &props.list.list;
    let rows = &list.rows;
    let drawn = use_rows_in_view(body.clone(), rows.len());
    {
        let near = drawn.end + PREFETCH_ROWS >= rows.len() && list.next.is_some();
        let more = props.list.more.clone();
        use_effect_with((near, rows.len(), list.next.clone(), list.wanted), move |(near, ..)| {
            if *near {
                more.emit(());
            }
        });
    }
    use_closed(&edited, rows, &drawn);
    use_focus_returned();
    let unread = use_unread_by_record();
    let Some(entity) = list.entity.clone() else {
        return Html::default();
    };
    let columns: Rc<Vec<Field>> = Rc::new(props.columns.iter().filter_map(|name| column(&entity, name)).collect());
    let above = drawn.start * ROW;
    let below = (rows.len() - drawn.end) * ROW;
    let edited_in = |id: RecordId| {
        let edited = edited.as_ref().filter(|(record, _)| *record == id);
        edited.map(|(_, field)| field.clone())
    };
    let on_edited = on_edited(&edited, &body);
    let begin = begin(&edited, &entity, &props.permission);
    let ondblclick = begin.reform(|event: MouseEvent| pressed(&event));
    let onkeydown = begin.reform(|event: KeyboardEvent| chosen(&event));
    let place_of = |index: usize| rows.get(index).map(|row| row.record.id);
    html! {
        <table class="pf-v6-c-table pf-m-compact baton-table" aria-label={entity.label_plural.clone()}
            aria-rowcount={(list.total + 1).to_string()}>
            { headings(props, &entity, &columns) }
            <tbody class="pf-v6-c-table__tbody" ref={body} {ondblclick} {onkeydown}>
                <tr key="above" class="baton-gap-row" aria-hidden="true" style={format!("height: {above}px")}></tr>
                { for rows[drawn.clone()].iter().zip(drawn.start..).map(|(row, index)| {
                    let id = row.record.id;
                    let by_hand = props.on_move.as_ref().map(|on_move| ByHand {
                        on_move: on_move.clone(),
                        dragged: dragged.clone(),
                        before: index.checked_sub(1).and_then(place_of),
                        before_that: index.checked_sub(2).and_then(place_of),
                        after: place_of(index + 1),
                    });
                    html! {
                        <RecordTableRow key={id.to_string()} entity={entity.clone()} row={row.clone()} {index} columns={columns.clone()}
                            waits={props.waiting.get(&id).cloned()} unread={unread.get(&id).copied().unwrap_or_default()} selected={props.selection.all || props.selection.records.contains(&id)}
                            on_select={props.on_select.clone()} {by_hand} edited={edited_in(id)} on_edited={on_edited.clone()} />
                    }
                }) }
                <tr key="below" class="baton-gap-row" aria-hidden="true" style={format!("height: {below}px")}></tr>
            </tbody>
        </table>
    }
}

/// A row that is drawn no more has closed its editor.
#[hook]
fn use_closed(edited: &UseStateHandle<Option<CellName>>, rows: &[Row], drawn: &Range<usize>) {
    let gone = edited
        .as_ref()
        .is_some_and(|(id, _)| !rows[drawn.clone()].iter().any(|row| row.record.id == *id));
    let edited = edited.setter();
    use_effect_with(gone, move |gone| {
        if *gone {
            edited.set(None);
        }
    });
}

/// The focus goes back to the value when its editor is closed.
fn on_edited(edited: &UseStateHandle<Option<CellName>>, body: &NodeRef) -> Callback<()> {
    let (edited, body) = (edited.clone(), body.clone());
    Callback::from(move |()| {
        if let Some(cell) = edited.as_ref().filter(|_| focus_is_here()) {
            focus_cell(&body, cell);
        }
        edited.set(None);
    })
}

/// Begins to change a value in its place. What every record has besides cannot be changed by hand; files are chosen in the
/// form.
fn begin(
    edited: &UseStateHandle<Option<CellName>>,
    entity: &Arc<Entity>,
    permission: &Permission,
) -> Callback<Option<CellName>> {
    let free = edited.is_none();
    let (edited, entity, permission) = (edited.setter(), entity.clone(), permission.clone());
    Callback::from(move |cell: Option<CellName>| {
        let field = cell.as_ref().and_then(|(_, name)| entity.form_field(name));
        // One at a time: another one that is still being saved may have something to say.
        if free && field.is_some_and(|field| !field.field_type.is_file() && permission.edits_field(&field.id)) {
            edited.set(cell);
        }
    })
}

fn headings(props: &RecordTableProps, entity: &Entity, columns: &[Field]) -> Html {
    let sort = &props.list.list.query.sort;
    html! {
        <thead class="pf-v6-c-table__thead">
            <tr class="pf-v6-c-table__tr" aria-rowindex="1">
                if let Some(on_select) = &props.on_select {
                    <th class="pf-v6-c-table__th baton-check-cell" scope="col">
                        <input type="checkbox" id="select-page" checked={props.selection.has_page(&props.list.list)}
                            onclick={on_select.reform(|_: MouseEvent| Pressed::Page)} aria-label={t::list::select_all_rows()} />
                    </th>
                }
                <Heading field={column(entity, TITLE)} sort={sort.clone()} on_sort={props.on_sort.clone()} />
                { for columns.iter().map(|field| html! {
                    <Heading key={field.name.clone()} field={field.clone()} sort={sort.clone()}
                        on_sort={props.on_sort.clone()} />
                }) }
            </tr>
        </thead>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct HeadingProps {
    field: Option<Field>,
    sort: Option<Sort>,
    on_sort: Callback<Option<Sort>>,
}

/// A column's name; pressed, the list is sorted by it, then the other way round, then as before.
#[component]
fn Heading(props: &HeadingProps) -> Html {
    let Some(field) = &props.field else {
        return Html::default();
    };
    let present = props.sort.as_ref().filter(|sort| sort.field == field.name);
    let next = match present {
        None => Some(false),
        Some(Sort { descending: false, .. }) => Some(true),
        Some(Sort { descending: true, .. }) => None,
    };
    let onclick = {
        let name = field.name.clone();
        props.on_sort.reform(move |_: MouseEvent| {
            next.map(|descending| Sort {
                field: name.clone(),
                descending,
            })
        })
    };
    let (aria, icon) = match present.map(|sort| sort.descending) {
        None => ("none", ""),
        Some(false) => ("ascending", "fas fa-arrow-up"),
        Some(true) => ("descending", "fas fa-arrow-down"),
    };
    html! {
        <th class={classes!("pf-v6-c-table__th", (field.field_type == FieldType::Number).then_some("baton-number"))} scope="col" aria-sort={aria}>
            if field.info().sorted {
                <button type="button" class="baton-sort" {onclick} data-sort={field.name.clone()}>
                    { &field.label }
                    <i class={icon} aria-hidden="true" />
                </button>
            } else {
                { &field.label }
            }
        </th>
    }
}

/// What a row needs to be put elsewhere by hand: its neighbours, and what is dragged.
#[derive(Clone, PartialEq)]
struct ByHand {
    on_move: Callback<(RecordId, Option<RecordId>)>,
    dragged: UseStateHandle<Option<RecordId>>,
    before: Option<RecordId>,
    before_that: Option<RecordId>,
    after: Option<RecordId>,
}

#[derive(Clone, PartialEq, Properties)]
struct RowProps {
    entity: Arc<Entity>,
    row: Row,
    /// Its place in the list, from 0.
    index: usize,
    columns: Rc<Vec<Field>>,
    /// What of it the server does not have yet.
    waits: Option<String>,
    /// How much of what its viewer is told of is about it, and unread.
    unread: usize,
    selected: bool,
    on_select: Option<Callback<Pressed>>,
    by_hand: Option<ByHand>,
    /// Which of its values is changed in its place.
    edited: Option<String>,
    /// It is no more.
    on_edited: Callback<()>,
}

#[component]
fn RecordTableRow(props: &RowProps) -> Html {
    let Row {
        record,
        editing,
        unsaved,
        ..
    } = &props.row;
    let id = record.id;
    let name = format::title(&record.title);
    let onclick = props
        .on_select
        .as_ref()
        .map(|on_select| on_select.reform(move |event: MouseEvent| Pressed::row(id, &event)));
    let drag = props
        .by_hand
        .as_ref()
        .map(|by_hand| dragging(by_hand, id))
        .unwrap_or_default();
    let class = classes!(
        "pf-v6-c-table__tr",
        props.selected.then_some("baton-selected"),
        (props
            .by_hand
            .as_ref()
            .is_some_and(|by_hand| *by_hand.dragged == Some(id)))
        .then_some("baton-dragged"),
    );
    html! {
        <tr {class} data-record={record.title.clone()} data-id={id.to_string()} aria-rowindex={(props.index + 2).to_string()}
            draggable={props.by_hand.is_some().then_some("true")}
            ondragstart={drag.start} ondragover={drag.over} ondrop={drag.drop} ondragend={drag.end}>
            if let Some(onclick) = onclick {
                <td class="pf-v6-c-table__td baton-check-cell">
                    <input type="checkbox" checked={props.selected} {onclick} aria-label={t::list::select_record(name)} />
                </td>
            }
            <td class="pf-v6-c-table__td" data-label={t::list::title()}>
                if let Some(by_hand) = &props.by_hand {
                    <Handle by_hand={by_hand.clone()} {id} index={props.index} name={name.to_owned()} />
                }
                { title(&props.entity, record, editing.as_ref(), unsaved.as_ref(), props.waits.as_deref()) }
                { unread_mark(props.unread) }
            </td>
            { for props.columns.iter().enumerate().map(|(place, field)| html! {
                <td class={classes!("pf-v6-c-table__td", (field.field_type == FieldType::Number).then_some("baton-number"))} tabindex="-1"
                    data-label={field.label.clone()} data-column={field.name.clone()}>
                    { cell(field, record) }
                    if props.edited.as_ref() == Some(&field.name) {
                        <CellEditor entity={props.entity.id} record={id} field={field.name.clone()}
                            at_end={place * 2 >= props.columns.len()} on_done={props.on_edited.clone()} />
                    }
                </td>
            }) }
        </tr>
    }
}

#[derive(Default)]
struct Drag {
    start: Option<Callback<DragEvent>>,
    over: Option<Callback<DragEvent>>,
    drop: Option<Callback<DragEvent>>,
    end: Option<Callback<DragEvent>>,
}

/// A row that is let go over another one goes behind it, or before it if that is in its upper half.
fn dragging(by_hand: &ByHand, id: RecordId) -> Drag {
    let ByHand {
        on_move,
        dragged,
        before,
        ..
    } = by_hand.clone();
    let (start, end) = drag_source(&dragged, id, id.to_string());
    Drag {
        start: Some(start),
        // Without this nothing can be let go here.
        over: Some(Callback::from(|event: DragEvent| event.prevent_default())),
        drop: Some(Callback::from(move |event: DragEvent| {
            event.prevent_default();
            let after = if in_upper_half(&event) { before } else { Some(id) };
            if let Some(moved) = dragged.filter(|moved| *moved != id && Some(*moved) != after) {
                on_move.emit((moved, after));
            }
        })),
        end: Some(end),
    }
}

fn in_upper_half(event: &DragEvent) -> bool {
    let over = event.target_dyn_into::<Element>();
    let row = over.and_then(|over| over.closest("tr").ok().flatten());
    row.is_some_and(|row| {
        let place = row.get_bounding_client_rect();
        f64::from(event.client_y()) < place.top() + place.height() / 2.0
    })
}

#[derive(Clone, PartialEq, Properties)]
struct HandleProps {
    by_hand: ByHand,
    id: RecordId,
    /// The row's place.
    index: usize,
    name: String,
}

/// Moves the row: dragged with the mouse, or with the arrow keys.
#[component]
fn Handle(props: &HandleProps) -> Html {
    let HandleProps {
        by_hand,
        id,
        index,
        name,
    } = props.clone();
    let button = use_node_ref();
    let moved = use_mut_ref(|| false);
    use_focus_kept(index, &button, &moved);
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        let ByHand {
            on_move,
            before,
            before_that,
            after,
            ..
        } = &by_hand;
        match (event.key().as_str(), before, after) {
            ("ArrowUp", Some(_), _) => on_move.emit((id, *before_that)),
            ("ArrowDown", _, Some(after)) => on_move.emit((id, Some(*after))),
            _ => return,
        }
        *moved.borrow_mut() = true;
        event.prevent_default();
    });
    html! {
        <button type="button" class="baton-handle" ref={button} {onkeydown} aria-label={t::common::move_by_arrow_keys(&name)}
            title={t::common::drag_or_arrow_keys()}>
            <i class="fas fa-grip-vertical" aria-hidden="true" />
        </button>
    }
}

/// Whether the order of the list is the one by hand.
pub(crate) fn by_hand(sort: Option<&Sort>) -> bool {
    sort.is_some_and(|sort| sort.field == POSITION && !sort.descending)
}
