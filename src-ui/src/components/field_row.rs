//! One field of a form: its label, its input, and who is in it.

use baton_locales::t;
use baton_protocol::field::{Field, FieldType, FieldWidth, Value};
use baton_protocol::form::EditorSummary;
use baton_protocol::time::Timestamp;
use yew::prelude::*;

use crate::components::field::FieldInput;
use crate::components::here_badge;
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
    /// Whether the present status asks for a value where the definition does.
    #[prop_or(true)]
    pub(crate) status_needs: bool,
    /// What the ids of its inputs begin with.
    #[prop_or("field")]
    pub(crate) prefix: &'static str,
    /// Who else is in it.
    pub(crate) here: Option<EditorSummary>,
    /// How many open threads are about it.
    #[prop_or_default]
    pub(crate) comments: usize,
    /// Begins to say something about it, by its id.
    #[prop_or_default]
    pub(crate) on_comment: Option<Callback<String>>,
    /// What was typed.
    pub(crate) on_input: Callback<(Field, Value)>,
    /// The viewer entered or left it.
    pub(crate) on_focus: Callback<Option<String>>,
}

/// Who changed it, if it was not the viewer, and when (semantics 3.4).
fn changed(by: Option<&str>, at: Option<Timestamp>) -> String {
    match (by, at) {
        (None, _) => t::field::changed().into(),
        (Some(name), None) => t::field::changed_by(name),
        (Some(name), Some(at)) => t::field::changed_by_at(name, format::moment(at)),
    }
}

/// Begins a comment on the field; says how many there are.
fn comment_button(props: &FieldRowProps) -> Html {
    let Some(on_comment) = &props.on_comment else {
        return Html::default();
    };
    let (name, id) = (props.field.name.clone(), props.field.id.clone());
    let label = t::field::comment_on(&props.field.label, props.comments);
    html! {
        <button type="button" class={classes!("baton-comment-here", (props.comments > 0).then_some("baton-commented"))}
            data-comment-on={name.clone()} title={label.clone()} aria-label={label}
            onclick={on_comment.reform(move |_: MouseEvent| id.clone())}>
            <i class="fas fa-comment" aria-hidden="true" />
            if props.comments > 0 {
                { props.comments }
            }
        </button>
    }
}

/// Whether it stands beside another one where there is room.
fn is_short(field: &Field) -> bool {
    match field.width {
        FieldWidth::Half => return true,
        FieldWidth::Full => return false,
        FieldWidth::Auto => {}
    }
    match field.field_type {
        FieldType::Number
        | FieldType::Boolean
        | FieldType::Date
        | FieldType::DateTime
        | FieldType::Select
        | FieldType::Email => true,
        // A title has a line of its own; other lines are short where the definition says so.
        FieldType::Text => field.max_length.is_some_and(|most| most <= SHORT),
        FieldType::Textarea
        | FieldType::RichText
        | FieldType::Url
        | FieldType::Radio
        | FieldType::Checkboxes
        | FieldType::Relation
        | FieldType::File
        | FieldType::Image => false,
    }
}

/// A line of this many characters at most is short.
const SHORT: usize = 40;

/// The row.
#[component]
pub(crate) fn FieldRow(props: &FieldRowProps) -> Html {
    let field = &props.field;
    let id = format!("{}-{}", props.prefix, field.name);
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
        props
            .here
            .as_ref()
            .map(|editor| format!("baton-occupied {}", format::hue(editor.ticket))),
        is_short(field).then_some("baton-half"),
    );
    let described = format!("{id}-help");
    html! {
        <div {class} {onfocusin} {onfocusout} data-row={field.name.clone()}>
            <div class="baton-field-head">
                <label class="baton-label" for={id.clone()}>{ &field.label }</label>
                if props.read_only {
                    <span class="baton-quiet baton-locked">
                        <i class="fas fa-lock" aria-hidden="true" />
                        { " " }{ t::field::read_only() }
                    </span>
                }
                if field.required && props.status_needs {
                    <span class="baton-required" title={t::field::needed()}>{ "*" }</span>
                }
                { props.here.as_ref().map(here_badge) }
                { comment_button(props) }
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
                    <p class="baton-help">{ t::field::only_the_beginning_is_here() }</p>
                } else if !field.help.is_empty() {
                    <p class="baton-help">{ &field.help }</p>
                }
            </div>
        </div>
    }
}
