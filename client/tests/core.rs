//! The engine's mind against a scripted server: order, once, nothing lost, all without a socket.

use std::time::Duration;

use crate::harness::{Harness, append, editor, form, person, queue_is, view};
use baton_client::core::{Control, Input};
use baton_protocol::desktop::{self, EngineCall, Link, TopicUpdate, UiEvent};
use baton_protocol::draft::DraftField;
use baton_protocol::field::Value;
use baton_protocol::form::{FormCommand, Notice};
use baton_protocol::id::{EntityId, Rev, Seq, Ticket, Version};
use baton_protocol::message::{Answer, Code, Event, Snapshot, ToClient, ToServer, Topic};
use baton_protocol::values::Values;
use uuid::Uuid;

#[test]
fn what_is_typed_while_an_operation_is_under_way_travels_together_in_the_next() {
    let mut harness = Harness::signed_in();
    harness.open(view("", 0, vec![editor(1, "Anna")]));
    harness.type_text(1, "a", 0);
    harness.type_text(2, "b", 1);
    harness.type_text(3, "c", 2);
    let sent = harness.changes();
    assert_eq!(sent.len(), 1, "one operation is under way");
    assert_eq!(harness.waiting(), 3);
    harness.accept(sent[0].0, 1);
    let sent = harness.changes();
    assert_eq!(sent[1].2, "bc");
    harness.accept(sent[1].0, 2);
    assert_eq!(harness.waiting(), 0);
}

#[test]
fn a_save_waits_for_what_was_typed_before_and_not_for_what_comes_after() {
    let mut harness = Harness::signed_in();
    harness.open(view("", 0, vec![editor(1, "Anna")]));
    harness.type_text(1, "a", 0);
    harness.give(form(), FormCommand::save());
    harness.type_text(2, "b", 1);
    harness.accept(harness.changes()[0].0, 1);
    let save = harness.form_request(|command| matches!(command, FormCommand::Save { .. }));
    assert_eq!(harness.changes().len(), 1);
    // The notice comes before the answer; what was typed since stays on top of it.
    harness.notice(Notice::Saved {
        version: Version(2),
        by: person("Anna"),
        changed: Values::from([("note".into(), Value::from_text("a"))]),
    });
    assert_eq!(harness.shown(), "ab");
    let answer = Answer::Saved { version: Version(2) };
    harness.input(Input::Received(ToClient::Answer { id: save.id, answer }));
    let sent = harness.changes();
    assert_eq!(sent.len(), 2, "and then it leaves, once");
    assert_eq!(sent[1].2, "b");
}

#[test]
fn after_a_lost_answer_the_operation_is_sent_again_with_its_id_if_the_server_has_not_seen_it() {
    let mut harness = Harness::signed_in();
    harness.open(view("", 0, vec![editor(1, "Anna")]));
    harness.type_text(1, "a", 0);
    let op = harness.changes()[0].1;
    harness.cut();
    harness.type_text(2, "b", 1);
    harness.reconnect();
    harness.answer_join(view("", 0, vec![editor(1, "Anna")]));
    assert_eq!(harness.shown(), "ab");
    let sent = harness.changes();
    assert_eq!((sent[1].1, sent[1].2.as_str()), (op, "a"), "the very same operation");
    harness.accept(sent[1].0, 1);
    assert_eq!(harness.changes()[2].2, "b");
}

#[test]
fn after_a_lost_answer_nothing_is_doubled_if_the_server_has_seen_it() {
    let mut harness = Harness::signed_in();
    harness.open(view("", 0, vec![editor(1, "Anna")]));
    harness.type_text(1, "a", 0);
    let op = harness.changes()[0].1;
    harness.cut();
    harness.type_text(2, "b", 1);
    harness.reconnect();
    let mut seen = view("", 1, vec![editor(1, "Anna")]);
    seen.draft.fields.insert(
        "note".into(),
        DraftField {
            value: Value::from_text("a"),
            author: person("Anna"),
        },
    );
    seen.last_op = Some(op);
    harness.answer_join(seen);
    assert_eq!(harness.shown(), "ab");
    let sent = harness.changes();
    assert_eq!(sent.len(), 2);
    assert_eq!(sent[1].2, "b");
}

#[test]
fn text_that_can_no_longer_be_accepted_is_kept_for_its_author() {
    let mut harness = Harness::signed_in();
    harness.open(view("", 0, vec![editor(1, "Anna")]));
    harness.cut();
    harness.type_text(1, "mine", 0);
    harness.reconnect();
    let mut after = view("", 5, vec![editor(2, "Ben"), editor(3, "Anna")]);
    after.me = Some(Ticket(3));
    harness.answer_join(after);
    assert_eq!(harness.branch().as_deref(), Some("mine"));
    assert_eq!(harness.waiting(), 0);
    assert!(harness.changes().is_empty(), "nothing of it is sent");
    harness.call(EngineCall::Decide(desktop::Decide {
        form: form(),
        field: "note".into(),
        text: Value::from_text("mine"),
        take: None,
    }));
    assert_eq!(harness.branch().as_deref(), Some(""));
}

#[test]
fn a_place_that_was_lost_and_won_again_does_not_send_text_made_for_another_picture() {
    let mut harness = Harness::signed_in();
    harness.open(view("", 0, vec![editor(1, "Anna")]));
    harness.cut();
    harness.type_text(1, "mine", 0);
    harness.reconnect();
    let mut after = view("Ben was here", 3, vec![editor(4, "Anna")]);
    after.me = Some(Ticket(4));
    harness.answer_join(after);
    assert_eq!(harness.branch().as_deref(), Some("mine"));
    assert!(harness.changes().is_empty());
}

#[test]
fn a_place_that_was_lost_and_won_again_untouched_sends_it() {
    let mut harness = Harness::signed_in();
    harness.open(view("", 0, vec![editor(1, "Anna")]));
    harness.cut();
    harness.type_text(1, "mine", 0);
    harness.reconnect();
    let mut after = view("", 0, vec![editor(4, "Anna")]);
    after.me = Some(Ticket(4));
    harness.answer_join(after);
    assert_eq!(harness.branch(), None);
    assert_eq!(harness.changes()[0].2, "mine");
}

#[test]
fn a_keystroke_that_crosses_the_loss_of_ownership_is_kept() {
    let mut harness = Harness::signed_in();
    harness.open(view("", 0, vec![editor(1, "Anna")]));
    harness.notice(queue_is(vec![editor(2, "Ben"), editor(1, "Anna")], 2));
    harness.type_text(1, "late", 0);
    assert_eq!(harness.branch().as_deref(), Some("late"));
    assert!(harness.changes().is_empty());
}

#[test]
fn a_refused_change_is_kept_and_the_form_is_asked_for_again() {
    let mut harness = Harness::signed_in();
    harness.open(view("", 0, vec![editor(1, "Anna")]));
    harness.type_text(1, "x", 0);
    let id = harness.changes()[0].0;
    let joins = harness.sent.len();
    harness.refuse(id, Code::StaleFence, "Ownership changed.");
    assert_eq!(harness.branch().as_deref(), Some("x"));
    assert!(matches!(harness.sent[joins].body, ToServer::Join { .. }));
}

#[test]
fn what_is_typed_after_a_refusal_belongs_to_the_kept_text_and_a_second_loss_keeps_both() {
    let mut harness = Harness::signed_in();
    harness.open(view("", 0, vec![editor(1, "Anna")]));
    harness.type_text(1, "x", 0);
    let id = harness.changes()[0].0;
    harness.refuse(id, Code::StaleRev, "The text changed.");
    harness.type_text(2, "y", 1);
    assert_eq!(harness.branch().as_deref(), Some("xy"));
    harness.answer_join(view("ab", 2, vec![editor(1, "Anna")]));
    assert_eq!(harness.shown(), "ab");
    assert_eq!(harness.branch().as_deref(), Some("xy"));

    harness.type_text(3, "c", 2);
    let id = harness.changes()[1].0;
    harness.refuse(id, Code::StaleFence, "Ownership changed.");
    assert_eq!(harness.branch().as_deref(), Some("xy|abc"));
}

#[test]
fn a_change_that_the_server_failed_at_is_sent_again_by_itself() {
    let mut harness = Harness::signed_in();
    harness.open(view("", 0, vec![editor(1, "Anna")]));
    harness.type_text(1, "x", 0);
    let (id, op, _) = harness.changes()[0].clone();
    harness.refuse(id, Code::Internal, "The disk is full.");
    assert_eq!((harness.branch(), harness.waiting()), (None, 1));
    harness.reconnect();
    assert_eq!(harness.changes().len(), 1, "the form is joined first");
    harness.answer_join(view("", 0, vec![editor(1, "Anna")]));
    assert_eq!(harness.changes()[1].1, op);
    assert_eq!(harness.shown(), "x");
}

#[test]
fn a_discard_shows_at_once_and_what_follows_is_typed_without_the_draft() {
    let mut harness = Harness::signed_in();
    harness.open(view("", 1, vec![editor(1, "Anna")]));
    harness.type_text(1, "old", 0);
    harness.give(form(), FormCommand::discard_draft());
    assert_eq!(harness.shown(), "");
    harness.type_text(2, "new", 0);
    harness.give(form(), FormCommand::save());
    harness.give(form(), FormCommand::restore_draft());
    let refused = harness.replies.last().expect("an answer").clone();
    assert_eq!(refused.expect_err("the save comes first").code, Code::Busy);
    harness.cut();
    harness.reconnect();
    harness.answer_join(view("", 1, vec![editor(1, "Anna")]));
    assert_eq!(harness.shown(), "new");
    let old = harness.form_request(|command| matches!(command, FormCommand::Change { .. }));
    harness.accept(old.id, 2);
    let discard =
        harness.form_request(|command| matches!(command, FormCommand::DiscardDraft { rev: Some(Rev(2)), .. }));
    harness.accept(discard.id, 3);
    let new = harness.form_request(|command| matches!(command, FormCommand::Change { rev: Some(Rev(3)), .. }));
    harness.accept(new.id, 4);
    harness.form_request(|command| matches!(command, FormCommand::Save { .. }));
}

#[test]
fn a_missed_notice_makes_the_form_be_asked_for_again() {
    let mut harness = Harness::signed_in();
    harness.open(view("", 0, vec![editor(2, "Ben"), editor(1, "Anna")]));
    let before = harness.sent.len();
    harness.notice(Notice::Changed {
        rev: Rev(2),
        by: Ticket(2),
        author: person("Ben"),
        changes: vec![append("x", 0)],
    });
    assert!(matches!(harness.sent[before].body, ToServer::Join { .. }));
}

#[test]
fn a_silent_server_is_left_and_tried_again_with_growing_waits() {
    let mut harness = Harness::signed_in();
    harness.told.clear();
    let quiet_since = harness.now;
    while !harness
        .told
        .iter()
        .any(|event| matches!(event, UiEvent::Link(Link::Waiting { .. })))
    {
        harness.wait();
    }
    assert!(
        harness.now - quiet_since <= Duration::from_secs(5),
        "noticed within the silence"
    );
    let pings = harness
        .sent
        .iter()
        .filter(|request| request.body == ToServer::Ping)
        .count();
    assert!(pings >= 4, "it spoke meanwhile, {pings} times");
    let mut waits = Vec::new();
    for _ in 0..12 {
        let from = harness.now;
        harness.wait();
        waits.push(harness.now - from);
        harness.cut();
    }
    assert!(waits[0] <= Duration::from_millis(250), "{waits:?}");
    assert!(
        waits[11] >= Duration::from_millis(500) && waits[11] <= Duration::from_secs(1),
        "{waits:?}"
    );
}

#[test]
fn whoever_has_no_window_open_and_types_nothing_is_heard_all_the_same() {
    // No window asked for anything: the engine alone keeps the line alive.
    let mut harness = Harness::signed_in();
    harness.sent.clear();
    for _ in 0..10 {
        harness.wait();
        let asked = harness.sent.last().map(|request| (request.id, request.body.clone()));
        let (id, body) = asked.expect("it spoke");
        assert_eq!(body, ToServer::Ping);
        harness.input(Input::Received(ToClient::Answer {
            id,
            answer: Answer::Done,
        }));
    }
    assert!(
        !harness
            .told
            .iter()
            .any(|event| matches!(event, UiEvent::Link(Link::Waiting { .. })))
    );
}

#[test]
fn when_the_network_returns_the_next_attempt_is_made_at_once() {
    let mut harness = Harness::signed_in();
    for _ in 0..6 {
        harness.cut();
        harness.wait();
    }
    harness.cut();
    let due = harness.core.next_deadline().expect("it waits");
    assert!(due > harness.now);
    let before = harness.connects;
    harness.call(EngineCall::Retry(desktop::Retry {}));
    assert_eq!(harness.connects, before + 1, "before it was due");
}

#[test]
fn closing_a_form_sends_what_was_typed_first() {
    let mut harness = Harness::signed_in();
    harness.open(view("", 0, vec![editor(1, "Anna")]));
    harness.type_text(1, "a", 0);
    harness.call(EngineCall::CloseForm(desktop::CloseForm { form: form() }));
    assert!(
        !harness
            .sent
            .iter()
            .any(|request| matches!(request.body, ToServer::Leave { .. }))
    );
    harness.accept(harness.changes()[0].0, 1);
    assert!(matches!(
        harness.sent.last().expect("a request").body,
        ToServer::Leave { .. }
    ));
}

#[test]
fn a_server_of_another_version_is_not_tried_again() {
    let mut harness = Harness::signed_in();
    harness.cut();
    harness.wait();
    harness.input(Input::Connected);
    let id = harness.sent.last().expect("a greeting").id;
    harness.refuse(id, Code::WrongVersion, "The server is too old.");
    harness.cut();
    let due = harness.core.next_deadline().expect("the sign-in ends some day");
    assert!(due > harness.now + Duration::from_secs(3600), "nothing else is due");
    assert!(matches!(
        harness.told.last(),
        Some(UiEvent::Link(Link::WrongVersion { .. }))
    ));
}

#[test]
fn what_is_typed_while_losing_the_form_is_kept_with_what_came_before() {
    let mut harness = Harness::signed_in();
    harness.open(view("", 0, vec![editor(1, "Anna")]));
    harness.type_text(1, "abc", 0);
    let order = vec![editor(2, "Ben"), editor(1, "Anna")];
    harness.notice(queue_is(order.clone(), 2));
    harness.type_text(2, "d", 3);
    harness.answer_join(view("", 0, order));
    assert_eq!(harness.branch().as_deref(), Some("abcd"));
}

#[test]
fn events_that_come_before_the_answer_to_a_watch_are_not_told_twice() {
    let mut harness = Harness::signed_in();
    let topic = Topic::Entities;
    harness.call(EngineCall::Watch(desktop::Watch { topic, rows: 10 }));
    harness.answer(Answer::Watching {
        seq: Seq(100),
        snapshot: Snapshot::Entities(Vec::new()),
    });
    harness.input(Input::Received(ToClient::Resync));
    let event = Event::RecordCount {
        entity: EntityId(Uuid::nil()),
        records: 7,
    };
    harness.input(Input::Received(ToClient::Event {
        seq: Seq(111),
        topic,
        event: event.clone(),
    }));
    harness.told.clear();
    harness.answer(Answer::CaughtUp {
        seq: Seq(111),
        events: vec![event],
        editing: Vec::new(),
    });
    let events = harness.told.iter().filter(|event| {
        matches!(
            event,
            UiEvent::Topic {
                update: TopicUpdate::Event(_),
                ..
            }
        )
    });
    assert_eq!(events.count(), 1);
}

#[test]
fn an_operation_fits_into_one_message_however_much_was_typed() {
    let mut harness = Harness::signed_in();
    harness.open(view("", 0, vec![editor(1, "Anna")]));
    harness.cut();
    let page = "x".repeat(100_000);
    for number in 1..=12 {
        let at = (usize::try_from(number).expect("small") - 1) * page.len();
        harness.type_text(number, &page, at);
    }
    harness.reconnect();
    harness.answer_join(view("", 0, vec![editor(1, "Anna")]));
    let sent = harness.changes();
    assert!(
        sent[0].2.len() >= 100_000 && sent[0].2.len() <= 600_000,
        "{}",
        sent[0].2.len()
    );
}

#[test]
fn a_form_that_cannot_be_opened_says_so_and_the_connection_stays() {
    let mut harness = Harness::signed_in();
    for code in [Code::Busy, Code::Internal, Code::NotFound] {
        harness.call(EngineCall::OpenForm(desktop::OpenForm {
            form: form(),
            entity: None,
        }));
        let id = harness.request(|body| matches!(body, ToServer::Join { .. })).id;
        harness.refuse(id, code, "No.");
        assert!(
            !harness
                .told
                .iter()
                .any(|event| matches!(event, UiEvent::Link(Link::Waiting { .. }))),
            "{code:?}"
        );
    }
}

#[test]
fn whoever_hears_that_the_session_goes_on_elsewhere_begins_another() {
    let mut harness = Harness::signed_in();
    let before = harness.disk.kept.as_ref().and_then(|kept| kept.session);
    assert!(before.is_some());
    harness.input(Input::Resumed {
        why: "elsewhere".into(),
    });
    assert_eq!(harness.disk.kept.as_ref().and_then(|kept| kept.session), None);
    harness.wait();
    harness.connect();
    let hello = harness.request(|body| matches!(body, ToServer::Hello { .. }));
    assert!(
        matches!(hello.body, ToServer::Hello { resume: None, .. }),
        "two desktops with one identity would end each other for ever"
    );
}

#[test]
fn a_topic_is_watched_until_its_last_window_lets_go() {
    let mut harness = Harness::signed_in();
    let topic = baton_protocol::message::Topic::Entities;
    let watch = || EngineCall::Watch(desktop::Watch { topic, rows: 10 });
    let unwatched = |harness: &Harness| {
        let sent = harness.sent.iter();
        sent.filter(|sent| matches!(sent.body, ToServer::Unwatch { .. }))
            .count()
    };
    harness.call(watch());
    harness.call_in(1, watch());
    harness.call(EngineCall::Unwatch(desktop::Unwatch { topic }));
    assert_eq!(unwatched(&harness), 0, "another window looks at it");
    harness.call_in(1, Control::WindowClosed);
    assert_eq!(unwatched(&harness), 1);
}
