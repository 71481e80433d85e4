//! The windows: how they open, what they remember, how they close.

mod closing;
#[cfg(target_os = "linux")]
mod drawing;
#[cfg(any(test, target_os = "linux"))]
mod language;
mod pages;
mod recovery;

use baton_client::Handle;
use baton_client::core::{Control, Window as Number};
use baton_locales::t;
use baton_protocol::desktop::ZoomStep;
use baton_protocol::message::{Code, Problem};
use tauri::webview::PageLoadEvent;
use tauri::{
    AppHandle, Manager as _, Url, UserAttentionType, WebviewUrl, WebviewWindow, WebviewWindowBuilder, Window, Wry,
};
use tauri_plugin_window_state::StateFlags;

use crate::Directory;
use crate::preferences::PreferenceFile;

pub(crate) use closing::{
    AtExit, Quitting, TrayVisible, ask_to_close, close, hide_all, prepare_restart, quit, stays_in_background,
};
#[cfg(target_os = "linux")]
pub(crate) use drawing::draw_without_emulated_card;
pub(crate) use pages::Pages;
#[cfg(target_os = "linux")]
pub(crate) use recovery::disable_concurrent_jit;
#[cfg(target_os = "macos")]
pub(crate) use recovery::watch_all;
pub(crate) use recovery::{Reloads, page_failed};

/// Sets a variable that the web view reads when it starts, unless it is set.
#[cfg(target_os = "linux")]
fn set_for_web_view(name: &str, value: &str) {
    if let Err(error) = webkit2gtk::glib::setenv(name, value, false) {
        eprintln!("The web view's settings could not be made: {error}");
    }
}

/// Remembers where the window was and how large.
pub(crate) fn remembered() -> tauri::plugin::TauriPlugin<Wry> {
    tauri_plugin_window_state::Builder::default()
        .with_state_flags(StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED)
        .build()
}

/// Opens the first windows: those that were there before an update, or one.
pub(crate) fn open(app: &AppHandle) -> tauri::Result<()> {
    let pages = app.state::<Pages>().take_saved();
    build(app, FIRST, pages.first().map(String::as_str))?;
    for page in pages.iter().skip(1) {
        build(app, &free_label(app), Some(page))?;
    }
    Ok(())
}

/// Opens one more, at this page if there is such a page.
pub(crate) fn open_another(app: &AppHandle, page: Option<&str>) -> tauri::Result<()> {
    build(app, &free_label(app), page.filter(|page| pages::is_page(page)))
}

fn free_label(app: &AppHandle) -> String {
    if app.get_webview_window(FIRST).is_none() {
        return FIRST.into();
    }
    let free = (1..).find(|number| app.get_webview_window(&label(*number)).is_none());
    label(free.unwrap_or_default())
}

/// The window with the focus, or else any.
pub(crate) fn in_front(app: &AppHandle) -> Option<Number> {
    let windows = app.webview_windows();
    let focused = windows.values().find(|window| window.is_focused().unwrap_or(false));
    let window = focused.or_else(|| windows.values().next())?;
    Some(number_of(window.label()))
}

/// Somebody started the program a second time, or pressed its icon: what they look for is the window that is there.
/// All that were hidden come with it.
pub(crate) fn come_to_the_front(app: &AppHandle) {
    for window in app.webview_windows().into_values() {
        if !window.is_visible().unwrap_or(true) {
            // Only a window that is gone already cannot be shown.
            window.show().ok();
        }
    }
    match in_front(app) {
        Some(number) => show(app, number),
        None => {
            if let Err(error) = open_another(app, None) {
                tracing::error!(%error, "no window could be opened");
            }
        }
    }
}

/// Shows this window, wherever it is.
pub(crate) fn show(app: &AppHandle, number: Number) {
    let Some(window) = of_number(app, number) else {
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

/// Whether its person looks at this window.
pub(crate) fn has_focus(app: &AppHandle, number: Number) -> bool {
    of_number(app, number).is_some_and(|window| window.is_focused().unwrap_or(false))
}

/// Whether any window has the focus.
pub(crate) fn any_has_focus(app: &AppHandle) -> bool {
    app.webview_windows()
        .values()
        .any(|window| window.is_focused().unwrap_or(false))
}

/// Marks the window in the taskbar, until it has the focus.
pub(crate) fn ask_for_attention(app: &AppHandle, number: Number) {
    if let Some(window) = of_number(app, number) {
        // Not every system has such marks.
        window
            .request_user_attention(Some(UserAttentionType::Informational))
            .ok();
        window.set_badge_count(Some(1)).ok();
    }
}

/// Removes the mark: the window has the focus.
pub(crate) fn looked_at(window: &Window) {
    window.request_user_attention(None).ok();
    window.set_badge_count(None).ok();
}

/// Prints what the window shows, by the system's dialog.
///
/// # Errors
/// If it cannot be printed here.
pub(crate) fn print(window: &Window) -> Result<(), Problem> {
    let page = window.app_handle().get_webview_window(window.label());
    let printed = page.map(|page| page.print()).transpose();
    printed.map(drop).map_err(|error| {
        tracing::warn!(%error, "nothing could be printed");
        Problem::new(Code::Internal, t::desktop::cannot_print())
    })
}

/// Makes everything larger or smaller, in all windows, and remembers it.
pub(crate) fn zoom(app: &AppHandle, step: ZoomStep) {
    let factor = app.state::<PreferenceFile>().zoom(step).factor();
    for window in app.webview_windows().into_values() {
        set_zoom(&window, factor);
    }
}

fn set_zoom(window: &WebviewWindow, factor: f64) {
    if let Err(error) = window.set_zoom(factor) {
        tracing::warn!(%error, "the size cannot be changed");
    }
}

/// Each data directory has its own web data, so that two people's desktops on one machine share nothing.
fn build(app: &AppHandle, label: &str, page: Option<&str>) -> tauri::Result<()> {
    let directory = app.state::<Directory>().0.join("webview");
    let address = format!("index.html#{}", page.unwrap_or("/"));
    let window = WebviewWindowBuilder::new(app, label, WebviewUrl::App(address.into()))
        .title("Baton")
        .inner_size(1280.0, 800.0)
        .min_inner_size(800.0, 560.0)
        .data_directory(directory)
        // The pages take what is dropped themselves.
        .disable_drag_drop_handler()
        // A foreign page in a window without an address bar could ask for a password.
        .on_navigation(is_ours)
        .on_new_window(|_, _| tauri::webview::NewWindowResponse::Deny)
        .on_document_title_changed(|window, title| {
            // Only a window that is gone already has no title.
            window.set_title(&title).ok();
        })
        .on_page_load(|window, load| {
            if load.event() == PageLoadEvent::Started {
                lost_its_page(&window);
            }
        })
        .build()?;
    #[cfg(target_os = "linux")]
    {
        language::follow_system(&window)?;
        recovery::watch(&window)?;
    }
    let chosen = app.state::<PreferenceFile>().chosen();
    if chosen != crate::preferences::Preferences::default() {
        set_zoom(&window, chosen.factor());
    }
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
fn lost_its_page(window: &WebviewWindow) {
    let Some(handle) = window.try_state::<Handle>() else {
        return;
    };
    let (handle, number) = (handle.inner().clone(), number_of(window.label()));
    tauri::async_runtime::spawn(async move { handle.call(number, Control::WindowClosed).await.ok() });
}

/// The label of the first window.
const FIRST: &str = "main";

fn label(number: Number) -> String {
    format!("{FIRST}-{number}")
}

fn of_number(app: &AppHandle, number: Number) -> Option<WebviewWindow> {
    let label = if number == 0 { FIRST.into() } else { label(number) };
    app.get_webview_window(&label)
}

/// The engine's name of a window.
pub(crate) fn number(window: &Window) -> Number {
    number_of(window.label())
}

fn number_of(label: &str) -> Number {
    let rest = label.strip_prefix(FIRST).unwrap_or_default();
    rest.trim_start_matches('-').parse().unwrap_or_default()
}
