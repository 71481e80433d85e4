use super::*;
use baton_protocol::entity::Entity;
use baton_protocol::field::FieldType;
use baton_protocol::form::{EditorSummary, QueueChange};
use baton_protocol::id::{EntityId, Fence, FormKey, RecordId, Rev, Ticket, UserId, Version};
use baton_protocol::message::Code;
use baton_protocol::person::Person;
use baton_protocol::values::Values;
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

fn person(name: &str) -> Person {
    Person {
        id: UserId(Uuid::from_u128(name.len() as u128)),
        name: name.into(),
    }
}

fn editor(ticket: u64, name: &str) -> EditorSummary {
    EditorSummary {
        ticket: Ticket(ticket),
        person: person(name),
        field: None,
        reserved_ms: None,
    }
}

fn note() -> Field {
    Field::new("note", "Note", FieldType::Textarea)
}

fn opened(me: u64) -> FormState {
    let entity = Entity::new(EntityId(Uuid::nil()), "thing", "Thing", "Things", vec![note()]);
    let view = FormSnapshot {
        version: Version(1),
        values: Values::from([("note".into(), Value::from_text("one"))]),
        fence: Fence(1),
        editors: vec![editor(1, "Anna"), editor(2, "Benjamin")],
        me: Some(Ticket(me)),
        ..FormSnapshot::blank(FormKey::record(RecordId(Uuid::nil())), Arc::new(entity))
    };
    let mut state = FormState::default();
    state.update(0, 1, FormUpdate::Opened(Box::new(view)), 0.0);
    state
}

fn shown(state: &FormState) -> &str {
    state.view.as_ref().map_or("", |view| view.value("note").text())
}

fn saved(version: u64, text: &str) -> FormUpdate {
    FormUpdate::Notice(Notice::Saved {
        version: Version(version),
        by: person("Anna"),
        changed: Values::from([("note".into(), Value::from_text(text))]),
    })
}

#[test]
fn a_keystroke_that_the_engine_has_not_taken_survives_the_news_of_a_save() {
    let mut state = opened(1);
    state.typed(&note(), &Value::from_text("one two"), 0.0);
    state.update(1, 1, FormUpdate::Unacknowledged { steps: 1, kept: true }, 0.0);
    state.typed(&note(), &Value::from_text("one two three"), 0.0);
    state.update(1, 1, saved(2, "one two"), 0.0);
    assert_eq!(shown(&state), "one two three");
    assert!(state.typing());
    state.update(2, 1, FormUpdate::Unacknowledged { steps: 1, kept: true }, 0.0);
    assert_eq!(shown(&state), "one two three");
    assert!(!state.typing());
}

#[test]
fn a_spectator_types_nothing_and_sees_everything() {
    let mut state = opened(2);
    assert_eq!(state.typed(&note(), &Value::from_text("mine"), 0.0), None);
    let notice = Notice::Changed {
        rev: Rev(1),
        by: Ticket(1),
        author: person("Anna"),
        changes: vec![Change {
            field: "note".into(),
            edit: Edit::Set(Value::from_text("hers")),
        }],
    };
    state.update(0, 1, FormUpdate::Notice(notice), 0.0);
    assert_eq!(shown(&state), "hers");
}

#[test]
fn promotion_is_news_once_and_says_whose_changes_came_with_it() {
    let mut state = opened(2);
    let notice = Notice::Changed {
        rev: Rev(1),
        by: Ticket(1),
        author: person("Anna"),
        changes: vec![Change {
            field: "note".into(),
            edit: Edit::Set(Value::from_text("hers")),
        }],
    };
    state.update(0, 1, FormUpdate::Notice(notice), 0.0);
    let alone = Notice::Editors {
        change: QueueChange::Whole(vec![editor(2, "Benjamin")]),
        fence: Fence(2),
        draft_since: None,
        changed_at: BTreeMap::new(),
    };
    state.update(0, 1, FormUpdate::Notice(alone), 0.0);
    let promoted = Some((
        1,
        News::Promoted {
            inherited: Some("Anna".into()),
        },
    ));
    assert_eq!(state.news, promoted);
    assert_eq!(shown(&state), "hers");
    state.update(0, 1, FormUpdate::Unacknowledged { steps: 0, kept: true }, 0.0);
    assert_eq!(state.news, promoted, "it is not told again");
}

#[test]
fn the_status_tells_the_truth() {
    let mut state = opened(1);
    assert_eq!(state.save_status(true, false).state, "saved");
    assert_eq!(state.save_status(false, false).state, "stale");
    state.typed(&note(), &Value::from_text("x"), 0.0);
    assert_eq!(state.save_status(true, false).state, "typing");
    state.update(1, 1, FormUpdate::Unacknowledged { steps: 1, kept: false }, 0.0);
    assert_eq!(
        state.save_status(false, false).state,
        "typing",
        "not before it is on the disk"
    );
    state.update(1, 1, FormUpdate::Unacknowledged { steps: 1, kept: true }, 0.0);
    assert_eq!(state.save_status(false, false).state, "waiting");
    state.update(1, 1, FormUpdate::Unacknowledged { steps: 0, kept: true }, 0.0);
    assert_eq!(state.save_status(true, false).state, "draft");
    state.update(1, 1, saved(2, "x"), 0.0);
    assert_eq!(state.save_status(true, false).state, "saved");
}

#[test]
fn a_form_without_access_is_closed_and_opens_again_with_the_right() {
    let mut state = opened(1);
    let problem = Problem::new(Code::NotFound, "You may not see this.");
    state.update(0, 2, FormUpdate::Closed(problem.clone()), 0.0);
    assert!(state.view.is_none());
    assert_eq!(state.problem, Some(problem));
    let view = opened(2).view.expect("shown");
    state.update(0, 3, FormUpdate::Opened(Box::new((*view).clone())), 0.0);
    assert_eq!((shown(&state), &state.problem), ("one", &None));
}
