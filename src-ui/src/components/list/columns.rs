//! Which columns a list shows.

use std::rc::Rc;
use std::sync::Arc;

use baton_locales::t;
use baton_protocol::entity::Entity;
use baton_protocol::list::View;
use baton_protocol::list_query::{columns, first_columns};
use baton_protocol::values::TITLE;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub(super) struct ColumnsProps {
    pub(super) entity: Arc<Entity>,
    pub(super) view: Rc<View>,
    pub(super) on_view: Callback<View>,
}

/// Every column with whether it is shown; those that are shown can be moved.
#[component]
pub(super) fn Columns(props: &ColumnsProps) -> Html {
    let ColumnsProps { entity, view, on_view } = props;
    let all = columns(entity);
    // What is no more has no place among them.
    let mut shown = view.columns.clone().unwrap_or_else(|| first_columns(entity));
    shown.retain(|name| all.iter().any(|field| field.name == *name));
    let set = |columns: Vec<String>| {
        let (view, on_view) = (view.clone(), on_view.clone());
        move || {
            on_view.emit(View {
                columns: Some(columns.clone()),
                ..(*view).clone()
            });
        }
    };
    let chosen = shown
        .iter()
        .filter_map(|name| all.iter().find(|field| field.name == *name));
    let others = all
        .iter()
        .filter(|field| field.name != TITLE && !shown.contains(&field.name));
    html! {
        <>
            <h2 class="baton-label">{ t::list::columns() }</h2>
            <ul class="baton-column-list">
                { for chosen.enumerate().map(|(index, field)| {
                    let hide = set(shown.iter().filter(|name| **name != field.name).cloned().collect());
                    let up = set(swapped(&shown, index));
                    html! {
                        <li key={field.name.clone()}>
                            <label class="baton-choice">
                                <input type="checkbox" checked=true data-column-choice={field.name.clone()}
                                    onchange={Callback::from(move |_: Event| hide())} />
                                <span>{ &field.label }</span>
                            </label>
                            if index > 0 {
                                <button type="button" class="baton-tool" aria-label={t::list::move_to_the_left(&field.label)}
                                    onclick={Callback::from(move |_: MouseEvent| up())}>
                                    <i class="fas fa-arrow-up" aria-hidden="true" />
                                </button>
                            }
                        </li>
                    }
                }) }
                { for others.map(|field| {
                    let show = set(shown.iter().cloned().chain([field.name.clone()]).collect());
                    html! {
                        <li key={field.name.clone()}>
                            <label class="baton-choice">
                                <input type="checkbox" checked=false data-column-choice={field.name.clone()}
                                    onchange={Callback::from(move |_: Event| show())} />
                                <span>{ &field.label }</span>
                            </label>
                        </li>
                    }
                }) }
            </ul>
        </>
    }
}

/// The columns with this one before its neighbour.
fn swapped(columns: &[String], index: usize) -> Vec<String> {
    let mut columns = columns.to_vec();
    if index > 0 && index < columns.len() {
        columns.swap(index - 1, index);
    }
    columns
}
