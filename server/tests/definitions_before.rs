//! Definitions of the version before, whose forms held words, are carried over to ids: saved ones, their history, unsaved
//! changes, what was discarded, a saved view, and a conversion that was under way.

use std::fs::File;
use std::path::{Path, PathBuf};

use crate::support::program::run;
use crate::support::requests::first_page;
use crate::support::{Peer, Server, new_op, set};
use baton_protocol::definition::{OPTIONS, key, option_property};
use baton_protocol::entity::{EntityStatus, SortMode};
use baton_protocol::field::{FieldType, OnDelete, Value};
use baton_protocol::form::{FormCommand, FormSnapshot, Role};
use baton_protocol::id::{EntityId, FormKey, RecordId};
use baton_protocol::list_query::ListQuery;
use baton_protocol::message::{GetHistory, GetViews, ToServer};
use tempfile::TempDir;
use uuid::Uuid;

/// Of the two people in the files.
const ADA: &str = "8dk4-3tgk-gx2s-hey4";
const ANNA: &str = "dkrp-qwne-93ty-v7xt";

fn unpacked(name: &str) -> TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    let files = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/protocol-2");
    let zip = File::open(files.join(name)).expect("it is in the repository");
    let mut zip = zip::ZipArchive::new(zip).expect("an archive");
    zip.extract(directory.path()).expect("unpacked");
    directory
}

async fn person(server: &Server, name: &str, password: &str) -> Peer {
    let mut peer = server.stranger().await;
    peer.hello(None).await;
    let email = format!("{name}@example.test");
    let password = password.to_owned().into();
    peer.ask(ToServer::sign_in(email, password)).await.expect("signs in");
    peer
}

fn paint() -> EntityId {
    EntityId(Uuid::from_u128(0xA1))
}

fn text(text: &str) -> Value {
    Value::from_text(text)
}

async fn page(peer: &mut Peer, query: ListQuery) -> Vec<(String, RecordId)> {
    let page = first_page(paint(), query, 100);
    let page = peer.query(page).await.expect("a page");
    page.rows.iter().map(|row| (row.title.clone(), row.id)).collect()
}

/// Everything that the version before left is there, in the form of this one, and is gone on with.
async fn is_carried_over(server: &Server, last: &str) {
    let (mut ada, mut anna) = (person(server, "ada", ADA).await, person(server, "anna", ANNA).await);
    let view = ada.join(FormKey::entity(paint())).await;
    is_saved_definition(&view);
    is_unsaved_definition(&view, last);

    let history = ada.query(GetHistory { form: view.form }).await.expect("a history");
    let list = key("a", OPTIONS);
    let of = |version: usize, field: &str| {
        let save = &history[history.len() - version];
        let change = save.fields.iter().find(|change| change.field == field);
        change.map(|change| (change.old.clone(), change.new.clone()))
    };
    let first = Value::from_items(["Red", "Blue", "Old one: worn"]);
    assert_eq!(of(1, &list), Some((Value::Empty, first.clone())));
    assert_eq!(of(1, "f:b:type"), Some((Value::Empty, text("radio"))));
    assert_eq!(of(1, "f:d:on_delete"), Some((Value::Empty, text("refuse"))));
    assert_eq!(of(2, &list), Some((first, Value::from_items(["Red", "Blue", "Green"]))));
    let green = key("a", &option_property("Green"));
    assert_eq!(of(2, &green), Some((Value::Empty, text("Green"))));

    // Records, a draft of one, and a view say what they said.
    let rows = page(&mut anna, ListQuery::default()).await;
    let named = |name: &str| {
        rows.iter()
            .find(|(title, _)| title == name)
            .expect("it is in the list")
            .1
    };
    let coat = anna.again(FormKey::record(named("Crimson coat"))).await;
    assert_eq!(coat.value("shade"), &text("Red"));
    assert_eq!(coat.value("uses"), &Value::from_items(["Wall", "Floor"]));
    assert_eq!(coat.value("finish"), &text("Matt"));
    let sky = anna.join(FormKey::record(named("Sky"))).await;
    assert_eq!((sky.values["shade"].text(), sky.value("shade").text()), ("Blue", "Red"));
    let views = anna.query(GetViews { entity: paint() }).await.expect("views");
    assert_eq!(page(&mut anna, views[0].view.query.clone()).await[0].0, "Crimson coat");

    // What was discarded comes back in ids.
    let glue = FormKey::entity(EntityId(Uuid::from_u128(0xA2)));
    let view = mine(&mut ada, glue).await;
    let restore = FormCommand::RestoreDraft {
        fence: view.fence,
        op: new_op(),
        rev: None,
    };
    ada.give(glue, restore).await.expect("it comes back");
    let view = ada.again(glue).await;
    assert_eq!(view.value("status"), &text("draft"));
    assert_eq!(view.value(&list), &Value::from_items(["Wood", "Metal", "Paper"]));
    assert_eq!(view.value(&key("a", &option_property("Paper"))), &text("Paper"));

    // The conversion that was under way ends: the definition can be saved, with an option renamed.
    let view = mine(&mut ada, FormKey::entity(paint())).await;
    let rename = vec![
        set(&key("a", &option_property("Red")), "Crimson"),
        set("status", "published"),
    ];
    ada.edit(&view, rename).await.expect("accepted");
    let mut view = ada.again(view.form).await;
    let mut tries = 0;
    while let Err(problem) = ada.save(&view).await {
        assert!(
            problem.message.english().contains("converted") && tries < 1000,
            "{problem}"
        );
        tries += 1;
        // Polls: records are converted in the background.
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        view = ada.again(view.form).await;
    }
    let shade = ada.again(view.form).await.entity.field("shade").expect("there").clone();
    assert_eq!(shade.print(coat.value("shade")), "Crimson");
}

/// The form, where its last editor's place may still be reserved.
async fn mine(ada: &mut Peer, form: FormKey) -> FormSnapshot {
    let view = ada.join(form).await;
    if view.role() != Role::Owner {
        ada.give(form, crate::support::take_over()).await.expect("an admin may");
    }
    ada.again(form).await
}

fn is_saved_definition(view: &FormSnapshot) {
    let entity = &view.entity;
    assert_eq!(
        (entity.status, entity.sort),
        (EntityStatus::Published, SortMode::Manual)
    );
    let types: Vec<FieldType> = entity.fields.iter().map(|field| field.field_type).collect();
    use FieldType::{Checkboxes, Radio, Relation, Select, Text};
    assert_eq!(types, [Select, Radio, Checkboxes, Relation, Text]);
    let shade = &entity.fields[0];
    let offered: Vec<&str> = shade.offered().map(|option| option.id.as_str()).collect();
    assert_eq!(offered, ["Red", "Blue", "Green"]);
    assert_eq!(entity.fields[2].default, Value::from_items(["Wall", "Door"]));
    assert_eq!(entity.fields[3].on_delete, OnDelete::Refuse);
    assert!(entity.fields[4].unique);
}

fn is_unsaved_definition(view: &FormSnapshot, last: &str) {
    assert_eq!(view.value("status"), &text("archived"));
    assert_eq!(view.value("sort"), &text("title"));
    assert_eq!(view.value("f:b:type"), &text("select"));
    assert_eq!(view.value("f:d:on_delete"), &text("keep"));
    let offered = Value::from_items(["Red", "Blue", "Green", last]);
    assert_eq!(view.value(&key("a", OPTIONS)), &offered);
    assert_eq!(view.value(&key("a", &option_property(last))), &text(last));
    assert_eq!(view.defined().fields[2].default, Value::from_items(["Floor"]));
    assert_eq!(view.unsaved_of(&key("a", OPTIONS)), None, "it is Ada's own");
}

#[tokio::test]
async fn the_definitions_of_a_database_are_carried_over() {
    let server = Server::on(unpacked("definitions.db.zip")).await;
    // The last keystrokes were in the log.
    is_carried_over(&server, "Yellow").await;
}

#[tokio::test]
async fn the_definitions_of_an_archive_are_carried_over() {
    let archive = unpacked("definitions.archive.zip");
    let file: PathBuf = archive.path().join("archive.json");
    let directory = tempfile::tempdir().expect("a directory");
    run(directory.path(), "import", &file).await.expect("it is taken");
    // What it is now is exported and imported as it is.
    let (once, twice) = (archive.path().join("once.json"), archive.path().join("twice.json"));
    run(directory.path(), "export", &once).await.expect("an archive");
    let copy = tempfile::tempdir().expect("a directory");
    run(copy.path(), "import", &once).await.expect("it is taken");
    run(copy.path(), "export", &twice).await.expect("an archive");
    assert_eq!(
        std::fs::read(&once).expect("there"),
        std::fs::read(&twice).expect("there")
    );
    // The version before left out of its archives what was in the log only.
    is_carried_over(&Server::on(directory).await, "Ye").await;
}
