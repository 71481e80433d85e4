//! The second factor of a sign-in: codes of an authenticator, and recovery codes (semantics 7.1).

use anyhow::Context as _;
use baton_protocol::person::{NewSecondFactor, Secret};
use baton_protocol::time::Timestamp;
use serde::{Deserialize, Serialize};
use totp_rs::{Builder, Totp};

use crate::auth;

/// How many recovery codes there are.
const RECOVERY_CODES: usize = 10;
/// The longest code that is looked at, in bytes.
const MAX_CODE: usize = 64;

/// What the server keeps of a second factor.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SecondFactor {
    /// The key that the authenticator knows, in base 32.
    key: Secret,
    /// The last time step of which a code was taken: no code is taken twice.
    last_step: u64,
    /// The hashes of the recovery codes that are left, as hexadecimal digits.
    recovery: Vec<String>,
}

/// What a code was.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Accepted {
    /// The authenticator's.
    Code,
    /// A recovery code; so many are left.
    Recovery(usize),
}

impl SecondFactor {
    /// Returns one with a new random key, and without recovery codes.
    #[must_use]
    pub fn generate() -> Self {
        let totp = Builder::new().build_noncompliant();
        Self {
            key: totp.secret().to_base32().into(),
            last_step: 0,
            recovery: Vec::new(),
        }
    }

    /// What an authenticator needs to know, for this account.
    ///
    /// # Errors
    /// The picture cannot be made.
    pub fn introduce(&self, email: &str) -> anyhow::Result<NewSecondFactor> {
        // A colon would part the account's name from the issuer's.
        let account = email.replace(':', " ");
        let totp = self.totp(&account).context("the key of a second factor")?;
        Ok(NewSecondFactor {
            key: self.key.clone(),
            image: totp.to_qr_base64()?.into(),
        })
    }

    /// Takes a code: how the factor is after it, and what the code was. `None`: it is not the right one.
    #[must_use]
    pub fn accept(&self, code: &str, now: Timestamp) -> Option<(Self, Accepted)> {
        if code.len() > MAX_CODE {
            return None;
        }
        let code: String = code.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
        let seconds = u64::try_from(now.0).ok()? / 1000;
        let step = self.totp("").and_then(|totp| totp.check(&code, seconds));
        if let Some(step) = step {
            let after = Self {
                last_step: step,
                ..self.clone()
            };
            return (step > self.last_step).then_some((after, Accepted::Code));
        }
        let hash = recovery_hash(&code);
        let mut after = self.clone();
        after.recovery.retain(|left| *left != hash);
        let left = after.recovery.len();
        (left < self.recovery.len()).then_some((after, Accepted::Recovery(left)))
    }

    /// With new recovery codes, which are said only now.
    #[must_use]
    pub fn with_recovery(self) -> (Self, Vec<Secret>) {
        let codes: Vec<String> = (0..RECOVERY_CODES).map(|_| auth::new_password()).collect();
        let recovery = codes.iter().map(|code| recovery_hash(&code.replace('-', ""))).collect();
        (Self { recovery, ..self }, codes.into_iter().map(Secret).collect())
    }

    fn totp(&self, account: &str) -> Option<Totp> {
        let secret = totp_rs::Secret::try_from_base32(&self.key.0).ok()?;
        let builder = Builder::new().with_secret(secret).with_issuer(Some("Baton"));
        builder.with_account_name(account).build().ok()
    }
}

/// What is kept of a recovery code: it is random enough that nobody guesses it from its hash.
fn recovery_hash(code: &str) -> String {
    let hash = auth::token_hash(&code.to_lowercase());
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(factor: &SecondFactor, at: Timestamp) -> String {
        let seconds = u64::try_from(at.0).expect("after 1970") / 1000;
        factor.totp("").expect("a key").generate(seconds).to_string()
    }

    #[test]
    fn a_code_is_taken_once_and_only_near_its_time() {
        let factor = SecondFactor::generate();
        let now = Timestamp(1_800_000_000_000);
        let at = |seconds: i64| Timestamp(now.0 + seconds * 1000);
        let (after, accepted) = factor.accept(&code(&factor, now), now).expect("right");
        assert_eq!(accepted, Accepted::Code);
        assert_eq!(after.accept(&code(&factor, now), now), None, "the same again");
        assert_eq!(
            after.accept(&code(&factor, at(-30)), now),
            None,
            "an older one after it"
        );
        assert!(after.accept(&code(&factor, at(30)), at(30)).is_some(), "the next one");
        assert!(
            factor.accept(&code(&factor, at(-30)), now).is_some(),
            "a clock half a minute slow"
        );
        assert_eq!(factor.accept(&code(&factor, at(-120)), now), None, "two minutes old");
        assert_eq!(factor.accept("", now), None);
        assert_eq!(factor.accept(&"0".repeat(1_000_000), now), None);
    }

    #[test]
    fn a_recovery_code_works_once_however_it_is_written() {
        let (factor, codes) = SecondFactor::generate().with_recovery();
        assert_eq!(codes.len(), RECOVERY_CODES);
        let now = Timestamp(1_800_000_000_000);
        let written = codes[0].0.to_uppercase().replace('-', " ");
        let (after, accepted) = factor.accept(&written, now).expect("right");
        assert_eq!(accepted, Accepted::Recovery(RECOVERY_CODES - 1));
        assert_eq!(after.accept(&codes[0].0, now), None, "used");
        assert!(after.accept(&codes[1].0, now).is_some());
        let stored = serde_json::to_string(&factor).expect("text");
        assert!(
            codes.iter().all(|code| !stored.contains(&code.0)),
            "only hashes are kept"
        );
    }

    #[test]
    fn an_authenticator_gets_the_key_whatever_the_address_has() {
        let factor = SecondFactor::generate();
        for email in ["anna@example.test", "o:dd%/?&#@example.test", &"x".repeat(254)] {
            let introduced = factor.introduce(email).expect("a picture");
            assert!(introduced.image.0.len() > 100 && introduced.key.0.len() >= 32);
        }
    }
}
