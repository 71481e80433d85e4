//! Entities: the content types that staff define.

use serde::{Deserialize, Serialize};

use crate::field::{Field, FieldType};
use crate::id::{EntityId, Version};
use crate::record::{SLUG, STATUS, TITLE};

/// A content type: its names and its ordered fields.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Entity {
    /// Its id.
    pub id: EntityId,
    /// Its name in addresses and scripts, `^[a-z][a-z0-9_]*$`, unique.
    pub name: String,
    /// One of them, as a person reads it: "Product".
    pub label: String,
    /// Many of them: "Products".
    pub label_plural: String,
    /// A sentence about it.
    #[serde(default)]
    pub description: String,
    /// The saved definition's number.
    pub version: Version,
    /// Its own fields, in order; title, slug and status come before them on every record.
    pub fields: Vec<Field>,
}

impl Entity {
    /// The first version of an entity without a description.
    #[must_use]
    pub fn new(id: EntityId, name: &str, label: &str, label_plural: &str, fields: Vec<Field>) -> Self {
        Self {
            id,
            name: name.into(),
            label: label.into(),
            label_plural: label_plural.into(),
            description: String::new(),
            version: Version(1),
            fields,
        }
    }

    /// Every field of a record's form: the ones that all records have, then the entity's own.
    #[must_use]
    pub fn form_fields(&self) -> Vec<Field> {
        let mut title = Field::new(TITLE, "Title", FieldType::Text);
        title.required = true;
        title.max_length = Some(200);
        let mut slug = Field::new(SLUG, "Slug", FieldType::Text);
        slug.max_length = Some(200);
        slug.help = "The name in addresses. Left empty, it is made from the title.".into();
        let mut status = Field::new(STATUS, "Status", FieldType::Select);
        status.required = true;
        status.options = crate::record::STATUSES.map(String::from).to_vec();
        let mut fields = vec![title, status];
        fields.extend(self.fields.iter().cloned());
        fields.push(slug);
        fields
    }

    /// The form's field of that name.
    #[must_use]
    pub fn form_field(&self, name: &str) -> Option<Field> {
        self.form_fields().into_iter().find(|field| field.name == name)
    }

    /// Checks the definition itself.
    ///
    /// # Errors
    /// One sentence per thing that is wrong.
    pub fn check(&self) -> Result<(), Vec<String>> {
        let mut wrong = Vec::new();
        if !is_name(&self.name) {
            wrong.push(format!(
                "“{}” is no name: it takes 2 to 50 of a to z, 0 to 9 and _, a letter first.",
                self.name
            ));
        }
        if self.label.trim().is_empty() {
            wrong.push("The entity needs a label.".into());
        }
        let mut seen = std::collections::BTreeSet::from([TITLE, SLUG, STATUS]);
        for field in &self.fields {
            if !is_name(&field.name) {
                wrong.push(format!("“{}” is no name for a field.", field.name));
            }
            if !seen.insert(&field.name) {
                wrong.push(format!("The field name “{}” is taken.", field.name));
            }
            if field.field_type == FieldType::Select && field.options.is_empty() {
                wrong.push(format!("{} offers no choices.", field.label));
            }
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }
}

fn is_name(name: &str) -> bool {
    (2..=50).contains(&name.len())
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// What a list shows of an entity.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct EntityRow {
    /// The definition; it is small, and every page about the entity needs it.
    pub entity: std::sync::Arc<Entity>,
    /// How many records it has.
    pub records: u64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn entity(fields: Vec<Field>) -> Entity {
        Entity::new(EntityId(Uuid::nil()), "product", "Product", "Products", fields)
    }

    #[test]
    fn a_field_may_not_take_a_name_that_every_record_has() {
        let taken = entity(vec![Field::new("status", "Status", FieldType::Text)]);
        assert_eq!(
            taken.check(),
            Err(vec!["The field name “status” is taken.".to_string()])
        );
    }

    #[test]
    fn names_are_strict() {
        for (name, good) in [
            ("price", true),
            ("p2_x", true),
            ("2p", false),
            ("Price", false),
            ("p", false),
            ("naïve", false),
        ] {
            assert_eq!(is_name(name), good, "{name}");
        }
    }

    #[test]
    fn a_form_starts_with_the_title() {
        let form = entity(vec![Field::new("price", "Price", FieldType::Number)]).form_fields();
        let names: Vec<_> = form.iter().map(|field| field.name.as_str()).collect();
        assert_eq!(names, [TITLE, STATUS, "price", SLUG]);
    }
}
