//! One field of a form: its label, its input, and who is in it.

use baton_protocol::field::{Field, Value};
use baton_protocol::time::Timestamp;
use yew::prelude::*;

use crate::components::field::FieldInput;
use crate::format;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct FieldRowProps {
    /// The field.
    pub(crate) field: Field,
    /// What it holds.
    pub(crate) value: Value,
    /// Whether the viewer may change it.
    pub(crate) can_edit: bool,
    /// Why it could not be saved.
    pub(crate) error: Option<String>,
    /// Whether its value is not saved.
    pub(crate) unsaved: bool,
    /// Who typed that, if it was not the viewer.
    #[prop_or_default]
    pub(crate) unsaved_of: Option<String>,
    /// When.
    #[prop_or_default]
    pub(crate) changed_at: Option<Timestamp>,
    /// Whether only its beginning is on this computer.
    #[prop_or_default]
    pub(crate) partial: bool,
    /// Whether its viewer never changes it.
    #[prop_or_default]
    pub(crate) read_only: bool,
    /// Who else is in it.
    pub(crate) here: Option<String>,
    /// What was typed.
    pub(crate) on_input: Callback<(Field, Value)>,
    /// The viewer entered or left it.
    pub(crate) on_focus: Callback<Option<String>>,
}

/// Who changed it, if it was not the viewer, and when (semantics 3.4).
fn changed(by: Option<&str>, at: Option<Timestamp>) -> String {
    match (by, at) {
        (None, _) => "changed".into(),
        (Some(name), None) => format!("changed by {name}"),
        (Some(name), Some(at)) => format!("changed by {name}, {}", format::moment(at)),
    }
}

/// The row.
#[component]
pub(crate) fn FieldRow(props: &FieldRowProps) -> Html {
    let field = &props.field;
    let id = format!("field-{}", field.name);
    let onfocusin = {
        let name = field.name.clone();
        props.on_focus.reform(move |_: FocusEvent| Some(name.clone()))
    };
    let onfocusout = props.on_focus.reform(|_: FocusEvent| None);
    let on_input = {
        let field = field.clone();
        props.on_input.reform(move |value| (field.clone(), value))
    };
    let class = classes!(
        "baton-field",
        props.unsaved.then_some("baton-unsaved"),
        props.here.is_some().then_some("baton-occupied"),
    );
    let described = format!("{id}-help");
    html! {
        <div {class} {onfocusin} {onfocusout} data-row={field.name.clone()}>
            <div class="baton-field-head">
                <label class="baton-label" for={id.clone()}>{ &field.label }</label>
                if props.read_only {
                    <span class="baton-quiet baton-locked">
                        <i class="fas fa-lock" aria-hidden="true" />
                        { " Read only" }
                    </span>
                }
                if field.required {
                    <span class="baton-required" title="Needed before it can be published">{ "*" }</span>
                }
                if let Some(name) = &props.here {
                    <span class="baton-here-name">{ name }</span>
                }
                <span class="baton-push" />
                if props.unsaved {
                    <span class="baton-changed">{ changed(props.unsaved_of.as_deref(), props.changed_at) }</span>
                }
            </div>
            <FieldInput {id} field={field.clone()} value={props.value.clone()} can_edit={props.can_edit}
                invalid={props.error.is_some()} described={described.clone()} {on_input} />
            <div id={described}>
                if let Some(error) = &props.error {
                    <p class="baton-error" data-error={field.name.clone()}>{ error }</p>
                } else if props.partial {
                    <p class="baton-help">{ "Only the beginning is on this computer. All of it is here as soon as the server is reached." }</p>
                } else if !field.help.is_empty() {
                    <p class="baton-help">{ &field.help }</p>
                }
            </div>
        </div>
    }
}
