//! Where an administrator's settings are: `/etc/baton/desktop.toml`, the policies of Windows' registry, or a
//! profile of macOS.
//!
//! The keys are the same everywhere; the registry and profiles write them as `ServerLocked` for `server-locked`.

use std::collections::BTreeMap;

use baton_protocol::desktop::SettingOrigin;
use toml::Value;

use super::Setting;

/// The administrator's settings that were not taken yet.
#[derive(Debug, Default)]
pub(crate) struct Managed {
    place: String,
    values: BTreeMap<String, Value>,
    problems: Vec<String>,
}

impl Managed {
    /// What is set on this computer.
    pub(crate) fn read() -> Self {
        system::read()
    }

    /// What a file says.
    #[cfg(any(test, not(any(windows, target_os = "macos"))))]
    pub(crate) fn parse(place: &str, text: &str) -> Self {
        let (values, problems) = match text.parse::<toml::Table>() {
            Ok(table) => (table.into_iter().collect(), Vec::new()),
            Err(error) => (
                BTreeMap::new(),
                vec![format!("{place} cannot be read: {}", error.message())],
            ),
        };
        Self {
            place: place.into(),
            values,
            problems,
        }
    }

    pub(super) fn text(&mut self, key: &str) -> Option<Setting<String>> {
        self.take(key, "a text", |value| value.as_str().map(ToOwned::to_owned))
    }

    pub(super) fn flag(&mut self, key: &str) -> Option<Setting<bool>> {
        // The registry has numbers only.
        self.take(key, "true or false", |value| {
            value.as_bool().or(value.as_integer().map(|number| number != 0))
        })
    }

    pub(super) fn number(&mut self, key: &str) -> Option<Setting<u32>> {
        self.take(key, "a number", |value| u32::try_from(value.as_integer()?).ok())
    }

    pub(super) fn word<T: Copy>(&mut self, key: &str, words: &[(&str, T)]) -> Option<Setting<T>> {
        let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        self.take(key, &format!("one of {}", known.join(", ")), |value| {
            let said = value.as_str()?;
            words.iter().find(|(word, _)| *word == said).map(|(_, meant)| *meant)
        })
    }

    fn take<T>(&mut self, key: &str, wanted: &str, read: impl Fn(&Value) -> Option<T>) -> Option<Setting<T>> {
        let value = self.values.remove(key)?;
        let read = read(&value);
        if read.is_none() {
            self.problems.push(format!("{}: “{key}” must be {wanted}", self.place));
        }
        Some(Setting {
            value: read?,
            from: SettingOrigin::Administrator(self.place.clone()),
        })
    }

    /// Something makes no sense, though each value is well formed.
    pub(super) fn complain(&mut self, why: &str) {
        self.problems.push(format!("{}: {why}", self.place));
    }

    /// What is wrong, once everything known was taken.
    pub(super) fn problems(mut self) -> Vec<String> {
        let unknown = self.values.keys();
        self.problems
            .extend(unknown.map(|key| format!("{}: “{key}” is no setting of the desktop", self.place)));
        self.problems
    }
}

/// `ServerLocked` as `server-locked`.
#[cfg(any(test, windows, target_os = "macos"))]
fn as_key(name: &str) -> String {
    let mut key = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !key.is_empty() {
            key.push('-');
        }
        key.push(letter.to_ascii_lowercase());
    }
    key
}

#[cfg(not(any(windows, target_os = "macos")))]
mod system {
    use super::Managed;

    const FILE: &str = "/etc/baton/desktop.toml";

    pub(super) fn read() -> Managed {
        // A build for tests is told where to look: whoever could tell a released one could undo what is set.
        let other = std::env::var("BATON_MANAGED_SETTINGS")
            .ok()
            .filter(|_| cfg!(debug_assertions));
        let place = other.unwrap_or_else(|| FILE.into());
        match std::fs::read_to_string(&place) {
            Ok(text) => Managed::parse(&place, &text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Managed::default(),
            Err(error) => Managed {
                problems: vec![format!("{place} cannot be read: {error}")],
                ..Managed::default()
            },
        }
    }
}

#[cfg(windows)]
mod system {
    use toml::Value;
    use windows_registry::{CURRENT_USER, Key, LOCAL_MACHINE, Type};

    use super::{Managed, as_key};

    /// Where group policies are, for the computer or the person; and what a setup program was given, which is weaker.
    const POLICIES: &str = r"Software\Policies\Baton";
    const SETUP: &str = r"Software\Baton";
    const HIVES: [&str; 2] = ["HKEY_LOCAL_MACHINE", "HKEY_CURRENT_USER"];

    pub(super) fn read() -> Managed {
        let policies = [LOCAL_MACHINE, CURRENT_USER]
            .into_iter()
            .zip(HIVES)
            .find_map(|(key, hive)| {
                let managed = of_key(&key.open(POLICIES).ok()?, format!(r"{hive}\{POLICIES}"));
                (!managed.values.is_empty() || !managed.problems.is_empty()).then_some(managed)
            });
        // A person may write there what a setup program does, so it presets the server and nothing else.
        let preset = [LOCAL_MACHINE, CURRENT_USER]
            .into_iter()
            .zip(HIVES)
            .find_map(|(key, hive)| {
                let mut managed = of_key(&key.open(SETUP).ok()?, format!(r"{hive}\{SETUP}"));
                managed.values.retain(|key, _| key == "server");
                managed.problems.clear();
                (!managed.values.is_empty()).then_some(managed)
            });
        policies.or(preset).unwrap_or_default()
    }

    fn of_key(key: &Key, place: String) -> Managed {
        let mut managed = Managed {
            place,
            ..Managed::default()
        };
        for (name, value) in key.values().into_iter().flatten() {
            let read = match value.ty() {
                Type::String | Type::ExpandString => String::try_from(value).ok().map(Value::String),
                Type::U32 => u32::try_from(value).ok().map(|number| Value::Integer(number.into())),
                Type::U64 | Type::Bytes | Type::MultiString | Type::Other(_) => None,
            };
            match read {
                // An installer that was given no server leaves an empty one.
                Some(Value::String(text)) if text.is_empty() => {}
                Some(read) => drop(managed.values.insert(as_key(&name), read)),
                None => managed
                    .problems
                    .push(format!("{}: “{name}” is neither text nor a number", managed.place)),
            }
        }
        managed
    }
}

#[cfg(target_os = "macos")]
mod system {
    use super::{Managed, as_key};

    const PROFILE: &str = "/Library/Managed Preferences/app.baton.desktop.plist";

    pub(super) fn read() -> Managed {
        let file = std::path::Path::new(PROFILE);
        if !file.exists() {
            return Managed::default();
        }
        let mut managed = Managed {
            place: PROFILE.into(),
            ..Managed::default()
        };
        match plist::from_file::<_, toml::Table>(file) {
            Ok(table) => managed.values = table.into_iter().map(|(name, value)| (as_key(&name), value)).collect(),
            Err(error) => managed.problems.push(format!("{PROFILE} cannot be read: {error}")),
        }
        managed
    }
}

#[cfg(test)]
mod tests {
    use super::as_key;

    #[test]
    fn names_of_the_registry_are_keys() {
        assert_eq!(as_key("Server"), "server");
        assert_eq!(as_key("ServerLocked"), "server-locked");
        assert_eq!(as_key("RememberSignIn"), "remember-sign-in");
    }
}
