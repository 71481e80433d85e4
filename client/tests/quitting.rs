//! Quitting: nothing typed is lost without a question.

#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "a test looks for one message and passes the others over"
)]

mod desk;

use baton_client::core::{Control, Input, Reply};
use baton_protocol::desktop;
use baton_protocol::desktop::{CommandForm, EngineCall};
use baton_protocol::form::FormCommand;
use baton_protocol::id::Version;
use baton_protocol::message::{Answer, Code, ToClient, ToServer};
use desk::{Desk, editor, form, view};

#[test]
fn quitting_without_a_connection_waits_for_the_disk_alone() {
    let mut desk = Desk::signed_in();
    desk.disk.slow = true;
    desk.open(view("", 0, vec![editor(1, "Anna")]));
    desk.cut();
    desk.type_text(1, "a", 0);
    let answered = desk.replies.len();
    desk.call(Control::Quit { anyway: false });
    assert_eq!(desk.replies.len(), answered, "not before the disk has it");
    desk.input(Input::Stored(u64::MAX));
    assert_eq!(desk.replies[answered..], [Ok(Reply::Done)]);
}

/// Anna typed while the server was unreachable and the disk was full.
fn with_text_that_is_stored_nowhere() -> Desk {
    let mut desk = Desk::signed_in();
    desk.disk.slow = true;
    desk.open(view("", 0, vec![editor(1, "Anna")]));
    desk.cut();
    desk.type_text(1, "a", 0);
    desk.input(Input::StoreFailed("The disk is full.".into()));
    desk
}

#[test]
fn quitting_is_asked_about_while_neither_server_nor_disk_take_what_was_typed() {
    let mut desk = with_text_that_is_stored_nowhere();
    desk.call(Control::Quit { anyway: false });
    let refused = desk.replies.last().expect("answered").clone().expect_err("refused");
    assert_eq!(refused.code, Code::Offline);
    assert!(refused.message.contains("The disk is full."), "{refused}");
    desk.call(Control::Quit { anyway: true });
    assert_eq!(desk.replies.last(), Some(&Ok(Reply::Done)));
}

#[test]
fn quitting_with_unsaved_changes_is_asked_about_and_keeps_the_draft() {
    let mut desk = Desk::signed_in();
    desk.open(view("", 0, vec![editor(1, "Anna")]));
    desk.type_text(1, "x", 0);
    let id = desk.changes()[0].0;
    desk.accept(id, 1);
    desk.call(Control::Quit { anyway: false });
    let refused = desk.replies.last().expect("an answer").clone();
    assert_eq!(refused.expect_err("asked first").code, Code::Unsaved);
    desk.call(Control::Quit { anyway: true });
    assert_eq!(desk.replies.last(), Some(&Ok(Reply::Done)));
}

#[test]
fn a_restart_leaves_the_draft_without_a_question_and_waits_for_everything_else() {
    let mut desk = Desk::signed_in();
    desk.open(view("", 0, vec![editor(1, "Anna")]));
    desk.type_text(1, "x", 0);
    let answered = desk.replies.len();
    desk.call(Control::Restart);
    assert_eq!(desk.replies.len(), answered, "not before the server has it");
    desk.accept(desk.changes()[0].0, 1);
    assert_eq!(desk.replies[answered..], [Ok(Reply::Done)]);

    let mut desk = with_text_that_is_stored_nowhere();
    desk.call(Control::Restart);
    let refused = desk.replies.last().expect("answered").clone();
    assert_eq!(refused.expect_err("it would be lost").code, Code::Offline);
}

#[test]
fn a_save_that_was_answered_counts_before_its_notice_comes() {
    let mut desk = Desk::signed_in();
    desk.open(view("", 0, vec![editor(1, "Anna")]));
    desk.type_text(1, "x", 0);
    desk.accept(desk.changes()[0].0, 1);
    let save = CommandForm {
        form: form(),
        command: FormCommand::save(),
    };
    desk.call(save.clone());
    desk.call(save);
    let first = desk.request(|body| {
        matches!(
            body,
            ToServer::Form {
                command: FormCommand::Save { .. },
                ..
            }
        )
    });
    let answer = Answer::Saved { version: Version(2) };
    desk.input(Input::Received(ToClient::Answer { id: first.id, answer }));
    // The second one goes out before the notice of the first, and knows of it.
    desk.request(|body| {
        matches!(
            body,
            ToServer::Form {
                command: FormCommand::Save {
                    version: Version(2),
                    ..
                },
                ..
            }
        )
    });
    let second = desk.request(|body| {
        matches!(
            body,
            ToServer::Form {
                command: FormCommand::Save { .. },
                ..
            }
        )
    });
    let answer = Answer::Saved { version: Version(2) };
    desk.input(Input::Received(ToClient::Answer { id: second.id, answer }));
    desk.call(Control::Quit { anyway: false });
    assert_eq!(desk.replies.last(), Some(&Ok(Reply::Done)), "nothing is unsaved");
}

#[test]
fn kept_text_outlives_quitting_and_signing_out() {
    let mut desk = Desk::signed_in();
    desk.open(view("", 0, vec![editor(1, "Anna")]));
    desk.type_text(1, "mine", 0);
    let id = desk.changes()[0].0;
    desk.refuse(id, Code::BadChange, "It does not fit.");
    desk.call(EngineCall::SignOut(desktop::SignOut {}));
    desk.answer(Answer::Done);
    let texts: Vec<_> = desk.disk.held.values().flat_map(|held| &held.texts).collect();
    assert_eq!(texts.len(), 1);
    assert_eq!(texts[0].value.text(), "mine");
    assert!(!texts[0].flows, "what was refused is its author's to decide");
}

#[test]
fn quitting_sends_everything_and_then_says_goodbye() {
    let mut desk = Desk::signed_in();
    desk.open(view("", 0, vec![editor(1, "Anna")]));
    desk.type_text(1, "a", 0);
    let answered = desk.replies.len();
    desk.call(Control::Quit { anyway: true });
    assert_eq!(desk.replies.len(), answered, "not before the text is on the server");
    desk.accept(desk.changes()[0].0, 1);
    assert_eq!(desk.replies[answered..], [Ok(Reply::Done)]);
}

#[test]
fn whoever_stays_after_all_keeps_the_form() {
    let mut desk = Desk::signed_in();
    desk.open(view("", 0, vec![editor(1, "Anna")]));
    desk.type_text(1, "a", 0);
    desk.call(Control::Quit { anyway: false });
    desk.call(Control::Stay);
    desk.accept(desk.changes()[0].0, 1);
    desk.type_text(2, "b", 1);
    assert_eq!(desk.changes()[1].2, "b");
}
