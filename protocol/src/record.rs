//! Records: one item of an entity, and the rules that a save must satisfy.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::deletion::{Deletion, Stamp};
use crate::entity::Entity;
use crate::field::{Field, FieldType, Value, fold_all};
use crate::id::{EntityId, RecordId, Version};
use crate::latin;
use crate::person::Person;
use crate::rich_text::plain_text;
use crate::values::{DRAFT, FieldError, MAX_FORM_BYTES, PUBLISHED, SLUG, STATUS, TITLE, Values, too_much};

/// A saved record.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Record {
    /// Its id.
    pub id: RecordId,
    /// What it is one of.
    pub entity: EntityId,
    /// Its place in the server's order of first saves; 0 until it is stored.
    pub num: u64,
    /// Its place in the order that people give by hand.
    pub position: i64,
    /// Its number, +1 per save.
    pub version: Version,
    /// Title, slug, status and the entity's own fields.
    pub values: Values,
    /// Who saved it first, and when.
    pub created: Stamp,
    /// Who saved it last, and when.
    pub updated: Stamp,
    /// Why it is out of its entity's list, if it is (4.6).
    pub gone: Option<Deletion>,
}

/// A record that is out of its list, as the bin shows it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct BinRow {
    /// Its row.
    pub row: RecordRow,
    /// How it went.
    pub gone: Deletion,
}

/// What a list shows of a record.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RecordRow {
    /// Its id.
    pub id: RecordId,
    /// Its place in the server's order of first saves.
    #[serde(default)]
    pub num: u64,
    /// Its place in the order that people give by hand.
    #[serde(default)]
    pub position: i64,
    /// Its version.
    pub version: Version,
    /// Its title.
    pub title: String,
    /// Its slug.
    #[serde(default)]
    pub slug: String,
    /// Its status.
    pub status: String,
    /// The beginnings of its other values.
    pub cells: Values,
    /// Who saved it first, and when.
    pub created: Stamp,
    /// Who saved it last, and when.
    pub updated: Stamp,
}

impl RecordRow {
    /// A person has another name from now on; whether that shows here.
    pub fn rename(&mut self, person: &Person) -> bool {
        let mut renamed = false;
        for stamp in [&mut self.created, &mut self.updated] {
            if stamp.by.id == person.id && stamp.by.name != person.name {
                stamp.by.name.clone_from(&person.name);
                renamed = true;
            }
        }
        renamed
    }

    /// The record's values as far as the row has them, and the names of the fields of which it may have only the
    /// beginning (5.2).
    #[must_use]
    pub fn values(&self, entity: &Entity) -> (Values, BTreeSet<String>) {
        let mut values = self.cells.clone();
        for (name, text) in [(TITLE, &self.title), (SLUG, &self.slug), (STATUS, &self.status)] {
            values.insert(name.into(), Value::from_text(text.clone()));
        }
        let is_partial = |field: &&Field| {
            let text = self.cells.get(&field.name).map_or("", Value::text);
            let cut = field.field_type.spliced() && text.ends_with('…') && text.chars().count() > CELL_CHARS;
            !text.is_empty() && (field.field_type == FieldType::RichText || cut)
        };
        let partial = entity.fields.iter().filter(is_partial);
        let partial = partial.map(|field| field.name.clone()).collect();
        (values, partial)
    }
}

/// How much of a text a list row carries, in Unicode scalar values.
const CELL_CHARS: usize = 120;

impl Record {
    /// A record at its first save.
    #[must_use]
    pub fn new(id: RecordId, entity: EntityId, values: Values, saved: Stamp) -> Self {
        Self {
            id,
            entity,
            num: 0,
            position: 0,
            version: Version(1),
            values,
            created: saved.clone(),
            updated: saved,
            gone: None,
        }
    }

    /// What a list shows of it.
    #[must_use]
    pub fn row(&self, entity: &Entity) -> RecordRow {
        let text = |name: &str| self.values.get(name).map_or("", Value::text).to_owned();
        RecordRow {
            id: self.id,
            num: self.num,
            position: self.position,
            version: self.version,
            title: text(TITLE),
            slug: text(SLUG),
            status: text(STATUS),
            cells: entity
                .fields
                .iter()
                .filter_map(|field| {
                    let value = self.values.get(&field.name).filter(|value| !value.is_blank())?;
                    let cell = match value {
                        Value::Text(html) if field.field_type == FieldType::RichText => {
                            Value::from_text(shortened(&plain_text(html)))
                        }
                        Value::Text(text) if field.field_type.spliced() => Value::from_text(shortened(text)),
                        Value::Text(_) | Value::Empty | Value::Bool(_) | Value::List(_) => value.clone(),
                    };
                    Some((field.name.clone(), cell))
                })
                .collect(),
            created: self.created.clone(),
            updated: self.updated.clone(),
        }
    }

    /// Every word that the search of its list finds it by.
    #[must_use]
    pub fn search_text(&self, entity: &Entity) -> String {
        let mut text = String::new();
        let mut add = |part: &str| {
            text.push_str(part);
            text.push(' ');
        };
        let title = self.values.get(TITLE).map_or("", Value::text);
        add(title);
        word_ends(title).iter().for_each(|end| add(end));
        add(self.values.get(SLUG).map_or("", Value::text));
        for field in entity.fields.iter().filter(|field| field.info().searched) {
            match self.values.get(&field.name) {
                Some(Value::Text(html)) if field.field_type == FieldType::RichText => add(&plain_text(html)),
                Some(file) if field.field_type.is_file() => add(&field.file_name(file)),
                Some(value) => value.items().iter().for_each(|item| add(field.option_words(item))),
                None => {}
            }
        }
        text
    }
}

/// The shortest part of a word that is looked for within it, in characters.
const MIN_PART: usize = 3;
/// Of longer words only the beginning is found, in characters.
const MAX_PARTED: usize = 40;
/// What stands before the end of a word, so that shorter searches do not find it.
pub const END_MARK: &str = "zq";

/// The ends of a title's words, as they are compared, each with its mark.
fn word_ends(title: &str) -> Vec<String> {
    let title = fold_all(title);
    let words = title.split(|c: char| !c.is_alphanumeric());
    let parted = words.filter(|word| word.chars().count() <= MAX_PARTED);
    let ends = parted.flat_map(|word| {
        let ends = word.char_indices().skip(1).map(|(start, _)| &word[start..]);
        ends.filter(|end| end.chars().count() >= MIN_PART)
    });
    ends.map(|end| format!("{END_MARK}{end}")).collect()
}

/// What begins a word of [`Record::search_text`] that a word of a search finds: the word itself; and one that is long
/// enough also within the words of a title.
#[must_use]
pub fn beginnings(wanted: &str) -> Vec<String> {
    let within = (wanted.chars().count() >= MIN_PART).then(|| format!("{END_MARK}{wanted}"));
    std::iter::once(wanted.to_owned()).chain(within).collect()
}

/// Whether a search finds a record by its title and its other texts: every word of it begins a word of one of them, or is
/// a part of the title.
#[must_use]
pub fn is_found<'a>(wanted: &[String], title: &str, texts: impl IntoIterator<Item = &'a str>) -> bool {
    if wanted.is_empty() {
        return true;
    }
    let is_between = |c: char| !c.is_alphanumeric();
    let (title, ends) = (fold_all(title), word_ends(title));
    let in_title: Vec<&str> = title.split(is_between).chain(ends.iter().map(String::as_str)).collect();
    let texts: Vec<String> = texts.into_iter().map(fold_all).collect();
    let in_texts: Vec<&str> = texts.iter().flat_map(|text| text.split(is_between)).collect();
    wanted.iter().all(|wanted| {
        let parts = beginnings(wanted);
        let is_part = |word: &&str| parts.iter().any(|part| word.starts_with(part.as_str()));
        in_title.iter().any(is_part) || in_texts.iter().any(|word| word.starts_with(wanted.as_str()))
    })
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(CELL_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The values of a record that was never saved.
#[must_use]
pub fn new_values(entity: &Entity) -> Values {
    let defaults = entity.fields.iter().filter(|field| !field.default.is_blank());
    let mut values: Values = defaults
        .map(|field| (field.name.clone(), field.default.clone()))
        .collect();
    values.insert(STATUS.into(), Value::from_text(DRAFT));
    values
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
    let bytes: usize = values.values().map(Value::bytes).sum();
    if errors.is_empty() && bytes > MAX_FORM_BYTES {
        let longest = values.iter().max_by_key(|(_, value)| value.bytes());
        return Err(vec![FieldError {
            field: longest.map_or_else(|| TITLE.into(), |(name, _)| name.clone()),
            message: too_much(),
        }]);
    }
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

/// Makes a slug out of a title; never empty.
#[must_use]
pub fn slug_of(title: &str) -> String {
    // Shorter than a slug may be: a number may come behind it.
    const MAX_CHARS: usize = 180;
    let mut slug = latin::as_slug(title);
    if slug.len() > MAX_CHARS {
        slug.truncate(MAX_CHARS);
        slug.truncate(slug.trim_end_matches('-').len());
    }
    if slug.is_empty() { "record".into() } else { slug }
}

/// The slugs that are taken: the one rule for the slug of a record that has none of its own.
#[derive(Clone, Default, Debug)]
pub struct TakenSlugs {
    slugs: BTreeSet<String>,
    /// The highest number behind each slug that has one.
    highest: BTreeMap<String, u64>,
}

impl TakenSlugs {
    /// Takes a slug.
    pub fn insert(&mut self, slug: &str) {
        let numbered = slug.rsplit_once('-');
        if let Some((slug, number)) = numbered.and_then(|(slug, number)| Some((slug, number.parse::<u64>().ok()?))) {
            let highest = self.highest.entry(slug.to_owned()).or_default();
            *highest = number.max(*highest);
        }
        self.slugs.insert(slug.to_owned());
    }

    /// Whether a slug is taken.
    #[must_use]
    pub fn contains(&self, slug: &str) -> bool {
        self.slugs.contains(slug)
    }

    /// The slug itself, or with the number after the highest one that is taken: `paper`, `paper-2`, `paper-8` after
    /// `paper-7`.
    #[must_use]
    pub fn free(&self, slug: &str) -> String {
        if !self.contains(slug) {
            return slug.to_owned();
        }
        let highest = self.highest.get(slug).copied().unwrap_or(1).max(1);
        format!("{slug}-{}", highest.saturating_add(1))
    }
}

impl<S: AsRef<str>> FromIterator<S> for TakenSlugs {
    fn from_iter<I: IntoIterator<Item = S>>(slugs: I) -> Self {
        let mut taken = Self::default();
        slugs.into_iter().for_each(|slug| taken.insert(slug.as_ref()));
        taken
    }
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
            .map(|(name, text)| ((*name).to_owned(), Value::from_text(*text)))
            .collect()
    }

    #[test]
    fn a_title_is_found_by_any_part_of_its_words_that_is_long_enough() {
        let title = "Großer Drucker 23";
        for (part, found) in [
            ("gro", true),
            ("d", true),
            ("rucker", true),
            ("cke", true),
            ("sser", true),
            ("er", false),
            ("uc", false),
            ("3", false),
        ] {
            assert_eq!(is_found(&[part.to_owned()], title, []), found, "{part}");
        }
        let long = "x".repeat(MAX_PARTED + 1);
        assert!(is_found(&["xxx".to_owned()], &long, []) && word_ends(&long).is_empty());
    }

    #[test]
    fn a_draft_may_lack_what_a_published_record_needs() {
        let entity = product();
        let mut record = values(&[(TITLE, "Laptop 14"), (STATUS, DRAFT)]);
        assert_eq!(check(&entity, &record), Ok(()));
        record.insert(STATUS.into(), Value::from_text(PUBLISHED));
        let errors = check(&entity, &record).expect_err("the SKU is missing");
        assert_eq!(errors.len(), 1);
        assert_eq!(errors[0].field, "sku");
    }

    #[test]
    fn a_row_knows_of_which_values_it_has_only_the_beginning() {
        let mut entity = product();
        let fields = [
            ("short", FieldType::Textarea),
            ("long", FieldType::Textarea),
            ("exact", FieldType::Textarea),
            ("formatted", FieldType::RichText),
            ("blank", FieldType::RichText),
        ];
        entity
            .fields
            .extend(fields.map(|(name, kind)| Field::new(name, name, kind)));
        let (long, exact) = ("x".repeat(CELL_CHARS + 1), "x".repeat(CELL_CHARS - 1) + "…");
        let all = values(&[
            (TITLE, "Laptop"),
            (SLUG, "laptop"),
            (STATUS, DRAFT),
            ("price", "12.50"),
            ("short", "as it is…"),
            ("long", &long),
            ("exact", &exact),
            ("formatted", "<p>Bold</p>"),
        ]);
        let by = Stamp {
            by: Person {
                id: crate::id::UserId(Uuid::nil()),
                name: "Anna".into(),
            },
            at: crate::time::Timestamp(1),
        };
        let record = Record::new(RecordId(Uuid::nil()), entity.id, all.clone(), by);
        let (known, partial) = record.row(&entity).values(&entity);
        assert_eq!(partial, ["formatted".to_owned(), "long".to_owned()].into());
        for (name, value) in all.iter().filter(|(name, _)| !partial.contains(*name)) {
            assert_eq!(known.get(name), Some(value), "{name}");
        }
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
    fn a_slug_that_is_taken_gets_the_next_number() {
        let free = |taken: &[&str]| taken.iter().collect::<TakenSlugs>().free("a");
        assert_eq!(free(&["b", "ab", "a-x"]), "a");
        assert_eq!(free(&["a"]), "a-2");
        assert_eq!(
            free(&["a", "a-7", "a-x", "a-"]),
            "a-8",
            "one that was freed is not given again before the last"
        );
    }

    #[test]
    fn slugs_are_never_empty() {
        assert_eq!(slug_of("Ünïcode & Söhne"), "unicode-sohne");
        assert_eq!(slug_of("???"), "record");
        assert!(slug_of(&"北".repeat(200)).len() <= 180);
    }
}
