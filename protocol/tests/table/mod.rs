//! A form with people around it, for tests that read like a table.

use std::sync::Arc;
use std::time::Duration;

use baton_protocol::draft::{Change, Edit};
use baton_protocol::entity::Entity;
use baton_protocol::field::{Field, FieldType, Value};
use baton_protocol::form::{Applied, Command, Context, Form, FormCommand, Limits, Refusal};
use baton_protocol::id::{EntityId, Fence, FormKey, OpId, RecordId, SessionId, Ticket, UserId, Version};
use baton_protocol::person::Person;
use baton_protocol::record;
use baton_protocol::time::Timestamp;
use baton_protocol::values::TITLE;
use uuid::Uuid;

pub(crate) const GRACE: Duration = Duration::from_secs(5);
pub(crate) const LIMITS: Limits = Limits {
    grace: GRACE,
    idle: Duration::from_secs(120),
    answer: Duration::from_secs(30),
};

/// A form and a clock that is moved by hand.
pub(crate) struct Table {
    pub(crate) form: Form,
    entity: Arc<Entity>,
    pub(crate) now: Timestamp,
    next_op: u128,
}

pub(crate) fn person(name: &str) -> Person {
    Person {
        id: UserId(Uuid::from_u128(u128::from(name.as_bytes()[0]))),
        name: name.into(),
    }
}

pub(crate) fn session(name: &str) -> SessionId {
    SessionId(Uuid::from_u128(1000 + u128::from(name.as_bytes()[0])))
}

impl Table {
    pub(crate) fn new() -> Self {
        let entity = Entity::new(
            EntityId(Uuid::nil()),
            "product",
            "Product",
            "Products",
            vec![Field::new("note", "Note", FieldType::Textarea)],
        );
        let mut values = record::new_values(&entity);
        values.insert(TITLE.into(), Value::from_text("Laptop"));
        let key = FormKey::record(RecordId(Uuid::nil()));
        Self {
            form: Form::new(key, entity.id, Version(3), values),
            entity: Arc::new(entity),
            now: Timestamp(1_000_000),
            next_op: 0,
        }
    }

    pub(crate) fn apply(&mut self, who: &str, command: Command) -> Result<Applied, Refusal> {
        let entity = Arc::clone(&self.entity);
        let context = Context {
            now: self.now,
            limits: LIMITS,
            entity: &entity,
            clean: &ToOwned::to_owned,
            free_slug: None,
        };
        let before = self.form.clone();
        let result = self.form.apply(&context, session(who), command);
        if result.is_err() {
            assert_eq!(self.form, before, "a refusal changes nothing");
        }
        self.form.check_invariants();
        result
    }

    pub(crate) fn send(&mut self, who: &str, command: FormCommand) -> Result<Applied, Refusal> {
        self.apply(who, command.by(person(who)))
    }

    pub(crate) fn op(&mut self) -> OpId {
        self.next_op += 1;
        OpId(Uuid::from_u128(self.next_op))
    }

    pub(crate) fn join(&mut self, who: &str) {
        self.apply(who, Command::Join { person: person(who) }).expect("joins");
    }

    pub(crate) fn type_note(&mut self, who: &str, text: &str) -> Result<Applied, Refusal> {
        let (fence, op) = (self.form.fence, self.op());
        self.change(who, fence, op, text)
    }

    pub(crate) fn change(&mut self, who: &str, fence: Fence, op: OpId, text: &str) -> Result<Applied, Refusal> {
        let changes = vec![Change {
            field: "note".into(),
            edit: Edit::Set(Value::from_text(text)),
        }];
        self.send(
            who,
            FormCommand::Change {
                fence,
                op,
                rev: None,
                changes,
            },
        )
    }

    pub(crate) fn save(&mut self, who: &str, version: u64) -> Result<Applied, Refusal> {
        let (fence, op) = (self.form.fence, self.op());
        let version = Version(version);
        self.send(who, FormCommand::Save { fence, op, version })
    }

    pub(crate) fn wait(&mut self, span: Duration) {
        self.now = self.now + span;
        self.apply("nobody", Command::Tick).expect("time passes");
    }

    pub(crate) fn broke(&mut self, who: &str) {
        let since = self.now;
        self.apply(who, Command::Disconnected { since }).expect("noted");
    }

    pub(crate) fn ticket(&self, who: &str) -> Ticket {
        self.form.queue.editor(session(who)).expect("is here").ticket
    }

    pub(crate) fn ask(&mut self, who: &str) -> Result<Applied, Refusal> {
        self.send(who, FormCommand::RequestEdit)
    }

    pub(crate) fn hand_over(&mut self, from: &str, to: Ticket) -> Result<Applied, Refusal> {
        let fence = self.form.fence;
        self.send(from, FormCommand::HandOver { fence, to })
    }

    pub(crate) fn order(&self) -> String {
        let names: Vec<_> = self
            .form
            .queue
            .editors()
            .iter()
            .map(|editor| editor.person.name.as_str())
            .collect();
        names.join(" ")
    }

    pub(crate) fn note(&self) -> &str {
        self.form.draft.value(&self.form.values, "note").text()
    }
}
