//! The engine's mind around a sign-in: what waits for it, what it leaves, and what follows it.
#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "a test looks for one message and passes the others over"
)]

mod desk;

use baton_client::core::{Effect, Input};
use baton_protocol::desktop::{self, EngineCall, UiEvent};
use baton_protocol::id::SessionId;
use baton_protocol::message::{Code, ToClient, ToServer, Topic};
use desk::{Desk, editor, view};
use uuid::Uuid;

#[test]
fn an_ended_sign_in_preserves_unsent_text_until_the_same_person_signs_in_again() {
    let mut desk = Desk::signed_in();
    desk.open(view("", 0, vec![editor(1, "Anna")]));
    desk.cut();
    desk.type_text(1, "mine", 0);
    desk.wait();
    desk.input(Input::Connected);
    desk.input(Input::Received(ToClient::Welcome {
        protocol: 1,
        server: "test".into(),
        session: SessionId(Uuid::from_u128(99)),
        heartbeat_ms: 1000,
        silence_ms: 5000,
    }));
    let id = desk.sent.last().expect("a request").id;
    desk.refuse(id, Code::BadCredentials, "Your sign-in has ended.");
    assert!(matches!(
        desk.told.last(),
        Some(UiEvent::Account {
            account: None,
            why: Some(_)
        })
    ));
    desk.call(EngineCall::SignIn(desktop::SignIn {
        email: "anna@example.test".into(),
        password: "x".into(),
    }));
    desk.signed_in_as("Anna", Some("new"));
    desk.answer_join(view("", 0, vec![editor(1, "Anna")]));
    assert_eq!(desk.changes()[0].2, "mine");
}

#[test]
fn a_sign_in_from_the_start_is_used_once_and_its_token_from_then_on() {
    let first = desktop::SignIn {
        email: "anna@example.test".into(),
        password: "secret".into(),
    };
    let mut desk = Desk::started_with(first.clone());
    let asked = desk.sent.last().expect("a request").body.clone();
    let desktop::SignIn { email, password } = first;
    let password = password.into();
    assert_eq!(asked, ToServer::SignIn { email, password });
    desk.signed_in_as("Anna", Some("token"));
    desk.cut();
    desk.reconnect();
}

#[test]
fn a_list_asked_for_before_the_sign_in_comes_however_slow_the_disk_is() {
    let mut desk = Desk::started_with(desktop::SignIn {
        email: "anna@example.test".into(),
        password: "password".into(),
    });
    let topic = Topic::Entities;
    let watch = Input::Call {
        caller: 1,
        window: 0,
        call: desktop::Watch { topic, rows: 10 }.into(),
    };
    let wanted = desk.core.handle(desk.now, watch);
    assert!(wanted.contains(&Effect::RecallList(topic)), "{wanted:?}");
    desk.signed_in_as("Anna", None);
    // Only now the disk answers, and for nobody.
    desk.input(Input::RecalledList(None, topic, None));
    let asked = desk.request(|body| matches!(body, ToServer::Watch { .. }));
    assert!(matches!(
        asked.body,
        ToServer::Watch {
            topic: Topic::Entities,
            ..
        }
    ));
}
