//! The token of a sign-in: until when it is good without the server, and how it ends.

use std::time::Duration;

use crate::harness::{Harness, SPAN, editor, person, view};
use baton_client::core::{Core, Input};
use baton_protocol::desktop::{self, EngineCall, UiEvent};
use baton_protocol::message::{Answer, Code, ToClient, ToServer};
use baton_protocol::person::{Account, UserRole};
use baton_protocol::rights::Rights;

const DAY: Duration = Duration::from_secs(86_400);

/// The tokens that the server was told are worth nothing.
fn revoked(harness: &Harness) -> Vec<String> {
    let token = |body: &ToServer| match body {
        ToServer::RevokeToken { token } => Some(token.0.clone()),
        _ => None,
    };
    harness.sent.iter().filter_map(|request| token(&request.body)).collect()
}

/// Why nobody is signed in any more, as it was said last.
fn why(harness: &Harness) -> Option<String> {
    harness.told.iter().rev().find_map(|event| match event {
        UiEvent::Account { account: None, why, .. } => Some(why.clone().unwrap_or_default()),
        UiEvent::Account { account: Some(_), .. } => Some("signed in".into()),
        _ => None,
    })
}

fn sign_out(harness: &mut Harness) {
    harness.call(EngineCall::SignOut(desktop::SignOut {}));
}

/// Connects, and greets: whoever is asked for a sign-in then is nobody.
fn greet_nobody(harness: &mut Harness) {
    harness.wait();
    harness.greet();
}

#[test]
fn whoever_signs_out_without_the_server_is_signed_out_there_as_soon_as_it_is_reached() {
    let mut harness = Harness::signed_in();
    harness.cut();
    sign_out(&mut harness);
    assert_eq!(why(&harness).as_deref(), Some(""));
    // Also over a restart.
    let mut harness = harness.killed_and_started_again();
    greet_nobody(&mut harness);
    assert_eq!(revoked(&harness), ["token"]);
    harness.answer(Answer::Done);
    harness.cut();
    greet_nobody(&mut harness);
    assert_eq!(revoked(&harness), ["token"], "it was told once");
}

#[test]
fn a_sign_out_whose_answer_was_lost_is_told_again() {
    let mut harness = Harness::signed_in();
    sign_out(&mut harness);
    harness.cut();
    assert_eq!(why(&harness).as_deref(), Some(""), "the person is out either way");
    greet_nobody(&mut harness);
    assert_eq!(revoked(&harness), ["token"]);
}

#[test]
fn another_server_never_gets_a_token() {
    let mut harness = Harness::signed_in();
    harness.cut();
    let address = "127.0.0.1:7421".to_owned();
    harness.call(EngineCall::SetServer(desktop::SetServer { address }));
    harness.greet();
    assert_eq!(revoked(&harness), Vec::<String>::new());
    harness.cut();
    let address = "127.0.0.1:7420".to_owned();
    harness.call(EngineCall::SetServer(desktop::SetServer { address }));
    harness.greet();
    assert_eq!(revoked(&harness), ["token"], "its own does");
}

#[test]
fn without_the_server_a_sign_in_lasts_as_long_as_the_server_said() {
    let mut harness = Harness::signed_in();
    harness.open(view("", 0, vec![editor(1, "Anna")]));
    // As long as the server is reached, it is the server that ends it.
    for _ in 0..3 {
        harness.now += DAY;
        harness.cut();
        harness.reconnect();
    }
    harness.cut();
    harness.type_text(1, "mine", 0);
    harness.now += DAY - Duration::from_secs(60);
    harness.input(Input::Tick);
    assert_eq!(why(&harness).as_deref(), Some("signed in"));
    let deadline = harness.core.next_deadline().expect("something is due");
    harness.now += Duration::from_secs(60);
    assert!(deadline <= harness.now);
    harness.input(Input::Tick);
    let why = why(&harness).expect("it was said");
    assert!(why.contains("has ended"), "{why}");
    assert!(harness.disk.forms.is_empty(), "what was remembered is gone");
    let next = harness.core.next_deadline().expect("the server is tried again");
    harness.now = next;
    harness.input(Input::Tick);
    let next = harness.core.next_deadline().expect("an attempt takes its time");
    assert!(next > harness.now, "what is over is due no more");

    // What was typed is not: it waits for the same person. Whether the token is worth anything, the server says.
    let mut harness = harness.killed_and_started_again();
    harness.greet();
    let asked = harness.request(|body| matches!(body, ToServer::UseToken { .. }));
    harness.refuse(asked.id, Code::BadCredentials, "Your sign-in has ended.");
    harness.call(EngineCall::SignIn(desktop::SignIn {
        email: "anna@example.test".into(),
        password: "x".into(),
        code: None,
    }));
    harness.signed_in_as("Anna", Some("new"));
    harness.answer_join(view("", 0, vec![editor(1, "Anna")]));
    assert_eq!(harness.changes().len(), 1);
    harness.call(crate::harness::open_form());
    assert_eq!(harness.shown(), "mine");
}

#[test]
fn a_sign_in_that_ended_meanwhile_shows_nothing_at_the_next_start() {
    let mut harness = Harness::signed_in();
    harness.open(view("", 0, vec![editor(1, "Anna")]));
    harness.cut();
    let kept = harness.disk.kept.clone().expect("it was kept");
    let end = kept.sign_in_expiry.expect("the server said how long").until;
    assert!(!harness.disk.forms.is_empty(), "it is remembered");
    let mut core = Core::new(harness.disk.kept.clone().expect("kept"), 2);
    core.set_wall_clock(Duration::ZERO, end);
    let mut harness = Harness::begin_with(core, harness.disk);
    assert!(why(&harness).expect("it was said").contains("has ended"));
    assert!(harness.disk.forms.is_empty(), "what was remembered is gone");
    // The computer's clock may be wrong: the server decides.
    harness.connect();
    assert_eq!(why(&harness).as_deref(), Some("signed in"));
}

#[test]
fn a_computer_that_slept_over_the_end_shows_nothing_more() {
    let mut harness = Harness::signed_in();
    harness.cut();
    let until = harness
        .disk
        .kept
        .clone()
        .expect("kept")
        .sign_in_expiry
        .expect("said")
        .until;
    harness.input(Input::Tick);
    assert_eq!(why(&harness).as_deref(), Some("signed in"));
    // The clock that measures spans stood still meanwhile.
    harness.core.set_wall_clock(harness.now, until);
    harness.input(Input::Tick);
    assert!(why(&harness).expect("it was said").contains("has ended"));
}

#[test]
fn a_sign_in_in_use_is_stored_as_used_about_every_hour() {
    let mut harness = Harness::signed_in();
    let until = |harness: &Harness| {
        harness
            .disk
            .kept
            .clone()
            .expect("kept")
            .sign_in_expiry
            .expect("said")
            .until
    };
    let before = until(&harness);
    for _ in 0..3 * 3600 {
        harness.now += Duration::from_secs(1);
        harness.input(Input::Received(ToClient::Working));
    }
    // However the program ends: within an hour of what is true.
    let true_one = before + Duration::from_secs(3 * 3600);
    assert!(until(&harness) + Duration::from_secs(3601) >= true_one);
}

#[test]
fn whoever_was_given_another_address_is_proposed_that_one_at_the_next_sign_in() {
    let mut harness = Harness::signed_in();
    harness.cut();
    greet_nobody(&mut harness);
    harness.answer(Answer::SignedIn {
        account: Account::new(person("Anna"), "anna.berg@example.test".into(), UserRole::Editor),
        rights: Rights::of_role(UserRole::Editor),
        token: None,
        lasts: SPAN,
    });
    let kept = harness.disk.kept.expect("kept");
    assert_eq!(kept.email.as_deref(), Some("anna.berg@example.test"));
    assert_eq!(kept.token.as_deref(), Some("token"), "the token is good still");
}
