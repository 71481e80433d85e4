//! Passwords and session tokens.

use std::sync::Arc;

use anyhow::Context as _;
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use baton_protocol::message::{Code, Problem};
use rand::RngExt as _;
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;

/// How many password checks run at once; each takes a core for some 20 ms, and typing must not wait.
const AT_ONCE: usize = 2;
/// How many may wait for one of those; more are told to try again.
const WAITING: usize = 32;

/// Checks passwords, a few at a time.
#[derive(Clone, Debug)]
pub struct Passwords {
    running: Arc<Semaphore>,
    queue: Arc<Semaphore>,
    /// Checked when there is no such user, so that the answer takes as long.
    nobody: Arc<str>,
}

impl Passwords {
    /// Ready to check.
    ///
    /// # Errors
    /// If the system gives no random numbers.
    pub fn new() -> anyhow::Result<Self> {
        Ok(Self {
            running: Arc::new(Semaphore::new(AT_ONCE)),
            queue: Arc::new(Semaphore::new(AT_ONCE + WAITING)),
            nobody: hash_password(&new_password())?.into(),
        })
    }

    /// Whether the password is the one that was hashed; always false without a hash, as slowly.
    ///
    /// # Errors
    /// [`Code::Busy`] if too many are waiting.
    pub async fn check(&self, password: String, hash: Option<String>) -> Result<bool, Problem> {
        let Ok(_place) = self.queue.try_acquire() else {
            return Err(Problem::new(
                Code::Busy,
                "Many people are signing in at once. Try again in a moment.",
            ));
        };
        let _running = self.running.acquire().await;
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.nobody.to_string());
        let right = tokio::task::spawn_blocking(move || {
            PasswordHash::new(&hash)
                .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
        })
        .await
        .unwrap_or(false);
        Ok(right && known)
    }
}

/// Hashes a password with argon2id.
///
/// # Errors
/// If the system gives no random numbers.
pub fn hash_password(password: &str) -> anyhow::Result<String> {
    let hash = Argon2::default()
        .hash_password(password.as_bytes())
        .context("cannot hash a password")?;
    Ok(hash.to_string())
}

/// A password that can be read out: four groups of four, without letters that look alike.
#[must_use]
pub fn new_password() -> String {
    const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let mut rng = rand::rng();
    let groups: Vec<String> = (0..4)
        .map(|_| {
            (0..4)
                .map(|_| char::from(LETTERS[rng.random_range(0..LETTERS.len())]))
                .collect()
        })
        .collect();
    groups.join("-")
}

/// A session token: 256 random bits, as hexadecimal digits.
#[must_use]
pub fn new_token() -> String {
    let bytes: [u8; 32] = rand::rng().random();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What is kept of a token.
#[must_use]
pub fn token_hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_of_a_known_user_passes() {
        let passwords = Passwords::new().expect("random numbers");
        let hash = hash_password("correct horse").expect("hashed");
        assert!(hash.starts_with("$argon2id$"));
        assert_eq!(
            passwords.check("correct horse".into(), Some(hash.clone())).await,
            Ok(true)
        );
        assert_eq!(passwords.check("wrong".into(), Some(hash)).await, Ok(false));
        assert_eq!(passwords.check("correct horse".into(), None).await, Ok(false));
    }

    #[test]
    fn tokens_and_passwords_differ() {
        assert_ne!(new_token(), new_token());
        assert_ne!(new_password(), new_password());
        assert_eq!(new_token().len(), 64);
    }
}
