//! Whether the server is reached, in words (semantics 5.1).

use std::time::Duration;

use baton_protocol::desktop::Link;
use patternfly_yew::prelude::*;
use yew::prelude::*;
use yew_hooks::use_interval;

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

/// The connection as a small label in the top bar.
#[component]
pub(crate) fn ConnectionBadge(props: &LinkProps) -> Html {
    let waiting = matches!(props.link, Link::Waiting { .. });
    let elapsed = use_elapsed(props.link.clone(), waiting);
    let (state, colour, text) = match &props.link {
        Link::NoServer => ("none", Color::Grey, "No server".into()),
        Link::Connecting => ("connecting", Color::Grey, "Connecting…".into()),
        Link::Live => ("live", Color::Green, "Connected".into()),
        Link::WrongVersion { .. } => ("wrong", Color::Red, "Update needed".into()),
        Link::Waiting { retry_ms, down_ms, .. } => {
            let since = (down_ms + elapsed) / 1000;
            let next = retry_ms.saturating_sub(elapsed).div_ceil(1000);
            let when = if next == 0 {
                "trying now".into()
            } else {
                format!("next try in {next} s")
            };
            ("waiting", Color::Orange, format!("Reconnecting for {since} s, {when}"))
        }
    };
    html! {
        <span class="baton-connection" data-link={state} role="status">
            <Label color={colour} label={text} compact=true />
        </span>
    }
}

/// What is wrong with the connection, where nothing else can be done without it.
#[component]
pub(crate) fn LinkNotice(props: &LinkProps) -> Html {
    match &props.link {
        Link::Live | Link::NoServer | Link::Connecting => Html::default(),
        Link::Waiting { why, .. } | Link::WrongVersion { why } => html! {
            <div class="baton-notice">
                <Alert inline=true r#type={AlertType::Warning} title="The server cannot be reached">
                    <p>{ why }</p>
                </Alert>
            </div>
        },
    }
}
