//! What is held of long texts, as the disk has it: what differs from a text that was written whole before. So a
//! keystroke costs itself, however long the text around it is (semantics 4.1).

use std::collections::BTreeMap;

use baton_protocol::deletion::DeletionKind;
use baton_protocol::desktop::{PendingComment, PendingEdit};
use baton_protocol::draft::Splice;
use baton_protocol::field::Value;
use baton_protocol::id::{EntityId, FormKey, FormKind, Version};
use baton_protocol::message::PROTOCOL;
use baton_protocol::upgrade;
use serde::{Deserialize, Serialize};

use crate::core::{PendingDiscard, PendingForm};

/// Texts of fewer bytes are written whole each time.
const SHORT: usize = 2048;
/// A text is written whole again when what differs from it has so many bytes.
const DRIFT: usize = 4096;

/// The texts of one form's fields that were written whole.
pub(super) type Stems = BTreeMap<String, String>;

/// [`PendingForm`] as it is stored.
#[derive(Serialize, Deserialize)]
pub(super) struct StoredPending {
    form: FormKey,
    entity: Option<EntityId>,
    title: String,
    new: bool,
    texts: Vec<StoredText>,
    save: bool,
    #[serde(default)]
    discard: Option<PendingDiscard>,
    remove: Option<(DeletionKind, Version)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    comments: Vec<PendingComment>,
    /// The protocol of the program that stored it; 0 for those before 4, which held the words of definitions.
    #[serde(default)]
    protocol: u32,
}

#[derive(Serialize, Deserialize)]
struct StoredText {
    field: String,
    base: Stored,
    sent: Option<Stored>,
    value: Stored,
    /// Called `flows` by the programs that spoke protocol 2.
    #[serde(alias = "flows")]
    auto_merge: bool,
}

/// A value, or what differs from the field's stem.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Stored {
    Spliced { splice: Splice },
    Whole(Value),
}

impl Stored {
    fn new(stem: Option<&str>, value: &Value) -> Self {
        match (stem, value) {
            (Some(stem), Value::Text(text)) => Self::Spliced {
                splice: Splice::between(stem, text).unwrap_or(Splice {
                    at: 0,
                    delete: 0,
                    insert: String::new(),
                }),
            },
            (_, value) => Self::Whole(value.clone()),
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Self::Spliced { splice } => splice.insert.len(),
            Self::Whole(value) => value.bytes(),
        }
    }

    fn restored(self, stem: Option<&str>) -> Option<Value> {
        match self {
            Self::Whole(value) => Some(value),
            Self::Spliced { splice } => splice.apply(stem?).map(Value::from_text),
        }
    }
}

impl StoredText {
    fn new(text: &PendingEdit, stem: Option<&str>) -> Self {
        Self {
            field: text.field.clone(),
            base: Stored::new(stem, &text.base),
            sent: text.sent.as_ref().map(|sent| Stored::new(stem, sent)),
            value: Stored::new(stem, &text.value),
            auto_merge: text.auto_merge,
        }
    }

    fn bytes(&self) -> usize {
        self.base.bytes() + self.sent.as_ref().map_or(0, Stored::bytes) + self.value.bytes()
    }
}

/// What is held, over the stems that were written; and the stems that must be written anew with it.
pub(super) fn stored(pending: &PendingForm, stems: &Stems) -> (StoredPending, Stems) {
    let mut written = Stems::new();
    for text in &pending.texts {
        let longest = if text.value.bytes() >= text.base.bytes() {
            &text.value
        } else {
            &text.base
        };
        if longest.bytes() <= SHORT {
            continue;
        }
        let stem = stems.get(&text.field).map(String::as_str);
        if stem.is_none() || StoredText::new(text, stem).bytes() > DRIFT {
            written.insert(text.field.clone(), longest.text().to_owned());
        }
    }
    let texts = pending.texts.iter().map(|text| {
        let stem = written.get(&text.field).or_else(|| stems.get(&text.field));
        StoredText::new(text, stem.map(String::as_str))
    });
    let stored = StoredPending {
        form: pending.form,
        entity: pending.entity,
        title: pending.title.clone(),
        new: pending.new,
        texts: texts.collect(),
        save: pending.save,
        discard: pending.discard,
        remove: pending.remove,
        comments: pending.comments.clone(),
        protocol: PROTOCOL,
    };
    (stored, written)
}

impl StoredPending {
    /// What is held, from the stems that it was stored over; `None` if one of them is missing.
    pub(super) fn restored(self, stems: &Stems) -> Option<PendingForm> {
        let texts = self.texts.into_iter().map(|text| {
            let stem = stems.get(&text.field).map(String::as_str);
            Some(PendingEdit {
                base: text.base.restored(stem)?,
                sent: match text.sent {
                    Some(sent) => Some(sent.restored(stem)?),
                    None => None,
                },
                value: text.value.restored(stem)?,
                field: text.field,
                auto_merge: text.auto_merge,
            })
        });
        let mut texts = texts.collect::<Option<Vec<_>>>()?;
        if self.protocol == 0 && self.form.kind == FormKind::Entity {
            texts = texts.iter().flat_map(upgraded).collect();
        }
        Some(PendingForm {
            form: self.form,
            entity: self.entity,
            title: self.title,
            new: self.new,
            texts,
            save: self.save,
            discard: self.discard,
            remove: self.remove,
            comments: self.comments,
        })
    }
}

/// What a pending edit of a definition was before protocol 4, as it is now.
fn upgraded(edit: &PendingEdit) -> Vec<PendingEdit> {
    let sent = |name: &str| edit.sent.as_ref().map(|sent| upgrade::value(name, sent));
    let edits = upgrade::edits(&edit.field, &edit.base, &edit.value);
    let edits = edits.into_iter().map(|(field, base, value)| PendingEdit {
        sent: sent(&field).filter(|_| field == edit.field),
        field,
        base,
        value,
        auto_merge: edit.auto_merge,
    });
    edits.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use baton_protocol::codec;
    use baton_protocol::id::RecordId;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn pending(texts: Vec<PendingEdit>) -> PendingForm {
        PendingForm {
            form: FormKey::record(RecordId(Uuid::nil())),
            entity: None,
            title: "A".into(),
            new: false,
            texts,
            save: false,
            discard: None,
            remove: None,
            comments: Vec::new(),
        }
    }

    fn text(field: &str, base: &str, sent: Option<&str>, value: &str) -> PendingEdit {
        PendingEdit {
            field: field.into(),
            base: Value::from_text(base),
            sent: sent.map(Value::from_text),
            value: Value::from_text(value),
            auto_merge: true,
        }
    }

    /// Stores, and takes the stems over as a commit does.
    fn store(pending: &PendingForm, stems: &mut Stems) -> usize {
        let (stored, written) = stored(pending, stems);
        let mut bytes: usize = written.values().map(String::len).sum();
        stems.extend(written);
        let row = codec::encode(&stored);
        bytes += row.len();
        let read: StoredPending = serde_json::from_str(&row).expect("readable");
        assert_eq!(read.restored(stems).as_ref(), Some(pending));
        bytes
    }

    #[test]
    fn a_keystroke_in_a_long_text_costs_itself() {
        let mut stems = Stems::new();
        let mut typed = "a long text. ".repeat(8000);
        let base = typed.clone();
        store(&pending(vec![text("note", &base, None, &typed)]), &mut stems);
        let mut bytes = 0;
        for letter in "abcdefgh".repeat(100).chars() {
            typed.push(letter);
            bytes += store(&pending(vec![text("note", &base, None, &typed)]), &mut stems);
        }
        assert!(bytes / 800 < 2000, "{} bytes a key", bytes / 800);
    }

    #[test]
    fn what_was_stored_before_there_were_stems_is_read() {
        let long = "x".repeat(5000);
        let stored = format!(
            r#"{{"form":{{"kind":"record","id":"01a223bc-85d2-73f6-b144-0edd08bade4b"}},"entity":null,
            "title":"Laptop","new":false,"save":true,"remove":["deleted",2],
            "texts":[{{"field":"note","base":"{long}","sent":"y","value":"z","flows":true}}]}}"#
        );
        let read: StoredPending = serde_json::from_str(&stored).expect("readable");
        let read = read.restored(&Stems::new()).expect("whole");
        assert_eq!(read.texts, [text("note", &long, Some("y"), "z")]);
        assert_eq!(read.remove, Some((DeletionKind::Deleted, Version(2))));
    }

    #[test]
    fn what_was_typed_into_a_definition_before_protocol_4_is_read_as_ids() {
        let stored = r#"{"form":{"kind":"entity","id":"01a223bc-85d2-73f6-b144-0edd08bade4b"},"entity":null,
            "title":"Paint","new":false,"save":false,"remove":null,
            "texts":[{"field":"f:a:options","base":"Red","sent":null,"value":"Red\nBlue","flows":true},
                {"field":"f:a:type","base":"Text","sent":"Choice","value":"Choice, all in sight","flows":true}]}"#;
        let read: StoredPending = serde_json::from_str(stored).expect("readable");
        let read = read.restored(&Stems::new()).expect("whole").texts;
        let edits: Vec<_> = read
            .iter()
            .map(|edit| (edit.field.as_str(), &edit.base, &edit.value))
            .collect();
        assert_eq!(
            edits,
            [
                (
                    "f:a:options",
                    &Value::from_items(["Red"]),
                    &Value::from_items(["Red", "Blue"])
                ),
                ("f:a:option:Blue", &Value::Empty, &Value::from_text("Blue")),
                ("f:a:type", &Value::from_text("text"), &Value::from_text("radio")),
            ]
        );
        assert_eq!(read[2].sent, Some(Value::from_text("select")));
        // What this program stores is read as it is.
        let now = PendingForm {
            form: FormKey::entity(EntityId(Uuid::nil())),
            ..pending(read)
        };
        store(&now, &mut Stems::new());
    }

    proptest! {
        #[test]
        fn what_is_stored_is_restored(
            steps in proptest::collection::vec(
                proptest::collection::vec(("[ab]", 0usize..3, "[a-c]{0,4}", "[x-z]{0,4}", any::<bool>()), 0..4), 1..6),
        ) {
            let mut stems = Stems::new();
            for step in steps {
                let texts = step.into_iter().map(|(field, size, base, value, sent)| {
                    let long = |text: &str| format!("{}{text}{}", "l".repeat(size * 3000), "m".repeat(size * 100));
                    text(&field, &long(&base), sent.then_some("s"), &long(&value))
                });
                store(&pending(texts.collect()), &mut stems);
            }
        }
    }
}
