//! Puts arguments into a message. The patterns are made by `build.rs`, which refuses whatever could not be read here.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::{Arg, Language, plural, t};

/// Fills a pattern: `{0}` is the first argument, `{0?one=a day|*={0} days}` a choice by it.
pub(crate) fn fill(pattern: &str, language: Language, args: &[Arg]) -> String {
    let mut words = String::with_capacity(pattern.len() + 16);
    write(pattern, language, args, &mut words);
    words
}

fn write(pattern: &str, language: Language, args: &[Arg], words: &mut String) {
    let mut rest = pattern;
    while let Some((before, from)) = rest.split_once('{') {
        words.push_str(before);
        let (inside, after) = split_at_end(from);
        rest = after;
        let (index, choice) = inside
            .split_once('?')
            .map_or((inside, None), |(index, rest)| (index, Some(rest)));
        let Some(arg) = index.parse::<usize>().ok().and_then(|index| args.get(index)) else {
            continue;
        };
        match choice {
            None => put(arg, language, words),
            Some(variants) => write(choose(variants, language, arg), language, args, words),
        }
    }
    words.push_str(rest);
}

/// What is inside of a brace that was opened, and what is behind its end.
fn split_at_end(text: &str) -> (&str, &str) {
    let mut depth = 0;
    for (at, letter) in text.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => return (&text[..at], &text[at + 1..]),
            '}' => depth -= 1,
            _ => {}
        }
    }
    (text, "")
}

fn put(arg: &Arg, language: Language, words: &mut String) {
    match arg {
        Arg::Number(number) => words.push_str(&number.to_string()),
        Arg::Said(text) => put(&Arg::Words(text.to_string().into()), language, words),
        // A name in another script keeps to itself: signs around it stay where they are meant.
        Arg::Words(text) if language.is_rtl() => {
            words.push('\u{2068}');
            words.push_str(text);
            words.push('\u{2069}');
        }
        Arg::Words(text) => words.push_str(text),
    }
}

/// The variant for this argument: the one that names it, the one of its plural form, or the default.
fn choose<'a>(variants: &'a str, language: Language, arg: &Arg) -> &'a str {
    let (exact, form) = match arg {
        Arg::Words(text) => (text.clone().into_owned(), ""),
        Arg::Said(text) => (text.to_string(), ""),
        Arg::Number(number) => (number.to_string(), plural::form(language, *number)),
    };
    let mut chosen = ("", 0);
    let mut rest = variants;
    while !rest.is_empty() {
        let (variant, after) = split_at_bar(rest);
        rest = after;
        let Some((key, words)) = variant.split_once('=') else {
            continue;
        };
        let weight = match key {
            key if key == exact => 3,
            key if key == form => 2,
            "*" => 1,
            _ => 0,
        };
        if weight > chosen.1 {
            chosen = (words, weight);
        }
    }
    chosen.0
}

/// The first variant, and what is behind the bar that ends it.
fn split_at_bar(text: &str) -> (&str, &str) {
    let mut depth = 0;
    for (at, letter) in text.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            '|' if depth == 0 => return (&text[..at], &text[at + 1..]),
            _ => {}
        }
    }
    (text, "")
}

thread_local! {
    static MARKED: RefCell<HashMap<usize, &'static str>> = RefCell::default();
}

/// The English words in brackets. They stay in memory: there are as many as there are messages, and only in tests.
pub(crate) fn pseudo(index: usize) -> &'static str {
    MARKED.with_borrow_mut(|known| {
        let words = known
            .entry(index)
            .or_insert_with(|| Box::leak(marked(t::EN[index]).into_boxed_str()));
        *words
    })
}

pub(crate) fn marked(words: &str) -> String {
    format!("⟦{words}⟧")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn english(pattern: &str, args: &[Arg]) -> String {
        fill(pattern, Language::English, args)
    }

    #[test]
    fn arguments_stand_where_the_pattern_wants_them() {
        let args = ["Anna".into(), "Bolts".into()];
        assert_eq!(english("{1}, saved by {0}.", &args), "Bolts, saved by Anna.");
        assert_eq!(english("{7}nothing", &args), "nothing");
        assert_eq!(english("", &args), "");
    }

    #[test]
    fn a_choice_goes_by_number_by_form_and_by_name() {
        let pattern = "{0?0=nothing|one=a day of {1}|*={0} days of {1?me=mine|*={1}}}!";
        let with = |number: u64, name: &str| english(pattern, &[number.into(), name.into()]);
        assert_eq!(with(0, "Ben"), "nothing!");
        assert_eq!(with(1, "Ben"), "a day of Ben!");
        assert_eq!(with(5, "me"), "5 days of mine!");
        assert_eq!(with(5, "Ben"), "5 days of Ben!");
    }

    #[test]
    fn what_a_person_wrote_is_never_read_as_a_pattern() {
        assert_eq!(english("{0}, {0}", &["{1}|{0".into()]), "{1}|{0, {1}|{0");
    }

    #[test]
    fn a_name_in_another_script_is_set_apart() {
        assert_eq!(fill("{0}.", Language::Arabic, &["Ben".into()]), "\u{2068}Ben\u{2069}.");
    }
}
