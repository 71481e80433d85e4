//! A page whose process ended is loaded again. What was typed is with the engine, which goes on (G7).
//!
//! On Windows the web view offers this itself.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// So many times within [`PERIOD`] a page is loaded again; one that ends each time would do so for ever.
const MAX_RELOADS: usize = 5;
const PERIOD: Duration = Duration::from_secs(60);

/// When one window's page was loaded again.
#[derive(Default)]
struct Reloads(Mutex<Vec<Instant>>);

impl Reloads {
    /// Counts one more; whether it may be.
    fn allow(&self, now: Instant) -> bool {
        let mut times = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        times.retain(|time| now.duration_since(*time) < PERIOD);
        times.push(now);
        times.len() <= MAX_RELOADS
    }
}

/// Disables WebKit's optimizing wasm compiler, the probable cause of pages that fail with "Out of bounds memory access" in
/// the middle of a keystroke. The baseline compiler remains. Must be called before the first window and thread; a value
/// that the environment has already is left as it is.
#[cfg(target_os = "linux")]
pub(crate) fn disable_optimizing_wasm_compiler() {
    if let Err(error) = webkit2gtk::glib::setenv("JSC_useOMGJIT", "0", false) {
        eprintln!("The web view's settings could not be made: {error}");
    }
}

/// Loads the window's page again whenever its process ends.
#[cfg(target_os = "linux")]
pub(super) fn watch(window: &tauri::WebviewWindow) -> tauri::Result<()> {
    use webkit2gtk::{SettingsExt as _, WebViewExt as _};

    let reloads = Reloads::default();
    window.with_webview(move |webview| {
        // What a page says to its console is part of the evidence when a test fails.
        if let Some(settings) = webview.inner().settings().filter(|_| cfg!(debug_assertions)) {
            settings.set_enable_write_console_messages_to_stdout(true);
        }
        webview.inner().connect_web_process_terminated(move |view, reason| {
            tracing::error!(?reason, "the page's process ended");
            if reloads.allow(Instant::now()) {
                view.reload();
            }
        });
    })
}

/// The same, for all windows.
#[cfg(target_os = "macos")]
pub(crate) fn watch_all(builder: tauri::Builder<tauri::Wry>) -> tauri::Builder<tauri::Wry> {
    let reloads = Reloads::default();
    builder.on_web_content_process_terminate(move |webview| {
        tracing::error!(window = webview.label(), "the page's process ended");
        if reloads.allow(Instant::now())
            && let Err(error) = webview.reload()
        {
            tracing::error!(%error, "the page cannot be loaded again");
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_ends_each_time_is_not_loaded_for_ever() {
        let reloads = Reloads::default();
        let start = Instant::now();
        for _ in 0..MAX_RELOADS {
            assert!(reloads.allow(start));
        }
        assert!(!reloads.allow(start));
        assert!(reloads.allow(start + PERIOD));
    }
}
