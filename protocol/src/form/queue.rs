//! The editors of a form in ticket order. The first is the owner; nothing else makes one.

use std::collections::{BTreeSet, VecDeque};

use serde::{Deserialize, Serialize};

use crate::form::command::Outcome;
use crate::id::{OpId, SessionId, Ticket, UserId};
use crate::person::Person;
use crate::time::Timestamp;

/// How many commands of one form a session may have under way at once: so many of its last operations
/// are known again when they are repeated (G8).
pub const MAX_UNDER_WAY: usize = 8;

/// One session's place in one form.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Editor {
    /// Its number; decides the order.
    pub ticket: Ticket,
    /// Whose place it is. Never sent to others.
    pub session: SessionId,
    /// Who it is.
    pub person: Person,
    /// The field that it is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Its connection is broken and its place is reserved until then.
    #[serde(default, alias = "held_until", skip_serializing_if = "Option::is_none")]
    pub reserved_until: Option<Timestamp>,
    /// The last operations that it did here and their answers, newest last, so that a retry has no
    /// second effect (G8).
    #[serde(default, skip_serializing_if = "VecDeque::is_empty")]
    pub recent: VecDeque<(OpId, Outcome)>,
}

impl Editor {
    fn reserved_ms(&self, now: Timestamp) -> Option<u64> {
        let until = self.reserved_until?;
        Some(u64::try_from(until.since(now).as_millis()).unwrap_or(u64::MAX))
    }

    /// This editor as others see them at this moment.
    #[must_use]
    pub fn summary(&self, now: Timestamp) -> EditorSummary {
        EditorSummary {
            ticket: self.ticket,
            person: self.person.clone(),
            field: self.field.clone(),
            reserved_ms: self.reserved_ms(now),
        }
    }
}

/// An editor as others see it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct EditorSummary {
    /// Its number.
    pub ticket: Ticket,
    /// Who it is.
    pub person: Person,
    /// The field that it is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Its connection is broken; its place is held for so many milliseconds more. A span and not a
    /// time, because clocks differ.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reserved_ms: Option<u64>,
}

/// What is different in a queue: what a coming or going costs does not depend on how many there are (6.2).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QueueChange {
    /// Some went; then some connections broke or came back; then some came, to the end.
    Part {
        /// Who went.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        left: Vec<Ticket>,
        /// Whose place is reserved now and for how many milliseconds, or is not reserved any more.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        reserved: Vec<(Ticket, Option<u64>)>,
        /// Who came.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        joined: Vec<EditorSummary>,
    },
    /// The order is another one, or the names are.
    Whole(Vec<EditorSummary>),
}

impl QueueChange {
    /// The editors that it tells of.
    pub fn editors_mut(&mut self) -> impl Iterator<Item = &mut EditorSummary> {
        match self {
            Self::Part { joined, .. } => joined.iter_mut(),
            Self::Whole(all) => all.iter_mut(),
        }
    }

    /// Whether nothing is different.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Part { left, reserved, joined } => left.is_empty() && reserved.is_empty() && joined.is_empty(),
            Self::Whole(_) => false,
        }
    }

    /// Applies it to the editors in their order.
    pub fn apply(&self, editors: &mut Vec<EditorSummary>) {
        match self {
            Self::Whole(all) => editors.clone_from(all),
            Self::Part { left, reserved, joined } => {
                // Whoever joined may hear of it after their own snapshot has it.
                let came = |ticket| joined.iter().any(|editor| editor.ticket == ticket);
                editors.retain(|editor| !left.contains(&editor.ticket) && !came(editor.ticket));
                for editor in editors.iter_mut() {
                    if let Some((_, ms)) = reserved.iter().find(|(ticket, _)| *ticket == editor.ticket) {
                        editor.reserved_ms = *ms;
                    }
                }
                editors.extend_from_slice(joined);
            }
        }
    }
}

/// Who was in a queue and in which order, to tell the difference afterwards.
pub(super) struct QueueMark(Vec<(Ticket, Option<Timestamp>)>);

impl QueueMark {
    pub(super) fn owner(&self) -> Option<Ticket> {
        self.0.first().map(|(ticket, _)| *ticket)
    }
}

/// Who has a form open.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Presence {
    /// Who edits.
    pub owner: Person,
    /// How many others are in the queue.
    pub others: usize,
}

/// The editors of a form in order.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Queue {
    last_ticket: Ticket,
    editors: Vec<Editor>,
}

impl Queue {
    /// Removes everybody; tickets are not given twice all the same.
    pub(super) fn clear(&mut self) {
        self.editors.clear();
    }

    /// The first in the queue.
    #[must_use]
    pub fn owner(&self) -> Option<&Editor> {
        self.editors.first()
    }

    /// The owner's ticket.
    #[must_use]
    pub fn owner_ticket(&self) -> Option<Ticket> {
        self.owner().map(|editor| editor.ticket)
    }

    /// The editors in order.
    #[must_use]
    pub fn editors(&self) -> &[Editor] {
        &self.editors
    }

    /// This session's place.
    #[must_use]
    pub fn editor(&self, session: SessionId) -> Option<&Editor> {
        self.editors.iter().find(|editor| editor.session == session)
    }

    pub(super) fn editor_mut(&mut self, session: SessionId) -> Option<&mut Editor> {
        self.editors.iter_mut().find(|editor| editor.session == session)
    }

    /// Takes a place at the end, or the place that is held for this session.
    pub(super) fn join(&mut self, session: SessionId, person: Person) -> Ticket {
        if let Some(editor) = self.editor_mut(session)
            && editor.person.id == person.id
        {
            editor.reserved_until = None;
            return editor.ticket;
        }
        // The session signed in as somebody else since: the place was the other person's.
        self.leave(session);
        self.last_ticket = self.last_ticket.next();
        self.editors.push(Editor {
            ticket: self.last_ticket,
            session,
            person,
            field: None,
            reserved_until: None,
            recent: VecDeque::new(),
        });
        self.last_ticket
    }

    /// Puts an editor first, at somebody's wish; the others stay in ticket order. False if it is not
    /// here, or its connection is broken.
    pub(super) fn promote(&mut self, ticket: Ticket) -> bool {
        let here = self
            .editors
            .iter()
            .any(|editor| editor.ticket == ticket && editor.reserved_until.is_none());
        if here {
            self.editors
                .sort_by_key(|editor| (editor.ticket != ticket, editor.ticket));
        }
        here
    }

    /// The editor with this ticket.
    #[must_use]
    pub fn with_ticket(&self, ticket: Ticket) -> Option<&Editor> {
        self.editors.iter().find(|editor| editor.ticket == ticket)
    }

    /// Gives a place up; whether there was one.
    pub(super) fn leave(&mut self, session: SessionId) -> bool {
        let before = self.editors.len();
        self.editors.retain(|editor| editor.session != session);
        self.editors.len() != before
    }

    /// Holds the place of a broken connection; whether that is news. A place that is held already
    /// keeps its deadline, so that it cannot be held for ever.
    pub(super) fn hold(&mut self, session: SessionId, until: Timestamp) -> bool {
        match self.editor_mut(session) {
            Some(editor) if editor.reserved_until.is_none() => {
                editor.reserved_until = Some(until);
                true
            }
            Some(_) | None => false,
        }
    }

    /// Drops the places whose time is over; whether there were any. The owner's ends too, whether somebody
    /// waits for it or not: nothing ever waits for an editor that is not there (semantics 3.3).
    pub(super) fn expire(&mut self, now: Timestamp) -> bool {
        let before = self.editors.len();
        self.editors
            .retain(|editor| editor.reserved_until.is_none_or(|until| until > now));
        self.editors.len() != before
    }

    pub(super) fn next_deadline(&self) -> Option<Timestamp> {
        self.editors.iter().filter_map(|editor| editor.reserved_until).min()
    }

    /// Ends these places; whether there was one.
    pub(super) fn end_places(&mut self, ends: impl Fn(&Editor) -> bool) -> bool {
        let before = self.editors.len();
        self.editors.retain(|editor| !ends(editor));
        self.editors.len() != before
    }

    /// Ends the places that are reserved for a person whose connection broke; whether there was one.
    pub(super) fn release(&mut self, person: UserId) -> bool {
        let before = self.editors.len();
        self.editors
            .retain(|editor| editor.person.id != person || editor.reserved_until.is_none());
        self.editors.len() != before
    }

    pub(super) fn editors_mut(&mut self) -> impl Iterator<Item = &mut Editor> {
        self.editors.iter_mut()
    }

    /// The answer that this operation had, if it is one of the session's last.
    pub(super) fn answered(&self, session: SessionId, op: OpId) -> Option<Outcome> {
        let (_, outcome) = self.editor(session)?.recent.iter().find(|(recent, _)| *recent == op)?;
        Some(outcome.clone())
    }

    /// The last operation of the editor with this ticket.
    pub(super) fn last_op(&self, ticket: Ticket) -> Option<OpId> {
        self.with_ticket(ticket)?.recent.back().map(|(op, _)| *op)
    }

    pub(super) fn remember(&mut self, session: SessionId, op: OpId, outcome: &Outcome) {
        if let Some(editor) = self.editor_mut(session) {
            if editor.recent.len() == MAX_UNDER_WAY {
                editor.recent.pop_front();
            }
            editor.recent.push_back((op, outcome.clone()));
        }
    }

    pub(super) fn view(&self, now: Timestamp) -> Vec<EditorSummary> {
        self.editors.iter().map(|editor| editor.summary(now)).collect()
    }

    pub(super) fn mark(&self) -> QueueMark {
        let marks = self.editors.iter().map(|editor| (editor.ticket, editor.reserved_until));
        QueueMark(marks.collect())
    }

    /// What changed since then, but for names.
    pub(super) fn since(&self, mark: &QueueMark, now: Timestamp) -> QueueChange {
        let here: BTreeSet<Ticket> = self.editors.iter().map(|editor| editor.ticket).collect();
        let (stayed, left): (Vec<_>, Vec<_>) = mark.0.iter().partition(|(ticket, _)| here.contains(ticket));
        let same_order = stayed
            .iter()
            .zip(&self.editors)
            .all(|((ticket, _), editor)| *ticket == editor.ticket);
        if !same_order {
            return QueueChange::Whole(self.view(now));
        }
        let (known, joined) = self.editors.split_at(stayed.len());
        let reserved = stayed
            .iter()
            .zip(known)
            .filter(|((_, before), editor)| *before != editor.reserved_until);
        QueueChange::Part {
            left: left.into_iter().map(|(ticket, _)| ticket).collect(),
            reserved: reserved
                .map(|(_, editor)| (editor.ticket, editor.reserved_ms(now)))
                .collect(),
            joined: joined.iter().map(|editor| editor.summary(now)).collect(),
        }
    }

    /// Who has the form open, for lists.
    #[must_use]
    pub fn presence(&self) -> Option<Presence> {
        self.owner().map(|owner| Presence {
            owner: owner.person.clone(),
            others: self.editors.len() - 1,
        })
    }

    pub(super) fn check_invariants(&self) {
        for pair in self.editors.get(1..).unwrap_or_default().windows(2) {
            assert!(
                pair[0].ticket < pair[1].ticket,
                "behind the first, the queue is in ticket order"
            );
        }
        let sessions: std::collections::BTreeSet<_> = self.editors.iter().map(|editor| editor.session).collect();
        assert_eq!(sessions.len(), self.editors.len(), "a session has one place");
        assert!(
            self.editors.iter().all(|editor| editor.ticket <= self.last_ticket),
            "tickets never come back"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::queue_batch::QueueBatch;
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    #[derive(Clone, Debug)]
    enum Act {
        Join(u8),
        Leave(u8),
        Break(u8),
        Promote(u8),
        Expire,
    }

    fn acts() -> impl Strategy<Value = Vec<Act>> {
        let act = (0..5_u8, 0..6_u8).prop_map(|(kind, who)| match kind {
            0 => Act::Join(who),
            1 => Act::Leave(who),
            2 => Act::Break(who),
            3 => Act::Promote(who),
            _ => Act::Expire,
        });
        prop::collection::vec(act, 0..6)
    }

    fn acts_without_promotion() -> impl Strategy<Value = Vec<Act>> {
        acts().prop_map(|mut acts| {
            acts.retain(|act| !matches!(act, Act::Promote(_)));
            acts
        })
    }

    fn apply(queue: &mut Queue, act: &Act, now: Timestamp) {
        let session = |who: u8| SessionId(Uuid::from_u128(u128::from(who)));
        match act {
            Act::Join(who) => {
                let id = UserId(Uuid::from_u128(u128::from(*who)));
                let name = format!("Person {who}");
                queue.join(session(*who), Person { id, name });
            }
            Act::Leave(who) => drop(queue.leave(session(*who))),
            Act::Break(who) => drop(queue.hold(session(*who), Timestamp(now.0 + i64::from(*who)))),
            Act::Promote(who) => {
                let ticket = queue.editor(session(*who)).map(|editor| editor.ticket);
                ticket.map(|ticket| queue.promote(ticket));
            }
            Act::Expire => drop(queue.expire(Timestamp(now.0 + 3))),
        }
    }

    proptest! {
        #[test]
        fn who_applies_the_difference_has_the_queue_as_it_is(before in acts(), meanwhile in acts()) {
            let now = Timestamp(1000);
            let mut queue = Queue::default();
            before.iter().for_each(|act| apply(&mut queue, act, now));
            let (mark, mut seen) = (queue.mark(), queue.view(now));
            meanwhile.iter().for_each(|act| apply(&mut queue, act, now));
            queue.since(&mark, now).apply(&mut seen);
            prop_assert_eq!(seen, queue.view(now));
        }
    }

    proptest! {
        #[test]
        fn a_batch_leads_every_earlier_view_to_the_current_queue(
            before in acts(),
            meanwhile in prop::collection::vec(acts_without_promotion(), 1..6),
        ) {
            let now = Timestamp(1000);
            let mut queue = Queue::default();
            before.iter().for_each(|act| apply(&mut queue, act, now));
            let mut batch = QueueBatch::default();
            let mut seen = vec![queue.view(now)];
            for acts in &meanwhile {
                let mark = queue.mark();
                acts.iter().for_each(|act| apply(&mut queue, act, now));
                batch.add(&queue.since(&mark, now));
                seen.push(queue.view(now));
            }
            let change = batch.change(&queue, now);
            for mut seen in seen {
                change.apply(&mut seen);
                prop_assert_eq!(seen, queue.view(now));
            }
        }
    }

    #[test]
    fn a_coming_costs_one_editor_however_many_there_are() {
        let now = Timestamp(1000);
        let mut queue = Queue::default();
        (0..200).for_each(|who| apply(&mut queue, &Act::Join(who), now));
        let mark = queue.mark();
        apply(&mut queue, &Act::Join(200), now);
        let QueueChange::Part { left, reserved, joined } = queue.since(&mark, now) else {
            panic!("the whole queue is told");
        };
        assert_eq!((left.len(), reserved.len(), joined.len()), (0, 0, 1));
    }
}
