//! What holds of the records that a list shows.

use std::rc::Rc;
use std::sync::Arc;

use baton_protocol::entity::Entity;
use baton_protocol::field::{Field, FieldType, Operator, Value};
use baton_protocol::list::View;
use baton_protocol::query::{Filter, column, columns};
use baton_protocol::record::{CREATED_AT, UPDATED_AT};
use patternfly_yew::prelude::*;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::components::{RecordTitles, Select, capitalised};

#[derive(Clone, PartialEq, Properties)]
pub(super) struct FiltersProps {
    pub(super) entity: Arc<Entity>,
    pub(super) view: Rc<View>,
    pub(super) on_view: Callback<View>,
}

/// The fields that can be filtered by. When something was saved is filtered by the clock, not by text.
fn filtered(entity: &Entity) -> Vec<Field> {
    let fields = columns(entity).into_iter();
    fields
        .filter(|field| !matches!(field.name.as_str(), CREATED_AT | UPDATED_AT))
        .filter(|field| field.field_type != FieldType::Relation)
        .collect()
}

/// The filters, and one more.
#[component]
pub(super) fn Filters(props: &FiltersProps) -> Html {
    let FiltersProps { entity, view, on_view } = props;
    let fields = filtered(entity);
    let begun = use_state(|| None::<Filter>);
    let put = |filters: Vec<Filter>| {
        let mut view = (**view).clone();
        view.query.filters = filters;
        view
    };
    let new = begun.as_ref().cloned().unwrap_or_else(|| Filter {
        field: fields.first().map_or_else(String::new, |field| field.name.clone()),
        operator: fields.first().map_or(Operator::Is, |field| field.info().operators[0]),
        value: Value::Empty,
    });
    let field = fields.iter().find(|field| field.name == new.field).cloned();
    let complete = field
        .as_ref()
        .is_some_and(|field| !new.operator.takes_value() || new.key(field).is_some());
    let add = {
        let filters = view.query.filters.iter().cloned().chain([new.clone()]).collect();
        let (view, begun, on_view) = (put(filters), begun.setter(), on_view.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if complete {
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
                    operator: field.info().operators[0],
                    field: field.name,
                    value: Value::Empty,
                }));
            }
        })
    };
    let operators = field.as_ref().map_or(&[][..], |field| field.info().operators);
    let on_operator = {
        let (new, begun) = (new.clone(), begun.setter());
        Callback::from(move |label: String| {
            if let Some(operator) = operators.iter().find(|operator| operator.label() == label) {
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
                <Select id="filter-operator" label="Comparison" value={new.operator.label()} on_choice={on_operator}
                    options={operators.iter().map(|operator| (operator.label().into(), operator.label().into())).collect::<Vec<_>>()} />
                if let Some(field) = field.filter(|_| new.operator.takes_value()) {
                    <FilterValue {field} value={new.value.clone()} {on_value} />
                }
                <Button id="filter-add" r#type={ButtonType::Submit} variant={ButtonVariant::Primary} disabled={!complete} label="Add" />
            </div>
        </form>
    }
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
    let options: Vec<String> = if field.field_type == FieldType::Boolean {
        vec!["yes".into(), "no".into()]
    } else {
        field.options.clone()
    };
    if options.is_empty() {
        let on_value = on_value.clone();
        let oninput = Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                on_value.emit(Value::of_text(input.value()));
            }
        });
        return html! {
            <span class="pf-v6-c-form-control">
                <input id="filter-value" type="text" aria-label="Value" value={value.text().to_owned()} {oninput} />
            </span>
        };
    }
    let choose = {
        let (field, on_value) = (field.clone(), on_value.clone());
        Callback::from(move |option: String| on_value.emit(field.parse(&option)))
    };
    let offered = options
        .iter()
        .map(|option| (option.clone().into(), capitalised(option).into()));
    let options: Vec<(AttrValue, AttrValue)> = std::iter::once(("".into(), "Choose…".into())).chain(offered).collect();
    html! { <Select id="filter-value" label="Value" value={field.print(value)} {options} on_choice={choose} /> }
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
                let value = field.as_ref().map(|field| field.print(&filter.value)).unwrap_or_default();
                let key = format!("{} {label} {value}", filter.operator.label());
                let linked = field.as_ref().is_some_and(|field| field.field_type == FieldType::Relation);
                html! {
                    <li key={key} class="baton-chip" data-filter={filter.field.clone()}>
                        <span>
                            { format!("{label} {} ", filter.operator.label()) }
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
