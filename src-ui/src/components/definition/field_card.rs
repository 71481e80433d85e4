//! One field of an entity: a line, and all its properties when it is opened.

use std::rc::Rc;

use baton_locales::t;
use baton_protocol::definition::{OPTIONS, has_property, key};
use baton_protocol::field::{self, Field, FieldType, Value};
use baton_protocol::form::{EditorSummary, FormSnapshot};
use yew::prelude::*;

use super::Property;
use super::options::Options;
use crate::components::{FieldRow, Select, drag_source, here_badge};
use crate::hooks::{FormHandle, use_entities, use_focus_kept};
use crate::words;

#[derive(Clone, PartialEq, Properties)]
pub(super) struct FieldCardProps {
    pub(super) form: FormHandle,
    pub(super) view: Rc<FormSnapshot>,
    /// The field's id.
    pub(super) id: String,
    /// Its place, from 0.
    pub(super) index: usize,
    /// How many fields there are.
    pub(super) count: usize,
    pub(super) open: bool,
    pub(super) on_toggle: Callback<()>,
    /// It goes to another place.
    pub(super) on_put: Callback<(String, usize)>,
    pub(super) on_remove: Callback<String>,
    /// Which field is dragged.
    pub(super) dragged: UseStateHandle<Option<String>>,
}

/// The properties that stand side by side, in their order.
const ROWS: [&[&str]; 11] = [
    &["type", "unit"],
    &["required", "unique"],
    &["options"],
    &["target"],
    &["many", "on_delete"],
    &["min_length", "max_length"],
    &["min", "max", "step"],
    &["pattern"],
    &["max_size", "endings"],
    &["help", "placeholder", "default"],
    &["section", "width"],
];

/// The card.
#[component]
pub(super) fn FieldCard(props: &FieldCardProps) -> Html {
    let FieldCardProps { form, view, id, .. } = props;
    let value = |property: &str| view.value(&key(id, property)).clone();
    let field_type = FieldType::from_id(value("type").text()).unwrap_or(FieldType::Text);
    let label = match value("label").text() {
        "" => t::definition::unnamed_field().to_owned(),
        label => label.to_owned(),
    };
    let section = value("section").text().to_owned();
    let handle = use_handle(props, &label);
    let can_edit = view.can_edit();
    let saved = view.entity.fields.iter().any(|field| field.id == *id);
    let wrong = view.errors.iter().any(|error| error.field.starts_with(&key(id, "")));
    let unsaved = view.draft.fields.keys().any(|name| name.starts_with(&key(id, "")));
    let remove = {
        let (on_remove, id) = (props.on_remove.clone(), id.clone());
        Callback::from(move |_: MouseEvent| on_remove.emit(id.clone()))
    };
    let class = classes!(
        "baton-field-card",
        unsaved.then_some("baton-unsaved"),
        wrong.then_some("baton-wrong"),
        (props.dragged.as_deref() == Some(id.as_str())).then_some("baton-dragged"),
    );
    html! {
        <li {class} data-card={label.clone()} ondragover={Callback::from(|event: DragEvent| event.prevent_default())} ondrop={props.on_drop()}>
            if !section.is_empty() {
                <p class="baton-card-section">{ section }</p>
            }
            <div class="baton-card-line">
                if can_edit {
                    { handle }
                }
                <button type="button" class="baton-card-name" aria-expanded={props.open.to_string()}
                    onclick={props.on_toggle.reform(|_: MouseEvent| ())}>
                    <strong>{ &label }</strong>
                    <span class="baton-quiet">{ words::field_type(field_type).0 }</span>
                    if value("required").is_yes() {
                        <span class="baton-required" title={t::definition::required_to_publish()}>{ "*" }</span>
                    }
                </button>
                { here(view, id).map(here_badge) }
                if can_edit {
                    <button type="button" class="baton-tool" aria-label={t::definition::remove(&label)} onclick={remove}>
                        <i class="fas fa-trash" aria-hidden="true" />
                    </button>
                }
            </div>
            if props.open {
                <CardBody form={form.clone()} view={view.clone()} id={id.clone()} {field_type} {saved} />
            }
        </li>
    }
}

impl FieldCardProps {
    fn on_drop(&self) -> Callback<DragEvent> {
        let (dragged, on_put, index) = (self.dragged.clone(), self.on_put.clone(), self.index);
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            if let Some(id) = dragged.as_ref() {
                on_put.emit((id.clone(), index));
            }
        })
    }
}

/// Where the card is taken hold of: dragged, or moved by the arrow keys.
#[hook]
fn use_handle(props: &FieldCardProps, label: &str) -> Html {
    let id = &props.id;
    let handle = use_node_ref();
    let moved = use_mut_ref(|| false);
    use_focus_kept(props.index, &handle, &moved);
    let head = {
        let (on_put, id, index, count) = (props.on_put.clone(), id.clone(), props.index, props.count);
        Callback::from(move |event: KeyboardEvent| {
            match event.key().as_str() {
                "ArrowUp" if index > 0 => on_put.emit((id.clone(), index - 1)),
                "ArrowDown" if index + 1 < count => on_put.emit((id.clone(), index + 1)),
                _ => return,
            }
            *moved.borrow_mut() = true;
            event.prevent_default();
        })
    };
    let (start, end) = drag_source(&props.dragged, id.clone(), id.clone());
    html! {
        <button type="button" class="baton-handle" ref={handle} draggable="true" ondragstart={start} ondragend={end} onkeydown={head}
            title={t::common::drag_or_arrow_keys()} aria-label={t::common::move_by_arrow_keys(label)}>
            <i class="fas fa-grip-vertical" aria-hidden="true" />
        </button>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct CardBodyProps {
    form: FormHandle,
    view: Rc<FormSnapshot>,
    /// The field's id.
    id: String,
    field_type: FieldType,
    /// Whether it was saved: then its name stays.
    saved: bool,
}

/// The field's properties.
#[component]
fn CardBody(props: &CardBodyProps) -> Html {
    let CardBodyProps {
        form,
        view,
        id,
        field_type,
        saved,
    } = props;
    let (field_type, saved) = (*field_type, *saved);
    html! {
        <div class="baton-card-body">
            <div class="baton-pair">
                <Property form={form.clone()} view={view.clone()} name={key(id, "label")}
                    makes={(!saved).then(|| key(id, "name"))} />
                <Property form={form.clone()} view={view.clone()} name={key(id, "name")} fixed={saved} />
            </div>
            { for ROWS.iter().map(|row| {
                let names = row.iter().filter(|property| has_property(field_type, property));
                html! {
                    <div class="baton-pair">
                        { for names.map(|property| {
                            let name = key(id, property);
                            let (form, view) = (form.clone(), view.clone());
                            match *property {
                                "target" => html! { <Target key={*property} {form} {view} {name} /> },
                                OPTIONS => html! { <Options key={*property} {form} {view} field={id.clone()} /> },
                                "default" if field_type.has(field::Property::Options) =>
                                    html! { <ChosenDefault key={*property} {form} {view} {name} field={id.clone()} /> },
                                _ => html! { <Property key={*property} {form} {view} {name} /> },
                            }
                        }) }
                    </div>
                }
            }) }
        </div>
    }
}

/// Who else is in one of the field's properties.
fn here<'a>(view: &'a FormSnapshot, id: &str) -> Option<&'a EditorSummary> {
    let others = view.editors.iter().filter(|editor| Some(editor.ticket) != view.me);
    let mut others = others.filter(|editor| {
        let field = editor.field.as_deref();
        field.is_some_and(|field| field.starts_with(&key(id, "")))
    });
    others.next()
}

#[derive(Clone, PartialEq, Properties)]
struct ChosenDefaultProps {
    form: FormHandle,
    view: Rc<FormSnapshot>,
    /// The name of the value.
    name: String,
    /// The field's id.
    field: String,
}

/// What a new record has chosen: the field's own input, of what it offers at this moment.
#[component]
fn ChosenDefault(props: &ChosenDefaultProps) -> Html {
    let ChosenDefaultProps {
        form,
        view,
        name,
        field,
    } = props;
    let defined = view.defined().fields.into_iter().find(|defined| defined.id == *field);
    let (Some(property), Some(defined)) = (view.field(name), defined) else {
        return Html::default();
    };
    let shown = Field {
        name: name.clone(),
        label: property.label.clone(),
        help: property.help.clone(),
        required: false,
        ..defined.clone()
    };
    let on_input = form.on_input().reform(move |(_, default): (Field, Value)| {
        let chosen = Field {
            default,
            ..defined.clone()
        };
        (property.clone(), Value::from_text(chosen.default_text()))
    });
    html! {
        <FieldRow value={shown.default_from(view.value(name).text())} field={shown} can_edit={view.can_edit()}
            error={view.error(name).map(ToString::to_string)} unsaved={view.draft.fields.contains_key(name)}
            unsaved_of={view.unsaved_of(name).map(|author| author.name.clone())}
            here={view.here(name).cloned()} {on_input} on_focus={form.on_focus()} />
    }
}

#[derive(Clone, PartialEq, Properties)]
struct TargetProps {
    form: FormHandle,
    view: Rc<FormSnapshot>,
    name: String,
}

/// Which entity the field links to.
#[component]
fn Target(props: &TargetProps) -> Html {
    let TargetProps { form, view, name } = props;
    let entities = use_entities();
    let Some(field) = view.field(name) else {
        return Html::default();
    };
    let present = view.value(name).text().to_owned();
    let id = format!("field-{name}");
    let choose = {
        let on_input = form.on_input();
        Callback::from(move |entity: String| on_input.emit((field.clone(), Value::from_text(entity))))
    };
    let offered = entities.living().map(|row| {
        let entity = &row.entity;
        (entity.id.to_string().into(), entity.label_plural.clone().into())
    });
    let options: Vec<(AttrValue, AttrValue)> = std::iter::once(("".into(), t::definition::choose().into()))
        .chain(offered)
        .collect();
    html! {
        <div class="baton-field" data-row={name.clone()}>
            <div class="baton-field-head"><label class="baton-label" for={id.clone()}>{ t::definition::links_to() }</label></div>
            <Select {id} value={present} {options} disabled={!view.can_edit()} on_choice={choose} />
            if let Some(error) = view.error(name) {
                <p class="baton-error" data-error={name.clone()}>{ error.to_string() }</p>
            }
        </div>
    }
}
