//! The menu bar that macOS shows for every program. Elsewhere the page's own *Help* menu has these items.

use baton_locales::t;
use baton_protocol::desktop::{Destination, UiEvent, ZoomStep};
use tauri::menu::{AboutMetadata, Menu, MenuEvent, MenuItemBuilder, SubmenuBuilder};
use tauri::{AppHandle, Manager as _, Wry};

use crate::events::Events;
use crate::window;

/// The menu bar.
///
/// # Errors
/// If the system does not take it.
pub(crate) fn bar(app: &AppHandle) -> tauri::Result<Menu<Wry>> {
    let item = |id: &str, label: &str, keys: &str| MenuItemBuilder::with_id(id, label).accelerator(keys).build(app);
    let plain = |id: &str, label: &str| MenuItemBuilder::with_id(id, label).build(app);
    let program = SubmenuBuilder::new(app, "Baton")
        .about(Some(AboutMetadata::default()))
        .separator()
        .hide()
        .hide_others()
        .show_all()
        .separator()
        .item(&item("quit", t::desktop::quit_baton(), "CmdOrCtrl+Q")?)
        .build()?;
    let file = SubmenuBuilder::new(app, t::desktop::menu_file())
        .item(&item("new-window", t::shell::new_window(), "CmdOrCtrl+N")?)
        .close_window()
        .build()?;
    // Undo and redo are the page's: a form takes back what its person typed.
    let edit = SubmenuBuilder::new(app, t::desktop::menu_edit())
        .cut()
        .copy()
        .paste()
        .select_all()
        .build()?;
    let view = SubmenuBuilder::new(app, t::desktop::menu_view())
        .item(&item("zoom-in", t::desktop::larger(), "CmdOrCtrl+=")?)
        .item(&item("zoom-out", t::desktop::smaller(), "CmdOrCtrl+-")?)
        .item(&item("zoom-reset", t::desktop::actual_size(), "CmdOrCtrl+0")?)
        .separator()
        .fullscreen()
        .build()?;
    let help = SubmenuBuilder::new(app, t::desktop::menu_help())
        .item(&plain("connection", t::shell::connection())?)
        .item(&plain("installation", t::shell::about_this_installation())?)
        .build()?;
    Menu::with_items(app, &[&program, &file, &edit, &view, &help])
}

/// An item was chosen.
pub(crate) fn chosen(app: &AppHandle, event: &MenuEvent) {
    let go = |page: Destination| {
        if let Some(number) = window::in_front(app) {
            app.state::<Events>().emit(number, UiEvent::Navigate(page));
        }
    };
    match event.id().as_ref() {
        "quit" => window::quit(app),
        "new-window" => drop(window::open_another(app, None)),
        "zoom-in" => window::zoom(app, ZoomStep::In),
        "zoom-out" => window::zoom(app, ZoomStep::Out),
        "zoom-reset" => window::zoom(app, ZoomStep::Reset),
        "connection" => go(Destination::Connection),
        "installation" => go(Destination::Installation),
        _ => {}
    }
}
