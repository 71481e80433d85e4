//! What happens at this moment, as admins see it.
#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "a peer waits for one message and passes the others over"
)]

mod support;

use baton_protocol::live::{Live, OnlinePerson, Page};
use baton_protocol::message::{Code, GetLive, GetOnline, ToServer};
use baton_protocol::person::UserRole;
use baton_protocol::rights::Access;
use support::groups::grant;
use support::{Peer, Server, set};

async fn live(ada: &mut Peer) -> Live {
    ada.query(GetLive {}).await.expect("an admin")
}

/// Asks until it is so.
async fn until(ada: &mut Peer, what: &str, so: impl Fn(&Live) -> bool) -> Live {
    let asked = async {
        loop {
            let now = live(ada).await;
            if so(&now) {
                return now;
            }
        }
    };
    tokio::time::timeout(support::TIMEOUT, asked).await.expect(what)
}

#[tokio::test]
async fn sessions_are_counted_once_each_and_people_once_however_many_windows_they_have() {
    let server = Server::start_with(&["--grace-ms", "60000"]).await;
    let (mut ada, mut anna) = (server.peer("ada").await, server.peer("anna").await);
    let second = server.peer("anna").await;
    let mut stranger = server.stranger().await;
    stranger.hello(None).await;
    let now = live(&mut ada).await;
    assert_eq!((now.now.connected, now.now.signed_in, now.people), (4, 3, 2));
    let names: Vec<_> = now
        .sessions
        .iter()
        .filter_map(|one| Some(one.person.as_ref()?.name.clone()))
        .collect();
    assert_eq!(names.iter().filter(|name| *name == "Anna").count(), 2);
    assert_eq!(now.sessions.iter().filter(|one| one.own).count(), 1);
    assert!(
        now.sessions
            .iter()
            .all(|one| one.origin.client.as_deref() == Some("test"))
    );

    second.close().await;
    stranger.close().await;
    let now = until(&mut ada, "two are left", |now| now.now.connected == 2).await;
    assert_eq!((now.now.signed_in, now.people), (2, 2));
    anna.ask(ToServer::SignOut).await.expect("signed out");
    let now = live(&mut ada).await;
    assert_eq!(
        (now.now.connected, now.now.signed_in),
        (2, 1),
        "connected still, and nobody"
    );
    let refused = server.peer("ben").await.query(GetLive {}).await;
    assert_eq!(refused.expect_err("no admin").code, Code::Forbidden);
}

#[tokio::test]
async fn pages_are_what_desktops_say_and_decide_nothing() {
    let server = Server::start().await;
    let (mut ada, mut anna) = (server.peer("ada").await, server.peer("anna").await);
    let product = ada.entity("product").await;
    let page = Page::Records(product);
    ada.ask(ToServer::ShowPage { page }).await.expect("told");
    for page in [Page::Records(product), Page::Definition(product)] {
        anna.ask(ToServer::ShowPage { page }).await.expect("told");
    }
    let now = live(&mut ada).await;
    assert_eq!(now.pages.len(), 2);
    assert!(now.pages.contains(&(Page::Records(product), 1)) && now.pages.contains(&(Page::Definition(product), 1)));
    // To show an admin's page gives nobody an admin's rights.
    assert_eq!(
        anna.query(GetLive {}).await.expect_err("no admin").code,
        Code::Forbidden
    );
    let mut stranger = server.stranger().await;
    stranger.hello(None).await;
    stranger
        .ask(ToServer::ShowPage { page: Page::Other })
        .await
        .expect("told");
    let refused = stranger.ask(GetLive {}).await.expect_err("nobody");
    assert_eq!(refused.code, Code::SignInNeeded);
    let now = live(&mut ada).await;
    assert!(now.pages.contains(&(Page::Other, 1)), "visitors are counted, too");
}

#[tokio::test]
async fn open_forms_say_who_edits_who_waits_and_what_is_unsaved() {
    let server = Server::start_with(&["--grace-ms", "60000"]).await;
    let (mut ada, mut anna, mut ben) = (
        server.peer("ada").await,
        server.peer("anna").await,
        server.peer("ben").await,
    );
    let form = anna.a_product().await;
    let view = anna.join(form).await;
    ben.join(form).await;
    anna.edit(&view, vec![set("title", "A title that is not saved")])
        .await
        .expect("typed");
    let now = live(&mut ada).await;
    let [open] = &now.forms[..] else {
        panic!("{:?} is not one form", now.forms);
    };
    assert_eq!((open.form, open.title.as_str()), (form, "A title that is not saved"));
    let editors: Vec<_> = open.editors.iter().map(|editor| editor.person.name.as_str()).collect();
    assert_eq!(editors, ["Anna", "Ben"]);
    assert_eq!(open.authors[0].name, "Anna");
    anna.cut();
    let now = until(&mut ada, "her place is held", |now| {
        now.forms.iter().any(|open| open.editors[0].reserved_ms.is_some())
    })
    .await;
    assert_eq!(now.forms[0].editors.len(), 2);
}

#[tokio::test]
async fn everybody_sees_who_is_online_and_where_as_far_as_they_may_see_that() {
    let server = Server::start_with(&["--grace-ms", "60000"]).await;
    let (mut ada, mut anna) = (server.peer("ada").await, server.peer("anna").await);
    let form = anna.a_product().await;
    anna.join(form).await;
    // Dora sees nothing but what her group gives.
    let (mut dora, dora_id) = server.newcomer(&mut ada, "Dora", UserRole::None).await;
    let online = async |peer: &mut Peer| peer.query(GetOnline {}).await.expect("for everybody");
    let names = |people: &[OnlinePerson]| people.iter().map(|one| one.person.name.clone()).collect::<Vec<_>>();
    let seen = online(&mut ada).await;
    assert_eq!(names(&seen), ["Ada", "Anna"], "Dora shares nothing with anybody");
    assert!(seen[0].own && !seen[1].own);
    assert_eq!(seen[1].forms.len(), 1);
    assert!(seen[1].forms[0].edits && seen[1].forms[0].form == form);
    let alone = online(&mut dora).await;
    assert_eq!((names(&alone), alone[0].own), (vec!["Dora".to_owned()], true));

    let staff = ada.entity("staff").await;
    ada.make_group("Office", &[dora_id], &[(staff, grant(Access::View, &[]))])
        .await;
    let seen = online(&mut dora).await;
    assert_eq!(names(&seen), ["Ada", "Anna", "Dora"]);
    assert!(seen[1].forms.is_empty(), "what she may not see is not told: {seen:?}");
}
