//! What the desktop remembers between starts: the server's address and the sign-in.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use baton_protocol::codec;
use baton_protocol::id::SessionId;
use baton_protocol::person::{Account, Secret, SignInLifetime};
use baton_protocol::rights::Rights;
use baton_protocol::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::keychain::{Keychain, KeychainEntry};

/// What is remembered.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The server's address as it was written.
    pub server: Option<String>,
    /// The address that was last signed in with.
    pub email: Option<String>,
    /// Who was signed in last: what is remembered is shown before the server is reached.
    pub account: Option<Account>,
    /// What they may do.
    pub rights: Option<Rights>,
    /// The session that the last connection was: its places at the server are reserved for a while, also for the
    /// next start (semantics 3.3).
    pub session: Option<SessionId>,
    /// Signs in without a password; revoked by signing out. In the keychain instead, where there is one.
    pub token: Option<String>,
    /// How long the sign-in lasts, by this computer's clock.
    pub sign_in_expiry: Option<SignInExpiry>,
    /// Tokens whose person signed out, and whose server does not know it yet; in the keychain, too.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub revoked: Vec<RevokedToken>,
}

/// So many tokens wait at most for their server to hear that they are worth nothing; the oldest go first.
const MAX_REVOKED: usize = 20;

impl Settings {
    /// Forgets the token. It is worth nothing as soon as its server hears of it.
    pub fn revoke_token(&mut self) {
        self.sign_in_expiry = None;
        let Some((server, token)) = self.server.clone().zip(self.token.take()) else {
            return;
        };
        let token = token.into();
        self.revoked.push(RevokedToken { server, token });
        let over = self.revoked.len().saturating_sub(MAX_REVOKED);
        self.revoked.drain(..over);
    }
}

/// How long a sign-in lasts, by this computer's clock.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SignInExpiry {
    /// When it ends, however much it is used.
    pub latest: Timestamp,
    /// After how long without being used it ends.
    pub idle: Duration,
    /// When it ends if it is not used any more.
    pub until: Timestamp,
}

impl SignInExpiry {
    /// Returns the expiry of a sign-in that is used now.
    #[must_use]
    pub fn new(now: Timestamp, lifetime: SignInLifetime) -> Self {
        let latest = now + Duration::from_secs(lifetime.left_s);
        let idle = Duration::from_secs(lifetime.idle_s);
        let until = latest.min(now + idle);
        Self { latest, idle, until }
    }

    /// Returns the same for a sign-in that was used until now.
    #[must_use]
    pub fn used_until(&self, now: Timestamp) -> Self {
        Self {
            until: self.latest.min(now + self.idle),
            ..self.clone()
        }
    }
}

/// A token that is worth nothing, as soon as its server hears of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RevokedToken {
    /// The server's address, as it was written.
    pub server: String,
    /// The token.
    pub token: Secret,
}

/// What of the settings a keychain has.
#[derive(Clone, Default, Debug)]
struct InKeychain {
    token: Option<String>,
    /// The tokens that are to end, as JSON.
    revoked: Option<String>,
}

/// The file that it is kept in, readable by its user only.
#[derive(Clone, Debug)]
pub struct SettingsFile {
    file: PathBuf,
    keychain: Option<Keychain>,
    /// What the keychain has, as far as it is known.
    in_keychain: InKeychain,
    /// Whether the sign-in is kept at all.
    sign_in: bool,
}

impl SettingsFile {
    /// The file in this directory.
    #[must_use]
    pub fn new(directory: &Path) -> Self {
        Self {
            file: directory.join("desktop.json"),
            keychain: None,
            in_keychain: InKeychain::default(),
            sign_in: true,
        }
    }

    /// The token is kept in this keychain instead, if there is one.
    #[must_use]
    pub fn with_keychain(mut self, keychain: Option<Keychain>) -> Self {
        self.keychain = keychain;
        self
    }

    /// Whether a sign-in is kept for the next start; one that was kept before goes if it is not.
    #[must_use]
    pub fn with_sign_in(mut self, remembered: bool) -> Self {
        self.sign_in = remembered;
        self
    }

    /// Reads it; a missing file is an empty one.
    ///
    /// # Errors
    /// If it is there and cannot be read.
    pub fn read(&mut self) -> io::Result<Settings> {
        let mut settings: Settings = match fs::read(&self.file) {
            Ok(bytes) => serde_json::from_slice(&bytes)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Settings::default()),
            Err(error) => return Err(error),
        };
        let from_keychain = |entry| self.keychain.as_ref().and_then(|keychain| keychain.get(entry));
        if settings.token.is_none() {
            self.in_keychain.token = from_keychain(KeychainEntry::Token);
            settings.token.clone_from(&self.in_keychain.token);
        }
        if settings.revoked.is_empty()
            && let Some(revoked) = from_keychain(KeychainEntry::RevokedTokens)
        {
            settings.revoked = serde_json::from_str(&revoked).unwrap_or_default();
            self.in_keychain.revoked = Some(revoked);
        }
        if !self.sign_in && settings.token.is_some() {
            settings.token = None;
            self.write(&settings)?;
        }
        Ok(settings)
    }

    /// Writes it, whole or not at all.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&mut self, settings: &Settings) -> io::Result<()> {
        if let Some(directory) = self.file.parent() {
            fs::create_dir_all(directory)?;
        }
        let mut settings = settings.clone();
        if !self.sign_in {
            settings.token = None;
        }
        if let Some(keychain) = &self.keychain {
            if settings.token == self.in_keychain.token || keychain.set(KeychainEntry::Token, settings.token.as_deref())
            {
                self.in_keychain.token = settings.token.take();
            }
            let revoked = (!settings.revoked.is_empty()).then(|| codec::encode(&settings.revoked));
            if revoked == self.in_keychain.revoked || keychain.set(KeychainEntry::RevokedTokens, revoked.as_deref()) {
                self.in_keychain.revoked = revoked;
                settings.revoked.clear();
            }
        }
        let new = self.file.with_extension("new");
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&new)?;
        file.write_all(&serde_json::to_vec_pretty(&settings)?)?;
        file.sync_all()?;
        fs::rename(&new, &self.file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_in_the_keychain_and_not_in_the_file() {
        let directory = tempfile::tempdir().expect("a directory");
        let keychain = crate::keychain::tests::of_test(directory.path());
        let mut file = SettingsFile::new(directory.path()).with_keychain(Some(keychain.clone()));
        let settings = Settings {
            token: Some("secret".into()),
            ..Settings::default()
        };
        file.write(&settings).expect("written");
        let text = fs::read_to_string(&file.file).expect("there");
        assert!(!text.contains("secret"), "{text}");
        let mut again = SettingsFile::new(directory.path()).with_keychain(Some(keychain.clone()));
        assert_eq!(again.read().expect("read"), settings);
        let signed_out = Settings {
            revoked: vec![RevokedToken {
                server: "127.0.0.1:7420".into(),
                token: "secret".into(),
            }],
            ..Settings::default()
        };
        again.write(&signed_out).expect("written");
        assert_eq!(keychain.get(KeychainEntry::Token), None, "signed out");
        let text = fs::read_to_string(&file.file).expect("there");
        assert!(!text.contains("secret"), "{text}");
        let mut again = SettingsFile::new(directory.path()).with_keychain(Some(keychain.clone()));
        assert_eq!(again.read().expect("read"), signed_out);
        again.write(&Settings::default()).expect("written");
        assert_eq!(keychain.get(KeychainEntry::RevokedTokens), None, "the server knows it");
    }

    #[test]
    fn a_sign_in_that_may_not_be_kept_goes_with_the_one_that_was() {
        let directory = tempfile::tempdir().expect("a directory");
        let settings = Settings {
            server: Some("127.0.0.1:7420".into()),
            token: Some("secret".into()),
            ..Settings::default()
        };
        SettingsFile::new(directory.path()).write(&settings).expect("written");
        let mut file = SettingsFile::new(directory.path()).with_sign_in(false);
        assert_eq!(file.read().expect("read").token, None);
        file.write(&settings).expect("written");
        let text = fs::read_to_string(&file.file).expect("there");
        assert!(!text.contains("secret") && text.contains("7420"), "{text}");
    }

    #[test]
    fn what_is_written_is_read() {
        let directory = tempfile::tempdir().expect("a directory");
        let mut file = SettingsFile::new(&directory.path().join("deeper"));
        assert_eq!(file.read().expect("empty"), Settings::default());
        let settings = Settings {
            server: Some("127.0.0.1:7420".into()),
            token: Some("secret".into()),
            ..Settings::default()
        };
        file.write(&settings).expect("written");
        assert_eq!(file.read().expect("read"), settings);
        #[cfg(unix)]
        {
            let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&file.file).expect("there").permissions());
            assert_eq!(mode & 0o777, 0o600);
        }
    }
}
