//! What a definition must satisfy before it is saved.

use std::collections::BTreeSet;

use crate::entity::Entity;
use crate::field::{Field, FieldType, Property, Value, decimal};
use crate::values::{FieldError, RESERVED, Values};
use baton_locales::{Text, say};

use super::{FIELDS, MAX_FIELDS, OPTIONS, entity_of, error, field, has_property, key, option_property, parts};

/// The longest id of an option, in bytes: before protocol 4 it was its label.
const MAX_OPTION_ID: usize = 256;

/// Checks the values of a definition's form, which go on from what is saved.
///
/// # Errors
/// One error per bad value.
pub fn check(saved: &Entity, values: &Values) -> Result<(), Vec<FieldError>> {
    let mut wrong = Vec::new();
    let entity = entity_of(saved, values);
    // What each value is by itself.
    for (name, value) in values {
        if is_left_over(&entity, name) {
            continue;
        }
        let checked = field(name).map(|field| {
            if is_id_list(name) {
                field.check_shape(value)
            } else {
                field.check(value, false)
            }
        });
        if let Some(Err(message)) = checked {
            wrong.push(error(name, message));
        }
    }
    if entity.label.is_empty() {
        wrong.push(error("label", say::definitions::name_of_one()));
    }
    if entity.label_plural.is_empty() {
        wrong.push(error("label_plural", say::definitions::name_of_many()));
    }
    if let Some(message) = wrong_name(&entity.name) {
        wrong.push(error("name", message));
    }
    if !entity.icon.is_empty() && !super::ICONS.contains(&entity.icon.as_str()) {
        wrong.push(error("icon", say::definitions::no_such_icon()));
    }
    if entity.fields.len() > MAX_FIELDS {
        wrong.push(error(FIELDS, say::definitions::too_many_fields(MAX_FIELDS)));
    }
    let mut names = BTreeSet::new();
    let mut ids = BTreeSet::new();
    for field in &entity.fields {
        if !ids.insert(&field.id) || field.id.is_empty() || field.id.contains(':') {
            wrong.push(error(FIELDS, say::definitions::field_listed_twice()));
        }
        check_field(saved, field, values, &mut wrong);
        if !names.insert(&field.name) {
            wrong.push(error(key(&field.id, "name"), say::definitions::name_taken()));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

/// Whether the value lists ids of fields or options: there is no choice that offers them.
fn is_id_list(name: &str) -> bool {
    name == FIELDS || parts(name).is_some_and(|(_, property)| property == OPTIONS)
}

/// Whether the value is left from another type of its field, or from a field that is no more.
fn is_left_over(entity: &Entity, name: &str) -> bool {
    parts(name).is_some_and(|(id, property)| {
        let field = entity.fields.iter().find(|field| field.id == id);
        field.is_none_or(|field| !has_property(field.field_type, property))
    })
}

fn check_field(saved: &Entity, field: &Field, values: &Values, wrong: &mut Vec<FieldError>) {
    let mut bad = |property: &str, message: Text| wrong.push(error(key(&field.id, property), message));
    let text = |property: &str| values.get(&key(&field.id, property)).map_or("", Value::text).trim();
    if field.label.is_empty() {
        bad("label", say::definitions::label_needed());
    }
    if FieldType::from_id(text("type")).is_none() {
        bad("type", say::definitions::choose_a_type());
    }
    if let Some(message) = wrong_name(&field.name) {
        bad("name", message);
    } else if RESERVED.contains(&field.name.as_str()) {
        bad("name", say::definitions::name_reserved());
    }
    let removed = |other: &&Field| other.name == field.name && other.id != field.id;
    if saved.fields.iter().any(|other| removed(&other)) {
        let message = say::definitions::name_saved_before();
        bad("name", message);
    }
    let before = saved.fields.iter().find(|before| before.id == field.id);
    if let Some(before) = before.filter(|before| before.name != field.name) {
        let message = say::definitions::name_is_known(&before.name);
        bad("name", message);
    }
    let has = |property| field.field_type.has(property);
    if has(Property::Options) {
        check_options(field, &mut bad);
    }
    if has(Property::Length) {
        for property in ["min_length", "max_length"] {
            if !text(property).is_empty() && text(property).parse::<usize>().is_err() {
                bad(property, say::definitions::must_be_whole());
            }
        }
        if field
            .min_length
            .zip(field.max_length)
            .is_some_and(|(min, max)| min > max)
        {
            bad("max_length", say::definitions::less_than_fewest());
        }
    }
    if has(Property::Range) {
        check_range(field, &mut bad);
    }
    if has(Property::Pattern)
        && !field.pattern.is_empty()
        && let Err(why) = crate::field::check_pattern(&field.pattern)
    {
        bad("pattern", say::definitions::no_regular_expression(&why));
    }
    if has(Property::Size) && decimal(&field.max_size).is_some_and(|mb| mb <= rust_decimal::Decimal::ZERO) {
        bad("max_size", say::definitions::more_than_zero());
    }
    if has(Property::Target) && field.target.is_none() {
        bad("target", say::definitions::choose_a_target());
    }
    if let Err(message) = field.check(&field.default, false) {
        bad("default", message);
    }
}

fn check_options(field: &Field, bad: &mut impl FnMut(&str, Text)) {
    if field.offered().next().is_none() {
        bad(OPTIONS, say::definitions::choices_needed());
    }
    let (mut ids, mut labels) = (BTreeSet::new(), BTreeSet::new());
    for option in field.offered() {
        let property = option_property(&option.id);
        if option.id.is_empty() || option.id.len() > MAX_OPTION_ID || option.id.contains(';') || !ids.insert(&option.id)
        {
            bad(OPTIONS, say::definitions::choice_listed_twice());
        } else if option.label.is_empty() {
            bad(&property, say::definitions::choice_label_needed());
        } else if !labels.insert(&option.label) {
            bad(&property, say::definitions::choice_twice(&option.label));
        } else if option.label.contains(';') {
            bad(&property, say::definitions::choice_has_semicolon(&option.label));
        }
    }
}

fn check_range(field: &Field, bad: &mut impl FnMut(&str, Text)) {
    if decimal(&field.min)
        .zip(decimal(&field.max))
        .is_some_and(|(min, max)| min > max)
    {
        bad("max", say::definitions::less_than_smallest());
    }
    if decimal(&field.step).is_some_and(|step| step <= rust_decimal::Decimal::ZERO) {
        bad("step", say::definitions::step_more_than_zero());
    }
}

fn wrong_name(name: &str) -> Option<Text> {
    let fits = (2..=50).contains(&name.len())
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    (!fits).then(|| say::definitions::no_name(name))
}
