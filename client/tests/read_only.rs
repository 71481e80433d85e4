//! Records that a link opens: read-only, and without a place in the queue until their viewer edits.

use crate::harness::{Harness, editor, form, mine, queue_is, view};
use baton_client::core::{Control, Input};
use baton_protocol::desktop::{self, Alert, Destination, EngineCall, UiEvent};
use baton_protocol::form::FormSnapshot;
use baton_protocol::form::{EditRequestSummary, Notice};
use baton_protocol::id::{EntityId, Fence, RecordId, Ticket};
use baton_protocol::message::{Answer, Code, ToClient, ToServer};
use baton_protocol::record_link::RecordLink;
use uuid::Uuid;

fn follow(harness: &mut Harness, server: Option<&str>) -> Result<(), Code> {
    let link = RecordLink {
        entity: EntityId(Uuid::nil()),
        record: RecordId(form().id),
        server: server.map(ToOwned::to_owned),
    };
    let link = link.to_string();
    harness.call(Control::FollowLink { link });
    match harness.replies.last().expect("a reply") {
        Ok(_) => Ok(()),
        Err(problem) => Err(problem.code),
    }
}

fn open_read_only(harness: &mut Harness) {
    harness.call(EngineCall::OpenReadOnly(desktop::OpenReadOnly {
        form: form(),
        entity: EntityId(Uuid::nil()),
    }));
}

fn answer_open(harness: &mut Harness, mut view: FormSnapshot) {
    view.me = None;
    let id = harness.request(|body| matches!(body, ToServer::OpenReadOnly { .. })).id;
    let answer = Answer::Joined(Box::new(view));
    harness.input(Input::Received(ToClient::Answer { id, answer }));
}

fn joins(harness: &Harness) -> usize {
    let is_join = |body: &ToServer| matches!(body, ToServer::Join { .. });
    harness.sent.iter().filter(|sent| is_join(&sent.body)).count()
}

fn shown(harness: &Harness) -> &FormSnapshot {
    let mut pictures = harness.told.iter().filter_map(|event| match event {
        UiEvent::Form {
            update: desktop::FormUpdate::Opened(view) | desktop::FormUpdate::Cached { view, .. },
            ..
        } => Some(&**view),
        _ => None,
    });
    pictures.next_back().expect("a picture")
}

#[test]
fn a_link_of_the_server_in_use_is_followed_and_no_other() {
    let mut harness = Harness::signed_in();
    let go = UiEvent::Navigate(Destination::Record {
        entity: EntityId(Uuid::nil()),
        record: RecordId(form().id),
        field: None,
    });
    for server in [None, Some("127.0.0.1:7420"), Some("ws://127.0.0.1:7420/ws")] {
        assert_eq!(follow(&mut harness, server), Ok(()), "{server:?}");
        assert_eq!(harness.told.last(), Some(&go));
        harness.told.clear();
    }
    for server in ["evil.example", "127.0.0.1:7421", "http://127.0.0.1:7420/other"] {
        assert_eq!(follow(&mut harness, Some(server)), Err(Code::Forbidden), "{server}");
    }
    let link = "baton://record/../../etc".to_owned();
    harness.call(Control::FollowLink { link });
    let refused = harness
        .replies
        .last()
        .expect("a reply")
        .clone()
        .expect_err("it is none");
    assert_eq!(refused.code, Code::Malformed);
    assert_eq!(joins(&harness), 0, "following takes nothing");
    assert!(!harness.told.contains(&go));
}

#[test]
fn what_is_looked_at_has_no_place_until_its_viewer_edits() {
    let mut harness = Harness::signed_in();
    open_read_only(&mut harness);
    answer_open(&mut harness, view("said", 0, Vec::new()));
    assert!(!shown(&harness).can_edit());
    // A connection that breaks changes nothing about that.
    harness.cut();
    assert!(!shown(&harness).can_edit(), "offline neither");
    harness.reconnect();
    answer_open(&mut harness, view("said", 0, Vec::new()));
    assert_eq!(joins(&harness), 0);
    harness.call(EngineCall::EditForm(desktop::EditForm { form: form() }));
    harness.answer_join(mine(0, 1, 1));
    assert!(shown(&harness).can_edit());
    harness.type_text(1, "!", 4);
    assert_eq!(harness.changes().len(), 1);
    // From now on it is a form like any other.
    harness.cut();
    harness.reconnect();
    assert_eq!(joins(&harness), 2);
}

#[test]
fn what_is_looked_at_without_the_server_is_edited_when_its_viewer_wants_it() {
    let mut harness = Harness::signed_in();
    harness.open(mine(3, 1, 1));
    harness.call(EngineCall::CloseForm(desktop::CloseForm { form: form() }));
    harness.cut();
    open_read_only(&mut harness);
    assert!(!shown(&harness).can_edit(), "a remembered form opens read-only too");
    harness.call(EngineCall::EditForm(desktop::EditForm { form: form() }));
    assert!(shown(&harness).can_edit());
    harness.type_text(1, " more", 4);
    harness.reconnect();
    harness.answer_join(mine(3, 2, 2));
    assert_eq!(harness.changes().len(), 1, "what was typed is sent");
}

#[test]
fn a_look_that_was_live_is_edited_without_the_server_too() {
    let mut harness = Harness::signed_in();
    open_read_only(&mut harness);
    answer_open(&mut harness, view("said", 0, Vec::new()));
    harness.cut();
    harness.call(EngineCall::EditForm(desktop::EditForm { form: form() }));
    assert!(shown(&harness).can_edit());
}

#[test]
fn its_person_is_alerted_of_a_request_and_of_their_turn_wherever_they_look() {
    let mut harness = Harness::signed_in();
    let mut behind = view("said", 0, vec![editor(2, "Ben"), editor(1, "Anna")]);
    behind.fence = Fence(1);
    harness.open(behind);
    let alerts = |harness: &Harness| {
        let alerts = harness.told.iter().filter_map(|event| match event {
            UiEvent::Alert(alert) => Some(alert.clone()),
            _ => None,
        });
        alerts.collect::<Vec<_>>()
    };
    harness.notice(queue_is(vec![editor(1, "Anna")], 2));
    assert!(matches!(alerts(&harness).as_slice(), [Alert::Promoted { .. }]));
    harness.notice(queue_is(vec![editor(1, "Anna"), editor(3, "Cara")], 2));
    let ask = EditRequestSummary {
        by: Ticket(3),
        person: crate::harness::person("Cara"),
        passes_in_ms: 30_000,
    };
    harness.notice(Notice::Asked {
        ask: Some(ask),
        declined: false,
    });
    harness.notice(Notice::Asked {
        ask: None,
        declined: true,
    });
    assert!(
        matches!(alerts(&harness).as_slice(), [_, Alert::Asked { by, .. }] if by == "Cara"),
        "{:?}",
        alerts(&harness)
    );
}
