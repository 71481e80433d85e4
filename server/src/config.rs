//! Every setting, where it comes from, and what is refused.
//!
//! A flag wins over an environment variable, that over the file, that over the default.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use baton_protocol::form::Limits;
use baton_protocol::person::UserRole;
use clap::Parser;
use serde::{Deserialize, Serialize};

use crate::admission::AdmissionLimits;

mod command;
mod providers;
mod proxies;

pub use command::{Command, ReleaseCommand};
pub(crate) use providers::is_protected;
pub use providers::{ProviderConfig, ProviderSettings};
pub use proxies::Proxies;

/// The Baton server: keeps entities, records, forms and who is editing them.
#[derive(Parser, Debug)]
#[command(version, about)]
pub struct Arguments {
    /// What to do instead of serving.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Settings file (TOML), with the long names below as keys: `listen = "127.0.0.1:7420"`.
    #[arg(long, env = "BATON_CONFIG", global = true)]
    pub config: Option<PathBuf>,
    /// The settings.
    #[command(flatten)]
    pub settings: Settings,
}

/// Settings as they come from one source; what is missing comes from the next.
#[derive(Parser, Serialize, Deserialize, Debug, Default, Clone)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Settings {
    /// Address and port to listen on [default: 127.0.0.1:7420].
    #[arg(long, env = "BATON_LISTEN")]
    pub listen: Option<SocketAddr>,
    /// Directory of the database [default: baton/server in the user's data directory].
    #[arg(long, env = "BATON_DATA_DIR", global = true)]
    pub data_dir: Option<PathBuf>,
    /// How long the place of a broken connection is held, in milliseconds [default: 5000].
    /// Shorter promotes sooner, longer forgives worse networks.
    #[arg(long, env = "BATON_GRACE_MS")]
    pub grace_ms: Option<u64>,
    /// How often a desktop must be heard, in milliseconds [default: 1500].
    #[arg(long, env = "BATON_HEARTBEAT_MS")]
    pub heartbeat_ms: Option<u64>,
    /// After how long without doing anything an owner counts as idle, in milliseconds [default: 120000].
    #[arg(long, env = "BATON_IDLE_MS")]
    pub idle_ms: Option<u64>,
    /// How long an idle owner has to answer somebody who asks to edit, in milliseconds [default: 30000].
    #[arg(long, env = "BATON_ANSWER_MS")]
    pub answer_ms: Option<u64>,
    /// How many days a sign-in lasts [default: 30].
    #[arg(long, env = "BATON_SIGN_IN_DAYS")]
    pub sign_in_days: Option<u32>,
    /// After how many days without being used a sign-in ends [default: as sign-in-days].
    #[arg(long, env = "BATON_SIGN_IN_IDLE_DAYS")]
    pub sign_in_idle_days: Option<u32>,
    /// How many days a password works that an admin gave, until its person chooses their own [default: 14].
    #[arg(long, env = "BATON_GIVEN_PASSWORD_DAYS")]
    pub given_password_days: Option<u32>,
    /// Who needs a second factor to sign in by password: nobody, admins or everybody [default: nobody].
    #[arg(long, env = "BATON_SECOND_FACTOR")]
    pub second_factor: Option<RequiredFor>,
    /// Whether a person may hide from others where they are [default: true].
    #[arg(long, env = "BATON_MAY_HIDE", num_args = 0..=1, default_missing_value = "true")]
    pub may_hide: Option<bool>,
    /// Address and port of the figures for Prometheus, /metrics, and of /health [default: none; /health is answered at
    /// `listen` too].
    #[arg(long, env = "BATON_METRICS")]
    pub metrics: Option<SocketAddr>,
    /// How many days the change log reaches back for desktops that were away [default: 30].
    #[arg(long, env = "BATON_KEEP_CHANGES_DAYS")]
    pub keep_changes_days: Option<u32>,
    /// How many days the audit is kept [default: 730].
    #[arg(long, env = "BATON_KEEP_AUDIT_DAYS")]
    pub keep_audit_days: Option<u32>,
    /// How many days a deleted record stays in the bin [default: 30].
    #[arg(long, env = "BATON_KEEP_DELETED_DAYS")]
    pub keep_deleted_days: Option<u32>,
    /// How many days unsaved text in a record that was never saved is kept, if nobody comes back to it [default: 365].
    #[arg(long, env = "BATON_KEEP_DRAFTS_DAYS")]
    pub keep_drafts_days: Option<u32>,
    /// How many connections there may be in all [default: 10000].
    #[arg(long, env = "BATON_MAX_CONNECTIONS")]
    pub max_connections: Option<usize>,
    /// How many connections there may be that nobody has signed in over [default: 2000].
    #[arg(long, env = "BATON_MAX_ANONYMOUS")]
    pub max_anonymous: Option<usize>,
    /// How many connections one address may have [default: 5000]: a whole office may share one.
    #[arg(long, env = "BATON_MAX_PER_ADDRESS")]
    pub max_per_address: Option<usize>,
    /// How many connections one person may have [default: 200].
    #[arg(long, env = "BATON_MAX_PER_PERSON")]
    pub max_per_person: Option<usize>,
    /// How many records one person may have begun and never saved [default: 1000].
    #[arg(long, env = "BATON_MAX_DRAFTS_PER_PERSON")]
    pub max_drafts_per_person: Option<u64>,
    /// How many megabytes of files that are kept one person may have brought [default: 10240].
    #[arg(long, env = "BATON_MAX_FILE_MB_PER_PERSON")]
    pub max_file_mb_per_person: Option<u64>,
    /// Reverse proxies, as addresses or networks (`10.0.0.0/8`), whose X-Forwarded-For is believed: limits go by
    /// the addresses of the people behind them.
    #[arg(long = "trusted-proxy", env = "BATON_TRUSTED_PROXIES", value_delimiter = ',')]
    pub trusted_proxies: Option<Vec<String>>,
    /// Listen on an address that other machines reach, without encryption: only where a reverse proxy with TLS
    /// stands before it, or in a network of its own [default: false].
    #[arg(long, env = "BATON_PLAIN", num_args = 0..=1, default_missing_value = "true")]
    pub plain: Option<bool>,
    /// Address of the first admin, who is made on the first start [default: admin@localhost].
    #[arg(long, env = "BATON_ADMIN_EMAIL")]
    pub admin_email: Option<String>,
    /// On the first start, make sample people, entities and records to play with.
    #[arg(long, env = "BATON_SAMPLE_DATA", num_args = 0..=1, default_missing_value = "true")]
    pub sample_data: Option<bool>,
    /// Write the log as JSON, a line an entry [default: false].
    #[arg(long, env = "BATON_LOG_JSON", num_args = 0..=1, default_missing_value = "true")]
    pub log_json: Option<bool>,
    /// The public key that releases of the desktop must be signed with: the line that minisign prints.
    #[arg(long, env = "BATON_RELEASE_KEY", global = true)]
    pub release_key: Option<String>,
    /// The oldest version of the desktop that may work with this server: `0.2.0`. Older ones are told to update.
    #[arg(long, env = "BATON_MINIMUM_DESKTOP")]
    pub minimum_desktop: Option<semver::Version>,
    /// What the sign-in page tells whoever forgot their password: whom to ask, and how.
    #[arg(long, env = "BATON_SIGN_IN_HELP")]
    pub sign_in_help: Option<String>,
    /// Identity providers; only in the settings file.
    #[arg(skip)]
    pub providers: Option<Vec<ProviderSettings>>,
}

/// Who needs a second factor.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum RequiredFor {
    /// Whoever wants one has one.
    #[default]
    Nobody,
    /// Admins.
    Admins,
    /// Everybody who signs in by password.
    Everybody,
}

impl RequiredFor {
    /// Whether somebody with this role needs one.
    #[must_use]
    pub fn includes(self, role: UserRole) -> bool {
        match self {
            Self::Nobody => false,
            Self::Admins => role == UserRole::Admin,
            Self::Everybody => true,
        }
    }
}

/// What is said of the settings that are not left at their default, and of this program, as the audit tells it. No
/// setting is a secret: those are in files that they name.
fn stated(settings: &Settings) -> anyhow::Result<BTreeMap<String, String>> {
    let all: BTreeMap<String, serde_json::Value> = serde_json::from_value(serde_json::to_value(settings)?)?;
    let text = |value: serde_json::Value| {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        (!value.is_null()).then_some(text)
    };
    let mut stated: BTreeMap<_, _> = all
        .into_iter()
        .filter_map(|(name, value)| Some((name, text(value)?)))
        .collect();
    stated.insert("version".into(), env!("CARGO_PKG_VERSION").into());
    Ok(stated)
}

/// The settings in force.
#[derive(Debug, Clone)]
pub struct Config {
    /// What is not left at its default, for the audit.
    pub stated: BTreeMap<String, String>,
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where the database is.
    pub data_dir: PathBuf,
    /// How long things in forms may take. The grace period is also how long a desktop may be silent (G6).
    pub limits: Limits,
    /// How often a desktop must be heard.
    pub heartbeat: Duration,
    /// How long a sign-in lasts.
    pub sign_in: Duration,
    /// How long it lasts unused.
    pub sign_in_idle: Duration,
    /// How long a password works that an admin gave.
    pub given_password: Duration,
    /// Who needs a second factor.
    pub second_factor: RequiredFor,
    /// Whether a person may hide where they are.
    pub may_hide: bool,
    /// Where figures are told.
    pub metrics: Option<SocketAddr>,
    /// How far the change log reaches back.
    pub keep_changes: Duration,
    /// How long the audit is kept.
    pub keep_audit: Duration,
    /// How long a deleted record stays in the bin.
    pub keep_deleted: Duration,
    /// How long unsaved text in a record that was never saved is kept.
    pub keep_drafts: Duration,
    /// How many connections there may be.
    pub admission: AdmissionLimits,
    /// How many records one person may have begun and never saved.
    pub max_drafts: u64,
    /// How many bytes of files that are kept one person may have brought.
    pub max_file_bytes: u64,
    /// Whose X-Forwarded-For is believed.
    pub proxies: Arc<Proxies>,
    /// The first admin's address.
    pub admin_email: String,
    /// Whether a first start makes sample data.
    pub sample_data: bool,
    /// Whether the log is JSON.
    pub log_json: bool,
    /// The public key of whoever signs releases of the desktop.
    pub release_key: Option<String>,
    /// The oldest version of the desktop that is let in.
    pub minimum_desktop: Option<semver::Version>,
    /// What whoever forgot their password is told.
    pub sign_in_help: Option<String>,
    /// Where people sign in besides here.
    pub providers: Vec<ProviderConfig>,
}

/// A day, as settings count them.
pub(crate) const DAY: Duration = Duration::from_secs(24 * 60 * 60);

impl Settings {
    fn or(self, other: Self) -> Self {
        Self {
            listen: self.listen.or(other.listen),
            data_dir: self.data_dir.or(other.data_dir),
            grace_ms: self.grace_ms.or(other.grace_ms),
            heartbeat_ms: self.heartbeat_ms.or(other.heartbeat_ms),
            idle_ms: self.idle_ms.or(other.idle_ms),
            answer_ms: self.answer_ms.or(other.answer_ms),
            sign_in_days: self.sign_in_days.or(other.sign_in_days),
            sign_in_idle_days: self.sign_in_idle_days.or(other.sign_in_idle_days),
            given_password_days: self.given_password_days.or(other.given_password_days),
            second_factor: self.second_factor.or(other.second_factor),
            may_hide: self.may_hide.or(other.may_hide),
            metrics: self.metrics.or(other.metrics),
            keep_changes_days: self.keep_changes_days.or(other.keep_changes_days),
            keep_audit_days: self.keep_audit_days.or(other.keep_audit_days),
            keep_deleted_days: self.keep_deleted_days.or(other.keep_deleted_days),
            keep_drafts_days: self.keep_drafts_days.or(other.keep_drafts_days),
            max_connections: self.max_connections.or(other.max_connections),
            max_anonymous: self.max_anonymous.or(other.max_anonymous),
            max_per_address: self.max_per_address.or(other.max_per_address),
            max_per_person: self.max_per_person.or(other.max_per_person),
            max_drafts_per_person: self.max_drafts_per_person.or(other.max_drafts_per_person),
            max_file_mb_per_person: self.max_file_mb_per_person.or(other.max_file_mb_per_person),
            trusted_proxies: self.trusted_proxies.or(other.trusted_proxies),
            plain: self.plain.or(other.plain),
            admin_email: self.admin_email.or(other.admin_email),
            sample_data: self.sample_data.or(other.sample_data),
            log_json: self.log_json.or(other.log_json),
            release_key: self.release_key.or(other.release_key),
            minimum_desktop: self.minimum_desktop.or(other.minimum_desktop),
            sign_in_help: self.sign_in_help.or(other.sign_in_help),
            providers: self.providers.or(other.providers),
        }
    }

    fn read(file: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(file)
            .with_context(|| format!("cannot read the settings file {}", file.display()))?;
        toml::from_str(&text).with_context(|| format!("the settings file {} is wrong", file.display()))
    }
}

fn data_dir(stated: Option<PathBuf>) -> anyhow::Result<PathBuf> {
    match stated {
        Some(directory) => Ok(directory),
        None => Ok(dirs::data_dir()
            .context("this system names no data directory for you; give one with --data-dir")?
            .join("baton/server")),
    }
}

fn days(name: &str, stated: Option<u32>, usual: u32) -> anyhow::Result<Duration> {
    let days = stated.unwrap_or(usual);
    ensure!((1..=365).contains(&days), "{name} must be between 1 and 365");
    Ok(DAY * days)
}

fn admission(settings: &Settings) -> anyhow::Result<AdmissionLimits> {
    let all = settings.max_connections.unwrap_or(10_000);
    let anonymous = settings.max_anonymous.unwrap_or(2000);
    let admission = AdmissionLimits {
        all,
        anonymous,
        per_address: settings.max_per_address.unwrap_or(5000),
        anonymous_per_address: (anonymous / 2).max(1),
        per_person: settings.max_per_person.unwrap_or(200),
    };
    ensure!(
        all >= 1 && anonymous >= 1 && admission.per_address >= 1 && admission.per_person >= 1,
        "max-connections, max-anonymous, max-per-address and max-per-person must be at least 1"
    );
    Ok(admission)
}

impl Config {
    /// Puts the settings together.
    ///
    /// # Errors
    /// A sentence about the setting that makes no sense.
    pub fn of(settings: Settings, file: Option<&Path>) -> anyhow::Result<Self> {
        let settings = match file {
            Some(file) => settings.or(Settings::read(file)?),
            None => settings,
        };
        let stated = stated(&settings)?;
        let grace = Duration::from_millis(settings.grace_ms.unwrap_or(5000));
        let heartbeat = Duration::from_millis(settings.heartbeat_ms.unwrap_or(1500));
        ensure!(
            grace >= Duration::from_millis(200) && grace <= Duration::from_secs(600),
            "grace-ms must be between 200 and 600000"
        );
        ensure!(
            heartbeat >= Duration::from_millis(50) && heartbeat * 2 <= grace,
            "heartbeat-ms must be at least 50 and at most half of grace-ms: one lost beat must not cost a place"
        );
        let sign_in = days("sign-in-days", settings.sign_in_days, 30)?;
        let sign_in_idle = settings.sign_in_idle_days.or(settings.sign_in_days);
        let sign_in_idle = days("sign-in-idle-days", sign_in_idle, 30)?;
        let given_password = days("given-password-days", settings.given_password_days, 14)?;
        let listen = settings.listen.unwrap_or(SocketAddr::from(([127, 0, 0, 1], 7420)));
        ensure!(
            listen.ip().to_canonical().is_loopback() || settings.plain == Some(true),
            "{listen} is reached by other machines, and nothing would be encrypted, passwords neither. Listen on \
             127.0.0.1 behind a reverse proxy with TLS; or say --plain as well, if one stands before this machine"
        );
        Ok(Self {
            stated,
            listen,
            keep_drafts: DAY * settings.keep_drafts_days.unwrap_or(365),
            admission: admission(&settings)?,
            max_drafts: settings.max_drafts_per_person.unwrap_or(1000),
            max_file_bytes: settings
                .max_file_mb_per_person
                .unwrap_or(10_240)
                .saturating_mul(1024 * 1024),
            proxies: Arc::new(Proxies::new(&settings.trusted_proxies.unwrap_or_default())?),
            data_dir: data_dir(settings.data_dir)?,
            limits: Limits {
                grace,
                idle: Duration::from_millis(settings.idle_ms.unwrap_or(120_000)),
                answer: Duration::from_millis(settings.answer_ms.unwrap_or(30_000)),
            },
            heartbeat,
            sign_in,
            sign_in_idle,
            given_password,
            second_factor: settings.second_factor.unwrap_or_default(),
            may_hide: settings.may_hide.unwrap_or(true),
            metrics: settings.metrics,
            keep_changes: DAY * settings.keep_changes_days.unwrap_or(30),
            keep_audit: DAY * settings.keep_audit_days.unwrap_or(730),
            keep_deleted: DAY * settings.keep_deleted_days.unwrap_or(30),
            admin_email: settings.admin_email.unwrap_or_else(|| "admin@localhost".into()),
            sample_data: settings.sample_data.unwrap_or(false),
            log_json: settings.log_json.unwrap_or(false),
            release_key: settings.release_key,
            minimum_desktop: settings.minimum_desktop,
            sign_in_help: settings.sign_in_help,
            providers: providers::check(settings.providers.unwrap_or_default())?,
        })
    }

    /// The database's file.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.data_dir.join("baton.db")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(text: &str) -> Settings {
        toml::from_str(text).expect("the settings are well formed")
    }

    #[test]
    fn a_flag_wins_over_the_file() {
        let directory = tempfile::tempdir().expect("a directory");
        let file = directory.path().join("baton.toml");
        std::fs::write(&file, "grace-ms = 8000\nheartbeat-ms = 2000\n").expect("written");
        let flags = Settings {
            grace_ms: Some(6000),
            ..Settings::default()
        };
        let config = Config::of(flags, Some(&file)).expect("sensible");
        assert_eq!(config.limits.grace, Duration::from_secs(6));
        assert_eq!(config.heartbeat, Duration::from_secs(2));
    }

    #[test]
    fn nonsense_is_refused_with_a_sentence() {
        for (text, part) in [
            ("grace-ms = 1000\nheartbeat-ms = 900", "half of grace-ms"),
            ("sign-in-days = 0", "between 1 and 365"),
            ("grace-ms = 1", "between 200"),
            ("listen = \"0.0.0.0:7420\"", "nothing would be encrypted"),
            ("trusted-proxies = [\"10.0.0.0/64\"]", "is no address"),
            ("max-per-person = 0", "at least 1"),
        ] {
            let error = Config::of(settings(text), None).expect_err(text);
            assert!(error.to_string().contains(part), "{error}");
        }
        assert!(
            toml::from_str::<Settings>("grace = 5").is_err(),
            "unknown settings are refused"
        );
    }
}
