//! Quitting: nothing typed is lost without a question.

use crate::harness::{Harness, editor, form, view};
use baton_client::core::{Control, Input, Reply};
use baton_protocol::desktop;
use baton_protocol::desktop::{CommandForm, EngineCall};
use baton_protocol::form::FormCommand;
use baton_protocol::id::Version;
use baton_protocol::message::{Answer, Code, ToClient};

#[test]
fn quitting_without_a_connection_waits_for_the_disk_alone() {
    let mut harness = Harness::signed_in();
    harness.disk.slow = true;
    harness.open(view("", 0, vec![editor(1, "Anna")]));
    harness.cut();
    harness.type_text(1, "a", 0);
    let answered = harness.replies.len();
    harness.call(Control::Quit { anyway: false });
    assert_eq!(harness.replies.len(), answered, "not before the disk has it");
    harness.input(Input::Stored(u64::MAX));
    assert_eq!(harness.replies[answered..], [Ok(Reply::Done)]);
}

/// Anna typed while the server was unreachable and the disk was full.
fn with_text_that_is_stored_nowhere() -> Harness {
    let mut harness = Harness::signed_in();
    harness.disk.slow = true;
    harness.open(view("", 0, vec![editor(1, "Anna")]));
    harness.cut();
    harness.type_text(1, "a", 0);
    harness.input(Input::StoreFailed("The disk is full.".into()));
    harness
}

#[test]
fn quitting_is_asked_about_while_neither_server_nor_disk_take_what_was_typed() {
    let mut harness = with_text_that_is_stored_nowhere();
    harness.call(Control::Quit { anyway: false });
    let refused = harness.replies.last().expect("answered").clone().expect_err("refused");
    assert_eq!(refused.code, Code::Offline);
    assert!(refused.message.english().contains("The disk is full."), "{refused}");
    harness.call(Control::Quit { anyway: true });
    assert_eq!(harness.replies.last(), Some(&Ok(Reply::Done)));
}

#[test]
fn quitting_with_unsaved_changes_is_asked_about_and_keeps_the_draft() {
    let mut harness = Harness::signed_in();
    harness.open(view("", 0, vec![editor(1, "Anna")]));
    harness.type_text(1, "x", 0);
    let id = harness.changes()[0].0;
    harness.accept(id, 1);
    harness.call(Control::Quit { anyway: false });
    let refused = harness.replies.last().expect("an answer").clone();
    assert_eq!(refused.expect_err("asked first").code, Code::Unsaved);
    harness.call(Control::Quit { anyway: true });
    assert_eq!(harness.replies.last(), Some(&Ok(Reply::Done)));
}

#[test]
fn a_restart_leaves_the_draft_without_a_question_and_waits_for_everything_else() {
    let mut harness = Harness::signed_in();
    harness.open(view("", 0, vec![editor(1, "Anna")]));
    harness.type_text(1, "x", 0);
    let answered = harness.replies.len();
    harness.call(Control::Restart);
    assert_eq!(harness.replies.len(), answered, "not before the server has it");
    harness.accept(harness.changes()[0].0, 1);
    assert_eq!(harness.replies[answered..], [Ok(Reply::Done)]);

    let mut harness = with_text_that_is_stored_nowhere();
    harness.call(Control::Restart);
    let refused = harness.replies.last().expect("answered").clone();
    assert_eq!(refused.expect_err("it would be lost").code, Code::Offline);
}

#[test]
fn a_save_that_was_answered_counts_before_its_notice_comes() {
    let mut harness = Harness::signed_in();
    harness.open(view("", 0, vec![editor(1, "Anna")]));
    harness.type_text(1, "x", 0);
    harness.accept(harness.changes()[0].0, 1);
    let save = CommandForm {
        form: form(),
        command: FormCommand::save(),
    };
    harness.call(save.clone());
    harness.call(save);
    let first = harness.form_request(|command| matches!(command, FormCommand::Save { .. }));
    let answer = Answer::Saved { version: Version(2) };
    harness.input(Input::Received(ToClient::Answer { id: first.id, answer }));
    // The second one goes out before the notice of the first, and knows of it.
    harness.form_request(|command| {
        matches!(
            command,
            FormCommand::Save {
                version: Version(2),
                ..
            }
        )
    });
    let second = harness.form_request(|command| matches!(command, FormCommand::Save { .. }));
    let answer = Answer::Saved { version: Version(2) };
    harness.input(Input::Received(ToClient::Answer { id: second.id, answer }));
    harness.call(Control::Quit { anyway: false });
    assert_eq!(harness.replies.last(), Some(&Ok(Reply::Done)), "nothing is unsaved");
}

#[test]
fn kept_text_outlives_quitting_and_signing_out() {
    let mut harness = Harness::signed_in();
    harness.open(view("", 0, vec![editor(1, "Anna")]));
    harness.type_text(1, "mine", 0);
    let id = harness.changes()[0].0;
    harness.refuse(id, Code::BadChange, "It does not fit.");
    harness.call(EngineCall::SignOut(desktop::SignOut {}));
    harness.answer(Answer::Done);
    let texts: Vec<_> = harness.disk.held.values().flat_map(|held| &held.texts).collect();
    assert_eq!(texts.len(), 1);
    assert_eq!(texts[0].value.text(), "mine");
    assert!(!texts[0].auto_merge, "what was refused is its author's to decide");
}

#[test]
fn quitting_sends_everything_and_then_says_goodbye() {
    let mut harness = Harness::signed_in();
    harness.open(view("", 0, vec![editor(1, "Anna")]));
    harness.type_text(1, "a", 0);
    let answered = harness.replies.len();
    harness.call(Control::Quit { anyway: true });
    assert_eq!(harness.replies.len(), answered, "not before the text is on the server");
    harness.accept(harness.changes()[0].0, 1);
    assert_eq!(harness.replies[answered..], [Ok(Reply::Done)]);
}

#[test]
fn whoever_stays_after_all_keeps_the_form() {
    let mut harness = Harness::signed_in();
    harness.open(view("", 0, vec![editor(1, "Anna")]));
    harness.type_text(1, "a", 0);
    harness.call(Control::Quit { anyway: false });
    harness.call(Control::Stay);
    harness.accept(harness.changes()[0].0, 1);
    harness.type_text(2, "b", 1);
    assert_eq!(harness.changes()[1].2, "b");
}
