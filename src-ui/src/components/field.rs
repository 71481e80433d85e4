//! One input per type of field, chosen by the table of types in `protocol::field`.

use baton_protocol::field::{Field, FieldType, Value};
use web_sys::{HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct FieldInputProps {
    /// The input's id.
    pub(crate) id: String,
    /// The field.
    pub(crate) field: Field,
    /// What it holds.
    pub(crate) value: Value,
    /// Whether the viewer may change it. The only thing that decides whether an input is disabled.
    pub(crate) can_edit: bool,
    /// Whether it could not be saved.
    pub(crate) invalid: bool,
    /// The id of the text that explains it.
    pub(crate) described: String,
    /// What was typed.
    pub(crate) on_input: Callback<Value>,
}

/// The input of a field.
#[component]
pub(crate) fn FieldInput(props: &FieldInputProps) -> Html {
    match props.field.field_type {
        FieldType::Text => line(props, "text", "", ""),
        FieldType::Number => line(props, "text", "decimal", "0.00"),
        FieldType::Date => line(props, "text", "numeric", "2026-05-31"),
        FieldType::Textarea => paragraph(props),
        FieldType::Boolean => switch(props),
        FieldType::Select => choice(props),
    }
}

/// Tells what an input holds when it says that it changed.
fn heard<E, I>(props: &FieldInputProps, read: fn(&I) -> Value) -> Callback<E>
where
    E: TargetCast + AsRef<web_sys::Event> + 'static,
    I: AsRef<web_sys::EventTarget> + wasm_bindgen::JsCast + 'static,
{
    let on_input = props.on_input.clone();
    Callback::from(move |event: E| {
        if let Some(input) = event.target_dyn_into::<I>() {
            on_input.emit(read(&input));
        }
    })
}

fn control(props: &FieldInputProps, inner: Html) -> Html {
    let class = classes!(
        "pf-v6-c-form-control",
        (!props.can_edit).then_some("pf-m-disabled"),
        props.invalid.then_some("pf-m-error"),
        (props.field.field_type == FieldType::Textarea).then_some("pf-m-textarea"),
    );
    html! { <span {class}>{ inner }</span> }
}

fn line(props: &FieldInputProps, kind: &'static str, mode: &'static str, hint: &'static str) -> Html {
    let oninput = heard::<InputEvent, HtmlInputElement>(props, |input| Value::of_text(input.value()));
    control(
        props,
        html! {
            <input id={props.id.clone()} data-field={props.field.name.clone()} type={kind} inputmode={mode}
                placeholder={hint} value={props.value.text().to_owned()} disabled={!props.can_edit}
                aria-invalid={props.invalid.to_string()} aria-describedby={props.described.clone()}
                autocomplete="off" {oninput} />
        },
    )
}

fn paragraph(props: &FieldInputProps) -> Html {
    let oninput = heard::<InputEvent, HtmlTextAreaElement>(props, |input| Value::of_text(input.value()));
    control(
        props,
        html! {
            <textarea id={props.id.clone()} data-field={props.field.name.clone()} rows="4"
                value={props.value.text().to_owned()} disabled={!props.can_edit}
                aria-invalid={props.invalid.to_string()} aria-describedby={props.described.clone()} {oninput} />
        },
    )
}

fn switch(props: &FieldInputProps) -> Html {
    let checked = props.value == Value::Flag(true);
    let onchange = heard::<Event, HtmlInputElement>(props, |input| Value::Flag(input.checked()));
    html! {
        <label class="pf-v6-c-switch" for={props.id.clone()}>
            <input id={props.id.clone()} data-field={props.field.name.clone()} class="pf-v6-c-switch__input"
                type="checkbox" role="switch" {checked} disabled={!props.can_edit}
                aria-describedby={props.described.clone()} {onchange} />
            <span class="pf-v6-c-switch__toggle" />
            <span class="pf-v6-c-switch__label">{ if checked { "Yes" } else { "No" } }</span>
        </label>
    }
}

fn choice(props: &FieldInputProps) -> Html {
    let onchange = heard::<Event, HtmlSelectElement>(props, |select| Value::of_text(select.value()));
    let present = props.value.text();
    let known = present.is_empty() || props.field.options.iter().any(|option| option == present);
    control(
        props,
        html! {
            <>
                <select id={props.id.clone()} data-field={props.field.name.clone()} disabled={!props.can_edit}
                    aria-invalid={props.invalid.to_string()} aria-describedby={props.described.clone()} {onchange}>
                    <option value="" selected={present.is_empty()}>{ "Choose…" }</option>
                    { for props.field.options.iter().map(|option| html! {
                        <option key={option.clone()} value={option.clone()} selected={option == present}>{ capitalised(option) }</option>
                    }) }
                    if !known {
                        <option value={present.to_owned()} selected=true>{ format!("{present} (no longer offered)") }</option>
                    }
                </select>
                <span class="pf-v6-c-form-control__utilities">
                    <span class="pf-v6-c-form-control__toggle-icon">
                        <i class="fas fa-caret-down" aria-hidden="true" />
                    </span>
                </span>
            </>
        },
    )
}

fn capitalised(option: &str) -> String {
    let mut letters = option.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}
