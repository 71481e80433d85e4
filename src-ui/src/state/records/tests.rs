use super::*;
use baton_protocol::deletion::Stamp;
use baton_protocol::field::{Field, FieldType, Operator, Value};
use baton_protocol::id::{EntityId, FormKey, UserId, Version};
use baton_protocol::list_query::{Filter, Sort};
use baton_protocol::values::Values;
use uuid::Uuid;

fn anna() -> Person {
    Person {
        id: UserId(Uuid::nil()),
        name: "Anna".into(),
    }
}

fn row(num: u64, title: &str, price: &str) -> RecordRow {
    let stamp = Stamp {
        by: anna(),
        at: Timestamp(0),
    };
    RecordRow {
        id: RecordId(Uuid::from_u128(num.into())),
        num,
        position: 0,
        version: Version(1),
        title: title.into(),
        slug: title.into(),
        status: "draft".into(),
        cells: Values::from([("price".into(), Value::from_text(price))]),
        created: stamp.clone(),
        updated: stamp,
    }
}

fn list(query: ListQuery, rows: Vec<RecordRow>, next: Option<Cursor>) -> Records {
    let fields = vec![Field::new("price", "Price", FieldType::Number)];
    let entity = Entity::new(EntityId(Uuid::nil()), "product", "Product", "Products", fields);
    let total = rows.len() as u64 + u64::from(next.is_some());
    Records::default()
        .after(TopicUpdate::Snapshot(Snapshot::Records {
            entity: Box::new(entity),
            rows: Vec::new(),
            total: 0,
            editing: Vec::new(),
        }))
        .asked(query)
        .began(Page {
            rows,
            next,
            total,
            remembered: None,
        })
}

fn dear() -> ListQuery {
    ListQuery {
        filters: vec![Filter::new("price", Operator::AtLeast, Value::from_text("5"))],
        sort: Some(Sort {
            field: "price".into(),
            descending: false,
        }),
        ..ListQuery::default()
    }
}

fn titles(list: &Records) -> Vec<&str> {
    list.rows.iter().map(|row| row.record.title.as_str()).collect()
}

fn updated(mut row: RecordRow, version: u64) -> TopicUpdate {
    row.version = Version(version);
    TopicUpdate::Event(Event::RecordUpdated { row })
}

#[test]
fn a_change_patches_its_row_and_no_other() {
    let before = list(ListQuery::default(), vec![row(3, "c", ""), row(1, "a", "")], None);
    let untouched = Rc::clone(&before.rows[0].record);
    let after = before.after(updated(row(1, "A", ""), 2));
    assert_eq!(titles(&after), ["c", "A"]);
    assert!(
        Rc::ptr_eq(&untouched, &after.rows[0].record),
        "the other row is the same one"
    );
    assert_eq!(after.total, 2);
}

#[test]
fn a_row_moves_leaves_and_comes_as_the_query_says() {
    let list = list(dear(), vec![row(1, "a", "6"), row(2, "b", "8")], None);
    let moved = list.after(updated(row(1, "a", "9"), 2));
    assert_eq!(titles(&moved), ["b", "a"]);
    let left = moved.after(updated(row(1, "a", "4"), 3));
    assert_eq!((titles(&left), left.total), (vec!["b"], 1));
    let came = left.after(updated(row(7, "z", "7"), 2));
    assert_eq!((titles(&came), came.total), (vec!["z", "b"], 2));
    let late = came.after(updated(row(7, "old", "1"), 1));
    assert_eq!(titles(&late), ["z", "b"], "an older version changes nothing");
}

#[test]
fn what_belongs_on_a_page_that_did_not_come_is_not_shown() {
    let next = Cursor {
        key: Field::new("price", "Price", FieldType::Number).key(&Value::from_text("8")),
        num: 2,
    };
    let before = list(dear(), vec![row(1, "a", "6"), row(2, "b", "8")], Some(next));
    let (wanted, uncounted) = (before.wanted, before.uncounted);
    let after = before.after(updated(row(9, "far", "90"), 2));
    assert_eq!(titles(&after), ["a", "b"]);
    assert!(after.uncounted > uncounted, "how many there are is asked");
    assert_eq!(after.wanted, wanted, "the rows are not read again");
}

#[test]
fn where_a_search_decides_the_server_is_asked_about_the_row_alone() {
    let query = ListQuery {
        search: "lap".into(),
        ..ListQuery::default()
    };
    let list = list(query, vec![row(1, "laptop", ""), row(2, "lap", "")], None);
    let after = list.after(updated(row(1, "other", ""), 2));
    assert_eq!(after.to_check, BTreeSet::from([row(1, "", "").id]));
    let looked_for = after.to_check.clone();
    let page = Page {
        rows: Vec::new(),
        next: None,
        total: 0,
        remembered: None,
    };
    let after = after.checked(&looked_for, page);
    assert_eq!((titles(&after), after.total), (vec!["lap"], 1));
    assert!(after.to_check.is_empty());
}

#[test]
fn who_edits_is_shown_also_on_a_row_that_comes_later() {
    let editing = |id: u128, who: Option<Person>| {
        TopicUpdate::Presence(FormPresence {
            form: FormKey::record(RecordId(Uuid::from_u128(id))),
            draft: None,
            presence: who.map(|owner| Presence { owner, others: 0 }),
        })
    };
    let list = list(ListQuery::default(), vec![row(1, "a", "")], None);
    let after = list.after(editing(5, Some(anna()))).after(editing(1, Some(anna())));
    assert!(after.rows[0].editing.is_some());
    let after = after.after(TopicUpdate::Event(Event::RecordCreated { row: row(5, "e", "") }));
    assert!(after.rows[0].editing.is_some());
    let after = after.after(editing(5, None));
    assert!(after.rows[0].editing.is_none());
    assert_eq!(after.total, 2);
}

#[test]
fn what_is_removed_goes_and_comes_back_where_it_was() {
    let list = list(
        ListQuery::default(),
        vec![row(3, "c", ""), row(2, "b", ""), row(1, "a", "")],
        None,
    );
    let id = row(2, "", "").id;
    let after = list.after(TopicUpdate::Event(Event::RecordRemoved { record: id }));
    assert_eq!((titles(&after), after.total), (vec!["c", "a"], 2));
    let after = after.after(TopicUpdate::Event(Event::RecordRestored { row: row(2, "b", "") }));
    assert_eq!((titles(&after), after.total), (vec!["c", "b", "a"], 3));
}
