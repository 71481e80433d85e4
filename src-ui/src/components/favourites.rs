//! A person's favourite records: a star at each, and the list of them on the first page.

use baton_locales::t;
use baton_protocol::id::RecordId;
use baton_protocol::list::Favourite;
use baton_protocol::message::{GetFavourites, SetFavourite};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::components::record_toggle::use_record_toggle;
use crate::hooks::{use_entities, use_live, use_session};
use crate::route::Route;
use crate::{backend, format};

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct FavouriteButtonProps {
    pub(crate) record: RecordId,
}

/// Makes a record a favourite, or no more.
#[component]
pub(crate) fn FavouriteButton(props: &FavouriteButtonProps) -> Html {
    let read = async |record| {
        let all = backend::query(GetFavourites {}).await?;
        Ok(all.iter().any(|favourite| favourite.record == record))
    };
    let write = async |record, favourite| backend::query(SetFavourite { record, favourite }).await;
    let changes = use_changes();
    let Some((now, onclick)) = use_record_toggle(props.record, changes, "favourite", read, write) else {
        return Html::default();
    };
    let label = if now {
        t::form::no_favourite_any_more()
    } else {
        t::form::make_it_a_favourite()
    };
    html! {
        <button type="button" id="favourite" class="baton-tool baton-star" aria-pressed={now.to_string()} aria-label={label} title={label} {onclick}>
            <i class={if now { "fas fa-star" } else { "fas fa-star baton-outlined" }} aria-hidden="true" />
        </button>
    }
}

/// Grows whenever they are other ones, on whichever of the person's desktops that was done.
#[hook]
fn use_changes() -> u64 {
    let session = use_session();
    session.state().map(|state| state.favourites).unwrap_or_default()
}

/// The list of them; nothing where there is none, or where the server cannot be asked.
#[component]
pub(crate) fn Favourites() -> Html {
    let entities = use_entities();
    let all = use_state_eq(Vec::new);
    let (live, changes) = (use_live(), use_changes());
    {
        let all = all.setter();
        use_effect_with((live, changes), move |(live, _)| {
            if *live {
                spawn_local(async move { all.set(backend::query(GetFavourites {}).await.unwrap_or_default()) });
            }
        });
    }
    if all.is_empty() {
        return Html::default();
    }
    let kind = |favourite: &Favourite| {
        let entity = entities.living().find(|row| row.entity.id == favourite.entity);
        entity.map(|row| row.entity.label.clone())
    };
    html! {
        <section class="baton-panel baton-unsaved-work" id="favourites" aria-labelledby="favourites-title">
            <h2 class="baton-label" id="favourites-title">{ t::collections::favourites() }</h2>
            <ul>
                { for all.iter().map(|favourite| html! {
                    <li key={favourite.record.to_string()} data-favourite={favourite.title.clone()}>
                        <i class="fas fa-star baton-star" aria-hidden="true" />
                        <Link<Route> to={Route::record(favourite.entity, favourite.record)}>{ format::title(&favourite.title) }</Link<Route>>
                        <span class="baton-quiet">{ kind(favourite) }</span>
                    </li>
                }) }
            </ul>
        </section>
    }
}
