//! What can be set in the form of a definition, as the fields of that form.

use baton_locales::t;
use uuid::Uuid;

use crate::entity::{EntityStatus, SortMode};
use crate::field::{ChoiceOption, Field, FieldType, FieldWidth, OnDelete, OptionColour, Property, Value};
use crate::id::EntityId;
use crate::values::Values;

use super::{
    COLOUR_PREFIX, FIELDS, MAX_FIELDS, OPTION_PREFIX, OPTIONS, colour_property, from_id, id_of, key, option_property,
    options_of, parts,
};

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
    let line = |label: &str, help: &str| short(name, label, help, 80);
    Some(match name {
        "label" => line(t::properties::singular_name(), t::properties::singular_name_help()),
        "label_plural" => line(t::properties::plural_name(), t::properties::plural_name_help()),
        "name" => line(t::properties::script_name(), t::properties::script_name_help()),
        "description" => {
            let mut field = Field::new(name, t::properties::description(), FieldType::Textarea);
            field.max_length = Some(1000);
            field.help = t::properties::description_help().into();
            field
        }
        "icon" => Field::new(name, t::properties::icon(), FieldType::Text),
        "status" => choice(name, t::properties::status(), EntityStatus::IDS.map(|(_, id)| id)),
        "sort" => choice(
            name,
            t::properties::order_of_the_list(),
            SortMode::IDS.map(|(_, id)| id),
        ),
        FIELDS => ids(name, t::properties::fields(), MAX_FIELDS),
        _ => return None,
    })
}

/// One property of a field: how the form of its definition holds it, and where it is in the definition.
pub struct FieldProperty {
    /// Its key behind `f:ID:`.
    pub key: &'static str,
    /// The types that have it; `None` if all do.
    group: Option<Property>,
    /// The form's field of this name.
    input: fn(&str) -> Field,
    get: fn(&Field) -> Value,
    set: fn(&mut Field, &Source<'_>),
}

/// The values of a definition's form, for one field.
pub(super) struct Source<'a> {
    pub(super) values: &'a Values,
    pub(super) id: &'a str,
}

impl Source<'_> {
    fn value(&self, property: &str) -> &Value {
        self.values.get(&key(self.id, property)).unwrap_or(&Value::Empty)
    }

    fn text(&self, property: &str) -> String {
        self.value(property).text().trim().to_owned()
    }
}

macro_rules! property {
    ($key:literal, $group:expr, $input:expr, text $field:ident) => {
        property!(
            $key,
            $group,
            $input,
            |field| Value::from_text(&field.$field),
            |field, from| field.$field = from.text($key)
        )
    };
    ($key:literal, $group:expr, $input:expr, flag $field:ident) => {
        property!(
            $key,
            $group,
            $input,
            |field| if field.$field { Value::Bool(true) } else { Value::Empty },
            |field, from| field.$field = from.value($key).is_yes()
        )
    };
    ($key:literal, $group:expr, $input:expr, count $field:ident) => {
        property!(
            $key,
            $group,
            $input,
            |field| Value::from_text(field.$field.map(|count| count.to_string()).unwrap_or_default()),
            |field, from| field.$field = from.text($key).parse().ok()
        )
    };
    ($key:expr, $group:expr, $input:expr, $get:expr, $set:expr) => {
        FieldProperty {
            key: $key,
            group: $group,
            input: $input,
            get: $get,
            set: $set,
        }
    };
}

/// Every property, in the order in which a definition is put together: the type first, which says what a field has; the
/// default last, which is a value of what the others make.
pub static PROPERTIES: [FieldProperty; 25] = [
    property!(
        "type",
        None,
        |name| choice(
            name,
            t::properties::field_type(),
            FieldType::all().map(|this| this.info().id)
        ),
        |field| Value::from_text(field.info().id),
        |field, from| field.field_type = FieldType::from_id(from.value("type").text()).unwrap_or(FieldType::Text)
    ),
    property!("label", None, |name| line(name, t::properties::field_label(), ""), text label),
    property!("name", None, |name| line(name, t::properties::script_name(), t::properties::script_name_stays()), text name),
    property!("required", None, |name| flag(name, t::properties::required()), flag required),
    property!("unique", Some(Property::Unique), |name| flag(name, t::properties::unique()), flag unique),
    property!("help", None, |name| line(name, t::properties::help(), t::properties::help_help()), text help),
    property!(
        "placeholder",
        Some(Property::Placeholder),
        |name| line(name, t::properties::placeholder(), t::properties::placeholder_help()),
        text placeholder
    ),
    property!(
        "section",
        None,
        |name| short(name, t::properties::section(), t::properties::section_help(), 80),
        text section
    ),
    property!(
        "width",
        None,
        |name| Field {
            placeholder: t::properties::width_by_type().into(),
            ..choice(name, t::properties::width(), FieldWidth::IDS.map(|(_, id)| id))
        },
        |field| id_of(&FieldWidth::IDS, field.width),
        |field, from| field.width = from_id(&FieldWidth::IDS, from.value("width"))
    ),
    property!(
        "unit",
        Some(Property::Unit),
        |name| short(name, t::properties::unit(), t::properties::unit_help(), 12),
        text unit
    ),
    property!("min_length", Some(Property::Length), |name| number(name, t::properties::fewest_characters()), count min_length),
    property!("max_length", Some(Property::Length), |name| number(name, t::properties::most_characters()), count max_length),
    property!(
        "pattern",
        Some(Property::Pattern),
        |name| line(
            name,
            t::properties::pattern(),
            t::properties::pattern_help()
        ),
        text pattern
    ),
    property!("min", Some(Property::Range), |name| number(name, t::properties::minimum()), text min),
    property!("max", Some(Property::Range), |name| number(name, t::properties::maximum()), text max),
    property!("step", Some(Property::Range), |name| number(name, t::properties::step()), text step),
    property!("max_size", Some(Property::Size), |name| number(name, t::properties::max_size()), text max_size),
    property!(
        "endings",
        Some(Property::Endings),
        |name| line(name, t::properties::endings(), t::properties::endings_help()),
        text endings
    ),
    property!(
        "target",
        Some(Property::Target),
        |name| line(name, t::properties::target(), ""),
        |field| Value::from_text(field.target.map(|target| target.to_string()).unwrap_or_default()),
        |field, from| field.target = Uuid::try_parse(&from.text("target")).ok().map(EntityId)
    ),
    property!("many", Some(Property::Target), |name| flag(name, t::properties::many()), flag many),
    property!(
        "on_delete",
        Some(Property::Target),
        |name| choice(name, t::properties::on_delete(), OnDelete::IDS.map(|(_, id)| id)),
        |field| match field.target {
            Some(_) => id_of(&OnDelete::IDS, field.on_delete),
            None => Value::Empty,
        },
        |field, from| field.on_delete = from_id(&OnDelete::IDS, from.value("on_delete"))
    ),
    property!(
        OPTIONS,
        Some(Property::Options),
        |name| ids(name, t::properties::choices(), MAX_OPTIONS),
        |field| Value::from_items(field.offered().map(|option| option.id.as_str())),
        |field, from| field.options = options_of(from.values, from.id)
    ),
    property!(
        "default",
        Some(Property::Default),
        |name| line(name, t::properties::default(), t::properties::default_help()),
        |field| Value::from_text(field.default_text()),
        |field, from| field.default = field.default_from(from.value("default").text())
    ),
    // Of an option only its label and its colour; the list has its place.
    property!(
        OPTION_PREFIX,
        Some(Property::Options),
        |name| {
            let mut field = line(name, t::properties::choice(), "");
            field.max_length = Some(MAX_OPTION_CHARS);
            field
        },
        |_| Value::Empty,
        |_, _| {}
    ),
    property!(
        COLOUR_PREFIX,
        Some(Property::Options),
        |name| choice(name, t::properties::colour(), OptionColour::IDS.map(|(_, id)| id)),
        |_| Value::Empty,
        |_, _| {}
    ),
];

/// The row of a property; that of labels or colours for one of an option.
fn row(property: &str) -> Option<&'static FieldProperty> {
    let of_option = [OPTION_PREFIX, COLOUR_PREFIX]
        .into_iter()
        .find(|prefix| property.starts_with(prefix));
    let key = match of_option {
        Some(prefix) if prefix == property => return None,
        Some(prefix) => prefix,
        None => property,
    };
    PROPERTIES.iter().find(|row| row.key == key)
}

fn of_field(name: &str, property: &str) -> Option<Field> {
    row(property).map(|row| (row.input)(name))
}

/// Whether a field of this type has the property of this name.
#[must_use]
pub fn has_property(field_type: FieldType, property: &str) -> bool {
    row(property).is_some_and(|row| row.group.is_none_or(|group| field_type.has(group)))
}

/// The properties of a field, as the values of its definition's form.
pub(super) fn values_of_field(field: &Field) -> impl Iterator<Item = (String, Value)> {
    let own = PROPERTIES.iter().map(|row| (key(&field.id, row.key), (row.get)(field)));
    let label = |option: &ChoiceOption| {
        let name = key(&field.id, &option_property(&option.id));
        (name, Value::from_text(&option.label))
    };
    let coloured = field
        .options
        .iter()
        .filter(|option| option.colour != OptionColour::Plain);
    let colour = |option: &ChoiceOption| {
        let name = key(&field.id, &colour_property(&option.id));
        (name, id_of(&OptionColour::IDS, option.colour))
    };
    own.chain(field.options.iter().map(label)).chain(coloured.map(colour))
}

/// The field that these values describe; what its type does not have may be left from another type, and is not read.
pub(super) fn field_of(values: &Values, id: &str) -> Field {
    let mut field = Field::new("", "", FieldType::Text);
    field.id = id.into();
    for row in &PROPERTIES {
        if row.group.is_none_or(|group| field.field_type.has(group)) {
            (row.set)(&mut field, &Source { values, id });
        }
    }
    field
}

fn line(name: &str, label: &str, help: &str) -> Field {
    let mut field = Field::new(name, label, FieldType::Text);
    field.help = help.into();
    field
}

fn short(name: &str, label: &str, help: &str, most: usize) -> Field {
    Field {
        max_length: Some(most),
        ..line(name, label, help)
    }
}

fn number(name: &str, label: &str) -> Field {
    Field::new(name, label, FieldType::Number)
}

fn flag(name: &str, label: &str) -> Field {
    Field::new(name, label, FieldType::Boolean)
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
