//! Entities: the content types that staff define.

use baton_locales::{Text, say, t};
use serde::{Deserialize, Serialize};

use crate::deletion::Deletion;
use crate::field::{ChoiceOption, Field, FieldType};
use crate::id::{EntityId, Version};
use crate::values::{SLUG, STATUS, TITLE};

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
    /// The name of its icon, one of [`crate::definition::ICONS`].
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub icon: String,
    /// Who it is there for.
    #[serde(default)]
    pub status: EntityStatus,
    /// How its list begins.
    #[serde(default)]
    pub sort: SortMode,
    /// The saved definition's number; 0 if it was never saved.
    pub version: Version,
    /// Its own fields, in order; title, slug and status come before them on every record.
    pub fields: Vec<Field>,
    /// That it was deleted: it and its records are kept for a while, and come back together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gone: Option<Deletion>,
}

/// Who an entity is there for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntityStatus {
    /// Being defined: only admins see it.
    Draft,
    /// In use.
    #[default]
    Published,
    /// Put away: its records can be read, and no new ones are made.
    Archived,
}

/// How the list of an entity's records begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SortMode {
    /// By the order of first saves, newest first.
    #[default]
    Newest,
    /// By title.
    Title,
    /// In the order that people give it, by hand.
    Manual,
}

impl EntityStatus {
    /// All, with their ids.
    pub const IDS: [(Self, &'static str); 3] = [
        (Self::Draft, "draft"),
        (Self::Published, "published"),
        (Self::Archived, "archived"),
    ];
}

impl SortMode {
    /// All, with their ids.
    pub const IDS: [(Self, &'static str); 3] = [
        (Self::Newest, "newest"),
        (Self::Title, "title"),
        (Self::Manual, "manual"),
    ];
}

/// A part of a record's form.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Section {
    /// Its heading; empty for the first, which has none.
    pub heading: String,
    /// Its fields, in order.
    pub fields: Vec<Field>,
}

impl Entity {
    /// The first version of an entity without a description.
    #[must_use]
    pub fn new(id: EntityId, name: &str, label: &str, label_plural: &str, fields: Vec<Field>) -> Self {
        Self {
            version: Version(1),
            status: EntityStatus::Published,
            name: name.into(),
            label: label.into(),
            label_plural: label_plural.into(),
            fields,
            ..Self::unsaved(id)
        }
    }

    /// An entity that nobody has defined yet.
    #[must_use]
    pub fn unsaved(id: EntityId) -> Self {
        Self {
            id,
            name: String::new(),
            label: String::new(),
            label_plural: String::new(),
            description: String::new(),
            icon: String::new(),
            status: EntityStatus::Draft,
            sort: SortMode::Newest,
            version: Version::default(),
            fields: Vec::new(),
            gone: None,
        }
    }

    /// What people are told who look for it after it was deleted; nothing for one that is there.
    #[must_use]
    pub fn deletion_message(&self) -> Option<Text> {
        let gone = self.gone.as_ref()?;
        Some(say::refusals::collection_was_deleted(
            &gone.stamp.by.name,
            &self.label_plural,
        ))
    }

    /// Every field of a record's form: the ones that all records have, and the entity's own.
    #[must_use]
    pub fn form_fields(&self) -> Vec<Field> {
        let mut fields = vec![title_field(), status_field()];
        fields.extend(self.fields.iter().cloned());
        fields.push(slug_field());
        fields
    }

    /// The form's fields by the sections that the definition parts them into; what every record has comes first.
    #[must_use]
    pub fn form_sections(fields: Vec<Field>) -> Vec<Section> {
        let mut sections = vec![Section::default()];
        let mut last = None;
        for field in fields {
            if field.name == SLUG {
                last = Some(field);
                continue;
            }
            if !field.section.is_empty() {
                let heading = field.section.clone();
                let fields = Vec::new();
                sections.push(Section { heading, fields });
            }
            if let Some(section) = sections.last_mut() {
                section.fields.push(field);
            }
        }
        if let Some(first) = sections.first_mut() {
            first.fields.extend(last);
        }
        sections
    }

    /// The form's field of that name.
    #[must_use]
    pub fn form_field(&self, name: &str) -> Option<Field> {
        match name {
            TITLE => Some(title_field()),
            STATUS => Some(status_field()),
            SLUG => Some(slug_field()),
            name => self.field(name).cloned(),
        }
    }

    /// Its own field of that name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

fn title_field() -> Field {
    let mut title = Field::new(TITLE, t::fields::title(), FieldType::Text);
    title.required = true;
    title.max_length = Some(200);
    title
}

fn status_field() -> Field {
    let mut status = Field::new(STATUS, t::fields::status(), FieldType::Select);
    status.required = true;
    status.options = crate::values::STATUSES.map(ChoiceOption::built_in).to_vec();
    status
}

fn slug_field() -> Field {
    let mut slug = Field::new(SLUG, t::fields::slug(), FieldType::Text);
    slug.max_length = Some(200);
    slug.help = t::fields::slug_help().into();
    slug
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_form_starts_with_the_title() {
        let fields = vec![Field::new("price", "Price", FieldType::Number)];
        let entity = Entity::new(EntityId(Uuid::nil()), "product", "Product", "Products", fields);
        let form = entity.form_fields();
        let names: Vec<_> = form.iter().map(|field| field.name.as_str()).collect();
        assert_eq!(names, [TITLE, STATUS, "price", SLUG]);
        for field in &form {
            assert_eq!(entity.form_field(&field.name).as_ref(), Some(field));
        }
    }

    #[test]
    fn a_section_begins_where_a_field_says_so_and_what_every_record_has_stays_in_front() {
        let mut entity = Entity::unsaved(EntityId(uuid::Uuid::nil()));
        for (name, section) in [("price", ""), ("width", "Size"), ("height", ""), ("note", "More")] {
            let mut field = Field::new(name, name, FieldType::Number);
            field.section = section.into();
            entity.fields.push(field);
        }
        let sections = Entity::form_sections(entity.form_fields());
        let names = |section: &Section| {
            section
                .fields
                .iter()
                .map(|field| field.name.clone())
                .collect::<Vec<_>>()
        };
        let parted: Vec<_> = sections
            .iter()
            .map(|section| (section.heading.as_str(), names(section)))
            .collect();
        let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            parted,
            [
                ("", list(&[TITLE, STATUS, "price", SLUG])),
                ("Size", list(&["width", "height"])),
                ("More", list(&["note"])),
            ]
        );
    }
}
