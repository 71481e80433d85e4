use super::*;
use baton_protocol::deletion::DeletionKind;
use baton_protocol::desktop::PendingEdit;
use baton_protocol::field::Value;
use baton_protocol::id::{RecordId, UserId, Version};
use uuid::Uuid;

fn scope(number: u128) -> Scope {
    Scope {
        server: "ws://server/ws".into(),
        person: UserId(Uuid::from_u128(number)),
    }
}

fn form() -> FormKey {
    FormKey::record(RecordId(Uuid::from_u128(1)))
}

fn hold(number: u64, title: &str) -> StoreCommand {
    let held = PendingForm {
        form: form(),
        entity: None,
        title: title.into(),
        new: true,
        texts: Vec::new(),
        save: true,
        discard: None,
        remove: None,
    };
    StoreCommand::Hold {
        number,
        form: form(),
        held: Some(Box::new(held)),
    }
}

async fn titles(store: &mut Store) -> Vec<String> {
    loop {
        if let Input::LoadedPending(_, held) = store.next().await {
            return held.into_iter().map(|held| held.title).collect();
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
    store.ask(StoreCommand::Open(scope(1)));
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
    };
    assert_eq!(pending, [lamp, chair]);
}

#[tokio::test]
async fn what_is_held_is_read_before_something_takes_its_place_and_stays_its_owners() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut store = Store::open(directory.path().to_owned(), StoreKey::None, None);
    store.ask(StoreCommand::Open(scope(1)));
    store.ask(hold(1, "first"));
    store.flush().await;
    assert_eq!(titles(&mut store).await, Vec::<String>::new());
    drop(store);

    let mut store = Store::open(directory.path().to_owned(), StoreKey::None, None);
    // All at once, as a quick user has it.
    store.ask(StoreCommand::Open(scope(1)));
    store.ask(hold(2, "second"));
    store.ask(StoreCommand::Open(scope(2)));
    store.ask(StoreCommand::Open(scope(1)));
    assert_eq!(titles(&mut store).await, ["first"]);
    assert_eq!(titles(&mut store).await, Vec::<String>::new(), "somebody else's");
    assert_eq!(titles(&mut store).await, ["second"]);
}
