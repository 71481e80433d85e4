//! A field becomes unique while records are saved: no two have the same afterwards, whatever happened meanwhile.

use crate::support::jobs::csv_import;
use crate::support::{Peer, Server, new_record, set};
use baton_protocol::definition::key;
use baton_protocol::draft::{Change, Edit};
use baton_protocol::field::Value;
use baton_protocol::form::FormSnapshot;
use baton_protocol::id::{EntityId, FormKey, JobId};
use baton_protocol::message::{Code, StartJob};
use uuid::Uuid;

/// More than one slice takes.
const RECORDS: usize = 1500;

fn unique(unique: bool) -> Change {
    Change {
        field: key("a", "unique"),
        edit: Edit::Set(Value::Bool(unique)),
    }
}

/// Many records of them; the definition as it is open.
async fn filled(ada: &mut Peer, entity: EntityId) -> FormSnapshot {
    filled_with(ada, entity, "R-").await
}

/// The same with codes that begin so.
async fn filled_with(ada: &mut Peer, entity: EntityId, prefix: &str) -> FormSnapshot {
    let rows: String = (0..RECORDS)
        .map(|number| format!("Part {number},{prefix}{number}\n"))
        .collect();
    let upload = ada.bring(format!("title,code\n{rows}").as_bytes()).await;
    let id = JobId(Uuid::new_v4());
    let job = csv_import(entity, upload, &["title", "code"], false);
    ada.ask(StartJob { id, job }).await.expect("begun");
    assert_eq!(ada.job_outcome(id).await.records, RECORDS as u64);
    ada.again(FormKey::entity(entity)).await
}

async fn save(peer: &mut Peer, view: &FormSnapshot, code: &str) -> Result<(), Code> {
    peer.edit(view, vec![set("code", code)]).await.expect("accepted");
    let saved = peer.save(view).await;
    saved.map(drop).map_err(|problem| problem.code)
}

async fn part(peer: &mut Peer, entity: EntityId) -> FormSnapshot {
    let view = peer.open(new_record(), Some(entity)).await;
    peer.edit(&view, vec![set("title", "New")]).await.expect("accepted");
    view
}

/// The first in the order in which records are noted: what is saved of it comes after its turn.
async fn first_part(peer: &mut Peer, entity: EntityId) -> FormSnapshot {
    let view = part(peer, entity).await;
    save(peer, &view, "A-0").await.expect("saved");
    peer.again(view.form).await
}

#[tokio::test]
async fn what_is_saved_while_a_field_becomes_unique_counts() {
    let server = Server::start_with(&["--grace-ms", "60000"]).await;
    let (mut ada, mut anna) = (server.peer("ada").await, server.peer("anna").await);
    let entity = ada.define_parts().await;
    let mut own = first_part(&mut anna, entity).await;
    let view = filled(&mut ada, entity).await;
    let defines = tokio::spawn(async move {
        ada.edit(&view, vec![unique(true)]).await.expect("accepted");
        ada.save(&view).await.expect("no two have the same");
    });
    let mut saves = 0;
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
    let entity = ada.define_parts().await;
    let mut own = first_part(&mut anna, entity).await;
    let mut view = filled(&mut ada, entity).await;
    let mut meanwhile = 0;
    for before in 0..12 {
        ada.edit(&view, vec![unique(true)]).await.expect("accepted");
        let (defined, saved) = tokio::join!(ada.save(&view), async {
            // Later in each round.
            for number in 0..before * 4 {
                save(&mut anna, &own, &format!("A-{number}")).await.expect("saved");
                own = anna.again(own.form).await;
            }
            save(&mut anna, &own, "R-7").await
        });
        assert!(!(defined.is_ok() && saved.is_ok()), "both were taken in round {before}");
        meanwhile += usize::from(defined.is_err());
        own = anna.again(own.form).await;
        save(&mut anna, &own, "A-0").await.expect("nobody else has it");
        own = anna.again(own.form).await;
        view = ada.again(view.form).await;
        if defined.is_ok() {
            ada.edit(&view, vec![unique(false)]).await.expect("accepted");
            ada.save(&view).await.expect("saved");
            let other = part(&mut anna, entity).await;
            save(&mut anna, &other, "R-7").await.expect("not unique any more");
            save(&mut anna, &other, &format!("X-{before}")).await.ok();
            let other = anna.again(other.form).await;
            save(&mut anna, &other, &format!("X-{before}")).await.ok();
            view = ada.again(view.form).await;
        }
    }
    assert!(meanwhile > 0, "nobody came in between");
}

#[tokio::test]
async fn a_unique_field_gets_another_type_while_records_are_saved() {
    let server = Server::start_with(&["--grace-ms", "60000"]).await;
    let (mut ada, mut anna) = (server.peer("ada").await, server.peer("anna").await);
    let entity = ada.define_parts().await;
    let mut own = first_part(&mut anna, entity).await;
    let view = ada.again(FormKey::entity(entity)).await;
    ada.edit(&view, vec![unique(true)]).await.expect("accepted");
    ada.save(&view).await.expect("no two have the same");
    let view = filled_with(&mut ada, entity, "").await;
    let mut second = part(&mut anna, entity).await;
    save(&mut anna, &second, "7.0").await.expect("another text than 7");
    second = anna.again(second.form).await;

    // As numbers two are the same: nothing changes, and the old type counts on.
    let number = || vec![set(&key("a", "type"), "number")];
    ada.edit(&view, number()).await.expect("accepted");
    assert_eq!(ada.save(&view).await.expect_err("7 and 7.0").code, Code::Invalid);
    let other = part(&mut anna, entity).await;
    assert_eq!(save(&mut anna, &other, "9").await, Err(Code::Invalid), "still unique");
    save(&mut anna, &other, "9.0").await.expect("another text than 9");
    save(&mut anna, &second, "7000").await.expect("another number");
    let other = anna.again(other.form).await;
    save(&mut anna, &other, "9000").await.expect("another number");

    let view = ada.again(view.form).await;
    let defines = tokio::spawn(async move {
        ada.edit(&view, number()).await.expect("accepted");
        ada.save(&view).await.expect("no two are the same number");
        ada
    });
    let mut saves = 0;
    while !defines.is_finished() {
        saves += 1;
        save(&mut anna, &own, &format!("{}", 10_000 + saves))
            .await
            .expect("saved");
        own = anna.again(own.form).await;
    }
    assert!(saves > 1, "somebody saved meanwhile");
    defines.await.expect("it ends");
    let last = part(&mut anna, entity).await;
    for taken in ["7.0", "1499", "7000.00", &format!("{}.0", 10_000 + saves)] {
        assert_eq!(save(&mut anna, &last, taken).await, Err(Code::Invalid), "{taken}");
    }
    save(&mut anna, &last, &format!("{}", 10_000 + saves - 1))
        .await
        .expect("nobody has it any more");
}
