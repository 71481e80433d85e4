use uuid::Uuid;

use super::*;
use crate::entity::Entity;
use crate::field::{Field, FieldType, OnDelete, OptionColour};
use crate::id::EntityId;

fn product() -> Entity {
    let mut colour = Field::new("colour", "Colour", FieldType::Checkboxes);
    colour.options = vec![
        ChoiceOption::new("r", "Red"),
        ChoiceOption::new("b", "Blue"),
        ChoiceOption {
            retired: true,
            ..ChoiceOption::new("o", "Old: worn")
        },
    ];
    colour.default = Value::from_items(["r"]);
    let mut maker = Field::new("maker", "Maker", FieldType::Relation);
    maker.target = Some(EntityId(Uuid::from_u128(7)));
    maker.many = true;
    maker.on_delete = OnDelete::Refuse;
    let mut price = Field::new("price", "Price", FieldType::Number);
    (price.min, price.max, price.step) = ("0".into(), "1000".into(), "0.01".into());
    price.required = true;
    let mut code = Field::new("code", "Code", FieldType::Text);
    (code.min_length, code.max_length, code.unique) = (Some(2), Some(9), true);
    code.pattern = "[A-Z]+".into();
    code.placeholder = "ABC".into();
    let mut flag = Field::new("flag", "Flag", FieldType::Boolean);
    flag.default = Value::Bool(true);
    let fields = vec![colour, maker, price, code, flag];
    let mut entity = Entity::new(EntityId(Uuid::nil()), "product", "Product", "Products", fields);
    entity.icon = "box".into();
    entity.sort = SortMode::Manual;
    entity
}

/// The values after a few changes.
fn with(entity: &Entity, changes: &[(&str, &str)]) -> Values {
    let mut values = values_of(entity);
    for (name, text) in changes {
        values.insert((*name).into(), Value::from_text(*text));
    }
    values
}

/// The names of the values that are refused.
fn refused(changes: &[(&str, &str)]) -> Vec<String> {
    let entity = product();
    match check(&entity, &with(&entity, changes)) {
        Ok(()) => Vec::new(),
        Err(errors) => errors.into_iter().map(|error| error.field).collect(),
    }
}

#[test]
fn a_definition_survives_becoming_values() {
    let entity = product();
    let values = values_of(&entity);
    assert_eq!(entity_of(&entity, &values), entity);
    assert_eq!(check(&entity, &values), Ok(()));
    assert_eq!(completed(values.clone()), values);
    for name in values.keys() {
        assert!(field(name).is_some(), "{name} can be changed");
    }
}

#[test]
fn what_is_wrong_is_said_where_it_is() {
    assert_eq!(refused(&[]), [""; 0]);
    for (name, text) in [
        ("label", ""),
        ("label_plural", " "),
        ("name", "2p"),
        ("name", "Product"),
        ("name", "p"),
        ("icon", "nothing"),
        ("f:price:label", ""),
        ("f:price:type", "Colour"),
        ("f:price:min", "many"),
        ("f:price:max", "-1"),
        ("f:price:step", "0"),
        ("f:price:default", "cheap"),
        ("f:price:name", "cost"),
        ("f:code:pattern", "["),
        ("f:code:min_length", "1.5"),
        ("f:code:max_length", "1"),
        ("f:colour:options", ""),
        ("f:colour:option:r", " "),
        ("f:colour:option:r", "Red; Blue"),
        ("f:colour:option:b", "Red"),
        ("f:colour:default", "Blue"),
        ("f:maker:target", ""),
    ] {
        assert!(refused(&[(name, text)]).contains(&name.to_owned()), "{name} = “{text}”");
    }
}

#[test]
fn a_field_may_not_take_a_name_that_every_record_has() {
    let entity = product();
    let mut values = values_of(&entity);
    let ids = entity.fields.iter().map(|field| field.id.clone()).chain(["new".into()]);
    values.insert(FIELDS.into(), Value::from_items(ids));
    values.insert(key("new", "label"), Value::from_text("Status"));
    values.insert(key("new", "type"), Value::from_text("text"));
    let errors = check(&entity, &completed(values)).expect_err("the name is taken");
    assert_eq!(errors[0].field, "f:new:name");
}

#[test]
fn names_are_made_from_labels_and_removed_fields_leave_nothing() {
    let mut values = values_of(&product());
    values.insert("name".into(), Value::Empty);
    values.insert("label".into(), Value::from_text("Ünit (new)"));
    values.insert(FIELDS.into(), Value::from_items(["price", "x1"]));
    values.insert(key("x1", "label"), Value::from_text("9 Lives"));
    let values = completed(values);
    assert_eq!(values["name"], Value::from_text("unit_new"));
    assert_eq!(values[&key("x1", "name")], Value::from_text("lives"));
    assert_eq!(values[&key("colour", "label")], Value::Empty);
    assert_eq!(values[&key("price", "label")], Value::from_text("Price"));
}

#[test]
fn what_a_definition_holds_are_ids_and_no_words_of_the_ui() {
    let entity = product();
    let values = values_of(&entity);
    assert_eq!(values["status"], Value::from_text("published"));
    assert_eq!(values["sort"], Value::from_text("manual"));
    assert_eq!(values["f:maker:on_delete"], Value::from_text("refuse"));
    assert_eq!(values["f:colour:default"], Value::from_text("r"));
    assert_eq!(values["f:colour:options"], Value::from_items(["r", "b"]));
    for field_type in FieldType::all() {
        let stored = serde_json::to_value(field_type).expect("a word");
        assert_eq!(stored, field_type.info().id);
    }
    for (status, id) in EntityStatus::IDS {
        assert_eq!(serde_json::to_value(status).expect("a word"), id);
    }
    for (sort, id) in SortMode::IDS {
        assert_eq!(serde_json::to_value(sort).expect("a word"), id);
    }
    for (on_delete, id) in OnDelete::IDS {
        assert_eq!(serde_json::to_value(on_delete).expect("a word"), id);
    }
    for (colour, id) in OptionColour::IDS {
        assert_eq!(serde_json::to_value(colour).expect("a word"), id);
    }
}

#[test]
fn an_option_colour_is_stored_and_can_be_removed() {
    let entity = product();
    let red = |values: &Values| entity_of(&entity, values).field("colour").expect("there").options[0].clone();
    let values = with(&entity, &[("f:colour:colour:r", "red")]);
    assert_eq!(red(&values).colour, OptionColour::Red);
    assert_eq!(check(&entity, &values), Ok(()));
    let coloured = entity_of(&entity, &values);
    assert_eq!(values_of(&coloured)["f:colour:colour:r"], Value::from_text("red"));
    let stored = serde_json::to_string(&coloured).expect("text");
    assert_eq!(serde_json::from_str::<Entity>(&stored).expect("a definition"), coloured);
    let values = with(&coloured, &[("f:colour:colour:r", "plain")]);
    assert_eq!(red(&values).colour, OptionColour::Plain);
    let values = with(&entity, &[("f:colour:colour:r", "ultraviolet")]);
    assert!(check(&entity, &values).is_err());
}

#[test]
fn an_option_is_renamed_removed_and_comes_back() {
    let entity = product();
    let mut values = with(&entity, &[("f:colour:option:r", "Crimson")]);
    let colour = |values: &Values| entity_of(&entity, values).field("colour").expect("there").clone();
    assert_eq!(colour(&values).options[0], ChoiceOption::new("r", "Crimson"));
    values.insert(key("colour", OPTIONS), Value::from_items(["b"]));
    values.insert("f:colour:default".into(), Value::Empty);
    assert!(!colour(&values).offers("r"));
    assert_eq!(colour(&values).option_words("r"), "Crimson");
    assert_eq!(check(&entity, &values), Ok(()));
    values.insert(key("colour", OPTIONS), Value::from_items(["b", "r", "o"]));
    assert_eq!(colour(&values).offered().count(), 3);
    values.insert(key("colour", OPTIONS), Value::from_items(["b", "b"]));
    assert!(check(&entity, &values).is_err(), "twice");
}

#[test]
fn another_type_drops_what_it_does_not_have() {
    let entity = product();
    let changed = entity_of(
        &entity,
        &with(&entity, &[("f:price:type", "date"), ("f:code:type", "boolean")]),
    );
    let price = changed.field("price").expect("there");
    assert_eq!((price.min.as_str(), price.step.as_str()), ("", ""));
    assert!(!changed.field("code").expect("there").unique);
}
