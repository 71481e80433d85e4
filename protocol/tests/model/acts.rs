//! What each act does to the model, and what it must do to the form.

use std::time::Duration;

use baton_protocol::draft::{Change, Edit, Splice};
use baton_protocol::field::Value;
use baton_protocol::form::{Command, FormCommand, Outcome};
use baton_protocol::id::Fence;

use super::{Act, GRACE, Here, World, person, session};

impl World {
    pub(crate) fn act(&mut self, act: Act) {
        match act {
            Act::Join(who) => self.join(who),
            Act::Leave(who) => {
                self.give(who, Command::Leave);
                self.leave(who);
            }
            Act::Break(who) => self.break_line(who),
            Act::Type(who, at, delete, insert) => self.type_text(who, at, delete, &insert),
            Act::TypeWithOldFence(who) => self.type_with_old_fence(who),
            Act::Repeat(who, back) => self.repeat(who, back),
            Act::Save(who) => self.save(who),
            Act::Discard(who) => self.discard(who),
            Act::RestoreDraft(who) => self.restore_draft(who),
            Act::Focus(who) => {
                let field = Some("text".into());
                self.give(who, FormCommand::Focus { field }.by(person(who)));
                if self.owns(who) {
                    self.worked();
                }
            }
            Act::RequestEdit(who) => {
                let may = self.is_here(who) && (self.owns(who) || self.asked.is_none_or(|(other, _)| other == who));
                assert_eq!(self.give(who, FormCommand::RequestEdit.by(person(who))).is_some(), may);
                if may && !self.owns(who) {
                    self.asked.get_or_insert((who, self.now));
                }
            }
            Act::Decline(who) => self.decline(who),
            Act::HandOver(from, to) => self.hand_over(from, to),
            Act::TakeOver(who) => {
                let there = self.is_here(who);
                let done = self
                    .give(
                        who,
                        FormCommand::TakeOver {
                            reason: "It is urgent".into(),
                        }
                        .by(person(who)),
                    )
                    .is_some();
                assert_eq!(done, there && (self.owns(who) || self.pass(who)));
            }
            Act::Wait(ms) => {
                self.now = self.now + Duration::from_millis(u64::from(ms));
                self.give(u8::MAX, Command::Tick);
                self.expire();
                self.idle_hand_over();
            }
            Act::Restart => self.restart(),
        }
        self.check();
    }

    fn join(&mut self, who: u8) {
        self.give(who, Command::Join { person: person(who) })
            .expect("anyone may join");
        if self.is_here(who) {
            self.rearrange(|all| {
                all.iter_mut()
                    .filter(|here| here.who == who)
                    .for_each(|here| here.held = None)
            });
        } else {
            self.arrivals += 1;
            let arrival = self.arrivals;
            self.done.remove(&who);
            // In one step with what is over: an owner whose time has come is passed by now.
            self.rearrange(|all| {
                all.push(Here {
                    who,
                    arrival,
                    held: None,
                })
            });
        }
        self.expire();
    }

    fn break_line(&mut self, who: u8) {
        let since = self.now;
        self.give(who, Command::Disconnected { since });
        self.views.remove(&who);
        let until = self.now + GRACE;
        if let Some(here) = self.here.iter_mut().find(|here| here.who == who) {
            here.held.get_or_insert(until);
        }
        self.expire();
    }

    fn type_with_old_fence(&mut self, who: u8) {
        let (fence, op) = (Fence(self.form.fence.0.wrapping_sub(1)), self.op());
        let changes = vec![Change {
            field: "text".into(),
            edit: Edit::Set(Value::from_text("stale")),
        }];
        assert_eq!(
            self.give(
                who,
                FormCommand::Change {
                    fence,
                    op,
                    rev: None,
                    changes
                }
                .by(person(who))
            ),
            None
        );
    }

    fn repeat(&mut self, who: u8, back: usize) {
        let done = self
            .done
            .get(&who)
            .and_then(|done| done.iter().rev().nth(back))
            .cloned();
        if let (true, Some((command, outcome))) = (self.is_here(who), done)
            && !matches!(outcome, Outcome::Invalid { .. })
        {
            let rev = self.form.rev;
            let again = self.give(who, command).expect("what was carried out is answered again");
            assert_eq!(again, outcome, "with the same answer (G8)");
            assert_eq!(self.form.rev, rev, "and no second effect");
        }
    }

    fn save(&mut self, who: u8) {
        let version = self.form.version;
        if self
            .owner_command(who, |fence, op| FormCommand::Save { fence, op, version })
            .is_some()
            && self.form.version != version
        {
            self.saved.clone_from(&self.text);
            self.discarded = None;
            self.worked();
        }
    }

    fn discard(&mut self, who: u8) {
        if self
            .owner_command(who, |fence, op| FormCommand::DiscardDraft { fence, op, rev: None })
            .is_some()
            && self.text != self.saved
        {
            self.accepted += 1;
            self.worked();
            self.discarded = Some(std::mem::replace(&mut self.text, self.saved.clone()));
        }
    }

    fn restore_draft(&mut self, who: u8) {
        if self
            .owner_command(who, |fence, op| FormCommand::RestoreDraft { fence, op, rev: None })
            .is_some()
            && let Some(text) = self.discarded.take()
        {
            self.accepted += 1;
            self.worked();
            self.text = text;
        }
    }

    fn decline(&mut self, who: u8) {
        let fence = self.form.fence;
        let done = self
            .give(who, FormCommand::DeclineEdit { fence }.by(person(who)))
            .is_some();
        assert_eq!(done, self.owns(who));
        if done && self.asked.take().is_some() {
            self.worked();
        }
    }

    fn hand_over(&mut self, from: u8, to: u8) {
        let fence = self.form.fence;
        let ticket = self.form.queue.editor(session(to)).map(|editor| editor.ticket);
        let Some(to_ticket) = ticket else {
            return;
        };
        let owned = self.owns(from);
        let done = self
            .give(from, FormCommand::HandOver { fence, to: to_ticket }.by(person(from)))
            .is_some();
        assert_eq!(done, owned && (to == from || self.pass(to)));
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
        let command = FormCommand::Change {
            fence,
            op,
            rev: Some(self.form.rev),
            changes: changes.clone(),
        }
        .by(person(who));
        let outcome = self.give(who, command.clone());
        assert_eq!(outcome.is_some(), self.owns(who) && fits);
        if let Some(outcome) = outcome {
            // Its author shows a change by itself and ignores the echo.
            if let Some(view) = self.views.get_mut(&who) {
                view.apply_own(&changes[0]);
            }
            self.done.entry(who).or_default().push((command, outcome));
            self.text = chars[..at]
                .iter()
                .copied()
                .chain(insert.chars())
                .chain(chars[at + delete..].iter().copied())
                .collect();
            self.discarded = None;
            self.accepted += 1;
            self.worked();
        }
    }
}
