//! Files that fields hold: the server keeps the bytes under their hash, and a value says which they are.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::id::UploadId;

/// The longest name of a file, in Unicode scalar values.
pub const MAX_NAME: usize = 200;

/// What a picture can be written as.
pub const PICTURES: [&str; 4] = ["image/png", "image/jpeg", "image/gif", "image/webp"];

/// The SHA-256 of a file's bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FileHash(pub [u8; 32]);

impl fmt::Display for FileHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for FileHash {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WRONG: &str = "a file's hash has 64 digits of 0 to 9 and a to f";
        let digits = text.as_bytes();
        let mut hash = [0; 32];
        if digits.len() != 64 {
            return Err(WRONG);
        }
        let digit = |digit: u8| match digit {
            b'0'..=b'9' => Ok(digit - b'0'),
            b'a'..=b'f' => Ok(digit - b'a' + 10),
            _ => Err(WRONG),
        };
        for (byte, pair) in hash.iter_mut().zip(digits.chunks(2)) {
            *byte = digit(pair[0])? * 16 + digit(pair[1])?;
        }
        Ok(Self(hash))
    }
}

impl TryFrom<String> for FileHash {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<FileHash> for String {
    fn from(hash: FileHash) -> Self {
        hash.to_string()
    }
}

/// A file as a field's value names it: which bytes, how many, what they are, and what a person calls it.
/// As text it is these four with a space between, the name last.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FileRef {
    /// Which bytes.
    pub hash: FileHash,
    /// How many.
    pub size: u64,
    /// What they are: a media type that the server found out.
    pub media: String,
    /// What it is called.
    pub name: String,
}

impl fmt::Display for FileRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            hash,
            size,
            media,
            name,
        } = self;
        write!(f, "{hash} {size} {media} {name}")
    }
}

impl FileRef {
    /// The file that a value names; nothing for a text that names none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.trim().splitn(4, ' ');
        let file = Self {
            hash: parts.next()?.parse().ok()?,
            size: parts.next()?.parse().ok()?,
            media: parts.next()?.to_owned(),
            name: parts.next()?.to_owned(),
        };
        let media = |part: &str| {
            let fits = |c: char| c.is_ascii_alphanumeric() || "!#$&^_.+-".contains(c);
            !part.is_empty() && part.chars().all(fits)
        };
        let fits = file.media.len() <= 100
            && file.media.split_once('/').is_some_and(|(a, b)| media(a) && media(b))
            && name_of(&file.name) == file.name;
        fits.then_some(file)
    }

    /// Whether it is a picture.
    #[must_use]
    pub fn is_picture(&self) -> bool {
        PICTURES.contains(&self.media.as_str())
    }

    /// What follows the last point of its name, in small letters.
    #[must_use]
    pub fn ending(&self) -> String {
        ending_of(&self.name)
    }
}

/// What follows the last point of a file's name, in small letters.
#[must_use]
pub fn ending_of(name: &str) -> String {
    name.rsplit_once('.').map_or("", |(_, ending)| ending).to_lowercase()
}

/// A name for a file that leads nowhere: what follows the last slash, without what a screen cannot show.
#[must_use]
pub fn name_of(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    // These turn the direction of a text: “photo\u{202e}gpj.exe” would look like a picture.
    let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let plain: String = last.chars().filter(|c| !c.is_control() && !turns(*c)).collect();
    let plain = plain.trim().trim_start_matches('.').trim_start();
    let length = plain.chars().count();
    if length <= MAX_NAME {
        return if plain.is_empty() {
            "file".into()
        } else {
            plain.to_owned()
        };
    }
    // The ending says what it is, so it stays.
    let ending: String = match plain.rsplit_once('.') {
        Some((_, ending)) if ending.chars().count() < 20 => format!(".{ending}"),
        Some(_) | None => String::new(),
    };
    let stem: String = plain.chars().take(MAX_NAME - ending.chars().count()).collect();
    format!("{}{ending}", stem.trim_end())
}

/// "312 bytes", "48 kB", "1.2 MB".
#[must_use]
pub fn size_text(bytes: u64) -> String {
    const MB: u64 = 1024 * 1024;
    match bytes {
        1 => "1 byte".into(),
        0..1024 => format!("{bytes} bytes"),
        1024..MB => format!("{} kB", bytes / 1024),
        _ => format!("{}.{} MB", bytes / MB, bytes % MB * 10 / MB),
    }
}

/// Where a file is fetched from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A file that the server made for whoever fetches it.
    Upload(UploadId),
    /// A file that a field holds.
    File(FileHash),
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_name_leads_nowhere_and_stays_what_it_is(name in any::<String>()) {
            let plain = name_of(&name);
            prop_assert!(!plain.contains(['/', '\\', '\0']) && !plain.starts_with('.') && !plain.is_empty());
            prop_assert!(plain.chars().count() <= MAX_NAME);
            prop_assert_eq!(name_of(&plain), plain);
        }

        #[test]
        fn a_file_is_read_as_it_was_written(hash: [u8; 32], size: u64, name in any::<String>()) {
            let file = FileRef { hash: FileHash(hash), size, media: "application/pdf".into(), name: name_of(&name) };
            prop_assert_eq!(FileRef::parse(&file.to_string()), Some(file));
        }
    }

    #[test]
    fn no_name_leads_to_another_directory() {
        let hash = "0".repeat(64);
        for name in ["../../etc/passwd", "C:\\boot.ini", "..", "a\0b", "photo\u{202e}gpj.exe"] {
            assert_eq!(FileRef::parse(&format!("{hash} 1 image/png {name}")), None, "{name}");
        }
        assert_eq!(name_of("../../etc/passwd"), "passwd");
        assert_eq!(name_of(".."), "file");
    }

    #[test]
    fn a_size_is_read_at_a_glance() {
        assert_eq!(size_text(1), "1 byte");
        assert_eq!(size_text(2047), "1 kB");
        assert_eq!(size_text(1024 * 1024 * 3 / 2), "1.5 MB");
    }
}
