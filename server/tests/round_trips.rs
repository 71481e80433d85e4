//! What leaves a list as a table is the same when it comes back, or is said to be missing.

use crate::support::tables::{import, search};
use crate::support::{Peer, Server, new_record, set, set_items, set_yes};
use baton_protocol::definition::key;
use baton_protocol::field::Value;
use baton_protocol::file::Source;
use baton_protocol::id::{EntityId, FormKey, UploadId};
use baton_protocol::job::{Format, Job, RecordSelection};
use baton_protocol::list_query::ListQuery;
use baton_protocol::time::Timestamp;
use baton_protocol::values::{TITLE, UPDATED_AT};
use uuid::Uuid;

/// Orders that link to products.
async fn orders(ada: &mut Peer) -> EntityId {
    let (entity, product) = (EntityId(Uuid::now_v7()), ada.entity("product").await);
    let view = ada.open(FormKey::entity(entity), None).await;
    let definition = vec![
        set("label", "Order"),
        set("label_plural", "Orders"),
        set("status", "published"),
        set_items("fields", &["a"]),
        set(&key("a", "label"), "Uses"),
        set(&key("a", "type"), "relation"),
        set(&key("a", "target"), &product.to_string()),
        set_yes(&key("a", "many")),
    ];
    ada.edit(&view, definition).await.expect("accepted");
    ada.save(&view).await.expect("saved");
    entity
}

async fn product(peer: &mut Peer, title: &str, sku: &str) -> String {
    let entity = peer.entity("product").await;
    let view = peer.open(new_record(), Some(entity)).await;
    peer.edit(&view, vec![set("title", title), set("sku", sku)])
        .await
        .expect("accepted");
    peer.save(&view).await.expect("saved");
    view.form.id.to_string()
}

#[tokio::test]
async fn a_link_is_read_by_the_title_that_just_one_record_has() {
    let server = Server::start_with(&["--grace-ms", "60000"]).await;
    let mut ada = server.peer("ada").await;
    let entity = orders(&mut ada).await;
    let keys = product(&mut ada, "Door keys", "K-1").await;
    product(&mut ada, "Twins", "T-1").await;
    product(&mut ada, "Twins", "T-2").await;
    let rows = format!("title,uses\nBy title,Door keys\nBy id,{keys}\nNone,Nothing like it\nTwo,Twins\n");
    let upload = ada.bring(rows.as_bytes()).await;
    let job = import(entity, upload, Format::Csv, &[TITLE, "uses"]);
    let outcome = ada.run(Job::Import(job)).await.expect("begun");
    assert_eq!((outcome.records, outcome.left_out), (2, 2), "{:?}", outcome.faults);
    let why: Vec<&str> = outcome.faults.iter().map(|fault| fault.message.english()).collect();
    assert!(why[0].contains("no record has this title"), "{why:?}");
    assert!(why[1].contains("several records have this title"), "{why:?}");
    let page = ada.page(entity, ListQuery::default()).await;
    assert_eq!(page.rows.len(), 2);
    for row in page.rows {
        let view = ada.join(FormKey::record(row.id)).await;
        assert_eq!(view.value("uses"), &Value::from_items([keys.as_str()]), "{}", row.title);
    }
}

#[tokio::test]
async fn a_text_that_no_cell_of_a_spreadsheet_holds_is_said_to_be_missing() {
    let server = Server::start_with(&["--grace-ms", "60000"]).await;
    let mut anna = server.peer("anna").await;
    let entity = anna.entity("product").await;
    // The most that fits, one more, and letters that a spreadsheet counts twice.
    let texts = ["x".repeat(32_767), "x".repeat(32_768), "\u{1f600}".repeat(16_384)];
    for (number, text) in texts.iter().enumerate() {
        let view = anna.open(new_record(), Some(entity)).await;
        let (title, sku) = (format!("Longtext {number}"), format!("L-{number}"));
        let changes = vec![set("title", &title), set("sku", &sku), set("description", text)];
        anna.edit(&view, changes).await.expect("accepted");
        anna.save(&view).await.expect("saved");
    }
    let columns = [TITLE, "sku", "description"];
    let page = anna.page(entity, search("longtext")).await;
    let ids: Vec<_> = page.rows.iter().map(|row| row.id).collect();
    for (format, missing) in [(Format::Csv, 0), (Format::Json, 0), (Format::Xlsx, 2)] {
        let upload = UploadId(Uuid::new_v4());
        let export = Job::Export {
            entity,
            which: RecordSelection::Records(ids.clone()),
            columns: columns.iter().map(ToString::to_string).collect(),
            format,
            upload,
        };
        let outcome = anna.run(export).await.expect("begun");
        assert_eq!(outcome.left_out, missing, "{format:?}");
        assert_eq!(outcome.faults.len() as u64, missing, "{:?}", outcome.faults);
        assert!(
            outcome
                .faults
                .iter()
                .all(|fault| fault.message.english().contains("longer than a cell"))
        );
        let file = anna.fetch(Source::Upload(upload)).await;
        let came_back = anna.import(&file, format, "sku").await;
        assert_eq!(
            (came_back.records, came_back.left_out),
            (3, 0),
            "{:?}",
            came_back.faults
        );
        let page = anna.page(entity, search("longtext")).await;
        for row in page.rows.iter().take(3) {
            let number: usize = row.title.trim_start_matches("Longtext ").parse().expect("a number");
            let view = anna.join(FormKey::record(row.id)).await;
            let whole = missing == 0 || number == 0;
            let expected = if whole { texts[number].as_str() } else { "" };
            assert!(view.value("description").text() == expected, "{format:?} {}", row.title);
        }
    }
}

#[tokio::test]
async fn a_moment_in_an_export_says_its_zone_and_is_the_one_of_the_save() {
    let server = Server::start_with(&["--grace-ms", "60000"]).await;
    let mut anna = server.peer("anna").await;
    let entity = anna.entity("product").await;
    product(&mut anna, "Zoned", "Z-1").await;
    let page = anna.page(entity, search("zoned")).await;
    let Timestamp(saved) = page.rows[0].updated.at;
    let minutes = saved.div_euclid(60_000);
    let (day, of_day) = (minutes.div_euclid(1440), minutes.rem_euclid(1440));
    for format in [Format::Csv, Format::Json] {
        let file = anna.export(entity, search("zoned"), &[TITLE, UPDATED_AT], format).await;
        let text = String::from_utf8(file).expect("text");
        let time = format!("{:02}:{:02} UTC", of_day / 60, of_day % 60);
        assert!(text.contains(&time), "day {day}: {time} is not in {text}");
    }
}
