//! The forms of definitions as they were before protocol 4, when they held the words of types and statuses, and the
//! options of a choice as one text, a label a line. The words here are those of that time and stay as they are. An
//! option gets its label of that time as its id, so nothing of a record changes.

use std::collections::BTreeSet;

use crate::definition::{OPTIONS, key, option_property, parts};
use crate::draft::{Draft, DraftField};
use crate::field::Value;
use crate::form::FieldHistory;

const TYPES: [(&str, &str); 15] = [
    ("Text", "text"),
    ("Long text", "textarea"),
    ("Formatted text", "rich_text"),
    ("E-mail", "email"),
    ("Web address", "url"),
    ("Number", "number"),
    ("Yes or no", "boolean"),
    ("Date", "date"),
    ("Date and time", "date_time"),
    ("Choice", "select"),
    ("Choice, all in sight", "radio"),
    ("Several choices", "checkboxes"),
    ("Link", "relation"),
    ("File", "file"),
    ("Picture", "image"),
];
const STATUSES: [(&str, &str); 3] = [("Draft", "draft"), ("Published", "published"), ("Archived", "archived")];
const SORTS: [(&str, &str); 3] = [("Newest first", "newest"), ("By title", "title"), ("By hand", "manual")];
const ON_DELETE: [(&str, &str); 2] = [
    ("Keep the link, marked as deleted", "keep"),
    ("Refuse to delete the linked record", "refuse"),
];

/// Returns what a value of that time is now. The labels of options are values of their own: see [`edits`].
#[must_use]
pub fn value(name: &str, value: &Value) -> Value {
    let id_of = |words: &[(&str, &str)]| match words.iter().find(|(label, _)| *label == value.text()) {
        Some((_, id)) => Value::from_text(*id),
        None => value.clone(),
    };
    match parts(name) {
        Some((_, "type")) => id_of(&TYPES),
        Some((_, "on_delete")) => id_of(&ON_DELETE),
        Some((_, OPTIONS)) => Value::from_items(options(value).into_iter().map(|(id, _)| id)),
        Some(_) => value.clone(),
        None if name == "status" => id_of(&STATUSES),
        None if name == "sort" => id_of(&SORTS),
        None => value.clone(),
    }
}

/// Returns what a change of a value is now: one of the same value, and the labels of options that came with it. What
/// went keeps its label, and its words with it.
#[must_use]
pub fn edits(name: &str, old: &Value, new: &Value) -> Vec<(String, Value, Value)> {
    let mut edits = vec![(name.to_owned(), value(name, old), value(name, new))];
    if let Some((field, OPTIONS)) = parts(name) {
        let known: BTreeSet<String> = options(old).into_iter().map(|(id, _)| id).collect();
        let added = options(new).into_iter().filter(|(id, _)| !known.contains(id));
        edits.extend(added.map(|(id, label)| {
            let name = key(field, &option_property(&id));
            (name, Value::Empty, Value::from_text(label))
        }));
    }
    edits
}

/// Returns the unsaved changes of that time as they are now.
#[must_use]
pub fn draft(draft: &Draft) -> Draft {
    let fields = draft.fields.iter().flat_map(|(name, changed)| {
        let edits = edits(name, &Value::Empty, &changed.value);
        edits.into_iter().map(|(name, _, value)| {
            let author = changed.author.clone();
            (name, DraftField { value, author })
        })
    });
    Draft {
        base: draft.base,
        fields: fields.collect(),
    }
}

/// Returns the history of a save of that time as it is now.
#[must_use]
pub fn history(history: &[FieldHistory]) -> Vec<FieldHistory> {
    let changes = history.iter().flat_map(|change| {
        let edits = edits(&change.field, &change.old, &change.new);
        edits.into_iter().map(|(field, old, new)| FieldHistory {
            field,
            old,
            new,
            author: change.author.clone(),
        })
    });
    changes.collect()
}

/// The options of a text, with their labels: each line once. A separator was refused in a label that was saved; in one
/// that was only typed it cannot stand in the id.
fn options(text: &Value) -> Vec<(String, String)> {
    if let Value::List(ids) = text {
        return ids.iter().map(|id| (id.clone(), id.clone())).collect();
    }
    let mut seen = BTreeSet::new();
    let lines = text.text().lines().map(str::trim).filter(|line| !line.is_empty());
    let options = lines.map(|label| (label.replace(';', ","), label.to_owned()));
    options.filter(|(id, _)| seen.insert(id.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Value {
        Value::from_text(text)
    }

    #[test]
    fn words_of_that_time_become_ids() {
        assert_eq!(value("f:a:type", &text("Choice, all in sight")), text("radio"));
        assert_eq!(value("status", &text("Published")), text("published"));
        assert_eq!(value("sort", &text("By hand")), text("manual"));
        assert_eq!(
            value("label", &text("Published")),
            text("Published"),
            "a person's own word"
        );
        assert_eq!(value("f:a:type", &text("radio")), text("radio"), "twice is once");
        for (_, id) in TYPES {
            assert!(crate::field::FieldType::from_id(id).is_some(), "{id}");
        }
    }

    #[test]
    fn options_become_ids_and_labels() {
        let edits = edits("f:a:options", &text("Red\nBlue"), &text("Red\n Green \nRed\nOne; two"));
        assert_eq!(edits[0].0, "f:a:options");
        assert_eq!(edits[0].1, Value::from_items(["Red", "Blue"]));
        assert_eq!(edits[0].2, Value::from_items(["Red", "Green", "One, two"]));
        assert_eq!(edits[1], ("f:a:option:Green".into(), Value::Empty, text("Green")));
        assert_eq!(edits[2], ("f:a:option:One, two".into(), Value::Empty, text("One; two")));
        assert_eq!(edits.len(), 3, "what is known or went has its label already");
    }
}
