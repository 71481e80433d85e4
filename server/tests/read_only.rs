//! Forms that are opened read-only: live, and without a place in the queue.

use crate::support::{Peer, Server, new_record, set};
use baton_protocol::form::Notice;
use baton_protocol::form::{FormSnapshot, Role};
use baton_protocol::id::FormKey;
use baton_protocol::message::{Answer, Code, ToServer};

async fn open_read_only(peer: &mut Peer, form: FormKey) -> FormSnapshot {
    match peer.ask(ToServer::OpenReadOnly { form }).await {
        Ok(Answer::Joined(view)) => *view,
        other => panic!("not shown: {other:?}"),
    }
}

#[tokio::test]
async fn whoever_looks_sees_each_key_and_takes_a_place_only_when_they_join() {
    let server = Server::start().await;
    let (mut anna, mut ben) = (server.peer("anna").await, server.peer("ben").await);
    let form = anna.a_product().await;
    let seen = open_read_only(&mut ben, form).await;
    assert_eq!(
        (seen.role(), seen.editors.len()),
        (Role::Viewer, 0),
        "it stays nobody's"
    );
    let view = anna.join(form).await;
    assert_eq!(view.role(), Role::Owner);
    assert_eq!(view.viewers.len(), 1, "who looks is named");
    anna.edit(&view, vec![set("title", "Typed")]).await.expect("accepted");
    ben.hear_notice(|notice| matches!(notice, Notice::Changed { .. }).then_some(()))
        .await;
    let refused = ben.edit(&seen, vec![set("title", "Mine")]).await;
    assert!(refused.is_err(), "who looks changes nothing");

    let mut joined = ben.join(form).await;
    assert_eq!(joined.role(), Role::Spectator);
    assert_eq!(joined.viewers.len(), 0, "nobody is both");
    anna.ask(ToServer::Leave { form }).await.expect("left");
    ben.follow(&mut joined, |view| view.editors.len() == 1).await;
}

#[tokio::test]
async fn nothing_is_made_by_looking() {
    let server = Server::start().await;
    let mut anna = server.peer("anna").await;
    let refused = anna.ask(ToServer::OpenReadOnly { form: new_record() }).await;
    assert_eq!(refused.expect_err("there is none").code, Code::NotFound);
    let form = anna.a_product().await;
    open_read_only(&mut anna, form).await;
    let mut ben = server.peer("ben").await;
    assert_eq!(ben.join(form).await.role(), Role::Owner, "who looks is in nobody's way");
    anna.ask(ToServer::Leave { form }).await.expect("left");
    let view = ben.join(form).await;
    assert_eq!(view.viewers.len(), 0);
}
