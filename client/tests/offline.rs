//! Without the server: what is remembered can be worked on, and what was typed arrives, once, or waits for
//! its author (semantics 5).

use crate::harness::{
    Harness, editor, form, killed_while_offline, mine, open_form, outbox, person, queue_is, view, with_draft,
};
use baton_client::core::{CachedRow, Input};
use baton_protocol::deletion::{DeletionKind, Stamp};
use baton_protocol::desktop::{self, EngineCall, FormUpdate, UiEvent};
use baton_protocol::draft::{Change, Edit};
use baton_protocol::field::{Field, FieldType, Value};
use baton_protocol::form::{FormCommand, Notice};
use baton_protocol::id::{EntityId, Fence, FormKey, RecordId, Rev, Ticket, Version};
use baton_protocol::message::{Answer, Code, ToClient, ToServer};
use baton_protocol::person::UserRole;
use baton_protocol::record::RecordRow;
use baton_protocol::time::Timestamp;

#[test]
fn what_was_typed_offline_survives_a_kill_and_arrives_where_nobody_changed_it() {
    let mut harness = killed_while_offline();
    harness.connect();
    // Nobody looks at the form; it is joined all the same.
    harness.answer_join(mine(3, 2, 9));
    assert_eq!(harness.changes().len(), 1);
    assert_eq!(harness.changes()[0].2, " more");
    harness.accept(harness.changes()[0].0, 4);
    assert!(outbox(&harness).is_empty());
    assert!(harness.disk.held.is_empty());
    harness.request(|body| matches!(body, ToServer::Leave { .. }));
}

#[test]
fn what_arrived_before_the_kill_is_not_sent_twice() {
    let mut harness = Harness::signed_in();
    harness.open(mine(3, 1, 1));
    harness.type_text(1, " more", 4);
    harness.type_text(2, "!", 9);
    assert_eq!(harness.changes().len(), 1, "the first is under way");
    let mut harness = harness.killed_and_started_again();
    harness.connect();
    // The first one had its effect; only its answer was lost.
    harness.answer_join(with_draft("said more", 4, 2, 9, &[(9, "Anna")]));
    assert_eq!(harness.changes().len(), 1);
    assert_eq!(harness.changes()[0].2, "!");
}

#[test]
fn what_was_typed_waits_in_line_and_arrives_when_its_author_edits_again() {
    let mut harness = killed_while_offline();
    harness.connect();
    let mut taken = mine(3, 2, 9);
    taken.editors = vec![editor(8, "Ben"), editor(9, "Anna")];
    harness.answer_join(taken);
    assert!(harness.changes().is_empty());
    assert_eq!(outbox(&harness).len(), 1);
    assert!(!outbox(&harness)[0].decide);
    harness.notice(queue_is(vec![editor(9, "Anna")], 3));
    assert_eq!(harness.changes().len(), 1);
    assert_eq!(harness.changes()[0].2, " more");
}

#[test]
fn a_remembered_form_is_edited_without_the_server_and_saved_when_it_is_back() {
    let mut harness = Harness::signed_in();
    harness.open(mine(3, 1, 1));
    harness.call(EngineCall::CloseForm(desktop::CloseForm { form: form() }));
    harness.cut();
    harness.call(open_form());
    assert_eq!(harness.shown(), "said");
    harness.type_text(1, " more", 4);
    assert_eq!(harness.waiting(), 1);
    assert_eq!(harness.disk.held.len(), 1);
    harness.reconnect();
    harness.answer_join(mine(3, 2, 9));
    assert_eq!(harness.changes()[0].2, " more");
}

#[test]
fn a_rule_that_is_broken_is_told_without_the_server() {
    let mut harness = Harness::signed_in();
    harness.cut();
    harness.call(open_form());
    harness.type_text(1, "text", 0);
    harness.give(form(), FormCommand::save());
    // It has no title.
    assert_eq!(harness.waiting(), 1, "the save does not wait for a refusal");
    let errors = harness.told.iter().rev().find_map(|event| match event {
        UiEvent::Form {
            update: FormUpdate::Opened(view) | FormUpdate::Cached { view, .. },
            ..
        } => Some(view.errors.clone()),
        UiEvent::Form {
            update: FormUpdate::Notice(Notice::Invalid { errors, .. }),
            ..
        } => Some(errors.clone()),
        _ => None,
    });
    assert_eq!(errors.expect("it is told")[0].field, "title");
}

#[test]
fn a_new_record_that_was_made_offline_is_made_at_the_server() {
    let mut harness = Harness::signed_in();
    harness.cut();
    harness.call(open_form());
    harness.type_text(1, "text", 0);
    let mut harness = harness.killed_and_started_again();
    harness.connect();
    let mut new = view("", 0, vec![editor(9, "Anna")]);
    new.version = Version(0);
    new.me = Some(Ticket(9));
    harness.answer_join(new);
    assert_eq!(harness.changes().len(), 1);
    harness.call(open_form());
    assert_eq!(harness.shown(), "text");
}

#[test]
fn a_deletion_without_the_server_happens_later_unless_somebody_saved_meanwhile() {
    for (version, deleted) in [(1, true), (2, false)] {
        let mut harness = Harness::signed_in();
        harness.open(mine(3, 1, 1));
        harness.cut();
        let how = DeletionKind::Deleted;
        harness.give(form(), FormCommand::Delete { kind: how });
        assert_eq!(outbox(&harness)[0].remove, Some(DeletionKind::Deleted));
        let mut harness = harness.killed_and_started_again();
        harness.connect();
        let mut now = mine(3, 2, 9);
        now.version = Version(version);
        harness.answer_join(now);
        let asked = harness.sent_command(|command| matches!(command, FormCommand::Delete { .. }));
        assert_eq!(asked, deleted);
        if deleted {
            let id = harness
                .form_request(|command| matches!(command, FormCommand::Delete { .. }))
                .id;
            let answer = Answer::Done;
            harness.input(Input::Received(ToClient::Answer { id, answer }));
        } else {
            assert!(harness.told.iter().any(|event| matches!(event, UiEvent::Toast(_))));
        }
        assert!(outbox(&harness).is_empty());
    }
}

#[test]
fn a_change_counts_as_kept_only_when_the_disk_says_so() {
    let kept = |harness: &Harness| {
        let of = |event: &UiEvent| match event {
            UiEvent::Form {
                update: desktop::FormUpdate::Unacknowledged { steps, kept },
                ..
            } => Some((*steps, *kept)),
            _ => None,
        };
        harness.told.iter().rev().find_map(of)
    };
    let mut harness = Harness::signed_in();
    harness.disk.slow = true;
    harness.open(mine(3, 1, 1));
    harness.cut();
    harness.type_text(1, " more", 4);
    assert_eq!(kept(&harness), Some((1, false)));
    harness.input(Input::Stored(1));
    assert_eq!(kept(&harness), Some((1, true)));
}

#[test]
fn a_spectator_who_comes_back_is_told_the_present_state() {
    let mut harness = Harness::signed_in();
    let mut watched = mine(3, 1, 1);
    watched.editors = vec![editor(8, "Ben"), editor(1, "Anna")];
    harness.open(watched.clone());
    harness.cut();
    harness.reconnect();
    watched.rev = Rev(5);
    harness.answer_join(watched);
    assert!(harness.changes().is_empty());
    assert!(outbox(&harness).is_empty());
}

#[test]
fn a_save_without_the_server_happens_after_everything_arrived() {
    let mut harness = Harness::signed_in();
    harness.cut();
    harness.call(open_form());
    let title = baton_protocol::draft::Change {
        field: "title".into(),
        edit: baton_protocol::draft::Edit::Set(Value::from_text("A title")),
    };
    let generation = harness.generation();
    harness.call(EngineCall::ChangeForm(desktop::ChangeForm {
        form: form(),
        number: 1,
        generation,
        change: title,
    }));
    harness.give(form(), FormCommand::save());
    assert!(outbox(&harness)[0].save);
    harness.call(EngineCall::CloseForm(desktop::CloseForm { form: form() }));
    let mut harness = harness.killed_and_started_again();
    assert!(outbox(&harness)[0].save);
    harness.connect();
    let mut new = view("", 0, vec![editor(9, "Anna")]);
    new.version = Version(0);
    new.me = Some(Ticket(9));
    harness.answer_join(new);
    harness.accept(harness.changes()[0].0, 1);
    let save = harness.form_request(|command| matches!(command, FormCommand::Save { .. }));
    let answer = Answer::Saved { version: Version(1) };
    harness.input(Input::Received(ToClient::Answer { id: save.id, answer }));
    assert!(outbox(&harness).is_empty());
}

#[test]
fn a_save_that_waits_without_text_outlives_a_kill() {
    let mut harness = Harness::signed_in();
    harness.open(mine(3, 1, 1));
    harness.type_text(1, " more", 4);
    harness.accept(harness.changes()[0].0, 4);
    harness.cut();
    harness.give(form(), FormCommand::save());
    let mut harness = harness.killed_and_started_again();
    assert!(outbox(&harness)[0].save);
    harness.connect();
    let mut now = with_draft("said more", 4, 2, 9, &[(9, "Anna")]);
    for field in now.draft.fields.values_mut() {
        field.author = person("Anna");
    }
    harness.answer_join(now);
    harness.form_request(|command| matches!(command, FormCommand::Save { .. }));
}

#[test]
fn a_save_that_waits_outlives_a_kill_also_behind_its_authors_own_place() {
    let mut harness = Harness::signed_in();
    harness.open(mine(3, 1, 1));
    harness.cut();
    harness.type_text(1, " more", 4);
    harness.give(form(), FormCommand::save());
    let session = harness.disk.kept.as_ref().and_then(|kept| kept.session);
    assert!(session.is_some(), "the session is known to whoever starts next");
    let mut harness = harness.killed_and_started_again();
    harness.connect();
    let hello = harness.request(|body| matches!(body, ToServer::Hello { .. }));
    assert!(
        matches!(hello.body, ToServer::Hello { resume, .. } if resume == session),
        "it comes back to its own place"
    );
    // The server was killed too, and its grace period is not over: the old place stands before the new one.
    harness.answer_join(with_order("said", 3, 1, 2, &[(1, "Anna"), (2, "Anna")]));
    assert!(outbox(&harness)[0].save, "it waits still");
    let told = |harness: &Harness| harness.told.iter().any(|event| matches!(event, UiEvent::Toast(_)));
    assert!(!told(&harness), "nobody else did anything");
    harness.notice(queue_is(vec![editor(2, "Anna")], 2));
    assert_eq!(harness.changes()[0].2, " more");
    harness.accept(harness.changes()[0].0, 4);
    harness.form_request(|command| matches!(command, FormCommand::Save { .. }));
    assert!(!told(&harness));
}

/// Anna has a list with the record, and never opened it: a short field, and a long one of which the list has the beginning.
fn listed(harness: &mut Harness) {
    let mut entity = (*view("", 0, Vec::new()).entity).clone();
    entity.fields.push(Field::new("sku", "SKU", FieldType::Text));
    let row = RecordRow {
        id: RecordId(form().id),
        num: 1,
        position: 1,
        version: Version(4),
        title: "Laptop".into(),
        slug: "laptop".into(),
        status: "draft".into(),
        cells: [
            ("note".to_owned(), Value::from_text("x".repeat(120) + "…")),
            ("sku".to_owned(), Value::from_text("L-1")),
        ]
        .into(),
        created: Stamp {
            by: person("Ben"),
            at: Timestamp(1),
        },
        updated: Stamp {
            by: person("Ben"),
            at: Timestamp(1),
        },
    };
    let at = Timestamp(7);
    harness.disk.listed = Some(Box::new(CachedRow { at, row, entity }));
}

#[test]
fn a_record_of_a_list_that_was_never_opened_is_edited_without_the_server() {
    let mut harness = Harness::signed_in();
    listed(&mut harness);
    harness.cut();
    harness.call(open_form());
    let (at, shown) = harness
        .told
        .iter()
        .rev()
        .find_map(|event| match event {
            UiEvent::Form {
                update: FormUpdate::Cached { at, view },
                ..
            } => Some((*at, view.clone())),
            _ => None,
        })
        .expect("it is shown");
    assert_eq!(
        (at, shown.version, shown.title()),
        (Some(Timestamp(7)), Version(4), "Laptop")
    );
    assert!(shown.can_edit_field("sku"));
    assert!(!shown.can_edit_field("note"), "of that only the beginning is here");
    let change = |field: &str| Change {
        field: field.into(),
        edit: Edit::Set(Value::from_text("L-2")),
    };
    let type_into = |harness: &mut Harness, number, field: &str| {
        let generation = harness.generation();
        harness.call(EngineCall::ChangeForm(desktop::ChangeForm {
            form: form(),
            number,
            generation,
            change: change(field),
        }));
    };
    type_into(&mut harness, 1, "note");
    assert!(matches!(harness.replies.last(), Some(Err(problem)) if problem.code == Code::Offline));
    type_into(&mut harness, 2, "sku");
    assert_eq!(outbox(&harness)[0].fields, 1);
    let base = &harness.disk.held[&form()].texts[0].base;
    assert_eq!(base.text(), "L-1", "what the merge compares with");
}

#[test]
fn who_may_not_edit_with_the_server_may_not_without_it() {
    let opened = |role: UserRole, form: FormKey| {
        let mut harness = Harness::signed_in();
        harness.signed_in_with(role);
        let mut seen = view("said", 3, Vec::new());
        seen.form = form;
        seen.me = None;
        harness.disk.forms.insert(form, seen);
        harness.cut();
        harness.call(EngineCall::OpenForm(desktop::OpenForm { form, entity: None }));
        harness.told.iter().rev().find_map(|event| match event {
            UiEvent::Form {
                update: FormUpdate::Cached { view, .. },
                ..
            } => Some(view.can_edit()),
            _ => None,
        })
    };
    let definition = FormKey::entity(EntityId(form().id));
    assert_eq!(opened(UserRole::Viewer, form()), Some(false));
    assert_eq!(opened(UserRole::Editor, form()), Some(true));
    assert_eq!(opened(UserRole::Editor, definition), Some(false));
    assert_eq!(opened(UserRole::Admin, definition), Some(true));
}

/// The form with these places in it and nothing unsaved.
fn with_order(text: &str, rev: u64, fence: u64, me: u64, order: &[(u64, &str)]) -> baton_protocol::form::FormSnapshot {
    let mut view = view(
        text,
        rev,
        order.iter().map(|(ticket, name)| editor(*ticket, name)).collect(),
    );
    view.fence = Fence(fence);
    view.me = Some(Ticket(me));
    view
}

#[test]
fn a_save_that_waits_does_not_save_what_somebody_else_did_since() {
    let mut harness = Harness::signed_in();
    harness.open(mine(3, 1, 1));
    harness.type_text(1, " more", 4);
    harness.accept(harness.changes()[0].0, 4);
    harness.cut();
    harness.give(form(), FormCommand::save());
    harness.reconnect();
    harness.answer_join(with_draft("Ben's half sentence", 5, 2, 9, &[(9, "Anna")]));
    let saved = harness.sent_command(|command| matches!(command, FormCommand::Save { .. }));
    assert!(!saved);
    assert!(harness.told.iter().any(|event| matches!(event, UiEvent::Toast(_))));
    assert!(outbox(&harness).is_empty());
}

#[test]
fn a_server_that_fails_for_now_loses_no_deletion_and_no_merge() {
    let mut harness = killed_while_offline();
    harness.connect();
    let id = harness.request(|body| matches!(body, ToServer::Join { .. })).id;
    harness.refuse(id, Code::Internal, "Nothing was changed; try again.");
    assert!(!outbox(&harness)[0].decide);
    let joins = |harness: &Harness| {
        let joins = harness.sent.iter();
        joins.filter(|sent| matches!(sent.body, ToServer::Join { .. })).count()
    };
    let before = joins(&harness);
    harness.wait();
    assert_eq!(joins(&harness), before + 1, "it is tried again, a little later");
    harness.answer_join(mine(3, 2, 9));
    assert_eq!(harness.changes()[0].2, " more");
}
