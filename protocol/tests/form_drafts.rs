//! Drafts row by row: what is changed, saved, discarded, and what comes too late.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::table::Table;
use baton_protocol::draft::{Change, Edit, Splice};
use baton_protocol::field::Value;
use baton_protocol::form::{Applied, Command, Effect, FormCommand, Notice, Outcome, Refusal};
use baton_protocol::id::{Rev, Version};
use baton_protocol::values::MAX_FORM_BYTES;
use baton_protocol::values::{SLUG, TITLE, Values};

#[test]
fn an_operation_that_is_repeated_has_its_effect_once() {
    let mut table = Table::new();
    table.join("anna");
    let (fence, op) = (table.form.fence, table.op());
    let first = table.change("anna", fence, op, "once").expect("accepted");
    let again = table.change("anna", fence, op, "once").expect("accepted");
    assert_eq!(first.outcome, again.outcome);
    assert!(again.effects.is_empty(), "nobody is told twice");
    assert_eq!(table.form.rev, Rev(1));
}

#[test]
fn a_save_clears_the_draft_and_makes_a_version_and_a_slug() {
    let mut table = Table::new();
    table.join("anna");
    table.type_note("anna", "text").expect("accepted");
    let saved = table.save("anna", 3).expect("saved");
    assert_eq!(saved.outcome, Outcome::Saved { version: Version(4) });
    assert!(table.form.draft.is_empty());
    assert_eq!(table.form.values[SLUG].text(), "laptop");
    let Some(Effect::Save(form)) = saved.effects.first() else {
        panic!("the save is stored before anyone is told");
    };
    let fields: Vec<_> = form.history.iter().map(|entry| entry.field.as_str()).collect();
    assert_eq!(fields, ["note", "slug"]);
}

#[test]
fn whoever_is_promoted_is_told_since_when_there_is_a_draft_and_when_each_field_was_changed() {
    let mut table = Table::new();
    table.join("anna");
    table.join("ben");
    let began = table.now;
    table.type_note("anna", "text").expect("accepted");
    table.wait(Duration::from_secs(60));
    let changed = table.now;
    table.type_note("anna", "more").expect("accepted");
    table.wait(Duration::from_secs(60));
    let left = table.apply("anna", Command::Leave).expect("leaves");
    let times_told = |effects: &[Effect]| {
        effects.iter().find_map(|effect| {
            if let Effect::Tell(Notice::Editors {
                draft_since,
                changed_at,
                ..
            }) = effect
            {
                Some((*draft_since, changed_at.clone()))
            } else {
                None
            }
        })
    };
    let times = [("note".to_owned(), changed)].into();
    assert_eq!(times_told(&left.effects), Some((Some(began), times)));
    // Typed on, it is another moment; saved, there is none.
    table.type_note("ben", "on").expect("accepted");
    assert_eq!(table.form.changed_at["note"], table.now);
    table.save("ben", 3).expect("saved");
    assert!(table.form.changed_at.is_empty());
    let order = table.apply("ben", Command::Leave).expect("leaves");
    let nothing = (None, BTreeMap::new());
    assert_eq!(times_told(&order.effects), Some(nothing), "nothing is unsaved");
}

#[test]
fn a_save_of_an_old_version_is_refused() {
    let mut table = Table::new();
    table.join("anna");
    table.type_note("anna", "text").expect("accepted");
    assert_eq!(
        table.save("anna", 2).expect_err("refused"),
        Refusal::StaleVersion { current: Version(3) }
    );
    assert_eq!(table.note(), "text");
}

#[test]
fn a_save_that_breaks_a_rule_keeps_the_draft_and_everyone_sees_why() {
    let mut table = Table::new();
    table.join("anna");
    let (fence, op) = (table.form.fence, table.op());
    let changes = vec![Change {
        field: TITLE.into(),
        edit: Edit::Set(Value::Empty),
    }];
    table
        .send(
            "anna",
            FormCommand::Change {
                fence,
                op,
                rev: None,
                changes,
            },
        )
        .expect("a draft may be incomplete");
    let result = table.save("anna", 3).expect("no refusal: the draft is kept");
    let Outcome::Invalid { errors } = &result.outcome else {
        panic!("it is invalid");
    };
    assert_eq!(errors[0].field, TITLE);
    assert_eq!(
        result.effects,
        [Effect::Tell(Notice::Invalid { errors: errors.clone() })]
    );
    assert!(!table.form.draft.is_empty());
    assert_eq!(table.form.version, Version(3));
}

#[test]
fn a_command_made_for_another_text_is_refused_however_late_it_comes() {
    let mut table = Table::new();
    table.join("anna");
    let (fence, rev) = (table.form.fence, Some(table.form.rev));
    table.type_note("anna", "first").expect("accepted");
    let splice = Splice {
        at: 0,
        delete: 0,
        insert: "late".into(),
    };
    let changes = vec![Change {
        field: "note".into(),
        edit: Edit::Splice(splice),
    }];
    let op = table.op();
    let late = FormCommand::Change {
        fence,
        op,
        rev,
        changes: changes.clone(),
    };
    assert_eq!(table.send("anna", late).expect_err("refused"), Refusal::StaleRev);
    let late = FormCommand::DiscardDraft { fence, op, rev };
    assert_eq!(table.send("anna", late).expect_err("refused"), Refusal::StaleRev);
    assert_eq!(table.note(), "first");

    let (op, rev) = (table.op(), Some(table.form.rev));
    let fresh = FormCommand::Change {
        fence,
        op,
        rev,
        changes,
    };
    let outcome = table.send("anna", fresh.clone()).expect("accepted").outcome;
    // Once more after a lost answer: known by its id, although its number is old now.
    assert_eq!(table.send("anna", fresh).expect("answered again").outcome, outcome);
    assert_eq!(table.note(), "latefirst");
}

#[test]
fn a_discard_can_be_undone_until_something_new_is_typed() {
    let mut table = Table::new();
    table.join("anna");
    table.type_note("anna", "long work").expect("accepted");
    let (fence, op) = (table.form.fence, table.op());
    table
        .send("anna", FormCommand::DiscardDraft { fence, op, rev: None })
        .expect("discards");
    assert_eq!(table.note(), "");
    let op = table.op();
    table
        .send("anna", FormCommand::RestoreDraft { fence, op, rev: None })
        .expect("undone");
    assert_eq!(table.note(), "long work");
    let op = table.op();
    table
        .send("anna", FormCommand::DiscardDraft { fence, op, rev: None })
        .expect("discards");
    table.type_note("anna", "new").expect("accepted");
    let op = table.op();
    table
        .send("anna", FormCommand::RestoreDraft { fence, op, rev: None })
        .expect("nothing to undo");
    assert_eq!(table.note(), "new");
}

#[test]
fn a_form_takes_as_much_text_as_it_may_and_not_a_byte_more() {
    let mut table = Table::new();
    let used: usize = table.form.values.values().map(Value::bytes).sum();
    let rest = "x".repeat(MAX_FORM_BYTES - used - 10);
    table.form.values.insert("other".into(), Value::from_text(rest));
    table.join("anna");
    table.type_note("anna", "0123456789").expect("it fits");
    table.type_note("anna", "01234567890").expect_err("one byte too many");
    assert_eq!(table.note(), "0123456789");
    table.type_note("anna", "012345678").expect("less fits again");
}

#[test]
fn the_first_keystroke_stores_whose_text_it_is_and_the_next_ones_only_themselves() {
    let mut table = Table::new();
    table.join("anna");
    let effects = |applied: Applied| {
        let appends = applied.effects.iter().any(|effect| matches!(effect, Effect::Append(_)));
        let tells_lists = applied
            .effects
            .iter()
            .any(|effect| matches!(effect, Effect::PresenceChanged(_)));
        (appends, tells_lists)
    };
    let first = table.type_note("anna", "a").expect("accepted");
    assert_eq!(effects(first), (false, true), "lists learn whose unsaved text there is");
    let second = table.type_note("anna", "ab").expect("accepted");
    assert_eq!(effects(second), (true, false));
    table.join("ben");
    table.apply("anna", Command::Leave).expect("left");
    let third = table.type_note("ben", "abc").expect("accepted");
    assert_eq!(effects(third), (false, true), "it is another one's now");
}

#[test]
fn a_conversion_changes_what_is_still_as_it_was_and_leaves_what_is_unsaved() {
    let mut table = Table::new();
    table.form.values.insert("note".into(), Value::from_text("12"));
    let from = table.form.values.clone();
    let convert = |from: &Values, to: &str| Command::Convert {
        from: from.clone(),
        values: Values::from([("note".into(), Value::from_text(to))]),
        person: crate::table::person("ada"),
    };
    let base = table.form.draft.base;
    let done = table.apply("nobody", convert(&from, "13")).expect("converted");
    assert_eq!(done.outcome, Outcome::Saved { version: Version(4) });
    assert_eq!(table.form.values["note"].text(), "13");
    assert_eq!(
        table.form.draft.base, base,
        "nothing is unsaved that could be based on it"
    );
    let Some(Effect::Save(saved)) = done.effects.first() else {
        panic!("it is stored before anyone is told");
    };
    let changed: Vec<_> = saved
        .history
        .iter()
        .map(|entry| (entry.old.text(), entry.new.text()))
        .collect();
    assert_eq!(changed, [("12", "13")]);

    // Somebody saved since it was looked at: that stays.
    let late = table.apply("nobody", convert(&from, "14")).expect("nothing to do");
    assert_eq!((late.outcome, late.effects.len()), (Outcome::Done, 0));
    assert_eq!(
        (table.form.version, table.form.values["note"].text()),
        (Version(4), "13")
    );

    table.join("anna");
    table.type_note("anna", "typed").expect("accepted");
    let from = table.form.values.clone();
    table.apply("nobody", convert(&from, "15")).expect("converted");
    assert_eq!((table.note(), table.form.draft.base), ("typed", Version(5)));

    let mut table = Table::new();
    table.form.version = Version::default();
    let from = table.form.values.clone();
    let refused = table
        .apply("nobody", convert(&from, "16"))
        .expect_err("it was never saved");
    assert_eq!(refused, Refusal::NeverSaved);
}
