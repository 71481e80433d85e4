//! Defining an entity by a file: the same form as in a window, filled in one go.

use std::path::Path;

use anyhow::Context as _;
use baton_locales::t;
use baton_protocol::definition::{colour_property, is_of_option, key, parts, values_of};
use baton_protocol::desktop::{ChangeForm, CommandForm, EngineCall, FormUpdate, OpenForm, UiEvent};
use baton_protocol::draft::{Change, Edit};
use baton_protocol::entity::Entity;
use baton_protocol::field::{Field, Value};
use baton_protocol::form::Notice;
use baton_protocol::form::{FormCommand, FormSnapshot};
use baton_protocol::id::{EntityId, FormKey, Version};
use baton_protocol::message::{Code, Problem};
use uuid::Uuid;

use crate::connection::{Connection, Result};

/// Makes the entity as the file says, or makes the one of its name so.
pub(crate) async fn define(connection: &mut Connection, file: &Path) -> Result<Version> {
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let mut wanted: serde_json::Value = serde_json::from_str(&text).context("the definition is no JSON")?;
    let name = wanted["name"]
        .as_str()
        .context("the definition has no name")?
        .to_owned();
    let known = connection
        .entities()
        .await?
        .into_iter()
        .find(|row| row.entity.name == name);
    let known = known.map(|row| row.entity);
    let id = known
        .as_ref()
        .map_or_else(|| EntityId(Uuid::now_v7()), |entity| entity.id);
    for field in wanted
        .get_mut("fields")
        .and_then(|fields| fields.as_array_mut())
        .into_iter()
        .flatten()
    {
        let before = field["name"].as_str().and_then(|name| known.as_ref()?.field(name));
        adopt_options(field, before);
    }
    wanted["id"] = serde_json::json!(id);
    wanted["version"] = serde_json::json!(0);
    let coloured = coloured_options(&wanted);
    let mut entity: Entity = serde_json::from_value(wanted).context("the definition cannot be read")?;
    for field in &mut entity.fields {
        // A field is known by its name here; in its form it keeps the id that it has.
        let before = known.as_ref().and_then(|known| known.field(&field.name));
        field.id = before.map_or_else(|| field.name.clone(), |before| before.id.clone());
    }
    let form = FormKey::entity(id);
    connection
        .call(EngineCall::OpenForm(OpenForm { form, entity: None }))
        .await?;
    let (generation, view) = opened(connection, form).await?;
    let mut values = values_of(&entity);
    for name in view.values.keys() {
        // The words of options that are not offered any more stay, and colours of which the file says nothing.
        let is_kept = parts(name).is_some_and(|(_, property)| is_of_option(property));
        if !is_kept {
            values.entry(name.clone()).or_default();
        }
    }
    for (field, option) in coloured {
        if let Some(field) = entity.field(&field) {
            values.entry(key(&field.id, &colour_property(&option))).or_default();
        }
    }
    let changes = values.into_iter().filter(|(name, value)| view.value(name) != value);
    for (number, (field, value)) in (1..).zip(changes) {
        change(connection, (form, number, generation), field, value).await?;
    }
    connection
        .call(CommandForm {
            form,
            command: FormCommand::save(),
        })
        .await?;
    saved(connection, form).await
}

/// The names of fields, and their options of which the file says the colour, if only that they have none.
fn coloured_options(wanted: &serde_json::Value) -> Vec<(String, String)> {
    let fields = wanted["fields"].as_array().into_iter().flatten();
    let of_field = |field: &serde_json::Value| {
        let name = field["name"].as_str().unwrap_or_default().to_owned();
        let options = field["options"].as_array().into_iter().flatten();
        let coloured = options.filter(|option| option.get("colour").is_some());
        let ids = coloured.filter_map(|option| Some((name.clone(), option["id"].as_str()?.to_owned())));
        ids.collect::<Vec<_>>()
    };
    fields.flat_map(of_field).collect()
}

/// Gives an option that the file only names the id that it has: that of its label, or a new one if its name is the id
/// of an option with another label. One that the file writes with its id is that option, whatever its label.
fn adopt_options(field: &mut serde_json::Value, before: Option<&Field>) {
    // Indexing would make an empty one where there is none.
    let options = field.get_mut("options").and_then(|options| options.as_array_mut());
    for option in options.into_iter().flatten() {
        let (Some(label), Some(before)) = (option.as_str(), before) else {
            continue;
        };
        let known = before.offered().find(|known| known.words() == label);
        let is_taken = before.options.iter().any(|known| known.id == label);
        let id = match known {
            Some(known) => known.id.clone(),
            None if is_taken => Uuid::new_v4().simple().to_string(),
            None => label.to_owned(),
        };
        *option = serde_json::json!({ "id": id, "label": label });
    }
}

async fn change(
    connection: &Connection,
    (form, number, generation): (FormKey, u64, u64),
    field: String,
    value: Value,
) -> Result<()> {
    let edit = Edit::Set(value);
    let change = ChangeForm {
        form,
        number,
        generation,
        change: Change { field, edit },
    };
    connection.call(EngineCall::ChangeForm(change)).await.map(drop)
}

async fn opened(connection: &mut Connection, form: FormKey) -> Result<(u64, FormSnapshot)> {
    loop {
        match of_form(connection, form).await? {
            (generation, FormUpdate::Opened(view)) if view.can_edit() => return Ok((generation, *view)),
            (_, FormUpdate::Opened(view)) => {
                let who = view
                    .owner()
                    .map_or(t::audit::somebody(), |owner| owner.person.name.as_str());
                let why = match view.me {
                    Some(_) => t::cli::is_editing_the_definition(who),
                    None => t::cli::only_whoever_manages_an().into(),
                };
                return Err(Problem::new(Code::NotOwner, why).into());
            }
            (_, FormUpdate::Refused(problem) | FormUpdate::Closed(problem)) => return Err(problem.into()),
            _ => {}
        }
    }
}

async fn saved(connection: &mut Connection, form: FormKey) -> Result<Version> {
    loop {
        match of_form(connection, form).await?.1 {
            FormUpdate::Notice(Notice::Saved { version, .. }) => return Ok(version),
            FormUpdate::Notice(Notice::Invalid { errors }) => {
                let words: Vec<String> = errors
                    .iter()
                    .map(|error| format!("{}: {}", error.field, error.message))
                    .collect();
                return Err(Problem::new(Code::BadChange, words.join("\n")).into());
            }
            FormUpdate::Refused(problem) | FormUpdate::Closed(problem) => return Err(problem.into()),
            _ => {}
        }
    }
}

async fn of_form(connection: &mut Connection, form: FormKey) -> Result<(u64, FormUpdate)> {
    loop {
        if let UiEvent::Form {
            form: told,
            generation,
            update,
            ..
        } = connection.next().await?
            && told == form
        {
            return Ok((generation, update));
        }
    }
}

#[cfg(test)]
mod tests {
    use baton_protocol::field::{ChoiceOption, FieldType};
    use serde_json::json;

    use super::*;

    #[test]
    fn an_option_that_a_file_names_is_the_one_of_that_label() {
        let mut before = Field::new("shade", "Shade", FieldType::Select);
        before.options = vec![ChoiceOption::new("Red", "Crimson"), ChoiceOption::new("7", "Blue")];
        let mut field = json!({ "options": ["Crimson", "Blue", "Green", {"id": "7", "label": "Navy"}] });
        adopt_options(&mut field, Some(&before));
        assert_eq!(
            field["options"],
            json!([
                {"id": "Red", "label": "Crimson"},
                {"id": "7", "label": "Blue"},
                {"id": "Green", "label": "Green"},
                {"id": "7", "label": "Navy"},
            ])
        );
        let mut none = json!({ "name": "note" });
        adopt_options(&mut none, Some(&before));
        assert_eq!(none, json!({ "name": "note" }));
        let mut field = json!({ "options": ["Red"] });
        adopt_options(&mut field, Some(&before));
        assert_eq!(field["options"][0]["label"], "Red");
        assert_ne!(field["options"][0]["id"], "Red", "that is the id of another one");
    }

    #[test]
    fn a_file_that_says_a_colour_is_heard_also_where_it_is_none() {
        let wanted = json!({ "fields": [
            { "name": "shade", "options": ["Red", {"id": "7", "label": "Blue", "colour": "plain"}, {"id": "8", "label": "Green"}] },
            { "name": "price" },
        ] });
        assert_eq!(coloured_options(&wanted), [("shade".to_owned(), "7".to_owned())]);
    }
}
