//! The table itself.

use serde::{Deserialize, Serialize};

use super::checks::{self, Check};
use super::{Kind, MAX_TEXT_BYTES};

/// The types of field.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// One line.
    Text,
    /// Several lines.
    Textarea,
    /// Text with headings, lists, links and emphasis, as a small part of HTML.
    RichText,
    /// An e-mail address.
    Email,
    /// The address of a page.
    Url,
    /// A decimal number, kept exactly as text.
    Number,
    /// Yes or no.
    Boolean,
    /// A calendar day, `2026-05-31`.
    Date,
    /// A calendar day and the time on the wall, `2026-05-31 14:30`.
    DateTime,
    /// One of the field's options, from a menu.
    Select,
    /// One of the field's options, all of them in sight.
    Radio,
    /// Any of the field's options.
    Checkboxes,
    /// Records of another entity, by their ids.
    Relation,
    /// A file that the server keeps.
    File,
    /// A file that is a picture.
    Image,
}

/// What can be set of a field besides label, type, help and whether it is required.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Property {
    /// [`Field::placeholder`](super::Field::placeholder)
    Placeholder,
    /// [`Field::default`](super::Field::default)
    Default,
    /// [`Field::unique`](super::Field::unique)
    Unique,
    /// [`Field::min_length`](super::Field::min_length) and [`Field::max_length`](super::Field::max_length)
    Length,
    /// [`Field::pattern`](super::Field::pattern)
    Pattern,
    /// [`Field::min`](super::Field::min), [`Field::max`](super::Field::max) and
    /// [`Field::step`](super::Field::step)
    Range,
    /// [`Field::options`](super::Field::options)
    Options,
    /// [`Field::target`](super::Field::target), [`Field::many`](super::Field::many) and
    /// [`Field::on_delete`](super::Field::on_delete)
    Target,
    /// [`Field::unit`](super::Field::unit)
    Unit,
    /// [`Field::max_size`](super::Field::max_size)
    Size,
    /// [`Field::endings`](super::Field::endings)
    Endings,
}

/// How a filter compares.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operator {
    /// Its text has this in it.
    Contains,
    /// It is this, or this is among its choices.
    Is,
    /// It is anything else, or nothing.
    IsNot,
    /// It is this or more, or later.
    AtLeast,
    /// It is this or less, or earlier.
    AtMost,
    /// It is the first of two, or the last, or between them.
    Between,
    /// It is within a span of days around the day on which it is asked.
    Within,
    /// It is the person who asks.
    Mine,
    /// Nothing was given.
    #[serde(alias = "empty")]
    IsEmpty,
    /// Something was given.
    #[serde(alias = "given")]
    IsNotEmpty,
}

impl Operator {
    /// Its id, as serde writes it.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Contains => "contains",
            Self::Is => "is",
            Self::IsNot => "is_not",
            Self::AtLeast => "at_least",
            Self::AtMost => "at_most",
            Self::Between => "between",
            Self::Within => "within",
            Self::Mine => "mine",
            Self::IsEmpty => "is_empty",
            Self::IsNotEmpty => "is_not_empty",
        }
    }

    /// Whether it compares with a value.
    #[must_use]
    pub fn takes_value(self) -> bool {
        !matches!(self, Self::Mine | Self::IsEmpty | Self::IsNotEmpty)
    }
}

/// One row of the table of field types.
#[derive(Debug)]
pub struct TypeInfo {
    /// The type that the row is about.
    pub field_type: FieldType,
    /// What the form of a definition holds, as serde writes the type.
    pub id: &'static str,
    /// The kind of value that it holds.
    pub kind: Kind,
    /// The longest value in bytes.
    pub max_bytes: usize,
    /// Whether its text is edited by splices, keystroke by keystroke (semantics 4.1).
    pub spliced: bool,
    /// Whether the search of a list looks into it.
    pub searched: bool,
    /// Whether a list can be sorted by it.
    pub sorted: bool,
    /// How a filter may compare it.
    pub operators: &'static [Operator],
    /// What can be set of it.
    pub properties: &'static [Property],
    /// Checks a value that is not blank.
    pub(super) check: Check,
}

use Operator::{AtLeast, AtMost, Between, Contains, Is, IsEmpty, IsNot, IsNotEmpty, Within};
use Property::{
    Default as DefaultValue, Endings, Length, Options, Pattern, Placeholder, Range, Size, Target, Unique, Unit,
};

const OF_TEXT: &[Operator] = &[Contains, Is, IsNot, IsEmpty, IsNotEmpty];
const OF_LONG_TEXT: &[Operator] = &[Contains, IsEmpty, IsNotEmpty];
const OF_SCALE: &[Operator] = &[Is, IsNot, AtLeast, AtMost, Between, IsEmpty, IsNotEmpty];
const OF_DAYS: &[Operator] = &[Is, IsNot, AtLeast, AtMost, Between, Within, IsEmpty, IsNotEmpty];
const OF_CHOICE: &[Operator] = &[Is, IsNot, IsEmpty, IsNotEmpty];

/// A short line of text; the other rows say how they differ.
const LINE: TypeInfo = TypeInfo {
    field_type: FieldType::Text,
    id: "text",
    kind: Kind::Text,
    max_bytes: 4096,
    spliced: true,
    searched: true,
    sorted: true,
    operators: OF_TEXT,
    properties: &[Placeholder, DefaultValue, Length, Pattern, Unique],
    check: checks::text,
};

/// One of the field's options.
const CHOICE: TypeInfo = TypeInfo {
    field_type: FieldType::Select,
    id: "select",
    max_bytes: 256,
    spliced: false,
    operators: OF_CHOICE,
    properties: &[Options, DefaultValue],
    check: checks::choice,
    ..LINE
};

/// A day; the other row says how it differs.
const DAY: TypeInfo = TypeInfo {
    field_type: FieldType::Date,
    id: "date",
    max_bytes: 32,
    spliced: false,
    searched: false,
    operators: OF_DAYS,
    properties: &[DefaultValue, Unique],
    check: checks::date,
    ..LINE
};

/// A file, searched and sorted by its name; the other row says how it differs.
const FILE: TypeInfo = TypeInfo {
    field_type: FieldType::File,
    id: "file",
    spliced: false,
    operators: OF_LONG_TEXT,
    properties: &[Size, Endings],
    check: checks::file,
    ..LINE
};

static TYPES: [TypeInfo; 15] = [
    LINE,
    TypeInfo {
        field_type: FieldType::Textarea,
        id: "textarea",
        max_bytes: MAX_TEXT_BYTES,
        operators: OF_LONG_TEXT,
        properties: &[Placeholder, DefaultValue, Length],
        ..LINE
    },
    TypeInfo {
        field_type: FieldType::RichText,
        id: "rich_text",
        max_bytes: MAX_TEXT_BYTES,
        operators: OF_LONG_TEXT,
        properties: &[Length],
        check: checks::rich_text,
        ..LINE
    },
    TypeInfo {
        field_type: FieldType::Email,
        id: "email",
        max_bytes: 254,
        properties: &[Placeholder, DefaultValue, Unique],
        check: checks::email,
        ..LINE
    },
    TypeInfo {
        field_type: FieldType::Url,
        id: "url",
        properties: &[Placeholder, DefaultValue, Unique],
        check: checks::url,
        ..LINE
    },
    TypeInfo {
        field_type: FieldType::Number,
        id: "number",
        max_bytes: 64,
        spliced: false,
        searched: false,
        operators: OF_SCALE,
        properties: &[Placeholder, DefaultValue, Range, Unit, Unique],
        check: checks::number,
        ..LINE
    },
    TypeInfo {
        field_type: FieldType::Boolean,
        id: "boolean",
        kind: Kind::Bool,
        max_bytes: 0,
        spliced: false,
        searched: false,
        operators: OF_CHOICE,
        properties: &[DefaultValue],
        check: |_, _| Ok(()),
        ..LINE
    },
    DAY,
    TypeInfo {
        field_type: FieldType::DateTime,
        id: "date_time",
        check: checks::date_time,
        ..DAY
    },
    CHOICE,
    TypeInfo {
        field_type: FieldType::Radio,
        id: "radio",
        ..CHOICE
    },
    TypeInfo {
        field_type: FieldType::Checkboxes,
        id: "checkboxes",
        kind: Kind::List,
        max_bytes: MAX_TEXT_BYTES,
        spliced: false,
        operators: OF_CHOICE,
        properties: &[Options, DefaultValue],
        check: checks::choices,
        ..LINE
    },
    TypeInfo {
        field_type: FieldType::Relation,
        id: "relation",
        kind: Kind::List,
        max_bytes: MAX_TEXT_BYTES,
        spliced: false,
        searched: false,
        sorted: false,
        operators: OF_CHOICE,
        properties: &[Target],
        check: checks::relation,
    },
    FILE,
    TypeInfo {
        field_type: FieldType::Image,
        id: "image",
        properties: &[Size],
        check: checks::picture,
        ..FILE
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
        &TYPES[self as usize]
    }

    /// The type of this id.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        TYPES.iter().find(|row| row.id == id).map(|row| row.field_type)
    }

    /// Whether a record can be looked up by a value of this type.
    #[must_use]
    pub fn is_lookup_key(self) -> bool {
        matches!(
            self,
            Self::Text | Self::Email | Self::Url | Self::Number | Self::Date | Self::DateTime
        )
    }

    /// Whether its text is edited by splices.
    #[must_use]
    pub fn spliced(self) -> bool {
        self.info().spliced
    }

    /// Whether its value names a file ([`FileRef`](crate::file::FileRef)).
    #[must_use]
    pub fn is_file(self) -> bool {
        matches!(self, Self::File | Self::Image)
    }

    /// Whether this can be set of its fields.
    #[must_use]
    pub fn has(self, property: Property) -> bool {
        self.info().properties.contains(&property)
    }
}
