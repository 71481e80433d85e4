//! A session bus with what a desktop's system has on it: who shows notices, and who shows the tray.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, bail};
use tokio::process::Command;
use zbus::message::Header;
use zbus::object_server::SignalEmitter;
use zbus::zvariant::{OwnedValue, Value};
use zbus::{Connection, interface};

use crate::process::{Family, wait_for};

const NOTIFICATIONS: &str = "/org/freedesktop/Notifications";
const WATCHER: &str = "/StatusNotifierWatcher";
const MENU: &str = "com.canonical.dbusmenu";

/// The bus; it ends when this is dropped.
#[derive(Debug)]
pub struct SessionBus {
    address: String,
    connection: Connection,
    shown: Shown<Vec<(u32, String)>>,
    items: Shown<Vec<String>>,
    _daemon: Family,
}

type Shown<T> = Arc<Mutex<T>>;

/// Shows notices, as the system's own would.
struct Notifications(Shown<Vec<(u32, String)>>);

#[interface(name = "org.freedesktop.Notifications")]
impl Notifications {
    #[expect(clippy::too_many_arguments, reason = "the specification has so many")]
    fn notify(
        &mut self,
        _app: String,
        _replaces: u32,
        _icon: String,
        summary: String,
        _body: String,
        _actions: Vec<String>,
        _hints: HashMap<String, OwnedValue>,
        _timeout: i32,
    ) -> u32 {
        let mut shown = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let id = u32::try_from(shown.len()).unwrap_or_default() + 1;
        shown.push((id, summary));
        id
    }

    fn get_capabilities(&self) -> Vec<String> {
        vec!["actions".into(), "body".into()]
    }

    fn get_server_information(&self) -> (String, String, String, String) {
        ("tests".into(), "baton".into(), "1".into(), "1.2".into())
    }

    fn close_notification(&self, _id: u32) {}

    #[zbus(signal)]
    async fn action_invoked(emitter: &SignalEmitter<'_>, id: u32, action: &str) -> zbus::Result<()>;
}

/// Shows the tray.
struct Watcher(Shown<Vec<String>>);

#[interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    #[expect(clippy::needless_pass_by_value, reason = "the macro hands it over")]
    fn register_status_notifier_item(&mut self, _service: String, #[zbus(header)] header: Header<'_>) {
        let sender = header.sender().map(ToString::to_string).unwrap_or_default();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(sender);
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }
}

/// An item of a menu: its id, what it says, and whether it can be pressed.
#[derive(Clone, Debug)]
struct Item {
    id: i32,
    label: String,
}

type Layout = (u32, (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>));

impl SessionBus {
    pub(crate) async fn start(log: &Path) -> anyhow::Result<Self> {
        let socket = log.with_extension("socket");
        let address = format!("unix:path={}", socket.display());
        let mut command = Command::new("dbus-daemon");
        command.args(["--session", "--nofork", "--address", &address]);
        let daemon = Family::start(&mut command, log)?;
        wait_for("the session bus", async || Ok(socket.exists().then_some(()))).await?;
        let (shown, items) = (Shown::default(), Shown::default());
        let connection = zbus::connection::Builder::address(address.as_str())?
            .serve_at(NOTIFICATIONS, Notifications(Arc::clone(&shown)))?
            .serve_at(WATCHER, Watcher(Arc::clone(&items)))?
            .name("org.freedesktop.Notifications")?
            .name("org.kde.StatusNotifierWatcher")?
            .build()
            .await
            .context("the session bus takes nobody")?;
        Ok(Self {
            address,
            connection,
            shown,
            items,
            _daemon: daemon,
        })
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Waits until a notice says this, and presses it.
    ///
    /// # Errors
    /// If none does.
    pub async fn click_notification(&self, words: &str) -> anyhow::Result<()> {
        let id = wait_for(&format!("a notice that says “{words}”"), async || {
            let shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
            let found = shown.iter().find(|(_, summary)| summary.contains(words));
            Ok(found.map(|(id, _)| *id))
        })
        .await?;
        let emitter = SignalEmitter::new(&self.connection, NOTIFICATIONS)?;
        Ok(Notifications::action_invoked(&emitter, id, "default").await?)
    }

    /// How many notices say this by now.
    #[must_use]
    pub fn count_notifications(&self, words: &str) -> usize {
        let shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        shown.iter().filter(|(_, summary)| summary.contains(words)).count()
    }

    /// Waits until the tray's menu has a line with these words.
    ///
    /// # Errors
    /// If it has none.
    pub async fn expect_in_tray(&self, words: &str) -> anyhow::Result<()> {
        wait_for(&format!("the tray to say “{words}”"), async || {
            let menu = self.menu().await?;
            Ok(menu.iter().any(|item| item.label.contains(words)).then_some(()))
        })
        .await
    }

    /// Presses an item of the tray's menu.
    ///
    /// # Errors
    /// If there is none.
    pub async fn press_in_tray(&self, label: &str) -> anyhow::Result<()> {
        let item = wait_for(&format!("“{label}” in the tray"), async || {
            let menu = self.menu().await?;
            Ok(menu.into_iter().find(|item| item.label == label))
        })
        .await?;
        let pressed = (item.id, "clicked", Value::from(0_i32), 0_u32);
        self.connection
            .call_method(Some(self.item()?.as_str()), "/MenuBar", Some(MENU), "Event", &pressed)
            .await?;
        Ok(())
    }

    fn item(&self) -> anyhow::Result<String> {
        let items = self.items.lock().unwrap_or_else(PoisonError::into_inner);
        match items.last() {
            Some(item) => Ok(item.clone()),
            None => bail!("nothing is in the tray"),
        }
    }

    async fn menu(&self) -> anyhow::Result<Vec<Item>> {
        let wanted: (i32, i32, Vec<String>) = (0, -1, Vec::new());
        let answer = self
            .connection
            .call_method(
                Some(self.item()?.as_str()),
                "/MenuBar",
                Some(MENU),
                "GetLayout",
                &wanted,
            )
            .await?;
        let body = answer.body();
        let (_, (_, _, children)): Layout = body.deserialize()?;
        let mut items = Vec::new();
        for child in children {
            let (id, properties, _): (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>) = child.try_into()?;
            let label = properties
                .get("label")
                .and_then(|label| label.downcast_ref::<String>().ok());
            let label = label.unwrap_or_default();
            items.push(Item { id, label });
        }
        Ok(items)
    }
}
