//! A menu of choices.

use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::hooks::use_chosen;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct SelectProps {
    /// The menu's id.
    #[prop_or_default]
    pub(crate) id: Option<AttrValue>,
    /// What it is called, where no label stands beside it.
    #[prop_or_default]
    pub(crate) label: Option<AttrValue>,
    /// What is chosen.
    pub(crate) value: AttrValue,
    /// What is offered: the value, and what a person reads.
    pub(crate) options: Vec<(AttrValue, AttrValue)>,
    /// Whether nothing can be chosen.
    #[prop_or_default]
    pub(crate) disabled: bool,
    /// Something was chosen.
    pub(crate) on_choice: Callback<String>,
}

/// The menu.
#[component]
pub(crate) fn Select(props: &SelectProps) -> Html {
    let select = use_chosen(props.value.to_string(), props.options.clone());
    let onchange = {
        let on_choice = props.on_choice.clone();
        Callback::from(move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                on_choice.emit(select.value());
            }
        })
    };
    html! {
        <span class={classes!("pf-v6-c-form-control", props.disabled.then_some("pf-m-disabled"))}>
            <select ref={select} id={props.id.clone()} aria-label={props.label.clone()} disabled={props.disabled} {onchange}>
                { for props.options.iter().map(|(value, text)| html! {
                    <option key={value.to_string()} value={value.clone()} selected={*value == props.value}>{ text }</option>
                }) }
            </select>
            <span class="pf-v6-c-form-control__utilities">
                <span class="pf-v6-c-form-control__toggle-icon">
                    <i class="fas fa-caret-down" aria-hidden="true" />
                </span>
            </span>
        </span>
    }
}
