//! Versions of the desktop that a server hands out, and how one is signed.
//!
//! A release is one file with a minisign signature beside it. The signature's trusted comment is a [`Stamp`], so
//! whoever checks the signature knows the version and the target too: an old file cannot be passed off as a new one.

use std::fmt;
use std::str::FromStr;

use semver::Version;
use serde::{Deserialize, Serialize};

/// What a release is: said by its signature.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Stamp {
    /// For what: `linux-x86_64-appimage`.
    pub target: String,
    /// Which version.
    pub version: Version,
}

/// Why a text is no stamp.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("its signature does not say which version of Baton it is, and for which system")]
pub struct NoStamp;

impl FromStr for Stamp {
    type Err = NoStamp;

    fn from_str(text: &str) -> Result<Self, NoStamp> {
        let mut words = text.split(' ');
        let (Some("baton"), Some(version), Some(target), None) =
            (words.next(), words.next(), words.next(), words.next())
        else {
            return Err(NoStamp);
        };
        if !is_name(target) {
            return Err(NoStamp);
        }
        Ok(Self {
            version: version.parse().map_err(|_| NoStamp)?,
            target: target.into(),
        })
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "baton {} {}", self.version, self.target)
    }
}

/// Whether it is a name of a target or a channel: it becomes a part of a path.
#[must_use]
pub fn is_name(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    !text.is_empty() && text.len() <= 64 && text.chars().all(is_plain)
}

/// A release that a server has for a target.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Release {
    /// Which version.
    pub version: Version,
    /// Its size in bytes.
    pub size: u64,
    /// The signature: the text of the `.minisig` file.
    pub signature: String,
    /// Where the file is, as a path below the server's address.
    pub path: String,
}

/// What a server answers a desktop that asks for updates.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Offer {
    /// The newest release for the desktop's target, if there is any.
    pub release: Option<Release>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_is_read_as_it_is_written() {
        let text = "baton 0.2.0+7 linux-x86_64-appimage";
        let stamp: Stamp = text.parse().expect("a stamp");
        assert_eq!(stamp.to_string(), text);
        for text in [
            "",
            "baton 0.2.0",
            "baton x linux",
            "baton 0.2.0 ../etc",
            "baton 0.2.0 linux more",
            "other 0.2.0 linux",
            "timestamp:1 file:x",
        ] {
            assert_eq!(text.parse::<Stamp>(), Err(NoStamp), "{text}");
        }
    }
}
