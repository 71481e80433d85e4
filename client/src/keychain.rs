//! The system's keychain, where there is one: the token of a sign-in belongs there, encrypted.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use keyring_core::api::CredentialStore;
use keyring_core::{Entry, Error};

/// How long it may take; one that asks its user something is not waited for.
const TIMEOUT: Duration = Duration::from_secs(3);

/// What the keys of stores are called.
const STORE_SERVICE: &str = "Baton store";

/// What the keychain stores besides the key of the local store.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum KeychainEntry {
    /// The token of the sign-in.
    Token,
    /// Tokens whose server does not know yet that they are worth nothing.
    RevokedTokens,
}

impl KeychainEntry {
    fn service(self) -> &'static str {
        match self {
            Self::Token => "Baton",
            Self::RevokedTokens => "Baton signed out",
        }
    }
}

/// What a local store is encrypted with.
#[derive(Clone, PartialEq, Eq)]
pub enum StoreKey {
    /// There is no keychain: nothing is encrypted.
    None,
    /// A key that the keychain has.
    Key([u8; 32]),
}

impl std::fmt::Debug for StoreKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::None => "no key",
            Self::Key(_) => "a key",
        })
    }
}

/// One desktop's place in the keychain.
#[derive(Clone, Debug)]
pub struct Keychain {
    store: Arc<CredentialStore>,
    /// Each data directory has its own sign-in.
    user: String,
}

impl Keychain {
    /// The system's, if it has one that answers.
    #[must_use]
    pub fn of_system(directory: &Path) -> Option<Self> {
        let store = within(system_store)?;
        let store = store
            .inspect_err(|error| tracing::info!(%error, "no keychain; the sign-in is kept in a file"))
            .ok()?;
        Some(Self::new(store, directory))
    }

    fn new(store: Arc<CredentialStore>, directory: &Path) -> Self {
        Self {
            store,
            user: directory.display().to_string(),
        }
    }

    /// The key of this directory's store; made at the first start.
    pub(crate) fn store_key(&self) -> StoreKey {
        let keychain = self.clone();
        let found = within(move || {
            let entry = Entry::new_in_store(&keychain.store, STORE_SERVICE, &keychain.user)?;
            match entry.get_secret() {
                Ok(secret) => Ok(secret),
                Err(Error::NoEntry) => {
                    let key: [u8; 32] = rand::random();
                    entry.set_secret(&key)?;
                    Ok(key.to_vec())
                }
                Err(error) => Err(error),
            }
        });
        match found.map(|found| found.map(<[u8; 32]>::try_from)) {
            Some(Ok(Ok(key))) => StoreKey::Key(key),
            Some(Err(error)) => {
                tracing::warn!(%error, "the keychain has no key; what is remembered is not encrypted");
                StoreKey::None
            }
            Some(Ok(Err(_))) | None => StoreKey::None,
        }
    }

    /// Stores an entry, or deletes it; returns whether that was done.
    pub(crate) fn set(&self, entry: KeychainEntry, value: Option<&str>) -> bool {
        let (keychain, value) = (self.clone(), value.map(str::to_owned));
        let kept = within(move || {
            let entry = Entry::new_in_store(&keychain.store, entry.service(), &keychain.user)?;
            match value {
                Some(value) => entry.set_password(&value),
                None => match entry.delete_credential() {
                    Err(Error::NoEntry) => Ok(()),
                    other => other,
                },
            }
        });
        match kept {
            Some(Ok(())) => true,
            Some(Err(error)) => {
                tracing::warn!(%error, "the keychain took nothing; the sign-in is kept in a file");
                false
            }
            None => false,
        }
    }

    /// Returns an entry, if there is one.
    pub(crate) fn get(&self, entry: KeychainEntry) -> Option<String> {
        let keychain = self.clone();
        within(move || Entry::new_in_store(&keychain.store, entry.service(), &keychain.user)?.get_password())?.ok()
    }
}

/// Does it in a thread of its own, and gives it up after a while.
fn within<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let (done, result) = mpsc::channel();
    thread::spawn(move || done.send(work()).ok());
    result.recv_timeout(TIMEOUT).ok()
}

#[cfg(target_os = "linux")]
fn system_store() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(zbus_secret_service_keyring_store::Store::new()?)
}

#[cfg(target_os = "macos")]
fn system_store() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(apple_native_keyring_store::keychain::Store::new()?)
}

#[cfg(target_os = "windows")]
fn system_store() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(windows_native_keyring_store::Store::new()?)
}

#[cfg(not(any(target_os = "linux", target_os = "macos", target_os = "windows")))]
fn system_store() -> keyring_core::Result<Arc<CredentialStore>> {
    Err(Error::NotSupportedByStore("this system's keychain is not known".into()))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A keychain that lasts as long as the test.
    pub(crate) fn of_test(directory: &Path) -> Keychain {
        let store = keyring_core::mock::Store::new().expect("a store in memory");
        Keychain::new(store, directory)
    }

    #[test]
    fn an_entry_is_stored_read_and_deleted() {
        let keychain = of_test(Path::new("/somewhere"));
        let entry = KeychainEntry::Token;
        assert_eq!(keychain.get(entry), None);
        assert!(keychain.set(entry, Some("secret")));
        assert_eq!(keychain.get(entry).as_deref(), Some("secret"));
        assert_eq!(keychain.get(KeychainEntry::RevokedTokens), None, "another entry");
        assert!(keychain.set(entry, None));
        assert_eq!(keychain.get(entry), None);
    }
}
