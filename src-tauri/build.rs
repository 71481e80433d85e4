//! Names the commands, so that a window may call these and nothing else (`capabilities/main.json`).

use tauri_build::{AppManifest, Attributes};

const COMMANDS: &[&str] = &[
    "engine",
    "next_events",
    "save_download",
    "show_download",
    "open_link",
    "new_window",
    "close_window",
    "page_changed",
    "page_failed",
    "print",
    "zoom",
    "installation",
    "set_preference",
    "save_report",
    "check_for_update",
    "sign_in_by_browser",
    "cancel_browser_sign_in",
    "install_update",
];

fn main() {
    let attributes = Attributes::new().app_manifest(AppManifest::new().commands(COMMANDS));
    if let Err(error) = tauri_build::try_build(attributes) {
        panic!("the desktop cannot be built: {error:#}");
    }
}
