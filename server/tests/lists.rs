//! Pages of lists: what the database answers is what the rules say, for any records and any query.

use std::sync::Arc;

use baton_protocol::audit::{AccountChange, Act};
use baton_protocol::deletion::Stamp;
use baton_protocol::entity::Entity;
use baton_protocol::field::{ChoiceOption, Field, FieldType, Operator, Value};
use baton_protocol::id::{EntityId, RecordId, UserId, Version};
use baton_protocol::list_query::{self, Filter, ListQuery, Sort};
use baton_protocol::origin::Origin;
use baton_protocol::person::{Account, AccountState, Person, PlaceVisibility, UserRole};
use baton_protocol::record::{Record, RecordRow};
use baton_protocol::time::Timestamp;
use baton_protocol::values::{CREATED_AT, DRAFT, PUBLISHED, SLUG, STATUS, TITLE, Values};
use baton_server::bus::Bus;
use baton_server::store::{EntityWrite, Indexed, NewAuditEntry, NewUser, RecordWrite, SqliteStore, Store, Write};
use proptest::prelude::*;
use uuid::Uuid;

const WORDS: [&str; 8] = ["apple", "Apfel", "äpfel", "pear", "Pe", "fig 7", "plum-tree", ""];

fn anna() -> Person {
    Person {
        id: UserId(Uuid::from_u128(1)),
        name: "Anna".into(),
    }
}

fn stamp(at: i64) -> Stamp {
    Stamp {
        by: anna(),
        at: Timestamp(at),
    }
}

fn fruit() -> Entity {
    let mut colours = Field::new("colours", "Colours", FieldType::Checkboxes);
    colours.options = ["red", "green", "re"].map(ChoiceOption::from_label).to_vec();
    let fields = vec![
        Field::new("sort_of", "Sort", FieldType::Text),
        Field::new("price", "Price", FieldType::Number),
        Field::new("ripe", "Ripe", FieldType::Boolean),
        Field::new("day", "Day", FieldType::Date),
        colours,
        Field::new("about", "About", FieldType::RichText),
    ];
    Entity::new(EntityId(Uuid::from_u128(9)), "fruit", "Fruit", "Fruits", fields)
}

fn values() -> impl Strategy<Value = Values> {
    let word = || prop::sample::select(&WORDS[..]);
    let price = prop_oneof![
        Just(String::new()),
        (-50i64..50).prop_map(|n| format!("{n}.5")),
        Just("7".into())
    ];
    let flag = prop_oneof![Just(Value::Empty), any::<bool>().prop_map(Value::Bool)];
    let day = prop_oneof![Just(String::new()), (1u8..5).prop_map(|day| format!("2026-01-0{day}"))];
    let colours = prop::sample::subsequence(vec!["red", "green", "re"], 0..3);
    (word(), word(), price, flag, day, colours, word()).prop_map(|(title, sort, price, flag, day, colours, about)| {
        Values::from([
            (TITLE.into(), Value::from_text(title)),
            (
                STATUS.into(),
                Value::from_text(if title.len() > 4 { DRAFT } else { PUBLISHED }),
            ),
            ("sort_of".into(), Value::from_text(sort)),
            ("price".into(), Value::from_text(price)),
            ("ripe".into(), flag),
            ("day".into(), Value::from_text(day)),
            ("colours".into(), Value::from_items(colours)),
            ("about".into(), Value::from_text(format!("<p>{about}</p>"))),
        ])
    })
}

fn filter() -> impl Strategy<Value = Filter> {
    const NAMES: [&str; 9] = [
        TITLE, STATUS, "sort_of", "price", "ripe", "day", "colours", "about", CREATED_AT,
    ];
    const TEXTS: [&str; 9] = ["apple", "p", "7", "-3.5", "2026-01-02", "red", "re", DRAFT, "3"];
    (
        prop::sample::select(&NAMES[..]),
        any::<prop::sample::Index>(),
        prop::sample::select(&TEXTS[..]),
    )
        .prop_map(|(name, operator, text)| {
            let field = list_query::column(&fruit(), name).expect("a column");
            let operators = field.info().operators;
            let operator = operators[operator.index(operators.len())];
            let value = match operator {
                Operator::Contains => Value::from_text(text),
                Operator::Between => Value::from_items([text, "8"]),
                _ => field.parse(text),
            };
            Filter::new(name, operator, value)
        })
}

fn filter_with_alternatives() -> impl Strategy<Value = Filter> {
    (filter(), prop::collection::vec(filter(), 0..3)).prop_map(|(filter, or)| Filter { or, ..filter })
}

fn query() -> impl Strategy<Value = ListQuery> {
    let sort = prop::option::of((
        prop::sample::select(&[TITLE, STATUS, "price", "day", "ripe", CREATED_AT, "sort_of"][..]),
        any::<bool>(),
    ));
    let search = prop::sample::select(&["", "", "ap", "pe", "tree 7", "plum tree", "APFEL", "x"][..]);
    (prop::collection::vec(filter_with_alternatives(), 0..3), sort, search).prop_map(|(filters, sort, search)| {
        ListQuery {
            search: search.into(),
            filters,
            sort: sort.map(|(field, descending)| Sort {
                field: field.into(),
                descending,
            }),
        }
    })
}

/// Whether each word of the search begins a word of the record, or is within one of its title, by the plainest of means.
fn found(search: &str, record: &Record) -> bool {
    let plain = |text: &str| text.to_lowercase().replace('ä', "a");
    let text = plain(&record.search_text(&fruit()));
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
    let title = plain(record.values[TITLE].text());
    let (wanted, title): (String, Vec<&str>) = (plain(search), title.split(|c: char| !c.is_alphanumeric()).collect());
    wanted.split_whitespace().all(|wanted| {
        let within = wanted.len() > 2 && title.iter().any(|word| word.contains(wanted));
        within || words.iter().any(|word| word.starts_with(wanted))
    })
}

async fn store_of(directory: &std::path::Path, records: &[Values]) -> (Arc<SqliteStore>, Vec<Record>) {
    let store = SqliteStore::open(&directory.join("test.db"), Bus::default())
        .await
        .expect("a store");
    let account = Account {
        person: anna(),
        email: "anna@example.test".into(),
        role: UserRole::Admin,
        state: AccountState::Active,
        second_factor: false,
        place: PlaceVisibility::Shown,
    };
    let audit = NewAuditEntry {
        at: Timestamp(0),
        by: None,
        origin: Origin::default(),
        act: Act::Account(anna(), AccountChange::Added(UserRole::Admin)),
    };
    let user = NewUser {
        account,
        password_hash: String::new(),
        password_until: None,
        by: None,
        at: Timestamp(0),
        audit,
    };
    store.write(Write::User(user)).await.expect("a person");
    let entity = EntityWrite {
        entity: fruit(),
        at: stamp(0).at,
    };
    store.write(Write::Entity(Box::new(entity))).await.expect("an entity");
    let records: Vec<Record> = (1u32..)
        .zip(records)
        .map(|(number, values)| {
            let mut values = values.clone();
            values.insert(SLUG.into(), Value::from_text(format!("s{number}")));
            Record {
                id: RecordId(Uuid::from_u128(u128::from(number) * 7 % 101 + 1)),
                entity: fruit().id,
                num: 0,
                position: 0,
                version: Version(1),
                values,
                created: stamp(i64::from(number) % 5),
                updated: stamp(0),
                gone: None,
            }
        })
        .collect();
    let writes = records.iter().map(|record| RecordWrite {
        job: None,
        record: Indexed::new(&fruit(), record.clone()),
        history: Vec::new(),
    });
    let write = Write::Records {
        records: writes.collect(),
        import: None,
    };
    store.write(write).await.expect("records");
    (Arc::new(store), records)
}

async fn all_pages(store: &SqliteStore, query: &ListQuery) -> Vec<RecordRow> {
    let mut rows = Vec::new();
    let mut after = None;
    loop {
        let page = store.page(fruit().id, query, after.as_ref(), 3, &[], None).await;
        let page = page.expect("a page").expect("the entity is there");
        rows.extend(page.rows);
        after = page.next;
        if after.is_none() {
            assert_eq!(page.total, rows.len() as u64, "the total is the number of rows");
            return rows;
        }
    }
}

fn run<T>(test: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new().expect("a runtime").block_on(test)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn the_database_answers_as_the_rules_do(
        records in prop::collection::vec(values(), 1..40), queries in prop::collection::vec(query(), 40),
    ) {
        run(async {
            let directory = tempfile::tempdir().expect("a directory");
            let (store, records) = store_of(directory.path(), &records).await;
            let rows = all_pages(&store, &ListQuery::default()).await;
            assert_eq!(rows.len(), records.len());
            for query in queries {
                let mut expected: Vec<&RecordRow> = rows
                    .iter()
                    .filter(|row| query.holds(&fruit(), row))
                    .filter(|row| found(&query.search, records.iter().find(|record| record.id == row.id).expect("known")))
                    .collect();
                expected.sort_by(|a, b| query.compare(&query.place(&fruit(), a), &query.place(&fruit(), b)));
                let answered = all_pages(&store, &query).await;
                let nums = |rows: Vec<&RecordRow>| rows.iter().map(|row| row.num).collect::<Vec<_>>();
                assert_eq!(nums(answered.iter().collect()), nums(expected), "{query:?}");
            }
        });
    }
}

#[test]
fn an_index_that_is_missing_is_made_when_the_store_opens() {
    run(async {
        let directory = tempfile::tempdir().expect("a directory");
        let values = Values::from([
            (TITLE.into(), Value::from_text("Quince")),
            ("price".into(), Value::from_text("3")),
        ]);
        let (store, _) = store_of(directory.path(), &[values]).await;
        drop(store);
        let file = directory.path().join("test.db");
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&file);
        let mut raw = sqlx::ConnectOptions::connect(&options).await.expect("opens");
        for sql in [
            "DELETE FROM cells",
            "DELETE FROM search",
            "UPDATE entities SET slots = '{}'",
        ] {
            sqlx::query(sql).execute(&mut raw).await.expect("done");
        }
        drop(raw);
        let store = SqliteStore::open(&file, Bus::default()).await.expect("opens again");
        // By the beginning of a word, and by a part of the title that is long enough.
        for (search, found) in [("quin", 1), ("uinc", 1), ("nce", 1), ("ce", 0), ("quinx", 0)] {
            let query = ListQuery {
                search: search.into(),
                filters: vec![Filter::new("price", Operator::AtLeast, Value::from_text("2.99"))],
                sort: None,
            };
            let page = store
                .page(fruit().id, &query, None, 10, &[], None)
                .await
                .expect("a page")
                .expect("there");
            assert_eq!(page.rows.len(), found, "{search}");
        }
    });
}

#[test]
fn the_order_by_hand_has_room_for_ever() {
    run(async {
        let directory = tempfile::tempdir().expect("a directory");
        let values: Vec<Values> = (0..5)
            .map(|number| Values::from([(TITLE.into(), Value::from_text(format!("t{number}")))]))
            .collect();
        let (store, records) = store_of(directory.path(), &values).await;
        let by_hand = ListQuery {
            sort: Some(Sort {
                field: "position".into(),
                descending: false,
            }),
            ..ListQuery::default()
        };
        let mut expected: Vec<RecordId> = records.iter().map(|record| record.id).collect();
        // Always between the first two: the room between any two places is used up several times.
        for step in 0..60 {
            let moved = expected.remove(2 + step % 3);
            expected.insert(1, moved);
            let write = Write::Move {
                entity: fruit().id,
                record: moved,
                after: Some(expected[0]),
                at: Timestamp(1),
            };
            store.write(write).await.expect("moved");
            let rows = all_pages(&store, &by_hand).await;
            let order: Vec<RecordId> = rows.iter().map(|row| row.id).collect();
            assert_eq!(order, expected, "step {step}");
        }
        let first = *expected.last().expect("some");
        let write = Write::Move {
            entity: fruit().id,
            record: first,
            after: None,
            at: Timestamp(1),
        };
        store.write(write).await.expect("moved");
        assert_eq!(all_pages(&store, &by_hand).await[0].id, first);
    });
}
