//! What lists are compared by, rule by rule.

use uuid::Uuid;

use super::*;
use crate::deletion::Stamp;
use crate::id::{EntityId, RecordId, UserId, Version};
use crate::person::Person;
use crate::time::Timestamp;
use crate::values::Values;

fn entity() -> Entity {
    let mut entity = Entity::unsaved(EntityId(Uuid::nil()));
    let mut tags = Field::new("tags", "Tags", FieldType::Checkboxes);
    tags.options = ["red", "blue"]
        .map(|id| crate::field::ChoiceOption::new(id, id))
        .to_vec();
    entity.fields = vec![
        Field::new("notes", "Notes", FieldType::Textarea),
        Field::new("price", "Price", FieldType::Number),
        Field::new("due", "Due", FieldType::Date),
        tags,
        Field::new("page", "Page", FieldType::Relation),
    ];
    entity
}

fn row() -> RecordRow {
    let stamp = |name: &str, at: i64| Stamp {
        by: Person {
            id: UserId(Uuid::nil()),
            name: name.into(),
        },
        at: Timestamp(at),
    };
    RecordRow {
        id: RecordId(Uuid::nil()),
        num: 7,
        position: 30,
        version: Version(2),
        title: "Éclair".into(),
        slug: "eclair".into(),
        status: "draft".into(),
        cells: Values::from([("price".into(), Value::from_text("12.5"))]),
        created: stamp("Anna", 1_000),
        updated: stamp("Ben", 2_000),
    }
}

fn filter(field: &str, operator: Operator, value: &str) -> Filter {
    Filter::new(field, operator, Value::from_text(value))
}

fn is_complete(field: &str, operator: Operator, value: Value) -> bool {
    let column = column(&entity(), field).expect("there is such a column");
    Filter::new(field, operator, value).is_complete(&column)
}

#[test]
fn a_list_can_show_the_title_the_status_its_fields_and_who_saved_when() {
    let names: Vec<String> = columns(&entity()).into_iter().map(|field| field.name).collect();
    assert_eq!(
        names,
        [
            "title",
            "status",
            "notes",
            "price",
            "due",
            "tags",
            "page",
            "slug",
            "created_at",
            "created_by",
            "updated_at",
            "updated_by"
        ]
    );
    assert!(column(&entity(), "position").is_some(), "sorted by, though not shown");
    assert!(column(&entity(), "nothing").is_none());
}

#[test]
fn a_list_begins_with_three_short_fields() {
    assert_eq!(
        first_columns(&entity()),
        ["status", "price", "due", "tags", "updated_at"]
    );
    let bare = Entity::unsaved(EntityId(Uuid::nil()));
    assert_eq!(first_columns(&bare), ["status", "updated_at"]);
}

#[test]
fn a_list_begins_in_the_order_of_its_definition() {
    let by = |sort| {
        let sort = first_sort(&Entity { sort, ..entity() })?;
        assert!(!sort.descending);
        Some(sort.field)
    };
    assert_eq!(by(SortMode::Newest), None);
    assert_eq!(by(SortMode::Title).as_deref(), Some("title"));
    assert_eq!(by(SortMode::Manual).as_deref(), Some("position"));
}

#[test]
fn every_column_has_a_key_where_its_row_has_a_value() {
    let key = |name: &str| key(&entity(), &row(), name);
    assert_eq!(key("title").as_deref(), Some("eclair"), "without case and accents");
    assert_eq!(key("slug").as_deref(), Some("eclair"));
    assert_eq!(key("status").as_deref(), Some("draft"));
    assert_eq!(key("created_by").as_deref(), Some("anna"));
    assert_eq!(key("updated_by").as_deref(), Some("ben"));
    assert_eq!(key("created_at"), Some(whole_key(1_000)));
    assert_eq!(key("updated_at"), Some(whole_key(2_000)));
    assert_eq!(key("position"), Some(whole_key(30)));
    let price = Field::new("price", "Price", FieldType::Number);
    assert_eq!(key("price"), price.key(&Value::from_text("12.5")));
    assert!(key("price").is_some());
    assert_eq!(key("due"), None, "it has none");
    assert_eq!(key("nothing"), None);
    let untitled = RecordRow {
        title: " ".trim().into(),
        ..row()
    };
    assert_eq!(super::key(&entity(), &untitled, "title"), None);
}

#[test]
fn whole_numbers_sort_as_texts() {
    let numbers = [i64::MIN, -1_000, -1, 0, 1, 9, 10, i64::MAX];
    assert!(numbers.map(whole_key).is_sorted());
}

#[test]
fn a_search_is_of_words_without_signs_and_of_twelve_at_most() {
    assert_eq!(words("  Crème-brûlée, 2 Stück! "), ["creme", "brulee", "2", "stuck"]);
    assert_eq!(words(" -, "), Vec::<String>::new());
    let many = (0..20).map(|number| format!("w{number}")).collect::<Vec<_>>().join(" ");
    assert_eq!(words(&many).len(), MAX_WORDS);
    assert_eq!(all_words(&many).len(), 20);
    assert_eq!(words(&many)[11], "w11");
}

#[test]
fn an_alternative_is_taken_away_by_its_place() {
    let mut three = filter("price", Operator::Is, "1");
    three.or = vec![filter("price", Operator::Is, "2"), filter("price", Operator::Is, "3")];
    let values = |filter: &Filter| -> Vec<String> {
        let values = filter.alternatives().map(|filter| filter.value.text().to_owned());
        values.collect()
    };
    assert_eq!(values(&three), ["1", "2", "3"]);
    assert_eq!(
        three.without(0).as_ref().map(values),
        Some(vec!["2".into(), "3".into()])
    );
    assert_eq!(
        three.without(1).as_ref().map(values),
        Some(vec!["1".into(), "3".into()])
    );
    assert_eq!(
        three.without(3).as_ref().map(values),
        Some(vec!["1".into(), "2".into(), "3".into()])
    );
    assert_eq!(filter("price", Operator::Is, "1").without(0), None);
}

#[test]
fn a_filter_is_complete_once_all_is_there_that_it_compares_with() {
    let text = Value::from_text;
    assert!(is_complete("price", Operator::AtLeast, text("1")));
    assert!(!is_complete("price", Operator::AtLeast, Value::Empty));
    assert!(
        !is_complete("price", Operator::Contains, text("1")),
        "numbers contain nothing"
    );
    assert!(is_complete("price", Operator::Between, Value::from_items(["1", "2"])));
    assert!(!is_complete("price", Operator::Between, Value::from_items(["1"])));
    assert!(!is_complete(
        "price",
        Operator::Between,
        Value::from_items(["1", "2", "3"])
    ));
    assert!(is_complete("due", Operator::Within, text("today")));
    assert!(!is_complete("due", Operator::Within, text("some day")));
    assert!(is_complete("due", Operator::IsEmpty, Value::Empty));
    assert!(is_complete("created_by", Operator::Mine, Value::Empty));
    assert!(is_complete("updated_by", Operator::Mine, Value::Empty));
    assert!(!is_complete("title", Operator::Mine, Value::Empty));
}

#[test]
fn a_filter_holds_of_what_its_operator_says() {
    let holds = |operator, value: &str, key: Option<&str>| {
        let field = Field::new("name", "Name", FieldType::Text);
        filter("name", operator, value).holds(&field, key)
    };
    assert!(holds(Operator::Contains, "CHAI", Some("office chair")));
    assert!(!holds(Operator::Contains, "desk", Some("office chair")));
    assert!(!holds(Operator::Contains, "desk", None));
    assert!(holds(Operator::Is, "Desk", Some("desk")) && !holds(Operator::Is, "Desk", Some("desks")));
    assert!(holds(Operator::IsNot, "Desk", Some("desks")) && !holds(Operator::IsNot, "Desk", Some("desk")));
    assert!(holds(Operator::IsNot, "Desk", None), "nothing is not a desk");
    assert!(holds(Operator::IsEmpty, "", None) && !holds(Operator::IsEmpty, "", Some("desk")));
    assert!(holds(Operator::IsNotEmpty, "", Some("desk")) && !holds(Operator::IsNotEmpty, "", None));
    let number = Field::new("price", "Price", FieldType::Number);
    let key = |text: &str| number.key(&Value::from_text(text));
    let compares =
        |operator, wanted: &str, value: &str| filter("price", operator, wanted).holds(&number, key(value).as_deref());
    assert!(compares(Operator::AtLeast, "2", "2") && compares(Operator::AtLeast, "2", "10"));
    assert!(!compares(Operator::AtLeast, "2", "1.9"));
    assert!(compares(Operator::AtMost, "2", "2") && !compares(Operator::AtMost, "2", "10"));
    let between = Filter::new("price", Operator::Between, Value::from_items(["2", "10"]));
    let inside = |value: &str| between.holds(&number, key(value).as_deref());
    assert!(inside("2") && inside("10") && !inside("1.9") && !inside("10.1"));
}

#[test]
fn a_list_of_choices_is_found_by_one_of_them() {
    let field = column(&entity(), "tags").expect("it is one");
    let has = |item: &str, items: &[&str]| {
        let key = field.key(&Value::from_items(items.iter().copied()));
        filter("tags", Operator::Is, item).holds(&field, key.as_deref())
    };
    assert!(has("red", &["blue", "red"]) && !has("red", &["blue"]));
}

#[test]
fn rows_are_compared_by_key_then_the_newest_first() {
    let cursor = |key: Option<&str>, num| Cursor {
        key: key.map(ToOwned::to_owned),
        num,
    };
    let query = |descending| ListQuery {
        sort: Some(Sort {
            field: "title".into(),
            descending,
        }),
        ..ListQuery::default()
    };
    let first = |descending, a, b| query(descending).compare(&a, &b) == Ordering::Less;
    assert!(first(false, cursor(Some("a"), 1), cursor(Some("b"), 2)));
    assert!(first(true, cursor(Some("b"), 1), cursor(Some("a"), 2)));
    for descending in [false, true] {
        assert!(
            first(descending, cursor(Some("a"), 1), cursor(None, 2)),
            "without a value last"
        );
        assert!(
            first(descending, cursor(Some("a"), 2), cursor(Some("a"), 1)),
            "the newest first"
        );
    }
    let place = query(false).place(&entity(), &row());
    assert_eq!((place.key.as_deref(), place.num), (Some("eclair"), 7));
    assert_eq!(ListQuery::default().place(&entity(), &row()).key, None);
}

#[test]
fn a_query_is_refused_if_it_names_what_is_not_there() {
    let refused = |query: ListQuery| query.check(&entity()).expect_err("refused").english().to_owned();
    let with = |filter: Filter| ListQuery::default().and(filter);
    assert_eq!(
        refused(with(filter("none", Operator::Is, "1"))),
        "There is no field “none” any more."
    );
    assert_eq!(
        refused(with(Filter::new("price", Operator::Is, Value::Empty))),
        "The filter of Price is not complete."
    );
    let mut nested = filter("price", Operator::Is, "1");
    nested.or = vec![Filter {
        or: vec![filter("price", Operator::Is, "3")],
        ..filter("price", Operator::Is, "2")
    }];
    assert!(refused(with(nested)).starts_with("An alternative"));
    let many = |count| {
        (0..count).fold(ListQuery::default(), |query, _| {
            query.and(filter("price", Operator::Is, "1"))
        })
    };
    assert!(refused(many(MAX_FILTERS + 1)).starts_with("At most 20 filters"));
    assert_eq!(many(MAX_FILTERS).check(&entity()), Ok(()));
    let sorted = ListQuery {
        sort: Some(Sort {
            field: "page".into(),
            descending: false,
        }),
        ..ListQuery::default()
    };
    assert_eq!(refused(sorted), "A list cannot be sorted by Page.");
    let relative = with(filter("due", Operator::Within, "today"));
    assert_eq!(relative.check(&entity()), Ok(()));
    assert!(
        relative.check_resolved(&entity()).is_err(),
        "whoever answers knows no today"
    );
}

#[test]
fn whatever_narrows_a_list_down_is_known() {
    assert!(ListQuery::default().shows_all());
    assert!(!ListQuery::default().and(filter("price", Operator::Is, "1")).shows_all());
    let searched = |search: &str| ListQuery {
        search: search.into(),
        ..ListQuery::default()
    };
    assert!(!searched("desk").shows_all() && searched(" - ").shows_all());
    let holds = |filter: Filter| ListQuery::default().and(filter).holds(&entity(), &row());
    assert!(holds(filter("price", Operator::AtLeast, "12")) && !holds(filter("price", Operator::AtLeast, "13")));
    assert!(
        !holds(filter("none", Operator::IsEmpty, "")),
        "of what is not there nothing holds"
    );
    let mut either = filter("price", Operator::Is, "1");
    either.or = vec![filter("title", Operator::Is, "Eclair")];
    assert!(holds(either));
}

#[test]
fn a_view_that_was_saved_under_the_earlier_names_of_operators_still_filters() {
    for (stored, operator) in [("empty", Operator::IsEmpty), ("given", Operator::IsNotEmpty)] {
        let stored = format!(r#"{{"field":"due","operator":"{stored}","value":null}}"#);
        let filter: Filter = serde_json::from_str(&stored).expect("it was written by a program of before");
        assert_eq!(filter.operator, operator);
    }
}
