//! The form of an entity's definition: its own properties, its fields, what saving does, what comes of it.

mod field_card;
mod fields;
mod head;
mod impact;
mod options;
mod preview;

pub(crate) use fields::DefinitionFields;
pub(crate) use head::DefinitionHead;
pub(crate) use impact::ImpactNotice;
pub(crate) use preview::Preview;

use std::rc::Rc;

use baton_protocol::definition::name_of;
use baton_protocol::field::{Field, Value};
use baton_protocol::form::FormSnapshot;
use uuid::Uuid;
use yew::prelude::*;

use crate::components::FieldRow;
use crate::hooks::FormHandle;

/// An id that no field and no option of any entity had before.
fn new_id() -> String {
    let id = Uuid::new_v4().simple().to_string();
    id[..12].to_owned()
}

/// One property of the definition, as a row of the form.
#[derive(Clone, PartialEq, Properties)]
struct PropertyProps {
    form: FormHandle,
    view: Rc<FormSnapshot>,
    /// The name of the value.
    name: String,
    /// Whether it cannot be changed any more.
    #[prop_or_default]
    fixed: bool,
    /// The value that is made from this one, until somebody gives it another.
    #[prop_or_default]
    makes: Option<String>,
}

#[component]
fn Property(props: &PropertyProps) -> Html {
    let PropertyProps {
        form,
        view,
        name,
        makes,
        ..
    } = props;
    let Some(field) = view.field(name) else {
        return Html::default();
    };
    let on_input = match makes {
        None => form.on_input(),
        Some(made) => {
            let (form, view, made) = (form.clone(), view.clone(), made.clone());
            Callback::from(move |(field, value): (Field, Value)| {
                let before = name_of(view.value(&field.name).text());
                let untouched = view.value(&made).is_blank() || view.value(&made).text() == before;
                let name = name_of(value.text());
                form.on_input().emit((field, value));
                if let Some(made) = view.field(&made).filter(|_| untouched) {
                    form.on_input().emit((made, Value::from_text(name)));
                }
            })
        }
    };
    html! {
        <FieldRow value={view.value(name).clone()} can_edit={view.can_edit() && !props.fixed}
            error={view.error(name).map(ToString::to_string)} unsaved={view.draft.fields.contains_key(name)}
            unsaved_of={view.unsaved_of(name).map(|author| author.name.clone())}
            here={view.here(name).cloned()} {field} {on_input} on_focus={form.on_focus()} />
    }
}
