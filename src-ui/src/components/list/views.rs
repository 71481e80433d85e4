//! Saved views: how somebody filtered, sorted and laid out a list, for themselves or for all.

use std::rc::Rc;
use std::sync::Arc;

use baton_locales::t;
use baton_protocol::entity::Entity;
use baton_protocol::id::{UserId, ViewId};
use baton_protocol::list::{SavedView, View};
use baton_protocol::message::{DeleteView, GetViews, Problem, SaveView};
use patternfly_yew::prelude::*;
use uuid::Uuid;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::backend;
use crate::hooks::{use_first_focus, use_session, views_changed};

/// What a person does with a saved view.
enum ViewChange {
    Save(Box<SavedView>),
    Delete(ViewId),
}

#[derive(Clone, PartialEq, Properties)]
pub(super) struct ViewsProps {
    pub(super) entity: Arc<Entity>,
    pub(super) view: Rc<View>,
    pub(super) on_view: Callback<View>,
    pub(super) edits: bool,
}

/// The lists, and a way to keep the present one.
#[component]
pub(super) fn Views(props: &ViewsProps) -> Html {
    let entity = props.entity.id;
    let views = use_state(|| None::<Result<Rc<Vec<SavedView>>, Problem>>);
    let read = {
        let views = views.setter();
        Callback::from(move |()| {
            let views = views.clone();
            spawn_local(async move {
                let found = backend::query(GetViews { entity }).await;
                views.set(Some(found.map(Rc::new)));
            });
        })
    };
    {
        let read = read.clone();
        use_effect_with((), move |()| read.emit(()));
    }
    let session = use_session();
    let me = session
        .state()
        .and_then(|state| state.account.as_ref().map(|account| account.person.id));
    let change = {
        let (read, views) = (read.clone(), views.setter());
        Callback::from(move |change: ViewChange| {
            let (read, views) = (read.clone(), views.clone());
            spawn_local(async move {
                let changed = match change {
                    ViewChange::Save(view) => backend::query(SaveView { view }).await,
                    ViewChange::Delete(view) => backend::query(DeleteView { view }).await,
                };
                match changed {
                    Ok(()) => {
                        views_changed();
                        read.emit(());
                    }
                    Err(problem) => views.set(Some(Err(problem))),
                }
            });
        })
    };
    html! {
        <>
            <h2 class="baton-label">{ t::list::views() }</h2>
            { match &*views {
                None => html! { <p class="baton-quiet">{ t::form::asking_the_server() }</p> },
                Some(Err(problem)) => html! { <p class="baton-error">{ problem.message.to_string() }</p> },
                Some(Ok(found)) => html! {
                    <SavedViewItem views={found.clone()} me={me} on_view={props.on_view.clone()} on_change={change.clone()} />
                },
            } }
            <NameView entity={props.entity.clone()} view={props.view.clone()} edits={props.edits} on_change={change} />
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct SavedViewProps {
    views: Rc<Vec<SavedView>>,
    me: Option<UserId>,
    on_view: Callback<View>,
    on_change: Callback<ViewChange>,
}

#[component]
fn SavedViewItem(props: &SavedViewProps) -> Html {
    let named: Vec<&SavedView> = props.views.iter().filter(|view| !view.name.is_empty()).collect();
    if named.is_empty() {
        return html! { <p class="baton-quiet">{ t::list::no_views_yet() }</p> };
    }
    html! {
        <ul class="baton-column-list">
            { for named.into_iter().map(|saved| {
                let view = saved.view.clone();
                let id = saved.id;
                let drop = props.on_change.reform(move |_: MouseEvent| ViewChange::Delete(id));
                let mine = props.me == Some(saved.owner.id);
                html! {
                    <li key={id.to_string()}>
                        <button type="button" class="baton-view" data-view={saved.name.clone()}
                            onclick={props.on_view.reform(move |_: MouseEvent| view.clone())}>
                            <span>{ &saved.name }</span>
                            if saved.shared {
                                <span class="baton-quiet">
                                    { if mine { t::list::views_for_everybody().to_owned() } else { t::list::view_by(&saved.owner.name) } }
                                </span>
                            }
                        </button>
                        if mine {
                            <button type="button" class="baton-tool" aria-label={t::list::delete_view(&saved.name)} onclick={drop}>
                                <i class="fas fa-trash" aria-hidden="true" />
                            </button>
                        }
                    </li>
                }
            }) }
        </ul>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct NameViewProps {
    entity: Arc<Entity>,
    view: Rc<View>,
    edits: bool,
    on_change: Callback<ViewChange>,
}

#[component]
fn NameView(props: &NameViewProps) -> Html {
    let name = use_state_eq(String::new);
    let input = use_node_ref();
    use_first_focus(input.clone());
    let shared = use_state_eq(|| false);
    let keep = {
        let (entity, view, on_change) = (props.entity.id, props.view.clone(), props.on_change.clone());
        let (name, shared) = (name.clone(), *shared);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let id = ViewId(Uuid::now_v7());
            let view = SavedView::storable(id, entity, (*name).clone(), shared, (*view).clone());
            on_change.emit(ViewChange::Save(view.into()));
            name.set(String::new());
        })
    };
    let oninput = {
        let name = name.setter();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                name.set(input.value());
            }
        })
    };
    let share = {
        let shared = shared.clone();
        Callback::from(move |_: Event| shared.set(!*shared))
    };
    html! {
        <form class="baton-keep" onsubmit={keep}>
            <span class="pf-v6-c-form-control">
                <input id="view-name" ref={input} type="text" maxlength="80" placeholder={t::list::name_of_the_view()} aria-label={t::list::name_of_the_view()}
                    value={(*name).clone()} {oninput} />
            </span>
            if props.edits {
                <label class="baton-choice">
                    <input id="view-shared" type="checkbox" checked={*shared} onchange={share} />
                    <span>{ t::list::for_everybody() }</span>
                </label>
            }
            <Button id="view-keep" r#type={ButtonType::Submit} variant={ButtonVariant::Secondary}
                disabled={name.trim().is_empty()} label={t::list::save_view()} />
        </form>
    }
}
