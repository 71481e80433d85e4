//! Keys with Control, on whatever layout.

use wasm_bindgen::JsCast as _;
use web_sys::{Element, KeyboardEvent};

/// The letter of a key that is pressed with Control or Command: the one that the layout writes, or on a layout
/// without Latin letters the one that stands there on others.
pub(crate) fn command(event: &KeyboardEvent) -> Option<char> {
    if !(event.ctrl_key() || event.meta_key()) || event.alt_key() {
        return None;
    }
    letter(&event.key(), &event.code())
}

fn letter(key: &str, code: &str) -> Option<char> {
    let mut chars = key.chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) if c.is_ascii() => Some(c.to_ascii_lowercase()),
        (Some(_), None) => code.strip_prefix("Key")?.chars().next().map(|c| c.to_ascii_lowercase()),
        _ => None,
    }
}

/// What a key takes back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum History {
    /// The last change.
    Undo,
    /// The last undo.
    Redo,
}

/// Whether the key undoes or redoes.
pub(crate) fn history(event: &KeyboardEvent) -> Option<History> {
    match (command(event)?, event.shift_key()) {
        ('z', false) => Some(History::Undo),
        ('z', true) | ('y', false) => Some(History::Redo),
        _ => None,
    }
}

/// How many pages a key goes forward.
pub(crate) fn page(event: &KeyboardEvent) -> Option<i32> {
    if !event.alt_key() || event.ctrl_key() || event.meta_key() || event.shift_key() {
        return None;
    }
    // On a Mac the cursor goes by words with these keys.
    let on_mac = gloo_utils::window()
        .navigator()
        .platform()
        .is_ok_and(|platform| platform.starts_with("Mac"));
    match event.key().as_str() {
        "ArrowLeft" if !on_mac => Some(-1),
        "ArrowRight" if !on_mac => Some(1),
        _ => None,
    }
}

/// Whether the key would write something, or take something away, and is no command of the page.
pub(crate) fn writes(event: &KeyboardEvent) -> bool {
    let with_command = event.ctrl_key() || event.meta_key() || event.alt_key();
    let key = event.key();
    let is_letter = key.chars().count() == 1 && !matches!(key.as_str(), "?" | "/" | " ");
    !with_command && (is_letter || matches!(key.as_str(), "Backspace" | "Delete"))
}

/// Whether it is pressed in a text of one line that offers nothing.
pub(crate) fn in_a_line(event: &KeyboardEvent) -> bool {
    let from = event.target().and_then(|from| from.dyn_into::<Element>().ok());
    from.is_some_and(|from| from.matches("input[type=text]:not([role=combobox])").unwrap_or(false))
}

/// Whether it is pressed where something is typed already: a search, a menu.
pub(crate) fn in_an_input(event: &KeyboardEvent) -> bool {
    let from = event.target().and_then(|from| from.dyn_into::<Element>().ok());
    from.is_some_and(|from| {
        let at = from
            .closest("input:not([readonly]), textarea:not([readonly]), select, [contenteditable=true], [role=dialog]");
        at.ok().flatten().is_some()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_is_what_the_layout_writes_and_else_where_it_stands() {
        assert_eq!(letter("s", "KeyS"), Some('s'));
        assert_eq!(letter("S", "KeyS"), Some('s'));
        assert_eq!(letter("ы", "KeyS"), Some('s'), "Russian");
        assert_eq!(letter("σ", "KeyS"), Some('s'), "Greek");
        assert_eq!(letter("z", "KeyY"), Some('z'), "German");
        assert_eq!(letter("a", "KeyQ"), Some('a'), "French");
        assert_eq!(letter("Enter", "Enter"), None);
        assert_eq!(letter("é", "Digit2"), None);
    }
}
