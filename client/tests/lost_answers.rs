//! Queries whose answers are lost with the connection (G8), and a server that says what cannot be read.

use std::time::Duration;

use crate::harness::Harness;
use baton_client::core::Input;
use baton_protocol::desktop::{Link, QueryServer, UiEvent};
use baton_protocol::id::{EntityId, JobId, UploadId};
use baton_protocol::job::{Format, Import, Job};
use baton_protocol::message::{Answer, AnyQuery, AnyReply, Code, GetJobState, StartJob, ToClient, ToServer};
use uuid::Uuid;

fn import() -> StartJob {
    let job = Job::Import(Import {
        entity: EntityId(Uuid::from_u128(1)),
        upload: UploadId(Uuid::from_u128(2)),
        format: Format::Csv,
        sheet: None,
        columns: vec![Some("title".into())],
        key: None,
        all_or_nothing: false,
        dry_run: false,
    });
    let id = JobId(Uuid::from_u128(3));
    StartJob { id, job }
}

/// The queries that were sent, each with the request's number.
fn queries(harness: &Harness) -> Vec<(u64, AnyQuery)> {
    let sent = harness.sent.iter();
    sent.filter_map(|request| match &request.body {
        ToServer::Query(query) => Some((request.id, query.clone())),
        _ => None,
    })
    .collect()
}

#[test]
fn an_import_whose_answer_is_lost_is_begun_again_with_its_own_id() {
    let mut harness = Harness::signed_in();
    let query = AnyQuery::from(import());
    harness.call(QueryServer { query: query.clone() });
    harness.cut();
    assert!(harness.replies.is_empty(), "whoever waits is told of no failure");
    harness.reconnect();
    let sent = queries(&harness);
    assert_eq!(sent.len(), 2, "{sent:?}");
    assert_eq!((&sent[0].1, &sent[1].1), (&query, &query), "the very same");
    let answer = Answer::Reply(AnyReply::StartJob(()));
    harness.input(Input::Received(ToClient::Answer { id: sent[1].0, answer }));
    assert!(matches!(harness.replies.as_slice(), [Ok(_)]), "answered once");
    harness.cut();
    harness.reconnect();
    assert_eq!(queries(&harness).len(), 2, "what was answered is not sent again");
}

#[test]
fn what_only_reads_is_asked_anew_by_whoever_wants_it() {
    let mut harness = Harness::signed_in();
    let job = JobId(Uuid::from_u128(3));
    let query = AnyQuery::from(GetJobState { job });
    harness.call(QueryServer { query });
    harness.cut();
    let refused = harness.replies.pop().expect("answered at once");
    assert_eq!(refused.expect_err("it broke").code, Code::Offline);
    harness.reconnect();
    assert_eq!(queries(&harness).len(), 1);
}

#[test]
fn a_query_that_waits_for_a_server_that_stays_away_says_so_in_the_end() {
    let mut harness = Harness::signed_in();
    let query = AnyQuery::from(import());
    harness.call(QueryServer { query });
    harness.cut();
    for _ in 0..200 {
        if !harness.replies.is_empty() {
            break;
        }
        harness.wait();
        harness.input(Input::Disconnected { why: "away".into() });
    }
    let refused = harness.replies.pop().expect("not for ever");
    assert_eq!(refused.expect_err("away").code, Code::Offline);
    assert!(
        harness.now >= Duration::from_secs(60),
        "it had a minute: {:?}",
        harness.now
    );
}

#[test]
fn a_server_that_says_what_cannot_be_read_is_not_asked_at_once_again() {
    let mut harness = Harness::signed_in();
    let (connects, began) = (harness.connects, harness.now);
    harness.input(Input::Unreadable {
        why: "Too much.".into(),
    });
    let shown = harness.told.iter().rev().find_map(|event| match event {
        UiEvent::Link(Link::Waiting { why, .. }) => Some(why.clone()),
        _ => None,
    });
    assert_eq!(shown.as_deref(), Some("Too much."));
    harness.wait();
    assert_eq!(harness.connects, connects + 1, "it never gives up");
    assert!(
        harness.now - began >= Duration::from_secs(600),
        "{:?}",
        harness.now - began
    );
}
