//! What a choice offers has ids: renaming an option carries its records along, and what was removed keeps its words.

use crate::support::jobs::csv_import;
use crate::support::requests::first_page;
use crate::support::{Peer, Server, new_record, options, set, set_items};
use baton_protocol::definition::{OPTIONS, key, option_property};
use baton_protocol::field::{Operator, Value};
use baton_protocol::file::Source;
use baton_protocol::form::FormSnapshot;
use baton_protocol::id::{EntityId, FormKey, JobId, UploadId, ViewId};
use baton_protocol::job::{Format, Job, RecordSelection};
use baton_protocol::list::{Page, SavedView, View};
use baton_protocol::list_query::{Filter, ListQuery, Sort};
use baton_protocol::message::{GetHistory, GetImpact, GetViews, SaveView, StartJob};
use uuid::Uuid;

/// Paints, with a shade from a menu and any of several uses.
async fn paints(ada: &mut Peer) -> (EntityId, FormSnapshot) {
    let entity = EntityId(Uuid::now_v7());
    let view = ada.open(FormKey::entity(entity), None).await;
    let mut changes = vec![
        set("label", "Paint"),
        set("label_plural", "Paints"),
        set("status", "published"),
        set_items("fields", &["a", "b"]),
        set(&key("a", "label"), "Shade"),
        set(&key("a", "type"), "select"),
        set(&key("a", "default"), "Red"),
        set(&key("b", "label"), "Uses"),
        set(&key("b", "type"), "checkboxes"),
    ];
    changes.extend(options("a", &["Blue", "Red", "Yellow"]));
    changes.extend(options("b", &["Wall", "Door"]));
    ada.edit(&view, changes).await.expect("accepted");
    ada.save(&view).await.expect("saved");
    (entity, ada.again(view.form).await)
}

async fn paint(peer: &mut Peer, entity: EntityId, title: &str, shade: &str) -> FormSnapshot {
    let view = peer.open(new_record(), Some(entity)).await;
    let changes = vec![set("title", title), set("shade", shade), set_items("uses", &["Door"])];
    peer.edit(&view, changes).await.expect("accepted");
    peer.save(&view).await.expect("saved");
    peer.again(view.form).await
}

fn shade_is(option: &str) -> ListQuery {
    ListQuery {
        filters: vec![Filter::new("shade", Operator::Is, Value::from_text(option))],
        ..ListQuery::default()
    }
}

fn by_shade() -> ListQuery {
    ListQuery {
        sort: Some(Sort {
            field: "shade".into(),
            descending: false,
        }),
        ..ListQuery::default()
    }
}

async fn page(peer: &mut Peer, entity: EntityId, query: ListQuery) -> Page {
    let page = first_page(entity, query, 100);
    peer.query(page).await.expect("a page")
}

fn titles(page: &Page) -> Vec<&str> {
    page.rows.iter().map(|row| row.title.as_str()).collect()
}

async fn export(peer: &mut Peer, entity: EntityId, format: Format) -> String {
    let (id, upload) = (JobId(Uuid::now_v7()), UploadId(Uuid::new_v4()));
    let job = Job::Export {
        entity,
        which: RecordSelection::Query(ListQuery::default()),
        columns: ["title", "shade", "uses"].map(String::from).to_vec(),
        format,
        upload,
    };
    peer.query(StartJob { id, job }).await.expect("started");
    assert_eq!(peer.job_outcome(id).await.problem, None);
    String::from_utf8(peer.fetch(Source::Upload(upload)).await).expect("text")
}

/// Waits until lists compare records by the new words.
async fn reindexed(peer: &mut Peer, entity: EntityId, query: &ListQuery, wanted: &[&str]) {
    for _ in 0..1000 {
        let found = page(peer, entity, query.clone()).await;
        if titles(&found) == wanted {
            return;
        }
        // Polls: records are compared anew in the background.
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("the list never shows {wanted:?}");
}

#[tokio::test]
async fn renaming_an_option_carries_its_records_drafts_and_views_along() {
    let server = Server::start().await;
    let (mut ada, mut anna) = (server.peer("ada").await, server.peer("anna").await);
    let (entity, definition) = paints(&mut ada).await;
    let wall = paint(&mut anna, entity, "Wall", "Red").await;
    paint(&mut anna, entity, "Sky", "Blue").await;
    let sun = paint(&mut anna, entity, "Sun", "Yellow").await;
    anna.edit(&sun, vec![set("shade", "Red")]).await.expect("accepted");
    let reds = SavedView::storable(
        ViewId(Uuid::now_v7()),
        entity,
        "Reds".into(),
        true,
        View {
            query: shade_is("Red"),
            ..View::default()
        },
    );
    anna.query(SaveView {
        view: reds.clone().into(),
    })
    .await
    .expect("saved");
    let history = anna.query(GetHistory { form: wall.form }).await.expect("a history");

    // The words of two are exchanged, letter by letter at once.
    let changes = vec![
        set(&key("a", &option_property("Red")), "Blue"),
        set(&key("a", &option_property("Blue")), "Red"),
        set(&key("a", &option_property("Yellow")), "Amber"),
    ];
    ada.edit(&definition, changes).await.expect("accepted");
    assert_eq!(
        ada.query(GetImpact { entity }).await.expect("an impact"),
        [],
        "no value changes"
    );
    ada.save(&definition).await.expect("saved");

    // Amber, Blue (was Red), Red (was Blue).
    reindexed(&mut anna, entity, &by_shade(), &["Sun", "Wall", "Sky"]).await;
    let now = anna.again(wall.form).await;
    assert_eq!(now.version, wall.version, "nothing of the record was saved");
    assert_eq!(now.value("shade"), &Value::from_text("Red"), "the id is what it was");
    assert_eq!(
        anna.query(GetHistory { form: wall.form }).await.expect("a history"),
        history
    );
    assert_eq!(
        anna.again(sun.form).await.value("shade"),
        &Value::from_text("Red"),
        "the draft"
    );
    let saved = anna.query(GetViews { entity }).await.expect("views");
    let query = saved[0].view.query.clone();
    assert_eq!(titles(&page(&mut anna, entity, query).await), ["Wall"]);
    let search = |word: &str| ListQuery {
        search: word.into(),
        ..ListQuery::default()
    };
    assert_eq!(titles(&page(&mut anna, entity, search("amber")).await), ["Sun"]);
    assert!(titles(&page(&mut anna, entity, search("yellow")).await).is_empty());
    let table = export(&mut anna, entity, Format::Csv).await;
    assert!(table.contains("Wall,Blue,Door"), "{table}");
    let table = export(&mut anna, entity, Format::Json).await;
    assert!(
        table.contains(r#""shade":"Amber","title":"Sun""#) || table.contains(r#""title":"Sun","shade":"Amber""#),
        "{table}"
    );
}

#[tokio::test]
async fn what_people_write_means_the_words_of_an_option() {
    let server = Server::start().await;
    let (mut ada, mut anna) = (server.peer("ada").await, server.peer("anna").await);
    let (entity, definition) = paints(&mut ada).await;
    for (title, shade) in [("Wall", "Red"), ("Sky", "Blue")] {
        paint(&mut anna, entity, title, shade).await;
    }
    let changes = vec![
        set(&key("a", &option_property("Red")), "Blue"),
        set(&key("a", &option_property("Blue")), "Red"),
    ];
    ada.edit(&definition, changes).await.expect("accepted");
    ada.save(&definition).await.expect("saved");
    reindexed(&mut anna, entity, &by_shade(), &["Wall", "Sky"]).await;
    let upload = anna.bring(b"title,shade\nSea,Red\nFire,blue\n").await;
    let id = JobId(Uuid::now_v7());
    let job = csv_import(entity, upload, &["title", "shade"], true);
    anna.query(StartJob { id, job }).await.expect("started");
    assert_eq!(anna.job_outcome(id).await.records, 2);
    assert_eq!(titles(&page(&mut anna, entity, shade_is("Blue")).await), ["Sea", "Sky"]);
    assert_eq!(
        titles(&page(&mut anna, entity, shade_is("Red")).await),
        ["Fire", "Wall"]
    );
    // A new record begins with the option that was the default, whatever it is called now.
    let fresh = anna.open(new_record(), Some(entity)).await;
    assert_eq!(fresh.value("shade"), &Value::from_text("Red"));
}

#[tokio::test]
async fn what_is_removed_keeps_its_words_and_comes_back() {
    let server = Server::start().await;
    let (mut ada, mut anna) = (server.peer("ada").await, server.peer("anna").await);
    let (entity, definition) = paints(&mut ada).await;
    let wall = paint(&mut anna, entity, "Wall", "Yellow").await;
    let list = key("a", OPTIONS);
    ada.edit(&definition, vec![set_items(&list, &["Blue", "Red"])])
        .await
        .expect("accepted");
    let impacts = ada.query(GetImpact { entity }).await.expect("an impact");
    assert_eq!(
        (impacts[0].lost, impacts[0].examples.as_slice()),
        (1, ["Yellow".to_owned()].as_slice())
    );
    ada.save(&definition).await.expect("saved");
    let mut now = anna.again(wall.form).await;
    while now.value("shade") != &Value::Empty {
        now = anna.again(wall.form).await;
    }
    let shade = now.entity.field("shade").expect("there");
    assert!(!shade.offers("Yellow"));
    assert_eq!(shade.option_words("Yellow"), "Yellow", "its history can be read");
    let refused = anna.edit(&now, vec![set("shade", "Yellow")]).await;
    refused.expect("a draft may hold it");
    anna.save(&now).await.expect_err("but nobody saves it");

    let definition = ada.again(definition.form).await;
    ada.edit(&definition, vec![set_items(&list, &["Blue", "Red", "Yellow"])])
        .await
        .expect("accepted");
    ada.save(&definition).await.expect("saved");
    let now = anna.again(wall.form).await;
    anna.save(&now).await.expect("it is offered again");
}
