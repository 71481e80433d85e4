//! What a form is behind decides which fields it has, and what a save of it must satisfy.

use crate::definition;
use crate::entity::Entity;
use crate::field::{Field, FieldType, Value};
use crate::id::FormKind;
use crate::record;
use crate::values::{FieldError, SLUG, TITLE, Values};

/// The form's field of that name. For the form of a definition, `entity` is what is saved of it.
#[must_use]
pub fn field(kind: FormKind, entity: &Entity, name: &str) -> Option<Field> {
    match kind {
        FormKind::Entity => definition::field(name),
        FormKind::Record => entity.form_field(name),
    }
}

/// What a form begins with that was never saved.
#[must_use]
pub fn new_values(kind: FormKind, entity: &Entity) -> Values {
    match kind {
        FormKind::Entity => definition::values_of(entity),
        FormKind::Record => record::new_values(entity),
    }
}

/// The values as they are saved, if they satisfy every rule (semantics 4.3): formatted text goes through
/// `clean`, and names are made where none were given; `free_slug` is one that no other record has.
///
/// # Errors
/// One error per bad field.
pub fn checked(
    kind: FormKind,
    entity: &Entity,
    mut values: Values,
    clean: &dyn Fn(&str) -> String,
    free_slug: Option<&str>,
) -> Result<Values, Vec<FieldError>> {
    match kind {
        FormKind::Entity => {
            let values = definition::completed(values);
            definition::check(entity, &values)?;
            Ok(values)
        }
        FormKind::Record => {
            for field in entity
                .fields
                .iter()
                .filter(|field| field.field_type == FieldType::RichText)
            {
                if let Some(Value::Text(html)) = values.get_mut(&field.name) {
                    *html = clean(html);
                }
            }
            for (name, value) in &mut values {
                match (entity.form_field(name), &*value) {
                    // What was typed into a field that is no more belongs nowhere.
                    (None, _) => *value = Value::Empty,
                    // Kept by an older program, or made by a script.
                    (Some(field), Value::Text(text)) => *value = Value::from_text(field.fitting(text)),
                    (Some(_), Value::Empty | Value::Bool(_) | Value::List(_)) => {}
                }
            }
            record::check(entity, &values)?;
            if values.get(SLUG).is_none_or(Value::is_blank) {
                let made = record::slug_of(values.get(TITLE).map_or("", Value::text));
                values.insert(SLUG.into(), Value::from_text(free_slug.unwrap_or(&made)));
            }
            Ok(values)
        }
    }
}

/// The title of a form, as its values have it.
#[must_use]
pub fn title_field(kind: FormKind) -> &'static str {
    match kind {
        FormKind::Entity => "label_plural",
        FormKind::Record => TITLE,
    }
}
