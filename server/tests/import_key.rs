//! Rows that change the records they name by a key; and work on many records that is taken back.

use crate::support::tables::{import, search};
use crate::support::{Peer, Server, new_record, set, set_yes};
use baton_protocol::activity::{ActivityFilter, ActivityKind};
use baton_protocol::definition::key;
use baton_protocol::field::Value;
use baton_protocol::file::Source;
use baton_protocol::id::{EntityId, FormKey, JobId, RecordId};
use baton_protocol::job::{BulkAction, Format, Import, Job, JobOutcome, RecordSelection};
use baton_protocol::message::{Code, GetActivity, Problem, StartJob, ToServer};
use baton_protocol::values::{TITLE, Values};
use uuid::Uuid;

const COLUMNS: [&str; 3] = [TITLE, "sku", "price"];

/// A fruit of this code and price.
async fn fruit(peer: &mut Peer, title: &str, sku: &str, price: &str) -> FormKey {
    let entity = peer.entity("product").await;
    let view = peer.open(new_record(), Some(entity)).await;
    let changes = vec![set("title", title), set("sku", sku), set("price", price)];
    peer.edit(&view, changes).await.expect("accepted");
    peer.save(&view).await.expect("saved");
    leave(peer, view.form).await;
    view.form
}

async fn leave(peer: &mut Peer, form: FormKey) {
    peer.ask(ToServer::Leave { form }).await.expect("left");
}

async fn by_sku(peer: &mut Peer, table: &str) -> Import {
    let entity = peer.entity("product").await;
    let upload = peer.bring(table.as_bytes()).await;
    Import {
        key: Some("sku".into()),
        ..import(entity, upload, Format::Csv, &COLUMNS)
    }
}

async fn run(peer: &mut Peer, job: Job) -> Result<(JobId, JobOutcome), Problem> {
    let id = JobId(Uuid::now_v7());
    peer.query(StartJob { id, job }).await?;
    Ok((id, peer.job_outcome(id).await))
}

async fn value(peer: &mut Peer, form: FormKey, field: &str) -> String {
    let text = peer.again(form).await.value(field).text().to_owned();
    leave(peer, form).await;
    text
}

/// The collection of parts with a code that no two have, and two of them.
async fn parts_with_codes(ada: &mut Peer) -> EntityId {
    let entity = ada.define_parts().await;
    let definition = ada.again(FormKey::entity(entity)).await;
    ada.edit(&definition, vec![set_yes(&key("a", "unique"))])
        .await
        .expect("accepted");
    ada.save(&definition).await.expect("saved");
    for code in ["A", "B"] {
        let view = ada.open(new_record(), Some(entity)).await;
        ada.edit(&view, vec![set("title", code), set("code", code)])
            .await
            .expect("accepted");
        ada.save(&view).await.expect("saved");
        leave(ada, view.form).await;
    }
    entity
}

/// How many saves of records that were there before activity has an entry each for.
async fn saves_alone(peer: &mut Peer) -> usize {
    let query = GetActivity {
        filter: ActivityFilter::default(),
        before: None,
        after: None,
        rows: 100,
    };
    let page = peer.query(query).await.expect("activity");
    let later = page
        .rows
        .iter()
        .filter(|row| matches!(&row.what, ActivityKind::Saved { version, .. } if version.0 > 1));
    later.count()
}

/// What activity says of work on many records: which, and how many saves its reader may take back.
async fn work(peer: &mut Peer) -> Vec<(JobId, u64)> {
    let query = GetActivity {
        filter: ActivityFilter::default(),
        before: None,
        after: None,
        rows: 100,
    };
    let page = peer.query(query).await.expect("activity");
    let jobs = page.rows.into_iter().filter_map(|row| match row.what {
        ActivityKind::Job { job, undoable, .. } => Some((job, undoable)),
        _ => None,
    });
    jobs.collect()
}

#[tokio::test]
async fn rows_change_the_records_that_they_name_and_make_the_others() {
    let server = Server::start_with(&["--grace-ms", "60000"]).await;
    let (mut anna, mut ben) = (server.peer("anna").await, server.peer("ben").await);
    let fig = fruit(&mut anna, "Fruit fig", "F-1", "1.50").await;
    let pear = fruit(&mut anna, "Fruit pear", "F-2", "2").await;
    let edited = fruit(&mut anna, "Fruit plum", "F-3", "3").await;
    fruit(&mut anna, "Fruit twin", "F-4", "4").await;
    fruit(&mut anna, "Fruit twin too", " f-4", "4").await;
    let held = ben.join(edited).await;
    ben.edit(&held, vec![set("price", "9")]).await.expect("accepted");

    let table = "title,sku,price\n\
        Fruit fig,f-1,1.75\n\
        ,F-2,\n\
        Fruit plum,F-3,3.50\n\
        Fruit twin,F-4,5\n\
        Fruit nobody,,6\n\
        Fruit kiwi,F-9,7\n\
        Fruit kiwi again,F-9,8\n\
        Fruit fig,F-1,dear\n";
    let mut job = by_sku(&mut anna, table).await;
    job.dry_run = true;
    let (_, tried) = run(&mut anna, Job::Import(job.clone())).await.expect("begun");
    // Who edits what is not looked at before.
    assert_eq!(
        (tried.records, tried.updated, tried.unchanged, tried.left_out),
        (3, 2, 1, 4),
        "{tried:?}"
    );
    assert_eq!(value(&mut anna, fig, "price").await, "1.50", "it was only tried");

    job.dry_run = false;
    let (id, done) = run(&mut anna, Job::Import(job)).await.expect("begun");
    assert_eq!(
        (done.records, done.updated, done.unchanged, done.left_out),
        (2, 1, 1, 5),
        "{done:?}"
    );
    assert_eq!(value(&mut anna, fig, "price").await, "1.75");
    assert_eq!(
        value(&mut anna, pear, "price").await,
        "2",
        "an empty cell changes nothing"
    );
    assert_eq!(value(&mut anna, pear, "title").await, "Fruit pear");
    let mut faults: Vec<_> = done
        .faults
        .iter()
        .map(|fault| (fault.row, fault.message.to_string()))
        .collect();
    faults.sort();
    let said = |row: u64, words: &str| faults.iter().any(|(of, why)| *of == row && why.contains(words));
    assert!(said(4, "Ben is editing it"), "{faults:?}");
    assert!(said(5, "names several records"), "{faults:?}");
    assert!(said(6, "is empty"), "{faults:?}");
    assert!(said(8, "the same as in row 7"), "{faults:?}");
    assert!(said(9, "the same as in row 2"), "{faults:?}");

    mended_and_taken_back(&mut anna, id, &done).await;
    assert_eq!(value(&mut anna, fig, "price").await, "1.50");
}

/// What was left out comes as a table that can be mended and imported again; what was done is taken back.
async fn mended_and_taken_back(anna: &mut Peer, id: JobId, done: &JobOutcome) {
    let upload = done.failed_rows.expect("the rows that were left out");
    let failed = String::from_utf8(anna.fetch(Source::Upload(upload)).await).expect("text");
    assert_eq!(failed.lines().count(), 6, "{failed}");
    assert!(failed.starts_with("title,sku,price,Left out because\r\n"), "{failed}");
    let mended = failed.replace("F-9", "F-10");
    let upload = anna.bring(mended.as_bytes()).await;
    let entity = anna.entity("product").await;
    let mut again = import(entity, upload, Format::Csv, &[TITLE, "sku", "price", ""]);
    again.key = Some("sku".into());
    let (_, again) = run(anna, Job::Import(again)).await.expect("begun");
    assert_eq!(again.records, 1, "{again:?}");

    // What it did is taken back: one goes into the bin, one is as it was.
    let (_, undone) = run(anna, Job::Undo { entity, job: id }).await.expect("begun");
    assert_eq!((undone.records, undone.left_out), (2, 0), "{undone:?}");
    let kiwis = anna.page(entity, search("kiwi")).await;
    assert!(kiwis.rows.iter().all(|row| row.title != "Fruit kiwi"), "{kiwis:?}");
    let (_, twice) = run(anna, Job::Undo { entity, job: id }).await.expect("begun");
    assert_eq!((twice.records, twice.left_out), (0, 0), "nothing is left to undo");
}

#[tokio::test]
async fn a_key_names_records_by_a_column_and_is_not_all_or_nothing() {
    let server = Server::start_with(&["--grace-ms", "60000"]).await;
    let mut anna = server.peer("anna").await;
    let good = by_sku(&mut anna, "title,sku,price\nA,S-1,1\n").await;
    for (key, all_or_nothing) in [("sku", true), ("in_stock", false), ("slug", false), ("nothing", false)] {
        let job = Import {
            key: Some(key.into()),
            all_or_nothing,
            ..good.clone()
        };
        let (_, outcome) = run(&mut anna, Job::Import(job)).await.expect("begun");
        assert!(outcome.problem.is_some() && outcome.records == 0, "{key}: {outcome:?}");
    }
}

#[tokio::test]
async fn a_unique_value_is_not_given_to_two_records_and_a_record_keeps_its_own() {
    let server = Server::start_with(&["--grace-ms", "60000"]).await;
    let mut ada = server.peer("ada").await;
    let entity = parts_with_codes(&mut ada).await;
    let upload = ada.bring(b"title,code\nA,A\nB,A\n").await;
    let mut job = import(entity, upload, Format::Csv, &[TITLE, "code"]);
    job.key = Some(TITLE.into());
    let (_, outcome) = run(&mut ada, Job::Import(job)).await.expect("begun");
    assert_eq!(
        (outcome.updated, outcome.unchanged, outcome.left_out),
        (0, 1, 1),
        "{outcome:?}"
    );
    assert!(
        outcome.faults[0].message.english().contains("has the same Code"),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn work_on_many_records_is_taken_back_at_any_time_by_who_may() {
    let mut server = Server::start_with(&["--grace-ms", "60000"]).await;
    let (mut ada, mut anna, mut ben) = (
        server.peer("ada").await,
        server.peer("anna").await,
        server.peer("ben").await,
    );
    let entity = anna.entity("product").await;
    let mut records = Vec::new();
    for number in 0..3 {
        let form = fruit(&mut anna, &format!("Fruit {number}"), &format!("F-{number}"), "1").await;
        records.push(form);
    }
    let bulk = Job::Bulk {
        entity,
        which: RecordSelection::Records(records.iter().map(|form| RecordId(form.id)).collect()),
        action: BulkAction::Set(Values::from([("price".into(), Value::from_text("5"))])),
    };
    let (id, done) = run(&mut anna, bulk).await.expect("begun");
    assert_eq!(done.records, 3);
    assert!(work(&mut anna).await.contains(&(id, 3)), "who did it may take it back");
    assert_eq!(saves_alone(&mut ben).await, 0, "it is one entry");
    assert!(
        work(&mut ben).await.contains(&(id, 0)),
        "a colleague sees it, and may not"
    );
    assert!(
        work(&mut ada).await.contains(&(id, 3)),
        "who manages the collection may"
    );
    let refused = run(&mut ben, Job::Undo { entity, job: id }).await;
    assert_eq!(refused.expect_err("not his").code, Code::Forbidden);
    let unknown = Job::Undo {
        entity,
        job: JobId(Uuid::new_v4()),
    };
    assert_eq!(run(&mut anna, unknown).await.expect_err("none").code, Code::NotFound);
    let elsewhere = Job::Undo {
        entity: anna.entity("staff").await,
        job: id,
    };
    assert_eq!(run(&mut anna, elsewhere).await.expect_err("none").code, Code::NotFound);

    // One of them was saved again since, and stays as it is now.
    let view = ben.again(records[0]).await;
    ben.edit(&view, vec![set("price", "6")]).await.expect("accepted");
    ben.save(&view).await.expect("saved");
    ben.ask(ToServer::Leave { form: records[0] }).await.expect("left");
    server.kill_and_restart().await;
    let mut ada = server.peer("ada").await;
    let (_, undone) = run(&mut ada, Job::Undo { entity, job: id }).await.expect("begun");
    assert_eq!((undone.records, undone.left_out), (2, 1), "{undone:?}");
    assert!(
        undone.faults[0].message.english().contains("saved again since"),
        "{undone:?}"
    );
    let prices = [
        value(&mut ada, records[0], "price").await,
        value(&mut ada, records[1], "price").await,
        value(&mut ada, records[2], "price").await,
    ];
    assert_eq!(prices, ["6", "1", "1"]);
    assert!(work(&mut ada).await.contains(&(id, 1)), "one is left");
}

#[tokio::test]
async fn a_record_that_an_import_made_and_somebody_changed_since_stays() {
    let server = Server::start_with(&["--grace-ms", "60000"]).await;
    let (mut anna, mut ben) = (server.peer("anna").await, server.peer("ben").await);
    let entity = anna.entity("product").await;
    let table = b"title,sku,price\nFruit one,F-1,1\nFruit two,F-2,2\n";
    let upload = anna.bring(table).await;
    let job = import(entity, upload, Format::Csv, &COLUMNS);
    let (id, made) = run(&mut anna, Job::Import(job)).await.expect("begun");
    assert_eq!(made.records, 2);
    let page = ben.page(entity, search("fruit one")).await;
    let form = FormKey::record(page.rows[0].id);
    let view = ben.join(form).await;
    ben.edit(&view, vec![set("price", "9")]).await.expect("accepted");
    ben.save(&view).await.expect("saved");
    leave(&mut ben, form).await;
    let (_, undone) = run(&mut anna, Job::Undo { entity, job: id }).await.expect("begun");
    assert_eq!((undone.records, undone.left_out), (1, 1), "{undone:?}");
    assert_eq!(undone.faults[0].title, "Fruit one");
    let left = anna.page(entity, search("fruit")).await;
    let titles: Vec<&str> = left.rows.iter().map(|row| row.title.as_str()).collect();
    assert_eq!(titles, ["Fruit one"]);
    assert_eq!(value(&mut anna, form, "price").await, "9");
}

#[tokio::test]
async fn what_somebody_edits_is_not_taken_from_them_and_what_was_undone_is_done_again() {
    let server = Server::start_with(&["--grace-ms", "60000"]).await;
    let (mut anna, mut ben) = (server.peer("anna").await, server.peer("ben").await);
    let entity = anna.entity("product").await;
    let upload = anna.bring(b"title,sku,price\nFruit one,F-1,1\nFruit two,F-2,2\n").await;
    let job = import(entity, upload, Format::Csv, &COLUMNS);
    let (id, _) = run(&mut anna, Job::Import(job)).await.expect("begun");
    let page = ben.page(entity, search("fruit one")).await;
    let edited = FormKey::record(page.rows[0].id);
    let view = ben.join(edited).await;
    ben.edit(&view, vec![set("title", "Fruit one of Ben")])
        .await
        .expect("accepted");
    let (_, undone) = run(&mut anna, Job::Undo { entity, job: id }).await.expect("begun");
    assert_eq!((undone.records, undone.left_out), (1, 1), "{undone:?}");
    assert!(
        undone.faults[0].message.english().contains("Ben is editing it"),
        "{undone:?}"
    );

    let pear = fruit(&mut anna, "Fruit pear", "F-9", "2").await;
    let keyed = by_sku(&mut anna, "title,sku,price\n,F-9,3\n").await;
    let (changed, _) = run(&mut anna, Job::Import(keyed)).await.expect("begun");
    let (undo, _) = run(&mut anna, Job::Undo { entity, job: changed }).await.expect("begun");
    assert_eq!(value(&mut anna, pear, "price").await, "2");
    let (_, again) = run(&mut anna, Job::Undo { entity, job: undo }).await.expect("begun");
    assert_eq!((again.records, again.left_out), (1, 0), "{again:?}");
    assert_eq!(value(&mut anna, pear, "price").await, "3");
}

#[tokio::test]
async fn a_row_that_cannot_be_read_says_why_and_takes_nothing_from_others() {
    let server = Server::start_with(&["--grace-ms", "60000"]).await;
    let mut ada = server.peer("ada").await;
    let entity = parts_with_codes(&mut ada).await;
    // The first row is left out for its title, so its code is free for the second.
    let long = "x".repeat(3000);
    let rows = format!("title,code,slug\n{long},C,a\nNew,C,c\n");
    let upload = ada.bring(rows.as_bytes()).await;
    let mut job = import(entity, upload, Format::Csv, &[TITLE, "code", "slug"]);
    job.key = Some("slug".into());
    let (_, outcome) = run(&mut ada, Job::Import(job)).await.expect("begun");
    assert_eq!(
        (outcome.records, outcome.updated, outcome.left_out),
        (1, 0, 1),
        "{outcome:?}"
    );
    assert!(!outcome.faults[0].message.english().contains("is empty"), "{outcome:?}");
}
