//! An author's own text that the server did not accept: seen, kept and decided about, whatever changed
//! meanwhile (semantics 3.8, 5.4, G7).

use crate::harness::{Harness, editor, form, killed_while_offline, mine, open_form, outbox, queue_is, with_draft};
use baton_client::core::{Control, Input};
use baton_protocol::deletion::{Deletion, DeletionKind, Stamp};
use baton_protocol::desktop::{self, CommandForm, EngineCall, PendingEdit, UiEvent};
use baton_protocol::field::Value;
use baton_protocol::form::Role;
use baton_protocol::form::{FormCommand, Notice};
use baton_protocol::id::Version;
use baton_protocol::message::{Code, ToClient, ToServer};
use baton_protocol::time::Timestamp;

#[test]
fn the_same_field_changed_by_somebody_else_waits_for_a_decision() {
    let mut harness = killed_while_offline();
    harness.call(open_form());
    harness.connect();
    harness.answer_join(with_draft("said otherwise", 4, 2, 9, &[(9, "Anna")]));
    assert!(harness.changes().is_empty());
    assert_eq!(harness.branch().as_deref(), Some("said more"));
    assert!(outbox(&harness)[0].decide);
    assert_eq!(harness.shown(), "said otherwise", "nobody's text was overwritten");
    // It is there after another kill.
    let mut harness = harness.killed_and_started_again();
    assert!(outbox(&harness)[0].decide);
    harness.call(EngineCall::GetPendingEdits(desktop::GetPendingEdits { form: form() }));
    harness.connect();
    harness.call(open_form());
    harness.answer_join(with_draft("said otherwise", 4, 2, 9, &[(9, "Anna")]));
    assert_eq!(harness.branch().as_deref(), Some("said more"));
    harness.call(EngineCall::Decide(desktop::Decide {
        form: form(),
        field: "note".into(),
        text: Value::from_text("said more"),
        take: None,
    }));
    assert!(outbox(&harness).is_empty());
}

#[test]
fn a_decision_is_taken_back_and_waits_again_through_a_kill() {
    let decide = |take: Option<&str>| {
        EngineCall::Decide(desktop::Decide {
            form: form(),
            field: "note".into(),
            text: Value::from_text("said more"),
            take: take.map(Value::from_text),
        })
    };
    let undo = |edit: PendingEdit, taken: Option<&str>| {
        let before = Value::from_text("said otherwise");
        let taken = taken.map(|taken| (before, Value::from_text(taken)));
        let form = form();
        EngineCall::UndoDecision(desktop::UndoDecision { form, edit, taken })
    };
    for take in [None, Some("said more")] {
        let mut harness = killed_while_offline();
        harness.call(open_form());
        harness.connect();
        harness.answer_join(with_draft("said otherwise", 4, 2, 9, &[(9, "Anna")]));
        let edit = harness.disk.held[&form()].texts[0].clone();
        harness.call(decide(take));
        assert_eq!(harness.branch().as_deref(), Some(""));
        assert_eq!(harness.shown(), take.unwrap_or("said otherwise"));
        harness.call(undo(edit, take));
        assert_eq!(harness.branch().as_deref(), Some("said more"));
        assert_eq!(harness.shown(), "said otherwise", "as it was before");
        assert!(outbox(&harness)[0].decide);
        let harness = harness.killed_and_started_again();
        assert!(outbox(&harness)[0].decide, "it is on the disk again");
    }
}

#[test]
fn a_decision_that_is_taken_back_late_leaves_what_was_typed_since() {
    let mut harness = killed_while_offline();
    harness.call(open_form());
    harness.connect();
    harness.answer_join(with_draft("said otherwise", 4, 2, 9, &[(9, "Anna")]));
    let edit = harness.disk.held[&form()].texts[0].clone();
    harness.call(EngineCall::Decide(desktop::Decide {
        form: form(),
        field: "note".into(),
        text: edit.value.clone(),
        take: Some(edit.value.clone()),
    }));
    harness.type_text(1, "Once more: ", 0);
    let taken = Some((Value::from_text("said otherwise"), edit.value.clone()));
    let form = form();
    harness.call(EngineCall::UndoDecision(desktop::UndoDecision { form, edit, taken }));
    assert_eq!(harness.shown(), "Once more: said more");
    assert_eq!(harness.branch().as_deref(), Some("said more"));
}

#[test]
fn text_is_kept_when_its_author_may_not_edit_any_more() {
    let mut harness = killed_while_offline();
    harness.connect();
    let mut watched = mine(3, 2, 9);
    watched.me = None;
    harness.answer_join(watched);
    assert!(outbox(&harness)[0].decide);
    assert_eq!(harness.disk.held.len(), 1);
    harness.request(|body| matches!(body, ToServer::Leave { .. }));
}

#[test]
fn text_is_kept_when_its_field_is_gone() {
    let mut harness = killed_while_offline();
    harness.connect();
    let mut changed = mine(3, 2, 9);
    let mut entity = (*changed.entity).clone();
    entity.fields.clear();
    changed.entity = entity.into();
    harness.answer_join(changed);
    assert!(harness.changes().is_empty());
    assert!(outbox(&harness)[0].decide);
}

#[test]
fn text_is_kept_when_the_record_is_gone_for_good() {
    let mut harness = killed_while_offline();
    harness.connect();
    let id = harness.request(|body| matches!(body, ToServer::Join { .. })).id;
    harness.refuse(id, Code::Gone, "This record was deleted for good.");
    assert!(outbox(&harness)[0].decide);
    assert_eq!(harness.disk.held.len(), 1);
}

#[test]
fn text_is_kept_when_the_sign_in_was_revoked() {
    let mut harness = Harness::signed_in();
    harness.open(mine(3, 1, 1));
    harness.cut();
    harness.type_text(1, " more", 4);
    harness.wait();
    harness.input(Input::Connected);
    let hello = harness.sent.last().expect("a greeting").id;
    harness.input(Input::Received(ToClient::Welcome {
        protocol: 1,
        server: "test".into(),
        session: baton_protocol::id::SessionId(uuid::Uuid::from_u128(99)),
        heartbeat_ms: 1000,
        silence_ms: 5000,
        sign_in: Default::default(),
    }));
    assert!(hello > 0);
    let id = harness.request(|body| matches!(body, ToServer::UseToken { .. })).id;
    harness.refuse(id, Code::BadCredentials, "Please sign in again.");
    assert_eq!(outbox(&harness).len(), 1);
    assert_eq!(harness.disk.held.len(), 1);
    harness.call(EngineCall::GetPendingEdits(desktop::GetPendingEdits { form: form() }));
    let last = harness.replies.last().expect("an answer");
    assert!(matches!(last, Ok(baton_client::core::Reply::PendingEdits(texts)) if texts[0].value.text() == "said more"));
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
    let mut harness = Harness::signed_in();
    harness.open(mine(3, 1, 1));
    harness.call_in(1, open_form());
    assert_eq!(role(&harness.told), (Role::Owner, "said".into()));
    assert_eq!(role(&harness.told_second), (Role::Spectator, "said".into()));
    harness.type_text(1, " more", 4);
    assert_eq!(role(&harness.told_second), (Role::Spectator, "said more".into()));
    harness.call_in(
        1,
        CommandForm {
            form: form(),
            command: FormCommand::MoveHere,
        },
    );
    assert_eq!(role(&harness.told).0, Role::Spectator);
    assert_eq!(role(&harness.told_second).0, Role::Owner);
    // The first window closes; the form stays open in the second, and at the server.
    harness.call(Control::WindowClosed);
    let left = |harness: &Harness| {
        harness
            .sent
            .iter()
            .any(|sent| matches!(sent.body, ToServer::Leave { .. }))
    };
    assert!(!left(&harness));
    harness.accept(harness.changes()[0].0, 4);
    harness.call_in(1, EngineCall::CloseForm(desktop::CloseForm { form: form() }));
    assert!(left(&harness));
}

#[test]
fn what_crosses_with_a_new_picture_is_its_authors_own_and_flows_or_waits() {
    for (theirs, auto_merge) in [("said", true), ("something else", false)] {
        let mut harness = Harness::signed_in();
        harness.open(mine(3, 1, 1));
        let old = harness.generation();
        harness.cut();
        harness.reconnect();
        let mut now = mine(3, 2, 9);
        now.values.insert("note".into(), Value::from_text(theirs));
        now.version = Version(2);
        harness.answer_join(now);
        // The page had not seen it yet.
        harness.type_into(old, 1, " more", 4);
        harness.type_into(old, 2, "!", 9);
        let sent: String = harness.changes().into_iter().map(|(_, _, text)| text).collect();
        if auto_merge {
            assert_eq!(sent, " more");
            assert_eq!(harness.shown(), "said more!");
        } else {
            assert_eq!(sent, "");
            assert_eq!(harness.branch().as_deref(), Some("said more!"));
            assert_eq!(harness.shown(), theirs);
        }
    }
}

#[test]
fn taking_mine_after_the_form_was_lost_is_refused_and_the_text_is_still_kept() {
    let mut harness = killed_while_offline();
    harness.call(open_form());
    harness.connect();
    harness.answer_join(with_draft("said otherwise", 4, 2, 9, &[(9, "Anna")]));
    harness.notice(queue_is(vec![editor(8, "Ben"), editor(9, "Anna")], 3));
    let decide = |take: &str| {
        EngineCall::Decide(desktop::Decide {
            form: form(),
            field: "note".into(),
            text: Value::from_text("said more"),
            take: Some(Value::from_text(take)),
        })
    };
    harness.call(decide("said more"));
    assert!(harness.replies.last().is_some_and(Result::is_err));
    assert_eq!(harness.branch().as_deref(), Some("said more"));
    harness.answer_join(with_draft("said otherwise", 4, 3, 9, &[(8, "Ben"), (9, "Anna")]));
    harness.notice(queue_is(vec![editor(9, "Anna")], 4));
    harness.call(decide("said both"));
    assert_eq!(harness.branch().as_deref(), Some(""));
    assert_eq!(harness.shown(), "said both");
    assert_eq!(harness.changes().len(), 1);
}

#[test]
fn what_the_store_says_of_somebody_else_is_passed_over() {
    let mut harness = killed_while_offline();
    let held: Vec<_> = harness.disk.held.values().cloned().collect();
    harness.call(EngineCall::SignOut(desktop::SignOut {}));
    let scope = harness.disk.scope.clone();
    harness.input(Input::LoadedPending(scope, held));
    assert!(outbox(&harness).is_empty());
}

#[test]
fn a_text_that_was_taken_back_is_held_if_the_server_may_have_it() {
    let mut harness = Harness::signed_in();
    harness.open(mine(3, 1, 1));
    harness.type_text(1, "!", 4);
    assert_eq!(harness.changes().len(), 1, "it is under way");
    let generation = harness.generation();
    harness.call(EngineCall::ChangeForm(desktop::ChangeForm {
        form: form(),
        number: 2,
        generation,
        change: baton_protocol::draft::Change {
            field: "note".into(),
            edit: baton_protocol::draft::Edit::Set(Value::from_text("said")),
        },
    }));
    let mut harness = harness.killed_and_started_again();
    harness.connect();
    harness.answer_join(with_draft("said!", 4, 2, 9, &[(9, "Anna")]));
    assert_eq!(harness.changes().len(), 1);
    harness.call(open_form());
    assert_eq!(harness.shown(), "said");
}

#[test]
fn without_the_server_the_whole_draft_is_discarded_that_its_viewer_saw() {
    let mut harness = Harness::signed_in();
    harness.open(with_draft("Ben's draft", 4, 1, 1, &[(1, "Anna")]));
    harness.call(EngineCall::CloseForm(desktop::CloseForm { form: form() }));
    harness.cut();
    harness.call(open_form());
    harness.type_text(1, " and mine", 11);
    harness.give(form(), FormCommand::discard_draft());
    assert_eq!(harness.shown(), "said");
    let entry = &outbox(&harness)[0];
    assert!(entry.discard);
    assert_eq!(entry.fields, 0, "nothing of what was typed is left");
}

#[test]
fn what_was_typed_after_a_refused_save_stays_until_the_server_has_it() {
    let mut harness = Harness::signed_in();
    harness.open(with_draft("said", 4, 1, 1, &[(1, "Anna")]));
    harness.give(form(), FormCommand::save());
    harness.type_text(1, " more", 4);
    let by = editor(8, "Ben").person;
    let stamp = Stamp {
        by: by.clone(),
        at: Timestamp(1),
    };
    let gone = Some(Deletion {
        how: DeletionKind::Deleted,
        stamp,
    });
    harness.notice(Notice::Removed { gone, by: by.clone() });
    let save = harness
        .form_request(|command| matches!(command, FormCommand::Save { .. }))
        .id;
    harness.refuse(save, Code::Gone, "Ben deleted this.");
    assert_eq!(harness.branch().as_deref(), Some("said more"));
    // It is restored before the server's own picture is here: what is shown is not what the server has.
    harness.notice(Notice::Removed { gone: None, by });
    harness.answer_join(with_draft("said", 4, 1, 1, &[(1, "Anna")]));
    let sent = harness.changes();
    let kept = harness.branch().unwrap_or_default();
    assert!(
        kept == "said more" || sent.iter().any(|(.., text)| text == " more"),
        "kept {kept:?}, sent {sent:?}"
    );
}

#[test]
fn a_keystroke_that_comes_a_second_time_is_typed_once() {
    let mut harness = Harness::signed_in();
    harness.open(mine(3, 1, 1));
    harness.type_text(1, " more", 4);
    harness.type_text(1, " more", 4);
    harness.accept(harness.changes()[0].0, 4);
    assert_eq!(harness.changes().len(), 1);
    assert_eq!(harness.waiting(), 0);
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
        let mut harness = Harness::signed_in();
        harness.open(mine(3, 1, 1));
        harness.type_text(1, " more", 4);
        harness.accept(harness.changes()[0].0, 4);
        harness.give(form(), FormCommand::save());
        harness.cut();
        harness.reconnect();
        harness.answer_join(lost(author));
        harness
    };
    let mut harness = waiting("Anna");
    assert!(outbox(&harness)[0].save, "it is unsaved, and Ben's turn");
    let changed = [("note".to_owned(), Value::from_text("said more"))].into();
    harness.notice(Notice::Saved {
        version: Version(2),
        by: editor(8, "Ben").person,
        changed,
    });
    assert!(outbox(&harness).is_empty(), "Ben saved it");
    let harness = waiting("Ben");
    assert!(outbox(&harness).is_empty(), "nothing of it is Anna's");
}
