//! One named history per rule of the semantics: who owns, what is refused, what is kept.

use std::sync::Arc;
use std::time::Duration;

use baton_protocol::draft::{Change, Edit, Splice};
use baton_protocol::entity::Entity;
use baton_protocol::field::{Field, FieldType, Value};
use baton_protocol::form::{Applied, Command, Context, Effect, Form, How, Limits, Notice, Outcome, Refusal};
use baton_protocol::id::{EntityId, Fence, FormKey, OpId, RecordId, Rev, SessionId, Ticket, UserId, Version};
use baton_protocol::person::Person;
use baton_protocol::record::{self, SLUG, TITLE};
use baton_protocol::time::Timestamp;
use uuid::Uuid;

const GRACE: Duration = Duration::from_secs(5);
const LIMITS: Limits = Limits {
    grace: GRACE,
    idle: Duration::from_secs(120),
    answer: Duration::from_secs(30),
};

/// A form and a clock that is moved by hand.
struct Table {
    form: Form,
    entity: Arc<Entity>,
    now: Timestamp,
    next_op: u128,
}

fn person(name: &str) -> Person {
    Person {
        id: UserId(Uuid::from_u128(u128::from(name.as_bytes()[0]))),
        name: name.into(),
    }
}

fn session(name: &str) -> SessionId {
    SessionId(Uuid::from_u128(1000 + u128::from(name.as_bytes()[0])))
}

impl Table {
    fn new() -> Self {
        let entity = Entity::new(
            EntityId(Uuid::nil()),
            "product",
            "Product",
            "Products",
            vec![Field::new("note", "Note", FieldType::Textarea)],
        );
        let mut values = record::new_values();
        values.insert(TITLE.into(), Value::of_text("Laptop"));
        let key = FormKey::record(RecordId(Uuid::nil()));
        Self {
            form: Form::new(key, entity.id, Version(3), values),
            entity: Arc::new(entity),
            now: Timestamp(1_000_000),
            next_op: 0,
        }
    }

    fn apply(&mut self, who: &str, command: Command) -> Result<Applied, Refusal> {
        let entity = Arc::clone(&self.entity);
        let context = Context {
            now: self.now,
            limits: LIMITS,
            entity: &entity,
        };
        let before = self.form.clone();
        let result = self.form.apply(&context, session(who), command);
        if result.is_err() {
            assert_eq!(self.form, before, "a refusal changes nothing");
        }
        self.form.check_invariants();
        result
    }

    fn op(&mut self) -> OpId {
        self.next_op += 1;
        OpId(Uuid::from_u128(self.next_op))
    }

    fn join(&mut self, who: &str) {
        self.apply(who, Command::Join { person: person(who) }).expect("joins");
    }

    fn type_note(&mut self, who: &str, text: &str) -> Result<Applied, Refusal> {
        let (fence, op) = (self.form.fence, self.op());
        self.change(who, fence, op, text)
    }

    fn change(&mut self, who: &str, fence: Fence, op: OpId, text: &str) -> Result<Applied, Refusal> {
        let changes = vec![Change {
            field: "note".into(),
            edit: Edit::Set(Value::of_text(text)),
        }];
        self.apply(
            who,
            Command::Change {
                fence,
                op,
                rev: None,
                changes,
            },
        )
    }

    fn save(&mut self, who: &str, version: u64) -> Result<Applied, Refusal> {
        let (fence, op) = (self.form.fence, self.op());
        let version = Version(version);
        self.apply(who, Command::Save { fence, op, version })
    }

    fn wait(&mut self, span: Duration) {
        self.now = self.now + span;
        self.apply("nobody", Command::Tick).expect("time passes");
    }

    fn broke(&mut self, who: &str) {
        let since = self.now;
        self.apply(who, Command::Broke { since }).expect("noted");
    }

    fn ticket(&self, who: &str) -> Ticket {
        self.form.queue.editor(session(who)).expect("is here").ticket
    }

    fn ask(&mut self, who: &str) -> Result<Applied, Refusal> {
        self.apply(who, Command::Ask)
    }

    fn hand_over(&mut self, from: &str, to: Ticket) -> Result<Applied, Refusal> {
        let fence = self.form.fence;
        self.apply(from, Command::HandOver { fence, to })
    }

    fn order(&self) -> String {
        let names: Vec<_> = self
            .form
            .queue
            .editors()
            .iter()
            .map(|editor| editor.person.name.as_str())
            .collect();
        names.join(" ")
    }

    fn note(&self) -> &str {
        self.form.draft.value(&self.form.values, "note").text()
    }
}

#[test]
fn whoever_comes_first_owns_and_the_others_wait_in_order() {
    let mut table = Table::new();
    for who in ["anna", "ben", "cem"] {
        table.join(who);
    }
    assert_eq!(table.order(), "anna ben cem");
}

#[test]
fn a_clean_leave_promotes_the_next_at_once_with_the_draft() {
    let mut table = Table::new();
    table.join("anna");
    table.join("ben");
    table.type_note("anna", "hers").expect("the owner types");
    let fence = table.form.fence;
    table.apply("anna", Command::Leave).expect("leaves");
    assert_eq!(table.order(), "ben");
    assert_eq!(table.note(), "hers");
    assert_eq!(table.form.fence, fence.next());
    assert_eq!(table.form.draft.fields["note"].author, person("anna"));
}

#[test]
fn a_spectator_that_leaves_moves_no_fence() {
    let mut table = Table::new();
    table.join("anna");
    table.join("ben");
    let fence = table.form.fence;
    table.apply("ben", Command::Leave).expect("leaves");
    assert_eq!(table.form.fence, fence);
}

#[test]
fn a_spectator_can_neither_change_nor_save_nor_discard() {
    let mut table = Table::new();
    table.join("anna");
    table.join("ben");
    let refused = Refusal::NotOwner { owner: person("anna") };
    assert_eq!(table.type_note("ben", "his").expect_err("refused"), refused);
    assert_eq!(table.save("ben", 3).expect_err("refused"), refused);
    let (fence, op) = (table.form.fence, table.op());
    assert_eq!(
        table
            .apply("ben", Command::Discard { fence, op, rev: None })
            .expect_err("refused"),
        refused
    );
    assert_eq!(table.type_note("dan", "who?").expect_err("refused"), Refusal::NotJoined);
}

#[test]
fn a_former_owner_that_owns_again_is_stopped_by_the_fence() {
    let mut table = Table::new();
    table.join("anna");
    let old = table.form.fence;
    table.join("ben");
    table.apply("anna", Command::Leave).expect("leaves");
    table.join("anna");
    table.apply("ben", Command::Leave).expect("leaves");
    assert_eq!(table.order(), "anna");
    let op = table.op();
    assert_eq!(
        table.change("anna", old, op, "late").expect_err("refused"),
        Refusal::StaleFence
    );
}

#[test]
fn a_broken_owner_keeps_its_place_for_the_grace_period_and_no_longer() {
    let mut table = Table::new();
    table.join("anna");
    table.join("ben");
    table.broke("anna");
    table.wait(GRACE - Duration::from_millis(1));
    assert_eq!(table.order(), "anna ben");
    table.wait(Duration::from_millis(1));
    assert_eq!(table.order(), "ben");
}

#[test]
fn a_broken_owner_that_comes_back_in_time_is_the_owner_still() {
    let mut table = Table::new();
    table.join("anna");
    table.join("ben");
    let fence = table.form.fence;
    table.broke("anna");
    table.wait(GRACE / 2);
    table.join("anna");
    table.wait(GRACE * 2);
    assert_eq!(table.order(), "anna ben");
    assert_eq!(table.form.fence, fence);
}

#[test]
fn a_broken_owner_keeps_its_place_while_nobody_waits() {
    let mut table = Table::new();
    table.join("anna");
    table.broke("anna");
    assert_eq!(table.form.next_deadline(&LIMITS), None);
    table.wait(GRACE * 100);
    assert_eq!(table.order(), "anna");
    table.join("ben");
    assert_eq!(table.order(), "ben");
}

#[test]
fn a_place_cannot_be_held_for_ever_by_breaking_again() {
    let mut table = Table::new();
    table.join("anna");
    table.join("ben");
    table.broke("anna");
    table.wait(GRACE / 2);
    table.broke("anna");
    table.wait(GRACE / 2);
    assert_eq!(table.order(), "ben");
}

#[test]
fn broken_spectators_go_when_their_time_is_over() {
    let mut table = Table::new();
    for who in ["anna", "ben", "cem"] {
        table.join(who);
    }
    table.broke("ben");
    table.wait(GRACE);
    assert_eq!(table.order(), "anna cem");
}

#[test]
fn the_same_person_in_a_second_window_is_a_spectator_there() {
    let mut table = Table::new();
    table.join("anna");
    table
        .apply("zweit", Command::Join { person: person("anna") })
        .expect("joins");
    assert_eq!(table.order(), "anna anna");
    assert!(matches!(
        table.type_note("zweit", "x").expect_err("refused"),
        Refusal::NotOwner { .. }
    ));
}

#[test]
fn a_session_that_is_somebody_else_now_gets_no_one_elses_place() {
    let mut table = Table::new();
    table.join("anna");
    table.join("ben");
    table
        .apply("anna", Command::Join { person: person("cem") })
        .expect("joins");
    assert_eq!(table.order(), "ben cem");
}

#[test]
fn an_operation_that_is_repeated_has_its_effect_once() {
    let mut table = Table::new();
    table.join("anna");
    let (fence, op) = (table.form.fence, table.op());
    let first = table.change("anna", fence, op, "once").expect("accepted");
    let again = table.change("anna", fence, op, "once").expect("accepted");
    assert_eq!(first.outcome, again.outcome);
    assert!(again.effects.is_empty(), "nobody is told twice");
    assert_eq!(table.form.rev, Rev(1));
}

#[test]
fn a_save_clears_the_draft_and_makes_a_version_and_a_slug() {
    let mut table = Table::new();
    table.join("anna");
    table.type_note("anna", "text").expect("accepted");
    let saved = table.save("anna", 3).expect("saved");
    assert_eq!(saved.outcome, Outcome::Saved { version: Version(4) });
    assert!(table.form.draft.is_empty());
    assert_eq!(table.form.values[SLUG].text(), "laptop");
    let Some(Effect::Save(form)) = saved.effects.first() else {
        panic!("the save is stored before anyone is told");
    };
    let fields: Vec<_> = form.history.iter().map(|entry| entry.field.as_str()).collect();
    assert_eq!(fields, ["note", "slug"]);
}

#[test]
fn a_save_of_an_old_version_is_refused() {
    let mut table = Table::new();
    table.join("anna");
    table.type_note("anna", "text").expect("accepted");
    assert_eq!(
        table.save("anna", 2).expect_err("refused"),
        Refusal::StaleVersion { current: Version(3) }
    );
    assert_eq!(table.note(), "text");
}

#[test]
fn a_save_that_breaks_a_rule_keeps_the_draft_and_everyone_sees_why() {
    let mut table = Table::new();
    table.join("anna");
    let (fence, op) = (table.form.fence, table.op());
    let changes = vec![Change {
        field: TITLE.into(),
        edit: Edit::Set(Value::Empty),
    }];
    table
        .apply(
            "anna",
            Command::Change {
                fence,
                op,
                rev: None,
                changes,
            },
        )
        .expect("a draft may be incomplete");
    let result = table.save("anna", 3).expect("no refusal: the draft is kept");
    let Outcome::Invalid { errors } = &result.outcome else {
        panic!("it is invalid");
    };
    assert_eq!(errors[0].field, TITLE);
    assert_eq!(
        result.effects,
        [Effect::Tell(Notice::Invalid { errors: errors.clone() })]
    );
    assert!(!table.form.draft.is_empty());
    assert_eq!(table.form.version, Version(3));
}

#[test]
fn a_command_made_for_another_text_is_refused_however_late_it_comes() {
    let mut table = Table::new();
    table.join("anna");
    let (fence, rev) = (table.form.fence, Some(table.form.rev));
    table.type_note("anna", "first").expect("accepted");
    let splice = Splice {
        at: 0,
        delete: 0,
        insert: "late".into(),
    };
    let changes = vec![Change {
        field: "note".into(),
        edit: Edit::Splice(splice),
    }];
    let op = table.op();
    let late = Command::Change {
        fence,
        op,
        rev,
        changes: changes.clone(),
    };
    assert_eq!(table.apply("anna", late).expect_err("refused"), Refusal::StaleRev);
    let late = Command::Discard { fence, op, rev };
    assert_eq!(table.apply("anna", late).expect_err("refused"), Refusal::StaleRev);
    assert_eq!(table.note(), "first");

    let (op, rev) = (table.op(), Some(table.form.rev));
    let fresh = Command::Change {
        fence,
        op,
        rev,
        changes,
    };
    let outcome = table.apply("anna", fresh.clone()).expect("accepted").outcome;
    // Once more after a lost answer: known by its id, although its number is old now.
    assert_eq!(table.apply("anna", fresh).expect("answered again").outcome, outcome);
    assert_eq!(table.note(), "latefirst");
}

#[test]
fn a_discard_can_be_undone_until_something_new_is_typed() {
    let mut table = Table::new();
    table.join("anna");
    table.type_note("anna", "long work").expect("accepted");
    let (fence, op) = (table.form.fence, table.op());
    table
        .apply("anna", Command::Discard { fence, op, rev: None })
        .expect("discards");
    assert_eq!(table.note(), "");
    let op = table.op();
    table
        .apply("anna", Command::Undiscard { fence, op, rev: None })
        .expect("undone");
    assert_eq!(table.note(), "long work");
    let op = table.op();
    table
        .apply("anna", Command::Discard { fence, op, rev: None })
        .expect("discards");
    table.type_note("anna", "new").expect("accepted");
    let op = table.op();
    table
        .apply("anna", Command::Undiscard { fence, op, rev: None })
        .expect("nothing to undo");
    assert_eq!(table.note(), "new");
}

/// How the form passed on, as everybody is told.
fn passed(applied: &Applied) -> Option<How> {
    applied.effects.iter().find_map(|effect| match effect {
        Effect::Tell(Notice::Passed(passing)) => Some(passing.how),
        Effect::Tell(_) | Effect::Save(_) | Effect::Audit(_) | Effect::Occupied(_) => None,
    })
}

#[test]
fn an_owner_hands_over_to_whoever_asked_and_is_next_in_line() {
    let mut table = Table::new();
    for who in ["anna", "ben", "cem"] {
        table.join(who);
    }
    table.type_note("anna", "hers").expect("the owner types");
    table.ask("cem").expect("asks");
    let fence = table.form.fence;
    let applied = table.hand_over("anna", table.ticket("cem")).expect("hands over");
    assert_eq!(passed(&applied), Some(How::HandedOver));
    assert_eq!(table.order(), "cem anna ben");
    assert_eq!((table.note(), table.form.fence), ("hers", fence.next()));
    assert_eq!(table.form.ask, None);
    table.apply("cem", Command::Leave).expect("leaves");
    assert_eq!(table.order(), "anna ben");
}

#[test]
fn an_owner_can_decline_and_be_asked_again() {
    let mut table = Table::new();
    table.join("anna");
    table.join("ben");
    table.ask("ben").expect("asks");
    let fence = table.form.fence;
    table.apply("anna", Command::Decline { fence }).expect("declines");
    table.wait(LIMITS.idle + LIMITS.answer);
    assert_eq!(table.order(), "anna ben");
    table.ask("ben").expect("asks again");
}

#[test]
fn one_asks_at_a_time_and_asking_twice_is_asking_once() {
    let mut table = Table::new();
    for who in ["anna", "ben", "cem"] {
        table.join(who);
    }
    table.ask("ben").expect("asks");
    assert!(table.ask("ben").expect("asked already").effects.is_empty());
    let refused = table.ask("cem").expect_err("refused");
    assert_eq!(refused, Refusal::AskedAlready { by: person("ben") });
    table.apply("ben", Command::Leave).expect("leaves");
    table.ask("cem").expect("asks");
}

#[test]
fn an_idle_owner_that_does_not_answer_hands_over_and_the_draft_stays() {
    let mut table = Table::new();
    table.join("anna");
    table.join("ben");
    table.type_note("anna", "hers").expect("the owner types");
    table.wait(LIMITS.idle);
    table.ask("ben").expect("asks");
    table.wait(LIMITS.answer - Duration::from_millis(1));
    assert_eq!(table.order(), "anna ben");
    assert_eq!(
        table.form.next_deadline(&LIMITS),
        Some(table.now + Duration::from_millis(1))
    );
    table.wait(Duration::from_millis(1));
    assert_eq!(table.order(), "ben anna");
    assert_eq!(table.note(), "hers");
}

#[test]
fn an_owner_that_works_is_not_idle_and_keeps_the_form() {
    let mut table = Table::new();
    table.join("anna");
    table.join("ben");
    table.ask("ben").expect("asks");
    for letter in ["a", "ab", "abc"] {
        table.wait(LIMITS.idle - Duration::from_secs(1));
        table.type_note("anna", letter).expect("still the owner");
    }
    assert_eq!(table.order(), "anna ben");
}

#[test]
fn a_take_over_is_at_once_audited_and_told() {
    let mut table = Table::new();
    table.join("anna");
    table.join("ben");
    let old = table.form.fence;
    let applied = table.apply("ben", Command::TakeOver).expect("takes over");
    assert_eq!(table.order(), "ben anna");
    assert_eq!(passed(&applied), Some(How::TakenOver));
    assert!(
        applied
            .effects
            .iter()
            .any(|effect| matches!(effect, Effect::Audit(passing) if passing.from == person("anna")))
    );
    let op = table.op();
    let late = table.change("anna", old, op, "late").expect_err("refused");
    assert_eq!(late, Refusal::NotOwner { owner: person("ben") });
}

#[test]
fn the_same_person_moves_the_form_to_another_window_and_nobody_else_can() {
    let mut table = Table::new();
    table.join("anna");
    table.join("ben");
    table
        .apply("zweit", Command::Join { person: person("anna") })
        .expect("joins");
    assert_eq!(
        table.apply("ben", Command::MoveHere).expect_err("refused"),
        Refusal::NotYours
    );
    let applied = table.apply("zweit", Command::MoveHere).expect("moves");
    assert_eq!(passed(&applied), Some(How::Moved));
    table.type_note("zweit", "here now").expect("the owner types");
    assert!(table.type_note("anna", "there still?").is_err());
}

#[test]
fn nothing_is_handed_to_somebody_who_is_away_or_gone() {
    let mut table = Table::new();
    table.join("anna");
    table.join("ben");
    let ben = table.ticket("ben");
    table.broke("ben");
    assert_eq!(table.hand_over("anna", ben).expect_err("refused"), Refusal::NotHere);
    table.apply("ben", Command::Leave).expect("leaves");
    assert_eq!(table.hand_over("anna", ben).expect_err("refused"), Refusal::NotHere);
    assert_eq!(
        table.hand_over("anna", Ticket(99)).expect_err("refused"),
        Refusal::NotHere
    );
}
