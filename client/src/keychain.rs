//! The system's keychain, where there is one: the token of a sign-in belongs there, encrypted.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use keyring_core::api::CredentialStore;
use keyring_core::{Entry, Error};
use tokio::sync::oneshot;

/// How long an unlocked keychain may take to answer.
const TIMEOUT: Duration = Duration::from_secs(3);
/// How long its person may take to unlock it, if the system asks them to.
const UNLOCK_TIMEOUT: Duration = Duration::from_secs(120);

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
    /// Opens the system's, and returns it with the key of this directory's store; `None` if there is none, or if its
    /// person does not unlock it within two minutes.
    pub(crate) async fn of_system(directory: &Path) -> Option<(Self, StoreKey)> {
        let (done, opened) = oneshot::channel();
        let directory = directory.to_owned();
        thread::spawn(move || done.send(Self::open(within(TIMEOUT, system_store)?, &directory)).ok());
        opened.await.ok().flatten()
    }

    fn open(store: keyring_core::Result<Arc<CredentialStore>>, directory: &Path) -> Option<(Self, StoreKey)> {
        let store = store.inspect_err(|error| tracing::info!(%error, "no keychain; the sign-in is kept in a file"));
        let keychain = Self::new(store.ok()?, directory);
        let key = keychain.store_key()?;
        Some((keychain, key))
    }

    fn new(store: Arc<CredentialStore>, directory: &Path) -> Self {
        Self {
            store,
            user: directory.display().to_string(),
        }
    }

    /// The key of this directory's store; made at the first start.
    fn store_key(&self) -> Option<StoreKey> {
        let keychain = self.clone();
        let found = within(UNLOCK_TIMEOUT, move || {
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
        match found {
            Some(Ok(key)) => <[u8; 32]>::try_from(key).ok().map(StoreKey::Key),
            Some(Err(error)) => {
                tracing::warn!(%error, "the keychain is not used: the sign-in is kept in a file, and what is remembered is not encrypted");
                None
            }
            None => {
                tracing::warn!(
                    "nobody unlocked the keychain: the sign-in is kept in a file, and what is remembered is not encrypted"
                );
                None
            }
        }
    }

    /// Stores an entry, or deletes it; returns whether that was done.
    pub(crate) fn set(&self, entry: KeychainEntry, value: Option<&str>) -> bool {
        let (keychain, value) = (self.clone(), value.map(str::to_owned));
        let stored = within(TIMEOUT, move || {
            let entry = Entry::new_in_store(&keychain.store, entry.service(), &keychain.user)?;
            match value {
                Some(value) => entry.set_password(&value),
                None => match entry.delete_credential() {
                    Err(Error::NoEntry) => Ok(()),
                    other => other,
                },
            }
        });
        match stored {
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
        within(TIMEOUT, move || {
            Entry::new_in_store(&keychain.store, entry.service(), &keychain.user)?.get_password()
        })?
        .ok()
    }
}

/// Does it in a thread of its own, and gives it up after a while.
fn within<T: Send + 'static>(time: Duration, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let (done, result) = mpsc::channel();
    thread::spawn(move || done.send(work()).ok());
    result.recv_timeout(time).ok()
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
    fn the_key_of_a_store_is_made_once_and_a_keychain_without_one_is_not_used() {
        let memory = keyring_core::mock::Store::new().expect("a store in memory");
        let open = |store| Keychain::open(Ok(store), Path::new("/somewhere"));
        let Some((_, made)) = open(memory.clone()) else {
            panic!("no key");
        };
        assert!(open(memory).is_some_and(|(_, found)| found == made));
        assert!(Keychain::open(Err(Error::NoEntry), Path::new("/somewhere")).is_none());
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
