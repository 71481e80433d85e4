//! The engine's mind around a sign-in: what waits for it, what it leaves, and what follows it.

use crate::harness::{Harness, editor, view};
use baton_client::core::{Effect, Input};
use baton_protocol::desktop::{self, EngineCall, UiEvent};
use baton_protocol::id::SessionId;
use baton_protocol::message::{Code, ToClient, ToServer, Topic};
use uuid::Uuid;

#[test]
fn an_ended_sign_in_preserves_unsent_text_until_the_same_person_signs_in_again() {
    let mut harness = Harness::signed_in();
    harness.open(view("", 0, vec![editor(1, "Anna")]));
    harness.cut();
    harness.type_text(1, "mine", 0);
    harness.wait();
    harness.input(Input::Connected);
    harness.input(Input::Received(ToClient::Welcome {
        protocol: 1,
        server: "test".into(),
        session: SessionId(Uuid::from_u128(99)),
        heartbeat_ms: 1000,
        silence_ms: 5000,
        sign_in: Default::default(),
    }));
    let id = harness.sent.last().expect("a request").id;
    harness.refuse(id, Code::BadCredentials, "Your sign-in has ended.");
    assert!(matches!(
        harness.told.last(),
        Some(UiEvent::Account {
            account: None,
            why: Some(_),
            ..
        })
    ));
    harness.call(EngineCall::SignIn(desktop::SignIn {
        email: "anna@example.test".into(),
        password: "x".into(),
        code: None,
    }));
    harness.signed_in_as("Anna", Some("new"));
    harness.answer_join(view("", 0, vec![editor(1, "Anna")]));
    assert_eq!(harness.changes()[0].2, "mine");
}

#[test]
fn a_sign_in_from_the_start_is_used_once_and_its_token_from_then_on() {
    let first = desktop::SignIn {
        email: "anna@example.test".into(),
        password: "secret".into(),
        code: None,
    };
    let mut harness = Harness::started_with(first.clone());
    let asked = harness.sent.last().expect("a request").body.clone();
    let desktop::SignIn { email, password, .. } = first;
    let password = password.into();
    assert_eq!(asked, ToServer::sign_in(email, password));
    harness.signed_in_as("Anna", Some("token"));
    harness.cut();
    harness.reconnect();
}

#[test]
fn a_list_asked_for_before_the_sign_in_comes_however_slow_the_disk_is() {
    let mut harness = Harness::started_with(desktop::SignIn {
        email: "anna@example.test".into(),
        password: "password".into(),
        code: None,
    });
    let topic = Topic::Entities;
    let watch = Input::Call {
        caller: 1,
        window: 0,
        call: desktop::Watch { topic, rows: 10 }.into(),
    };
    let wanted = harness.core.handle(harness.now, watch);
    assert!(wanted.contains(&Effect::LoadList(topic)), "{wanted:?}");
    harness.signed_in_as("Anna", None);
    // Only now the disk answers, and for nobody.
    harness.input(Input::LoadedList(None, topic, None));
    let asked = harness.request(|body| matches!(body, ToServer::Watch { .. }));
    assert!(matches!(
        asked.body,
        ToServer::Watch {
            topic: Topic::Entities,
            ..
        }
    ));
}
