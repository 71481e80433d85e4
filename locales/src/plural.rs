//! Which form of a word a number takes, by the rules of the Unicode project (CLDR) for whole numbers.

use crate::Language;

/// The form's name as message files write it.
pub(crate) fn form(language: Language, number: u64) -> &'static str {
    match (language, number, number % 100) {
        (Language::Arabic, 0, _) => "zero",
        (Language::Arabic, 2, _) => "two",
        (Language::Arabic, _, 3..=10) => "few",
        (Language::Arabic, _, 11..=99) => "many",
        (_, 1, _) => "one",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_take_the_forms_of_their_language() {
        let forms = |language| [0, 1, 2, 3, 10, 11, 99, 100, 101, 102, 103, 111].map(|number| form(language, number));
        for language in [Language::English, Language::German] {
            let mut expected = ["other"; 12];
            expected[1] = "one";
            assert_eq!(forms(language), expected);
        }
        assert_eq!(
            forms(Language::Arabic),
            [
                "zero", "one", "two", "few", "few", "many", "many", "other", "other", "other", "few", "many"
            ]
        );
    }
}
