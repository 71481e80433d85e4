//! How a desktop is installed and set up.

use baton_locales::Text;
use serde::{Deserialize, Serialize};

/// How the size of everything changes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ZoomStep {
    /// Larger.
    In,
    /// Smaller.
    Out,
    /// As it was made.
    Reset,
}

/// What a person may choose about their desktop.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Preference {
    /// Whether it starts, hidden, when they sign in to the computer.
    Autostart(bool),
    /// Whether it is in the system's menu of programs, and opens links to records.
    MenuEntry(bool),
    /// Whether it goes on in the tray when its last window is closed.
    RunInBackground(bool),
    /// The language that its pages speak, as a tag: the shell's own notices, menus and questions follow.
    Language(String),
}

/// How this desktop is installed and set up.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct InstallationDetails {
    /// The program's version.
    pub version: String,
    /// What it was installed from, as a person says it.
    pub package: String,
    /// The system that it runs on.
    pub system: String,
    /// Where everything is that it remembers.
    pub data: String,
    /// Where its log is.
    pub log: String,
    /// Its settings.
    pub settings: Vec<SettingShown>,
    /// Whether it starts when its person signs in to the computer; none where it cannot.
    pub autostart: Option<bool>,
    /// Whether it is in the system's menu of programs, and opens links to records; none where its installation sees
    /// to that.
    pub menu_entry: Option<bool>,
    /// Whether it goes on in the tray when its last window is closed; none where there is no tray.
    pub run_in_background: Option<bool>,
    /// How its update stands.
    pub update: UpdateState,
}

/// A setting as it is shown.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SettingShown {
    /// What it is about: “Server”.
    pub name: String,
    /// What it says.
    pub value: String,
    /// Who says so.
    pub from: SettingOrigin,
}

/// Who set a setting.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SettingOrigin {
    /// An administrator, in this place.
    Administrator(String),
    /// How the program was started.
    Start,
    /// The person.
    Person,
    /// Nobody.
    Default,
}

/// How the update of this desktop stands.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UpdateState {
    /// Not asked yet.
    #[default]
    Unknown,
    /// This desktop does not update itself.
    Off {
        /// Why.
        why: Text,
    },
    /// The server has nothing newer.
    Current,
    /// There is a newer version, which somebody else installs.
    Announced {
        /// Which.
        version: String,
        /// What to do.
        how: Text,
    },
    /// It is on its way.
    Downloading {
        /// Which.
        version: String,
        /// How much of it is here, of 100.
        percent: u8,
    },
    /// It is here, and proven to be what it says.
    Ready {
        /// Which.
        version: String,
        /// Why it is not installed yet, as a sentence, if something keeps it.
        waits: Option<String>,
    },
    /// It cannot be had, or cannot be installed.
    Failed {
        /// Which.
        version: Option<String>,
        /// Why, as a sentence.
        why: String,
    },
}
