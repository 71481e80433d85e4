//! What the reader saved last, from whichever desktop.

use baton_locales::t;
use baton_protocol::activity::{Activity, ActivityFilter};
use baton_protocol::id::{FormKind, UserId};
use baton_protocol::message::GetActivity;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::components::route_of_draft;
use crate::hooks::{use_entities, use_session};
use crate::route::Route;
use crate::state::activity::last_saved;
use crate::{backend, format};

/// How many entries of the activity are read at once.
const PAGE_ROWS: u32 = 50;
/// How many pages are read at most: the same records may have been saved again and again.
const MAX_PAGES: usize = 5;
/// How many forms are listed at most.
const MAX_FORMS: usize = 6;

/// The list; nothing where there is none, or where the server cannot be asked.
#[component]
pub(crate) fn RecentWork() -> Html {
    let session = use_session();
    let entities = use_entities();
    let me = session
        .state()
        .and_then(|state| Some(state.account.as_ref()?.person.id));
    let recent = use_recent(me.filter(|_| session.live()));
    if recent.is_empty() {
        return Html::default();
    }
    let kind = |row: &Activity| match row.form.kind {
        FormKind::Entity => t::shell::definition().to_owned(),
        FormKind::Record => {
            let entity = entities.living().find(|entity| entity.entity.id == row.entity);
            entity.map(|row| row.entity.label.clone()).unwrap_or_default()
        }
    };
    html! {
        <section class="baton-panel baton-unsaved-work" id="recent-work" aria-labelledby="recent-work-title">
            <h2 class="baton-label" id="recent-work-title">{ t::collections::last_saved_by_you() }</h2>
            <ul>
                { for recent.iter().map(|row| html! {
                    <li key={row.form.to_string()} data-recent={row.title.clone()}>
                        <Link<Route> to={route_of_draft(row.form, row.entity)}>{ format::title(&row.title) }</Link<Route>>
                        <span class="baton-quiet">{ kind(row) }</span>
                        <span class="baton-push" />
                        <span class="baton-quiet">{ format::moment(row.at) }</span>
                    </li>
                }) }
            </ul>
        </section>
    }
}

/// What this person saved last.
#[hook]
fn use_recent(person: Option<UserId>) -> Vec<Activity> {
    let recent = use_state_eq(Vec::new);
    let set = recent.setter();
    use_effect_with(person, move |person| {
        let person = *person;
        if person.is_none() {
            return;
        }
        spawn_local(async move {
            let filter = ActivityFilter { entity: None, person };
            let (mut rows, mut before) = (Vec::new(), None);
            for _ in 0..MAX_PAGES {
                let query = GetActivity {
                    filter: filter.clone(),
                    before,
                    after: None,
                    rows: PAGE_ROWS,
                };
                // Without an answer there is nothing to show.
                let Ok(page) = backend::query(query).await else {
                    break;
                };
                rows.extend(page.rows);
                before = page.next;
                if before.is_none() || last_saved(&rows, MAX_FORMS).len() == MAX_FORMS {
                    break;
                }
            }
            set.set(last_saved(&rows, MAX_FORMS));
        });
    });
    (*recent).clone()
}
