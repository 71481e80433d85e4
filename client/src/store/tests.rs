use super::*;
use baton_protocol::deletion::{Deletion, DeletionKind, Stamp};
use baton_protocol::desktop::PendingEdit;
use baton_protocol::entity::Entity;
use baton_protocol::field::Value;
use baton_protocol::history::SavedVersion;
use baton_protocol::id::{RecordId, Seq, UserId, Version};
use baton_protocol::message::Snapshot;
use baton_protocol::person::Person;
use baton_protocol::record::{BinRow, Record, RecordRow};
use baton_protocol::time::Timestamp;
use uuid::Uuid;

pub(super) fn scope(number: u128) -> Scope {
    Scope {
        server: "ws://server/ws".into(),
        person: UserId(Uuid::from_u128(number)),
    }
}

pub(super) fn form() -> FormKey {
    FormKey::record(RecordId(Uuid::from_u128(1)))
}

fn persist(number: u64, title: &str) -> StoreCommand {
    let pending = PendingForm {
        form: form(),
        entity: None,
        title: title.into(),
        new: true,
        texts: Vec::new(),
        save: true,
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

async fn titles(store: &mut Store) -> Vec<String> {
    loop {
        if let Input::LoadedPending(_, pending) = store.next().await {
            return pending.into_iter().map(|pending| pending.title).collect();
        }
    }
}

/// The file was made by the program that spoke protocol 2: a record with a short and a long text, typed in three
/// steps, and one that is to be archived.
#[tokio::test]
async fn what_a_desktop_of_protocol_2_had_pending_is_read() {
    let directory = tempfile::tempdir().expect("a directory");
    let before = include_bytes!("../../tests/data/protocol-2/local.db");
    std::fs::write(super::file(directory.path()), before).expect("a copy");
    let mut store = Store::open(directory.path().to_owned(), StoreKey::None, None);
    store.send(StoreCommand::Open(scope(1)));
    let Input::LoadedPending(_, pending) = store.next().await else {
        panic!("nothing is loaded");
    };
    let entity = Some(EntityId(Uuid::from_u128(7)));
    let long = |end: &str| Value::from_text(format!("{}{end}", "All of what was written before. ".repeat(100)));
    let lamp = PendingForm {
        form: form(),
        entity,
        title: "Lamp".into(),
        new: false,
        texts: vec![
            PendingEdit {
                field: "sku".into(),
                base: Value::from_text("L-1"),
                sent: None,
                value: Value::from_text("L-2 typed"),
                auto_merge: true,
            },
            PendingEdit {
                field: "notes".into(),
                base: long(""),
                sent: Some(long("sent")),
                value: long(" typed"),
                auto_merge: false,
            },
        ],
        save: true,
        discard: None,
        remove: None,
        comments: Vec::new(),
    };
    let chair = PendingForm {
        form: FormKey::record(RecordId(Uuid::from_u128(2))),
        entity,
        title: "Chair".into(),
        new: false,
        texts: Vec::new(),
        save: false,
        discard: None,
        remove: Some((DeletionKind::Archived, Version(3))),
        comments: Vec::new(),
    };
    assert_eq!(pending, [lamp, chair]);
}

#[tokio::test]
async fn what_is_held_is_read_before_something_takes_its_place_and_stays_its_owners() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut store = Store::open(directory.path().to_owned(), StoreKey::None, None);
    store.send(StoreCommand::Open(scope(1)));
    store.send(persist(1, "first"));
    store.flush().await;
    assert_eq!(titles(&mut store).await, Vec::<String>::new());
    drop(store);

    let mut store = Store::open(directory.path().to_owned(), StoreKey::None, None);
    // All at once, as a quick user has it.
    store.send(StoreCommand::Open(scope(1)));
    store.send(persist(2, "second"));
    store.send(StoreCommand::Open(scope(2)));
    store.send(StoreCommand::Open(scope(1)));
    assert_eq!(titles(&mut store).await, ["first"]);
    assert_eq!(titles(&mut store).await, Vec::<String>::new(), "somebody else's");
    assert_eq!(titles(&mut store).await, ["second"]);
}

fn stamp() -> Stamp {
    Stamp {
        by: Person {
            id: UserId(Uuid::from_u128(2)),
            name: "Ben".into(),
        },
        at: Timestamp(1),
    }
}

pub(super) fn entity() -> Entity {
    Entity::new(EntityId(Uuid::from_u128(7)), "thing", "Thing", "Things", Vec::new())
}

fn row() -> RecordRow {
    let record = RecordId(Uuid::from_u128(1));
    let values = [("title".to_owned(), Value::from_text("Lamp"))].into();
    Record::new(record, entity().id, values, stamp()).row(&entity())
}

async fn asked(store: &mut Store, command: StoreCommand) -> Input {
    store.send(command);
    store.next().await
}

/// A store with this in its cache, opened again by the next start of the program.
async fn started_again_with(directory: &Path, cached: Vec<CacheWrite>) -> Store {
    let mut store = Store::open(directory.to_owned(), StoreKey::None, None);
    asked(&mut store, StoreCommand::Open(scope(1))).await;
    for write in cached {
        store.send(StoreCommand::Cache(write));
    }
    store.flush().await;
    drop(store);
    let mut store = Store::open(directory.to_owned(), StoreKey::None, None);
    asked(&mut store, StoreCommand::Open(scope(1))).await;
    store
}

#[tokio::test]
async fn bins_and_histories_that_were_seen_are_there_after_a_restart() {
    let directory = tempfile::tempdir().expect("a directory");
    let topic = Topic::Bin(entity().id);
    let snapshot = Snapshot::Bin {
        entity: Box::new(entity()),
        rows: vec![BinRow {
            row: row(),
            gone: Deletion {
                how: DeletionKind::Deleted,
                stamp: stamp(),
            },
        }],
        keep_days: 30,
    };
    let versions = vec![SavedVersion {
        version: Version(1),
        saved: stamp(),
        fields: Vec::new(),
    }];
    let seq = Seq(3);
    let cached = vec![
        CacheWrite::List {
            topic,
            seq,
            snapshot: snapshot.clone(),
        },
        CacheWrite::History {
            form: form(),
            versions: versions.clone(),
        },
    ];
    let mut store = started_again_with(directory.path(), cached).await;
    let Input::LoadedList(_, _, Some(list)) = asked(&mut store, StoreCommand::LoadList(topic)).await else {
        panic!("the bin is not there");
    };
    assert_eq!((list.seq, list.snapshot), (seq, snapshot));
    assert!(list.at.0 > 0, "and since when");
    let load = StoreCommand::LoadHistory {
        caller: 1,
        form: form(),
    };
    let Input::LoadedHistory(_, 1, Some(read)) = asked(&mut store, load).await else {
        panic!("the history is not there");
    };
    assert_eq!(read, versions);
}

#[tokio::test]
async fn a_form_that_was_never_opened_is_known_from_its_list() {
    let directory = tempfile::tempdir().expect("a directory");
    let cached = vec![CacheWrite::List {
        topic: Topic::Records(entity().id),
        seq: Seq(3),
        snapshot: Snapshot::Records {
            entity: Box::new(entity()),
            rows: vec![row()],
            total: 1,
            editing: Vec::new(),
        },
    }];
    let mut store = started_again_with(directory.path(), cached).await;
    let load = |form| StoreCommand::LoadForm {
        form,
        entity: Some(entity().id),
    };
    let Input::LoadedForm(_, _, loaded) = asked(&mut store, load(form())).await else {
        panic!("nothing is said");
    };
    assert_eq!(loaded.seen, None);
    let listed = loaded.listed.expect("the list has it");
    assert_eq!((listed.row, listed.entity), (row(), entity()));
    let unknown = FormKey::record(RecordId(Uuid::from_u128(2)));
    let Input::LoadedForm(_, _, loaded) = asked(&mut store, load(unknown)).await else {
        panic!("nothing is said");
    };
    assert_eq!(loaded.listed, None, "that one is new");
}
