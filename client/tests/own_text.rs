//! An author's own text that the server did not accept: seen, kept and decided about, whatever changed
//! meanwhile (semantics 3.8, 5.4, G7).

#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "a test looks for one message and passes the others over"
)]

mod desk;

use baton_client::core::{Control, Input};
use baton_protocol::deletion::{Deletion, DeletionKind, Stamp};
use baton_protocol::desktop::{self, CommandForm, EngineCall, UiEvent};
use baton_protocol::field::Value;
use baton_protocol::form::Role;
use baton_protocol::form::{FormCommand, Notice};
use baton_protocol::id::{Fence, Version};
use baton_protocol::message::{Code, ToClient, ToServer};
use baton_protocol::time::Timestamp;
use desk::{Desk, editor, form, killed_while_offline, mine, open_form, outbox, with_draft};

#[test]
fn the_same_field_changed_by_somebody_else_waits_for_a_decision() {
    let mut desk = killed_while_offline();
    desk.call(open_form());
    desk.connect();
    desk.answer_join(with_draft("said otherwise", 4, 2, 9, &[(9, "Anna")]));
    assert!(desk.changes().is_empty());
    assert_eq!(desk.branch().as_deref(), Some("said more"));
    assert!(outbox(&desk)[0].decide);
    assert_eq!(desk.shown(), "said otherwise", "nobody's text was overwritten");
    // It is there after another kill.
    let mut desk = desk.killed_and_started_again();
    assert!(outbox(&desk)[0].decide);
    desk.call(EngineCall::KeptTexts(desktop::KeptTexts { form: form() }));
    desk.connect();
    desk.call(open_form());
    desk.answer_join(with_draft("said otherwise", 4, 2, 9, &[(9, "Anna")]));
    assert_eq!(desk.branch().as_deref(), Some("said more"));
    desk.call(EngineCall::Decide(desktop::Decide {
        form: form(),
        field: "note".into(),
        text: Value::of_text("said more"),
        take: None,
    }));
    assert!(outbox(&desk).is_empty());
}

#[test]
fn text_is_kept_when_its_author_may_not_edit_any_more() {
    let mut desk = killed_while_offline();
    desk.connect();
    let mut watched = mine(3, 2, 9);
    watched.me = None;
    desk.answer_join(watched);
    assert!(outbox(&desk)[0].decide);
    assert_eq!(desk.disk.held.len(), 1);
    desk.request(|body| matches!(body, ToServer::Leave { .. }));
}

#[test]
fn text_is_kept_when_its_field_is_gone() {
    let mut desk = killed_while_offline();
    desk.connect();
    let mut changed = mine(3, 2, 9);
    let mut entity = (*changed.entity).clone();
    entity.fields.clear();
    changed.entity = entity.into();
    desk.answer_join(changed);
    assert!(desk.changes().is_empty());
    assert!(outbox(&desk)[0].decide);
}

#[test]
fn text_is_kept_when_the_record_is_gone_for_good() {
    let mut desk = killed_while_offline();
    desk.connect();
    let id = desk.request(|body| matches!(body, ToServer::Join { .. })).id;
    desk.refuse(id, Code::Gone, "This record was deleted for good.");
    assert!(outbox(&desk)[0].decide);
    assert_eq!(desk.disk.held.len(), 1);
}

#[test]
fn text_is_kept_when_the_sign_in_was_revoked() {
    let mut desk = Desk::signed_in();
    desk.open(mine(3, 1, 1));
    desk.cut();
    desk.type_text(1, " more", 4);
    desk.wait();
    desk.input(Input::Connected);
    let hello = desk.sent.last().expect("a greeting").id;
    desk.input(Input::Received(ToClient::Welcome {
        protocol: 1,
        server: "test".into(),
        session: baton_protocol::id::SessionId(uuid::Uuid::from_u128(99)),
        heartbeat_ms: 1000,
        silence_ms: 5000,
    }));
    assert!(hello > 0);
    let id = desk.request(|body| matches!(body, ToServer::UseToken { .. })).id;
    desk.refuse(id, Code::BadCredentials, "Please sign in again.");
    assert_eq!(outbox(&desk).len(), 1);
    assert_eq!(desk.disk.held.len(), 1);
    desk.call(EngineCall::KeptTexts(desktop::KeptTexts { form: form() }));
    let last = desk.replies.last().expect("an answer");
    assert!(matches!(last, Ok(baton_client::core::Reply::KeptTexts(texts)) if texts[0].value.text() == "said more"));
}

#[test]
fn two_windows_of_one_desktop_show_the_truth_and_one_edits() {
    let role = |events: &[UiEvent]| {
        let of = |event: &UiEvent| match event {
            UiEvent::Form {
                update: desktop::FormUpdate::Opened(view),
                ..
            } => Some((view.role(), view.value("note").text().to_owned())),
            _ => None,
        };
        events.iter().rev().find_map(of).expect("it was shown")
    };
    let mut desk = Desk::signed_in();
    desk.open(mine(3, 1, 1));
    desk.call_in(1, open_form());
    assert_eq!(role(&desk.told), (Role::Owner, "said".into()));
    assert_eq!(role(&desk.told_second), (Role::Spectator, "said".into()));
    desk.type_text(1, " more", 4);
    assert_eq!(role(&desk.told_second), (Role::Spectator, "said more".into()));
    desk.call_in(
        1,
        CommandForm {
            form: form(),
            command: FormCommand::MoveHere,
        },
    );
    assert_eq!(role(&desk.told).0, Role::Spectator);
    assert_eq!(role(&desk.told_second).0, Role::Owner);
    // The first window closes; the form stays open in the second, and at the server.
    desk.call(Control::WindowClosed);
    let left = |desk: &Desk| desk.sent.iter().any(|sent| matches!(sent.body, ToServer::Leave { .. }));
    assert!(!left(&desk));
    desk.accept(desk.changes()[0].0, 4);
    desk.call_in(1, EngineCall::CloseForm(desktop::CloseForm { form: form() }));
    assert!(left(&desk));
}

#[test]
fn what_crosses_with_a_new_picture_is_its_authors_own_and_flows_or_waits() {
    for (theirs, flows) in [("said", true), ("something else", false)] {
        let mut desk = Desk::signed_in();
        desk.open(mine(3, 1, 1));
        let old = desk.picture();
        desk.cut();
        desk.reconnect();
        let mut now = mine(3, 2, 9);
        now.values.insert("note".into(), Value::of_text(theirs));
        now.version = Version(2);
        desk.answer_join(now);
        // The page had not seen it yet.
        desk.type_into(old, 1, " more", 4);
        desk.type_into(old, 2, "!", 9);
        let sent: String = desk.changes().into_iter().map(|(_, _, text)| text).collect();
        if flows {
            assert_eq!(sent, " more");
            assert_eq!(desk.shown(), "said more!");
        } else {
            assert_eq!(sent, "");
            assert_eq!(desk.branch().as_deref(), Some("said more!"));
            assert_eq!(desk.shown(), theirs);
        }
    }
}

#[test]
fn taking_mine_after_the_form_was_lost_is_refused_and_the_text_is_still_kept() {
    let mut desk = killed_while_offline();
    desk.call(open_form());
    desk.connect();
    desk.answer_join(with_draft("said otherwise", 4, 2, 9, &[(9, "Anna")]));
    desk.notice(Notice::Editors {
        editors: vec![editor(8, "Ben"), editor(9, "Anna")],
        fence: Fence(3),
    });
    let decide = |take: &str| {
        EngineCall::Decide(desktop::Decide {
            form: form(),
            field: "note".into(),
            text: Value::of_text("said more"),
            take: Some(Value::of_text(take)),
        })
    };
    desk.call(decide("said more"));
    assert!(desk.replies.last().is_some_and(Result::is_err));
    assert_eq!(desk.branch().as_deref(), Some("said more"));
    desk.answer_join(with_draft("said otherwise", 4, 3, 9, &[(8, "Ben"), (9, "Anna")]));
    desk.notice(Notice::Editors {
        editors: vec![editor(9, "Anna")],
        fence: Fence(4),
    });
    desk.call(decide("said both"));
    assert_eq!(desk.branch().as_deref(), Some(""));
    assert_eq!(desk.shown(), "said both");
    assert_eq!(desk.changes().len(), 1);
}

#[test]
fn what_the_store_says_of_somebody_else_is_passed_over() {
    let mut desk = killed_while_offline();
    let held: Vec<_> = desk.disk.held.values().cloned().collect();
    desk.call(EngineCall::SignOut(desktop::SignOut {}));
    let scope = desk.disk.scope.clone();
    desk.input(Input::Held(scope, held));
    assert!(outbox(&desk).is_empty());
}

#[test]
fn a_text_that_was_taken_back_is_held_if_the_server_may_have_it() {
    let mut desk = Desk::signed_in();
    desk.open(mine(3, 1, 1));
    desk.type_text(1, "!", 4);
    assert_eq!(desk.changes().len(), 1, "it is under way");
    let picture = desk.picture();
    desk.call(EngineCall::ChangeForm(desktop::ChangeForm {
        form: form(),
        number: 2,
        picture,
        change: baton_protocol::draft::Change {
            field: "note".into(),
            edit: baton_protocol::draft::Edit::Set(Value::of_text("said")),
        },
    }));
    let mut desk = desk.killed_and_started_again();
    desk.connect();
    desk.answer_join(with_draft("said!", 4, 2, 9, &[(9, "Anna")]));
    assert_eq!(desk.changes().len(), 1);
    desk.call(open_form());
    assert_eq!(desk.shown(), "said");
}

#[test]
fn without_the_server_only_ones_own_changes_are_discarded() {
    let mut desk = Desk::signed_in();
    desk.open(with_draft("Ben's draft", 4, 1, 1, &[(1, "Anna")]));
    desk.call(EngineCall::CloseForm(desktop::CloseForm { form: form() }));
    desk.cut();
    desk.call(open_form());
    desk.type_text(1, " and mine", 11);
    desk.give(form(), FormCommand::discard_draft());
    assert_eq!(desk.shown(), "Ben's draft");
    assert!(outbox(&desk).is_empty());
}

#[test]
fn what_was_typed_after_a_refused_save_stays_until_the_server_has_it() {
    let mut desk = Desk::signed_in();
    desk.open(with_draft("said", 4, 1, 1, &[(1, "Anna")]));
    desk.give(form(), FormCommand::save());
    desk.type_text(1, " more", 4);
    let by = editor(8, "Ben").person;
    let stamp = Stamp {
        by: by.clone(),
        at: Timestamp(1),
    };
    let gone = Some(Deletion {
        how: DeletionKind::Deleted,
        stamp,
    });
    desk.notice(Notice::Removed { gone, by: by.clone() });
    let save = desk
        .request(|body| {
            matches!(
                body,
                ToServer::Form {
                    command: FormCommand::Save { .. },
                    ..
                }
            )
        })
        .id;
    desk.refuse(save, Code::Gone, "Ben deleted this.");
    assert_eq!(desk.branch().as_deref(), Some("said more"));
    // It is restored before the server's own picture is here: what is shown is not what the server has.
    desk.notice(Notice::Removed { gone: None, by });
    desk.answer_join(with_draft("said", 4, 1, 1, &[(1, "Anna")]));
    let sent = desk.changes();
    let kept = desk.branch().unwrap_or_default();
    assert!(
        kept == "said more" || sent.iter().any(|(.., text)| text == " more"),
        "kept {kept:?}, sent {sent:?}"
    );
}

#[test]
fn a_keystroke_that_comes_a_second_time_is_typed_once() {
    let mut desk = Desk::signed_in();
    desk.open(mine(3, 1, 1));
    desk.type_text(1, " more", 4);
    desk.type_text(1, " more", 4);
    desk.accept(desk.changes()[0].0, 4);
    assert_eq!(desk.changes().len(), 1);
    assert_eq!(desk.waiting(), 0);
}

#[test]
fn a_save_waits_for_its_authors_turn_only_while_something_of_theirs_is_unsaved() {
    let lost = |author: &str| {
        let mut view = with_draft("said more", 4, 2, 9, &[(8, "Ben"), (9, "Anna")]);
        for field in view.draft.fields.values_mut() {
            field.author = editor(0, author).person;
        }
        view
    };
    let waiting = |author: &str| {
        let mut desk = Desk::signed_in();
        desk.open(mine(3, 1, 1));
        desk.type_text(1, " more", 4);
        desk.accept(desk.changes()[0].0, 4);
        desk.give(form(), FormCommand::save());
        desk.cut();
        desk.reconnect();
        desk.answer_join(lost(author));
        desk
    };
    let mut desk = waiting("Anna");
    assert!(outbox(&desk)[0].save, "it is unsaved, and Ben's turn");
    let changed = [("note".to_owned(), Value::of_text("said more"))].into();
    desk.notice(Notice::Saved {
        version: Version(2),
        by: editor(8, "Ben").person,
        changed,
    });
    assert!(outbox(&desk).is_empty(), "Ben saved it");
    let desk = waiting("Ben");
    assert!(outbox(&desk).is_empty(), "nothing of it is Anna's");
}
