//! Whether the server is reached, in words (semantics 5.1).

use std::time::Duration;

use baton_locales::t;
use baton_protocol::desktop::{Connection, ConnectionDetails, Link, Retry};
use patternfly_yew::prelude::*;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;
use yew_hooks::use_interval;
use yew_router::components::Link as RouterLink;

use crate::backend;
use crate::components::{ConnectionCheck, Loading, Outbox};
use crate::format;
use crate::hooks::use_session;
use crate::route::Route;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct LinkProps {
    /// The connection.
    pub(crate) link: Link,
}

/// Counts the milliseconds since `key` changed, once a second.
#[hook]
pub(crate) fn use_elapsed<K: PartialEq + Clone + 'static>(key: K, running: bool) -> u64 {
    let since = use_memo(key, |_| js_sys::Date::now());
    let tick = use_force_update();
    // An interval of nothing does not run.
    use_interval(move || tick.force_update(), if running { 1000 } else { 0 });
    let elapsed = (js_sys::Date::now() - *since).max(0.0);
    u64::try_from(Duration::from_secs_f64(elapsed / 1000.0).as_millis()).unwrap_or(u64::MAX)
}

/// The connection as a label in the top bar, with what waits; pressed, it says more.
#[component]
pub(crate) fn ConnectionBadge() -> Html {
    let session = use_session();
    let open = use_state_eq(|| false);
    let link = session.state().map_or(Link::NoServer, |state| state.link.clone());
    let waiting = matches!(link, Link::Waiting { .. });
    let elapsed = use_elapsed(link.clone(), waiting);
    let Some(state) = session.state() else {
        return Html::default();
    };
    let (name, colour, text) = words(&link, elapsed);
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let close = {
        let open = open.clone();
        Callback::from(move |()| open.set(false))
    };
    let on_key = {
        let close = close.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                close.emit(());
            }
        })
    };
    let decide = state.outbox.iter().filter(|waiting| waiting.decide).count() as u64;
    let waits = state.outbox.len() as u64 - decide;
    html! {
        <div class="baton-connection" data-link={name} data-waiting={state.outbox.len().to_string()} onkeydown={on_key}>
            <button type="button" class="baton-badge" id="connection" aria-expanded={open.to_string()} aria-haspopup="dialog"
                onclick={toggle}>
                if decide > 0 {
                    <Label color={Color::Red} compact=true label={t::connection::conflicts(decide)} />
                }
                if waits > 0 {
                    <Label color={Color::Blue} compact=true
                        label={t::connection::changes_wait(waits)} />
                }
                <span role="status"><Label color={colour} label={text} compact=true /></span>
            </button>
            if *open {
                <div class="baton-popover" role="dialog" aria-label={t::shell::connection()}>
                    <ConnectionFacts {link} />
                    <h2 class="baton-label">{ t::connection::waits_for_the_server() }</h2>
                    <Outbox outbox={state.outbox.clone()} on_choose={close.clone()} />
                    <div class="baton-actions" onclick={close.reform(|_: MouseEvent| ())}>
                        <RouterLink<Route> to={Route::Connection}>{ t::connection::check_the_connection() }</RouterLink<Route>>
                    </div>
                </div>
            }
        </div>
    }
}

fn words(link: &Link, elapsed: u64) -> (&'static str, Color, String) {
    match link {
        Link::NoServer => ("none", Color::Grey, t::connection::no_server().into()),
        Link::Connecting => ("connecting", Color::Grey, t::connection::connecting().into()),
        Link::Live => ("live", Color::Green, t::connection::connected().into()),
        Link::WrongVersion { .. } => ("wrong", Color::Red, t::connection::update_needed().into()),
        Link::Waiting { down_ms, .. } => {
            let since = format::span((down_ms + elapsed) / 1000);
            ("waiting", Color::Orange, t::connection::offline_for(&since))
        }
    }
}

/// Server, round trip, when it was heard, and the next try.
#[component]
pub(crate) fn ConnectionFacts(props: &LinkProps) -> Html {
    let details = use_state_eq(|| None::<ConnectionDetails>);
    let elapsed = use_elapsed(props.link.clone(), true);
    {
        let details = details.setter();
        use_effect_with(elapsed / 1000, move |_| {
            spawn_local(async move {
                if let Ok(now) = backend::call(Connection {}).await {
                    details.set(Some(now));
                }
            });
        });
    }
    let Some(now) = &*details else {
        return html! { <Loading /> };
    };
    let retry = Callback::from(|_: MouseEvent| backend::send_quietly(Retry {}));
    let (_, _, state) = words(&props.link, elapsed);
    html! {
        <>
            <dl class="baton-facts">
                <dt>{ t::connection::server() }</dt><dd>{ &now.server }</dd>
                <dt>{ t::connection::state() }</dt><dd>{ state }</dd>
                if let Some(ms) = now.round_trip_ms {
                    <dt>{ t::connection::round_trip() }</dt><dd>{ if ms == 0 { t::connection::under_1_ms().into() } else { t::connection::milliseconds(ms) } }</dd>
                }
                if let Some(ms) = now.heard_ms {
                    <dt>{ t::connection::last_heard() }</dt><dd>{ t::connection::ago(format::span(ms / 1000)) }</dd>
                }
                if let Link::Waiting { why, retry_ms, .. } = &props.link {
                    <dt>{ t::connection::why() }</dt><dd>{ why }</dd>
                    <dt>{ t::connection::next_try() }</dt><dd>{ next_try(retry_ms.saturating_sub(elapsed)) }</dd>
                }
                if let Some(until) = now.signed_in_until {
                    <dt>{ t::connection::signed_in_until() }</dt>
                    <dd id="signed-in-until" title={t::connection::you_can_work_until_then()}>{ format::moment(until) }</dd>
                }
                if let Some(problem) = &now.store_problem {
                    <dt>{ t::connection::this_computer() }</dt><dd class="baton-error">{ problem }</dd>
                }
            </dl>
            if matches!(props.link, Link::Waiting { .. }) {
                <Button id="retry" variant={ButtonVariant::Secondary} onclick={retry} label={t::connection::try_now()} />
            }
        </>
    }
}

fn next_try(ms: u64) -> String {
    match ms.div_ceil(1000) {
        0 => t::connection::now().into(),
        seconds => t::connection::in_span(format::span(seconds)),
    }
}

/// What is wrong with the connection, where nothing else can be done without it. It stays while the next attempt is
/// under way: what is read, and a check that was asked for, must not go with each attempt.
#[component]
pub(crate) fn LinkNotice(props: &LinkProps) -> Html {
    let problem = use_state_eq(|| None::<String>);
    {
        let problem = problem.setter();
        use_effect_with(props.link.clone(), move |link| match link {
            Link::Waiting { why, .. } | Link::WrongVersion { why } => problem.set(Some(why.clone())),
            Link::Live | Link::NoServer => problem.set(None),
            Link::Connecting => {}
        });
    }
    html! {
        if let Some(why) = &*problem {
            <div class="baton-notice">
                <Alert inline=true r#type={AlertType::Warning} title={t::connection::server_cannot_be_reached()}>
                    <p>{ why }</p>
                </Alert>
                <ConnectionCheck />
            </div>
        }
    }
}
