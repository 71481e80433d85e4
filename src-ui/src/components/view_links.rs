//! The saved views of a collection at the side, a press away.

use std::rc::Rc;

use baton_locales::t;
use baton_protocol::id::EntityId;
use baton_protocol::list::SavedView;
use baton_protocol::message::GetViews;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;
use yew_hooks::use_event_with_window;
use yew_router::prelude::*;

use crate::backend;
use crate::hooks::{VIEWS_CHANGED, WantedView, use_live};
use crate::route::Route;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct ViewLinksProps {
    pub(crate) entity: EntityId,
}

/// The views that have a name; nothing where there are none.
#[component]
pub(crate) fn ViewLinks(props: &ViewLinksProps) -> Html {
    let entity = props.entity;
    let views = use_state_eq(Rc::<Vec<SavedView>>::default);
    let changes = use_state_eq(|| 0u64);
    {
        let changes = changes.clone();
        use_event_with_window(VIEWS_CHANGED, move |_: Event| changes.set(*changes + 1));
    }
    {
        let (views, live) = (views.setter(), use_live());
        use_effect_with((entity, *changes, live), move |(entity, ..)| {
            let query = GetViews { entity: *entity };
            spawn_local(async move {
                // Those that were there stay: they are at the list, too.
                if let Ok(mut found) = backend::query(query).await {
                    found.retain(|view| !view.name.is_empty());
                    views.set(Rc::new(found));
                }
            });
        });
    }
    let navigator = use_navigator();
    if views.is_empty() {
        return Html::default();
    }
    html! {
        <ul class="baton-side-views" aria-label={t::list::views()}>
            { for views.iter().map(|saved| {
                let (navigator, view) = (navigator.clone(), saved.view.clone());
                let onclick = Callback::from(move |_: MouseEvent| {
                    if let Some(navigator) = &navigator {
                        navigator.push_with_state(&Route::records(entity), WantedView::new(view.clone()));
                    }
                });
                html! {
                    <li key={saved.id.to_string()}>
                        <button type="button" class="baton-side-link" data-side-view={saved.name.clone()} {onclick}>
                            { &saved.name }
                        </button>
                    </li>
                }
            }) }
        </ul>
    }
}
