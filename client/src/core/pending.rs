//! What a desktop holds of a form that the server does not have: texts that were not accepted, and what
//! is to happen once they are. It is on this computer's disk before it counts as kept (semantics 5.3, G7).

use baton_protocol::deletion::DeletionKind;
use baton_protocol::desktop::{OutboxEntry, PendingComment, PendingEdit};
use baton_protocol::field::Value;
use baton_protocol::form::FormSnapshot;
use baton_protocol::id::{EntityId, FormKey, OpId, Rev, Version};
use serde::{Deserialize, Serialize};

/// Which draft is to be discarded at the server.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PendingDiscard {
    /// The draft's number that its viewer saw.
    pub(super) rev: Rev,
    /// The viewer's operation whose answer was lost: if it arrived, the draft is one further.
    pub(super) op: Option<OpId>,
}

impl PendingDiscard {
    /// Whether the server's draft is the one that was discarded.
    pub(super) fn is_of(self, view: &FormSnapshot) -> bool {
        let arrived = self.op.is_some() && view.last_op == self.op;
        view.rev == self.rev || (arrived && view.rev == self.rev.next())
    }
}

/// Enough to go on with a form after the program was killed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PendingForm {
    /// Which form.
    pub form: FormKey,
    /// The entity, if it is known.
    pub entity: Option<EntityId>,
    /// The title, as its author sees it.
    pub title: String,
    /// Whether the record was never saved.
    pub new: bool,
    /// What was typed, oldest first.
    pub texts: Vec<PendingEdit>,
    /// Whether it is to be saved once all of it is on the server.
    pub save: bool,
    /// The draft that is to be discarded at the server.
    pub discard: Option<PendingDiscard>,
    /// How the record is to go out of its list, if nobody saved it after this version.
    pub remove: Option<(DeletionKind, Version)>,
    /// The comments on the record that are to be sent.
    pub comments: Vec<PendingComment>,
}

impl PendingForm {
    /// A form of which nothing waits.
    pub(super) fn empty(form: FormKey, entity: Option<EntityId>, title: String) -> Self {
        Self {
            form,
            entity,
            title,
            new: false,
            texts: Vec::new(),
            save: false,
            discard: None,
            remove: None,
            comments: Vec::new(),
        }
    }

    /// The same without its comments; nothing where nothing else waits.
    pub(super) fn without_comments(self) -> Option<Self> {
        let waits = !self.texts.is_empty() || self.save || self.discard.is_some() || self.remove.is_some();
        waits.then_some(Self {
            comments: Vec::new(),
            ..self
        })
    }

    /// What the list of everything that waits says about it.
    pub(super) fn waiting(&self, decide: bool) -> OutboxEntry {
        let mut fields: Vec<&str> = self.texts.iter().map(|text| text.field.as_str()).collect();
        fields.sort_unstable();
        fields.dedup();
        OutboxEntry {
            form: self.form,
            entity: self.entity,
            title: self.title.clone(),
            new: self.new,
            fields: fields.len(),
            save: self.save,
            discard: self.discard.is_some(),
            remove: self.remove.map(|(how, _)| how),
            decide,
            comments: self.comments.clone(),
        }
    }
}

/// An author's own texts, oldest first. A field may have several: losing a place twice must not lose
/// the text of the first time.
#[derive(Clone, Default, Debug)]
pub(super) struct PendingEdits(Vec<PendingEdit>);

impl PendingEdits {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Forgets one text; whether it was kept.
    pub(super) fn drop(&mut self, field: &str, value: &Value) -> bool {
        let place = self
            .0
            .iter()
            .position(|text| text.field == field && text.value == *value);
        place.map(|place| self.0.remove(place)).is_some()
    }

    pub(super) fn texts(&self) -> &[PendingEdit] {
        &self.0
    }

    pub(super) fn take(&mut self) -> Vec<PendingEdit> {
        std::mem::take(&mut self.0)
    }

    /// Whether some of it goes into the form by itself.
    pub(super) fn auto_merge(&self) -> bool {
        self.0.iter().any(|text| text.auto_merge)
    }

    /// From now on its author decides about all of it.
    pub(super) fn stop(&mut self) {
        for text in &mut self.0 {
            text.auto_merge = false;
        }
    }

    /// The field's newest text.
    pub(super) fn newest(&self, field: &str) -> Option<&Value> {
        let kept = self.0.iter().rev().find(|kept| kept.field == field);
        kept.map(|kept| &kept.value)
    }

    /// Adds a text beside those of its field that are there already.
    pub(super) fn add(&mut self, text: PendingEdit) {
        if self.newest(&text.field) != Some(&text.value) {
            self.0.push(text);
        }
    }

    /// The author typed on in a text that said `before`; it may be kept already.
    pub(super) fn typed_on(&mut self, field: &str, before: &Value, value: Value) {
        let newest = self.0.iter_mut().rev().find(|kept| kept.field == field);
        if let Some(kept) = newest.filter(|kept| kept.value == *before) {
            kept.value = value;
        } else {
            self.add(PendingEdit {
                field: field.into(),
                base: before.clone(),
                sent: None,
                value,
                auto_merge: true,
            });
        }
    }
}
