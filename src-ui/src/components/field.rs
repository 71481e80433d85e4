//! One input per type of field, chosen by the table of types in `protocol::field`.

mod choices;
mod date;
mod file;
mod image_dialog;
mod month;
mod number;
mod relation;
mod rich_text;

use baton_locales::t;
use baton_protocol::field::{Field, FieldType, Value};
use web_sys::{HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

use choices::{checkboxes, radio};
use date::Date;
use file::FileField;
pub(crate) use file::{CardImage, FileName};
use number::Number;
pub(crate) use relation::RecordTitles;
use relation::Relation;
use rich_text::RichText;

use crate::hooks::use_chosen;
use crate::words;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct FieldInputProps {
    /// The input's id.
    pub(crate) id: String,
    /// The field.
    pub(crate) field: Field,
    /// What it holds.
    pub(crate) value: Value,
    /// Whether the viewer may change it. The only thing that decides whether an input can be changed.
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
        FieldType::Text => line(props, "text", ""),
        FieldType::Email => line(props, "email", "name@example.org"),
        FieldType::Url => line(props, "url", "https://"),
        FieldType::Number => html! { <Number ..props.clone() /> },
        FieldType::Date | FieldType::DateTime => html! { <Date ..props.clone() /> },
        FieldType::Textarea => paragraph(props),
        FieldType::RichText => html! { <RichText ..props.clone() /> },
        FieldType::Boolean => switch(props),
        FieldType::Select => html! { <Choice ..props.clone() /> },
        FieldType::Radio => radio(props),
        FieldType::Checkboxes => checkboxes(props),
        FieldType::Relation => html! { <Relation ..props.clone() /> },
        FieldType::File | FieldType::Image => html! { <FileField ..props.clone() /> },
    }
}

/// Tells what an input holds when it says that it changed.
fn heard<E, I>(props: &FieldInputProps, read: impl Fn(&I) -> Value + 'static) -> Callback<E>
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
        (!props.can_edit).then_some("baton-seen"),
        props.invalid.then_some("pf-m-error"),
        (props.field.field_type == FieldType::Textarea).then_some("pf-m-textarea"),
    );
    html! { <span {class}>{ inner }</span> }
}

/// What an empty input shows: what the definition says, or what a value of the type looks like.
fn hint(props: &FieldInputProps, usual: &str) -> String {
    match props.field.placeholder.as_str() {
        "" if props.can_edit => usual.to_owned(),
        "" => String::new(),
        own => own.to_owned(),
    }
}

fn line(props: &FieldInputProps, mode: &'static str, usual: &str) -> Html {
    let field = props.field.clone();
    let oninput =
        heard::<InputEvent, HtmlInputElement>(props, move |input| Value::from_text(field.fitting(&input.value())));
    control(
        props,
        html! {
            <input dir="auto" id={props.id.clone()} data-field={props.field.name.clone()} type="text" inputmode={mode}
                placeholder={hint(props, usual)} value={props.value.text().to_owned()} readonly={!props.can_edit}
                aria-invalid={props.invalid.to_string()} aria-describedby={props.described.clone()}
                aria-required={props.field.required.to_string()} autocomplete="off" {oninput} />
        },
    )
}

fn paragraph(props: &FieldInputProps) -> Html {
    let field = props.field.clone();
    let oninput =
        heard::<InputEvent, HtmlTextAreaElement>(props, move |input| Value::from_text(field.fitting(&input.value())));
    control(
        props,
        html! {
            <>
            <div class="baton-printed" aria-hidden="true">{ props.value.text().to_owned() }</div>
            <textarea dir="auto" id={props.id.clone()} data-field={props.field.name.clone()} rows="4"
                placeholder={hint(props, "")} value={props.value.text().to_owned()} readonly={!props.can_edit}
                aria-invalid={props.invalid.to_string()} aria-describedby={props.described.clone()}
                aria-required={props.field.required.to_string()} {oninput} />
            </>
        },
    )
}

fn switch(props: &FieldInputProps) -> Html {
    let checked = props.value.is_yes();
    let onchange = heard::<Event, HtmlInputElement>(props, |input| Value::Bool(input.checked()));
    html! {
        <label class="pf-v6-c-switch" for={props.id.clone()}>
            <input id={props.id.clone()} data-field={props.field.name.clone()} class="pf-v6-c-switch__input"
                type="checkbox" role="switch" {checked} disabled={!props.can_edit}
                aria-label={props.field.label.clone()} aria-describedby={props.described.clone()} {onchange} />
            <span class="pf-v6-c-switch__toggle" />
            <span class="pf-v6-c-switch__label">{ if checked { t::common::yes() } else { t::common::no() } }</span>
        </label>
    }
}

#[component]
fn Choice(props: &FieldInputProps) -> Html {
    let select = use_chosen(props.value.text().to_owned(), props.field.options.clone());
    let onchange = heard::<Event, HtmlSelectElement>(props, |select| Value::from_text(select.value()));
    let present = props.value.text();
    let known = present.is_empty() || props.field.offers(present);
    let none = match props.field.placeholder.as_str() {
        "" => t::field::choose().to_owned(),
        own => own.to_owned(),
    };
    control(
        props,
        html! {
            <>
                <select ref={select} id={props.id.clone()} data-field={props.field.name.clone()} disabled={!props.can_edit}
                    aria-invalid={props.invalid.to_string()} aria-describedby={props.described.clone()} {onchange}>
                    <option value="" selected={present.is_empty()}>{ none }</option>
                    { for words::offered(&props.field).into_iter().map(|(id, words)| html! {
                        <option key={id.clone()} value={id.clone()} selected={id == present}>{ words }</option>
                    }) }
                    if !known {
                        <option value={present.to_owned()} selected=true>{ t::field::no_longer_offered_value(words::option(&props.field, present)) }</option>
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
