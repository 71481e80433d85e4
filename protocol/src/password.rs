//! What a password of one's own must be (semantics 7.1).

use std::fmt;

use baton_locales::{Text, say};
/// The shortest password that a person may choose, in characters.
pub const MIN_PASSWORD: usize = 10;

/// The longest, in bytes: nothing else needs to be read to compare one.
pub const MAX_PASSWORD: usize = 256;

/// Why a password may not be chosen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WeakPassword {
    /// It is shorter than [`MIN_PASSWORD`].
    TooShort,
    /// It is longer than [`MAX_PASSWORD`].
    TooLong,
    /// Many people have it, or it is nearly one letter.
    Common,
    /// It is the person's own address or name.
    Own,
}

impl WeakPassword {
    /// A sentence for whoever wrote it.
    #[must_use]
    pub fn text(self) -> Text {
        match self {
            Self::TooShort => say::refusals::password_too_short(),
            Self::TooLong => say::refusals::password_too_long(),
            Self::Common => say::refusals::password_common(),
            Self::Own => say::refusals::password_own(),
        }
    }
}

impl fmt::Display for WeakPassword {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text().fmt(out)
    }
}

impl std::error::Error for WeakPassword {}

/// The commonest of ten characters and more, in small letters and without digits at the end.
const COMMON: [&str; 46] = [
    "abcdefghij",
    "abcdefghijk",
    "administrator",
    "asdfghjkl",
    "baseball",
    "basketball",
    "butterfly",
    "changeme",
    "chocolate",
    "computer",
    "dragon",
    "football",
    "iloveyou",
    "internet",
    "letmein",
    "liverpool",
    "manchester",
    "michael",
    "monkey",
    "passw0rd",
    "password",
    "princess",
    "q1w2e3r4t5y6",
    "q1w2e3r4t",
    "qazwsxedc",
    "qazwsxedcrfv",
    "qwerty",
    "qwertyuiop",
    "qwertz",
    "qwertzuiop",
    "samsung",
    "secret",
    "shadow",
    "spring",
    "starwars",
    "summer",
    "sunshine",
    "superman",
    "trustno",
    "unknown",
    "welcome",
    "whatever",
    "winter",
    "zaq1zaq",
    "1q2w3e4r5t",
    "1qaz2wsx3edc",
];

/// Checks a password that a person chooses.
///
/// # Errors
/// Why it may not be chosen.
pub fn check(password: &str, email: &str, name: &str) -> Result<(), WeakPassword> {
    if password.chars().count() < MIN_PASSWORD {
        return Err(WeakPassword::TooShort);
    }
    if password.len() > MAX_PASSWORD {
        return Err(WeakPassword::TooLong);
    }
    let small = password.trim().to_lowercase();
    let own = [email, email.split('@').next().unwrap_or_default(), name];
    if own.iter().any(|own| own.trim().to_lowercase() == small) {
        return Err(WeakPassword::Own);
    }
    let ends = |c: char| c.is_ascii_digit() || "!?.-_ ".contains(c);
    let word = small.trim_end_matches(ends);
    let distinct: std::collections::BTreeSet<char> = small.chars().collect();
    // Of digits alone nothing is left: a row of them, or a date.
    if word.is_empty() || distinct.len() < 4 || COMMON.contains(&word) || COMMON.contains(&small.as_str()) {
        return Err(WeakPassword::Common);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_everybody_tries_first_is_no_password() {
        let check = |password: &str| check(password, "anna.berg@example.test", "Anna Bergström");
        for common in [
            "1234567890",
            "password123",
            "Passw0rd!!",
            "qwertzuiop",
            "aaaaaaaaaaa",
            "Summer 2026!",
            "24.12.1987",
        ] {
            assert_eq!(check(common), Err(WeakPassword::Common), "{common}");
        }
        assert_eq!(check("anna.berg@example.test"), Err(WeakPassword::Own));
        assert_eq!(check("anna bergström"), Err(WeakPassword::Own));
        assert_eq!(check("short"), Err(WeakPassword::TooShort));
        assert_eq!(check(&"long".repeat(100)), Err(WeakPassword::TooLong));
        assert_eq!(check("four brown socks"), Ok(()));
        assert_eq!(check("Überholspur"), Ok(()), "characters are counted, not bytes");
    }
}
