//! What the local store's contents are encrypted with: AES-256-GCM, with a key of the system's keychain. Where there
//! is no keychain they are plain text that only the file's user may read.

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom as _, SystemRandom};

use crate::keychain::StoreKey;

/// Begins everything that is encrypted; no JSON begins so.
const MARK: u8 = 1;

/// Why something cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum CipherError {
    /// It is encrypted, and there is no key, or another one.
    #[error("it is encrypted, and the keychain does not have its key")]
    Locked,
    /// The system gives no random numbers, or the text is too long.
    #[error("it cannot be encrypted")]
    Failed,
}

/// Reads and writes contents.
pub(super) struct Cipher {
    key: Option<LessSafeKey>,
    random: SystemRandom,
}

impl std::fmt::Debug for Cipher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cipher").field("encrypts", &self.key.is_some()).finish()
    }
}

impl Cipher {
    pub(super) fn new(key: &StoreKey) -> Self {
        let key = match key {
            StoreKey::None => None,
            StoreKey::Key(bytes) => UnboundKey::new(&AES_256_GCM, bytes).ok().map(LessSafeKey::new),
        };
        Self {
            key,
            random: SystemRandom::new(),
        }
    }

    /// Whether contents are encrypted.
    pub(super) fn encrypts(&self) -> bool {
        self.key.is_some()
    }

    pub(super) fn seal(&self, text: String) -> Result<Vec<u8>, CipherError> {
        let Some(key) = &self.key else {
            return Ok(text.into_bytes());
        };
        let mut nonce = [0; NONCE_LEN];
        self.random.fill(&mut nonce).map_err(|_| CipherError::Failed)?;
        let mut sealed = text.into_bytes();
        let tag = key
            .seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut sealed)
            .map_err(|_| CipherError::Failed)?;
        let mut out = Vec::with_capacity(1 + NONCE_LEN + sealed.len() + 16);
        out.push(MARK);
        out.extend_from_slice(&nonce);
        out.extend_from_slice(&sealed);
        out.extend_from_slice(tag.as_ref());
        Ok(out)
    }

    pub(super) fn open(&self, stored: &[u8]) -> Result<String, CipherError> {
        let text = match stored.split_first() {
            Some((&MARK, rest)) => {
                let (nonce, sealed) = rest.split_first_chunk::<NONCE_LEN>().ok_or(CipherError::Locked)?;
                let key = self.key.as_ref().ok_or(CipherError::Locked)?;
                let mut sealed = sealed.to_vec();
                let nonce = Nonce::assume_unique_for_key(*nonce);
                let opened = key.open_in_place(nonce, Aad::empty(), &mut sealed);
                let length = opened.map_err(|_| CipherError::Locked)?.len();
                sealed.truncate(length);
                sealed
            }
            // Written before there was a key.
            Some(_) | None => stored.to_vec(),
        };
        String::from_utf8(text).map_err(|_| CipherError::Locked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_key_reads_what_it_wrote() {
        let key = |byte| Cipher::new(&StoreKey::Key([byte; 32]));
        let sealed = key(1).seal("a secret".into()).expect("sealed");
        assert!(!sealed.windows(6).any(|part| part == b"secret"));
        assert_eq!(key(1).open(&sealed).expect("opened"), "a secret");
        assert!(key(2).open(&sealed).is_err());
        assert!(Cipher::new(&StoreKey::None).open(&sealed).is_err());
        assert_eq!(key(1).open(b"{}").expect("plain"), "{}");
        let mut damaged = sealed;
        damaged[20] ^= 1;
        assert!(key(1).open(&damaged).is_err());
    }
}
