//! The form of an entity's definition: a definition as values, and values as a definition.
//!
//! Every property is a value of its own, so that definitions are edited, watched, kept and merged like
//! records are. A field's properties are named after its id, `f:ID:label`; [`FIELDS`] lists the ids in
//! their order.

mod check;
mod properties;

pub use check::check;
pub use properties::{FieldProperty, ICONS, PROPERTIES, field, has_property};

use crate::draft::Draft;
use crate::entity::{Entity, EntityStatus, SortMode};
use crate::field::{ChoiceOption, OptionColour, Value};
use crate::latin;
use crate::values::{FieldError, Values};
use baton_locales::Text;

/// The value that lists the fields' ids.
pub const FIELDS: &str = "fields";
/// The property that lists the ids of a choice's options.
pub const OPTIONS: &str = "options";
/// The most fields that an entity can have.
pub const MAX_FIELDS: usize = 60;

const OPTION_PREFIX: &str = "option:";
const COLOUR_PREFIX: &str = "colour:";

/// The name of a field's property among a definition's values.
#[must_use]
pub fn key(field: &str, property: &str) -> String {
    format!("f:{field}:{property}")
}

/// The property that holds the label of an option.
#[must_use]
pub fn option_property(id: &str) -> String {
    format!("{OPTION_PREFIX}{id}")
}

/// The property that holds the colour of an option.
#[must_use]
pub fn colour_property(id: &str) -> String {
    format!("{COLOUR_PREFIX}{id}")
}

/// Whether a property is about one option.
#[must_use]
pub fn is_of_option(property: &str) -> bool {
    property.starts_with(OPTION_PREFIX) || property.starts_with(COLOUR_PREFIX)
}

/// The field's id and the property that a name is about; nothing for one of the entity's own.
#[must_use]
pub fn parts(name: &str) -> Option<(&str, &str)> {
    name.strip_prefix("f:")?.split_once(':')
}

/// Whether the name is about the definition itself, or about a field that it lists.
#[must_use]
pub fn is_listed(draft: &Draft, saved: &Values, name: &str) -> bool {
    let listed = |id: &str| draft.value(saved, FIELDS).items().iter().any(|listed| listed == id);
    parts(name).is_none_or(|(id, _)| listed(id))
}

/// A name made from what a person reads: “Price (net)” becomes `price_net`.
#[must_use]
pub fn name_of(label: &str) -> String {
    let name = latin::as_slug(label).replace('-', "_");
    let name = name.trim_start_matches(|c: char| !c.is_ascii_lowercase());
    let name: String = name.chars().take(50).collect();
    match name.trim_end_matches('_') {
        "" => String::new(),
        // A name has two letters at least.
        short if short.len() == 1 => format!("{short}_"),
        name => name.into(),
    }
}

fn id_of<T: PartialEq + Copy>(ids: &[(T, &str)], value: T) -> Value {
    let id = ids.iter().find(|(this, _)| *this == value);
    Value::from_text(id.map_or("", |(_, id)| *id))
}

fn from_id<T: Copy + Default>(ids: &[(T, &str)], value: &Value) -> T {
    ids.iter()
        .find(|(_, id)| *id == value.text())
        .map(|(this, _)| *this)
        .unwrap_or_default()
}

/// A definition as the values of its form.
#[must_use]
pub fn values_of(entity: &Entity) -> Values {
    let mut values = Values::new();
    let mut set = |name: String, value: Value| {
        if value != Value::Empty {
            values.insert(name, value);
        }
    };
    set("name".into(), Value::from_text(&entity.name));
    set("label".into(), Value::from_text(&entity.label));
    set("label_plural".into(), Value::from_text(&entity.label_plural));
    set("description".into(), Value::from_text(&entity.description));
    set("icon".into(), Value::from_text(&entity.icon));
    set("status".into(), id_of(&EntityStatus::IDS, entity.status));
    set("sort".into(), id_of(&SortMode::IDS, entity.sort));
    set(
        FIELDS.into(),
        Value::from_items(entity.fields.iter().map(|field| field.id.as_str())),
    );
    for field in &entity.fields {
        for (name, value) in properties::values_of_field(field) {
            set(name, value);
        }
    }
    values
}

/// The definition that these values describe, as far as they describe one: what is shown while it is
/// typed. Whether it may be saved is for [`check`].
#[must_use]
pub fn entity_of(saved: &Entity, values: &Values) -> Entity {
    let value = |name: &str| values.get(name).unwrap_or(&Value::Empty);
    let text = |name: &str| value(name).text().trim().to_owned();
    Entity {
        id: saved.id,
        version: saved.version,
        name: text("name"),
        label: text("label"),
        label_plural: text("label_plural"),
        description: text("description"),
        icon: text("icon"),
        status: from_id(&EntityStatus::IDS, value("status")),
        sort: from_id(&SortMode::IDS, value("sort")),
        fields: value(FIELDS)
            .items()
            .iter()
            .map(|id| properties::field_of(values, id))
            .collect(),
        gone: saved.gone.clone(),
    }
}

/// The options that are listed, and behind them those that were: they have a label still.
fn options_of(values: &Values, field: &str) -> Vec<ChoiceOption> {
    let listed = values.get(&key(field, OPTIONS)).unwrap_or(&Value::Empty).items();
    let label = |id: &str| {
        values
            .get(&key(field, &option_property(id)))
            .map_or("", |label| label.text().trim())
    };
    let colour = |id: &str| {
        let colour = values.get(&key(field, &colour_property(id)));
        from_id(&OptionColour::IDS, colour.unwrap_or(&Value::Empty))
    };
    let offered = listed.iter().map(|id| ChoiceOption {
        colour: colour(id),
        ..ChoiceOption::new(id, label(id))
    });
    // The values are sorted by name: the labels of one field's options stand together.
    let prefix = key(field, &option_property(""));
    let labels = values
        .range(prefix.clone()..)
        .take_while(|(name, _)| name.starts_with(&prefix));
    let retired = labels.filter_map(|(name, value)| {
        let id = &name[prefix.len()..];
        let is_retired = !value.is_blank() && !listed.iter().any(|listed| listed == id);
        is_retired.then(|| ChoiceOption {
            colour: colour(id),
            retired: true,
            ..ChoiceOption::new(id, value.text().trim())
        })
    });
    offered.chain(retired).collect()
}

/// What is saved: names are made where none were given, and nothing is left of fields that were removed.
#[must_use]
pub fn completed(mut values: Values) -> Values {
    let ids = values.get(FIELDS).unwrap_or(&Value::Empty).items().to_vec();
    let mut name = |name: String, label: &str| {
        let label = values.get(label).map_or("", Value::text).to_owned();
        let named = values.entry(name).or_default();
        if named.is_blank() {
            *named = Value::from_text(name_of(&label));
        }
    };
    name("name".into(), "label");
    for id in &ids {
        name(key(id, "name"), &key(id, "label"));
    }
    for (name, value) in &mut values {
        if parts(name).is_some_and(|(id, _)| !ids.iter().any(|listed| listed == id)) {
            *value = Value::Empty;
        }
    }
    values
}

/// An error at one of a definition's values.
fn error(field: impl Into<String>, message: impl Into<Text>) -> FieldError {
    FieldError {
        field: field.into(),
        message: message.into(),
    }
}

#[cfg(test)]
mod tests;
