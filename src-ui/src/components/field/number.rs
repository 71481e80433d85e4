//! A number in its reader's notation, with what it counts behind it.

use baton_protocol::field::Value;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::{FieldInputProps, control, hint};
use crate::notation;

/// The input of a number. What somebody is typing stays as they type it.
#[component]
pub(super) fn Number(props: &FieldInputProps) -> Html {
    let notation = notation::of_numbers();
    let typed = use_state_eq(|| None::<String>);
    let stored = props.value.text();
    let shown = match &*typed {
        Some(typed) if notation.stored(typed) == stored => typed.clone(),
        Some(_) | None => notation.number(stored),
    };
    let oninput = {
        let (on_input, field, typed) = (props.on_input.clone(), props.field.clone(), typed.setter());
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                let text = field.fitting(&input.value());
                // What a list shows can be pasted.
                let text = text
                    .trim_end()
                    .strip_suffix(&field.unit)
                    .map_or(text.as_str(), str::trim_end)
                    .to_owned();
                on_input.emit(Value::from_text(notation.stored(&text)));
                typed.set(Some(text));
            }
        })
    };
    let entered = use_mut_ref(|| false);
    let onblur = {
        let (typed, entered) = (typed.setter(), entered.clone());
        Callback::from(move |_: FocusEvent| {
            typed.set(None);
            entered.replace(false);
        })
    };
    // A number is mostly replaced: the first press selects it, the next one puts the cursor.
    let onclick = Callback::from(move |event: MouseEvent| {
        if let Some(input) = event
            .target_dyn_into::<HtmlInputElement>()
            .filter(|_| !entered.replace(true))
        {
            input.select();
        }
    });
    let unit = format!("{}-unit", props.id);
    let described = match props.field.unit.as_str() {
        "" => props.described.clone(),
        _ => format!("{} {unit}", props.described),
    };
    let input = html! {
        <input id={props.id.clone()} aria-label={props.field.label.clone()} data-field={props.field.name.clone()} type="text" inputmode="decimal"
            placeholder={hint(props, &notation.number("0.00"))} value={shown} readonly={!props.can_edit}
            aria-invalid={props.invalid.to_string()} aria-describedby={described}
            aria-required={props.field.required.to_string()} autocomplete="off" {oninput} {onblur} {onclick} />
    };
    if props.field.unit.is_empty() {
        return control(props, input);
    }
    html! {
        <div class="baton-amount">
            { control(props, input) }
            <span class="baton-unit" id={unit} data-unit={props.field.name.clone()}>{ &props.field.unit }</span>
        </div>
    }
}
