//! What *About this installation* shows.

use baton_protocol::desktop::InstallationDetails;
use tauri::{AppHandle, Manager as _};

use crate::autostart::Autostart;
use crate::installation::Installation;
use crate::menu_entry::MenuEntry;
use crate::preferences::PreferenceFile;
use crate::settings::Settings;
use crate::tray::Tray;
use crate::updates::Updater;
use crate::{Directory, log};

/// How this desktop is installed and set up.
pub(crate) fn details(app: &AppHandle) -> InstallationDetails {
    let installation = app.state::<Installation>();
    let data = &app.state::<Directory>().0;
    let tray = app.state::<Tray>();
    InstallationDetails {
        version: installation.version.to_string(),
        package: installation.shown().into(),
        system: format!("{} ({})", std::env::consts::OS, std::env::consts::ARCH),
        data: data.display().to_string(),
        log: log::directory(data).display().to_string(),
        settings: app.state::<Settings>().shown(),
        autostart: Autostart::of(&installation.program).is_on(),
        menu_entry: MenuEntry::new(&installation).and_then(|entry| entry.is_there()),
        run_in_background: tray
            .is_there()
            .then(|| app.state::<PreferenceFile>().chosen().run_in_background),
        update: app.state::<Updater>().state(),
    }
}
