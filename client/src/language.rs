//! The language of the system that a program runs on, and what sentences have in common.

use baton_locales::{Language, t};

/// The first of the languages that the system's user wants and that the program speaks; English if there is none.
#[must_use]
pub fn of_system() -> Language {
    let wanted = sys_locale::get_locales().find_map(|tag| Language::from_tag(&tag));
    wanted.unwrap_or(Language::English)
}

/// Names, one after the other: “Anna and Ben”.
pub(crate) fn joined(names: &[&str]) -> String {
    let mut names = names.iter();
    let first = names.next().copied().unwrap_or_default().to_owned();
    names.fold(first, |before, name| t::engine::names_and(before, *name))
}
