//! What ends with a sign-in: its places, also those that wait for a line that broke; and the token of who signed out
//! without the server.

use crate::support::live::live;
use crate::support::{Peer, Server, new_op};
use baton_protocol::audit::OwnerReason;
use baton_protocol::form::Role;
use baton_protocol::id::FormKey;
use baton_protocol::message::{Answer, ChangePerson, Code, EndSignIn, GetOwners, GetSignIns, ToServer};
use baton_protocol::person::{PersonChange, Secret};

/// Anna's place waits for her; Ben is behind her.
async fn away(server: &Server) -> (Peer, Peer, FormKey) {
    let (mut anna, mut ben) = (server.peer("anna").await, server.peer("ben").await);
    let ada = server.peer("ada").await;
    let form = anna.a_product().await;
    anna.join(form).await;
    ben.join(form).await;
    anna.cut();
    ben.hear_reserved().await;
    (ada, ben, form)
}

/// Ben follows at once, and not after the minute that a place is held; why.
async fn follows(ben: &mut Peer, form: FormKey) -> OwnerReason {
    ben.hear_promotion(form).await;
    let owners = ben.query(GetOwners { form }).await.expect("he sees the record");
    owners[0].why
}

#[tokio::test]
async fn a_place_that_waits_ends_with_its_sign_in_whoever_ends_it() {
    for deactivates in [true, false] {
        let server = Server::start_with(&["--grace-ms", "60000"]).await;
        let (mut ada, mut ben, form) = away(&server).await;
        let anna = ada.id_of("Anna").await;
        if deactivates {
            let (op, change) = (new_op(), PersonChange::Deactivate);
            ada.query(ChangePerson {
                op,
                person: anna,
                change,
            })
            .await
            .expect("done");
        } else {
            let sign_ins = ada.query(GetSignIns { person: Some(anna) }).await.expect("an admin");
            for row in sign_ins {
                ada.query(EndSignIn { sign_in: row.id }).await.expect("ended");
            }
        }
        assert_eq!(follows(&mut ben, form).await, OwnerReason::SignInEnded);
    }
}

#[tokio::test]
async fn ending_one_sign_in_leaves_the_places_of_another() {
    let server = Server::start_with(&["--grace-ms", "60000"]).await;
    let (mut ada, mut ben, form) = away(&server).await;
    // Anna signs in once more, and that ends; the place waits for the other one.
    let mut anna = server.peer("anna").await;
    let own = anna.query(GetSignIns { person: None }).await.expect("hers");
    let own = own.iter().find(|row| row.own).expect("this one").id;
    ada.query(EndSignIn { sign_in: own }).await.expect("ended");
    while anna.read().await.is_some() {}
    assert_eq!(ben.again(form).await.role(), Role::Spectator);
}

async fn token_of(server: &Server, email: &str) -> (Peer, Secret) {
    let mut peer = server.stranger().await;
    peer.hello(None).await;
    let password = server.password(email);
    match peer.ask(ToServer::sign_in(email.into(), password)).await {
        Ok(Answer::SignedIn {
            token: Some(token),
            lasts,
            ..
        }) => {
            assert!(lasts.left_s > 29 * 86_400 && lasts.idle_s > 0, "{lasts:?}");
            (peer, token)
        }
        other => panic!("{other:?} is no sign-in"),
    }
}

#[tokio::test]
async fn a_token_is_revoked_by_whoever_has_it_also_before_signing_in() {
    let server = Server::start().await;
    let (first, token) = token_of(&server, "anna@example.test").await;
    first.cut();
    let mut peer = server.stranger().await;
    peer.hello(None).await;
    let made_up = ToServer::RevokeToken {
        token: "nothing".into(),
    };
    peer.ask(made_up).await.expect("no news");
    let revoke = ToServer::RevokeToken { token: token.clone() };
    peer.ask(revoke.clone()).await.expect("revoked");
    peer.ask(revoke).await.expect("it was already");
    let refused = peer
        .ask(ToServer::UseToken { token })
        .await
        .expect_err("it is worth nothing");
    assert_eq!(refused.code, Code::BadCredentials);
}

#[tokio::test]
async fn a_place_of_whoever_goes_on_over_the_same_line_is_no_business_of_who_was_there_before() {
    let server = Server::start_with(&["--grace-ms", "60000"]).await;
    let (mut ada, mut peer) = (server.peer("ada").await, server.stranger().await);
    let session = peer.hello(None).await;
    let sign_in = |name: &str| {
        let email = format!("{name}@example.test");
        ToServer::sign_in(email.clone(), server.password(&email))
    };
    peer.ask(sign_in("anna")).await.expect("signed in");
    let form = peer.a_product().await;
    peer.join(form).await;
    peer.cut();
    // Her line comes back, and somebody else goes on over it.
    let mut peer = server.stranger().await;
    assert_eq!(peer.hello(Some(session)).await, session);
    peer.ask(sign_in("anna")).await.expect("signed in");
    peer.ask(ToServer::SignOut).await.expect("signed out");
    peer.ask(sign_in("ben")).await.expect("signed in");
    let view = peer.join(form).await;
    let anna = ada.id_of("Anna").await;
    let (op, change) = (new_op(), PersonChange::Deactivate);
    let person = anna;
    ada.query(ChangePerson { op, person, change }).await.expect("done");
    peer.edit(&view, vec![crate::support::set("title", "Of Ben")])
        .await
        .expect("it is his place");
}

#[tokio::test]
async fn a_form_whose_last_place_ended_is_open_no_more() {
    let server = Server::start_with(&["--grace-ms", "60000"]).await;
    let (mut ada, mut anna) = (server.peer("ada").await, server.peer("anna").await);
    let form = anna.a_product().await;
    anna.join(form).await;
    anna.cut();
    let held = async {
        while live(&mut ada)
            .await
            .forms
            .iter()
            .all(|open| open.editors[0].reserved_ms.is_none())
        {}
    };
    tokio::time::timeout(crate::support::TIMEOUT, held)
        .await
        .expect("her place is held");
    let anna = ada.id_of("Anna").await;
    let (op, change) = (new_op(), PersonChange::Deactivate);
    let person = anna;
    ada.query(ChangePerson { op, person, change }).await.expect("done");
    assert_eq!(live(&mut ada).await.open_forms, 0);
}
