//! What comes to a form at one moment is carried out together: each has its own answer, and what was answered is kept.

use std::collections::BTreeSet;

use baton_protocol::form::{FormCommand, FormSnapshot, Notice};
use baton_protocol::id::{FormKey, Rev};
use baton_protocol::message::{Answer, Code, Problem, ToClient, ToServer};
use tokio::task::JoinSet;

use crate::support::{Peer, Server, new_op, set};

/// How many come, or are typed, at one moment.
const MANY: usize = 40;
/// What stands between what is typed, at this place.
const PING: usize = 10;

fn typed(view: &FormSnapshot, field: &str, text: &str) -> ToServer {
    let command = FormCommand::Change {
        fence: view.fence,
        op: new_op(),
        rev: None,
        changes: vec![set(field, text)],
    };
    ToServer::Form {
        form: view.form,
        command,
    }
}

/// The next answer, whichever request it is of.
async fn next_answer(peer: &mut Peer) -> (u64, Result<Answer, Problem>) {
    peer.hear(|message| match message {
        ToClient::Answer { id, answer } => Some((*id, Ok(answer.clone()))),
        ToClient::Refused { id, problem } => Some((id.expect("of a request"), Err(problem.clone()))),
        _ => None,
    })
    .await
}

#[tokio::test]
async fn changes_that_arrive_together_are_answered_each_in_their_order_and_outlive_a_kill() {
    let mut server = Server::start().await;
    let (mut anna, mut ben) = (server.peer("anna").await, server.peer("ben").await);
    let form = anna.a_product().await;
    let hers = anna.join(form).await;
    let mut seen = ben.join(form).await;
    let mut requests: Vec<ToServer> = (0..MANY)
        .map(|number| typed(&hers, "title", &format!("Coat {number}")))
        .collect();
    // One that is refused takes no other with it, and what follows the changes waits for its turn.
    requests[MANY / 2] = typed(&hers, "nothing", "x");
    requests.insert(PING, ToServer::Ping);
    let ids = anna.say_together(requests).await;
    let mut rev = hers.rev;
    for (number, wanted) in ids.into_iter().enumerate() {
        let (id, answer) = next_answer(&mut anna).await;
        assert_eq!(id, wanted, "request {number}");
        match answer {
            Ok(Answer::Accepted { rev: now }) => {
                assert_eq!(now, rev.next(), "request {number}");
                rev = now;
            }
            Ok(Answer::Done) => assert_eq!(number, PING),
            Err(problem) => assert_eq!((number, problem.code), (MANY / 2 + 1, Code::BadChange)),
            other => panic!("request {number}: {other:?}"),
        }
    }
    let typed_in_all = Rev(hers.rev.0 + MANY as u64 - 1);
    assert_eq!(rev, typed_in_all);
    while seen.rev < rev {
        let notice = ben.hear_notice(|notice| Some(notice.clone())).await;
        seen.apply(&notice).expect("no gap");
    }
    let last = format!("Coat {}", MANY - 1);
    assert_eq!(seen.value("title").text(), last);
    server.kill_and_restart().await;
    let kept = server.peer("ben").await.join(form).await;
    assert_eq!((kept.rev, kept.value("title").text()), (rev, last.as_str()));
}

async fn come(mut peer: Peer, form: FormKey) -> (Peer, FormSnapshot) {
    let view = peer.join(form).await;
    (peer, view)
}

#[tokio::test]
async fn each_of_a_crowd_that_opens_a_form_at_once_has_a_place_that_outlives_a_kill() {
    let mut server = Server::start_with(&["--grace-ms", "60000"]).await;
    let mut anna = server.peer("anna").await;
    let form = anna.a_product().await;
    let mut hers = anna.join(form).await;
    let mut crowd = Vec::new();
    for _ in 0..MANY {
        crowd.push(server.peer("ben").await);
    }
    let mut opening = JoinSet::new();
    for peer in crowd {
        opening.spawn(come(peer, form));
    }
    let mut places = BTreeSet::new();
    let mut there = Vec::new();
    while let Some(came) = opening.join_next().await {
        let (peer, view) = came.expect("no panic");
        let place = view.me.expect("a place");
        assert!(
            view.editors.iter().any(|editor| editor.ticket == place),
            "in its own answer"
        );
        places.insert(place);
        there.push(peer);
    }
    assert_eq!(places.len(), MANY, "each has a place of its own");
    while hers.editors.len() < MANY + 1 {
        let notice = anna.hear_notice(|notice| Some(notice.clone())).await;
        assert!(!matches!(notice, Notice::Changed { .. }));
        hers.apply(&notice).expect("no gap");
    }
    let order: Vec<_> = hers.editors.iter().skip(1).map(|editor| editor.ticket).collect();
    assert_eq!(
        order,
        places.into_iter().collect::<Vec<_>>(),
        "in the order of their tickets"
    );
    // Whoever has a place hears what is typed next.
    anna.change(form, hers.fence, "title", "Coat").await.expect("accepted");
    for peer in &mut there {
        peer.hear_notice(|notice| matches!(notice, Notice::Changed { .. }).then_some(()))
            .await;
    }
    server.kill_and_restart().await;
    let after = server.peer("ben").await.join(form).await;
    let reserved = after
        .editors
        .iter()
        .filter(|editor| editor.reserved_ms.is_some())
        .count();
    assert_eq!(reserved, MANY + 1, "nobody's place is lost");
}
