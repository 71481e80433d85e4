//! A page that failed, or whose process ended, is loaded again. What was typed is with the engine, which goes on (G7).
//!
//! On Windows the web view itself offers to load a page whose process ended.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tauri::{Manager as _, WebviewWindow};

/// So many times within [`PERIOD`] a page is loaded again; one that ends each time would do so for ever.
const MAX_RELOADS: usize = 5;
const PERIOD: Duration = Duration::from_secs(60);

/// Of what a page says about its failure so much is logged, in bytes.
const MAX_REASON: usize = 8 * 1024;

/// When each window's page was loaded again.
#[derive(Default)]
pub(crate) struct Reloads(Mutex<BTreeMap<String, Vec<Instant>>>);

impl Reloads {
    /// Counts one more of this window; whether it may be.
    fn allow(&self, window: &str, now: Instant) -> bool {
        let mut windows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let times = windows.entry(window.to_owned()).or_default();
        times.retain(|time| now.duration_since(*time) < PERIOD);
        times.push(now);
        times.len() <= MAX_RELOADS
    }
}

/// A page says that its program failed. Whether it may load itself again.
pub(crate) fn page_failed(window: &WebviewWindow, why: &str) -> bool {
    tracing::error!("the page failed: {}", &why[..why.floor_char_boundary(MAX_REASON)]);
    window.state::<Reloads>().allow(window.label(), Instant::now())
}

/// Loads the window's page again, unless it ends each time.
#[cfg(not(windows))]
fn load_again(window: &WebviewWindow) {
    if window.state::<Reloads>().allow(window.label(), Instant::now())
        && let Err(error) = window.reload()
    {
        tracing::error!(%error, "the page cannot be loaded again");
    }
}

/// Has WebKit compile the program of a page while the page waits for it, and by its quick compiler alone. Replaced while
/// it runs, by another thread, a program fails now and then with "Out of bounds memory access". Pages are no slower so.
/// Must be called before the first window and thread; what the environment says already is left as it is.
#[cfg(target_os = "linux")]
pub(crate) fn disable_concurrent_jit() {
    for setting in ["JSC_useConcurrentJIT", "JSC_useOMGJIT"] {
        super::set_for_web_view(setting, "0");
    }
}

/// Loads the window's page again whenever its process ends.
#[cfg(target_os = "linux")]
pub(super) fn watch(window: &WebviewWindow) -> tauri::Result<()> {
    use webkit2gtk::{SettingsExt as _, WebViewExt as _};

    let own = window.clone();
    window.with_webview(move |webview| {
        // What a page says to its console is part of the evidence when a test fails.
        if let Some(settings) = webview.inner().settings().filter(|_| cfg!(debug_assertions)) {
            settings.set_enable_write_console_messages_to_stdout(true);
        }
        webview.inner().connect_web_process_terminated(move |_, reason| {
            tracing::error!(?reason, "the page's process ended");
            load_again(&own);
        });
    })
}

/// The same, for all windows.
#[cfg(target_os = "macos")]
pub(crate) fn watch_all(builder: tauri::Builder<tauri::Wry>) -> tauri::Builder<tauri::Wry> {
    builder.on_web_content_process_terminate(|webview| {
        tracing::error!(window = webview.label(), "the page's process ended");
        if let Some(window) = webview.get_webview_window(webview.label()) {
            load_again(&window);
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
            assert!(reloads.allow("main", start));
        }
        assert!(!reloads.allow("main", start));
        assert!(reloads.allow("main-2", start));
        assert!(reloads.allow("main", start + PERIOD));
    }
}
