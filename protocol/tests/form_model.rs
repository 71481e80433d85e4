//! Generated histories: whatever happens in whatever order, a form obeys its guarantees and every
//! viewer converges to the same picture (G1, G2, G4, G8).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use baton_protocol::draft::{Change, Edit, Splice};
use baton_protocol::entity::Entity;
use baton_protocol::field::{Field, FieldType, Value};
use baton_protocol::form::{Command, Context, Effect, Form, Outcome};
use baton_protocol::id::{EntityId, Fence, FormKey, OpId, RecordId, SessionId, UserId, Version};
use baton_protocol::person::Person;
use baton_protocol::record::{self, TITLE};
use baton_protocol::time::Timestamp;
use baton_protocol::view::FormView;
use proptest::prelude::*;
use uuid::Uuid;

const PEOPLE: u8 = 4;
const GRACE: Duration = Duration::from_millis(100);

/// One thing that one of the people does, or that happens to them.
#[derive(Clone, Debug)]
enum Act {
    Join(u8),
    Leave(u8),
    Break(u8),
    Type(u8, usize, usize, String),
    TypeWithOldFence(u8),
    Repeat(u8),
    Save(u8),
    Discard(u8),
    Undiscard(u8),
    Focus(u8),
    Wait(u16),
    /// The server stops and starts again: what was stored is all there is.
    Restart,
}

fn act() -> impl Strategy<Value = Act> {
    let who = 0..PEOPLE;
    prop_oneof![
        4 => who.clone().prop_map(Act::Join),
        1 => who.clone().prop_map(Act::Leave),
        2 => who.clone().prop_map(Act::Break),
        6 => (who.clone(), 0usize..12, 0usize..4, "[a-cé👩]{0,3}")
            .prop_map(|(who, at, delete, insert)| Act::Type(who, at, delete, insert)),
        1 => who.clone().prop_map(Act::TypeWithOldFence),
        1 => who.clone().prop_map(Act::Repeat),
        2 => who.clone().prop_map(Act::Save),
        1 => who.clone().prop_map(Act::Discard),
        1 => who.clone().prop_map(Act::Undiscard),
        1 => who.clone().prop_map(Act::Focus),
        3 => (0u16..160).prop_map(Act::Wait),
        1 => Just(Act::Restart),
    ]
}

/// The real form, and beside it the simplest thing that could be right: who is here in order of
/// arrival, and the text as one string.
struct World {
    form: Form,
    entity: Arc<Entity>,
    now: Timestamp,
    ops: u128,
    /// Arrival order, and until when a broken one is held.
    here: Vec<(u8, Option<Timestamp>)>,
    text: String,
    saved: String,
    discarded: Option<String>,
    accepted: u64,
    last: BTreeMap<u8, (Command, Outcome)>,
    views: BTreeMap<u8, FormView>,
}

fn session(who: u8) -> SessionId {
    SessionId(Uuid::from_u128(100 + u128::from(who)))
}

fn person(who: u8) -> Person {
    Person {
        id: UserId(Uuid::from_u128(u128::from(who))),
        name: format!("person {who}"),
    }
}

impl World {
    fn new() -> Self {
        let entity = Entity {
            id: EntityId(Uuid::nil()),
            name: "thing".into(),
            label: "Thing".into(),
            label_plural: "Things".into(),
            description: String::new(),
            version: Version(1),
            fields: vec![Field::new("text", "Text", FieldType::Textarea)],
        };
        let mut values = record::new_values();
        values.insert(TITLE.into(), Value::of_text("a title"));
        Self {
            form: Form::new(FormKey::record(RecordId(Uuid::nil())), entity.id, Version(1), values),
            entity: Arc::new(entity),
            now: Timestamp(0),
            ops: 0,
            here: Vec::new(),
            text: String::new(),
            saved: String::new(),
            discarded: None,
            accepted: 0,
            last: BTreeMap::new(),
            views: BTreeMap::new(),
        }
    }

    /// Gives a command, checks the invariants, and lets every viewer hear the notices.
    fn give(&mut self, who: u8, command: Command) -> Option<Outcome> {
        let entity = Arc::clone(&self.entity);
        let context = Context {
            now: self.now,
            grace: GRACE,
            entity: &entity,
        };
        let before = self.form.clone();
        let applied = match self.form.apply(&context, session(who), command) {
            Ok(applied) => applied,
            Err(_) => {
                assert_eq!(self.form, before, "a refusal changes nothing");
                return None;
            }
        };
        self.form.check_invariants();
        assert!(self.form.rev.0 - before.rev.0 <= 1, "the rev grows by one");
        let owner = |form: &Form| form.queue.owner_ticket();
        let moved = owner(&before) != owner(&self.form);
        assert_eq!(
            moved,
            self.form.fence != before.fence,
            "the fence moves with the owner, and only then"
        );
        for effect in &applied.effects {
            if let Effect::Tell(notice) = effect {
                for view in self.views.values_mut() {
                    view.apply(notice).expect("no notice is missed");
                }
            }
        }
        if let Outcome::Joined { ticket } = applied.outcome {
            self.views.insert(who, self.form.view(&context, Some(ticket)));
        }
        Some(applied.outcome)
    }

    fn op(&mut self) -> OpId {
        self.ops += 1;
        OpId(Uuid::from_u128(self.ops))
    }

    fn owns(&self, who: u8) -> bool {
        self.here.first().is_some_and(|(first, _)| *first == who)
    }

    fn is_here(&self, who: u8) -> bool {
        self.here.iter().any(|(other, _)| *other == who)
    }

    fn expire(&mut self) {
        let (now, waits) = (self.now, self.here.iter().any(|(_, held)| held.is_none()));
        let first = self.here.first().map(|(who, _)| *who);
        self.here.retain(|(who, held)| match held {
            Some(until) if *until <= now => !waits && Some(*who) == first,
            Some(_) | None => true,
        });
    }

    fn leave(&mut self, who: u8) {
        self.here.retain(|(other, _)| *other != who);
        self.views.remove(&who);
        self.expire();
    }

    fn owner_command(&mut self, who: u8, make: impl FnOnce(Fence, OpId) -> Command) -> Option<Outcome> {
        let (fence, op) = (self.form.fence, self.op());
        let command = make(fence, op);
        let outcome = self.give(who, command.clone());
        assert_eq!(
            outcome.is_some(),
            self.owns(who),
            "only the owner's commands are carried out (G1)"
        );
        if let Some(outcome) = &outcome {
            self.last.insert(who, (command, outcome.clone()));
        }
        outcome
    }

    fn act(&mut self, act: Act) {
        match act {
            Act::Join(who) => {
                self.give(who, Command::Join { person: person(who) })
                    .expect("anyone may join");
                match self.here.iter_mut().find(|(other, _)| *other == who) {
                    Some((_, held)) => *held = None,
                    None => {
                        self.here.push((who, None));
                        self.last.remove(&who);
                    }
                }
                self.expire();
            }
            Act::Leave(who) => {
                self.give(who, Command::Leave);
                self.leave(who);
            }
            Act::Break(who) => {
                let since = self.now;
                self.give(who, Command::Broke { since });
                self.views.remove(&who);
                let until = self.now + GRACE;
                if let Some((_, held)) = self.here.iter_mut().find(|(other, _)| *other == who) {
                    held.get_or_insert(until);
                }
                self.expire();
            }
            Act::Type(who, at, delete, insert) => self.type_text(who, at, delete, &insert),
            Act::TypeWithOldFence(who) => {
                let (fence, op) = (Fence(self.form.fence.0.wrapping_sub(1)), self.op());
                let changes = vec![Change {
                    field: "text".into(),
                    edit: Edit::Set(Value::of_text("stale")),
                }];
                assert_eq!(self.give(who, Command::Change { fence, op, changes }), None);
            }
            Act::Repeat(who) => {
                if let (true, Some((command, outcome))) = (self.is_here(who), self.last.get(&who).cloned())
                    && !matches!(outcome, Outcome::Invalid { .. })
                {
                    let rev = self.form.rev;
                    let again = self.give(who, command).expect("what was carried out is answered again");
                    assert_eq!(again, outcome, "with the same answer (G8)");
                    assert_eq!(self.form.rev, rev, "and no second effect");
                }
            }
            Act::Save(who) => {
                let version = self.form.version;
                if self
                    .owner_command(who, |fence, op| Command::Save { fence, op, version })
                    .is_some()
                    && self.form.version != version
                {
                    self.saved.clone_from(&self.text);
                    self.discarded = None;
                }
            }
            Act::Discard(who) => {
                if self
                    .owner_command(who, |fence, op| Command::Discard { fence, op })
                    .is_some()
                    && self.text != self.saved
                {
                    self.accepted += 1;
                    self.discarded = Some(std::mem::replace(&mut self.text, self.saved.clone()));
                }
            }
            Act::Undiscard(who) => {
                if self
                    .owner_command(who, |fence, op| Command::Undiscard { fence, op })
                    .is_some()
                    && let Some(text) = self.discarded.take()
                {
                    self.accepted += 1;
                    self.text = text;
                }
            }
            Act::Focus(who) => {
                self.give(
                    who,
                    Command::Focus {
                        field: Some("text".into()),
                    },
                );
            }
            Act::Wait(ms) => {
                self.now = self.now + Duration::from_millis(u64::from(ms));
                self.give(u8::MAX, Command::Tick);
                self.expire();
            }
            Act::Restart => self.restart(),
        }
        self.check();
    }

    fn type_text(&mut self, who: u8, at: usize, delete: usize, insert: &str) {
        let chars: Vec<char> = self.text.chars().collect();
        let fits = at + delete <= chars.len();
        let splice = Splice {
            at,
            delete,
            insert: insert.into(),
        };
        let changes = vec![Change {
            field: "text".into(),
            edit: Edit::Splice(splice),
        }];
        let (fence, op) = (self.form.fence, self.op());
        let command = Command::Change {
            fence,
            op,
            changes: changes.clone(),
        };
        let outcome = self.give(who, command.clone());
        assert_eq!(outcome.is_some(), self.owns(who) && fits);
        if let Some(outcome) = outcome {
            // Its author shows a change by itself and ignores the echo.
            if let Some(view) = self.views.get_mut(&who) {
                view.apply_own(&changes[0]);
            }
            self.last.insert(who, (command, outcome));
            self.text = chars[..at]
                .iter()
                .copied()
                .chain(insert.chars())
                .chain(chars[at + delete..].iter().copied())
                .collect();
            self.discarded = None;
            self.accepted += 1;
        }
    }

    /// What is stored is read back, and everyone's connection is broken from now on.
    fn restart(&mut self) {
        let stored = serde_json::to_string(&self.form).expect("a form can be stored");
        let read: Form = serde_json::from_str(&stored).expect("and read");
        let (version, values) = (self.form.version, self.form.values.clone());
        self.form = Form {
            version,
            values,
            ..read
        };
        for who in 0..PEOPLE {
            self.act(Act::Break(who));
        }
    }

    fn check(&self) {
        let order: Vec<_> = self.form.queue.editors().iter().map(|editor| editor.session).collect();
        let expected: Vec<_> = self.here.iter().map(|(who, _)| session(*who)).collect();
        assert_eq!(order, expected, "the queue is in order of arrival (G2)");
        let text = self.form.draft.value(&self.form.values, "text").text();
        assert_eq!(text, self.text, "the draft is what the owners typed");
        assert_eq!(self.form.rev.0, self.accepted, "the rev counts accepted changes");
        for view in self.views.values() {
            assert_eq!(view.value("text").text(), self.text, "every viewer sees the same (G4)");
            assert_eq!(
                (view.rev, view.fence, view.version),
                (self.form.rev, self.form.fence, self.form.version)
            );
            assert_eq!(view.draft.is_empty(), self.form.draft.is_empty());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_form_obeys_its_guarantees_whatever_happens(acts in proptest::collection::vec(act(), 1..80)) {
        let mut world = World::new();
        for act in acts {
            world.act(act);
        }
    }
}
