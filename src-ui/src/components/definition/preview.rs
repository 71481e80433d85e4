//! What a new record will look like, while its definition is typed.

use std::rc::Rc;

use baton_locales::t;
use baton_protocol::entity::Entity;
use baton_protocol::field::{Field, Value};
use baton_protocol::form::FormSnapshot;
use baton_protocol::record::new_values;
use baton_protocol::values::Values;
use yew::prelude::*;

use crate::components::FieldInput;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct PreviewProps {
    /// What the form of the definition shows.
    pub(crate) view: Rc<FormSnapshot>,
}

/// The preview.
#[component]
pub(crate) fn Preview(props: &PreviewProps) -> Html {
    let entity = props.view.defined();
    let values = new_values(&entity);
    let label = if entity.label.is_empty() {
        "record"
    } else {
        entity.label.as_str()
    };
    html! {
        <aside class="baton-preview" tabindex="0" aria-label={t::definition::preview()} id="preview">
            <h2 class="baton-label">{ t::definition::a_new_record(label) }</h2>
            { for Entity::form_sections(entity.form_fields()).into_iter().map(|section| html! {
                <>
                    if !section.heading.is_empty() {
                        <h3 class="baton-section-heading">{ section.heading }</h3>
                    }
                    { for section.fields.iter().map(|field| preview_row(field, &values)) }
                </>
            }) }
        </aside>
    }
}

fn preview_row(field: &Field, values: &Values) -> Html {
    let value = values.get(&field.name).cloned().unwrap_or(Value::Empty);
    let id = format!("preview-{}", if field.id.is_empty() { &field.name } else { &field.id });
    let label = if field.label.is_empty() {
        t::definition::unnamed_field()
    } else {
        field.label.as_str()
    };
    html! {
        <div class="baton-field" key={id.clone()} data-preview={label.to_owned()}>
            <div class="baton-field-head">
                <label class="baton-label" for={id.clone()}>{ label }</label>
                if field.required {
                    <span class="baton-required" aria-hidden="true">{ "*" }</span>
                }
            </div>
            <FieldInput described={format!("{id}-help")} {id} field={field.clone()} {value} can_edit=false invalid=false
                on_input={Callback::noop()} />
            if !field.help.is_empty() {
                <p class="baton-help">{ &field.help }</p>
            }
        </div>
    }
}
