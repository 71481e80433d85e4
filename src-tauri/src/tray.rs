//! The icon beside the clock: how the connection stands, what waits, and the way back to the windows.
//!
//! Not every desktop has a place for it. Where none is, nothing is hidden there and nothing is missed.

#[cfg(target_os = "linux")]
#[path = "tray/linux.rs"]
mod system;
#[cfg(not(target_os = "linux"))]
#[path = "tray/other.rs"]
mod system;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use baton_locales::t;
use baton_protocol::desktop::{Alert, Link, OutboxEntry, UiEvent};
use baton_protocol::id::FormKey;
use tauri::AppHandle;
use tokio::sync::watch;

use crate::window;

/// What the menu does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Action {
    Show,
    NewWindow,
    Hide,
    Quit,
}

/// The menu's actions, as they are called.
fn actions() -> [(Action, &'static str); 4] {
    [
        (Action::Show, t::desktop::show_baton()),
        (Action::NewWindow, t::shell::new_window()),
        (Action::Hide, t::desktop::hide_baton()),
        (Action::Quit, t::desktop::quit()),
    ]
}

/// Carries it out, but not in the system's own event: some open no window there.
fn act(app: &AppHandle, action: Action) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move { act_now(&app, action) });
}

fn act_now(app: &AppHandle, action: Action) {
    match action {
        Action::Show => window::come_to_the_front(app),
        Action::NewWindow => window::open_another(app, None).unwrap_or_else(|error| {
            tracing::error!(%error, "no window could be opened");
        }),
        Action::Hide => window::hide_all(app),
        Action::Quit => window::quit(app),
    }
}

/// What the icon tells.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Status {
    link: Link,
    waiting: BTreeMap<FormKey, OutboxEntry>,
    /// Who asks for a form that is edited here, and what it is called; until a window has the focus.
    asked: Option<(String, String)>,
}

impl Default for Status {
    fn default() -> Self {
        Self {
            link: Link::Connecting,
            waiting: BTreeMap::new(),
            asked: None,
        }
    }
}

impl Status {
    /// Whether the event changes it.
    fn apply(&mut self, event: &UiEvent) -> bool {
        let before = self.clone();
        match event {
            UiEvent::Link(link) => self.link = link.clone(),
            UiEvent::Outbox(waiting) => {
                self.waiting = waiting.iter().map(|waits| (waits.form, waits.clone())).collect();
            }
            UiEvent::OutboxChanged { form, waits } => match waits {
                Some(waits) => drop(self.waiting.insert(*form, waits.clone())),
                None => drop(self.waiting.remove(form)),
            },
            UiEvent::Alert(Alert::Asked { title, by, .. }) => self.asked = Some((by.clone(), title.clone())),
            UiEvent::Alert(Alert::Promoted { .. })
            | UiEvent::Account { .. }
            | UiEvent::Topic { .. }
            | UiEvent::SignInOptions(_)
            | UiEvent::Toast(_)
            | UiEvent::Personal(_)
            | UiEvent::Invitation(_)
            | UiEvent::NotificationsChanged
            | UiEvent::FavouritesChanged
            | UiEvent::Navigate(_)
            | UiEvent::Update(_)
            | UiEvent::Closing
            | UiEvent::CloseAsked { .. }
            | UiEvent::Form { .. } => {}
        }
        before != *self
    }

    /// Its lines, the most urgent first.
    fn lines(&self) -> Vec<String> {
        let asked = self.asked.as_ref().map(|(by, title)| match title.trim() {
            "" => t::desktop::asks_for_untitled(by),
            title => t::desktop::asks_for(by, title),
        });
        let link = match &self.link {
            Link::Live => t::connection::connected(),
            Link::Connecting => t::connection::connecting(),
            Link::Waiting { .. } => t::desktop::not_connected(),
            Link::NoServer => t::desktop::no_server_yet(),
            Link::WrongVersion { .. } => t::shell::an_update_is_needed(),
        };
        let waiting = match self.waiting.len() {
            0 => None,
            records => Some(t::desktop::records_wait(records)),
        };
        asked.into_iter().chain([link.to_owned()]).chain(waiting).collect()
    }

    /// Whether the icon is to stand out, where it can.
    #[cfg(any(test, target_os = "linux"))]
    fn wants_attention(&self) -> bool {
        self.asked.is_some()
    }
}

/// The icon, once there is a place for it.
#[derive(Clone, Default)]
pub(crate) struct Tray {
    status: watch::Sender<Status>,
    icon: Arc<OnceLock<system::Icon>>,
}

impl Tray {
    /// Puts the icon there, if there is a place, and shows from now on how things stand.
    pub(crate) async fn start(&self, app: &AppHandle) {
        let icon = match system::Icon::start(app).await {
            Ok(icon) => icon,
            Err(error) => return tracing::info!(%error, "there is no tray here"),
        };
        let (icons, mut news) = (Arc::clone(&self.icon), self.status.subscribe());
        if icons.set(icon).is_err() {
            return;
        }
        tauri::async_runtime::spawn(async move {
            while let Some(icon) = icons.get() {
                let now = news.borrow_and_update().clone();
                icon.show(now).await;
                if news.changed().await.is_err() {
                    return;
                }
            }
        });
    }

    /// Whether somebody sees it: only then may the windows be hidden.
    pub(crate) fn is_there(&self) -> bool {
        self.icon.get().is_some_and(system::Icon::is_there)
    }

    /// Tells what happened.
    pub(crate) fn handle_event(&self, event: &UiEvent) {
        self.status.send_if_modified(|status| status.apply(event));
    }

    /// A window has the focus: what was asked is before somebody's eyes.
    pub(crate) fn seen(&self) {
        self.status.send_if_modified(|status| status.asked.take().is_some());
    }
}

#[cfg(test)]
mod tests {
    use baton_protocol::id::RecordId;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn the_most_urgent_is_said_first() {
        let mut status = Status::default();
        assert!(status.apply(&UiEvent::Link(Link::Live)));
        assert!(!status.apply(&UiEvent::Link(Link::Live)), "nothing new");
        let form = FormKey::record(RecordId(Uuid::nil()));
        let alert = Alert::Asked {
            form,
            title: "Laptop 10".into(),
            by: "Ben".into(),
        };
        assert!(status.apply(&UiEvent::Alert(alert)));
        let waits = OutboxEntry {
            form,
            entity: None,
            title: String::new(),
            new: false,
            fields: 1,
            save: false,
            discard: false,
            remove: None,
            decide: false,
            comments: Vec::new(),
        };
        let waits = Some(waits);
        assert!(status.apply(&UiEvent::OutboxChanged { form, waits }));
        assert_eq!(
            status.lines(),
            ["Ben asks for “Laptop 10”", "Connected", "1 record waits for the server"]
        );
        assert!(status.wants_attention());
        assert!(status.apply(&UiEvent::OutboxChanged { form, waits: None }));
        assert_eq!(status.lines().len(), 2);
    }
}
