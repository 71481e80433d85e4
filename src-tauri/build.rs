//! Names the commands, so that a window may call these and nothing else (`capabilities/main.json`).

use tauri_build::{AppManifest, Attributes};

const COMMANDS: &[&str] = &[
    "start",
    "next_events",
    "set_server",
    "sign_in",
    "sign_out",
    "watch",
    "unwatch",
    "open_form",
    "close_form",
    "change_form",
    "focus_field",
    "save_form",
    "discard_draft",
    "undo_discard",
    "history",
    "ask",
    "ask_to_edit",
    "decline_ask",
    "hand_over",
    "take_over",
    "move_here",
    "decide",
    "remove_record",
    "restore_record",
    "save_download",
    "open_link",
    "retry",
    "connection",
    "check_connection",
    "kept_texts",
    "new_window",
    "close_window",
    "open_read_only",
    "edit_form",
    "page_changed",
    "zoom",
    "installation",
    "set_preference",
    "save_report",
    "check_for_update",
    "install_update",
];

fn main() {
    let attributes = Attributes::new().app_manifest(AppManifest::new().commands(COMMANDS));
    if let Err(error) = tauri_build::try_build(attributes) {
        panic!("the desktop cannot be built: {error:#}");
    }
}
