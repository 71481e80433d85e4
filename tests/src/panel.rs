//! A real panel of a desktop, for pictures of what it shows: it has a display and a session bus of its own.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use tokio::process::Command;

use crate::display::Display;
use crate::process::{Family, wait_for};
use crate::{Hands, keys};

/// A panel with nothing on it but the icons that programs put there.
const ICONS_ONLY: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=6;x=0;y=0"/>
      <property name="length" type="uint" value="100"/>
      <property name="size" type="uint" value="36"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="plugin-ids" type="array"><value type="int" value="1"/></property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="systray">
      <property name="square-icons" type="bool" value="true"/>
    </property>
  </property>
</channel>
"#;

/// The panel; it ends when this is dropped.
#[derive(Debug)]
pub struct Panel {
    display: Display,
    address: String,
    _programs: [Family; 2],
}

impl Panel {
    /// Starts it, with what it writes below this directory.
    pub(crate) async fn start(directory: &Path) -> anyhow::Result<Self> {
        const SIZE: (u32, u32) = (420, 224);
        let settings = directory.join("xfce4/xfconf/xfce-perchannel-xml");
        fs::create_dir_all(&settings)?;
        fs::write(settings.join("xfce4-panel.xml"), ICONS_ONLY)?;
        let display = Display::start(SIZE.0, SIZE.1)?;
        let socket = directory.join("bus.socket");
        let address = format!("unix:path={}", socket.display());
        let start = |program: &str, arguments: &[&str]| {
            let mut command = Command::new(program);
            command
                .args(arguments)
                .env("DISPLAY", display.name())
                .env_remove("WAYLAND_DISPLAY")
                .env("XDG_CONFIG_HOME", directory)
                .env("XDG_CACHE_HOME", directory)
                .env("DBUS_SESSION_BUS_ADDRESS", &address);
            Family::start(&mut command, &directory.join(format!("{program}.log"))).with_context(|| {
                format!("{program} is missing; on Debian and Ubuntu it is in the package of that name")
            })
        };
        let bus = start("dbus-daemon", &["--session", "--nofork", "--address", &address])?;
        wait_for("the panel's session bus", async || Ok(socket.exists().then_some(()))).await?;
        let panel = start("xfce4-panel", &["--disable-wm-check"])?;
        let connection = zbus::connection::Builder::address(address.as_str())?.build().await?;
        let bus_names = zbus::fdo::DBusProxy::new(&connection).await?;
        wait_for("the panel to take icons", async || {
            let watcher = "org.kde.StatusNotifierWatcher".try_into()?;
            Ok(bus_names.name_has_owner(watcher).await?.then_some(()))
        })
        .await?;
        Ok(Self {
            display,
            address,
            _programs: [bus, panel],
        })
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Opens the menu of the only icon, takes a picture of it, and closes it.
    ///
    /// # Errors
    /// If the panel is gone.
    pub async fn picture_of_menu(&self, file: &Path) -> anyhow::Result<()> {
        const ICON: (i16, i16) = (18, 18);
        const MENU: u16 = 100;
        let hands = Hands::at(self.display.name())?;
        hands.click_with(3, ICON)?;
        wait_for("the menu", async || {
            Ok((self.display.windows_wider_than(MENU)? > 1).then_some(()))
        })
        .await?;
        self.display.screenshot(file).await?;
        hands.press(&[], keys::ESCAPE)
    }
}
