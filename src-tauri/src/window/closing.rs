//! How windows close, and how the program ends: nothing typed is lost by it.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use baton_client::Handle;
use baton_client::core::{Control, Window as Number};
use baton_locales::t;
use baton_protocol::desktop::UiEvent;
use baton_protocol::message::{Code, Problem};
use tauri::{AppHandle, Manager as _, Window};

use super::{Pages, number, show};
use crate::events::Events;
use crate::preferences::PreferenceFile;

/// How long the program, asked to end, may take to send what was typed.
const QUIT_TIMEOUT: Duration = Duration::from_secs(4);

/// How long the page of a window that was asked to close may take to say that everything typed is handed
/// over; one that hangs does not keep the window open.
const HANDING_OVER: Duration = Duration::from_millis(700);

/// Whether the whole program was asked to end, not a window.
#[derive(Default)]
pub(crate) struct Quitting(AtomicBool);

/// Whether the tray's icon is there, by which hidden windows are found again.
pub(crate) struct TrayVisible(pub(crate) Box<dyn Fn() -> bool + Send + Sync>);

/// What is done once everything typed is handed over, before the program ends.
pub(crate) struct AtExit(pub(crate) Box<dyn Fn() -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>);

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
/// or asks, if something cannot be sent. Where its person wants that, the program goes on in the tray instead.
pub(crate) fn close(window: Window, anyway: bool) {
    tauri::async_runtime::spawn(async move {
        let app = window.app_handle().clone();
        let handle = app.state::<Handle>().inner().clone();
        let events = app.state::<Events>();
        let number = number(&window);
        events.ends_to_close(number);
        if events.leave_to_others(number) || (stays_in_background(&app) && !anyway) {
            events.forget(number);
            app.state::<Pages>().forget(number);
            handle.call(number, Control::WindowClosed).await.ok();
            // Only a window that is gone already cannot be destroyed.
            window.destroy().ok();
            return;
        }
        match quit_engine(&handle, number, Control::Quit { anyway }).await {
            Err(problem) if !anyway => {
                app.state::<Quitting>().0.store(false, Ordering::Relaxed);
                let loses = problem.code != Code::Unsaved;
                show(&app, number);
                let why = problem.message;
                events.emit(
                    number,
                    UiEvent::CloseAsked {
                        why: why.to_string(),
                        loses,
                    },
                );
            }
            Ok(()) | Err(_) => {
                (app.state::<AtExit>().0)().await;
                app.exit(0);
            }
        }
    });
}

/// Whether the program goes on without a window.
pub(crate) fn stays_in_background(app: &AppHandle) -> bool {
    let quitting = app.state::<Quitting>().0.load(Ordering::Relaxed);
    !quitting && app.state::<PreferenceFile>().chosen().run_in_background && (app.state::<TrayVisible>().0)()
}

/// Ends the program, as if every window were closed.
pub(crate) fn quit(app: &AppHandle) {
    app.state::<Quitting>().0.store(true, Ordering::Relaxed);
    let windows = app.webview_windows();
    for window in windows.values() {
        ask_to_close(window.as_ref().window());
    }
    if windows.is_empty() {
        let app = app.clone();
        tauri::async_runtime::spawn(async move {
            let handle = app.state::<Handle>().inner().clone();
            // Without a window there is nobody to ask; what is on this computer's disk stays there.
            match quit_engine(&handle, 0, Control::Quit { anyway: false }).await {
                Ok(()) => (app.state::<AtExit>().0)().await,
                Err(problem) => tracing::warn!(%problem, "ended all the same"),
            }
            app.exit(0);
        });
    }
}

/// Hides every window; the tray shows them again.
pub(crate) fn hide_all(app: &AppHandle) {
    for window in app.webview_windows().into_values() {
        // Only a window that is gone already cannot be hidden.
        window.hide().ok();
    }
}

/// Sends everything typed and closes the line to the server, because the program is about to end and to start
/// again. What is unsaved stays on the server as a draft, for the same person a moment later.
///
/// # Errors
/// A sentence about what would be lost; the program goes on then.
pub(crate) async fn prepare_restart(app: &AppHandle, number: Number) -> Result<(), Problem> {
    let handle = app.state::<Handle>().inner().clone();
    quit_engine(&handle, number, Control::Restart).await
}

/// Lets the engine end in this way; if it does not, it goes on as before.
async fn quit_engine(handle: &Handle, number: Number, how: Control) -> Result<(), Problem> {
    let refused = match tokio::time::timeout(QUIT_TIMEOUT, handle.call(number, how)).await {
        Ok(Ok(_)) => return Ok(()),
        Ok(Err(problem)) => problem,
        Err(_) => {
            let why = t::desktop::server_does_not_answer();
            Problem::new(Code::Offline, why)
        }
    };
    // A server that answers later must not find this desktop leaving.
    handle.call(number, Control::Stay).await.ok();
    Err(refused)
}
