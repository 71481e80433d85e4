//! What can be set in the form of a definition, as the fields of that form.

use crate::entity::{EntityStatus, SortMode};
use crate::field::{ChoiceOption, Field, FieldType, OnDelete, Property, Value};

use super::{FIELDS, MAX_FIELDS, OPTIONS, option_id, parts};

/// The most options of one field that its form lists, and the most characters of a label.
const MAX_OPTIONS: usize = 5000;
const MAX_OPTION_CHARS: usize = 256;

/// The icons that an entity can have: names of the icon font that the UI ships.
pub const ICONS: [&str; 48] = [
    "box",
    "boxes",
    "barcode",
    "tag",
    "tags",
    "shopping-cart",
    "store",
    "warehouse",
    "truck",
    "shipping-fast",
    "users",
    "user-tie",
    "id-card",
    "address-book",
    "handshake",
    "building",
    "home",
    "map-marker-alt",
    "globe",
    "phone",
    "envelope",
    "calendar-alt",
    "clock",
    "clipboard-check",
    "clipboard-list",
    "tasks",
    "check-circle",
    "tools",
    "wrench",
    "hard-hat",
    "fire-extinguisher",
    "first-aid",
    "heartbeat",
    "pills",
    "flask",
    "microscope",
    "book",
    "file-alt",
    "newspaper",
    "image",
    "camera",
    "music",
    "video",
    "laptop",
    "server",
    "plug",
    "leaf",
    "euro-sign",
];

/// The field of that name in the form of a definition.
#[must_use]
pub fn field(name: &str) -> Option<Field> {
    let Some((id, property)) = parts(name) else {
        return own(name);
    };
    (!id.is_empty()).then(|| of_field(name, property)).flatten()
}

fn own(name: &str) -> Option<Field> {
    let line = |label: &str, help: &str| {
        let mut field = Field::new(name, label, FieldType::Text);
        field.help = help.into();
        field.max_length = Some(80);
        field
    };
    Some(match name {
        "label" => line("Singular name", "As a person reads it: “Product”."),
        "label_plural" => line("Plural name", "“Products”."),
        "name" => line(
            "Name in scripts",
            "Small letters, digits and _; made from the label if it is left empty.",
        ),
        "description" => {
            let mut field = Field::new(name, "Description", FieldType::Textarea);
            field.max_length = Some(1000);
            field.help = "A sentence that tells people what belongs here.".into();
            field
        }
        "icon" => Field::new(name, "Icon", FieldType::Text),
        "status" => choice(name, "Status", EntityStatus::IDS.map(|(_, id)| id)),
        "sort" => choice(name, "Order of the list", SortMode::IDS.map(|(_, id)| id)),
        FIELDS => ids(name, "Fields", MAX_FIELDS),
        _ => return None,
    })
}

fn of_field(name: &str, property: &str) -> Option<Field> {
    let line = |label: &str, help: &str| {
        let mut field = Field::new(name, label, FieldType::Text);
        field.help = help.into();
        field
    };
    let number = |label: &str| Field::new(name, label, FieldType::Number);
    let flag = |label: &str| Field::new(name, label, FieldType::Boolean);
    Some(match property {
        "label" => line("Label", ""),
        "name" => line("Name in scripts", "Cannot be changed once it is saved."),
        "type" => choice(name, "Type", FieldType::all().map(|this| this.info().id)),
        "required" => flag("Required to publish"),
        "unique" => flag("Unique"),
        "help" => line("Help", "A sentence under the input."),
        "placeholder" => line("Placeholder", "What an empty input shows."),
        "default" => line("Default value", "What a new record has in it."),
        OPTIONS => ids(name, "Choices", MAX_OPTIONS),
        property if option_id(property).is_some_and(|id| !id.is_empty()) => {
            let mut field = line("Choice", "");
            field.max_length = Some(MAX_OPTION_CHARS);
            field
        }
        "min_length" => number("Fewest characters"),
        "max_length" => number("Most characters"),
        "pattern" => line(
            "Form",
            "A regular expression that the whole text must match, like [A-Z]{3}-[0-9]+.",
        ),
        "min" => number("Minimum"),
        "max" => number("Maximum"),
        "step" => number("In steps of"),
        "max_size" => number("Maximum size in MB"),
        "endings" => line("Only files that end in", "Like pdf, docx. Left empty, in anything."),
        "target" => line("Links to", ""),
        "many" => flag("Several at once"),
        "on_delete" => choice(name, "When a linked record is deleted", OnDelete::IDS.map(|(_, id)| id)),
        _ => return None,
    })
}

/// A list of ids, which are made by programs: what they may be is checked with the definition.
fn ids(name: &str, label: &str, most: usize) -> Field {
    let mut field = Field::new(name, label, FieldType::Checkboxes);
    field.max_length = Some(most);
    field
}

fn choice<'a>(name: &str, label: &str, options: impl IntoIterator<Item = &'a str>) -> Field {
    let mut field = Field::new(name, label, FieldType::Select);
    field.options = options.into_iter().map(ChoiceOption::built_in).collect();
    field
}

/// Whether a field of this type has the property of this name.
#[must_use]
pub fn has_property(field_type: FieldType, property: &str) -> bool {
    let needed = match property {
        "placeholder" => Property::Placeholder,
        "default" => Property::Default,
        "unique" => Property::Unique,
        "min_length" | "max_length" => Property::Length,
        "pattern" => Property::Pattern,
        "min" | "max" | "step" => Property::Range,
        OPTIONS => Property::Options,
        property if option_id(property).is_some() => Property::Options,
        "max_size" => Property::Size,
        "endings" => Property::Endings,
        "target" | "many" | "on_delete" => Property::Target,
        _ => return matches!(property, "label" | "name" | "type" | "required" | "help"),
    };
    field_type.has(needed)
}

/// Drops what the field's type does not have: it may be left from another type.
pub(super) fn without_foreign(field: &mut Field) {
    let has = |property| field.field_type.has(property);
    let (length, range, target) = (has(Property::Length), has(Property::Range), has(Property::Target));
    let (pattern, options, default) = (has(Property::Pattern), has(Property::Options), has(Property::Default));
    let (placeholder, unique) = (has(Property::Placeholder), has(Property::Unique));
    let (has_size, has_endings) = (has(Property::Size), has(Property::Endings));
    if !length {
        (field.min_length, field.max_length) = (None, None);
    }
    if !range {
        (field.min, field.max, field.step) = (String::new(), String::new(), String::new());
    }
    if !target {
        (field.target, field.many, field.on_delete) = (None, false, OnDelete::Keep);
    }
    if !has_size {
        field.max_size.clear();
    }
    if !has_endings {
        field.endings.clear();
    }
    if !pattern {
        field.pattern.clear();
    }
    if !options {
        field.options.clear();
    }
    if !default {
        field.default = Value::Empty;
    }
    if !placeholder {
        field.placeholder.clear();
    }
    field.unique &= unique;
}
