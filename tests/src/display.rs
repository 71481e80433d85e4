//! A display of its own for each desktop, so that its window is the only one on it.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, ensure};
use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{ClientMessageEvent, ConnectionExt as _, EventMask, MapState, Window};
use x11rb::rust_connection::RustConnection;

/// A virtual display.
#[derive(Debug)]
pub(crate) struct Display {
    xvfb: Child,
    name: String,
}

impl Display {
    /// Starts one of this size.
    pub(crate) fn start(width: u32, height: u32) -> anyhow::Result<Self> {
        let mut xvfb = Command::new("Xvfb")
            .args(["-displayfd", "1", "-noreset", "-nolisten", "tcp", "-screen", "0"])
            .arg(format!("{width}x{height}x24"))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot start Xvfb (on Debian and Ubuntu it is in the package xvfb)")?;
        let mut number = String::new();
        if let Some(stdout) = xvfb.stdout.take() {
            BufReader::new(stdout).read_line(&mut number)?;
        }
        ensure!(!number.trim().is_empty(), "Xvfb found no free display");
        Ok(Self {
            xvfb,
            name: format!(":{}", number.trim()),
        })
    }

    /// Its name, for `DISPLAY`.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Takes a screenshot of it.
    pub(crate) async fn screenshot(&self, to: &Path) -> anyhow::Result<()> {
        let taken = tokio::process::Command::new("import")
            .args(["-display", &self.name, "-window", "root", "-strip"])
            .arg(to)
            .status()
            .await
            .context("ImageMagick is missing; on Debian and Ubuntu it is in the package imagemagick")?;
        ensure!(taken.success(), "no screenshot");
        Ok(())
    }

    /// Whether anything as large as a window is on it.
    pub(crate) fn shows_a_window(&self) -> anyhow::Result<bool> {
        const SMALLEST: u16 = 300;
        Ok(self.windows_wider_than(SMALLEST)? > 0)
    }

    /// How many windows that are wider than this, in pixels, are on it.
    pub(crate) fn windows_wider_than(&self, width: u16) -> anyhow::Result<usize> {
        let (connection, screen) = RustConnection::connect(Some(&self.name))?;
        let root = connection.setup().roots[screen].root;
        let mut count = 0;
        for window in connection.query_tree(root)?.reply()?.children {
            let attributes = connection.get_window_attributes(window)?.reply()?;
            let place = connection.get_geometry(window)?.reply()?;
            if attributes.map_state == MapState::VIEWABLE && place.width > width {
                count += 1;
            }
        }
        Ok(count)
    }

    /// What the windows that are shown are called.
    pub(crate) fn titles(&self) -> anyhow::Result<Vec<String>> {
        let (connection, screen) = RustConnection::connect(Some(&self.name))?;
        let root = connection.setup().roots[screen].root;
        let name = connection.intern_atom(false, b"_NET_WM_NAME")?.reply()?.atom;
        let text = connection.intern_atom(false, b"UTF8_STRING")?.reply()?.atom;
        let mut titles = Vec::new();
        for window in connection.query_tree(root)?.reply()?.children {
            let attributes = connection.get_window_attributes(window)?.reply()?;
            if attributes.map_state == MapState::VIEWABLE {
                let title = connection
                    .get_property(false, window, name, text, 0, 256)?
                    .reply()?
                    .value;
                titles.push(String::from_utf8_lossy(&title).into_owned());
            }
        }
        Ok(titles)
    }

    /// Presses the close button of every window that has one.
    pub(crate) fn press_close(&self) -> anyhow::Result<()> {
        let (connection, screen) = RustConnection::connect(Some(&self.name))?;
        let root = connection.setup().roots[screen].root;
        let protocols = connection.intern_atom(false, b"WM_PROTOCOLS")?.reply()?.atom;
        let delete = connection.intern_atom(false, b"WM_DELETE_WINDOW")?.reply()?.atom;
        let mut pressed = 0;
        let mut windows: Vec<Window> = connection.query_tree(root)?.reply()?.children;
        while let Some(window) = windows.pop() {
            windows.extend(connection.query_tree(window)?.reply()?.children);
            let listed =
                connection.get_property(false, window, protocols, x11rb::protocol::xproto::AtomEnum::ATOM, 0, 32)?;
            let closes = listed
                .reply()?
                .value32()
                .is_some_and(|mut atoms| atoms.any(|atom| atom == delete));
            if closes {
                let event = ClientMessageEvent::new(32, window, protocols, [delete, x11rb::CURRENT_TIME, 0, 0, 0]);
                connection
                    .send_event(false, window, EventMask::NO_EVENT, event)?
                    .check()?;
                pressed += 1;
            }
        }
        ensure!(pressed > 0, "there is no window to close");
        Ok(())
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        self.xvfb.kill().ok();
        self.xvfb.wait().ok();
    }
}
