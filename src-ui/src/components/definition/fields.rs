//! The fields of an entity, in their order.

use std::rc::Rc;

use baton_locales::t;
use baton_protocol::definition::{FIELDS, MAX_FIELDS, key, parts};
use baton_protocol::field::{FieldType, Value};
use baton_protocol::form::FormSnapshot;
use yew::prelude::*;

use super::field_card::FieldCard;
use super::new_id;
use crate::hooks::{FormHandle, enter_field};
use crate::words;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct DefinitionFieldsProps {
    /// The form.
    pub(crate) form: FormHandle,
    /// What it shows.
    pub(crate) view: Rc<FormSnapshot>,
}

/// The fields, each to be opened, moved and removed; and new ones of every type.
#[component]
pub(crate) fn DefinitionFields(props: &DefinitionFieldsProps) -> Html {
    let DefinitionFieldsProps { form, view } = props;
    let open = use_state_eq(|| None::<String>);
    let dragged = use_state_eq(|| None::<String>);
    let ids: Vec<String> = view.value(FIELDS).items().to_vec();
    let can_edit = view.can_edit();
    let set = {
        let (form, view) = (form.clone(), view.clone());
        Callback::from(move |ids: Vec<String>| {
            if let Some(field) = view.field(FIELDS) {
                form.on_input().emit((field, Value::from_items(ids)));
            }
        })
    };
    let put = {
        let (ids, set) = (ids.clone(), set.clone());
        Callback::from(move |(id, to): (String, usize)| {
            let mut ids: Vec<String> = ids.iter().filter(|other| **other != id).cloned().collect();
            ids.insert(to.min(ids.len()), id);
            set.emit(ids);
        })
    };
    let remove = {
        let (ids, set) = (ids.clone(), set.clone());
        Callback::from(move |id: String| set.emit(ids.iter().filter(|other| **other != id).cloned().collect()))
    };
    let on_added = {
        let open = open.setter();
        Callback::from(move |id: String| open.set(Some(id)))
    };
    use_shown_card(view, &open);
    html! {
        <section class="baton-definition-fields" aria-labelledby="fields-title">
            <div class="baton-heading">
                <h2 class="pf-v6-c-title pf-m-lg" id="fields-title">{ t::definition::fields() }</h2>
                <span class="baton-quiet">{ t::definition::every_record_also_has() }</span>
            </div>
            if let Some(error) = view.error(FIELDS) {
                <p class="baton-error">{ error.to_string() }</p>
            }
            if ids.is_empty() {
                <p class="baton-quiet baton-empty-fields">{ t::definition::no_fields_yet() }</p>
            }
            <ol class="baton-field-cards">
                { for ids.iter().enumerate().map(|(index, id)| {
                    let toggle = {
                        let (open, id) = (open.clone(), id.clone());
                        Callback::from(move |()| open.set((open.as_ref() != Some(&id)).then(|| id.clone())))
                    };
                    html! {
                        <FieldCard key={id.clone()} form={form.clone()} view={view.clone()} id={id.clone()} {index} count={ids.len()}
                            open={open.as_ref() == Some(id)} on_toggle={toggle} on_put={put.clone()} on_remove={remove.clone()}
                            dragged={dragged.clone()} />
                    }
                }) }
            </ol>
            if can_edit && ids.len() < MAX_FIELDS {
                <AddField form={form.clone()} view={view.clone()} {set} on_added={on_added} />
            }
        </section>
    }
}

/// Opens the card that a failed save complains of; for a spectator the one that the owner is in.
#[hook]
fn use_shown_card(view: &FormSnapshot, open: &UseStateHandle<Option<String>>) {
    let card = |name: &str| parts(name).map(|(id, _)| id.to_owned());
    let followed = view
        .owner()
        .filter(|_| !view.can_edit())
        .and_then(|owner| card(owner.field.as_deref()?));
    let wrong = view.errors.iter().find_map(|error| card(&error.field));
    use_opened(followed, open);
    use_opened(wrong, open);
}

#[hook]
fn use_opened(shown: Option<String>, open: &UseStateHandle<Option<String>>) {
    let open = open.setter();
    use_effect_with(shown, move |shown| {
        if shown.is_some() {
            open.set(shown.clone());
        }
    });
}

#[derive(Clone, PartialEq, Properties)]
struct AddFieldProps {
    form: FormHandle,
    view: Rc<FormSnapshot>,
    /// Lists these fields.
    set: Callback<Vec<String>>,
    /// A field of this id was added.
    on_added: Callback<String>,
}

/// A new field of any type.
#[component]
fn AddField(props: &AddFieldProps) -> Html {
    let AddFieldProps {
        form,
        view,
        set,
        on_added,
    } = props;
    let adding = use_state_eq(|| false);
    // The label of a field that was added just now is typed next.
    let new_field = use_mut_ref(|| None::<String>);
    {
        let new_field = Rc::clone(&new_field);
        use_effect_with(view.value(FIELDS).clone(), move |_| {
            if let Some(label) = new_field.take() {
                enter_field(&label);
            }
        });
    }
    let add = {
        let (form, view, set, on_added) = (form.clone(), view.clone(), set.clone(), on_added.clone());
        let (ids, adding) = (view.value(FIELDS).items().to_vec(), adding.setter());
        Callback::from(move |field_type: FieldType| {
            let id = new_id();
            let on_input = form.on_input();
            set.emit(ids.iter().cloned().chain([id.clone()]).collect());
            if let Some(field) = view.field(&key(&id, "type")) {
                on_input.emit((field, Value::from_text(field_type.info().id)));
            }
            new_field.replace(Some(key(&id, "label")));
            on_added.emit(id);
            adding.set(false);
        })
    };
    let toggle_adding = {
        let adding = adding.clone();
        Callback::from(move |_: MouseEvent| adding.set(!*adding))
    };
    html! {
        <div class="baton-add-field">
            <button type="button" id="add-field" class="pf-v6-c-button pf-m-secondary" aria-expanded={adding.to_string()}
                onclick={toggle_adding}>
                <span class="pf-v6-c-button__text">{ t::definition::add_a_field() }</span>
            </button>
            if *adding {
                <div class="baton-types" role="group" aria-label={t::definition::types_of_field()}>
                    { for FieldType::all().map(|field_type| {
                        let id = field_type.info().id;
                        let (label, about) = words::field_type(field_type);
                        html! {
                            <button key={id} type="button" data-type={id} onclick={add.reform(move |_: MouseEvent| field_type)}>
                                <strong>{ label }</strong>
                                <span class="baton-quiet">{ about }</span>
                            </button>
                        }
                    }) }
                </div>
            }
        </div>
    }
}
