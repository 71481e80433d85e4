//! Who is online, and where: in the top bar, for everybody (semantics 7.3).

use std::sync::Arc;

use baton_locales::t;
use baton_protocol::entity::Entity;
use baton_protocol::id::{EntityId, FormKind};
use baton_protocol::live::OnlineForm;
use baton_protocol::message::GetOnline;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::components::Loading;
use crate::format;
use crate::hooks::{PopoverHandle, use_entities, use_polled, use_popover, use_session};
use crate::route::Route;

/// How often the server is asked while the list is open, in milliseconds.
const AGAIN_MS: u32 = 3000;

/// The button, and behind it the list.
#[component]
pub(crate) fn OnlineMenu() -> Html {
    let PopoverHandle {
        open,
        place,
        toggle,
        close,
        on_key,
    } = use_popover();
    html! {
        <div class="baton-connection" ref={place} onkeydown={on_key}>
            <button type="button" class="baton-badge" id="online" aria-expanded={open.to_string()} aria-haspopup="dialog"
                onclick={toggle}>
                <i class="fas fa-users" aria-hidden="true" />
                { t::shell::who_is_online() }
            </button>
            if open {
                <div class="baton-popover" role="dialog" aria-label={t::shell::who_is_online()}>
                    <OnlineList {close} />
                </div>
            }
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct OnlineListProps {
    close: Callback<()>,
}

/// The list, asked for again and again while it is shown.
#[component]
fn OnlineList(props: &OnlineListProps) -> Html {
    let live = use_session().live();
    let online = use_polled(GetOnline {}, live, AGAIN_MS);
    let entities = use_entities();
    if !live {
        return html! { <p class="baton-quiet">{ t::shell::server_unreached_nobody_knows() }</p> };
    }
    let people = match &*online {
        None => return html! { <Loading /> },
        Some(Err(problem)) => return html! { <p class="baton-error">{ problem.message.to_string() }</p> },
        Some(Ok(people)) => people,
    };
    let collection = |id: EntityId| {
        entities
            .living()
            .find(|row| row.entity.id == id)
            .map(|row| Arc::clone(&row.entity))
    };
    html! {
        <>
            <ul class="baton-online">
                { for people.iter().map(|online| html! {
                    <li key={online.person.id.to_string()} data-online={online.person.name.clone()}>
                        <span class="baton-avatar" aria-hidden="true">{ format::initials(&online.person.name) }</span>
                        <div>
                            <strong>{ &online.person.name }</strong>
                            if online.own {
                                <span class="baton-quiet">{ " " }{ t::common::you_in_brackets() }</span>
                            }
                            if let Some(seconds) = online.idle_seconds {
                                <span class="baton-quiet">{ idle(seconds) }</span>
                            }
                            { for online.forms.iter().map(|form| {
                                let entity = collection(form.entity);
                                form_link(form, entity.as_deref(), &props.close)
                            }) }
                            { for online.lists.iter().filter_map(|id| {
                                let entity = collection(*id)?;
                                Some(link(Route::records(*id), t::shell::looks_at(&entity.label_plural), &props.close))
                            }) }
                            if online.forms.is_empty() && online.lists.is_empty() && !online.own {
                                <p class="baton-quiet">{ t::shell::elsewhere() }</p>
                            }
                        </div>
                    </li>
                }) }
            </ul>
            if people.iter().all(|online| online.own) {
                <p class="baton-quiet">{ t::shell::nobody_else_is_online() }</p>
            }
        </>
    }
}

/// For how long somebody has done nothing, and what that is called.
fn idle(seconds: u64) -> String {
    const AWAY: u64 = 30 * 60;
    let span = format::span(seconds);
    let words = if seconds < AWAY {
        t::shell::idle_for(span)
    } else {
        t::shell::away_for(span)
    };
    format!(" · {words}")
}

fn form_link(form: &OnlineForm, entity: Option<&Entity>, close: &Callback<()>) -> Html {
    let title = match (form.title.trim(), entity) {
        ("", Some(entity)) => t::shell::a_new(&entity.label),
        ("", None) => t::shell::something_new().into(),
        (title, _) => t::common::quoted(title),
    };
    let (entity, id) = (form.entity.0, form.form.id);
    let route = match form.form.kind {
        FormKind::Record => Route::ReadOnly { entity, record: id },
        FormKind::Entity => Route::Definition { entity },
    };
    let words = match (form.form.kind, form.edits) {
        (FormKind::Record, true) => t::shell::edits_record(title),
        (FormKind::Record, false) => t::shell::waits_for_record(title),
        (FormKind::Entity, true) => t::shell::edits_definition(title),
        (FormKind::Entity, false) => t::shell::waits_for_definition(title),
    };
    link(route, words, close)
}

fn link(route: Route, words: String, close: &Callback<()>) -> Html {
    let close = close.reform(|_: MouseEvent| ());
    html! {
        <p onclick={close}><Link<Route> to={route}>{ words }</Link<Route>></p>
    }
}
