//! This moment is told as what is different, to the admins who watch it.

use crate::support::live::{live_change, watch_live};
use crate::support::{Server, set};
use baton_protocol::id::Seq;
use baton_protocol::live::Live;
use baton_protocol::message::{Code, ToClient, ToServer, Topic};

#[tokio::test]
async fn subscribers_get_differences_and_converge_with_a_late_subscriber() {
    let server = Server::start_with(&["--grace-ms", "60000"]).await;
    let (mut ada, mut anna) = (server.peer("ada").await, server.peer("anna").await);
    let (mut seq, mut shown) = watch_live(&mut ada).await.expect("an admin");
    let own = shown.sessions.iter().find(|one| Some(one.id) == shown.own);
    assert_eq!(own.and_then(|own| own.person.clone()).expect("herself").name, "Ada");

    let form = anna.a_product().await;
    anna.join(form).await;
    let ben = server.peer("ben").await;
    let begun = tokio::time::Instant::now();
    let mut changes = 0_u32;
    while shown.people < 3 || shown.forms.iter().all(|open| open.form != form) {
        let (number, change) = live_change(&mut ada).await;
        assert_eq!(number, Seq(seq.0 + 1), "none is missed");
        assert!(change.sessions.len() < 3, "only what is different: {change:?}");
        shown.apply(change);
        (seq, changes) = (number, changes + 1);
    }
    // Twice a second, and one that was due already.
    let most = begun.elapsed().as_millis() / 500 + 2;
    assert!(u128::from(changes) <= most, "{changes} of {most}");

    ben.close().await;
    while shown.people > 2 {
        let (_, change) = live_change(&mut ada).await;
        shown.apply(change);
    }
    // Another window of hers sees the same.
    let mut again = server.peer("ada").await;
    let (_, fresh) = watch_live(&mut again).await.expect("an admin");
    while shown.sessions.len() < fresh.sessions.len() {
        let (_, change) = live_change(&mut ada).await;
        shown.apply(change);
    }
    let as_for_all = |live: &Live| Live {
        own: None,
        now: fresh.now,
        hour: Vec::new(),
        ..live.clone()
    };
    assert_eq!(as_for_all(&shown), as_for_all(&fresh));
    assert_ne!(shown.own, fresh.own);
}

#[tokio::test]
async fn an_idle_server_publishes_nothing_and_only_admins_subscribe() {
    let server = Server::start().await;
    let (mut ada, mut anna) = (server.peer("ada").await, server.peer("anna").await);
    assert_eq!(watch_live(&mut anna).await.expect_err("no admin").code, Code::Forbidden);
    watch_live(&mut ada).await.expect("an admin");
    // Typing is no change of this moment as long as the form is open and the person active.
    let form = anna.a_product().await;
    let view = anna.join(form).await;
    let (_, change) = live_change(&mut ada).await;
    assert_eq!(change.forms.len(), 1);
    for key in ["A", "B", "C"] {
        anna.edit(&view, vec![set("title", key)]).await.expect("typed");
    }
    let mut told = 0;
    let more = tokio::time::timeout(std::time::Duration::from_secs(3), async {
        loop {
            live_change(&mut ada).await;
            told += 1;
        }
    });
    more.await.expect_err("it ends");
    // The title, whose unsaved text it is, and perhaps a minute that is over or ten seconds of activity.
    assert!(told <= 3, "{told} changes");
    ada.ask(ToServer::Unwatch { topic: Topic::Live }).await.expect("done");
    let third = server.peer("ben").await;
    ada.ask(ToServer::Ping).await.expect("answered");
    while let Some(message) = ada.heard_already() {
        assert!(!matches!(message, ToClient::LiveChanged { .. }), "she looks no more");
    }
    third.close().await;
}
