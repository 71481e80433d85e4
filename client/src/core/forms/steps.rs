//! What the viewer did and the server has not acknowledged: the steps, which of them are under way, and what their
//! fields said before.

use std::collections::{BTreeMap, VecDeque};

use baton_protocol::codec;
use baton_protocol::desktop::PendingEdit;
use baton_protocol::draft::{Change, MAX_CHANGES};
use baton_protocol::field::Value;
use baton_protocol::form::{FormCommand, FormSnapshot};
use baton_protocol::id::{OpId, Ticket};
use baton_protocol::message::MAX_MESSAGE_BYTES;

use super::operation::Operation;

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

/// What the viewer did and the server has not acknowledged.
#[derive(Default, Debug)]
pub(super) struct Unsent {
    /// In order; the first may be under way.
    steps: VecDeque<Step>,
    operation: Operation,
    bases: Bases,
}

impl Unsent {
    pub(super) fn steps(&self) -> &VecDeque<Step> {
        &self.steps
    }

    pub(super) fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    pub(super) fn operation(&self) -> Operation {
        self.operation
    }

    /// Something is typed into the snapshot that the viewer sees.
    pub(super) fn change(&mut self, view: &mut FormSnapshot, change: Change) {
        self.bases.begin(&change.field, view.value(&change.field));
        self.push(view, Step::Change(change));
    }

    /// The viewer does something with the draft as they see it.
    pub(super) fn push(&mut self, view: &mut FormSnapshot, step: Step) {
        step.show(view);
        self.steps.push_back(step);
    }

    /// Something is done before everything else that waits, and the rest is shown on top of it.
    pub(super) fn push_first(&mut self, view: &mut FormSnapshot, step: Step) {
        step.show(view);
        for later in &self.steps {
            later.show(view);
        }
        self.steps.push_front(step);
    }

    /// A text that was kept is typed on, in a snapshot that may be older than what its author began with, or have it
    /// already: they began where the text did.
    pub(super) fn resume(&mut self, view: &mut FormSnapshot, text: PendingEdit, change: Change) {
        self.push(view, Step::Change(change));
        self.bases.resume(text);
    }

    /// Whether a change of the field is not acknowledged.
    pub(super) fn holds(&self, field: &str) -> bool {
        self.bases.bases.contains_key(field)
    }

    /// The fields that are changed, with what they said before.
    pub(super) fn bases(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.bases.bases.iter()
    }

    /// What was typed, with what the fields say now.
    pub(super) fn texts(&self, view: &FormSnapshot, auto_merge: bool) -> Vec<PendingEdit> {
        self.bases.texts(view, auto_merge).collect()
    }

    /// Shows all of it on top of what the server knows.
    pub(super) fn show(&self, view: &mut FormSnapshot) {
        for step in &self.steps {
            step.show(view);
        }
    }

    /// Whether the viewer sees something of it that the server did not answer.
    pub(super) fn is_shown(&self) -> bool {
        self.steps.iter().any(Step::is_shown)
    }

    /// Whether the whole draft was discarded or brought back: what was typed after it was typed into another text than
    /// the server's.
    pub(super) fn replaces(&self) -> bool {
        let replaces = |step: &Step| matches!(step, Step::Discard | Step::RestoreDraft);
        self.steps.iter().any(replaces)
    }

    /// How many steps the next operation takes: all changes up to the first other step, or that step. What is too much
    /// for one message waits for the next.
    pub(super) fn next_count(&self) -> usize {
        let mut bytes = 0;
        let changes = self.steps.iter().take(MAX_CHANGES).take_while(|step| match step {
            Step::Change(change) => {
                bytes += codec::encode(change).len();
                bytes <= MAX_MESSAGE_BYTES / 2
            }
            Step::Save | Step::Discard | Step::RestoreDraft | Step::HandOver(_) => false,
        });
        changes.count().max(usize::from(!self.steps.is_empty()))
    }

    /// The changes among the first steps.
    pub(super) fn changes(&self, count: usize) -> Vec<Change> {
        let steps = self.steps.iter().take(count);
        let changes = steps.filter_map(|step| match step {
            Step::Change(change) => Some(change.clone()),
            Step::Save | Step::Discard | Step::RestoreDraft | Step::HandOver(_) => None,
        });
        changes.collect()
    }

    /// The operation of the first steps is under way.
    pub(super) fn send(&mut self, op: OpId, steps: usize) {
        if self.operation == Operation::None {
            self.bases.send(self.steps.iter().take(steps));
        }
        self.operation = Operation::Sent { op, steps };
    }

    /// The operation under way was sent over a connection that is gone.
    pub(super) fn lose(&mut self) {
        self.operation.lose();
    }

    /// Takes the operation's steps away if it is the one under way; whether it was.
    pub(super) fn finish(&mut self, op: OpId) -> bool {
        match self.operation.under_way() {
            Some((under_way, count)) if under_way == op => {
                self.steps.drain(..count);
                self.bases.arrived(&self.steps);
                self.operation = Operation::None;
                true
            }
            Some(_) | None => false,
        }
    }
}

/// The fields of changes that are not acknowledged: what they said at the server before, and what they say there if
/// the operation under way arrived.
#[derive(Default, Debug)]
struct Bases {
    bases: BTreeMap<String, Value>,
    sent: BTreeMap<String, Value>,
}

impl Bases {
    /// A field is about to be changed; `now` is what it says.
    fn begin(&mut self, field: &str, now: &Value) {
        if !self.bases.contains_key(field) {
            self.bases.insert(field.into(), now.clone());
        }
    }

    fn resume(&mut self, text: PendingEdit) {
        self.sent.extend(text.sent.map(|sent| (text.field.clone(), sent)));
        self.bases.entry(text.field).or_insert(text.base);
    }

    /// The changes among these steps are under way.
    fn send<'a>(&mut self, steps: impl Iterator<Item = &'a Step>) {
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
    fn arrived(&mut self, rest: &VecDeque<Step>) {
        self.bases.append(&mut self.sent);
        self.bases.retain(|field, _| {
            rest.iter()
                .any(|step| matches!(step, Step::Change(change) if change.field == *field))
        });
    }

    fn texts(&self, view: &FormSnapshot, auto_merge: bool) -> impl Iterator<Item = PendingEdit> {
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use baton_protocol::draft::Edit;
    use baton_protocol::entity::Entity;
    use baton_protocol::field::{Field, FieldType};
    use baton_protocol::form::EditorSummary;
    use baton_protocol::id::{EntityId, FormKey, RecordId, UserId};
    use baton_protocol::person::Person;
    use uuid::Uuid;

    use super::*;

    fn view() -> FormSnapshot {
        let fields = ["a", "b"].map(|name| Field::new(name, name, FieldType::Textarea));
        let entity = Entity::new(EntityId(Uuid::nil()), "thing", "Thing", "Things", fields.to_vec());
        let me = EditorSummary {
            ticket: Ticket(1),
            person: Person {
                id: UserId(Uuid::nil()),
                name: "Anna".into(),
            },
            field: None,
            reserved_ms: None,
        };
        FormSnapshot {
            me: Some(me.ticket),
            editors: vec![me],
            ..FormSnapshot::blank(FormKey::record(RecordId(Uuid::from_u128(7))), Arc::new(entity))
        }
    }

    fn set(field: &str, text: &str) -> Change {
        Change {
            field: field.into(),
            edit: Edit::Set(Value::from_text(text)),
        }
    }

    fn op(number: u128) -> OpId {
        OpId(Uuid::from_u128(number))
    }

    /// The fields that wait, with what they say.
    fn texts(unsent: &Unsent, view: &FormSnapshot) -> Vec<(String, String)> {
        let texts = unsent.texts(view, true).into_iter();
        texts.map(|text| (text.field, text.value.text().to_owned())).collect()
    }

    #[test]
    fn an_operation_is_all_changes_up_to_something_else_or_that() {
        let (mut unsent, mut view) = (Unsent::default(), view());
        assert_eq!(unsent.next_count(), 0);
        unsent.change(&mut view, set("a", "1"));
        unsent.change(&mut view, set("b", "2"));
        unsent.push(&mut view, Step::Save);
        unsent.change(&mut view, set("a", "3"));
        assert_eq!((unsent.next_count(), unsent.changes(2).len()), (2, 2));
        unsent.send(op(1), 2);
        assert!(unsent.finish(op(1)));
        assert!(!unsent.finish(op(1)), "it was answered");
        assert_eq!(unsent.next_count(), 1, "the save goes alone");
    }

    #[test]
    fn what_waits_is_what_was_not_acknowledged_also_if_it_says_what_it_said_before() {
        let (mut unsent, mut view) = (Unsent::default(), view());
        unsent.change(&mut view, set("a", "1"));
        unsent.change(&mut view, set("b", "2"));
        unsent.send(op(1), 1);
        unsent.change(&mut view, set("a", ""));
        let all = [("a", ""), ("b", "2")].map(|(field, text)| (field.to_owned(), text.to_owned()));
        assert_eq!(texts(&unsent, &view), all, "the server may have it otherwise");
        unsent.lose();
        assert_eq!(
            unsent.operation().under_way(),
            Some((op(1), 1)),
            "it is sent again as it was"
        );
        assert!(unsent.finish(op(1)));
        assert_eq!(texts(&unsent, &view), all);
        unsent.send(op(2), 2);
        assert!(unsent.finish(op(2)));
        assert!(unsent.is_empty() && texts(&unsent, &view).is_empty());
    }

    #[test]
    fn what_is_done_first_is_shown_below_what_was_typed() {
        let (mut unsent, mut view) = (Unsent::default(), view());
        unsent.change(&mut view, set("a", "typed"));
        unsent.push_first(&mut view, Step::Discard);
        assert_eq!(view.value("a"), &Value::from_text("typed"));
        assert!(unsent.replaces());
        assert_eq!(unsent.next_count(), 1, "the discard goes alone, and first");
    }
}
