//! The records as a calendar: each on the day that it has. One that is put onto another day has that day.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use baton_locales::t;
use baton_protocol::calendar::{Day, YearMonth, days_later, months_later, weeks_of, written};
use baton_protocol::entity::Entity;
use baton_protocol::field::{Field, FieldType, Operator, Value};
use baton_protocol::id::{EntityId, RecordId};
use baton_protocol::list_query::{Filter, ListQuery};
use patternfly_yew::prelude::*;
use yew::prelude::*;
use yew_router::Routable as _;

use super::value_change::{ValueChange, use_value_change};
use crate::components::drag_source;
use crate::hooks::{ListHandle, focus_if_nowhere, use_focus_returned, use_records, use_today};
use crate::route::Route;
use crate::state::records::{Records, Row};
use crate::{format, notation};

/// How many records of a month are shown at most.
const MAX_RECORDS: usize = 1000;

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
    let shown = use_state_eq(|| month_before(entity.id).unwrap_or(this_month));
    use_effect_with((entity.id, *shown), |shown| MONTH.set(Some(*shown)));
    use_focus_returned();
    let weeks = weeks_of(*shown, notation::first_day());
    let handle = use_records(entity.id, &of_days(&props.query, field, &weeks));
    let list = &handle.list;
    use_whole_month(&handle);
    let (move_to, under_way) = use_move_to(entity, field);
    // Moved by keys onto a day: its link has the focus again when it comes up there.
    let moved = use_state_eq(|| None::<(RecordId, Day)>);
    use_moved(&moved, &shown, list, field);
    let by_keys = {
        let (moved, move_to) = (moved.setter(), move_to.clone());
        Callback::from(move |(id, text, day): (RecordId, String, Day)| {
            moved.set(Some((id, day)));
            move_to.emit((id, text, day));
        })
    };
    let dragged = use_state_eq(|| None::<(RecordId, String)>);
    let mut by_day: BTreeMap<String, Vec<&Row>> = BTreeMap::new();
    for row in &list.rows {
        let day = text_of(row, field).chars().take(10).collect();
        by_day.entry(day).or_default().push(row);
    }
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
                <ul>{ for rows.into_iter().map(|row| entry(props, row, *day, &dragged, &by_keys)) }</ul>
            </td>
        }
    };
    html! {
        <div class="baton-calendar">
            { under_way }
            { head(&shown, this_month, list) }
            if let Some(problem) = &list.problem {
                <p class="baton-error">{ problem.message.to_string() }</p>
            }
            <table class="baton-month" aria-label={t::list::list_by(&entity.label_plural, &field.label)}>
                <thead><tr>{ for format::short_weekdays().map(|name| html! { <th scope="col">{ name }</th> }) }</tr></thead>
                <tbody>
                    { for weeks.iter().map(|week| html! { <tr>{ for week.iter().map(day) }</tr> }) }
                </tbody>
            </table>
        </div>
    }
}

/// Reads on until all of the month is there.
#[hook]
fn use_whole_month(handle: &ListHandle) {
    let list = &handle.list;
    let is_answered = list.answered.as_ref() == Some(&list.query);
    let next = list
        .next
        .clone()
        .filter(|_| is_answered && list.rows.len() < MAX_RECORDS);
    let more = handle.more.clone();
    use_effect_with((next, list.answered.clone()), move |(next, _)| {
        if next.is_some() {
            more.emit(());
        }
    });
}

/// The month's name, and the ways to others.
fn head(shown: &UseStateHandle<YearMonth>, this_month: YearMonth, list: &Records) -> Html {
    let go = |to: YearMonth| {
        let shown = shown.setter();
        Callback::from(move |_: MouseEvent| shown.set(to))
    };
    let turn = |icon: &'static str, label: &'static str, months: i32| {
        html! {
            <Button variant={ButtonVariant::Plain} aria_label={label} icon={html! { <i class={icon} aria-hidden="true" /> }}
                onclick={go(months_later(**shown, months))} />
        }
    };
    html! {
        <div class="baton-calendar-head">
            { turn("fas fa-chevron-left", t::field::the_month_before(), -1) }
            <h2 class="pf-v6-c-title pf-m-md" id="month" aria-live="polite">{ format::month(**shown) }</h2>
            { turn("fas fa-chevron-right", t::field::the_next_month(), 1) }
            <Button variant={ButtonVariant::Link} label={t::dates::today()} onclick={go(this_month)} />
            if list.rows.len() >= MAX_RECORDS && list.next.is_some() {
                <span class="baton-quiet">{ t::list::only_some_are_shown(MAX_RECORDS, format::found(list.total, true)) }</span>
            }
        </div>
    }
}

thread_local! {
    /// The month that was shown last, of which list: whoever comes back to it finds it again.
    static MONTH: Cell<Option<(EntityId, YearMonth)>> = Cell::default();
}

fn month_before(entity: EntityId) -> Option<YearMonth> {
    MONTH.get().filter(|(of, _)| *of == entity).map(|(_, month)| month)
}

fn entry_id(id: RecordId) -> String {
    format!("entry-{id}")
}

/// Shows the month of the day that a record was moved onto, and gives it the focus there.
#[hook]
fn use_moved(
    moved: &UseStateHandle<Option<(RecordId, Day)>>,
    shown: &UseStateHandle<YearMonth>,
    list: &Rc<Records>,
    field: &Field,
) {
    let is_there = |(id, day): &(RecordId, Day)| {
        let mut rows = list.rows.iter();
        rows.any(|row| row.record.id == *id && text_of(row, field).starts_with(&written(*day)))
    };
    let there = moved.filter(is_there);
    let (moved, shown) = (moved.clone(), shown.clone());
    use_effect_with((*moved, there), move |(to, there)| {
        let Some((id, day)) = to else { return };
        if there.is_some() {
            focus_if_nowhere(&entry_id(*id));
            moved.set(None);
        } else if !weeks_of(*shown, notation::first_day())
            .iter()
            .flatten()
            .any(|known| known == day)
        {
            shown.set((day.0, day.1));
        }
    });
}

fn text_of<'a>(row: &'a Row, field: &Field) -> &'a str {
    row.record.cells.get(&field.name).map_or("", Value::text)
}

/// The records of the query on these days.
fn of_days(query: &ListQuery, field: &Field, weeks: &[[Day; 7]]) -> ListQuery {
    let mut days = weeks.iter().flatten();
    let (Some(first), Some(last)) = (days.next(), days.next_back()) else {
        return query.clone();
    };
    // After every time of the last day.
    let bounds = Value::from_items([written(*first), format!("{} 23:59", written(*last))]);
    query.and(Filter::new(field.name.as_str(), Operator::Between, bounds))
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
    by_keys: &Callback<(RecordId, String, Day)>,
) -> Html {
    let (id, text) = (row.record.id, text_of(row, &props.field).to_owned());
    let source = props
        .can_move
        .then(|| drag_source(dragged, (id, text.clone()), id.to_string()));
    let (ondragstart, ondragend) = source.unzip();
    let onkeydown = {
        let (by_keys, text) = (by_keys.clone(), text.clone());
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
                by_keys.emit((id, text.clone(), to));
            }
        })
    };
    let title = format::title(&row.record.title);
    let time = text.split_once(' ').map(|(_, time)| format!("{time} "));
    let hint = props.can_move.then_some(t::list::drag_onto_another_day());
    html! {
        <li key={id.to_string()} data-record={row.record.title.clone()} data-id={id.to_string()} draggable={props.can_move.then_some("true")}
            {ondragstart} {ondragend}>
            <a id={entry_id(id)} href={format!("#{}", Route::record(props.entity.id, id).to_path())} draggable="false" title={hint}
                onkeydown={props.can_move.then_some(onkeydown)}>{ time }{ title }</a>
        </li>
    }
}
