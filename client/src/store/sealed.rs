//! A store with a key: nothing of it is readable without, and what that costs.

use std::time::Instant;

use baton_protocol::deletion::Stamp;
use baton_protocol::desktop::PendingEdit;
use baton_protocol::field::Value;
use baton_protocol::id::{RecordId, Seq, UserId};
use baton_protocol::list_query::ListQuery;
use baton_protocol::message::{GetPage, Snapshot};
use baton_protocol::person::Person;
use baton_protocol::record::{Record, RecordRow};
use baton_protocol::time::Timestamp;
use uuid::Uuid;

use super::tests::{entity, form, scope};
use super::*;

fn list(rows: u128) -> StoreCommand {
    let stamp = Stamp {
        by: Person {
            id: UserId(Uuid::from_u128(2)),
            name: "Ben Secretary".into(),
        },
        at: Timestamp(1),
    };
    let row = |number: u128| -> RecordRow {
        let title = Value::from_text(format!("A secret lamp {number}"));
        let values = [("title".to_owned(), title)].into();
        Record::new(RecordId(Uuid::from_u128(number)), entity().id, values, stamp.clone()).row(&entity())
    };
    let rows: Vec<RecordRow> = (1..=rows).map(row).collect();
    StoreCommand::Cache(CacheWrite::List {
        topic: Topic::Records(entity().id),
        seq: Seq(3),
        snapshot: Snapshot::Records {
            entity: Box::new(entity()),
            total: rows.len() as u64,
            rows,
            editing: Vec::new(),
        },
    })
}

fn persist(number: u64, text: &str) -> StoreCommand {
    let pending = PendingForm {
        form: form(),
        entity: None,
        title: "A secret title".into(),
        new: true,
        texts: vec![PendingEdit {
            field: "note".into(),
            base: Value::Empty,
            sent: None,
            value: Value::from_text(text),
            auto_merge: true,
        }],
        save: false,
        discard: None,
        remove: None,
        comments: Vec::new(),
    };
    StoreCommand::Persist {
        number,
        form: form(),
        pending: Some(Box::new(pending)),
    }
}

async fn opened(directory: &Path, key: &StoreKey) -> (Store, Input) {
    let mut store = Store::open(directory.to_owned(), key.clone(), None);
    store.send(StoreCommand::Open(scope(1)));
    let said = store.next().await;
    (store, said)
}

fn first_page() -> StoreCommand {
    let page = GetPage {
        entity: entity().id,
        query: ListQuery::default(),
        after: None,
        rows: 100,
        ids: Vec::new(),
    };
    StoreCommand::LoadPage {
        caller: 1,
        page: Box::new(page),
    }
}

/// Every byte of every file below a directory.
fn bytes(directory: &Path) -> Vec<u8> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(directory).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            all.extend(bytes(&path));
        } else {
            all.extend(std::fs::read(path).expect("readable"));
        }
    }
    all
}

fn has_secrets(directory: &Path) -> bool {
    let all = bytes(directory).to_ascii_lowercase();
    all.windows(6).any(|part| part == b"secret")
}

#[tokio::test]
async fn a_store_with_a_key_is_read_with_it_and_by_nobody_else() {
    let directory = tempfile::tempdir().expect("a directory");
    let key = StoreKey::Key([7; 32]);
    let (store, said) = opened(directory.path(), &key).await;
    assert!(matches!(said, Input::LoadedPending(..)), "{said:?}");
    store.send(list(3));
    store.send(persist(1, "a secret text"));
    store.flush().await;
    assert!(!has_secrets(directory.path()), "in the file or its log");
    drop(store);

    let (mut store, said) = opened(directory.path(), &key).await;
    let Input::LoadedPending(_, pending) = said else {
        panic!("{said:?}");
    };
    assert_eq!(pending[0].title, "A secret title");
    store.send(first_page());
    let Input::LoadedPage(_, 1, Some(page)) = store.next().await else {
        panic!("no page");
    };
    assert_eq!(page.rows.len(), 3);
    drop(store);

    // Without the key, or with another one, it says so and leaves everything as it is.
    for wrong in [StoreKey::None, StoreKey::Key([8; 32])] {
        let (_store, said) = opened(directory.path(), &wrong).await;
        assert!(matches!(said, Input::StoreFailed(_)), "{said:?}");
    }
    let (_store, said) = opened(directory.path(), &key).await;
    assert!(matches!(said, Input::LoadedPending(_, pending) if pending.len() == 1));
}

#[tokio::test]
async fn a_store_without_a_key_shows_that_the_search_for_secrets_finds_some() {
    let directory = tempfile::tempdir().expect("a directory");
    let (store, _) = opened(directory.path(), &StoreKey::None).await;
    store.send(persist(1, "a secret text"));
    store.flush().await;
    assert!(has_secrets(directory.path()));
}

/// `cargo xtask bench --only sealing`
#[tokio::test]
#[ignore = "measures, and says nothing of right or wrong"]
#[allow(clippy::print_stdout, reason = "the figures are for whoever asked for them")]
async fn what_sealing_costs() {
    const ROWS: u128 = 50_000;
    const KEYS: u64 = 2_000;
    for round in 1..=2 {
        for (name, key) in [("plain", StoreKey::None), ("sealed", StoreKey::Key([7; 32]))] {
            let directory = tempfile::tempdir().expect("a directory");
            let (mut store, _) = opened(directory.path(), &key).await;
            let began = Instant::now();
            store.send(list(ROWS));
            store.flush().await;
            let listed = began.elapsed();
            let began = Instant::now();
            for number in 1..=KEYS {
                store.send(persist(number, &"x".repeat(usize::try_from(number).expect("few"))));
                store.flush().await;
            }
            let keys = began.elapsed() / u32::try_from(KEYS).expect("few");
            let mut pages = Vec::new();
            for _ in 0..20 {
                let began = Instant::now();
                store.send(first_page());
                while !matches!(store.next().await, Input::LoadedPage(..)) {}
                pages.push(began.elapsed());
            }
            pages.sort();
            println!(
                "{name}, round {round}: {ROWS} rows remembered in {listed:.2?}, a key durable in {keys:.0?}, \
                 first page p50 {:.2?}",
                pages[pages.len() / 2]
            );
        }
    }
}
