//! Choices that are all in sight: one of them, or any of them.

use baton_locales::t;
use baton_protocol::field::Value;
use yew::prelude::*;

use super::FieldInputProps;
use crate::words;

/// The ids of the options that are offered, and of those that are chosen and offered no more.
fn options(props: &FieldInputProps) -> Vec<(String, bool)> {
    let gone = props.value.items().iter().filter(|item| !props.field.offers(item));
    let offered = props.field.offered().map(|option| (option.id.clone(), true));
    offered.chain(gone.map(|item| (item.clone(), false))).collect()
}

fn group(
    props: &FieldInputProps,
    role: &'static str,
    kind: &'static str,
    pick: impl Fn(&str) -> Callback<Event>,
) -> Html {
    html! {
        <div class="baton-choices" id={props.id.clone()} {role} aria-label={props.field.label.clone()}
            aria-describedby={props.described.clone()}>
            { for options(props).into_iter().map(|(option, offered)| {
                let onchange = pick(&option);
                let checked = props.value.items().contains(&option);
                let words = words::option(&props.field, &option);
                html! {
                    <label key={option.clone()} class="baton-choice">
                        <input type={kind} name={props.id.clone()} data-field={props.field.name.clone()} data-words={words.clone()} value={option.clone()}
                            {checked} disabled={!props.can_edit} {onchange} />
                        <span>{ words }</span>
                        if !offered {
                            <span class="baton-quiet">{ t::field::no_longer_offered() }</span>
                        }
                    </label>
                }
            }) }
        </div>
    }
}

/// One of the choices.
pub(super) fn radio(props: &FieldInputProps) -> Html {
    let pick = |option: &str| {
        let option = option.to_owned();
        props.on_input.reform(move |_: Event| Value::from_text(option.clone()))
    };
    group(props, "radiogroup", "radio", pick)
}

/// Any of the choices, in the order in which they are offered.
pub(super) fn checkboxes(props: &FieldInputProps) -> Html {
    let pick = |option: &str| {
        let chosen = props.value.items().to_vec();
        let order = options(props);
        let option = option.to_owned();
        props.on_input.reform(move |_: Event| {
            let now = order.iter().map(|(option, _)| option).filter(|other| {
                let was = chosen.contains(other);
                if **other == option { !was } else { was }
            });
            Value::from_items(now.cloned())
        })
    };
    group(props, "group", "checkbox", pick)
}
