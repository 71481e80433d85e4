//! What a person may do changes: what is open is asked for again, what was remembered goes, what was typed stays
//! (semantics 7.2).

use std::collections::{BTreeMap, BTreeSet};

use crate::harness::{Harness, append, editor, form, view};
use baton_client::core::Input;
use baton_protocol::desktop::{self, EngineCall, FormUpdate, TopicUpdate, UiEvent};
use baton_protocol::id::{EntityId, GroupId, Seq};
use baton_protocol::message::{Answer, Code, Snapshot, ToClient, ToServer, Topic};
use baton_protocol::person::UserRole;
use baton_protocol::rights::{Access, Grant, Group, Right, Rights};
use uuid::Uuid;

fn entity() -> EntityId {
    EntityId(Uuid::nil())
}

/// Nothing but this access to the one entity.
fn only(access: Access) -> Rights {
    let grant = Grant {
        access,
        ..Grant::default()
    };
    let group = Group {
        id: GroupId(Uuid::nil()),
        name: "Temps".into(),
        members: BTreeSet::new(),
        grants: BTreeMap::from([(entity(), grant)]),
    };
    Rights::new(UserRole::None, [&group], &BTreeSet::new())
}

fn watch(harness: &mut Harness, topic: Topic) {
    harness.call(EngineCall::Watch(desktop::Watch { topic, rows: 10 }));
}

/// The list is seen up to here.
fn answer_watch(harness: &mut Harness, seq: u64) {
    let id = harness.request(|body| matches!(body, ToServer::Watch { .. })).id;
    let answer = Answer::Watching {
        seq: Seq(seq),
        snapshot: Snapshot::Records {
            entity: Box::new((*view("", 0, Vec::new()).entity).clone()),
            rows: Vec::new(),
            total: 0,
            editing: Vec::new(),
        },
    };
    harness.input(Input::Received(ToClient::Answer { id, answer }));
}

/// From where the list was asked for last.
fn since(harness: &Harness) -> Option<Seq> {
    match harness.request(|body| matches!(body, ToServer::Watch { .. })).body {
        ToServer::Watch { since, .. } => since,
        other => panic!("{other:?}"),
    }
}

fn joins(harness: &Harness) -> usize {
    let is_join = |body: &ToServer| matches!(body, ToServer::Join { .. });
    harness.sent.iter().filter(|sent| is_join(&sent.body)).count()
}

fn change_rights(harness: &mut Harness, rights: Rights) {
    harness.input(Input::Received(ToClient::RightsChanged { rights }));
}

#[test]
fn everything_is_asked_for_again_and_nothing_remembered_is_left() {
    let mut harness = Harness::signed_in();
    watch(&mut harness, Topic::Records(entity()));
    answer_watch(&mut harness, 7);
    harness.open(view("seen", 3, vec![editor(1, "Anna")]));
    assert!(!harness.disk.forms.is_empty(), "it is remembered");
    let before = joins(&harness);

    change_rights(&mut harness, only(Access::View));
    assert!(harness.disk.forms.is_empty(), "what was seen with other rights is gone");
    assert_eq!(since(&harness), None, "all of it, not what happened since");
    assert_eq!(joins(&harness), before + 1);
    let told = harness.told.iter().rev().find_map(|event| match event {
        UiEvent::Account { rights, .. } => Some(rights.clone()),
        _ => None,
    });
    let told = told.expect("pages are told");
    assert!(told.may(Right::View(entity())) && !told.may(Right::Edit(entity())));
}

#[test]
fn a_lost_right_is_explained_and_pending_text_stays() {
    let mut harness = Harness::signed_in();
    watch(&mut harness, Topic::Records(entity()));
    answer_watch(&mut harness, 7);
    harness.open(view("seen", 3, vec![editor(1, "Anna")]));
    harness.type_text(1, " and mine", 4);
    change_rights(&mut harness, only(Access::None));
    let watched = harness.request(|body| matches!(body, ToServer::Watch { .. })).id;
    harness.refuse(watched, Code::NotFound, "There is no such entity.");
    let joined = harness.request(|body| matches!(body, ToServer::Join { .. })).id;
    harness.refuse(joined, Code::NotFound, "There is no such record.");
    let mut sentences = Vec::new();
    let mut kept = None;
    for event in &harness.told {
        match event {
            UiEvent::Topic {
                update: TopicUpdate::Refused(problem),
                ..
            }
            | UiEvent::Form {
                update: FormUpdate::Closed(problem),
                ..
            } => sentences.push(problem.message.clone()),
            UiEvent::Form {
                update: FormUpdate::PendingEdits { texts, .. },
                ..
            } => kept = texts.first().map(|text| text.value.text().to_owned()),
            _ => {}
        }
    }
    assert_eq!(sentences.len(), 2);
    for sentence in sentences {
        assert!(sentence.english().starts_with("You may not see this"), "{sentence}");
    }
    assert_eq!(kept.as_deref(), Some("seen and mine"));
}

#[test]
fn whoever_comes_back_with_other_rights_has_forgotten_what_they_saw_before() {
    let mut harness = Harness::signed_in();
    watch(&mut harness, Topic::Records(entity()));
    answer_watch(&mut harness, 7);
    harness.open(view("seen", 3, vec![editor(1, "Anna")]));
    harness.cut();
    harness.reconnect();
    assert_eq!(
        since(&harness),
        Some(Seq(7)),
        "the same rights: only what happened since"
    );
    answer_watch(&mut harness, 8);
    harness.open(view("seen", 3, vec![editor(1, "Anna")]));
    assert!(!harness.disk.forms.is_empty());
    harness.signed_in_with(UserRole::Viewer);
    assert!(harness.disk.forms.is_empty());
    assert_eq!(since(&harness), None);
}

#[test]
fn a_field_that_is_only_to_be_seen_is_not_changed() {
    let mut harness = Harness::signed_in();
    let mut shown = view("seen", 3, vec![editor(1, "Anna")]);
    shown.read_only = BTreeSet::from(["note".to_owned()]);
    assert!(shown.can_edit() && !shown.can_edit_field("note"));
    harness.open(shown);
    let before = harness.sent.len();
    let generation = harness.generation();
    harness.call(EngineCall::ChangeForm(desktop::ChangeForm {
        form: form(),
        number: 1,
        generation,
        change: append("no", 4),
    }));
    let refused = harness.replies.last().expect("a reply").as_ref().expect_err("refused");
    assert_eq!(refused.code, Code::Forbidden);
    assert_eq!(harness.sent.len(), before);
}
