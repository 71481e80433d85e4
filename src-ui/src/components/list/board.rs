//! The records as a board: a lane for each option of a choice. A card that is put into another lane has that option.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use baton_locales::t;
use baton_protocol::entity::Entity;
use baton_protocol::field::{ChoiceOption, Field, Operator, OptionColour, Value};
use baton_protocol::id::RecordId;
use baton_protocol::list_query::{Filter, ListQuery, column};
use baton_protocol::values::STATUS;
use patternfly_yew::prelude::*;
use yew::prelude::*;

use super::cell::{cell, option_label, title};
use super::value_change::{ValueChange, use_value_change};
use crate::components::drag_source;
use crate::hooks::{focus_if_nowhere, use_focus_returned, use_records};
use crate::state::records::Row;
use crate::{format, words};

/// How many lanes a board has at most: each is a list of its own.
const MAX_LANES: usize = 24;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct RecordBoardProps {
    /// What it is a board of.
    pub(crate) entity: Arc<Entity>,
    /// Which records, in which order within a lane.
    pub(crate) query: ListQuery,
    /// The choice.
    pub(crate) field: Field,
    /// What each card shows besides the title.
    pub(crate) columns: Vec<String>,
    /// What of a record the server does not have yet.
    pub(crate) waiting: BTreeMap<RecordId, String>,
    /// Whether cards can be put into other lanes.
    pub(crate) can_move: bool,
}

/// The lanes, and one for what has no option.
#[component]
pub(crate) fn RecordBoard(props: &RecordBoardProps) -> Html {
    let RecordBoardProps {
        entity, query, field, ..
    } = props;
    let (change, under_way) = use_value_change(entity.id);
    let dragged = use_state_eq(|| None::<RecordId>);
    // Moved by keyboard into a lane: its handle has the focus again when it comes up there.
    let moved = use_state_eq(|| None::<(RecordId, usize)>);
    let columns = props.columns.iter().filter(|name| **name != field.name);
    let columns: Rc<Vec<Field>> = Rc::new(columns.filter_map(|name| column(entity, name)).collect());
    let mut lanes: Vec<ChoiceOption> = field.offered().cloned().collect();
    for lane in &mut lanes {
        lane.label = words::option(field, &lane.id);
    }
    // A draft may lack what a published record needs; nothing lacks a status.
    if field.name != STATUS {
        lanes.push(ChoiceOption::new("", t::list::without(&field.label)));
    }
    let cut = lanes.len().saturating_sub(MAX_LANES);
    lanes.truncate(MAX_LANES);
    let lanes: Rc<Vec<ChoiceOption>> = Rc::new(lanes);
    let put = {
        let (name, lanes) = (field.name.clone(), Rc::clone(&lanes));
        Callback::from(move |(record, lane): (RecordId, usize)| {
            if let Some(option) = lanes.get(lane) {
                let (field, value) = (name.clone(), Value::from_text(option.id.as_str()));
                change.emit(ValueChange { record, field, value });
            }
        })
    };
    html! {
        <>
        { under_way }
        if cut > 0 {
            <p class="baton-quiet">{ t::list::too_many_options(&field.label, cut) }</p>
        }
        <div class="baton-board" role="group" aria-label={t::list::list_by(&entity.label_plural, &field.label)}>
            { for lanes.iter().enumerate().map(|(lane, option)| html! {
                <Lane key={option.id.clone()} entity={entity.clone()} query={of_option(query, field, &option.id)} option={option.clone()} {lane} lanes={lanes.len()}
                    columns={columns.clone()} waiting={props.waiting.clone()} can_move={props.can_move} dragged={dragged.clone()} moved={moved.clone()} put={put.clone()} />
            }) }
        </div>
        </>
    }
}

/// The records of the query that have the option, or none.
fn of_option(query: &ListQuery, field: &Field, option: &str) -> ListQuery {
    let operator = if option.is_empty() {
        Operator::IsEmpty
    } else {
        Operator::Is
    };
    query.and(Filter::new(field.name.as_str(), operator, Value::from_text(option)))
}

#[derive(Clone, PartialEq, Properties)]
struct LaneProps {
    entity: Arc<Entity>,
    query: ListQuery,
    option: ChoiceOption,
    /// Its place on the board, from 0.
    lane: usize,
    /// How many there are.
    lanes: usize,
    columns: Rc<Vec<Field>>,
    waiting: BTreeMap<RecordId, String>,
    can_move: bool,
    dragged: UseStateHandle<Option<RecordId>>,
    moved: UseStateHandle<Option<(RecordId, usize)>>,
    put: Callback<(RecordId, usize)>,
}

#[component]
fn Lane(props: &LaneProps) -> Html {
    let handle = use_records(props.entity.id, &props.query);
    let list = &handle.list;
    use_focus_returned();
    {
        let is_here = |id: &RecordId| list.rows.iter().any(|row| row.record.id == *id);
        let awaited = props.moved.filter(|(_, lane)| *lane == props.lane).map(|(id, _)| id);
        let moved = props.moved.setter();
        use_effect_with(awaited.filter(is_here), move |came| {
            if let Some(id) = came {
                focus_if_nowhere(&handle_id(*id));
                moved.set(None);
            }
        });
    }
    let is_over = use_state_eq(|| false);
    let ondragover = {
        let (dragged, is_over) = (props.dragged.clone(), is_over.setter());
        Callback::from(move |event: DragEvent| {
            if dragged.is_some() {
                event.prevent_default();
                is_over.set(true);
            }
        })
    };
    let ondragleave = {
        let is_over = is_over.setter();
        Callback::from(move |_: DragEvent| is_over.set(false))
    };
    let ondrop = {
        let (dragged, put, lane) = (props.dragged.clone(), props.put.clone(), props.lane);
        let is_over = is_over.setter();
        let own: Vec<RecordId> = list.rows.iter().map(|row| row.record.id).collect();
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            is_over.set(false);
            if let Some(id) = dragged.filter(|id| !own.contains(id)) {
                put.emit((id, lane));
            }
            dragged.set(None);
        })
    };
    let total = format::found(list.total, true);
    let label = &props.option.label;
    html! {
        <section class={classes!("baton-lane", is_over.then_some("baton-lane-over"))} data-lane={label.clone()}
            aria-label={label.clone()} {ondragover} {ondragleave} {ondrop}>
            <h2 class="baton-lane-head">
                if props.option.colour == OptionColour::Plain {
                    { label }
                } else {
                    { option_label(label.clone(), props.option.colour) }
                }
                <span class="baton-quiet" title={total}>{ list.total }</span>
            </h2>
            if let Some(problem) = &list.problem {
                <p class="baton-error">{ problem.message.to_string() }</p>
            }
            <ul class="baton-lane-cards">
                { for list.rows.iter().map(|row| card(props, row)) }
            </ul>
            if list.next.is_some() {
                <Button variant={ButtonVariant::Link} label={t::common::show_more()} onclick={handle.more.reform(|_: MouseEvent| ())} />
            }
        </section>
    }
}

fn handle_id(id: RecordId) -> String {
    format!("card-{id}")
}

fn card(props: &LaneProps, row: &Row) -> Html {
    let id = row.record.id;
    let source = props.can_move.then(|| drag_source(&props.dragged, id, id.to_string()));
    let (ondragstart, ondragend) = source.unzip();
    let facts = props.columns.iter().filter(|field| {
        let value = row.record.cells.get(&field.name);
        field.field_type.info().searched && value.is_some_and(|value| !value.is_blank())
    });
    let waits = props.waiting.get(&id).map(String::as_str);
    html! {
        <li key={id.to_string()} class={classes!("baton-record-card", (*props.dragged == Some(id)).then_some("baton-dragged"))}
            data-record={row.record.title.clone()} data-id={id.to_string()} draggable={props.can_move.then_some("true")} {ondragstart} {ondragend}>
            <div class="baton-card-title">
                if props.can_move {
                    { move_handle(props, row) }
                }
                { title(&props.entity, &row.record, row.editing.as_ref(), row.unsaved.as_ref(), waits) }
            </div>
            { for facts.take(3).map(|field| html! { <div class="baton-quiet">{ cell(field, &row.record) }</div> }) }
        </li>
    }
}

/// Puts the card into the next lane, or the one before, with the arrow keys.
fn move_handle(props: &LaneProps, row: &Row) -> Html {
    let id = row.record.id;
    let onkeydown = {
        let (put, moved, lane, lanes) = (props.put.clone(), props.moved.setter(), props.lane, props.lanes);
        Callback::from(move |event: KeyboardEvent| {
            let to = match event.key().as_str() {
                "ArrowLeft" => lane.checked_sub(1),
                "ArrowRight" => Some(lane + 1).filter(|to| *to < lanes),
                _ => return,
            };
            event.prevent_default();
            if let Some(to) = to {
                moved.set(Some((id, to)));
                put.emit((id, to));
            }
        })
    };
    html! {
        <button type="button" id={handle_id(id)} class="baton-handle" {onkeydown} title={t::common::drag_or_arrow_keys()}
            aria-label={t::common::move_by_arrow_keys(&row.record.title)}>
            <i class="fas fa-grip-vertical" aria-hidden="true" />
        </button>
    }
}
