//! Drafts: every change applied, undone and found again.

use super::*;
use crate::field::FieldType;
use crate::id::UserId;
use proptest::prelude::*;
use uuid::Uuid;

fn anna() -> Person {
    Person {
        id: UserId(Uuid::nil()),
        name: "Anna".into(),
    }
}

/// Text with what breaks naive positions: combining marks, emoji, right-to-left.
fn text() -> impl Strategy<Value = String> {
    proptest::collection::vec(
        prop_oneof![
            Just('a'),
            Just('b'),
            Just('\u{301}'),
            Just('é'),
            Just('👩'),
            Just('\u{200d}'),
            Just('ש'),
            any::<char>()
        ],
        0..24,
    )
    .prop_map(|chars| chars.into_iter().collect())
}

/// Several of the blocks that positions are counted by.
fn long_text() -> impl Strategy<Value = String> {
    proptest::collection::vec(text(), 0..24).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn a_splice_between_two_texts_leads_from_one_to_the_other(old in text(), new in text()) {
        match Splice::between(&old, &new) {
            None => prop_assert_eq!(old, new),
            Some(splice) => prop_assert_eq!(splice.apply(&old), Some(new)),
        }
    }

    #[test]
    fn a_splice_does_what_a_plain_list_of_characters_does(
        old in long_text(), at in 0usize..250, delete in 0usize..250, insert in text(),
    ) {
        let chars: Vec<char> = old.chars().collect();
        let expected = (at + delete <= chars.len()).then(|| {
            chars[..at].iter().copied().chain(insert.chars()).chain(chars[at + delete..].iter().copied()).collect::<String>()
        });
        prop_assert_eq!(Splice { at, delete, insert }.apply(&old), expected);
    }

    #[test]
    fn an_edit_between_two_values_leads_from_one_to_the_other(old in text(), new in text(), long in any::<bool>()) {
        let field_type = if long { FieldType::Textarea } else { FieldType::Number };
        let field = Field::new("note", "Note", field_type);
        let (before, after) = (Value::from_text(old), Value::from_text(new));
        match Edit::between(&field, &before, &after) {
            None => prop_assert_eq!(before, after),
            Some(edit) => {
                prop_assert!(before != after);
                let splices = matches!((&before, &after), (Value::Text(_), Value::Text(_))) && long;
                prop_assert_eq!(matches!(edit, Edit::Splice(_)), splices);
                prop_assert_eq!(edit.apply(&before), Ok(after));
            }
        }
    }

    #[test]
    fn a_keystroke_costs_no_more_than_itself(text in text(), at in 0usize..24, key in any::<char>()) {
        let at = at.min(text.chars().count());
        let typed: String = text.chars().take(at).chain([key]).chain(text.chars().skip(at)).collect();
        let splice = Splice::between(&text, &typed).expect("something was typed");
        prop_assert_eq!(splice.delete, 0);
        prop_assert_eq!(splice.insert.chars().count(), 1);
    }
}

proptest! {
    #[test]
    fn patches_lead_to_the_same_draft_from_wherever_it_was_stored_last(
        saved in text(), texts in proptest::collection::vec((text(), any::<bool>()), 1..8), stored in 0usize..8,
    ) {
        let fields = |name: &str| (name == "note").then(|| Field::new("note", "Note", FieldType::Textarea));
        let saved = Values::from([("note".into(), Value::from_text(saved))]);
        let mut draft = Draft::default();
        let mut replayed = draft.clone();
        for (step, (new, whole)) in texts.into_iter().enumerate() {
            if step == stored {
                replayed = draft.clone();
            }
            let new: String = new.chars().filter(|c| !c.is_control()).collect();
            let splice = Splice::between(draft.value(&saved, "note").text(), &new);
            let edit = match splice {
                Some(splice) if !whole => Edit::Splice(splice),
                Some(_) | None => Edit::Set(Value::from_text(new)),
            };
            let change = Change { field: "note".into(), edit };
            let Ok(patch) = draft.apply(&saved, fields, &change, &anna()) else {
                continue;
            };
            if step >= stored {
                replayed.patch(&patch, &anna()).expect("it was made for this draft");
                prop_assert_eq!(&replayed, &draft);
            }
        }
    }
}

#[test]
fn each_author_is_named_once() {
    let ben = Person {
        id: UserId(Uuid::max()),
        name: "Ben".into(),
    };
    let fields = |name: &str| Some(Field::new(name, name, FieldType::Textarea));
    let mut draft = Draft::default();
    for (name, author) in [("a", &anna()), ("b", &ben), ("c", &anna())] {
        let edit = Edit::Set(Value::from_text("x"));
        let field = name.into();
        let change = Change { field, edit };
        draft.apply(&Values::new(), fields, &change, author).expect("accepted");
    }
    let names: Vec<&str> = draft.authors().into_iter().map(|author| author.name.as_str()).collect();
    assert_eq!(names, ["Anna", "Ben"]);
}

#[test]
fn only_what_was_typed_is_stored_of_a_text_that_was_typed_into_before() {
    let fields = |name: &str| Some(Field::new(name, name, FieldType::Textarea));
    let insert = |insert: &str| Change {
        field: "note".into(),
        edit: Edit::Splice(Splice {
            at: 0,
            delete: 0,
            insert: insert.into(),
        }),
    };
    let mut draft = Draft::default();
    let first = draft
        .apply(&Values::new(), fields, &insert("b"), &anna())
        .expect("accepted");
    assert!(
        matches!(first, DraftPatch::Set { .. }),
        "of nothing there is no splice: {first:?}"
    );
    let second = draft
        .apply(&Values::new(), fields, &insert("a"), &anna())
        .expect("accepted");
    assert!(matches!(second, DraftPatch::Splice { .. }), "{second:?}");
}

#[test]
fn a_field_that_returns_to_its_saved_value_is_unchanged() {
    let fields = |name: &str| (name == "note").then(|| Field::new("note", "Note", FieldType::Textarea));
    let saved = Values::from([("note".into(), Value::from_text("as it was"))]);
    let mut draft = Draft::default();
    let mut set = |text: &str| {
        let change = Change {
            field: "note".into(),
            edit: Edit::Set(Value::from_text(text)),
        };
        draft.apply(&saved, fields, &change, &anna()).expect("fits");
        draft.is_empty()
    };
    assert!(!set("other"));
    assert!(set("as it was"));
}

#[test]
fn a_refused_change_leaves_the_draft_alone() {
    let fields = |name: &str| (name == "note").then(|| Field::new("note", "Note", FieldType::Text));
    let mut draft = Draft::default();
    let past_the_end = Change {
        field: "note".into(),
        edit: Edit::Splice(Splice {
            at: 4,
            delete: 1,
            insert: String::new(),
        }),
    };
    let result = draft.apply(&Values::new(), fields, &past_the_end, &anna());
    assert_eq!(result, Err(ChangeError::OutOfRange));
    let elsewhere = Change {
        field: "nope".into(),
        edit: Edit::Set(Value::Empty),
    };
    let result = draft.apply(&Values::new(), fields, &elsewhere, &anna());
    assert_eq!(result, Err(ChangeError::NoField("nope".into())));
    assert!(draft.is_empty());
}
