//! Whether the desktop starts, hidden, when its person signs in to the computer.
//!
//! Linux has a file for it in the person's configuration; Windows and macOS have their own lists.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

/// Says that the window is not shown.
pub(crate) const HIDDEN: &str = "--hidden";

/// The entry for this program.
#[derive(Clone, Debug)]
pub(crate) struct Autostart {
    program: PathBuf,
}

impl Autostart {
    /// The one of this program; none where it cannot be named.
    pub(crate) fn of(program: &Path) -> Self {
        Self {
            program: program.to_owned(),
        }
    }

    /// Whether there is one; none where this system has no such thing.
    pub(crate) fn is_on(&self) -> Option<bool> {
        system::is_on(&self.program).ok()
    }

    /// Makes it, or takes it away.
    ///
    /// # Errors
    /// If the system does not take it.
    pub(crate) fn set(&self, on: bool) -> anyhow::Result<()> {
        system::set(&self.program, on).context("this system does not take it")
    }
}

#[cfg(not(any(windows, target_os = "macos")))]
mod system {
    use std::fs;
    use std::io;
    use std::path::{Path, PathBuf};

    use super::HIDDEN;
    use crate::menu_entry::quoted;

    fn file() -> io::Result<PathBuf> {
        let configuration = dirs::config_dir().ok_or_else(|| io::Error::other("there is no home directory"))?;
        Ok(configuration.join("autostart/baton-desktop.desktop"))
    }

    pub(super) fn is_on(_: &Path) -> io::Result<bool> {
        Ok(file()?.exists())
    }

    pub(super) fn set(program: &Path, on: bool) -> io::Result<()> {
        let file = file()?;
        if !on {
            return match fs::remove_file(file) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                Ok(()) | Err(_) => Ok(()),
            };
        }
        if let Some(directory) = file.parent() {
            fs::create_dir_all(directory)?;
        }
        fs::write(
            file,
            format!(
                "[Desktop Entry]\nType=Application\nName=Baton\nIcon=baton\nExec={} {HIDDEN}\nTerminal=false\n",
                quoted(&program.display().to_string())
            ),
        )
    }
}

#[cfg(any(windows, target_os = "macos"))]
mod system {
    use std::path::Path;

    use auto_launch::{AutoLaunch, AutoLaunchBuilder};

    use super::HIDDEN;

    fn entry(program: &Path) -> auto_launch::Result<AutoLaunch> {
        // Windows reads it as a command line.
        let quote = if cfg!(windows) { "\"" } else { "" };
        let mut entry = AutoLaunchBuilder::new();
        entry
            .set_app_name("Baton")
            .set_app_path(&format!("{quote}{}{quote}", program.display()))
            .set_args(&[HIDDEN]);
        #[cfg(windows)]
        entry.set_windows_enable_mode(auto_launch::WindowsEnableMode::CurrentUser);
        entry.build()
    }

    pub(super) fn is_on(program: &Path) -> auto_launch::Result<bool> {
        entry(program)?.is_enabled()
    }

    pub(super) fn set(program: &Path, on: bool) -> auto_launch::Result<()> {
        let entry = entry(program)?;
        if on { entry.enable() } else { entry.disable() }
    }
}
