//! One named history per rule of the semantics: who owns, what is refused, what is kept.

use std::time::Duration;

use crate::table::{GRACE, LIMITS, Table, person};
use baton_protocol::form::{Applied, Command, Effect, FormCommand, Notice, Refusal, TransferReason};
use baton_protocol::id::Ticket;

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
            .send("ben", FormCommand::DiscardDraft { fence, op, rev: None })
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
fn a_broken_owner_loses_its_place_also_when_nobody_waits() {
    let mut table = Table::new();
    table.join("anna");
    table.type_note("anna", "half a sentence").expect("accepted");
    table.broke("anna");
    table.wait(GRACE - Duration::from_millis(1));
    assert_eq!(table.order(), "anna");
    table.wait(Duration::from_millis(1));
    assert_eq!(table.order(), "");
    assert!(!table.form.draft.is_empty(), "the draft stays");
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

/// How the form passed on, as everybody is told.
fn passed(applied: &Applied) -> Option<TransferReason> {
    applied.effects.iter().find_map(|effect| match effect {
        Effect::Tell(Notice::OwnershipTransferred(passing)) => Some(passing.how),
        Effect::Tell(_) | Effect::Append(_) | Effect::Save(_) | Effect::Removed(_) | Effect::PresenceChanged(_) => None,
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
    assert_eq!(passed(&applied), Some(TransferReason::HandedOver));
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
    table
        .send("anna", FormCommand::DeclineEdit { fence })
        .expect("declines");
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
    let told = |applied: &Applied| {
        applied.effects.iter().find_map(|effect| {
            let Effect::Tell(Notice::Asked { ask: Some(ask), .. }) = effect else {
                return None;
            };
            Some(Duration::from_millis(ask.passes_in_ms))
        })
    };
    let asked = table.ask("ben").expect("asks");
    assert_eq!(told(&asked), Some(LIMITS.idle), "how long it takes at most");
    for letter in ["a", "ab", "abc"] {
        table.wait(LIMITS.idle - Duration::from_secs(1));
        let typed = table.type_note("anna", letter).expect("still the owner");
        assert_eq!(told(&typed), Some(LIMITS.idle), "it begins anew");
    }
    assert_eq!(table.order(), "anna ben");
}

#[test]
fn a_take_over_is_at_once_and_told() {
    let mut table = Table::new();
    table.join("anna");
    table.join("ben");
    let old = table.form.fence;
    let applied = table
        .send(
            "ben",
            FormCommand::TakeOver {
                reason: "It is urgent".into(),
            },
        )
        .expect("takes over");
    assert_eq!(table.order(), "ben anna");
    assert_eq!(passed(&applied), Some(TransferReason::TakenOver));
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
        table.send("ben", FormCommand::MoveHere).expect_err("refused"),
        Refusal::NotYours
    );
    let applied = table.send("zweit", FormCommand::MoveHere).expect("moves");
    assert_eq!(passed(&applied), Some(TransferReason::Moved));
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
