//! What the viewer did and the server has not acknowledged: the steps, and what their fields said before.

use std::collections::{BTreeMap, VecDeque};

use baton_protocol::desktop::PendingEdit;
use baton_protocol::draft::Change;
use baton_protocol::field::Value;
use baton_protocol::form::{FormCommand, FormSnapshot};
use baton_protocol::id::Ticket;

/// One thing that the viewer did.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Step {
    Change(Change),
    Save,
    Discard,
    RestoreDraft,
    HandOver(Ticket),
}

impl Step {
    /// The step that a command about the draft is; `None` for what is typed, which comes change by change.
    pub(super) fn from_command(command: &FormCommand) -> Option<Self> {
        match command {
            FormCommand::Save { .. } => Some(Self::Save),
            FormCommand::DiscardDraft { .. } => Some(Self::Discard),
            FormCommand::RestoreDraft { .. } => Some(Self::RestoreDraft),
            FormCommand::HandOver { to, .. } => Some(Self::HandOver(*to)),
            FormCommand::Change { .. }
            | FormCommand::Focus { .. }
            | FormCommand::RequestEdit
            | FormCommand::DeclineEdit { .. }
            | FormCommand::TakeOver { .. }
            | FormCommand::MoveHere
            | FormCommand::Delete { .. }
            | FormCommand::Restore => None,
        }
    }

    /// Whether the viewer sees what it does before the server answered.
    pub(super) fn is_shown(&self) -> bool {
        match self {
            Self::Change(_) | Self::Discard | Self::RestoreDraft => true,
            Self::Save | Self::HandOver(_) => false,
        }
    }

    /// Shows what it will do, as soon as the viewer did it: what they type next is typed on top of it.
    pub(super) fn show(&self, view: &mut FormSnapshot) {
        match self {
            Self::Change(change) => view.apply_own(change),
            Self::Discard => view.discard_own_draft(),
            Self::RestoreDraft => view.restore_own_draft(),
            // Only the server knows what comes of these.
            Self::Save | Self::HandOver(_) => {}
        }
    }
}

/// The fields of unacknowledged changes: what they said at the server before, and what they say there
/// if the operation under way arrived.
#[derive(Default, Debug)]
pub(super) struct Unacknowledged {
    bases: BTreeMap<String, Value>,
    sent: BTreeMap<String, Value>,
}

impl Unacknowledged {
    /// A field is about to be changed; `now` is what it says.
    pub(super) fn begin(&mut self, field: &str, now: &Value) {
        if !self.bases.contains_key(field) {
            self.bases.insert(field.into(), now.clone());
        }
    }

    /// Whether a change of the field is not acknowledged.
    pub(super) fn holds(&self, field: &str) -> bool {
        self.bases.contains_key(field)
    }

    /// A text that was kept is typed on: its author began where it did.
    pub(super) fn resume(&mut self, text: PendingEdit) {
        self.sent.extend(text.sent.map(|sent| (text.field.clone(), sent)));
        self.bases.entry(text.field).or_insert(text.base);
    }

    /// The changes among these steps are under way.
    pub(super) fn send<'a>(&mut self, steps: impl Iterator<Item = &'a Step>) {
        for step in steps {
            if let Step::Change(change) = step {
                let before = self.sent.get(&change.field).or_else(|| self.bases.get(&change.field));
                if let Some(Ok(value)) = before.map(|before| change.edit.apply(before)) {
                    self.sent.insert(change.field.clone(), value);
                }
            }
        }
    }

    /// The operation under way was acknowledged; these steps remain.
    pub(super) fn arrived(&mut self, rest: &VecDeque<Step>) {
        self.bases.append(&mut self.sent);
        self.bases.retain(|field, _| {
            rest.iter()
                .any(|step| matches!(step, Step::Change(change) if change.field == *field))
        });
    }

    /// The fields, with what they said before.
    pub(super) fn bases(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.bases.iter()
    }

    pub(super) fn clear(&mut self) {
        self.bases.clear();
        self.sent.clear();
    }

    /// What was typed and is not acknowledged, with what the fields say now.
    pub(super) fn texts(&self, view: &FormSnapshot, auto_merge: bool) -> impl Iterator<Item = PendingEdit> {
        self.bases.iter().filter_map(move |(field, base)| {
            let value = view.value(field);
            // Also what was taken back to its beginning, if the server may have it otherwise.
            let sent_otherwise = self.sent.get(field).is_some_and(|sent| sent != value);
            (value != base || sent_otherwise).then(|| PendingEdit {
                field: field.clone(),
                base: base.clone(),
                sent: self.sent.get(field).cloned(),
                value: value.clone(),
                auto_merge,
            })
        })
    }
}
