//! A field becomes unique while records are saved: no two have the same afterwards, whatever happened meanwhile.
#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "a peer waits for one message and passes the others over"
)]

mod support;

use baton_protocol::definition::key;
use baton_protocol::draft::{Change, Edit};
use baton_protocol::field::Value;
use baton_protocol::id::{EntityId, FormKey, JobId};
use baton_protocol::job::{Format, Import, Job};
use baton_protocol::message::{Code, ToServer};
use baton_protocol::view::FormView;
use support::{Peer, Server, new_record, set, set_items, set_yes};
use uuid::Uuid;

/// More than one slice takes.
const RECORDS: usize = 1500;

/// Parts with a code, and many records of them.
async fn parts(ada: &mut Peer) -> (EntityId, FormView) {
    let entity = EntityId(Uuid::now_v7());
    let view = ada.open(FormKey::entity(entity), None).await;
    let definition = vec![
        set("label", "Part"),
        set("label_plural", "Parts"),
        set("status", "Published"),
        set_items("fields", &["a"]),
        set(&key("a", "label"), "Code"),
        set(&key("a", "type"), "Text"),
    ];
    ada.edit(&view, definition).await.expect("accepted");
    ada.save(&view).await.expect("saved");
    let rows: String = (0..RECORDS)
        .map(|number| format!("Part {number},R-{number}\n"))
        .collect();
    let upload = ada.bring(format!("title,code\n{rows}").as_bytes()).await;
    let id = JobId(Uuid::new_v4());
    let job = Job::Import(Import {
        entity,
        upload,
        format: Format::Csv,
        sheet: None,
        columns: ["title", "code"].map(|name| Some(name.to_owned())).to_vec(),
        all_or_nothing: false,
        dry_run: false,
    });
    ada.ask(ToServer::Begin { id, job }).await.expect("begun");
    assert_eq!(ada.job_outcome(id).await.records, RECORDS as u64);
    (entity, ada.again(view.form).await)
}

async fn save(peer: &mut Peer, view: &FormView, code: &str) -> Result<(), Code> {
    peer.edit(view, vec![set("code", code)]).await.expect("accepted");
    let saved = peer.save(view).await;
    saved.map(drop).map_err(|problem| problem.code)
}

async fn part(peer: &mut Peer, entity: EntityId) -> FormView {
    let view = peer.open(new_record(), Some(entity)).await;
    peer.edit(&view, vec![set("title", "New")]).await.expect("accepted");
    view
}

#[tokio::test]
async fn what_is_saved_while_a_field_becomes_unique_counts() {
    let server = Server::start_with(&["--grace-ms", "60000"]).await;
    let (mut ada, mut anna) = (server.peer("ada").await, server.peer("anna").await);
    let (entity, view) = parts(&mut ada).await;
    let own = part(&mut anna, entity).await;
    let defines = tokio::spawn(async move {
        ada.edit(&view, vec![set_yes(&key("a", "unique"))])
            .await
            .expect("accepted");
        ada.save(&view).await.expect("no two have the same");
        ada
    });
    let mut saves = 0;
    let mut own = own;
    while !defines.is_finished() {
        saves += 1;
        save(&mut anna, &own, &format!("A-{saves}")).await.expect("saved");
        own = anna.again(own.form).await;
    }
    assert!(saves > 1, "somebody saved meanwhile");
    defines.await.expect("it ends");

    let other = part(&mut anna, entity).await;
    for taken in ["R-0", "r-1499 ", &format!("A-{saves}")] {
        assert_eq!(save(&mut anna, &other, taken).await, Err(Code::Invalid), "{taken}");
    }
    save(&mut anna, &other, &format!("A-{}", saves - 1))
        .await
        .expect("nobody has it any more");
}

#[tokio::test]
async fn two_that_meet_while_a_field_becomes_unique_are_not_both_taken() {
    let server = Server::start_with(&["--grace-ms", "60000"]).await;
    let (mut ada, mut anna) = (server.peer("ada").await, server.peer("anna").await);
    let (entity, view) = parts(&mut ada).await;
    ada.edit(&view, vec![set_yes(&key("a", "unique"))])
        .await
        .expect("accepted");
    let mut met = Vec::new();
    for number in 0..8 {
        let one = part(&mut anna, entity).await;
        // Earlier and later in the order in which they are noted.
        let taken = format!("R-{}", number * 200);
        let (defined, saved) = tokio::join!(ada.save(&view), save(&mut anna, &one, &taken));
        met.push((defined.is_ok(), saved.is_ok()));
        assert!(
            !(defined.is_ok() && saved.is_ok()),
            "both were taken at the {number}th time"
        );
        if defined.is_ok() {
            break;
        }
        let again = anna.again(one.form).await;
        save(&mut anna, &again, &format!("X-{number}")).await.expect("free");
    }
    // Left alone it is taken.
    if !met.iter().any(|(defined, _)| *defined) {
        ada.save(&view).await.expect("no two have the same now");
    }
    let other = part(&mut anna, entity).await;
    assert_eq!(save(&mut anna, &other, "R-7").await, Err(Code::Invalid), "{met:?}");

    // Unique no more, and once more.
    for unique in [false, true] {
        let view = ada.again(view.form).await;
        let change = Change {
            field: key("a", "unique"),
            edit: Edit::Set(Value::Flag(unique)),
        };
        ada.edit(&view, vec![change]).await.expect("accepted");
        ada.save(&view).await.expect("saved");
        let other = part(&mut anna, entity).await;
        let code = if unique { "R-8" } else { "own" };
        let expected = if unique { Err(Code::Invalid) } else { Ok(()) };
        assert_eq!(save(&mut anna, &other, code).await, expected, "unique: {unique}");
    }
}
