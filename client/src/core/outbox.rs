//! What the server does not have yet: on the disk and before the person's eyes whenever it changes (semantics 5.3).

use std::collections::BTreeMap;

use baton_locales::t;
use baton_protocol::desktop::{OutboxEntry, PendingEdit, UiEvent};
use baton_protocol::id::FormKey;

use super::pending::PendingForm;
use super::pending_comments::PendingComments;
use super::{Caller, Effect, Scope};

/// What the disk was given of one form.
#[derive(Debug)]
struct PersistedMark {
    /// Which write that was; the disk says up to which it has them.
    number: u64,
    pending: PendingForm,
    decide: bool,
}

/// What the disk was given to hold, and how much of it it has.
#[derive(Default, Debug)]
pub(super) struct Outbox {
    /// Whose things the disk holds.
    scope: Option<Scope>,
    marks: BTreeMap<FormKey, PersistedMark>,
    last_number: u64,
    /// Up to which write the disk has everything.
    stored: u64,
    problem: Option<String>,
    /// Comments wait beside what waits of their forms, and go to the disk with it.
    pub(super) comments: PendingComments,
    /// Who is answered once the disk has everything up to this write.
    callers: Vec<(u64, Caller)>,
}

impl Outbox {
    pub(super) fn scope(&self) -> Option<&Scope> {
        self.scope.as_ref()
    }

    /// The disk is asked for the things of this server and person, unless it was already.
    pub(super) fn open(&mut self, scope: Option<Scope>) -> Option<Effect> {
        if scope.is_none() || scope == self.scope {
            return None;
        }
        self.scope.clone_from(&scope);
        scope.map(Effect::OpenStore)
    }

    /// What it holds is nobody's who is here: it waits on the disk.
    pub(super) fn close(&mut self) {
        self.marks.clear();
        self.comments.clear();
        self.scope = None;
    }

    /// The disk has this of a form since the program ended, or since its person was last signed in here.
    pub(super) fn restore(&mut self, pending: PendingForm, decide: bool) {
        let number = 0;
        let Some(pending) = self.comments.added_to(pending.form, Some(pending)) else {
            return;
        };
        self.marks.insert(
            pending.form,
            PersistedMark {
                number,
                pending,
                decide,
            },
        );
    }

    /// Has the disk hold this of a form in place of what it holds, and the windows know what waits. Whether its author
    /// has to decide is no matter of the disk.
    pub(super) fn persist(&mut self, form: FormKey, pending: Option<PendingForm>, decide: bool) -> Vec<Effect> {
        let pending = self.comments.added_to(form, pending);
        let before = self.marks.get(&form);
        let waited = before.map(|mark| mark.pending.waiting(mark.decide));
        let waits = pending.as_ref().map(|pending| pending.waiting(decide));
        let is_stored = before.map(|mark| &mark.pending) == pending.as_ref();
        let mut effects = Vec::new();
        match pending {
            Some(_) if is_stored => {
                self.marks.entry(form).and_modify(|mark| mark.decide = decide);
            }
            None if is_stored => {}
            pending => {
                self.last_number += 1;
                let number = self.last_number;
                effects.push(Effect::Persist {
                    number,
                    form,
                    pending: pending.clone().map(Box::new),
                });
                match pending {
                    Some(pending) => self.marks.insert(
                        form,
                        PersistedMark {
                            number,
                            pending,
                            decide,
                        },
                    ),
                    None => self.marks.remove(&form),
                };
            }
        }
        if waited != waits {
            effects.push(Effect::Emit(UiEvent::OutboxChanged { form, waits }));
        }
        effects
    }

    /// The same, with other comments than before.
    pub(super) fn persist_comments(&mut self, form: FormKey) -> Vec<Effect> {
        let mark = self.marks.get(&form);
        let decide = mark.is_some_and(|mark| mark.decide);
        let pending = mark.and_then(|mark| mark.pending.clone().without_comments());
        self.persist(form, pending, decide)
    }

    /// Somebody is to be answered once the disk has everything that it was given.
    pub(super) fn answer_when_stored(&mut self, caller: Caller) {
        self.callers.push((self.last_number, caller));
    }

    /// Who is answered now.
    pub(super) fn take_answered(&mut self) -> Vec<Caller> {
        let stored = self.stored;
        let answered = self.callers.extract_if(.., |(number, _)| *number <= stored);
        answered.map(|(_, caller)| caller).collect()
    }

    /// What the disk was given of a form.
    pub(super) fn pending(&self, form: FormKey) -> Option<&PendingForm> {
        self.marks.get(&form).map(|mark| &mark.pending)
    }

    /// A form's own texts, as the disk was given them.
    pub(super) fn texts(&self, form: FormKey) -> Vec<PendingEdit> {
        self.pending(form)
            .map(|pending| pending.texts.clone())
            .unwrap_or_default()
    }

    /// Whether the disk has what it was given of a form; `None` if it was given nothing.
    pub(super) fn is_stored(&self, form: FormKey) -> Option<bool> {
        self.marks.get(&form).map(|mark| mark.number <= self.stored)
    }

    /// Whether the disk has everything that it was given.
    pub(super) fn all_stored(&self) -> bool {
        self.marks.values().all(|mark| mark.number <= self.stored)
    }

    /// The disk has everything up to this write; of which forms it has something since.
    pub(super) fn stored(&mut self, number: u64) -> Vec<FormKey> {
        let before = std::mem::replace(&mut self.stored, number);
        self.problem = None;
        let new = before + 1..=number;
        let marks = self.marks.iter().filter(|(_, mark)| new.contains(&mark.number));
        marks.map(|(form, _)| *form).collect()
    }

    /// The disk does not take what it is given; what the windows are told of it, the first time.
    pub(super) fn failed(&mut self, why: String) -> Option<UiEvent> {
        let sentence = t::engine::store_keeps_nothing(&why);
        let is_first = self.problem.replace(why).is_none();
        is_first.then_some(UiEvent::Toast(sentence))
    }

    /// Why the disk does not take what it is given.
    pub(super) fn problem(&self) -> Option<&str> {
        self.problem.as_deref()
    }

    /// Everything that waits, for whoever looks at it.
    pub(super) fn entries(&self) -> Vec<OutboxEntry> {
        let marks = self.marks.values();
        marks.map(|mark| mark.pending.waiting(mark.decide)).collect()
    }
}

#[cfg(test)]
mod tests {
    use baton_protocol::field::Value;
    use baton_protocol::id::RecordId;
    use uuid::Uuid;

    use super::*;

    fn form() -> FormKey {
        FormKey::record(RecordId(Uuid::from_u128(7)))
    }

    /// What waits of the form: one text.
    fn typed(text: &str) -> PendingForm {
        PendingForm {
            form: form(),
            entity: None,
            title: "A form".into(),
            new: false,
            texts: vec![PendingEdit {
                field: "note".into(),
                base: Value::from_text(""),
                sent: None,
                value: Value::from_text(text),
                auto_merge: true,
            }],
            save: false,
            discard: None,
            remove: None,
            comments: Vec::new(),
        }
    }

    fn writes(effects: &[Effect]) -> usize {
        effects
            .iter()
            .filter(|effect| matches!(effect, Effect::Persist { .. }))
            .count()
    }

    fn is_shown(effects: &[Effect]) -> bool {
        let shown = |effect: &Effect| matches!(effect, Effect::Emit(UiEvent::OutboxChanged { .. }));
        effects.iter().any(shown)
    }

    #[test]
    fn the_disk_is_given_what_changed_and_the_windows_hear_what_they_show() {
        let mut outbox = Outbox::default();
        assert!(outbox.persist(form(), None, false).is_empty(), "there was nothing");
        let first = outbox.persist(form(), Some(typed("H")), false);
        assert_eq!((writes(&first), is_shown(&first)), (1, true));
        assert!(
            outbox.persist(form(), Some(typed("H")), false).is_empty(),
            "nothing changed"
        );
        let second = outbox.persist(form(), Some(typed("Hi")), false);
        assert_eq!(
            (writes(&second), is_shown(&second)),
            (1, false),
            "one field waits as before"
        );
        let to_decide = outbox.persist(form(), Some(typed("Hi")), true);
        assert_eq!((writes(&to_decide), is_shown(&to_decide)), (0, true));
        let gone = outbox.persist(form(), None, false);
        assert_eq!((writes(&gone), is_shown(&gone)), (1, true));
        assert!(outbox.entries().is_empty());
    }

    #[test]
    fn what_is_on_the_disk_is_what_the_disk_said() {
        let mut outbox = Outbox::default();
        assert_eq!(outbox.is_stored(form()), None);
        outbox.persist(form(), Some(typed("H")), false);
        outbox.persist(form(), Some(typed("Hi")), false);
        assert_eq!(outbox.is_stored(form()), Some(false));
        assert!(outbox.stored(1).is_empty(), "the second write is still under way");
        assert!(!outbox.all_stored());
        assert_eq!(outbox.stored(2), [form()]);
        assert_eq!((outbox.is_stored(form()), outbox.all_stored()), (Some(true), true));
        outbox.restore(typed("from the disk"), false);
        assert!(outbox.all_stored(), "it comes from there");
    }

    #[test]
    fn a_disk_that_fails_is_told_of_once_until_it_works_again() {
        let mut outbox = Outbox::default();
        assert!(outbox.failed("full".into()).is_some());
        assert!(outbox.failed("still full".into()).is_none());
        assert_eq!(outbox.problem(), Some("still full"));
        outbox.stored(0);
        assert_eq!(outbox.problem(), None);
        assert!(outbox.failed("full".into()).is_some());
    }
}
