//! The one table of field types: inputs, checks, list cells, search, filters, sorting and import all
//! derive from it.

mod checks;
mod keys;
mod option;
mod parse;
mod types;
mod value;

pub use checks::Fault;
pub(crate) use checks::{decimal, pattern as check_pattern};
pub use keys::{fold, fold_all, item_of};
pub use option::{ChoiceOption, OptionColour};
pub use parse::LeftOut;
pub use types::{FieldType, Operator, Property, TypeInfo};
pub use value::{Kind, Value};

use baton_locales::{Arg, Text, say};
use serde::{Deserialize, Serialize};

use crate::file::FileRef;
use crate::id::EntityId;
use crate::rich_text::{from_plain, plain_text};

/// The longest text that any field may hold, in bytes. Encoded, a byte may take six; all of it must
/// fit into one wire message.
pub const MAX_TEXT_BYTES: usize = 160 * 1024;

/// The most choices or links that one value holds.
pub const MAX_ITEMS: usize = 500;

/// What becomes of a relation when the record that it points to is deleted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnDelete {
    /// It stays, and says that the record is gone: whoever restores the record has it back.
    #[default]
    Keep,
    /// The record cannot be deleted while something points to it.
    Refuse,
}

impl OnDelete {
    /// Both, with their ids.
    pub const IDS: [(Self, &'static str); 2] = [(Self::Keep, "keep"), (Self::Refuse, "refuse")];
}

/// How much of a form's width a field takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldWidth {
    /// As its type needs it: short values stand two to a row.
    #[default]
    Auto,
    /// Half of it.
    Half,
    /// All of it.
    Full,
}

impl FieldWidth {
    /// Those that somebody chooses, with their ids.
    pub const IDS: [(Self, &'static str); 2] = [(Self::Half, "half"), (Self::Full, "full")];
}

/// One field of an entity.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Field {
    /// What it is called in the form of its definition; never changes, and never used again.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// Its name in values, `^[a-z][a-z0-9_]*$`.
    pub name: String,
    /// What a person reads.
    pub label: String,
    /// Which row of the table of types it obeys.
    pub field_type: FieldType,
    /// Must be given before the record is published.
    #[serde(default)]
    pub required: bool,
    /// No two records of the entity may have the same.
    #[serde(default, skip_serializing_if = "is_false")]
    pub unique: bool,
    /// A sentence under the input.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub help: String,
    /// What an empty input shows.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub placeholder: String,
    /// The heading of the section of the form that begins with it; empty where it goes on with the one before.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub section: String,
    /// How much of the form's width it takes.
    #[serde(default, skip_serializing_if = "is_auto")]
    pub width: FieldWidth,
    /// What its number counts: a currency or a unit, as it is shown behind it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// What a new record begins with.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub default: Value,
    /// What a choice offers, in order; behind them what it offered before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<ChoiceOption>,
    /// The shortest text in Unicode scalar values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_length: Option<usize>,
    /// The longest text in Unicode scalar values, where the field narrows its type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_length: Option<usize>,
    /// A regular expression that the whole text must match.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub pattern: String,
    /// The smallest number, as it was typed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub min: String,
    /// The largest number, as it was typed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub max: String,
    /// The number is the smallest one, or zero, plus a multiple of this.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub step: String,
    /// The entity that a relation points to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<EntityId>,
    /// Whether a relation may point to several records.
    #[serde(default, skip_serializing_if = "is_false")]
    pub many: bool,
    /// What becomes of the relation when its record is deleted.
    #[serde(default, skip_serializing_if = "is_keep")]
    pub on_delete: OnDelete,
    /// The largest file in megabytes (1024 kB), as it was typed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub max_size: String,
    /// How the names of its files may end, as they were typed: “pdf, docx”. Left empty, in any way.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub endings: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "what serde asks for")]
fn is_false(flag: &bool) -> bool {
    !flag
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "what serde asks for")]
fn is_keep(on_delete: &OnDelete) -> bool {
    *on_delete == OnDelete::Keep
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "what serde asks for")]
fn is_auto(width: &FieldWidth) -> bool {
    *width == FieldWidth::Auto
}

fn is_empty(value: &Value) -> bool {
    *value == Value::Empty
}

impl Field {
    /// A field with nothing but its name, label and type.
    #[must_use]
    pub fn new(name: &str, label: &str, field_type: FieldType) -> Self {
        Self {
            id: name.into(),
            name: name.into(),
            label: label.into(),
            field_type,
            required: false,
            unique: false,
            help: String::new(),
            placeholder: String::new(),
            section: String::new(),
            width: FieldWidth::Auto,
            unit: String::new(),
            default: Value::Empty,
            options: Vec::new(),
            min_length: None,
            max_length: None,
            pattern: String::new(),
            min: String::new(),
            max: String::new(),
            step: String::new(),
            target: None,
            many: false,
            on_delete: OnDelete::Keep,
            max_size: String::new(),
            endings: String::new(),
        }
    }

    /// The field's row of the table of types.
    #[must_use]
    pub fn info(&self) -> &'static TypeInfo {
        self.field_type.info()
    }

    /// What it is called in a sentence: what every record has is called in the reader's language.
    pub(crate) fn named(&self) -> Arg<'_> {
        match self.name.as_str() {
            crate::reserved::TITLE => say::fields::title().into(),
            crate::reserved::STATUS => say::fields::status().into(),
            crate::reserved::SLUG => say::fields::slug().into(),
            _ => Arg::from(&self.label),
        }
    }

    /// Checks what a draft may hold: the right kind of value and not too much of it (semantics 4.2).
    ///
    /// # Errors
    /// A sentence for the field.
    pub fn check_shape(&self, value: &Value) -> Result<(), Text> {
        let info = self.info();
        match value.kind() {
            None => return Ok(()),
            Some(kind) if kind == info.kind => {}
            Some(_) => return Err(say::fields::sentence(self.named(), info.kind.expected())),
        }
        let most = self.max_items();
        if value.items().len() > most {
            return Err(say::fields::holds_too_much(self.named(), most));
        }
        let unfit = |text: &String| text.contains(|c| !self.holds(c));
        if value.items().iter().any(unfit) {
            return Err(if value.text().contains(['\n', '\r']) && !self.is_long() {
                say::fields::takes_one_line(self.named())
            } else {
                say::fields::character_not_shown(self.named())
            });
        }
        let bytes = value.bytes();
        if bytes > info.max_bytes {
            let most = info.max_bytes;
            return Err(say::fields::too_long(self.named(), bytes, most));
        }
        Ok(())
    }

    /// The most items of a list: lists of ids in the form of a definition say theirs.
    fn max_items(&self) -> usize {
        self.max_length.unwrap_or(MAX_ITEMS)
    }

    /// The options that records can take, in order.
    pub fn offered(&self) -> impl Iterator<Item = &ChoiceOption> {
        self.options.iter().filter(|option| !option.retired)
    }

    /// Returns whether records can take the option of this id.
    #[must_use]
    pub fn offers(&self, id: &str) -> bool {
        self.offered().any(|option| option.id == id)
    }

    /// The words of an option, also of one that is not offered any more; the id itself where there is none.
    #[must_use]
    pub fn option_words<'a>(&'a self, id: &'a str) -> &'a str {
        let option = self.options.iter().find(|option| option.id == id);
        option.map_or(id, ChoiceOption::words)
    }

    /// Whether it holds text of several lines.
    #[must_use]
    pub fn is_long(&self) -> bool {
        matches!(self.field_type, FieldType::Textarea | FieldType::RichText)
    }

    /// Whether the field's text may have this letter in it.
    fn holds(&self, c: char) -> bool {
        match c {
            '\t' => true,
            '\n' => self.is_long(),
            '\u{fffe}' | '\u{ffff}' => false,
            c => !c.is_control(),
        }
    }

    /// The text as the field holds it: a line where it holds one, without what no screen can show.
    #[must_use]
    pub fn fitting(&self, text: &str) -> String {
        if !text.contains(|c| !self.holds(c)) {
            return text.to_owned();
        }
        let lines = text.replace("\r\n", "\n").replace('\r', "\n");
        let lines = if self.is_long() {
            lines
        } else {
            let parts: Vec<&str> = lines
                .split('\n')
                .map(str::trim)
                .filter(|line| !line.is_empty())
                .collect();
            parts.join(" ")
        };
        lines.chars().filter(|c| self.holds(*c)).collect()
    }

    /// Checks a value that is about to be saved. With `complete`, a required field must be given
    /// (semantics 4.3: only a published record needs that).
    ///
    /// # Errors
    /// A sentence for the field.
    pub fn check(&self, value: &Value, complete: bool) -> Result<(), Text> {
        self.check_shape(value)?;
        if value.is_blank() {
            return if complete && self.required {
                Err(say::fields::is_needed(self.named()))
            } else {
                Ok(())
            };
        }
        (self.info().check)(self, value).map_err(|fault| fault.sentence(self.named()))
    }

    /// The value that somebody means by this text: in a file that is imported, a default, a command.
    /// Whether it may be saved is for [`Field::check`].
    #[must_use]
    pub fn parse(&self, text: &str) -> Value {
        match (self.info().kind, self.field_type) {
            (Kind::Text, FieldType::Number) => {
                Value::from_text(parse::number(text).unwrap_or_else(|| text.trim().into()))
            }
            (Kind::Text, FieldType::Date) => {
                let day = parse::moment(text).and_then(|moment| moment.day());
                Value::from_text(day.unwrap_or_else(|| text.trim().into()))
            }
            (Kind::Text, FieldType::DateTime) => {
                let minute = parse::moment(text).map(|moment| moment.minute());
                Value::from_text(minute.unwrap_or_else(|| text.trim().into()))
            }
            (Kind::Text, FieldType::Select | FieldType::Radio) => Value::from_text(parse::option(self, text)),
            (Kind::Text, _) if self.field_type.spliced() => Value::from_text(text),
            (Kind::Text, _) => Value::from_text(text.trim()),
            (Kind::Bool, _) => parse::flag(text),
            (Kind::List, _) => {
                let items = text.split([';', '\n']).map(str::trim).filter(|item| !item.is_empty());
                Value::from_items(items.map(|item| parse::option(self, item)))
            }
        }
    }

    /// What [`Field::parse`] leaves out of the text, if it keeps the rest.
    #[must_use]
    pub fn left_out(&self, text: &str) -> Option<LeftOut> {
        let moments = matches!(self.field_type, FieldType::Date | FieldType::DateTime);
        moments.then(|| parse::moment(text)?.left_out).flatten()
    }

    /// What the file is called that the value names.
    #[must_use]
    pub fn file_name(&self, value: &Value) -> String {
        FileRef::parse(value.text()).map_or_else(|| value.text().to_owned(), |file| file.name)
    }

    /// How the names of its files may end, in small letters and without the point.
    #[must_use]
    pub fn allowed_extensions(&self) -> Vec<String> {
        let parts = self.endings.split([',', ';', ' ']);
        let endings = parts.map(|ending| ending.trim().trim_start_matches('.').to_lowercase());
        endings.filter(|ending| !ending.is_empty()).collect()
    }

    /// The value as text, as [`Field::parse`] reads it.
    #[must_use]
    pub fn print(&self, value: &Value) -> String {
        match value {
            Value::Empty => String::new(),
            Value::Bool(flag) => if *flag { "yes" } else { "no" }.into(),
            Value::Text(text) => self.option_words(text).to_owned(),
            Value::List(items) => {
                let words: Vec<&str> = items.iter().map(|item| self.option_words(item)).collect();
                words.join("; ")
            }
        }
    }

    /// The value with the words of options instead of their ids, for whoever reads it without the definition.
    #[must_use]
    pub fn in_words(&self, value: &Value) -> Value {
        match value {
            Value::Text(text) => Value::from_text(self.option_words(text)),
            Value::List(items) => Value::from_items(items.iter().map(|item| self.option_words(item))),
            Value::Empty | Value::Bool(_) => value.clone(),
        }
    }

    /// The default as the form of the definition holds it: with the ids of options, so that renaming one changes no
    /// default.
    #[must_use]
    pub fn default_text(&self) -> String {
        match &self.default {
            Value::List(items) => items.join("; "),
            Value::Text(text) => text.clone(),
            other @ (Value::Empty | Value::Bool(_)) => self.print(other),
        }
    }

    /// The default that this text of the form means.
    #[must_use]
    pub fn default_from(&self, text: &str) -> Value {
        if !self.field_type.has(Property::Options) {
            return self.parse(text);
        }
        let ids = text.split(';').map(str::trim).filter(|id| !id.is_empty());
        match self.info().kind {
            Kind::List => Value::from_items(ids),
            Kind::Text | Kind::Bool => Value::from_text(text.trim()),
        }
    }

    /// What an existing value becomes in this field, whose type or choices were another's before;
    /// nothing if it cannot be kept.
    #[must_use]
    pub fn convert(&self, from: &Self, value: &Value) -> Option<Value> {
        if value.is_blank() {
            return Some(Value::Empty);
        }
        let formatted = |field: &Self| field.field_type == FieldType::RichText;
        if formatted(self) && !formatted(from) {
            // What looks like a tag was typed as text, and stays text.
            let html = Value::from_text(from_plain(&from.words(value)));
            return self.check(&html, false).ok().map(|()| html);
        }
        match (self.has_options(), from.has_options()) {
            // The same options, in another widget: an id stays that option, whatever its label.
            (true, true) => return self.convert_options(value),
            (false, false) if formatted(self) == formatted(from) && self.check(value, false).is_ok() => {
                return Some(value.clone());
            }
            _ => {}
        }
        let converted = self.parse(&self.fitting(&from.words(value)));
        self.check(&converted, false).ok().map(|()| converted)
    }

    fn has_options(&self) -> bool {
        self.field_type.has(Property::Options)
    }

    /// What the options of a value become; `None` if none of them is offered any more, or one is too many.
    fn convert_options(&self, value: &Value) -> Option<Value> {
        let offered = value.items().iter().filter(|id| self.offers(id));
        let offered: Vec<&str> = offered.map(String::as_str).collect();
        match (self.info().kind, offered.as_slice()) {
            (_, []) => None,
            (Kind::List, offered) => Some(Value::from_items(offered.iter().copied())),
            (Kind::Text | Kind::Bool, [id]) => Some(Value::from_text(*id)),
            (Kind::Text | Kind::Bool, _) => None,
        }
    }

    /// The value in words.
    fn words(&self, value: &Value) -> String {
        if self.field_type == FieldType::RichText {
            plain_text(value.text())
        } else if self.field_type.is_file() {
            self.file_name(value)
        } else {
            self.print(value)
        }
    }
}

#[cfg(test)]
mod tests;
