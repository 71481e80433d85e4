//! What is above a list: search, filters, columns, lists that are kept.

use std::rc::Rc;
use std::sync::Arc;

use baton_locales::t;
use baton_protocol::entity::Entity;
use baton_protocol::list::View;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::columns::Columns;
use super::filters::Filters;
use super::layouts::Layouts;
use super::views::Views;
use crate::hooks::use_press_outside;
use crate::words;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct ListToolsProps {
    /// What it is a list of.
    pub(crate) entity: Arc<Entity>,
    /// What it looks like.
    pub(crate) view: Rc<View>,
    /// It is to look otherwise.
    pub(crate) on_view: Callback<View>,
    /// Who is signed in, and what they may do: whether they may make a list everybody's.
    pub(crate) edits: bool,
    /// What else stands at the end.
    pub(crate) children: Html,
}

/// The tools.
#[component]
pub(crate) fn ListTools(props: &ListToolsProps) -> Html {
    let ListToolsProps {
        entity, view, on_view, ..
    } = props;
    let oninput = {
        let (view, on_view) = (view.clone(), on_view.clone());
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                let mut view = (*view).clone();
                view.query.search = input.value();
                on_view.emit(view);
            }
        })
    };
    let (icon, label, _) = words::layout(view.layout);
    let filters = match view.query.filters.len() {
        0 => t::list::filters().to_owned(),
        count => t::list::filters_of_count(count),
    };
    html! {
        <div class="baton-tools" role="search">
            <span class="pf-v6-c-form-control baton-filter">
                <input type="search" id="filter" placeholder={t::list::search()} aria-label={t::list::search_in_this_list()}
                    value={view.query.search.clone()} {oninput} />
            </span>
            <Popover id="filters" icon="fas fa-filter" label={filters}>
                <Filters entity={entity.clone()} view={view.clone()} on_view={on_view.clone()} />
            </Popover>
            <Popover id="columns" icon="fas fa-columns" label={t::list::columns()}>
                <Columns entity={entity.clone()} view={view.clone()} on_view={on_view.clone()} />
            </Popover>
            <Popover id="views" icon="fas fa-bookmark" label={t::list::views()}>
                <Views entity={entity.clone()} view={view.clone()} on_view={on_view.clone()} edits={props.edits} />
            </Popover>
            <Popover id="layout" {icon} {label}>
                <Layouts entity={entity.clone()} view={view.clone()} on_view={on_view.clone()} />
            </Popover>
            <span class="baton-push" />
            { props.children.clone() }
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct PopoverProps {
    /// The id of what opens it.
    pub(crate) id: &'static str,
    /// Its icon.
    pub(crate) icon: &'static str,
    /// Its name.
    pub(crate) label: AttrValue,
    /// Whether it opens towards the beginning of the line.
    #[prop_or_default]
    pub(crate) at_end: bool,
    /// Whether what is in it goes on while it is closed.
    #[prop_or_default]
    pub(crate) keeps: bool,
    /// What is in it.
    pub(crate) children: Html,
}

/// Something that opens below its button, and closes with Escape or a press elsewhere.
#[component]
pub(crate) fn Popover(props: &PopoverProps) -> Html {
    let open = use_state_eq(|| false);
    // Whether it was open at all.
    let opened = use_mut_ref(|| false);
    *opened.borrow_mut() |= *open;
    let place = use_node_ref();
    let button = use_node_ref();
    let close = {
        let open = open.setter();
        Callback::from(move |()| open.set(false))
    };
    use_press_outside(&place, close);
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let onkeydown = {
        let (open, button) = (open.setter(), button.clone());
        Callback::from(move |event: KeyboardEvent| {
            // What is open in it closes first.
            if event.key() == "Escape" && !event.default_prevented() {
                open.set(false);
                if let Some(button) = button.cast::<web_sys::HtmlElement>() {
                    // It can only fail for an element that cannot have the focus.
                    button.focus().ok();
                }
            }
        })
    };
    html! {
        <div class="baton-tool-place" ref={place} {onkeydown}>
            <button type="button" id={props.id} class="baton-tool" ref={button} onclick={toggle} aria-expanded={open.to_string()}
                aria-haspopup="dialog">
                <i class={props.icon} aria-hidden="true" />
                { &props.label }
            </button>
            if *open || (props.keeps && *opened.borrow()) {
                <div hidden={!*open} class={classes!("baton-popover", "baton-tool-popover", props.at_end.then_some("baton-at-end"))} role="dialog" aria-label={props.label.clone()}>
                    { props.children.clone() }
                </div>
            }
        </div>
    }
}
