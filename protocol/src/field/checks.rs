//! What each type of field accepts.

use std::collections::BTreeSet;

use baton_locales::{Arg, Text, say};
use regex_lite::RegexBuilder;
use rust_decimal::Decimal;
use time::macros::format_description;
use time::{Date, PrimitiveDateTime};
use uuid::Uuid;

use super::{Field, Value};
use crate::file::{FileRef, size_text};
use crate::rich_text::plain_text;

/// Checks a value of the right kind that is not blank.
pub(super) type Check = fn(&Field, &Value) -> Result<(), Fault>;

/// What is wrong with a value, as the end of a sentence that begins with the field's label.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault(Text);

impl Fault {
    pub(super) fn sentence(self, field: Arg) -> Text {
        say::fields::sentence(field, self.0)
    }
}

fn fault<T>(text: Text) -> Result<T, Fault> {
    Err(Fault(text))
}

/// The largest compiled pattern, in bytes: a definition is typed by people, and must not eat the server.
const MAX_PATTERN_BYTES: usize = 256 * 1024;

/// The pattern that a whole text must match.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn pattern(pattern: &str) -> Result<regex_lite::Regex, String> {
    RegexBuilder::new(&format!("^(?:{pattern})$"))
        .size_limit(MAX_PATTERN_BYTES)
        .build()
        .map_err(|error| error.to_string())
}

pub(super) fn text(field: &Field, value: &Value) -> Result<(), Fault> {
    let text = value.text();
    length(field, text)?;
    if field.pattern.is_empty() {
        return Ok(());
    }
    // A pattern that is none was refused when the definition was saved.
    match pattern(&field.pattern) {
        Ok(pattern) if !pattern.is_match(text) => fault(say::fields::does_not_match(&field.pattern)),
        Ok(_) | Err(_) => Ok(()),
    }
}

fn length(field: &Field, text: &str) -> Result<(), Fault> {
    let length = text.chars().count();
    if let Some(most) = field.max_length.filter(|most| length > *most) {
        return fault(say::fields::too_many_characters(length, most));
    }
    if let Some(least) = field.min_length.filter(|least| length < *least) {
        return fault(say::fields::too_few_characters(length, least));
    }
    Ok(())
}

pub(super) fn rich_text(field: &Field, value: &Value) -> Result<(), Fault> {
    length(field, &plain_text(value.text()))
}

pub(super) fn email(_: &Field, value: &Value) -> Result<(), Fault> {
    let fits = value.text().split_once('@').is_some_and(|(name, host)| {
        let letters = |text: &str| {
            !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || c.is_control() || "@,;<>()\"".contains(c))
        };
        letters(name)
            && letters(host)
            && host.contains('.')
            && !host.starts_with('.')
            && !host.ends_with('.')
            && !host.contains("..")
    });
    if fits {
        Ok(())
    } else {
        fault(say::fields::must_be_an_email())
    }
}

pub(super) fn url(_: &Field, value: &Value) -> Result<(), Fault> {
    let text = value.text();
    // Only what a browser opens as a page: an address must not be able to run something.
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let fits = rest.is_some_and(|rest| {
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        !host.is_empty() && !text.contains(|c: char| c.is_whitespace() || c.is_control() || "<>\"\\".contains(c))
    });
    if fits {
        Ok(())
    } else {
        fault(say::fields::must_be_a_web_address())
    }
}

/// A number exactly as it was typed; nothing for a text that is none, or has more digits than are kept exactly.
pub(crate) fn decimal(text: &str) -> Option<Decimal> {
    let text = text.trim();
    let plain = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+');
    text.chars()
        .all(plain)
        .then(|| Decimal::from_str_exact(text).ok())
        .flatten()
}

pub(super) fn number(field: &Field, value: &Value) -> Result<(), Fault> {
    let Some(number) = decimal(value.text()) else {
        let digits = value.text().chars().filter(char::is_ascii_digit).count();
        return fault(if digits > 28 {
            say::fields::too_many_digits()
        } else {
            say::fields::must_be_a_number()
        });
    };
    let (min, max) = (decimal(&field.min), decimal(&field.max));
    if min.is_some_and(|min| number < min) {
        return fault(say::fields::must_be_at_least(&field.min));
    }
    if max.is_some_and(|max| number > max) {
        return fault(say::fields::must_be_at_most(&field.max));
    }
    if let Some(step) = decimal(&field.step).filter(|step| !step.is_zero()) {
        let over = number
            .checked_sub(min.unwrap_or_default())
            .and_then(|from| from.checked_rem(step));
        if over.is_none_or(|over| !over.is_zero()) {
            return fault(match &field.min {
                min if min.is_empty() => say::fields::must_be_a_multiple_of(&field.step),
                min => say::fields::must_be_a_multiple_plus(min, &field.step),
            });
        }
    }
    Ok(())
}

pub(super) fn date(_: &Field, value: &Value) -> Result<(), Fault> {
    match Date::parse(value.text().trim(), format_description!("[year]-[month]-[day]")) {
        Ok(date) if (1..=9999).contains(&date.year()) => Ok(()),
        Ok(_) | Err(_) => fault(say::fields::must_be_a_date()),
    }
}

pub(super) fn date_time(_: &Field, value: &Value) -> Result<(), Fault> {
    let format = format_description!("[year]-[month]-[day] [hour]:[minute]");
    match PrimitiveDateTime::parse(value.text().trim(), format) {
        Ok(moment) if (1..=9999).contains(&moment.year()) => Ok(()),
        Ok(_) | Err(_) => fault(say::fields::must_be_a_date_and_time()),
    }
}

pub(super) fn choice(field: &Field, value: &Value) -> Result<(), Fault> {
    let text = value.text();
    if field.offers(text) {
        Ok(())
    } else {
        fault(say::fields::does_not_offer(excerpt(field.option_words(text))))
    }
}

pub(super) fn choices(field: &Field, value: &Value) -> Result<(), Fault> {
    let items = value.items();
    if let Some(item) = items.iter().find(|item| !field.offers(item)) {
        return fault(say::fields::does_not_offer(excerpt(field.option_words(item))));
    }
    no_item_twice(field, items)
}

pub(super) fn relation(field: &Field, value: &Value) -> Result<(), Fault> {
    let items = value.items();
    if let Some(item) = items.iter().find(|item| Uuid::try_parse(item).is_err()) {
        return fault(say::fields::points_to_no_record(excerpt(item)));
    }
    if !field.many && items.len() > 1 {
        return fault(say::fields::points_to_one_only());
    }
    no_item_twice(field, items)
}

pub(super) fn file(field: &Field, value: &Value) -> Result<(), Fault> {
    let file = named_file(field, value)?;
    let endings = field.allowed_extensions();
    if !endings.is_empty() && !endings.contains(&file.ending()) {
        return fault(say::fields::takes_files_ending_in(endings.join(", ")));
    }
    Ok(())
}

pub(super) fn picture(field: &Field, value: &Value) -> Result<(), Fault> {
    let file = named_file(field, value)?;
    if !file.is_picture() {
        return fault(say::fields::must_be_a_picture(&file.name));
    }
    Ok(())
}

fn named_file(field: &Field, value: &Value) -> Result<FileRef, Fault> {
    let Some(file) = FileRef::parse(value.text()) else {
        return fault(say::fields::must_be_a_file());
    };
    let most = decimal(&field.max_size).and_then(|mb| mb.checked_mul(Decimal::from(1024 * 1024)));
    if most.is_some_and(|most| Decimal::from(file.size) > most) {
        return fault(say::fields::takes_files_of_at_most(
            &field.max_size,
            &file.name,
            size_text(file.size),
        ));
    }
    Ok(file)
}

/// Enough of a value to recognise it by.
fn excerpt(text: &str) -> String {
    let short: String = text.chars().take(80).collect();
    if short.len() < text.len() {
        format!("{short}…")
    } else {
        short
    }
}

fn no_item_twice(field: &Field, items: &[String]) -> Result<(), Fault> {
    let mut seen = BTreeSet::new();
    match items.iter().find(|item| !seen.insert(*item)) {
        Some(item) => fault(say::fields::has_twice(excerpt(field.option_words(item)))),
        None => Ok(()),
    }
}
