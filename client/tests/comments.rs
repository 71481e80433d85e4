//! Comments that are written without the server (7.7, 5.3).

use crate::harness::{Harness, form};
use baton_client::core::{Input, Reply};
use baton_protocol::comment::{CommentChange, CommentText};
use baton_protocol::desktop::{DiscardComment, QueryServer, UiEvent};
use baton_protocol::id::{CommentId, RecordId};
use baton_protocol::message::{Answer, AnyQuery, AnyReply, ChangeComment, Code, Problem, ToClient, ToServer};
use uuid::Uuid;

fn comment(number: u128, thread: Option<u128>) -> ChangeComment {
    let text = CommentText {
        text: format!("Comment {number}"),
        mentions: Vec::new(),
    };
    ChangeComment {
        record: RecordId(form().id),
        comment: CommentId(Uuid::from_u128(number)),
        change: CommentChange::Add {
            thread: thread.map(|thread| CommentId(Uuid::from_u128(thread))),
            field: None,
            text,
        },
    }
}

fn write(harness: &mut Harness, comment: ChangeComment) {
    harness.call(QueryServer { query: comment.into() });
}

/// The comments that were sent, each with the request's number.
fn sent(harness: &Harness) -> Vec<(u64, CommentId)> {
    let sent = harness.sent.iter();
    sent.filter_map(|request| match &request.body {
        ToServer::Query(AnyQuery::ChangeComment(change)) => Some((request.id, change.comment)),
        _ => None,
    })
    .collect()
}

fn waiting(harness: &Harness) -> usize {
    harness.disk.held.get(&form()).map_or(0, |held| held.comments.len())
}

fn take(harness: &mut Harness, id: u64) {
    let answer = Answer::Reply(AnyReply::ChangeComment(()));
    harness.input(Input::Received(ToClient::Answer { id, answer }));
}

fn ids(sent: &[(u64, CommentId)]) -> Vec<u128> {
    sent.iter().map(|(_, comment)| comment.0.as_u128()).collect()
}

#[test]
fn a_comment_is_on_the_disk_before_its_author_hears_of_it_and_sent_with_the_next_connection() {
    let mut harness = Harness::signed_in();
    harness.cut();
    harness.disk.slow = true;
    write(&mut harness, comment(1, None));
    assert!(harness.replies.is_empty(), "the disk does not have it yet");
    harness.disk.slow = false;
    write(&mut harness, comment(2, Some(1)));
    let told = |reply: &Result<Reply, Problem>| matches!(reply, Ok(Reply::Query(_)));
    assert!(harness.replies.len() == 2 && harness.replies.iter().all(told));
    assert_eq!(waiting(&harness), 2);

    harness.reconnect();
    assert_eq!(ids(&sent(&harness)), [1], "an answer waits for what it answers");
    let id = sent(&harness)[0].0;
    take(&mut harness, id);
    assert_eq!(ids(&sent(&harness)), [1, 2]);
    let id = sent(&harness)[1].0;
    take(&mut harness, id);
    assert!(!harness.disk.held.contains_key(&form()), "nothing waits any more");
}

#[test]
fn a_comment_survives_the_program_and_a_lost_answer() {
    let mut harness = Harness::signed_in();
    harness.cut();
    write(&mut harness, comment(1, None));
    let mut harness = harness.killed_and_started_again();
    harness.connect();
    assert_eq!(ids(&sent(&harness)), [1]);
    harness.cut();
    harness.reconnect();
    assert_eq!(ids(&sent(&harness)), [1, 1], "the very same, under its own id");
    assert_eq!(waiting(&harness), 1);
}

#[test]
fn an_answer_that_was_lost_makes_a_new_comment_wait() {
    let mut harness = Harness::signed_in();
    write(&mut harness, comment(1, None));
    assert_eq!(waiting(&harness), 0, "it is on its way");
    harness.cut();
    assert_eq!(waiting(&harness), 1);
    assert_eq!(harness.replies.len(), 1);
}

#[test]
fn what_is_refused_stays_until_its_author_discards_it() {
    let mut harness = Harness::signed_in();
    harness.cut();
    write(&mut harness, comment(1, None));
    harness.reconnect();
    let id = sent(&harness)[0].0;
    let problem = Problem::new(Code::NotFound, "There is no such record.");
    harness.input(Input::Received(ToClient::Refused { id: Some(id), problem }));
    let held = harness.disk.held.get(&form()).expect("it is held");
    assert!(held.comments[0].refused.is_some(), "{held:?}");
    let toasts = harness.told.iter().filter(|told| matches!(told, UiEvent::Toast(_)));
    assert_eq!(toasts.count(), 1);
    harness.cut();
    harness.reconnect();
    assert_eq!(sent(&harness).len(), 1, "it is not sent again");
    let comment = CommentId(Uuid::from_u128(1));
    harness.call(DiscardComment { form: form(), comment });
    assert!(!harness.disk.held.contains_key(&form()));
}

#[test]
fn what_changes_a_comment_is_not_for_later() {
    let mut harness = Harness::signed_in();
    harness.cut();
    let change = ChangeComment {
        change: CommentChange::Resolve(true),
        ..comment(1, None)
    };
    write(&mut harness, change);
    assert!(matches!(harness.replies.as_slice(), [Err(problem)] if problem.code == Code::Offline));
}
