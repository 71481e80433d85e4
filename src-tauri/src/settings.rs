//! What is set for this desktop, and by whom: an administrator, how it was started, the person, or nobody.
//!
//! An administrator's settings come from a place that only they can write ([`managed`]) and are stronger than
//! everything else. *Help, About this installation* shows each with where it comes from.

mod managed;

use std::time::Duration;

use baton_client::Server;
use baton_locales::t;
use baton_protocol::desktop::{SettingOrigin, SettingShown};

use crate::arguments::Arguments;
use managed::Managed;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// What this desktop does about newer versions.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Updates {
    /// Fetches them, and installs them when its person says so.
    Install,
    /// Says that there is one.
    Tell,
    /// Does not ask.
    Off,
}

/// A setting, and who set it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Setting<T> {
    pub(crate) value: T,
    from: SettingOrigin,
}

/// The settings in force.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Settings {
    pub(crate) server: Setting<Server>,
    pub(crate) plain: Setting<bool>,
    pub(crate) remember_sign_in: Setting<bool>,
    pub(crate) keep_cache: Setting<Option<Duration>>,
    pub(crate) updates: Setting<Updates>,
    pub(crate) channel: Setting<String>,
    pub(crate) release_key: Setting<Option<String>>,
    pub(crate) log_level: Setting<String>,
    /// What is wrong in the administrator's settings, a sentence each; the rest of them holds.
    pub(crate) problems: Vec<String>,
}

impl Settings {
    /// The settings in force, with what the program was started with.
    pub(crate) fn read(arguments: &Arguments) -> Self {
        Self::of(arguments, Managed::read())
    }

    fn of(arguments: &Arguments, mut managed: Managed) -> Self {
        let locked = managed.flag("server-locked").is_some_and(|locked| locked.value);
        let server = match (managed.text("server"), &arguments.server) {
            (Some(Setting { value, from }), _) if locked => Setting {
                value: Server::Locked(value),
                from,
            },
            (_, Some(given)) => started(Server::Given(given.clone())),
            (Some(Setting { value, from }), None) => Setting {
                value: Server::Preset(value),
                from,
            },
            (None, None) => Setting {
                value: Server::Remembered,
                from: SettingOrigin::Person,
            },
        };
        let plain = match managed.flag("plain") {
            Some(plain) => plain,
            None if arguments.plain => started(true),
            None => by_default(false),
        };
        let updates = managed.word(
            "updates",
            &[("on", Updates::Install), ("tell", Updates::Tell), ("off", Updates::Off)],
        );
        if locked && !matches!(server.value, Server::Locked(_)) {
            managed.complain("“server-locked” without a “server” locks nothing");
        }
        let days = managed.number("cache-days");
        Self {
            server,
            plain,
            remember_sign_in: managed.flag("remember-sign-in").unwrap_or(by_default(true)),
            keep_cache: days.map_or(by_default(None), |days| Setting {
                value: Some(DAY * days.value),
                from: days.from,
            }),
            updates: updates.unwrap_or(by_default(Updates::Install)),
            channel: managed.text("channel").unwrap_or(by_default("stable".into())),
            release_key: match managed.text("release-key") {
                Some(Setting { value, from }) => Setting {
                    value: Some(value),
                    from,
                },
                None => by_default(option_env!("BATON_RELEASE_KEY").map(ToOwned::to_owned)),
            },
            log_level: managed.text("log-level").unwrap_or(by_default("info".into())),
            problems: managed.problems(),
        }
    }

    /// The settings as a person reads them.
    pub(crate) fn shown(&self) -> Vec<SettingShown> {
        let yes = |yes: bool| if yes { t::common::yes() } else { t::common::no() }.to_owned();
        let server = match &self.server.value {
            Server::Remembered => t::desktop::server_you_gave().to_owned(),
            Server::Preset(address) => t::desktop::server_preset(address),
            Server::Given(address) => address.clone(),
            Server::Locked(address) => t::desktop::server_locked(address),
        };
        let cache = match self.keep_cache.value {
            None => t::desktop::while_signed_in().to_owned(),
            Some(keep) => t::desktop::keeps_days(keep.as_secs() / DAY.as_secs()),
        };
        let updates = match self.updates.value {
            Updates::Install => t::desktop::updates_installed(),
            Updates::Tell => t::desktop::updates_told(),
            Updates::Off => t::desktop::updates_off(),
        };
        let key = if self.release_key.value.is_some() {
            t::desktop::is_set()
        } else {
            t::desktop::is_not_set()
        };
        vec![
            self.server.shown(t::desktop::setting_server(), server),
            self.plain.shown(t::desktop::setting_plain(), yes(self.plain.value)),
            self.remember_sign_in
                .shown(t::desktop::setting_remember(), yes(self.remember_sign_in.value)),
            self.keep_cache.shown(t::desktop::setting_cache(), cache),
            self.updates.shown(t::desktop::setting_updates(), updates.to_owned()),
            self.channel
                .shown(t::desktop::setting_channel(), self.channel.value.clone()),
            self.release_key.shown(t::desktop::setting_key(), key.to_owned()),
            self.log_level
                .shown(t::desktop::setting_log_level(), self.log_level.value.clone()),
        ]
    }
}

impl<T> Setting<T> {
    fn shown(&self, name: &str, value: String) -> SettingShown {
        SettingShown {
            name: name.into(),
            value,
            from: self.from.clone(),
        }
    }
}

fn started<T>(value: T) -> Setting<T> {
    Setting {
        value,
        from: SettingOrigin::Start,
    }
}

fn by_default<T>(value: T) -> Setting<T> {
    Setting {
        value,
        from: SettingOrigin::Default,
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;

    fn settings(arguments: &[&str], managed: &str) -> Settings {
        let arguments = Arguments::parse_from(std::iter::once("baton-desktop").chain(arguments.iter().copied()));
        Settings::of(&arguments, Managed::parse("/etc/baton/desktop.toml", managed))
    }

    #[test]
    fn an_administrator_is_stronger_than_whoever_starts_it() {
        let text = "server = \"baton.example.com\"\nserver-locked = true\nupdates = \"tell\"\ncache-days = 7\n";
        let settings = settings(&["--server", "other.example.com"], text);
        assert_eq!(settings.server.value, Server::Locked("baton.example.com".into()));
        assert_eq!(
            settings.server.from,
            SettingOrigin::Administrator("/etc/baton/desktop.toml".into())
        );
        assert_eq!(settings.updates.value, Updates::Tell);
        assert_eq!(settings.keep_cache.value, Some(DAY * 7));
        assert_eq!(settings.channel.from, SettingOrigin::Default);
        assert_eq!(settings.problems, Vec::<String>::new());
    }

    #[test]
    fn a_preset_gives_way() {
        let preset = "server = \"baton.example.com\"\n";
        let begun = settings(&[], preset);
        assert_eq!(begun.server.value, Server::Preset("baton.example.com".into()));
        let begun = settings(&["--server", "other.example.com"], preset);
        assert_eq!(begun.server.value, Server::Given("other.example.com".into()));
        assert_eq!(settings(&[], "").server.value, Server::Remembered);
    }

    #[test]
    fn what_is_wrong_is_said_and_the_rest_holds() {
        let settings = settings(
            &[],
            "server = 5\ncolour = \"red\"\nupdates = \"maybe\"\nchannel = \"beta\"\n",
        );
        assert_eq!(settings.server.value, Server::Remembered);
        assert_eq!(settings.channel.value, "beta");
        assert_eq!(settings.updates.value, Updates::Install);
        assert_eq!(settings.problems.len(), 3, "{:?}", settings.problems);
        let unlocked = self::settings(&[], "server-locked = true");
        assert_eq!(unlocked.problems.len(), 1, "{:?}", unlocked.problems);
        let unreadable = self::settings(&[], "server = ");
        assert_eq!(unreadable.problems.len(), 1, "{:?}", unreadable.problems);
    }
}
