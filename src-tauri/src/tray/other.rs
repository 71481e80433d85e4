//! The tray of Windows and macOS.

use tauri::menu::{MenuBuilder, MenuItemBuilder};
use tauri::tray::{TrayIcon, TrayIconBuilder};
use tauri::{AppHandle, Wry};

use super::{Action, Status, act, actions};

/// The icon.
pub(super) struct Icon {
    app: AppHandle,
    icon: TrayIcon<Wry>,
}

impl Icon {
    #[expect(clippy::unused_async, reason = "another system's tray is asked for")]
    pub(super) async fn start(app: &AppHandle) -> tauri::Result<Self> {
        let mut builder = TrayIconBuilder::with_id("baton")
            .tooltip("Baton")
            .on_menu_event(|app, event| {
                let chosen = actions().into_iter().find(|(action, _)| *event.id() == id(*action));
                if let Some((action, _)) = chosen {
                    act(app, action);
                }
            });
        if let Some(image) = app.default_window_icon() {
            builder = builder.icon(image.clone());
        }
        Ok(Self {
            app: app.clone(),
            icon: builder.build(app)?,
        })
    }

    #[expect(clippy::unused_async, reason = "another system's tray is told")]
    pub(super) async fn show(&self, status: Status) {
        let lines = status.lines();
        let shown = self.menu(&lines).and_then(|menu| self.icon.set_menu(Some(menu)));
        let shown = shown.and_then(|()| self.icon.set_tooltip(Some(format!("Baton\n{}", lines.join("\n")))));
        if let Err(error) = shown {
            tracing::warn!(%error, "the tray does not show how things stand");
        }
    }

    pub(super) fn is_there(&self) -> bool {
        true
    }

    fn menu(&self, lines: &[String]) -> tauri::Result<tauri::menu::Menu<Wry>> {
        let mut menu = MenuBuilder::new(&self.app);
        for line in lines {
            menu = menu.item(&MenuItemBuilder::new(line).enabled(false).build(&self.app)?);
        }
        menu = menu.separator();
        for (action, label) in actions() {
            menu = menu.item(&MenuItemBuilder::with_id(id(action), label).build(&self.app)?);
        }
        menu.build()
    }
}

/// An item's name, whatever language its label is in.
fn id(action: Action) -> &'static str {
    match action {
        Action::Show => "show",
        Action::NewWindow => "new-window",
        Action::Hide => "hide",
        Action::Quit => "quit",
    }
}
