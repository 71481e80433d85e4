//! Passwords and session tokens.

use std::thread;

use anyhow::Context as _;
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use baton_protocol::message::{Code, Problem};
use rand::RngExt as _;
use sha2::{Digest as _, Sha256};
use tokio::sync::{mpsc, oneshot};

/// How many checks may wait; more are told to try again. Each takes a core for some 20 ms.
const WAITING: usize = 32;

/// One password to check.
#[derive(Debug)]
struct Check {
    password: String,
    hash: String,
    right: oneshot::Sender<bool>,
}

/// Checks passwords, one after the other, behind everything else that the machine has to do: typing
/// must not wait for a flood of sign-ins.
#[derive(Clone, Debug)]
pub struct Passwords {
    checks: mpsc::Sender<Check>,
    /// Checked when there is no such user, so that the answer takes as long.
    nobody: String,
}

impl Passwords {
    /// Ready to check.
    ///
    /// # Errors
    /// If the system gives no random numbers or no thread.
    pub fn new() -> anyhow::Result<Self> {
        let (checks, mut waiting) = mpsc::channel::<Check>(WAITING);
        thread::Builder::new()
            .name("passwords".into())
            .spawn(move || {
                give_way();
                while let Some(check) = waiting.blocking_recv() {
                    let right = PasswordHash::new(&check.hash).is_ok_and(|hash| {
                        Argon2::default()
                            .verify_password(check.password.as_bytes(), &hash)
                            .is_ok()
                    });
                    // Whoever asked may be gone.
                    check.right.send(right).ok();
                }
            })
            .context("no thread for checking passwords")?;
        Ok(Self {
            checks,
            nobody: hash_password(&new_password())?,
        })
    }

    /// Whether the password is the one that was hashed; always false without a hash, as slowly.
    ///
    /// # Errors
    /// [`Code::Busy`] if too many are waiting.
    pub async fn check(&self, password: String, hash: Option<String>) -> Result<bool, Problem> {
        let known = hash.is_some();
        let (right, answer) = oneshot::channel();
        let check = Check {
            password,
            hash: hash.unwrap_or_else(|| self.nobody.clone()),
            right,
        };
        if self.checks.try_send(check).is_err() {
            return Err(Problem::new(
                Code::Busy,
                "Many people are signing in at once. Try again in a moment.",
            ));
        }
        Ok(answer.await.unwrap_or(false) && known)
    }
}

/// Lets every other thread go first. Only Linux knows that of a single thread.
fn give_way() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, 19) {
        tracing::warn!(%error, "checking passwords cannot give way to other work");
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
