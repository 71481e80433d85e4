//! The one window: how it opens, what it remembers, how it closes.

use std::path::Path;
use std::time::Duration;

use baton_client::Handle;
use baton_client::core::Call;
use baton_protocol::desktop::UiEvent;
use baton_protocol::message::Code;
use tauri::{App, Manager as _, WebviewUrl, WebviewWindowBuilder, Window, Wry};
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

/// Opens the window. Each data directory has its own web data, so that two people's desktops on one
/// machine share nothing.
pub(crate) fn open(app: &mut App, directory: &Path) -> tauri::Result<()> {
    WebviewWindowBuilder::new(app, "main", WebviewUrl::App("index.html".into()))
        .title("Baton")
        .inner_size(1280.0, 800.0)
        .min_inner_size(800.0, 560.0)
        .data_directory(directory.join("webview"))
        .build()?;
    Ok(())
}

/// Sends what was typed, says goodbye to the server, and closes; or asks, if something cannot be sent.
pub(crate) fn close(window: Window, anyway: bool) {
    tauri::async_runtime::spawn(async move {
        let handle = window.state::<Handle>().inner().clone();
        let quit = tokio::time::timeout(FAREWELL, handle.call(Call::Quit { anyway })).await;
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
            handle.call(Call::Stay).await.ok();
            window.state::<Events>().emit(UiEvent::CloseAsked { why, loses });
            return;
        }
        window.app_handle().exit(0);
    });
}
