//! Names as they are searched here: without case and accents, by the browser's own tables.

use baton_protocol::field::fold;
use js_sys::JsString;

/// The marks that stand over or under a letter.
const MARKS: std::ops::RangeInclusive<char> = '\u{300}'..='\u{36f}';

/// The text without case and accents.
pub(crate) fn plain(text: &str) -> String {
    if text.is_ascii() {
        return fold(text);
    }
    let parted = String::from(JsString::from(text).normalize("NFD"));
    let letters: String = parted.chars().filter(|letter| !MARKS.contains(letter)).collect();
    fold(&letters)
}
