//! What the reader has typed and not saved (semantics 3.11): on the server, and on this computer.

use std::rc::Rc;

use baton_locales::t;
use baton_protocol::id::{EntityId, FormKey, FormKind, RecordId};
use yew::prelude::*;
use yew_router::prelude::*;

use crate::components::what_waits;
use crate::format;
use crate::hooks::{use_drafts, use_entities, use_session};
use crate::route::Route;

/// One form with unsaved work.
#[derive(Clone, PartialEq)]
pub(crate) struct Work {
    /// The way to it.
    pub(crate) route: Route,
    /// What it is called.
    pub(crate) title: String,
    /// What it is one of.
    pub(crate) kind: String,
    /// Where the work is.
    pub(crate) about: String,
}

/// The way to a form with unsaved work.
pub(crate) fn route_of_draft(form: FormKey, entity: EntityId) -> Route {
    match form.kind {
        FormKind::Record => Route::record(entity, RecordId(form.id)),
        FormKind::Entity => Route::Definition { entity: form.id },
    }
}

/// All unsaved work of the reader, newest first.
#[hook]
pub(crate) fn use_unsaved_work() -> Vec<Work> {
    let drafts = use_drafts();
    let entities = use_entities();
    let session = use_session();
    let label = |entity: EntityId| {
        let row = entities.rows.iter().flatten().find(|row| row.entity.id == entity);
        row.map(|row| Rc::new(row.entity.label.clone()))
    };
    let made = |form: FormKey, entity: EntityId, title: &str, about: String| {
        let kind = match form.kind {
            FormKind::Record => label(entity).map_or_else(|| t::shell::record().into(), |label| label.to_string()),
            FormKind::Entity => t::shell::definition().into(),
        };
        let title = match title.trim() {
            "" => t::shell::untitled_of(&kind),
            title => title.to_owned(),
        };
        Work {
            route: route_of_draft(form, entity),
            title,
            kind,
            about,
        }
    };
    let state = session.state();
    let outbox = state.map(|state| state.outbox.as_slice()).unwrap_or_default();
    // What is in both is on the server and goes on here.
    let here = outbox.iter().filter_map(|waiting| {
        let entity = waiting.entity?;
        Some(made(
            waiting.form,
            entity,
            &waiting.title,
            what_waits(waiting, session.live()),
        ))
    });
    let there = drafts
        .rows
        .iter()
        .filter(|row| !outbox.iter().any(|waiting| waiting.form == row.form));
    let there = there.map(|row| {
        let at = format::moment(row.at);
        let about = if row.new {
            t::shell::never_saved(at)
        } else {
            t::shell::changes_not_saved(at)
        };
        made(row.form, row.entity, &row.title, about)
    });
    here.chain(there).collect()
}

/// The list; nothing where there is none.
#[component]
pub(crate) fn UnsavedWork() -> Html {
    let work = use_unsaved_work();
    if work.is_empty() {
        return Html::default();
    }
    html! {
        <section class="baton-panel baton-unsaved-work" id="unsaved-work" aria-labelledby="unsaved-work-title">
            <h2 class="baton-label" id="unsaved-work-title">{ t::shell::your_unsaved_work() }</h2>
            <ul>
                { for work.into_iter().map(|work| html! {
                    <li key={work.route.to_path()} data-unsaved-work={work.title.clone()}>
                        <Link<Route> to={work.route}>{ &work.title }</Link<Route>>
                        <span class="baton-quiet">{ work.kind }</span>
                        <span class="baton-push" />
                        <span class="baton-quiet">{ work.about }</span>
                    </li>
                }) }
            </ul>
        </section>
    }
}
