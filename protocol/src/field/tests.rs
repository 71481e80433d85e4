use proptest::prelude::*;
use rust_decimal::Decimal;

use super::*;
use crate::rich_text::plain_text;

fn text(text: &str) -> Value {
    Value::from_text(text)
}

#[test]
fn every_type_has_its_own_row() {
    for field_type in FieldType::all() {
        assert_eq!(field_type.info().field_type, field_type);
        assert_eq!(FieldType::from_id(field_type.info().id), Some(field_type));
    }
}

#[test]
fn a_draft_may_hold_what_a_save_refuses() {
    let price = Field::new("price", "Price", FieldType::Number);
    assert_eq!(price.check_shape(&text("12.")), Ok(()));
    assert_eq!(price.check_shape(&text("12,5x")), Ok(()));
    assert!(price.check(&text("12,5x"), false).is_err());
    assert_eq!(price.check(&text("-0.10"), true), Ok(()));
}

#[test]
fn each_type_knows_what_it_is() {
    use FieldType::{Boolean, Checkboxes, Date, DateTime, Email, Number, Relation, Text, Url};
    let record = "0190a1b2-0000-7000-8000-000000000001";
    for (field_type, good, bad) in [
        (Text, "anything", ""),
        (Email, "anna@example.org", "anna@example"),
        (Email, "a.b+c@ex-ample.co.uk", "anna example@x.org"),
        (Url, "https://example.org/a?b#c", "javascript:alert(1)"),
        (Url, "http://localhost:8080", "https://"),
        (Number, "12,5", "1,234"),
        (Number, "79228162514264337593543950335", "twelve"),
        (Date, "2028-02-29", "2026-02-29"),
        (Date, "31.05.2026", "05/06/2026"),
        (DateTime, "2026-05-31 14:30", "2026-05-31 24:00"),
        (Boolean, "yes", "perhaps"),
        (Relation, record, "somebody"),
    ] {
        let field = Field::new("f", "F", field_type);
        assert_eq!(field.check(&field.parse(good), true), Ok(()), "{field_type:?} {good}");
        if !bad.is_empty() {
            assert!(field.check(&field.parse(bad), true).is_err(), "{field_type:?} {bad}");
        }
    }
    let mut several = Field::new("f", "F", Checkboxes);
    several.options = ["Red", "Blue"].map(ChoiceOption::from_label).to_vec();
    assert_eq!(several.check(&several.parse("Blue; Red"), true), Ok(()));
    assert!(several.check(&several.parse("Blue; Blue"), true).is_err(), "twice");
    assert!(several.check(&several.parse("Green"), true).is_err(), "not offered");
}

#[test]
fn every_property_is_enforced() {
    let field = |field_type, set: fn(&mut Field)| {
        let mut field = Field::new("f", "F", field_type);
        set(&mut field);
        field
    };
    let number = |set| field(FieldType::Number, set);
    let line = |set| field(FieldType::Text, set);
    for (field, good, bad) in [
        (number(|f| f.min = "0".into()), "0", "-0.01"),
        (number(|f| f.max = "9.5".into()), "9.50", "9.51"),
        (number(|f| f.step = "0.05".into()), "1.15", "1.16"),
        (number(|f| (f.min, f.step) = ("0.5".into(), "2".into())), "4.5", "4"),
        (line(|f| f.min_length = Some(3)), "äöü", "äö"),
        (line(|f| f.max_length = Some(3)), "äöü", "äöüß"),
        (line(|f| f.pattern = "[A-Z]{3}-[0-9]+".into()), "ABC-1", "xABC-1x"),
    ] {
        assert_eq!(field.check(&text(good), true), Ok(()), "{field:?}");
        assert!(field.check(&text(bad), true).is_err(), "{field:?}");
    }
}

#[test]
fn a_required_field_is_needed_only_when_complete() {
    let mut name = Field::new("name", "Name", FieldType::Text);
    name.required = true;
    assert_eq!(name.check(&text("  "), false), Ok(()));
    let refused = name.check(&Value::Empty, true).expect_err("it is needed");
    assert_eq!(refused.english(), "Name is needed.");
}

#[test]
fn a_value_of_the_wrong_kind_is_refused_even_in_a_draft() {
    let flag = Field::new("ok", "OK", FieldType::Boolean);
    assert!(flag.check_shape(&text("yes")).is_err());
    let line = Field::new("t", "T", FieldType::Text);
    assert!(line.check_shape(&Value::Bool(true)).is_err());
    assert!(line.check_shape(&Value::from_items(["a"])).is_err());
    assert!(line.check_shape(&text(&"x".repeat(5000))).is_err());
}

#[test]
fn what_can_be_kept_is_converted() {
    let line = Field::new("f", "F", FieldType::Text);
    let number = Field::new("f", "F", FieldType::Number);
    assert_eq!(number.convert(&line, &text(" 12.5 ")), Some(text(" 12.5 ")));
    assert_eq!(number.convert(&line, &text("many")), None);
    let flag = Field::new("f", "F", FieldType::Boolean);
    assert_eq!(flag.convert(&line, &text("yes")), Some(Value::Bool(true)));
    assert_eq!(line.convert(&flag, &Value::Bool(false)), Some(text("no")));
    let rich = Field::new("f", "F", FieldType::RichText);
    assert_eq!(
        line.convert(&rich, &text("<p>One <b>two</b></p><p>&lt;3</p>")),
        Some(text("One two <3")),
        "its words"
    );
    assert_eq!(
        rich.convert(&line, &text("One <b>two")),
        Some(text("<p>One &lt;b&gt;two</p>")),
        "what looks like a tag stays text"
    );
    let mut several = Field::new("f", "F", FieldType::Checkboxes);
    several.options = vec![ChoiceOption::from_label("Red")];
    assert_eq!(several.convert(&line, &text("Red")), Some(Value::from_items(["Red"])));
    assert_eq!(several.convert(&line, &text("Green")), None);
}

/// A choice whose options are called by other words than their ids.
fn renamed(field_type: FieldType) -> Field {
    let mut field = Field::new("f", "F", field_type);
    let retired = ChoiceOption {
        retired: true,
        ..ChoiceOption::new("Old", "Worn")
    };
    // What was called red is called blue now, and the other way round.
    field.options = vec![ChoiceOption::new("Red", "Blue"), ChoiceOption::new("2", "Red"), retired];
    field
}

#[test]
fn what_people_write_are_labels_and_what_is_stored_are_ids() {
    for field_type in [FieldType::Select, FieldType::Radio] {
        let field = renamed(field_type);
        assert_eq!(field.parse("Red"), text("2"), "a label comes before an id");
        assert_eq!(field.parse(" blue"), text("Red"));
        assert_eq!(field.parse("2"), text("2"), "an id, where no label fits");
        assert_eq!(field.print(&text("Red")), "Blue");
        assert_eq!(field.print(&text("Old")), "Worn", "its words, though it is not offered");
        let refused = field.check(&text("Old"), false).expect_err("it is not offered");
        assert_eq!(refused.english(), "F does not offer “Worn”.");
        assert_eq!(field.key(&text("Red")), field.key(&text("Red")));
        assert!(
            field.key(&text("Red")) < field.key(&text("2")),
            "sorted by their labels"
        );
    }
    let several = renamed(FieldType::Checkboxes);
    assert_eq!(several.parse("Red; Blue"), Value::from_items(["2", "Red"]));
    assert_eq!(several.print(&Value::from_items(["2", "Old"])), "Red; Worn");
}

#[test]
fn a_choice_is_converted_by_its_id_to_a_choice_and_by_its_words_to_anything_else() {
    let (menu, several) = (renamed(FieldType::Select), renamed(FieldType::Checkboxes));
    let line = Field::new("f", "F", FieldType::Text);
    assert_eq!(several.convert(&menu, &text("Red")), Some(Value::from_items(["Red"])));
    assert_eq!(menu.convert(&several, &Value::from_items(["2"])), Some(text("2")));
    assert_eq!(
        menu.convert(&several, &Value::from_items(["2", "Red"])),
        None,
        "one is too many"
    );
    assert_eq!(several.convert(&menu, &text("Old")), None);
    assert_eq!(line.convert(&menu, &text("Red")), Some(text("Blue")));
    assert_eq!(menu.convert(&line, &text("Red")), Some(text("2")), "a text is a label");
}

#[test]
fn options_are_read_as_texts_too_and_written_with_their_ids() {
    let read: Vec<ChoiceOption> =
        serde_json::from_str(r#"["Red",{"id":"2","label":"Blue","retired":true}]"#).expect("read");
    assert_eq!(read[0], ChoiceOption::from_label("Red"));
    assert!(read[1].retired);
    assert_eq!(
        serde_json::to_string(&read).expect("text"),
        r#"[{"id":"Red","label":"Red"},{"id":"2","label":"Blue","retired":true}]"#
    );
}

#[test]
fn words_of_a_formatted_text_are_found_without_its_tags() {
    assert_eq!(
        plain_text("<h2>One</h2><p>two &amp; <i>three</i></p>"),
        "One two & three"
    );
    assert_eq!(plain_text("a < b"), "a < b");
}

#[test]
fn case_and_accents_do_not_matter() {
    assert_eq!(fold(" Crème BRÛLÉE"), "creme brulee");
    let colours = Field::new("f", "F", FieldType::Checkboxes);
    let key = colours.key(&Value::from_items(["Red", "Blue"])).expect("given");
    assert!(key.contains(&item_of("blue")));
    assert!(!key.contains(&item_of("lu")));
}

proptest! {
    #[test]
    fn numbers_sort_by_their_keys(a in any::<i64>(), b in any::<i64>(), scale_a in 0u32..20, scale_b in 0u32..20) {
        let (a, b) = (Decimal::new(a, scale_a), Decimal::new(b, scale_b));
        let field = Field::new("f", "F", FieldType::Number);
        let key = |number: Decimal| field.key(&Value::from_text(number.to_string())).expect("given");
        prop_assert_eq!(a.cmp(&b), key(a).cmp(&key(b)), "{} {}", a, b);
    }

    #[test]
    fn what_is_printed_is_read_again(flag in any::<bool>(), words in "[a-z]{1,8}( [a-z]{1,8}){0,3}") {
        for (field_type, value) in [
            (FieldType::Boolean, Value::Bool(flag)),
            (FieldType::Text, Value::from_text(words.clone())),
            (FieldType::Checkboxes, Value::from_items(words.split(' '))),
        ] {
            let field = Field::new("f", "F", field_type);
            prop_assert_eq!(field.parse(&field.print(&value)), value);
        }
    }
}

#[test]
fn what_looks_the_same_is_the_same_where_values_must_differ() {
    let line = Field::new("f", "F", FieldType::Text);
    let key = |word: &str| line.unique_key(&text(word));
    for same in ["Cafe\u{301}", "CAFÉ", " Café ", "Café\u{200b}"] {
        assert_eq!(key(same), key("Café"), "{same}");
    }
    assert_ne!(key("Cafe"), key("Café"));
    let number = Field::new("n", "N", FieldType::Number);
    assert_eq!(number.unique_key(&text("01.0")), number.unique_key(&text("1")));
}

#[test]
fn a_line_is_one_line_and_nothing_in_it_is_invisible_to_all() {
    let line = Field::new("f", "F", FieldType::Text);
    let long = Field::new("f", "F", FieldType::Textarea);
    for bad in ["a\nb", "a\rb", "a\0b", "a\u{1b}b", "a\u{fffe}b"] {
        assert!(line.check_shape(&text(bad)).is_err(), "{bad:?}");
        assert_eq!(line.check_shape(&text(&line.fitting(bad))), Ok(()), "{bad:?}");
        assert_eq!(long.check_shape(&text(&long.fitting(bad))), Ok(()), "{bad:?}");
    }
    assert_eq!(line.fitting("one\r\ntwo\0"), "one two");
    assert_eq!(long.fitting("one\r\ntwo\rthree"), "one\ntwo\nthree");
    assert_eq!(long.check_shape(&text("a\n\tb")), Ok(()));
    assert!(line.check_shape(&Value::from_items(vec!["x"; 501])).is_err());
}
