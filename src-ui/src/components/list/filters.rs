//! What holds of the records that a list shows.

use std::rc::Rc;
use std::sync::Arc;

use baton_protocol::entity::Entity;
use baton_protocol::field::{Field, FieldType, Kind, Operator, Value};
use baton_protocol::list::View;
use baton_protocol::list_query::{Filter, column, columns};
use baton_protocol::time::Timestamp;
use baton_protocol::values::{CREATED_AT, UPDATED_AT};
use patternfly_yew::prelude::*;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::components::{FieldInput, RecordTitles, Select};
use crate::hooks::focus_on;
use crate::{format, words};

#[derive(Clone, PartialEq, Properties)]
pub(super) struct FiltersProps {
    pub(super) entity: Arc<Entity>,
    pub(super) view: Rc<View>,
    pub(super) on_view: Callback<View>,
}

/// Whether the field is when something was saved: a moment of the clock, and not a text.
fn is_moment(field: &Field) -> bool {
    matches!(field.name.as_str(), CREATED_AT | UPDATED_AT)
}

/// How the field may be compared. Nothing is saved at exactly a moment that anybody types.
fn operators(field: &Field) -> Vec<Operator> {
    let all = field.info().operators.iter().copied();
    all.filter(|operator| !is_moment(field) || matches!(operator, Operator::AtLeast | Operator::AtMost))
        .collect()
}

fn first_operator(field: &Field) -> Operator {
    operators(field).first().copied().unwrap_or(Operator::Is)
}

/// The filter as the list asks it; nothing while it is not complete.
fn completed(field: &Field, typed: &Filter) -> Option<Filter> {
    let mut filter = typed.clone();
    if is_moment(field) {
        let at = format::moment_typed(typed.value.text(), typed.operator == Operator::AtMost)?;
        filter.value = Value::from_text(at.0.to_string());
    }
    (!filter.operator.takes_value() || filter.key(field).is_some()).then_some(filter)
}

/// The filters, and one more.
#[component]
pub(super) fn Filters(props: &FiltersProps) -> Html {
    let FiltersProps { entity, view, on_view } = props;
    let fields = columns(entity);
    let begun = use_state(|| None::<Filter>);
    let new = begun.as_ref().cloned().unwrap_or_else(|| Filter {
        field: fields.first().map_or_else(String::new, |field| field.name.clone()),
        operator: fields.first().map_or(Operator::Is, first_operator),
        value: Value::Empty,
    });
    let field = fields.iter().find(|field| field.name == new.field).cloned();
    let complete = field.as_ref().and_then(|field| completed(field, &new));
    let cannot = complete.is_none();
    let add = {
        let (begun, on_view) = (begun.setter(), on_view.clone());
        let view = complete.map(|filter| {
            let mut view = (**view).clone();
            view.query.filters.push(filter);
            view
        });
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if let Some(view) = &view {
                on_view.emit(view.clone());
                begun.set(None);
            }
        })
    };
    let on_field = {
        let (fields, begun) = (fields.clone(), begun.setter());
        Callback::from(move |name: String| {
            if let Some(field) = fields.iter().find(|field| field.name == name).cloned() {
                begun.set(Some(Filter {
                    operator: first_operator(&field),
                    field: field.name,
                    value: Value::Empty,
                }));
            }
        })
    };
    use_value_next(&new.field);
    let operators = field.as_ref().map(operators).unwrap_or_default();
    let on_operator = {
        let (new, begun, operators) = (new.clone(), begun.setter(), operators.clone());
        Callback::from(move |id: String| {
            if let Some(operator) = operators.iter().find(|operator| operator.id() == id) {
                begun.set(Some(Filter {
                    operator: *operator,
                    ..new.clone()
                }));
            }
        })
    };
    let on_value = {
        let (new, begun) = (new.clone(), begun.setter());
        Callback::from(move |value: Value| {
            begun.set(Some(Filter { value, ..new.clone() }));
        })
    };
    html! {
        <form class="baton-filters" onsubmit={add}>
            <h2 class="baton-label">{ "Show only records of which all of this holds" }</h2>
            <FilterChips entity={entity.clone()} view={view.clone()} on_view={on_view.clone()} />
            <div class="baton-filter-row">
                <Select id="filter-field" label="Field" value={new.field.clone()} on_choice={on_field}
                    options={fields.iter().map(|field| (field.name.clone().into(), field.label.clone().into())).collect::<Vec<_>>()} />
                <Select id="filter-operator" label="Comparison" value={new.operator.id()} on_choice={on_operator}
                    options={operators.iter().map(|operator| (operator.id().into(), words::operator(*operator).into())).collect::<Vec<_>>()} />
                if let Some(field) = field.filter(|_| new.operator.takes_value()) {
                    <FilterValue {field} value={new.value.clone()} {on_value} />
                }
                <Button id="filter-add" r#type={ButtonType::Submit} variant={ButtonVariant::Primary} disabled={cannot} label="Add" />
            </div>
        </form>
    }
}

/// Whoever chose the field types the value.
#[hook]
fn use_value_next(field: &str) {
    let chosen = use_mut_ref(|| false);
    use_effect_with(field.to_owned(), move |_| {
        if chosen.replace(true) {
            focus_on("filter-value");
        }
    });
}

#[derive(Clone, PartialEq, Properties)]
struct FilterValueProps {
    field: Field,
    value: Value,
    on_value: Callback<Value>,
}

/// What is compared with: one of the choices where there are some.
#[component]
fn FilterValue(props: &FilterValueProps) -> Html {
    let FilterValueProps { field, value, on_value } = props;
    if field.field_type == FieldType::Relation {
        return html! {
            <FieldInput key={field.name.clone()} id="filter-value" field={Field { many: false, ..field.clone() }} value={value.clone()}
                can_edit=true invalid=false described="" on_input={on_value.clone()} />
        };
    }
    let options = if field.field_type == FieldType::Boolean {
        vec![("yes".into(), "Yes".into()), ("no".into(), "No".into())]
    } else {
        words::offered(field)
    };
    if options.is_empty() {
        let on_value = on_value.clone();
        let oninput = Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                on_value.emit(Value::from_text(input.value()));
            }
        });
        return html! {
            <span class="pf-v6-c-form-control">
                <input id="filter-value" type="text" aria-label="Value" placeholder={is_moment(field).then_some("2026-05-31 14:30")} value={value.text().to_owned()} {oninput} />
            </span>
        };
    }
    let choose = {
        let (field, on_value) = (field.clone(), on_value.clone());
        Callback::from(move |id: String| {
            on_value.emit(match field.info().kind {
                Kind::Flag => field.parse(&id),
                Kind::List => Value::from_items([id].into_iter().filter(|id| !id.is_empty())),
                Kind::Text => Value::from_text(id),
            });
        })
    };
    let chosen = match value {
        Value::Flag(_) => field.print(value),
        Value::Empty | Value::Text(_) | Value::List(_) => value.items().first().cloned().unwrap_or_default(),
    };
    let offered = options.into_iter().map(|(id, words)| (id.into(), words.into()));
    let options: Vec<(AttrValue, AttrValue)> = std::iter::once(("".into(), "Choose…".into())).chain(offered).collect();
    html! { <Select id="filter-value" label="Value" value={chosen} {options} on_choice={choose} /> }
}

/// What is compared with, as a person reads it.
fn shown(field: &Field, value: &Value) -> String {
    match value.text().parse() {
        Ok(at) if is_moment(field) => format::moment(Timestamp(at)),
        Ok(_) | Err(_) => words::value(Some(field), value),
    }
}

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct FilterChipsProps {
    /// What it is a list of.
    pub(crate) entity: Arc<Entity>,
    /// What it looks like.
    pub(crate) view: Rc<View>,
    /// It is to look otherwise.
    pub(crate) on_view: Callback<View>,
}

/// The filters in force, each with a way to drop it.
#[component]
pub(crate) fn FilterChips(props: &FilterChipsProps) -> Html {
    let filters = &props.view.query.filters;
    if filters.is_empty() {
        return Html::default();
    }
    html! {
        <ul class="baton-chips">
            { for filters.iter().enumerate().map(|(index, filter)| {
                let (view, on_view) = (props.view.clone(), props.on_view.clone());
                let drop = Callback::from(move |_: MouseEvent| {
                    let mut view = (*view).clone();
                    view.query.filters.remove(index);
                    on_view.emit(view);
                });
                let field = column(&props.entity, &filter.field);
                let label = field.as_ref().map_or(filter.field.as_str(), |field| field.label.as_str());
                let value = field.as_ref().map(|field| shown(field, &filter.value)).unwrap_or_default();
                let key = format!("{} {label} {value}", words::operator(filter.operator));
                let linked = field.as_ref().is_some_and(|field| field.field_type == FieldType::Relation);
                html! {
                    <li key={key} class="baton-chip" data-filter={filter.field.clone()}>
                        <span>
                            { format!("{label} {} ", words::operator(filter.operator)) }
                            if linked {
                                <RecordTitles items={filter.value.items().to_vec()} />
                            } else {
                                { value }
                            }
                        </span>
                        <button type="button" aria-label={format!("Drop the filter of {label}")} onclick={drop}>
                            <i class="fas fa-times" aria-hidden="true" />
                        </button>
                    </li>
                }
            }) }
        </ul>
    }
}
