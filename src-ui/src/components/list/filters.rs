//! What holds of the records that a list shows.

use std::rc::Rc;
use std::sync::Arc;

use baton_locales::t;
use baton_protocol::entity::Entity;
use baton_protocol::field::{Field, FieldType, Kind, Operator, Value};
use baton_protocol::list::View;
use baton_protocol::list_query::{Filter, Span, column, columns};
use baton_protocol::time::Timestamp;
use baton_protocol::values::{CREATED_AT, CREATED_BY, UPDATED_AT, UPDATED_BY};
use patternfly_yew::prelude::*;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::components::{FieldInput, RecordTitles, Select};
use crate::hooks::focus_on;
use crate::{format, notation, words};

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

/// Whether the field holds days, or days with a time.
fn is_dated(field: &Field) -> bool {
    matches!(field.field_type, FieldType::Date | FieldType::DateTime)
}

/// How the field may be compared. Nothing is saved at exactly a moment that anybody types; between two is at least the one
/// and at most the other.
fn operators(field: &Field) -> Vec<Operator> {
    let of_moment = |operator: &Operator| matches!(operator, Operator::Within | Operator::AtLeast | Operator::AtMost);
    let mine = matches!(field.name.as_str(), CREATED_BY | UPDATED_BY).then_some(Operator::Mine);
    let all = field.info().operators.iter().copied();
    let offered = all.filter(|operator| *operator != Operator::Between && (!is_moment(field) || of_moment(operator)));
    mine.into_iter().chain(offered).collect()
}

fn first_operator(field: &Field) -> Operator {
    operators(field).first().copied().unwrap_or(Operator::Is)
}

/// The filter as the list asks it; nothing while it is not complete.
fn completed(field: &Field, typed: &Filter) -> Option<Filter> {
    let mut filter = typed.clone();
    if is_moment(field) && filter.operator != Operator::Within {
        let dates = notation::of_dates();
        let text = dates.stored_day(&dates.stored_moment(typed.value.text()));
        let at = format::moment_typed(&text, typed.operator == Operator::AtMost)?;
        filter.value = Value::from_text(at.0.to_string());
    } else if is_dated(field) && filter.operator.takes_value() && filter.operator != Operator::Within {
        // Of a text that is no date nothing is found.
        Field::new(&field.name, &field.label, field.field_type)
            .check(&filter.value, false)
            .ok()?;
    }
    filter.is_complete(field).then_some(filter)
}

/// The filters, and one more.
#[component]
pub(super) fn Filters(props: &FiltersProps) -> Html {
    let FiltersProps { entity, view, on_view } = props;
    // Which filter is to have an alternative.
    let extended = use_state_eq(|| None::<usize>);
    {
        // It stands elsewhere, or is no more.
        let extended = extended.setter();
        use_effect_with(view.query.filters.clone(), move |_| extended.set(None));
    }
    let on_alternative = {
        let extended = extended.clone();
        Callback::from(move |place: usize| {
            extended.set((*extended != Some(place)).then_some(place));
            focus_on("filter-field");
        })
    };
    let on_filter = {
        let (view, on_view, extended) = (view.clone(), on_view.clone(), extended.clone());
        Callback::from(move |filter: Filter| {
            let mut view = (*view).clone();
            match extended.and_then(|place| view.query.filters.get_mut(place)) {
                Some(extended) => extended.or.push(filter),
                None => view.query.filters.push(filter),
            }
            on_view.emit(view);
            extended.set(None);
        })
    };
    let like = extended.and_then(|place| view.query.filters.get(place));
    html! {
        <div class="baton-filters">
            <h2 class="baton-label">{ t::list::all_of_this_holds() }</h2>
            <FilterChips entity={entity.clone()} view={view.clone()} on_view={on_view.clone()} {on_alternative} extended={*extended} />
            <NewFilter entity={entity.clone()} like={like.map(|filter| filter.field.clone())} {on_filter} />
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct NewFilterProps {
    entity: Arc<Entity>,
    /// The field of the filter that it is an alternative of.
    like: Option<String>,
    on_filter: Callback<Filter>,
}

/// A filter that is typed, and the way to add it.
#[component]
fn NewFilter(props: &NewFilterProps) -> Html {
    let fields = columns(&props.entity);
    let typed = use_state(|| first_filter(&fields, None));
    {
        // An alternative begins with the field that it is one of.
        let (typed, fields) = (typed.setter(), fields.clone());
        use_effect_with(props.like.clone(), move |like| {
            if like.is_some() {
                typed.set(first_filter(&fields, like.as_deref()));
            }
        });
    }
    let field = fields.iter().find(|field| field.name == typed.field).cloned();
    let complete = field.as_ref().and_then(|field| completed(field, &typed));
    let cannot = complete.is_none();
    let add = {
        let (set, on_filter, first) = (typed.setter(), props.on_filter.clone(), first_filter(&fields, None));
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if let Some(filter) = &complete {
                on_filter.emit(filter.clone());
                set.set(first.clone());
            }
        })
    };
    let on_field = {
        let (fields, set) = (fields.clone(), typed.setter());
        Callback::from(move |name: String| {
            if fields.iter().any(|field| field.name == name) {
                set.set(first_filter(&fields, Some(&name)));
            }
        })
    };
    use_value_next(&typed.field);
    let operators = field.as_ref().map(operators).unwrap_or_default();
    let on_operator = {
        let (typed, operators) = (typed.clone(), operators.clone());
        Callback::from(move |id: String| {
            if let Some(operator) = operators.iter().find(|operator| operator.id() == id) {
                // What is typed of days says nothing of a span.
                let keeps = (typed.operator == Operator::Within) == (*operator == Operator::Within);
                let value = if keeps { typed.value.clone() } else { Value::Empty };
                typed.set(Filter::new(typed.field.as_str(), *operator, value));
            }
        })
    };
    let on_value = {
        let typed = typed.clone();
        Callback::from(move |value: Value| {
            typed.set(Filter {
                value,
                ..(*typed).clone()
            })
        })
    };
    html! {
        <form class="baton-filter-row" onsubmit={add}>
            if props.like.is_some() {
                <span class="baton-quiet" id="filter-or">{ t::list::or() }</span>
            }
            <Select id="filter-field" label={t::list::field()} value={typed.field.clone()} on_choice={on_field}
                options={fields.iter().map(|field| (field.name.clone().into(), field.label.clone().into())).collect::<Vec<_>>()} />
            <Select id="filter-operator" label={t::list::comparison()} value={typed.operator.id()} on_choice={on_operator}
                options={operators.iter().map(|operator| (operator.id().into(), words::operator(*operator).into())).collect::<Vec<_>>()} />
            if let Some(field) = field.filter(|_| typed.operator.takes_value()) {
                <FilterValue {field} operator={typed.operator} value={typed.value.clone()} {on_value} />
            }
            <Button id="filter-add" r#type={ButtonType::Submit} variant={ButtonVariant::Primary} disabled={cannot} label={t::common::add()} />
        </form>
    }
}

/// What a filter of this field begins as; of the first field where there is none.
fn first_filter(fields: &[Field], name: Option<&str>) -> Filter {
    let named = fields.iter().find(|field| Some(field.name.as_str()) == name);
    match named.or(fields.first()) {
        Some(field) => Filter::new(field.name.as_str(), first_operator(field), Value::Empty),
        None => Filter::new("", Operator::Is, Value::Empty),
    }
}

/// Whoever opens the filters chooses a field, and whoever chose it types the value.
#[hook]
fn use_value_next(field: &str) {
    let chosen = use_mut_ref(|| false);
    use_effect_with(field.to_owned(), move |_| {
        focus_on(if chosen.replace(true) {
            "filter-value"
        } else {
            "filter-field"
        });
    });
}

#[derive(Clone, PartialEq, Properties)]
struct FilterValueProps {
    field: Field,
    operator: Operator,
    value: Value,
    on_value: Callback<Value>,
}

/// What is compared with: one of the choices where there are some.
#[component]
fn FilterValue(props: &FilterValueProps) -> Html {
    let FilterValueProps {
        field,
        operator,
        value,
        on_value,
    } = props;
    let has_own_input = matches!(field.field_type, FieldType::Relation | FieldType::Number)
        || is_dated(field) && *operator != Operator::Within;
    if has_own_input {
        return html! {
            <FieldInput key={field.name.clone()} id="filter-value" field={Field { many: false, ..field.clone() }} value={value.clone()}
                can_edit=true invalid=false described="" on_input={on_value.clone()} />
        };
    }
    let options: Vec<(String, String)> = if *operator == Operator::Within {
        Span::ALL
            .map(|span| (span.id().into(), words::span(span).into()))
            .into()
    } else if field.field_type == FieldType::Boolean {
        vec![
            ("yes".into(), t::common::yes().into()),
            ("no".into(), t::common::no().into()),
        ]
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
                <input id="filter-value" type="text" aria-label={t::list::value()} value={value.text().to_owned()} {oninput} />
            </span>
        };
    }
    let choose = {
        let (field, on_value) = (field.clone(), on_value.clone());
        Callback::from(move |id: String| {
            on_value.emit(match field.info().kind {
                Kind::Bool => field.parse(&id),
                Kind::List => Value::from_items([id].into_iter().filter(|id| !id.is_empty())),
                Kind::Text => Value::from_text(id),
            });
        })
    };
    let chosen = match value {
        Value::Bool(_) => field.print(value),
        Value::Empty | Value::Text(_) | Value::List(_) => value.items().first().cloned().unwrap_or_default(),
    };
    let offered = options.into_iter().map(|(id, words)| (id.into(), words.into()));
    let options: Vec<(AttrValue, AttrValue)> = std::iter::once(("".into(), t::list::choose().into()))
        .chain(offered)
        .collect();
    html! { <Select id="filter-value" label={t::list::value()} value={chosen} {options} on_choice={choose} /> }
}

/// What is compared with, as a person reads it.
fn shown(field: &Field, filter: &Filter) -> String {
    let text = filter.value.text();
    match (text.parse(), Span::from_id(text)) {
        (_, Some(span)) if filter.operator == Operator::Within => words::span(span).to_owned(),
        (Ok(at), _) if is_moment(field) => format::moment(Timestamp(at)),
        _ => words::value(Some(field), &filter.value),
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
    /// The filter at a place is to have an alternative; nothing where none can be added.
    #[prop_or_default]
    pub(crate) on_alternative: Option<Callback<usize>>,
    /// Which one is to have one.
    #[prop_or_default]
    pub(crate) extended: Option<usize>,
}

/// The filters in force with their alternatives, each with a way to drop it.
#[component]
pub(crate) fn FilterChips(props: &FilterChipsProps) -> Html {
    let filters = &props.view.query.filters;
    if filters.is_empty() {
        return Html::default();
    }
    html! {
        <ul class="baton-chips">
            { for filters.iter().enumerate().map(|(place, filter)| html! {
                <li key={place} class={classes!("baton-chip", (props.extended == Some(place)).then_some("baton-chip-extended"))} data-filter={filter.field.clone()}>
                    { for filter.alternatives().enumerate().map(|(at, alternative)| html! {
                        <>
                            if at > 0 {
                                <span class="baton-quiet">{ t::list::or() }</span>
                            }
                            { condition(props, (place, at), alternative) }
                        </>
                    }) }
                    if let Some(on_alternative) = &props.on_alternative {
                        <button type="button" class="baton-chip-or" aria-pressed={(props.extended == Some(place)).to_string()}
                            onclick={on_alternative.reform(move |_: MouseEvent| place)}>{ t::list::or_another() }</button>
                    }
                </li>
            }) }
        </ul>
    }
}

/// One alternative of a filter, and the way to drop it.
fn condition(props: &FilterChipsProps, (place, at): (usize, usize), filter: &Filter) -> Html {
    let (view, on_view) = (props.view.clone(), props.on_view.clone());
    let on_drop = Callback::from(move |_: MouseEvent| {
        let mut view = (*view).clone();
        match view.query.filters[place].without(at) {
            Some(rest) => view.query.filters[place] = rest,
            None => drop(view.query.filters.remove(place)),
        }
        on_view.emit(view);
    });
    let field = column(&props.entity, &filter.field);
    let label = field
        .as_ref()
        .map_or(filter.field.as_str(), |field| field.label.as_str());
    let value = field.as_ref().map(|field| shown(field, filter)).unwrap_or_default();
    let linked = field
        .as_ref()
        .is_some_and(|field| field.field_type == FieldType::Relation);
    html! {
        <>
            <span>
                { format!("{label} {} ", words::operator(filter.operator)) }
                if linked {
                    <RecordTitles items={filter.value.items().to_vec()} />
                } else {
                    { value }
                }
            </span>
            <button type="button" aria-label={t::list::drop_filter_of(label)} onclick={on_drop}>
                <i class="fas fa-times" aria-hidden="true" />
            </button>
        </>
    }
}
