//! Sample data: something to play with on the first start.
//!
//! The same on every machine, but for ids and passwords.

use std::fs::{self, OpenOptions};
use std::io::Write as _;

use anyhow::Context as _;
use baton_protocol::deletion::Stamp;
use baton_protocol::entity::Entity;
use baton_protocol::field::{ChoiceOption, Field, FieldType, Value};
use baton_protocol::form::FieldHistory;
use baton_protocol::id::{EntityId, RecordId};
use baton_protocol::person::{AccountState, Person, UserRole};
use baton_protocol::record::{self, Record};
use baton_protocol::values::{DRAFT, PUBLISHED, SLUG, STATUS, TITLE, Values};
use uuid::Uuid;

use crate::app::App;
use crate::people::{add_as_operator, print};
use crate::store::{EntityWrite, Indexed, RecordWrite, Write};

const PEOPLE: [(&str, &str, UserRole); 3] = [
    ("ada@example.test", "Ada", UserRole::Admin),
    ("anna@example.test", "Anna", UserRole::Editor),
    ("ben@example.test", "Ben", UserRole::Editor),
];

/// Where the sample people's passwords are kept, readable by the server's user only.
const PASSWORDS: &str = "sample-people.json";

pub(crate) async fn load(app: &App) -> anyhow::Result<()> {
    let people = make_people(app).await?;
    let mut records = 0;
    for (entity, rows) in [products(), staff(), equipment_checks()] {
        let saved = Stamp {
            by: people[0].clone(),
            at: app.clock.now(),
        };
        let entity = Box::new(EntityWrite { entity, at: saved.at });
        let by = people.iter().cycle();
        let writes: Vec<_> = rows
            .into_iter()
            .zip(by)
            .map(|(values, by)| write_of(app, &entity.entity, by.clone(), values))
            .collect();
        records += writes.len();
        app.store.write(Write::Entity(entity)).await?;
        app.store
            .write(Write::Records {
                records: writes,
                import: None,
            })
            .await?;
    }
    tracing::info!(records, "sample data was made");
    Ok(())
}

async fn make_people(app: &App) -> anyhow::Result<Vec<Person>> {
    let mut people = Vec::new();
    let mut accounts = serde_json::Map::new();
    print("Sample people (the passwords are shown only now):");
    for (email, name, role) in PEOPLE {
        let (account, password) = add_as_operator(app, email, name, role, AccountState::Active).await?;
        print(&format!("  {name:<5} {:<7} {email:<18} {password}", role.as_str()));
        accounts.insert(email.into(), password.into());
        people.push(account.person);
    }
    let file = app.config.data_dir.join(PASSWORDS);
    fs::remove_file(&file).ok();
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(&file)
        .and_then(|mut file| file.write_all(serde_json::Value::Object(accounts).to_string().as_bytes()))
        .with_context(|| format!("cannot write {}", file.display()))?;
    Ok(people)
}

fn write_of(app: &App, entity: &Entity, by: Person, mut values: Values) -> RecordWrite {
    let title = values.get(TITLE).map_or("", Value::text).to_owned();
    values.insert(SLUG.into(), Value::from_text(record::slug_of(&title)));
    let stamp = Stamp {
        by,
        at: app.clock.now(),
    };
    let history = values
        .iter()
        .map(|(field, value)| FieldHistory {
            field: field.clone(),
            old: Value::Empty,
            new: value.clone(),
            author: stamp.by.clone(),
        })
        .collect();
    let record = Record::new(RecordId(Uuid::now_v7()), entity.id, values, stamp);
    RecordWrite {
        job: None,
        record: Indexed::new(entity, record),
        history,
    }
}

fn entity(name: &str, (label, plural): (&str, &str), icon: &str, description: &str, fields: Vec<Field>) -> Entity {
    let id = EntityId(Uuid::now_v7());
    Entity {
        description: description.into(),
        icon: icon.into(),
        ..Entity::new(id, name, label, plural, fields)
    }
}

fn required(mut field: Field) -> Field {
    field.required = true;
    field
}

fn choice(name: &str, label: &str, options: &[&str]) -> Field {
    let mut field = Field::new(name, label, FieldType::Select);
    field.options = options.iter().map(|option| ChoiceOption::from_label(option)).collect();
    field
}

fn values(title: &str, status: &str, rest: Vec<(&str, Value)>) -> Values {
    let fixed = [
        (TITLE.into(), Value::from_text(title)),
        (STATUS.into(), Value::from_text(status)),
    ];
    fixed
        .into_iter()
        .chain(rest.into_iter().map(|(name, value)| (name.into(), value)))
        .collect()
}

fn text(text: impl Into<String>) -> Value {
    Value::from_text(text)
}

/// Mostly published; every ninth is still a draft.
fn status(index: usize) -> &'static str {
    if index % 9 == 4 { DRAFT } else { PUBLISHED }
}

fn day(index: usize, years: &[usize]) -> String {
    let year = years[index % years.len()];
    format!("{year}-{:02}-{:02}", index * 7 % 12 + 1, index * 11 % 28 + 1)
}

fn products() -> (Entity, Vec<Values>) {
    let product = entity(
        "product",
        ("Product", "Products"),
        "box",
        "What the shop sells.",
        product_fields(),
    );
    (product, (0..140).map(product_values).collect())
}

fn product_fields() -> Vec<Field> {
    let mut sku = required(Field::new("sku", "SKU", FieldType::Text));
    sku.help = "The number on the shelf label.".into();
    sku.max_length = Some(20);
    let mut price = required(Field::new("price", "Price", FieldType::Number));
    price.help = "In euros, without tax.".into();
    price.min = "0".into();
    let mut sold_in = choice("sold_in", "Sold in", &["Shop", "Online", "Catalogue"]);
    sold_in.field_type = FieldType::Checkboxes;
    vec![
        sku,
        choice(
            "category",
            "Category",
            &[
                "Accessories",
                "Audio",
                "Computers",
                "Displays",
                "Office",
                "Printing",
                "Video",
            ],
        ),
        price,
        Field::new("in_stock", "In stock", FieldType::Boolean),
        Field::new("available_from", "Available from", FieldType::Date),
        Field::new("description", "Description", FieldType::Textarea),
        sold_in,
        Field::new("page", "Page of its maker", FieldType::Url),
        Field::new("story", "For the catalogue", FieldType::RichText),
    ]
}

fn product_values(index: usize) -> Values {
    const KINDS: [(&str, &str, usize); 10] = [
        ("Laptop", "Computers", 890),
        ("Monitor", "Displays", 240),
        ("Keyboard", "Accessories", 49),
        ("Docking station", "Accessories", 159),
        ("Headset", "Audio", 79),
        ("Webcam", "Video", 65),
        ("Desk lamp", "Office", 38),
        ("Office chair", "Office", 310),
        ("Printer", "Printing", 220),
        ("Tablet", "Computers", 430),
    ];
    let (kind, category, base) = KINDS[index % KINDS.len()];
    let size = 10 + index / KINDS.len();
    values(
        &format!("{kind} {size}"),
        status(index),
        vec![
            (
                "sku",
                text(format!("{}-{:04}", &category[..3].to_uppercase(), 1000 + index)),
            ),
            ("category", text(category)),
            (
                "price",
                text(format!("{}.{:02}", base + index * 13 % 90, index * 37 % 100)),
            ),
            ("in_stock", Value::Bool(index % 4 != 1)),
            ("available_from", text(day(index, &[2025, 2026]))),
            (
                "description",
                text(format!(
                    "{kind} of the {size} series.\nTwo years of warranty; spare parts are kept for five."
                )),
            ),
            (
                "sold_in",
                Value::from_items(
                    if index.is_multiple_of(3) {
                        &["Shop", "Online"][..]
                    } else {
                        &["Online"][..]
                    }
                    .iter()
                    .copied(),
                ),
            ),
        ],
    )
}

fn staff() -> (Entity, Vec<Values>) {
    const FIRST: [&str; 16] = [
        "Amira", "Bruno", "Chloé", "David", "Elif", "Farid", "Greta", "Hugo", "Ingrid", "Jonas", "Katya", "Liam",
        "Maren", "Noor", "Oskar", "Paula",
    ];
    const LAST: [&str; 10] = [
        "Albers", "Brandt", "Costa", "Dvořák", "Eriksen", "Fischer", "García", "Horvat", "Iversen", "Jansen",
    ];
    const TEAMS: [&str; 5] = ["Sales", "Support", "Warehouse", "Finance", "Development"];
    let fields = vec![
        required(choice("team", "Team", &TEAMS)),
        Field::new("phone", "Phone", FieldType::Text),
        Field::new("email", "E-mail", FieldType::Email),
        Field::new("started_on", "Started on", FieldType::Date),
        Field::new("full_time", "Full time", FieldType::Boolean),
        Field::new("notes", "Notes", FieldType::Textarea),
    ];
    let person = entity(
        "staff",
        ("Staff member", "Staff"),
        "users",
        "Who works here, and where.",
        fields,
    );
    let rows = (0..80)
        .map(|index| {
            let name = format!("{} {}", FIRST[index % FIRST.len()], LAST[index / 8 % LAST.len()]);
            values(
                &name,
                status(index),
                vec![
                    ("team", text(TEAMS[index * 3 % TEAMS.len()])),
                    ("phone", text(format!("ext. {}", 100 + index))),
                    ("started_on", text(day(index, &[2018, 2020, 2022, 2024]))),
                    ("full_time", Value::Bool(index % 5 != 2)),
                ],
            )
        })
        .collect();
    (person, rows)
}

fn equipment_checks() -> (Entity, Vec<Values>) {
    const THINGS: [&str; 8] = [
        "Fire extinguisher",
        "Forklift",
        "First-aid kit",
        "Ladder",
        "Emergency light",
        "Pallet truck",
        "Smoke detector",
        "Cold room door",
    ];
    const RESULTS: [&str; 3] = ["Passed", "Passed with remarks", "Failed"];
    let fields = vec![
        required(choice("result", "Result", &RESULTS)),
        required(Field::new("checked_on", "Checked on", FieldType::Date)),
        Field::new("hours_used", "Hours used", FieldType::Number),
        Field::new("needs_repair", "Needs repair", FieldType::Boolean),
        Field::new("remarks", "Remarks", FieldType::Textarea),
    ];
    let check = entity(
        "equipment_check",
        ("Equipment check", "Equipment checks"),
        "clipboard-check",
        "What was checked, when, and how it was found.",
        fields,
    );
    let rows = (0..80)
        .map(|index| {
            let thing = THINGS[index % THINGS.len()];
            let result = RESULTS[[0, 0, 1, 0, 2, 0, 0][index % 7]];
            let remarks = match result {
                "Failed" => "Taken out of use; a replacement is ordered.",
                "Passed with remarks" => "Label worn, still readable.",
                _ => "",
            };
            values(
                &format!("{thing} {}", index / THINGS.len() + 1),
                status(index),
                vec![
                    ("result", text(result)),
                    ("checked_on", text(day(index, &[2026]))),
                    ("hours_used", text(format!("{}.5", index * 17 % 400))),
                    ("needs_repair", Value::Bool(result == "Failed")),
                    ("remarks", text(remarks)),
                ],
            )
        })
        .collect();
    (check, rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use baton_protocol::definition;

    #[test]
    fn every_sample_record_satisfies_its_own_rules() {
        let mut count = 0;
        for (entity, rows) in [products(), staff(), equipment_checks()] {
            let values = definition::values_of(&entity);
            assert_eq!(definition::check(&entity, &values), Ok(()));
            let mut slugs = std::collections::BTreeSet::new();
            for values in rows {
                assert_eq!(record::check(&entity, &values), Ok(()), "{values:?}");
                let title = values[TITLE].text();
                assert!(slugs.insert(record::slug_of(title)), "{title} is there twice");
                count += 1;
            }
        }
        assert_eq!(count, 300);
    }
}
