//! A day, or a day with a time of day: typed in its reader's notation, or chosen from a month.

use baton_locales::t;
use baton_protocol::calendar::{Day, written};
use baton_protocol::field::{FieldType, Value};
use wasm_bindgen::JsCast as _;
use web_sys::{HtmlElement, HtmlInputElement, Node};
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
    let calendar = use_calendar(props.can_edit, &finish);
    let example = formatted(
        &notation::of_dates(),
        with_time,
        if with_time { "2026-05-31 14:30" } else { "2026-05-31" },
    );
    let inner = html! {
        <input ref={calendar.input} id={props.id.clone()} data-field={props.field.name.clone()} type="text"
            aria-label={props.field.label.clone()}
            placeholder={hint(props, &example)} value={shown} readonly={!props.can_edit}
            aria-invalid={props.invalid.to_string()} aria-describedby={props.described.clone()}
            aria-required={props.field.required.to_string()} autocomplete="off"
            {oninput} onkeydown={calendar.on_key} onblur={finish.reform(|_: FocusEvent| ())} />
    };
    html! {
        <div class="baton-date" ref={calendar.place} onkeydown={calendar.on_escape} onfocusout={calendar.on_focus_out}>
            { control(props, inner) }
            if props.can_edit {
                <button type="button" class="baton-date-open" data-picker={props.field.name.clone()} onclick={calendar.toggle}
                    aria-label={t::field::choose_from_calendar(&props.field.label)}
                    aria-haspopup="dialog" aria-expanded={calendar.open.to_string()}>
                    <i class="fas fa-calendar-alt" aria-hidden="true" />
                </button>
            }
            if calendar.open {
                <Picker value={props.value.text().to_owned()} label={props.field.label.clone()} {with_time} {today}
                    on_value={props.on_input.reform(|text: String| Value::from_text(text))} on_close={calendar.close} />
            }
        </div>
    }
}

/// Whether the calendar is open, and what opens and closes it.
struct Calendar {
    open: bool,
    /// The input and everything that belongs to it.
    place: NodeRef,
    input: NodeRef,
    toggle: Callback<MouseEvent>,
    /// Closes it, and goes back to the input.
    close: Callback<()>,
    /// A key in the input.
    on_key: Callback<KeyboardEvent>,
    /// A key anywhere in the place.
    on_escape: Callback<KeyboardEvent>,
    /// The focus leaves something in the place.
    on_focus_out: Callback<FocusEvent>,
}

#[hook]
fn use_calendar(can_edit: bool, finish: &Callback<()>) -> Calendar {
    let open = use_state_eq(|| false);
    let (place, input) = (use_node_ref(), use_node_ref());
    let set = {
        let open = open.setter();
        Callback::from(move |now: bool| open.set(now))
    };
    {
        // Whoever may not edit any more chooses nothing, nor when they may again.
        let set = set.clone();
        use_effect_with(can_edit, move |_| set.emit(false));
    }
    use_press_outside(&place, set.reform(|()| false));
    let close = {
        let (set, input) = (set.clone(), input.clone());
        Callback::from(move |()| {
            set.emit(false);
            if let Some(input) = input.cast::<HtmlElement>() {
                // It can only fail for an element that cannot have the focus.
                input.focus().ok();
            }
        })
    };
    let on_key = {
        let (finish, set) = (finish.clone(), set.clone());
        Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
            "ArrowDown" if can_edit => {
                event.prevent_default();
                event.stop_propagation();
                finish.emit(());
                set.emit(true);
            }
            "Enter" => finish.emit(()),
            _ if keys::command(&event) == Some('s') => finish.emit(()),
            _ => {}
        })
    };
    let is_open = *open && can_edit;
    let on_escape = {
        let close = close.clone();
        Callback::from(move |event: KeyboardEvent| {
            if is_open && event.key() == "Escape" {
                event.prevent_default();
                event.stop_propagation();
                close.emit(());
            }
        })
    };
    let on_focus_out = {
        let (set, place) = (set.clone(), place.clone());
        Callback::from(move |event: FocusEvent| {
            // Where a press gives nothing the focus, none follows.
            let next = event.related_target().and_then(|next| next.dyn_into::<Node>().ok());
            let inside = place.cast::<Node>().is_none_or(|place| place.contains(next.as_ref()));
            if next.is_some() && !inside {
                set.emit(false);
            }
        })
    };
    Calendar {
        open: is_open,
        place,
        input,
        toggle: set.reform(move |_: MouseEvent| !is_open),
        close,
        on_key,
        on_escape,
        on_focus_out,
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
        Some(typed) if parsed(&notation, with_time, typed) == stored => typed.clone(),
        Some(_) | None => formatted(&notation, with_time, stored),
    };
    let oninput = {
        let (props, notation, typed) = (props.clone(), notation.clone(), typed.setter());
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                let text = props.field.fitting(&input.value());
                let value = Value::from_text(parsed(&notation, with_time, &text));
                props.on_input.emit(value);
                typed.set(Some(text));
            }
        })
    };
    let finish = {
        let props = props.clone();
        Callback::from(move |()| {
            let Some(text) = &*typed else { return };
            let meant = if with_time {
                notation.meant_moment(text, today)
            } else {
                notation.meant(text, today)
            };
            // Somebody else, or an undo, changed it since: it stays.
            let is_typed = parsed(&notation, with_time, text) == props.value.text();
            if props.can_edit && is_typed && meant != *text {
                props.on_input.emit(Value::from_text(meant));
            }
            typed.set(None);
        })
    };
    Typed { shown, oninput, finish }
}

/// What is stored, as its reader writes it.
fn formatted(notation: &DateNotation, with_time: bool, stored: &str) -> String {
    if with_time {
        notation.moment(stored)
    } else {
        notation.day(stored)
    }
}

/// What was typed, as it is stored.
fn parsed(notation: &DateNotation, with_time: bool, typed: &str) -> String {
    if with_time {
        notation.stored_moment(typed)
    } else {
        notation.stored_day(typed)
    }
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
    let chosen = notation::day_of(&props.value);
    let time = notation::time_of(&props.value);
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
        let props = props.clone();
        let time = time.clone().unwrap_or_else(|| USUAL_TIME.to_owned());
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
    html! {
        <div class="baton-popover baton-picker" ref={place} role="dialog" aria-label={t::field::choose_value_of(&props.label)}>
            <MonthPicker {chosen} today={props.today} on_choice={on_day} />
            if let (true, Some(day)) = (props.with_time, chosen) {
                <TimeInput day={written(day)} {time} on_value={props.on_value.clone()} on_close={props.on_close.clone()} />
            }
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct TimeInputProps {
    /// The day, as it is stored.
    day: String,
    /// The time, as it is stored, if there is one.
    time: Option<String>,
    on_value: Callback<String>,
    on_close: Callback<()>,
}

/// The time of day. What somebody is typing stays as they type it.
#[component]
fn TimeInput(props: &TimeInputProps) -> Html {
    let typed = use_state_eq(|| None::<String>);
    let time = props.time.clone().unwrap_or_else(|| USUAL_TIME.to_owned());
    let shown = match &*typed {
        Some(typed) => typed.clone(),
        None => notation::of_dates().time(&time).unwrap_or_default(),
    };
    let oninput = {
        let (props, typed) = (props.clone(), typed.setter());
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                let text = input.value();
                if let Some(time) = notation::stored_time(&text) {
                    props.on_value.emit(format!("{} {time}", props.day));
                }
                typed.set(Some(text));
            }
        })
    };
    let onblur = {
        let typed = typed.setter();
        Callback::from(move |_: FocusEvent| typed.set(None))
    };
    let onkeydown = {
        let props = props.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" {
                event.prevent_default();
                event.stop_propagation();
                // What is shown is meant.
                if props.time.is_none() {
                    props.on_value.emit(format!("{} {USUAL_TIME}", props.day));
                }
                props.on_close.emit(());
            }
        })
    };
    html! {
        <label class="baton-picker-time">
            <span>{ t::field::time() }</span>
            <span class="pf-v6-c-form-control">
                <input type="text" id={TIME} value={shown} autocomplete="off" {oninput} {onblur} {onkeydown} />
            </span>
        </label>
    }
}
