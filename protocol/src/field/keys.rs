//! What lists sort and filter by: one text per value, so that a database and this crate agree on every
//! comparison.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use unicode_normalization::UnicodeNormalization as _;

use super::checks::decimal;
use super::{Field, FieldType, Value};
use crate::latin;

/// Stands around every item of a list's key.
const BETWEEN: char = '\u{1f}';

/// How much of a text is compared, in Unicode scalar values.
const KEY_CHARS: usize = 120;

/// The text as it is compared: case and accents do not matter.
#[must_use]
pub fn fold(text: &str) -> String {
    let short: String = text.trim().chars().take(KEY_CHARS).collect();
    fold_all(&short)
}

/// All of a text as a search finds it: [`fold`] without an end.
#[must_use]
pub fn fold_all(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    latin::in_ascii(text).to_lowercase()
}

/// One item as it stands in a list's key.
#[must_use]
pub fn item_of(item: &str) -> String {
    format!("{BETWEEN}{}{BETWEEN}", fold(item))
}

/// Whether a letter has no width and changes none: a text looks the same without it.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}')
}

impl Field {
    /// What no other record may have, of a field that is unique: all of the value, whatever its case.
    #[must_use]
    pub fn unique_key(&self, value: &Value) -> Option<String> {
        match value {
            Value::Text(text) if self.field_type != FieldType::Number && !value.is_blank() => {
                // What looks the same is the same, however its letters are put together, or what else no eye sees.
                let shown = text.nfc().filter(|c| !is_invisible(*c));
                Some(shown.collect::<String>().trim().to_lowercase())
            }
            Value::Text(_) | Value::Empty | Value::Bool(_) | Value::List(_) => self.key(value),
        }
    }

    /// The [`unique_key`](Self::unique_key) of this field's value among these.
    #[must_use]
    pub fn unique_key_in(&self, values: &BTreeMap<String, Value>) -> Option<String> {
        self.unique_key(values.get(&self.name)?)
    }

    /// What a list compares of this value; nothing for nothing. What is greater has a greater key.
    #[must_use]
    pub fn key(&self, value: &Value) -> Option<String> {
        if value.is_blank() {
            return None;
        }
        Some(match value {
            Value::Empty => return None,
            Value::Bool(flag) => u8::from(*flag).to_string(),
            Value::List(items) => {
                let mut key = String::from(BETWEEN);
                for item in items {
                    key.push_str(&fold(self.option_words(item)));
                    key.push(BETWEEN);
                }
                key
            }
            Value::Text(text) if self.field_type == FieldType::Number => match decimal(text) {
                Some(number) => number_key(number),
                None => fold(text),
            },
            Value::Text(_) if self.field_type.is_file() => fold(&self.file_name(value)),
            Value::Text(text) => fold(self.option_words(text)),
        })
    }
}

/// A text that sorts as the number does: sign, then digits on both sides of the point. The digits of a
/// negative number are turned round, so that a larger amount is a smaller text.
fn number_key(number: Decimal) -> String {
    let amount = number.abs().normalize().to_string();
    let (whole, part) = amount.split_once('.').unwrap_or((&amount, ""));
    // 29 digits are the most that a decimal has.
    let digits = format!("{whole:0>29}.{part}");
    if number.is_zero() || number.is_sign_positive() {
        return format!("1{digits}");
    }
    let turned: String = digits
        .chars()
        .map(|c| match c.to_digit(10) {
            Some(digit) => char::from_digit(9 - digit, 10).unwrap_or(c),
            None => c,
        })
        .collect();
    // Fewer digits behind the point are the larger number here: what ends comes after what goes on.
    format!("0{turned}~")
}
