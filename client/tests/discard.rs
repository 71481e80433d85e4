//! A draft that is discarded without the server (semantics 5.5).

use crate::harness::{Harness, editor, form, mine, open_form, outbox, queue_is, with_draft};
use baton_protocol::desktop::UiEvent;
use baton_protocol::form::{FormCommand, FormSnapshot};
use baton_protocol::id::Rev;

/// Anna edits a form with a draft of Ben's, of rev 3.
fn bens_draft() -> FormSnapshot {
    with_draft("Ben's", 3, 1, 1, &[(1, "Anna")])
}

/// Anna discarded it without the server, and her program was killed.
fn discarded_and_killed() -> Harness {
    let mut harness = Harness::signed_in();
    harness.open(bens_draft());
    harness.cut();
    harness.give(form(), FormCommand::discard_draft());
    assert_eq!(harness.shown(), "said", "at once");
    harness.killed_and_started_again()
}

fn discards(harness: &Harness) -> bool {
    harness.sent_command(|command| matches!(command, FormCommand::DiscardDraft { .. }))
}

fn toast(harness: &Harness) -> Option<&str> {
    harness.told.iter().find_map(|event| match event {
        UiEvent::Toast(text) => Some(text.as_str()),
        _ => None,
    })
}

#[test]
fn a_discard_without_the_server_happens_after_a_restart() {
    let mut harness = discarded_and_killed();
    assert!(outbox(&harness)[0].discard);
    harness.connect();
    // Nobody looks at the form; it is joined all the same.
    harness.answer_join(with_draft("Ben's", 3, 2, 9, &[(9, "Anna")]));
    let discard =
        harness.form_request(|command| matches!(command, FormCommand::DiscardDraft { rev: Some(Rev(3)), .. }));
    harness.accept(discard.id, 4);
    assert!(outbox(&harness).is_empty());
    assert!(harness.disk.held.is_empty());
}

#[test]
fn a_discard_without_the_server_happens_without_a_restart_too() {
    let mut harness = Harness::signed_in();
    harness.open(bens_draft());
    harness.cut();
    harness.give(form(), FormCommand::discard_draft());
    harness.reconnect();
    harness.answer_join(bens_draft());
    assert!(discards(&harness));
    assert_eq!(harness.shown(), "said");
}

#[test]
fn a_draft_that_was_changed_after_it_was_discarded_stays() {
    let mut harness = discarded_and_killed();
    harness.connect();
    harness.answer_join(with_draft("Ben's, and more", 4, 2, 9, &[(9, "Anna")]));
    assert!(!discards(&harness));
    assert!(toast(&harness).is_some_and(|text| text.contains("changes of Ben")));
    assert!(outbox(&harness).is_empty());
}

#[test]
fn a_discard_waits_in_line() {
    let mut harness = discarded_and_killed();
    harness.connect();
    harness.answer_join(with_draft("Ben's", 3, 2, 9, &[(8, "Cleo"), (9, "Anna")]));
    assert!(!discards(&harness));
    assert!(outbox(&harness)[0].discard);
    harness.notice(queue_is(vec![editor(9, "Anna")], 3));
    assert!(discards(&harness));
}

#[test]
fn what_was_under_way_before_the_discard_may_have_arrived() {
    let mut harness = Harness::signed_in();
    harness.open(mine(3, 1, 1));
    harness.type_text(1, " more", 4);
    let op = harness.changes()[0].1;
    harness.cut();
    harness.give(form(), FormCommand::discard_draft());
    assert_eq!(harness.shown(), "said");
    let mut harness = harness.killed_and_started_again();
    harness.connect();
    let mut arrived = with_draft("said more", 4, 2, 9, &[(9, "Anna")]);
    arrived.last_op = Some(op);
    harness.answer_join(arrived);
    assert!(discards(&harness));
}

#[test]
fn what_is_typed_after_the_discard_comes_after_it() {
    let mut harness = Harness::signed_in();
    harness.open(bens_draft());
    harness.cut();
    harness.give(form(), FormCommand::discard_draft());
    harness.type_text(1, " more", 4);
    assert_eq!(harness.disk.held[&form()].texts[0].base.text(), "said");
    let mut harness = harness.killed_and_started_again();
    harness.call(open_form());
    harness.cut();
    assert_eq!(harness.shown(), "said more", "also before the server is back");
    harness.reconnect();
    harness.answer_join(with_draft("Ben's", 3, 2, 9, &[(9, "Anna")]));
    let discard = harness.form_request(|command| matches!(command, FormCommand::DiscardDraft { .. }));
    assert!(harness.changes().is_empty(), "one after the other");
    harness.accept(discard.id, 4);
    assert_eq!(harness.changes()[0].2, " more");
    assert_eq!(harness.shown(), "said more");
}

#[test]
fn the_undo_of_a_discard_without_the_server_brings_everything_back() {
    let mut harness = Harness::signed_in();
    harness.open(bens_draft());
    harness.cut();
    harness.type_text(1, "!", 5);
    harness.give(form(), FormCommand::discard_draft());
    assert_eq!(harness.shown(), "said");
    harness.give(form(), FormCommand::restore_draft());
    assert_eq!(harness.shown(), "Ben's!");
    assert!(!outbox(&harness)[0].discard);
    let mut harness = harness.killed_and_started_again();
    harness.connect();
    harness.answer_join(with_draft("Ben's", 3, 2, 9, &[(9, "Anna")]));
    assert!(!discards(&harness));
    assert_eq!(harness.changes()[0].2, "!");
}

#[test]
fn a_form_that_is_opened_from_the_cache_is_discarded_at_the_server_too() {
    let mut harness = Harness::signed_in();
    harness.open(bens_draft());
    let mut harness = harness.killed_and_started_again();
    harness.cut();
    harness.call(open_form());
    harness.give(form(), FormCommand::discard_draft());
    assert_eq!(harness.shown(), "said");
    harness.reconnect();
    harness.answer_join(with_draft("Ben's", 3, 2, 9, &[(9, "Anna")]));
    assert!(discards(&harness));
}

/// Anna discarded it without the server, typed into what was left, and the server is back; the join is not answered.
fn discarded_typed_and_back() -> Harness {
    let mut harness = Harness::signed_in();
    harness.open(bens_draft());
    harness.cut();
    harness.give(form(), FormCommand::discard_draft());
    harness.type_text(1, " more", 4);
    harness.reconnect();
    harness
}

#[test]
fn what_was_typed_between_two_discards_never_goes_into_the_first_draft() {
    let mut harness = discarded_typed_and_back();
    harness.give(form(), FormCommand::discard_draft());
    assert_eq!(harness.shown(), "said", "at once");
    harness.answer_join(bens_draft());
    let discard = harness.form_request(|command| matches!(command, FormCommand::DiscardDraft { .. }));
    assert!(harness.changes().is_empty());
    harness.accept(discard.id, 4);
    assert!(harness.changes().is_empty());
    assert_eq!(harness.shown(), "said");
    assert!(outbox(&harness).is_empty());
}

#[test]
fn the_undo_of_a_second_discard_leaves_the_first() {
    let mut harness = discarded_typed_and_back();
    harness.give(form(), FormCommand::discard_draft());
    harness.give(form(), FormCommand::restore_draft());
    assert_eq!(harness.shown(), "said more");
    assert!(outbox(&harness)[0].discard);
    harness.answer_join(bens_draft());
    let discard = harness.form_request(|command| matches!(command, FormCommand::DiscardDraft { .. }));
    assert!(harness.changes().is_empty(), "one after the other");
    harness.accept(discard.id, 4);
    assert_eq!(harness.changes()[0].2, " more");
    assert_eq!(harness.shown(), "said more");
}
