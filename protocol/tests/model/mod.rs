//! The real form, and beside it the simplest thing that could be right. Every act is done to both,
//! and whatever differs is an error (G1, G2, G4, G8).

mod acts;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use baton_protocol::entity::Entity;
use baton_protocol::field::{Field, FieldType, Value};
use baton_protocol::form::{Command, Context, Effect, Form, FormCommand, FormSnapshot, Limits, Outcome};
use baton_protocol::id::{EntityId, Fence, FormKey, OpId, RecordId, SessionId, UserId, Version};
use baton_protocol::person::Person;
use baton_protocol::record;
use baton_protocol::time::Timestamp;
use baton_protocol::values::TITLE;
use uuid::Uuid;

pub(crate) const GRACE: Duration = Duration::from_millis(100);
pub(crate) const LIMITS: Limits = Limits {
    grace: GRACE,
    idle: Duration::from_millis(200),
    answer: Duration::from_millis(50),
};

/// One thing that one of the people does, or that happens to them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Act {
    Join(u8),
    Leave(u8),
    Break(u8),
    Type(u8, usize, usize, String),
    TypeWithOldFence(u8),
    Repeat(u8, usize),
    Save(u8),
    Discard(u8),
    RestoreDraft(u8),
    Focus(u8),
    RequestEdit(u8),
    Decline(u8),
    /// The first to the second.
    HandOver(u8, u8),
    TakeOver(u8),
    Wait(u16),
    /// The server stops and starts again: what was stored is all there is.
    Restart,
}

/// The real form, and beside it the simplest thing that could be right: who is here in order of
/// arrival, and the text as one string.
#[derive(Clone)]
pub(crate) struct World {
    people: u8,
    form: Form,
    entity: Arc<Entity>,
    now: Timestamp,
    ops: u128,
    /// In order: who, their number of arrival, and until when a broken one is held.
    here: Vec<Here>,
    arrivals: u64,
    /// Who asks to edit, and since when.
    asked: Option<(u8, Timestamp)>,
    /// When the owner last did something.
    active: Timestamp,
    text: String,
    saved: String,
    discarded: Option<String>,
    accepted: u64,
    done: BTreeMap<u8, Vec<(Command, Outcome)>>,
    views: BTreeMap<u8, FormSnapshot>,
}

#[derive(Clone, Copy)]
pub(crate) struct Here {
    who: u8,
    arrival: u64,
    held: Option<Timestamp>,
}

pub(crate) fn session(who: u8) -> SessionId {
    SessionId(Uuid::from_u128(100 + u128::from(who)))
}

pub(crate) fn person(who: u8) -> Person {
    Person {
        id: UserId(Uuid::from_u128(u128::from(who))),
        name: format!("person {who}"),
    }
}

impl World {
    pub(crate) fn new(people: u8) -> Self {
        let entity = Entity::new(
            EntityId(Uuid::nil()),
            "thing",
            "Thing",
            "Things",
            vec![Field::new("text", "Text", FieldType::Textarea)],
        );
        let mut values = record::new_values(&entity);
        values.insert(TITLE.into(), Value::from_text("a title"));
        Self {
            people,
            form: Form::new(FormKey::record(RecordId(Uuid::nil())), entity.id, Version(1), values),
            entity: Arc::new(entity),
            now: Timestamp(0),
            ops: 0,
            here: Vec::new(),
            arrivals: 0,
            asked: None,
            active: Timestamp(0),
            text: String::new(),
            saved: String::new(),
            discarded: None,
            accepted: 0,
            done: BTreeMap::new(),
            views: BTreeMap::new(),
        }
    }

    /// Gives a command, checks the invariants, and lets every viewer hear the notices.
    fn give(&mut self, who: u8, command: Command) -> Option<Outcome> {
        let entity = Arc::clone(&self.entity);
        let context = Context {
            now: self.now,
            limits: LIMITS,
            entity: &entity,
            clean: &ToOwned::to_owned,
            free_slug: None,
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
        self.owner() == Some(who)
    }

    fn is_here(&self, who: u8) -> bool {
        self.here.iter().any(|here| here.who == who)
    }

    fn owner(&self) -> Option<u8> {
        self.here.first().map(|here| here.who)
    }

    /// Changes who is here; an ask ends with a new owner, or when the asker has left.
    fn rearrange(&mut self, change: impl FnOnce(&mut Vec<Here>)) {
        let before = self.owner();
        change(&mut self.here);
        let passed = self.owner() != before;
        if passed {
            self.active = self.now;
        }
        if passed || self.asked.is_some_and(|(who, _)| !self.is_here(who)) {
            self.asked = None;
        }
    }

    /// Whether the form can pass to them; it does then.
    fn pass(&mut self, to: u8) -> bool {
        let can = self.here.iter().any(|here| here.who == to && here.held.is_none());
        if can && !self.owns(to) {
            self.rearrange(|here| here.sort_by_key(|here| (here.who != to, here.arrival)));
        }
        can
    }

    fn expire(&mut self) {
        let now = self.now;
        self.rearrange(|all| all.retain(|here| here.held.is_none_or(|until| until > now)));
    }

    fn leave(&mut self, who: u8) {
        self.views.remove(&who);
        let now = self.now;
        // In one step: the owner that leaves makes room for the first whose time is not over.
        self.rearrange(|all| {
            all.retain(|here| here.who != who);
            all.retain(|here| here.held.is_none_or(|until| until > now));
        });
    }

    fn idle_hand_over(&mut self) {
        let Some((who, at)) = self.asked else {
            return;
        };
        if (at + LIMITS.answer).max(self.active + LIMITS.idle) <= self.now && !self.pass(who) {
            self.asked = None;
        }
    }

    fn owner_command(&mut self, who: u8, make: impl FnOnce(Fence, OpId) -> FormCommand) -> Option<Outcome> {
        let (fence, op) = (self.form.fence, self.op());
        let command = make(fence, op).by(person(who));
        let outcome = self.give(who, command.clone());
        assert_eq!(
            outcome.is_some(),
            self.owns(who),
            "only the owner's commands are carried out (G1)"
        );
        if let Some(outcome) = &outcome {
            self.done.entry(who).or_default().push((command, outcome.clone()));
        }
        outcome
    }

    /// The owner did something that counts as work.
    fn worked(&mut self) {
        self.active = self.now;
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
        for who in 0..self.people {
            self.act(Act::Break(who));
        }
    }

    fn check(&self) {
        let order: Vec<_> = self.form.queue.editors().iter().map(|editor| editor.session).collect();
        let expected: Vec<_> = self.here.iter().map(|here| session(here.who)).collect();
        assert_eq!(order, expected, "the queue is in order of arrival (G2)");
        let asks = self.form.ask.as_ref().map(|ask| ask.person.id);
        assert_eq!(asks, self.asked.map(|(who, _)| person(who).id), "who asks");
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

impl World {
    /// What decides how this world can go on. Counters that only grow (rev, fence, tickets, versions,
    /// operations) are left out: they are compared with each other at every step, never with a number.
    pub(crate) fn fingerprint(&self) -> String {
        let after = |at: Timestamp| at.0 - self.now.0;
        let mut arrivals: Vec<_> = self.here.iter().map(|here| here.arrival).collect();
        arrivals.sort_unstable();
        let here: Vec<_> = self
            .here
            .iter()
            .map(|here| {
                let rank = arrivals.binary_search(&here.arrival).unwrap_or_default();
                (here.who, rank, here.held.map(|until| after(until).max(0)))
            })
            .collect();
        let asked = self.asked.map(|(who, at)| (who, after(at + LIMITS.answer).max(0)));
        let active = after(self.active + LIMITS.idle).max(0);
        let views: Vec<_> = self.views.keys().collect();
        format!(
            "{here:?} {asked:?} {active} {:?} {:?} {:?} {views:?}",
            self.text, self.saved, self.discarded
        )
    }

    /// Everything that can happen next, with each person's text as short as can be.
    pub(crate) fn next_acts(&self) -> Vec<Act> {
        let length = self.text.chars().count();
        let mut acts = vec![Act::Wait(50), Act::Restart];
        for who in 0..self.people {
            let letter = char::from(b'a' + who).to_string();
            acts.extend([
                Act::Join(who),
                Act::Leave(who),
                Act::Break(who),
                Act::Type(who, 0, length, letter),
                Act::TypeWithOldFence(who),
                Act::Save(who),
                Act::Discard(who),
                Act::RestoreDraft(who),
                Act::Focus(who),
                Act::RequestEdit(who),
                Act::Decline(who),
                Act::TakeOver(who),
            ]);
            acts.extend(
                (0..self.people)
                    .filter(|to| *to != who)
                    .map(|to| Act::HandOver(who, to)),
            );
        }
        acts
    }
}
