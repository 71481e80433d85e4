//! A command that comes again because its answer was lost has its effect once (G8), whatever the command.

use std::fmt::Debug;

use crate::support::jobs::csv_import;
use crate::support::{Server, new_op};
use baton_protocol::deletion::DeletionKind;
use baton_protocol::id::{FormKey, JobId, OpId, UserId};
use baton_protocol::job::{BulkAction, Job, RecordSelection};
use baton_protocol::message::{
    AddPerson, ChangePerson, ChangedAccount, CommitUpload, MoveRecord, Problem, Query, StartJob,
};
use baton_protocol::person::{PersonChange, UserRole};
use uuid::Uuid;

/// Asks, loses the line before the answer, and asks again over another one.
async fn twice<Q>(server: &Server, who: &str, query: Q) -> Result<Q::Reply, Problem>
where
    Q: Query<Reply: PartialEq + Debug> + Clone,
{
    let mut lost = server.peer(who).await;
    lost.say(query.clone()).await;
    // It may have come or not: that is what whoever asks again does not know.
    lost.cut();
    let mut again = server.peer(who).await;
    let first = again.query(query.clone()).await;
    let second = again.query(query).await;
    assert_eq!(first, second, "the answer is the same one");
    first
}

#[tokio::test]
async fn an_import_that_is_tried_again_makes_its_records_once() {
    let server = Server::start_with(&["--grace-ms", "60000"]).await;
    let mut anna = server.peer("anna").await;
    let entity = anna.entity("product").await;
    let before = anna.total(entity).await;
    let mut table = String::from("title,sku,price\n");
    for number in 0..50 {
        table.push_str(&format!("Row {number},R-{number},1\n"));
    }
    let upload = anna.bring(table.as_bytes()).await;
    let id = JobId(Uuid::new_v4());
    let job = csv_import(entity, upload, &["title", "sku", "price"], false);
    twice(&server, "anna", StartJob { id, job }).await.expect("begun, once");
    assert_eq!(anna.job_outcome(id).await.records, 50);
    assert_eq!(anna.total(entity).await, before + 50);
}

#[tokio::test]
async fn the_same_to_many_is_done_once() {
    let server = Server::start_with(&["--grace-ms", "60000"]).await;
    let mut anna = server.peer("anna").await;
    let entity = anna.entity("product").await;
    let records: Vec<_> = anna.records(entity).await.iter().take(5).map(|row| row.id).collect();
    let id = JobId(Uuid::new_v4());
    let job = Job::Bulk {
        entity,
        which: RecordSelection::Records(records.clone()),
        action: BulkAction::Remove(DeletionKind::Archived),
    };
    twice(&server, "anna", StartJob { id, job }).await.expect("begun, once");
    assert_eq!(anna.job_outcome(id).await.records, 5);
    let form = FormKey::record(records[0]);
    assert!(anna.join(form).await.gone.is_some());
}

#[tokio::test]
async fn an_account_a_row_and_a_file_are_made_moved_and_kept_once() {
    let server = Server::start_with(&["--grace-ms", "60000"]).await;
    let (mut ada, mut anna) = (server.peer("ada").await, server.peer("anna").await);
    let before = ada.people().await.len();
    let add = AddPerson {
        op: new_op(),
        email: "zoe@example.test".into(),
        name: "Zoe".into(),
        role: UserRole::Editor,
    };
    let ChangedAccount { account, password } = twice(&server, "ada", add).await.expect("added, once");
    assert!(password.is_some(), "the password is said again, or nobody knows it");
    assert_eq!(ada.people().await.len(), before + 1);
    let new_password = ChangePerson {
        op: new_op(),
        person: account.person.id,
        change: PersonChange::NewPassword,
    };
    twice(&server, "ada", new_password)
        .await
        .expect("one password, told twice");
    let nobody = ChangePerson {
        op: new_op(),
        person: UserId(Uuid::new_v4()),
        change: PersonChange::Name("X".into()),
    };
    twice(&server, "ada", nobody).await.expect_err("refused, twice");

    let entity = anna.entity("product").await;
    let rows = anna.records(entity).await;
    let take = MoveRecord {
        op: new_op(),
        record: rows[3].id,
        after: None,
    };
    twice(&server, "anna", take).await.expect("moved");
    let upload = anna.bring(b"once").await;
    let keep = CommitUpload {
        op: new_op(),
        upload,
        name: "once.txt".into(),
    };
    let kept = twice(&server, "anna", keep)
        .await
        .expect("kept, though the upload is gone");
    assert_eq!(kept.size, 4);
}

#[tokio::test]
async fn an_operation_of_somebody_else_is_another_one() {
    let server = Server::start_with(&["--grace-ms", "60000"]).await;
    let (mut anna, mut ben) = (server.peer("anna").await, server.peer("ben").await);
    let entity = anna.entity("product").await;
    let rows = anna.records(entity).await;
    let op: OpId = new_op();
    let take = |record, after| MoveRecord { op, record, after };
    anna.ask(take(rows[3].id, None)).await.expect("moved");
    ben.ask(take(rows[4].id, Some(rows[4].id)))
        .await
        .expect_err("his own, and wrong");
}
