//! A draft that is discarded without the server: at once in this computer's own snapshot, at the server as soon as
//! it is reached, if nobody changed the draft meanwhile (semantics 5.5).

use std::collections::VecDeque;

use baton_locales::t;
use baton_protocol::desktop::UiEvent;
use baton_protocol::draft::{Change, Draft, Edit};
use baton_protocol::form::FormSnapshot;
use baton_protocol::id::{FormKey, OpId, Rev};
use baton_protocol::message::Problem;
use serde::{Deserialize, Serialize};

use crate::language::joined;

use super::operation::Operation;
use super::steps::{Step, Unacknowledged};
use super::{Core, Effect, Reply};

/// Which draft is to be discarded at the server.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PendingDiscard {
    /// The draft's number that its viewer saw.
    rev: Rev,
    /// The viewer's operation whose answer was lost: if it arrived, the draft is one further.
    op: Option<OpId>,
}

impl PendingDiscard {
    /// Whether the server's draft is the one that was discarded.
    fn is_of(self, view: &FormSnapshot) -> bool {
        let arrived = self.op.is_some() && view.last_op == self.op;
        view.rev == self.rev || (arrived && view.rev == self.rev.next())
    }
}

/// A discard that waits for the server, and what brings back what it took.
#[derive(Debug)]
pub(super) struct DiscardLater {
    /// None if there was nothing but what the server never had.
    pub(super) pending: Option<PendingDiscard>,
    /// None after a restart: then only the server's draft comes back.
    undo: Option<Undo>,
}

#[derive(Debug)]
struct Undo {
    /// What waited to be discarded before.
    earlier: Option<PendingDiscard>,
    draft: Draft,
    steps: VecDeque<Step>,
    unacknowledged: Unacknowledged,
    operation: Operation,
}

impl DiscardLater {
    /// What was to be discarded when the program ended.
    pub(super) fn restored(pending: PendingDiscard) -> Self {
        Self {
            pending: Some(pending),
            undo: None,
        }
    }
}

impl Core {
    /// Discards the draft as this computer has it, and the server's when it is reached.
    pub(super) fn discard_later(&mut self, form: FormKey) -> Result<Reply, Problem> {
        let open = self.open(form)?;
        let Some(view) = &mut open.view else {
            return Ok(Reply::Done);
        };
        let before = view.clone();
        let back: Vec<Change> = open
            .unacknowledged
            .bases()
            .map(|(field, base)| Change {
                field: field.clone(),
                edit: Edit::Set(base.clone()),
            })
            .collect();
        for change in &back {
            view.apply_own(change);
        }
        let under_way = open.operation.under_way().map(|(op, _)| op);
        let at_server = view.unsaved() || under_way.is_some();
        // A discard that waits already is still of the draft that was seen then.
        let earlier = open.discard_later.take().and_then(|discard| discard.pending);
        let pending = earlier.or_else(|| {
            at_server.then_some(PendingDiscard {
                // A form that was not joined since the start has only its snapshot's.
                rev: open.rev.max(view.rev),
                op: under_way,
            })
        });
        view.discard_own_draft();
        view.discarded = Some(before.draft.clone());
        open.discard_later = Some(DiscardLater {
            pending,
            undo: Some(Undo {
                earlier,
                draft: before.draft.clone(),
                steps: std::mem::take(&mut open.steps),
                unacknowledged: std::mem::take(&mut open.unacknowledged),
                operation: std::mem::take(&mut open.operation),
            }),
        });
        open.replaced(Some(before));
        self.show_again(form);
        self.to_tell.insert(form);
        Ok(Reply::Done)
    }

    /// Brings back what was discarded without the server.
    pub(super) fn undo_discard(&mut self, form: FormKey) -> Result<Reply, Problem> {
        let open = self.open(form)?;
        let Some(view) = open.view.as_mut().filter(|view| view.discarded.is_some()) else {
            return Ok(Reply::Done);
        };
        let before = view.clone();
        match open.discard_later.take().and_then(|discard| discard.undo) {
            Some(undo) => {
                open.discard_later = undo.earlier.map(DiscardLater::restored);
                view.draft = undo.draft;
                view.discarded = None;
                open.steps = undo.steps;
                open.unacknowledged = undo.unacknowledged;
                open.operation = undo.operation;
            }
            None => view.restore_own_draft(),
        }
        open.replaced(Some(before));
        self.show_again(form);
        self.to_tell.insert(form);
        Ok(Reply::Done)
    }

    /// The viewer may edit the server's snapshot: the draft that was discarded before goes now, under what was typed
    /// since. One that was changed meanwhile stays.
    pub(super) fn discard_now(&mut self, form: FormKey) {
        let me = self.me();
        let Some(open) = self.forms.get_mut(&form) else {
            return;
        };
        let Some(view) = &mut open.view else {
            return;
        };
        let Some(pending) = open.discard_later.take().and_then(|discard| discard.pending) else {
            return;
        };
        if !view.unsaved() {
            return;
        }
        if pending.is_of(view) {
            open.steps.push_front(Step::Discard);
            view.discard_own_draft();
            for step in open.steps.iter().skip(1) {
                step.show(view);
            }
            return;
        }
        let others = view.draft.authors();
        let others = others.iter().filter(|author| Some(author.id) != me);
        let who: Vec<&str> = others.map(|author| author.name.as_str()).collect();
        let text = if who.is_empty() {
            t::engine::not_discarded_changed_after(view.title())
        } else {
            t::engine::not_discarded_changes_of(view.title(), joined(&who))
        };
        self.effects.push(Effect::Emit(UiEvent::Toast(text)));
    }
}
