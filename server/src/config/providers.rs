//! Identity providers in the settings.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context as _, ensure};
use baton_protocol::person::UserRole;
use openidconnect::IssuerUrl;
use serde::{Deserialize, Serialize};
use url::Url;

/// The longest id or name of a provider, in bytes.
const MAX_WORDS: usize = 80;

/// One `[[providers]]` of the settings file.
#[derive(Serialize, Deserialize, Debug, Clone)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ProviderSettings {
    /// What the server knows it as: it stays the same when the name changes.
    id: String,
    /// What people know it as.
    name: String,
    /// Its address, which its discovery document is found under.
    issuer: String,
    /// What it knows this server as.
    client_id: String,
    /// The file with the secret that goes with that, if the provider gave one.
    client_secret_file: Option<PathBuf>,
    /// What is asked for besides `openid`.
    scopes: Option<Vec<String>>,
    /// Whether whoever has no account here gets one at their first sign-in.
    #[serde(default)]
    create_accounts: bool,
    /// The role that such an account gets.
    role: Option<String>,
    /// The claim that names the groups that a person is in there.
    groups_claim: Option<String>,
    /// Which group here goes with which value of the claim.
    #[serde(default)]
    groups: BTreeMap<String, String>,
}

/// A provider as the server uses it.
#[derive(Debug, Clone)]
pub struct ProviderConfig {
    /// What the server knows it as.
    pub id: String,
    /// What people know it as.
    pub name: String,
    /// Its address.
    pub issuer: IssuerUrl,
    /// What it knows this server as.
    pub client_id: String,
    /// The secret that goes with that.
    pub client_secret: Option<String>,
    /// What is asked for besides `openid`.
    pub scopes: Vec<String>,
    /// The role of accounts that are made at a first sign-in; `None`: none are made.
    pub new_accounts: Option<UserRole>,
    /// The claim that names groups.
    pub groups_claim: Option<String>,
    /// Which group here goes with which value of the claim.
    pub groups: BTreeMap<String, String>,
}

/// Checks the providers of the settings.
///
/// # Errors
/// A sentence about the one that makes no sense.
pub(super) fn check(settings: Vec<ProviderSettings>) -> anyhow::Result<Vec<ProviderConfig>> {
    let mut providers: Vec<ProviderConfig> = Vec::new();
    for provider in settings {
        let id = provider.id.clone();
        ensure!(
            providers.iter().all(|other| other.id != id),
            "there are two providers “{id}”"
        );
        providers.push(checked(provider).with_context(|| format!("the provider “{id}” is wrong"))?);
    }
    Ok(providers)
}

fn checked(settings: ProviderSettings) -> anyhow::Result<ProviderConfig> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    ensure!(
        !settings.id.is_empty() && settings.id.len() <= MAX_WORDS && settings.id.chars().all(plain),
        "its id must be letters, digits, - and _"
    );
    ensure!(
        !settings.name.trim().is_empty() && settings.name.len() <= MAX_WORDS,
        "its name must have 1 to {MAX_WORDS} bytes"
    );
    let issuer = Url::parse(&settings.issuer).context("its issuer is no address")?;
    ensure!(
        is_protected(&issuer),
        "its issuer must begin with https:// (http:// only on this machine)"
    );
    let client_secret = match settings.client_secret_file {
        None => None,
        Some(file) => {
            let secret = std::fs::read_to_string(&file)
                .with_context(|| format!("its secret {} cannot be read", file.display()))?;
            Some(secret.trim().to_owned())
        }
    };
    let role = settings.role.as_deref().unwrap_or(UserRole::None.as_str());
    let role = UserRole::parse(role).with_context(|| format!("“{role}” is no role"))?;
    ensure!(
        role != UserRole::Admin,
        "nobody becomes an admin by signing in there; make them one in Baton"
    );
    ensure!(
        settings.groups.is_empty() || settings.groups_claim.is_some(),
        "it maps groups, and groups-claim does not say by which claim"
    );
    Ok(ProviderConfig {
        id: settings.id,
        name: settings.name.trim().to_owned(),
        // Letter for letter, as the provider itself says it.
        issuer: IssuerUrl::new(settings.issuer)?,
        client_id: settings.client_id,
        client_secret,
        scopes: settings
            .scopes
            .unwrap_or_else(|| vec!["profile".into(), "email".into()]),
        new_accounts: settings.create_accounts.then_some(role),
        groups_claim: settings.groups_claim,
        groups: settings.groups,
    })
}

/// Whether what is sent there cannot be read on the way.
pub(crate) fn is_protected(address: &Url) -> bool {
    let here = match address.host() {
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    };
    address.scheme() == "https" || (address.scheme() == "http" && here)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn provider(change: &str) -> anyhow::Result<Vec<ProviderConfig>> {
        let lines = [
            "id = \"company\"",
            "name = \"Company\"",
            "issuer = \"https://login.example.org\"",
            "client-id = \"baton\"",
        ];
        let key = change.split(' ').next();
        let others = lines.iter().filter(|line| line.split(' ').next() != key);
        let text: Vec<&str> = others.copied().chain([change]).collect();
        check(vec![toml::from_str(&text.join("\n"))?])
    }

    #[test]
    fn a_provider_that_makes_no_sense_is_refused_with_a_sentence() {
        assert!(provider("create-accounts = true").is_ok());
        assert!(provider("issuer = \"http://127.0.0.1:4000\"").is_ok());
        for (change, part) in [
            ("id = \"a b\"", "letters, digits"),
            ("name = \" \"", "1 to 80"),
            ("issuer = \"http://login.example.org\"", "https://"),
            ("issuer = \"http://127.0.0.1.example.org\"", "https://"),
            ("issuer = \"company\"", "no address"),
            ("role = \"admin\"", "nobody becomes an admin"),
            ("role = \"boss\"", "is no role"),
            ("client-secret-file = \"/no/such/file\"", "cannot be read"),
            ("groups = { staff = \"Staff\" }", "groups-claim"),
        ] {
            let error = provider(change).expect_err(change);
            assert!(format!("{error:#}").contains(part), "{error:#}");
        }
    }
}
