//! Any script in the letters that every keyboard has: “Crème”, “Имя” and “北京” as `Creme`, `Imia` and `Bei Jing`.
//!
//! The tables for it are large, so the UI goes without them (feature `transliteration`): what it makes with these is a
//! preview, or a search among a few names; what counts is made by the server.

use std::borrow::Cow;

/// The text in ASCII letters. Without the tables only its case is the same.
#[cfg(feature = "transliteration")]
pub(crate) fn in_ascii(text: &str) -> Cow<'_, str> {
    deunicode::deunicode_with_tofu_cow(text, "\u{fffd}")
}

/// The text as a part of an address: `a-b-c`.
#[cfg(feature = "transliteration")]
pub(crate) fn as_slug(text: &str) -> String {
    slug::slugify(text)
}

#[cfg(not(feature = "transliteration"))]
pub(crate) fn in_ascii(text: &str) -> Cow<'_, str> {
    Cow::Borrowed(text)
}

#[cfg(not(feature = "transliteration"))]
pub(crate) fn as_slug(text: &str) -> String {
    let mut slug = String::new();
    for letter in text.chars() {
        if letter.is_ascii_alphanumeric() {
            slug.push(letter.to_ascii_lowercase());
        } else if !letter.is_ascii() {
            // Only the tables know what it becomes.
            return String::new();
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}
