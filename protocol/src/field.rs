//! The one table of field types: inputs, checks and list cells all derive from it.

use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use time::Date;
use time::macros::format_description;

/// The longest text that any field may hold, in bytes. Encoded, a byte may take six; all of it must
/// fit into one wire message.
pub const MAX_TEXT_BYTES: usize = 160 * 1024;

/// What a field holds. Everything that is typed is text, so that a half-typed number or date can be
/// kept as a draft and watched; the rules of its type are checked when it is saved.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// Nothing.
    #[default]
    Empty,
    /// Yes or no.
    Flag(bool),
    /// Anything that is typed or chosen.
    Text(String),
}

impl Value {
    /// The text, or nothing for a value that is not text.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Empty | Self::Flag(_) => "",
        }
    }

    /// Whether nothing was given.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.trim().is_empty(),
            Self::Flag(_) => false,
        }
    }

    /// A text value; the empty text is [`Value::Empty`], so that "nothing" has one form.
    #[must_use]
    pub fn of_text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }
}

/// The types of field.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// One line.
    Text,
    /// Several lines.
    Textarea,
    /// A decimal number, kept exactly as text.
    Number,
    /// Yes or no.
    Boolean,
    /// A calendar day, `2026-05-31`.
    Date,
    /// One of the field's options.
    Select,
}

/// One row of the table of field types.
#[derive(Debug)]
pub struct TypeInfo {
    /// The type that the row is about.
    pub field_type: FieldType,
    /// What a person reads.
    pub label: &'static str,
    /// The longest value in bytes.
    pub max_bytes: usize,
    /// Whether its text is edited by splices, keystroke by keystroke (semantics 4.1).
    pub spliced: bool,
    /// Checks a value that is not blank; the error is a sentence for the field.
    check: fn(&Field, &str) -> Result<(), String>,
}

const TYPES: [TypeInfo; 6] = [
    TypeInfo {
        field_type: FieldType::Text,
        label: "Text",
        max_bytes: 4096,
        spliced: true,
        check: check_text,
    },
    TypeInfo {
        field_type: FieldType::Textarea,
        label: "Long text",
        max_bytes: MAX_TEXT_BYTES,
        spliced: true,
        check: check_text,
    },
    TypeInfo {
        field_type: FieldType::Number,
        label: "Number",
        max_bytes: 64,
        spliced: false,
        check: check_number,
    },
    TypeInfo {
        field_type: FieldType::Boolean,
        label: "Yes or no",
        max_bytes: 0,
        spliced: false,
        check: |_, _| Err("This is a yes or no.".into()),
    },
    TypeInfo {
        field_type: FieldType::Date,
        label: "Date",
        max_bytes: 32,
        spliced: false,
        check: check_date,
    },
    TypeInfo {
        field_type: FieldType::Select,
        label: "Choice",
        max_bytes: 256,
        spliced: false,
        check: check_select,
    },
];

impl FieldType {
    /// Every type, in the order in which a person is offered them.
    pub fn all() -> impl Iterator<Item = Self> {
        TYPES.iter().map(|row| row.field_type)
    }

    /// This type's row of the table.
    #[must_use]
    pub fn info(self) -> &'static TypeInfo {
        match self {
            Self::Text => &TYPES[0],
            Self::Textarea => &TYPES[1],
            Self::Number => &TYPES[2],
            Self::Boolean => &TYPES[3],
            Self::Date => &TYPES[4],
            Self::Select => &TYPES[5],
        }
    }
}

/// One field of an entity.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Field {
    /// Its name in values, `^[a-z][a-z0-9_]*$`.
    pub name: String,
    /// What a person reads.
    pub label: String,
    /// Which row of the table of types it obeys.
    pub field_type: FieldType,
    /// Must be given before the record is published.
    #[serde(default)]
    pub required: bool,
    /// A sentence under the input.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub help: String,
    /// What a choice offers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
    /// The longest text in Unicode scalar values, where the field narrows its type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_length: Option<usize>,
}

impl Field {
    /// A field with nothing but its name, label and type.
    #[must_use]
    pub fn new(name: &str, label: &str, field_type: FieldType) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            field_type,
            required: false,
            help: String::new(),
            options: Vec::new(),
            max_length: None,
        }
    }

    /// Checks what a draft may hold: the right kind of value and not too much of it (semantics 4.2).
    ///
    /// # Errors
    /// A sentence for the field.
    pub fn check_shape(&self, value: &Value) -> Result<(), String> {
        let is_boolean = self.field_type == FieldType::Boolean;
        match value {
            Value::Empty => Ok(()),
            Value::Flag(_) if is_boolean => Ok(()),
            Value::Flag(_) => Err(format!("{} takes text, not a yes or no.", self.label)),
            Value::Text(_) if is_boolean => Err(format!("{} takes a yes or no, not text.", self.label)),
            Value::Text(text) if text.len() > self.field_type.info().max_bytes => Err(format!(
                "{} is too long: {} bytes, and at most {} fit.",
                self.label,
                text.len(),
                self.field_type.info().max_bytes
            )),
            Value::Text(_) => Ok(()),
        }
    }

    /// Checks a value that is about to be saved. With `complete`, a required field must be given
    /// (semantics 4.3: only a published record needs that).
    ///
    /// # Errors
    /// A sentence for the field.
    pub fn check(&self, value: &Value, complete: bool) -> Result<(), String> {
        self.check_shape(value)?;
        if value.is_blank() {
            return if complete && self.required {
                Err(format!("{} is needed.", self.label))
            } else {
                Ok(())
            };
        }
        match value {
            Value::Text(text) => (self.field_type.info().check)(self, text),
            Value::Empty | Value::Flag(_) => Ok(()),
        }
    }
}

fn check_text(field: &Field, text: &str) -> Result<(), String> {
    let length = text.chars().count();
    match field.max_length {
        Some(most) if length > most => Err(format!(
            "{} has {length} characters; at most {most} are allowed.",
            field.label
        )),
        _ => Ok(()),
    }
}

fn check_number(field: &Field, text: &str) -> Result<(), String> {
    Decimal::from_str(text.trim())
        .map(|_| ())
        .map_err(|_| format!("{} must be a number, for example 12.50.", field.label))
}

fn check_date(field: &Field, text: &str) -> Result<(), String> {
    Date::parse(text.trim(), format_description!("[year]-[month]-[day]"))
        .map(|_| ())
        .map_err(|_| format!("{} must be a date like 2026-05-31.", field.label))
}

fn check_select(field: &Field, text: &str) -> Result<(), String> {
    if field.options.iter().any(|option| option == text) {
        Ok(())
    } else {
        Err(format!("“{text}” is not one of the choices of {}.", field.label))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_has_its_own_row() {
        for field_type in FieldType::all() {
            assert_eq!(field_type.info().field_type, field_type);
        }
        assert_eq!(FieldType::all().count(), TYPES.len());
    }

    #[test]
    fn a_draft_may_hold_what_a_save_refuses() {
        let price = Field::new("price", "Price", FieldType::Number);
        let half_typed = Value::of_text("12.");
        assert_eq!(price.check_shape(&half_typed), Ok(()));
        let nonsense = Value::of_text("12,5x");
        assert_eq!(price.check_shape(&nonsense), Ok(()));
        assert!(price.check(&nonsense, false).is_err());
        assert_eq!(price.check(&Value::of_text("-0.10"), true), Ok(()));
    }

    #[test]
    fn dates_follow_the_calendar() {
        let day = Field::new("day", "Day", FieldType::Date);
        assert_eq!(day.check(&Value::of_text("2028-02-29"), true), Ok(()));
        assert!(day.check(&Value::of_text("2026-02-29"), true).is_err());
        assert!(day.check(&Value::of_text("31.05.2026"), true).is_err());
    }

    #[test]
    fn a_required_field_is_needed_only_when_complete() {
        let mut name = Field::new("name", "Name", FieldType::Text);
        name.required = true;
        assert_eq!(name.check(&Value::of_text("  "), false), Ok(()));
        assert_eq!(name.check(&Value::Empty, true), Err("Name is needed.".into()));
    }

    #[test]
    fn a_value_of_the_wrong_kind_is_refused_even_in_a_draft() {
        let flag = Field::new("ok", "OK", FieldType::Boolean);
        assert!(flag.check_shape(&Value::of_text("yes")).is_err());
        let text = Field::new("t", "T", FieldType::Text);
        assert!(text.check_shape(&Value::Flag(true)).is_err());
        assert!(text.check_shape(&Value::of_text("x".repeat(5000))).is_err());
    }

    #[test]
    fn a_choice_must_be_offered() {
        let mut colour = Field::new("colour", "Colour", FieldType::Select);
        colour.options = vec!["Red".into(), "Blue".into()];
        assert_eq!(colour.check(&Value::of_text("Red"), true), Ok(()));
        assert!(colour.check(&Value::of_text("Green"), false).is_err());
    }
}
