//! The windows: how they open, what they remember, how they close.

use std::path::PathBuf;
use std::time::Duration;

use baton_client::Handle;
use baton_client::core::{Call, Window as Number};
use baton_protocol::desktop::UiEvent;
use baton_protocol::message::Code;
use tauri::webview::PageLoadEvent;
use tauri::{AppHandle, Manager as _, Url, WebviewUrl, WebviewWindowBuilder, Window, Wry};
use tauri_plugin_window_state::StateFlags;

use crate::events::Events;

/// How long a window that was asked to close may take to send what was typed.
const FAREWELL: Duration = Duration::from_secs(4);

/// Remembers where the window was and how large.
pub(crate) fn remembered() -> tauri::plugin::TauriPlugin<Wry> {
    tauri_plugin_window_state::Builder::default()
        .with_state_flags(StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED)
        .build()
}

/// Where the windows' web data is.
pub(crate) struct WebData(pub(crate) PathBuf);

/// Opens the first window.
pub(crate) fn open(app: &AppHandle) -> tauri::Result<()> {
    build(app, FIRST)
}

/// Opens one more.
pub(crate) fn open_another(app: &AppHandle) -> tauri::Result<()> {
    let free = (1..).find(|number| app.get_webview_window(&label(*number)).is_none());
    build(app, &label(free.unwrap_or_default()))
}

/// Somebody started the program a second time: what they look for is the window that is there.
pub(crate) fn come_to_the_front(app: &AppHandle) {
    let focused = app
        .webview_windows()
        .into_values()
        .find(|window| window.is_focused().unwrap_or(false));
    let Some(window) = focused.or_else(|| app.webview_windows().into_values().next()) else {
        return;
    };
    let shown = window
        .unminimize()
        .and_then(|()| window.show())
        .and_then(|()| window.set_focus());
    if let Err(error) = shown {
        tracing::warn!(%error, "the window does not come to the front");
    }
}

/// Each data directory has its own web data, so that two people's desktops on one machine share nothing.
fn build(app: &AppHandle, label: &str) -> tauri::Result<()> {
    let directory = app.state::<WebData>().0.clone();
    WebviewWindowBuilder::new(app, label, WebviewUrl::App("index.html".into()))
        .title("Baton")
        .inner_size(1280.0, 800.0)
        .min_inner_size(800.0, 560.0)
        .data_directory(directory)
        // The pages take what is dropped themselves.
        .disable_drag_drop_handler()
        // A foreign page in a window without an address bar could ask for a password.
        .on_navigation(is_ours)
        .on_new_window(|_, _| tauri::webview::NewWindowResponse::Deny)
        .on_page_load(|window, load| {
            if load.event() == PageLoadEvent::Started {
                lost_its_page(&window);
            }
        })
        .build()?;
    Ok(())
}

/// Whether an address is the program's own page.
fn is_ours(url: &Url) -> bool {
    let own = match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        "http" | "https" => url.host_str() == Some("tauri.localhost"),
        "about" => url.as_str() == "about:blank",
        _ => false,
    };
    if !own {
        tracing::warn!(scheme = url.scheme(), "a window does not leave its page");
    }
    own
}

/// A window that begins its page anew has nothing open any more: its places are given up.
fn lost_its_page(window: &tauri::WebviewWindow) {
    let Some(handle) = window.try_state::<Handle>() else {
        return;
    };
    let (handle, number) = (handle.inner().clone(), number_of(window.label()));
    tauri::async_runtime::spawn(async move { handle.call(number, Call::WindowClosed).await.ok() });
}

/// The label of the first window.
const FIRST: &str = "main";

fn label(number: Number) -> String {
    format!("{FIRST}-{number}")
}

/// The engine's name of a window.
pub(crate) fn number(window: &Window) -> Number {
    number_of(window.label())
}

fn number_of(label: &str) -> Number {
    let rest = label.strip_prefix(FIRST).unwrap_or_default();
    rest.trim_start_matches('-').parse().unwrap_or_default()
}

/// How long the page of a window that was asked to close may take to say that everything typed is handed
/// over; one that hangs does not keep the window open.
const HANDING_OVER: Duration = Duration::from_millis(700);

/// A window was asked to close: its page closes it, after everything that was typed before.
pub(crate) fn ask_to_close(window: Window) {
    tauri::async_runtime::spawn(async move {
        let events = window.state::<Events>();
        let number = number(&window);
        if events.begin_to_close(number) {
            tokio::time::sleep(HANDING_OVER).await;
        }
        if !events.ends_to_close(number) {
            return;
        }
        close(window.clone(), false);
    });
}

/// Closes a window. The last one sends what was typed, says goodbye to the server, and ends the program;
/// or asks, if something cannot be sent.
pub(crate) fn close(window: Window, anyway: bool) {
    tauri::async_runtime::spawn(async move {
        let handle = window.state::<Handle>().inner().clone();
        let events = window.state::<Events>();
        let number = number(&window);
        events.ends_to_close(number);
        if events.leave_to_others(number) {
            handle.call(number, Call::WindowClosed).await.ok();
            // Only a window that is gone already cannot be destroyed.
            window.destroy().ok();
            return;
        }
        let quit = tokio::time::timeout(FAREWELL, handle.call(number, Call::Quit { anyway })).await;
        let refused = match quit {
            Ok(Ok(_)) => None,
            Ok(Err(problem)) => Some((problem.message, problem.code != Code::Unsaved)),
            Err(_) => {
                let why = "The server does not answer, so what you typed last may not be there yet.";
                Some((why.into(), true))
            }
        };
        if let Some((why, loses)) = refused
            && !anyway
        {
            // A server that answers later must not find this desktop leaving.
            handle.call(number, Call::Stay).await.ok();
            events.emit(number, UiEvent::CloseAsked { why, loses });
            return;
        }
        window.app_handle().exit(0);
    });
}
