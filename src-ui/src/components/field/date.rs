//! A day, or a day with a time of day: typed in its reader's notation, or chosen from a month.

use baton_protocol::calendar::{Day, written};
use baton_protocol::field::{FieldType, Value};
use web_sys::{HtmlElement, HtmlInputElement};
use yew::prelude::*;

use super::month::MonthPicker;
use super::{FieldInputProps, control, hint};
use crate::hooks::{focus_on, use_press_outside, use_today};
use crate::keys;
use crate::notation::{self, DateNotation};

/// The time of a day that was chosen before anybody said one.
const USUAL_TIME: &str = "09:00";
/// The id of the time's input; one picker is open at a time.
const TIME: &str = "picker-time";

/// The input of a day or a moment.
#[component]
pub(super) fn Date(props: &FieldInputProps) -> Html {
    let with_time = props.field.field_type == FieldType::DateTime;
    let today = use_today();
    let Typed { shown, oninput, finish } = use_typed(props, today);
    let open = use_state_eq(|| false);
    let (place, input) = (use_node_ref(), use_node_ref());
    use_press_outside(&place, {
        let open = open.setter();
        Callback::from(move |()| open.set(false))
    });
    let close = {
        let (open, input) = (open.setter(), input.clone());
        Callback::from(move |()| {
            open.set(false);
            if let Some(input) = input.cast::<HtmlElement>() {
                // It can only fail for an element that cannot have the focus.
                input.focus().ok();
            }
        })
    };
    let onkeydown = {
        let (finish, open, can_edit) = (finish.clone(), open.setter(), props.can_edit);
        Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
            "ArrowDown" if can_edit => {
                event.prevent_default();
                event.stop_propagation();
                finish.emit(());
                open.set(true);
            }
            "Enter" => finish.emit(()),
            _ if keys::command(&event) == Some('s') => finish.emit(()),
            _ => {}
        })
    };
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let example = read_by(
        &notation::of_dates(),
        with_time,
        if with_time { "2026-05-31 14:30" } else { "2026-05-31" },
    );
    let inner = html! {
        <input ref={input} id={props.id.clone()} data-field={props.field.name.clone()} type="text"
            placeholder={hint(props, &example)} value={shown} readonly={!props.can_edit}
            aria-invalid={props.invalid.to_string()} aria-describedby={props.described.clone()}
            aria-required={props.field.required.to_string()} autocomplete="off"
            {oninput} {onkeydown} onblur={finish.reform(|_: FocusEvent| ())} />
    };
    if !props.can_edit {
        return control(props, inner);
    }
    html! {
        <div class="baton-date" ref={place}>
            { control(props, inner) }
            <button type="button" class="baton-date-open" data-picker={props.field.name.clone()} onclick={toggle}
                aria-label={format!("Choose {} from a calendar", props.field.label)} aria-expanded={open.to_string()}>
                <i class="fas fa-calendar-alt" aria-hidden="true" />
            </button>
            if *open {
                <Picker value={props.value.text().to_owned()} label={props.field.label.clone()} {with_time} {today}
                    on_value={props.on_input.reform(|text: String| Value::from_text(text))} on_close={close} />
            }
        </div>
    }
}

/// What an input of a date shows, and what becomes of what is typed into it.
struct Typed {
    shown: String,
    oninput: Callback<InputEvent>,
    /// Whoever is done means a whole date.
    finish: Callback<()>,
}

/// What somebody is typing stays as they type it.
#[hook]
fn use_typed(props: &FieldInputProps, today: Day) -> Typed {
    let notation = notation::of_dates();
    let with_time = props.field.field_type == FieldType::DateTime;
    let typed = use_state_eq(|| None::<String>);
    let stored = props.value.text();
    let shown = match &*typed {
        Some(typed) if read(&notation, with_time, typed) == stored => typed.clone(),
        Some(_) | None => read_by(&notation, with_time, stored),
    };
    let oninput = {
        let (props, notation, typed) = (props.clone(), notation.clone(), typed.setter());
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                let text = props.field.fitting(&input.value());
                let value = Value::from_text(read(&notation, with_time, &text));
                props.on_input.emit(value);
                typed.set(Some(text));
            }
        })
    };
    let finish = {
        let props = props.clone();
        Callback::from(move |()| {
            let Some(text) = &*typed else { return };
            let meant = notation.meant(text, today);
            if props.can_edit && meant != props.value.text() && meant != *text {
                props.on_input.emit(Value::from_text(meant));
            }
            typed.set(None);
        })
    };
    Typed { shown, oninput, finish }
}

/// What is stored, as its reader writes it.
fn read_by(notation: &DateNotation, with_time: bool, stored: &str) -> String {
    if with_time {
        notation.moment(stored)
    } else {
        notation.day(stored)
    }
}

/// What was typed, as it is stored.
fn read(notation: &DateNotation, with_time: bool, typed: &str) -> String {
    if with_time {
        notation.stored_moment(typed)
    } else {
        notation.stored_day(typed)
    }
}

/// The day of a stored day or moment.
fn day_of(stored: &str) -> Option<Day> {
    let mut parts = stored.get(..10)?.split('-');
    let day = (
        parts.next()?.parse().ok()?,
        parts.next()?.parse().ok()?,
        parts.next()?.parse().ok()?,
    );
    baton_protocol::calendar::is_valid_day(day).then_some(day)
}

#[derive(Clone, PartialEq, Properties)]
struct PickerProps {
    /// What is stored.
    value: String,
    /// What the field is called.
    label: String,
    with_time: bool,
    today: Day,
    on_value: Callback<String>,
    on_close: Callback<()>,
}

/// A month to choose a day of, with the time of day below it where there is one.
#[component]
fn Picker(props: &PickerProps) -> Html {
    let place = use_node_ref();
    {
        let place = place.clone();
        use_effect_with((), move |()| {
            if let Some(place) = place.cast::<HtmlElement>() {
                let how = web_sys::ScrollIntoViewOptions::new();
                how.set_block(web_sys::ScrollLogicalPosition::Nearest);
                place.scroll_into_view_with_scroll_into_view_options(&how);
            }
        });
    }
    let chosen = day_of(&props.value);
    let time = props.value.get(11..).filter(|time| time.len() == 5);
    // Whoever chose the day goes on with its time.
    let asks_time = use_mut_ref(|| false);
    {
        let asks_time = asks_time.clone();
        use_effect_with(chosen, move |_| {
            if asks_time.replace(false) {
                focus_on(TIME);
            }
        });
    }
    let on_day = {
        let (props, time) = (props.clone(), time.unwrap_or(USUAL_TIME).to_owned());
        Callback::from(move |day: Day| {
            if !props.with_time {
                props.on_value.emit(written(day));
                return props.on_close.emit(());
            }
            props.on_value.emit(format!("{} {time}", written(day)));
            if chosen == Some(day) {
                focus_on(TIME);
            } else {
                asks_time.replace(true);
            }
        })
    };
    let onkeydown = {
        let on_close = props.on_close.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                event.prevent_default();
                event.stop_propagation();
                on_close.emit(());
            }
        })
    };
    html! {
        <div class="baton-popover baton-picker" ref={place} role="dialog" {onkeydown} aria-label={format!("Choose {}", props.label)}>
            <MonthPicker {chosen} today={props.today} on_choice={on_day} />
            if let (true, Some(day)) = (props.with_time, chosen) {
                <TimeInput day={written(day)} time={time.unwrap_or(USUAL_TIME).to_owned()} on_value={props.on_value.clone()}
                    on_close={props.on_close.clone()} />
            }
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct TimeInputProps {
    /// The day, as it is stored.
    day: String,
    /// The time, as it is stored.
    time: String,
    on_value: Callback<String>,
    on_close: Callback<()>,
}

/// The time of day.
#[component]
fn TimeInput(props: &TimeInputProps) -> Html {
    let notation = notation::of_dates();
    let shown = notation.time(&props.time).unwrap_or_default();
    let onchange = {
        let (props, notation) = (props.clone(), notation.clone());
        Callback::from(move |event: Event| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                match notation::stored_time(&input.value()) {
                    Some(time) => props.on_value.emit(format!("{} {time}", props.day)),
                    // It is no time: the one before stays.
                    None => input.set_value(&notation.time(&props.time).unwrap_or_default()),
                }
            }
        })
    };
    let onkeydown = {
        let on_close = props.on_close.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" {
                // What was typed is heard of when the focus leaves.
                event.prevent_default();
                event.stop_propagation();
                on_close.emit(());
            }
        })
    };
    html! {
        <label class="baton-picker-time">
            <span>{ "Time" }</span>
            <span class="pf-v6-c-form-control">
                <input type="text" id={TIME} value={shown} autocomplete="off" {onchange} {onkeydown} />
            </span>
        </label>
    }
}
