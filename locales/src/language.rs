//! Which language is spoken.

use std::sync::atomic::{AtomicU8, Ordering};

use crate::t;

/// A language that the program speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Language {
    /// The one that messages are written in first.
    English,
    /// Of all messages.
    German,
    /// Of all messages; from right to left.
    Arabic,
    /// English in brackets, for tests: what is not in brackets stands in no file.
    Pseudo,
}

impl Language {
    /// Those that a person can choose, in the order in which they are offered.
    pub const OFFERED: [Self; 3] = [Self::English, Self::German, Self::Arabic];

    /// The language of a tag or locale such as `de`, `de-AT` or `de_DE.UTF-8`; `None` if it is none of these.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_', '.', '@']).next().unwrap_or_default();
        match primary.to_ascii_lowercase().as_str() {
            "en" => Some(Self::English),
            "de" => Some(Self::German),
            "ar" => Some(Self::Arabic),
            "qps" => Some(Self::Pseudo),
            _ => None,
        }
    }

    /// Its tag (BCP 47).
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::Arabic => "ar",
            Self::Pseudo => "qps",
        }
    }

    /// What those who speak it call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::German => "Deutsch",
            Self::Arabic => "العربية",
            Self::Pseudo => "Pseudo",
        }
    }

    /// Whether it is written from right to left.
    #[must_use]
    pub fn is_rtl(self) -> bool {
        self == Self::Arabic
    }

    pub(crate) fn table(self) -> &'static [&'static str] {
        match self {
            Self::English | Self::Pseudo => &t::EN,
            Self::German => &t::DE,
            Self::Arabic => &t::AR,
        }
    }
}

static SPOKEN: AtomicU8 = AtomicU8::new(Language::English as u8);

/// Speaks this language from now on: words that were made before stay as they are.
pub fn set_language(language: Language) {
    SPOKEN.store(language as u8, Ordering::Relaxed);
}

/// The language that is spoken: English until another one is set.
#[must_use]
pub fn spoken() -> Language {
    match SPOKEN.load(Ordering::Relaxed) {
        1 => Language::German,
        2 => Language::Arabic,
        3 => Language::Pseudo,
        _ => Language::English,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_known_by_its_tag_and_by_the_systems_locale() {
        for (tag, language) in [
            ("de", Some(Language::German)),
            ("de-AT", Some(Language::German)),
            ("de_DE.UTF-8", Some(Language::German)),
            ("AR-eg", Some(Language::Arabic)),
            ("en_GB@euro", Some(Language::English)),
            ("C", None),
            ("C.UTF-8", None),
            ("den", None),
            ("", None),
        ] {
            assert_eq!(Language::from_tag(tag), language, "{tag}");
        }
        for language in Language::OFFERED {
            assert_eq!(Language::from_tag(language.tag()), Some(language));
        }
    }
}
