//! Records: one item of an entity, and the rules that a save must satisfy.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::entity::Entity;
use crate::field::{FieldType, Value};
use crate::id::{EntityId, RecordId, Version};
use crate::person::Person;
use crate::time::Timestamp;

/// The name of the field that holds a record's title.
pub const TITLE: &str = "title";
/// The name of the field that holds a record's slug, unique within its entity.
pub const SLUG: &str = "slug";
/// The name of the field that holds a record's status.
pub const STATUS: &str = "status";

/// The status of a record whose rules are not all satisfied yet.
pub const DRAFT: &str = "draft";
/// The status of a record that satisfies every rule.
pub const PUBLISHED: &str = "published";
/// The statuses that a record can have.
pub const STATUSES: [&str; 3] = [DRAFT, PUBLISHED, "archived"];

/// A form's values by field name; a field that is not there is [`Value::Empty`].
pub type Values = BTreeMap<String, Value>;

/// A saved record.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Record {
    /// Its id.
    pub id: RecordId,
    /// What it is one of.
    pub entity: EntityId,
    /// Its number, +1 per save.
    pub version: Version,
    /// Title, slug, status and the entity's own fields.
    pub values: Values,
    /// Who saved it first, and when.
    pub created: Stamp,
    /// Who saved it last, and when.
    pub updated: Stamp,
    /// Why it is out of its entity's list, if it is (4.6).
    pub gone: Option<Gone>,
}

/// That a record is out of its entity's list. It and its unsaved text are kept, and can be brought back.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Gone {
    /// How it went.
    pub how: Removal,
    /// Who did it, and when.
    pub stamp: Stamp,
}

/// How a record goes out of its entity's list.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Removal {
    /// Put away, for as long as nobody wants it back.
    Archived,
    /// In the bin, until it is purged.
    Deleted,
}

impl Removal {
    /// What was done, as a word of a sentence: “Anna deleted this record.”
    #[must_use]
    pub fn done(self) -> &'static str {
        match self {
            Self::Archived => "archived",
            Self::Deleted => "deleted",
        }
    }
}

/// A record that is out of its list, as the bin shows it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct BinRow {
    /// Its row.
    pub row: RecordRow,
    /// How it went.
    pub gone: Gone,
}

/// Who did something and when.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Stamp {
    /// Who.
    pub by: Person,
    /// When, by the server's clock.
    pub at: Timestamp,
}

/// What a list shows of a record.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RecordRow {
    /// Its id.
    pub id: RecordId,
    /// Its number.
    pub version: Version,
    /// Its title.
    pub title: String,
    /// Its status.
    pub status: String,
    /// The first of its other values, for the list's columns.
    pub cells: Values,
    /// Who saved it last, and when.
    pub updated: Stamp,
}

/// How many of an entity's own fields a list shows as columns.
pub const LIST_COLUMNS: usize = 3;
/// How much of a text a list row carries, in Unicode scalar values.
const CELL_CHARS: usize = 80;

/// The fields of an entity that a list shows: the first ones that fit a cell.
pub fn list_columns(entity: &Entity) -> impl Iterator<Item = &crate::field::Field> {
    entity
        .fields
        .iter()
        .filter(|field| field.field_type != FieldType::Textarea)
        .take(LIST_COLUMNS)
}

impl Record {
    /// What a list shows of it.
    #[must_use]
    pub fn row(&self, entity: &Entity) -> RecordRow {
        let text = |name: &str| self.values.get(name).map_or("", Value::text).to_owned();
        RecordRow {
            id: self.id,
            version: self.version,
            title: text(TITLE),
            status: text(STATUS),
            cells: list_columns(entity)
                .filter_map(|field| {
                    let value = self.values.get(&field.name)?;
                    Some((field.name.clone(), shortened(value)))
                })
                .collect(),
            updated: self.updated.clone(),
        }
    }
}

fn shortened(value: &Value) -> Value {
    match value {
        Value::Text(text) if text.chars().count() > CELL_CHARS => {
            Value::Text(text.chars().take(CELL_CHARS).chain(['…']).collect())
        }
        Value::Empty | Value::Flag(_) | Value::Text(_) => value.clone(),
    }
}

/// The values of a record that was never saved.
#[must_use]
pub fn new_values() -> Values {
    Values::from([(STATUS.into(), Value::of_text(DRAFT))])
}

/// Why a field cannot be saved as it is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FieldError {
    /// The field's name.
    pub field: String,
    /// A sentence for the person who fills it in.
    pub message: String,
}

/// Checks a record against its entity (semantics 4.3): a published one must satisfy every rule, one
/// with another status only those of type and form.
///
/// # Errors
/// One error per bad field, in the form's order.
pub fn check(entity: &Entity, values: &Values) -> Result<(), Vec<FieldError>> {
    let status = values.get(STATUS).map_or("", Value::text);
    let complete = status == PUBLISHED;
    let errors: Vec<_> = entity
        .form_fields()
        .iter()
        .filter_map(|field| {
            let value = values.get(&field.name).unwrap_or(&Value::Empty);
            let always = field.name == STATUS || field.name == TITLE;
            field.check(value, complete || always).err().map(|message| FieldError {
                field: field.name.clone(),
                message,
            })
        })
        .collect();
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

/// Makes a slug out of a title; never empty.
#[must_use]
pub fn slug_of(title: &str) -> String {
    let slug = slug::slugify(title);
    if slug.is_empty() { "record".into() } else { slug }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::Field;
    use uuid::Uuid;

    fn product() -> Entity {
        let mut sku = Field::new("sku", "SKU", FieldType::Text);
        sku.required = true;
        Entity::new(
            EntityId(Uuid::nil()),
            "product",
            "Product",
            "Products",
            vec![sku, Field::new("price", "Price", FieldType::Number)],
        )
    }

    fn values(pairs: &[(&str, &str)]) -> Values {
        pairs
            .iter()
            .map(|(name, text)| ((*name).to_owned(), Value::of_text(*text)))
            .collect()
    }

    #[test]
    fn a_draft_may_lack_what_a_published_record_needs() {
        let entity = product();
        let mut record = values(&[(TITLE, "Laptop 14"), (STATUS, DRAFT)]);
        assert_eq!(check(&entity, &record), Ok(()));
        record.insert(STATUS.into(), Value::of_text(PUBLISHED));
        let errors = check(&entity, &record).expect_err("the SKU is missing");
        assert_eq!(errors.len(), 1);
        assert_eq!(errors[0].field, "sku");
    }

    #[test]
    fn a_draft_still_obeys_its_types() {
        let record = values(&[(TITLE, "Laptop"), (STATUS, DRAFT), ("price", "cheap")]);
        assert_eq!(check(&product(), &record).expect_err("no number")[0].field, "price");
    }

    #[test]
    fn a_record_always_has_a_title_and_a_status() {
        let errors = check(&product(), &Values::new()).expect_err("both are missing");
        let fields: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, [TITLE, STATUS]);
    }

    #[test]
    fn slugs_are_never_empty() {
        assert_eq!(slug_of("Ünïcode & Söhne"), "unicode-sohne");
        assert_eq!(slug_of("???"), "record");
    }
}
