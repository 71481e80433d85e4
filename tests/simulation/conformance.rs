//! Every store is to answer the same after the same writes: SQLite's and the simulation's get the same random writes,
//! must refuse the same of them for the same reason, tell the same of the others, and answer every question the same.

mod answers;
mod writes;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use baton_protocol::audit::Act;
use baton_protocol::id::UserId;
use baton_protocol::origin::Origin;
use baton_protocol::person::{Account, Person, UserRole};
use baton_protocol::time::Timestamp;
use baton_server::bus::Bus;
use baton_server::store::{NewAuditEntry, NewUser, SharedStore, SqliteStore, StateWrite, Write};
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use uuid::Uuid;

use crate::disk::{Disk, SimStore};
use answers::Answers;
use writes::Writer;

/// How many histories, where `BATON_STORE_SEEDS` does not say it, and how many writes each.
const SEEDS: u64 = 12;
const WRITES: usize = 80;

const NAMES: [&str; 4] = ["Laptop", "laptop stand", "Desk", "Über-Lampe"];
const RECORDS: u128 = 6;

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn people() -> [Person; 2] {
    [(1, "Anna"), (2, "Ben")].map(|(number, name)| Person {
        id: UserId(id(number)),
        name: name.into(),
    })
}

/// What became of a write: nothing but its reason is compared of one that was refused.
async fn write(store: &SharedStore, write: Write) -> Result<(), String> {
    store.write(write).await.map_err(|error| error.to_string())
}

/// Compares both stores through one history; how many writes of each kind were taken.
async fn compare(seed: u64, sqlite: &SharedStore, model: &SharedStore) -> BTreeMap<String, usize> {
    let new = || Writer {
        rng: StdRng::seed_from_u64(seed),
        now: Timestamp(1_000_000),
    };
    // A write is made for each store by itself, by the same chances.
    let (mut writer, mut twin) = (new(), new());
    for person in people() {
        for store in [sqlite, model] {
            let email = format!("{}@example.com", person.name);
            let user = NewUser {
                account: Account::new(person.clone(), email, UserRole::Editor),
                password_hash: String::new(),
                password_until: None,
                by: None,
                at: Timestamp(0),
                audit: NewAuditEntry {
                    at: Timestamp(0),
                    by: None,
                    origin: Origin::default(),
                    act: Act::SignedOut,
                },
            };
            write(store, Write::User(user)).await.expect("a new user");
        }
    }
    let (mut refused, mut taken) = (0, BTreeMap::new());
    for number in 0..WRITES {
        let (Some(one), Some(other)) = (writer.write(model).await, twin.write(model).await) else {
            continue;
        };
        let shown = format!("{one:?}");
        let kind = kind(&one, &shown);
        let (one, other) = (write(sqlite, one).await, write(model, other).await);
        assert_eq!(one, other, "seed {seed}, write {number}: {shown}");
        match one {
            Ok(()) => *taken.entry(kind).or_default() += 1,
            Err(_) => refused += 1,
        }
        let (one, other) = (
            Answers::of(sqlite, writer.now).await,
            Answers::of(model, writer.now).await,
        );
        for (one, other) in one.0.iter().zip(&other.0) {
            assert_eq!(one, other, "seed {seed}, after write {number}: {shown}");
        }
    }
    assert!(refused < WRITES / 2, "most writes are taken");
    taken
}

/// What a write is about, by its name and what a form's saves.
fn kind(write: &Write, shown: &str) -> String {
    let name = shown.split(['(', ' ']).next().unwrap_or_default();
    let Write::Form(form) = write else {
        return name.to_owned();
    };
    let saves = [
        (form.record.is_some(), " of a record"),
        (form.removal.is_some(), " of a deletion"),
        (form.definition.is_some(), " of a definition"),
        (matches!(form.state, StateWrite::Appended { .. }), " typed into"),
    ];
    let saves = saves.iter().find(|(saves, _)| *saves);
    format!("{name}{}", saves.map_or("", |(_, what)| what))
}

#[tokio::test]
async fn both_stores_answer_the_same_after_the_same_writes() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    for seed in 0..crate::number("BATON_STORE_SEEDS").unwrap_or(SEEDS) {
        let file = directory.path().join(format!("{seed}.db"));
        let sqlite: SharedStore = Arc::new(SqliteStore::open(&file, Bus::default()).await.expect("a store"));
        let model: SharedStore = Arc::new(SimStore {
            disk: Arc::new(Mutex::new(Disk::new(seed, Vec::new()))),
            bus: Bus::default(),
            oracle: None,
        });
        for (kind, count) in compare(seed, &sqlite, &model).await {
            *taken.entry(kind).or_default() += count;
        }
    }
    println!("writes that both stores took: {taken:?}");
    assert_eq!(taken.len(), 16, "something of every kind");
}
