//! An author's own text that the server never accepted (semantics 3.8): kept until they drop it.

use baton_protocol::desktop::KeptText;
use baton_protocol::field::Value;

/// The kept texts, oldest first. A field may have several: losing a place twice must not lose the text
/// of the first time.
#[derive(Clone, Default, Debug)]
pub(super) struct Branch(Vec<KeptText>);

impl Branch {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Everything that is kept.
    pub(super) fn texts(&self) -> Vec<KeptText> {
        self.0.clone()
    }

    /// The field's newest kept text.
    pub(super) fn newest(&self, field: &str) -> Option<&Value> {
        let kept = self.0.iter().rev().find(|kept| kept.field == field);
        kept.map(|kept| &kept.value)
    }

    /// Keeps a field's value beside what is kept of it already.
    pub(super) fn keep(&mut self, field: &str, value: Value) {
        if self.newest(field) != Some(&value) {
            self.0.push(KeptText {
                field: field.into(),
                value,
            });
        }
    }

    /// The author typed on in what is kept.
    pub(super) fn go_on(&mut self, field: &str, value: Value) {
        match self.0.iter_mut().rev().find(|kept| kept.field == field) {
            Some(kept) => kept.value = value,
            None => self.keep(field, value),
        }
    }
}
