//! The records as a calendar: each on the day that it has. One that is put onto another day has that day.

use std::collections::BTreeMap;
use std::sync::Arc;

use baton_protocol::calendar::{Day, YearMonth, days_later, months_later, weeks_of, written};
use baton_protocol::entity::Entity;
use baton_protocol::field::{Field, FieldType, Operator, Value};
use baton_protocol::id::RecordId;
use baton_protocol::list_query::{Filter, ListQuery};
use patternfly_yew::prelude::*;
use yew::prelude::*;
use yew_router::Routable as _;

use super::value_change::{ValueChange, use_value_change};
use crate::components::begin_drag;
use crate::format;
use crate::hooks::{use_records, use_today};
use crate::route::Route;
use crate::state::records::Row;

/// How many records of a month are shown at most.
const MOST: usize = 1000;
const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct RecordCalendarProps {
    /// What it is a calendar of.
    pub(crate) entity: Arc<Entity>,
    /// Which records.
    pub(crate) query: ListQuery,
    /// The date.
    pub(crate) field: Field,
    /// Whether records can be put onto other days.
    pub(crate) can_move: bool,
}

/// A month, and the ways to others.
#[component]
pub(crate) fn RecordCalendar(props: &RecordCalendarProps) -> Html {
    let RecordCalendarProps { entity, field, .. } = props;
    let today = use_today();
    let this_month: YearMonth = (today.0, today.1);
    let shown = use_state_eq(|| this_month);
    let weeks = weeks_of(*shown);
    let handle = use_records(entity.id, &of_days(&props.query, field, &weeks), None);
    let list = &handle.list;
    {
        let more = handle.more.clone();
        let goes_on = list.next.is_some() && list.rows.len() < MOST;
        use_effect_with((goes_on, list.rows.len()), move |(goes_on, _)| {
            if *goes_on {
                more.emit(());
            }
        });
    }
    let (move_to, under_way) = use_move_to(entity, field);
    let dragged = use_state_eq(|| None::<(RecordId, String)>);
    let mut by_day: BTreeMap<String, Vec<&Row>> = BTreeMap::new();
    for row in &list.rows {
        let day = text_of(row, field).chars().take(10).collect();
        by_day.entry(day).or_default().push(row);
    }
    let go = |to: YearMonth| {
        let shown = shown.setter();
        Callback::from(move |_: MouseEvent| shown.set(to))
    };
    let turn = |icon: &'static str, label: &'static str, months: i32| {
        html! {
            <Button variant={ButtonVariant::Plain} aria_label={label} icon={html! { <i class={icon} aria-hidden="true" /> }}
                onclick={go(months_later(*shown, months))} />
        }
    };
    let day = |day: &Day| {
        let rows = by_day.get(&written(*day)).cloned().unwrap_or_default();
        let class = classes!(
            "baton-day",
            ((day.0, day.1) != *shown).then_some("baton-day-outside"),
            (*day == today).then_some("baton-today"),
        );
        html! {
            <td {class} data-day={written(*day)} aria-current={(*day == today).then_some("date")}
                ondragover={|event: DragEvent| event.prevent_default()} ondrop={dropped(*day, &dragged, &move_to)}>
                <span class="baton-day-number">{ day.2 }</span>
                <ul>{ for rows.into_iter().map(|row| entry(props, row, *day, &dragged, &move_to)) }</ul>
            </td>
        }
    };
    html! {
        <div class="baton-calendar">
            { under_way }
            <div class="baton-calendar-head">
                { turn("fas fa-chevron-left", "The month before", -1) }
                <h2 class="pf-v6-c-title pf-m-md" id="month" aria-live="polite">{ format::month(*shown) }</h2>
                { turn("fas fa-chevron-right", "The next month", 1) }
                <Button variant={ButtonVariant::Link} label="Today" onclick={go(this_month)} />
                if list.rows.len() >= MOST && list.next.is_some() {
                    <span class="baton-quiet">{ format!("Only {MOST} of {} are shown.", format::found(list.total, true)) }</span>
                }
            </div>
            if let Some(problem) = &list.problem {
                <p class="baton-error">{ &problem.message }</p>
            }
            <table class="baton-month" aria-label={format!("{} by {}", entity.label_plural, field.label)}>
                <thead><tr>{ for WEEKDAYS.map(|name| html! { <th scope="col">{ name }</th> }) }</tr></thead>
                <tbody>
                    { for weeks.iter().map(|week| html! { <tr>{ for week.iter().map(day) }</tr> }) }
                </tbody>
            </table>
        </div>
    }
}

fn text_of<'a>(row: &'a Row, field: &Field) -> &'a str {
    row.record.cells.get(&field.name).map_or("", Value::text)
}

/// The records of the query on these days.
fn of_days(query: &ListQuery, field: &Field, weeks: &[[Day; 7]]) -> ListQuery {
    let mut query = query.clone();
    let days: Vec<Day> = weeks.iter().flatten().copied().collect();
    if let (Some(first), Some(last)) = (days.first(), days.last()) {
        // After every time of the last day.
        let bounds = Value::from_items([written(*first), format!("{} 23:59", written(*last))]);
        query
            .filters
            .push(Filter::new(field.name.as_str(), Operator::Between, bounds));
    }
    query
}

/// Puts a record onto another day; it keeps its time of the day.
#[hook]
fn use_move_to(entity: &Entity, field: &Field) -> (Callback<(RecordId, String, Day)>, Html) {
    let (change, under_way) = use_value_change(entity.id);
    let (name, has_time) = (field.name.clone(), field.field_type == FieldType::DateTime);
    let move_to = Callback::from(move |(record, before, day): (RecordId, String, Day)| {
        let text = match before.split_once(' ') {
            Some((_, time)) if has_time => format!("{} {time}", written(day)),
            Some(_) | None => written(day),
        };
        if text != before {
            let (field, value) = (name.clone(), Value::from_text(text));
            change.emit(ValueChange { record, field, value });
        }
    });
    (move_to, under_way)
}

/// The record that is dragged, and the date that it has.
type Dragged = UseStateHandle<Option<(RecordId, String)>>;

/// What is let go over a day is put onto it.
fn dropped(day: Day, dragged: &Dragged, move_to: &Callback<(RecordId, String, Day)>) -> Callback<DragEvent> {
    let (dragged, move_to) = (dragged.clone(), move_to.clone());
    Callback::from(move |event: DragEvent| {
        event.prevent_default();
        if let Some((id, text)) = (*dragged).clone() {
            move_to.emit((id, text, day));
        }
        dragged.set(None);
    })
}

/// A record on its day.
fn entry(
    props: &RecordCalendarProps,
    row: &Row,
    day: Day,
    dragged: &Dragged,
    move_to: &Callback<(RecordId, String, Day)>,
) -> Html {
    let (id, text) = (row.record.id, text_of(row, &props.field).to_owned());
    let ondragstart = {
        let (dragged, text) = (dragged.setter(), text.clone());
        Callback::from(move |event: DragEvent| {
            begin_drag(&event, &id.to_string());
            dragged.set(Some((id, text.clone())));
        })
    };
    let ondragend = {
        let dragged = dragged.setter();
        Callback::from(move |_: DragEvent| dragged.set(None))
    };
    let onkeydown = {
        let (move_to, text) = (move_to.clone(), text.clone());
        Callback::from(move |event: KeyboardEvent| {
            let days = match event.key().as_str() {
                "ArrowLeft" => -1,
                "ArrowRight" => 1,
                "ArrowUp" => -7,
                "ArrowDown" => 7,
                _ => return,
            };
            if event.shift_key()
                && let Some(to) = days_later(day, days)
            {
                event.prevent_default();
                move_to.emit((id, text.clone(), to));
            }
        })
    };
    let title = match row.record.title.as_str() {
        "" => "Untitled",
        title => title,
    };
    let time = text.split_once(' ').map(|(_, time)| format!("{time} "));
    let hint = props
        .can_move
        .then_some("Drag it onto another day, or press Shift with an arrow key");
    html! {
        <li key={id.to_string()} data-record={row.record.title.clone()} draggable={props.can_move.then_some("true")}
            {ondragstart} {ondragend}>
            <a href={format!("#{}", Route::record(props.entity.id, id).to_path())} draggable="false" title={hint}
                onkeydown={props.can_move.then_some(onkeydown)}>{ time }{ title }</a>
        </li>
    }
}
