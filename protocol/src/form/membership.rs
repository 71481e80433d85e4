//! Who is in a form: coming, going, being gone, and what follows for its owner.

use super::queue::QueueMark;
use super::*;

impl Form {
    pub(super) fn join(&mut self, context: &Context<'_>, by: SessionId, person: Person) -> Result<Applied, Refusal> {
        let before = self.queue.mark();
        if self.queue.editors().len() >= MAX_EDITORS && self.queue.editor(by).is_none() {
            return Err(Refusal::Crowded);
        }
        let ticket = self.queue.join(by, person);
        self.queue.expire(context.now);
        let effects = self.queue_changed(context, &before);
        Ok(Applied {
            outcome: Outcome::Joined { ticket },
            effects,
        })
    }

    /// Ends these places at once, reserved or not: the right to edit is gone (semantics 3.3), or the sign-in (7.3).
    pub(super) fn end_places(&mut self, context: &Context<'_>, ends: impl Fn(&Editor) -> bool) -> Applied {
        let before = self.queue.mark();
        if !self.queue.end_places(ends) {
            return Applied::nothing(Outcome::Done);
        }
        self.queue.expire(context.now);
        Applied {
            outcome: Outcome::Done,
            effects: self.queue_changed(context, &before),
        }
    }

    /// Ends the places that are reserved for a person, before their time is over.
    pub(super) fn release(&mut self, context: &Context<'_>, person: UserId) -> Result<Applied, Refusal> {
        let before = self.queue.mark();
        if !self.queue.release(person) {
            return Err(Refusal::NotHere);
        }
        Ok(Applied {
            outcome: Outcome::Done,
            effects: self.queue_changed(context, &before),
        })
    }

    /// Gives everybody their present name, where the form has one of before (semantics 6.2). Returns whether an editor or
    /// an author had one.
    pub fn refresh_names(&mut self, name_of: impl Fn(UserId) -> Option<String>) -> bool {
        let refresh = |person: &mut Person| match name_of(person.id) {
            Some(name) if name != person.name => {
                person.name = name;
                true
            }
            Some(_) | None => false,
        };
        let discarded = self.discarded.iter_mut().flat_map(|draft| draft.fields.values_mut());
        let changed = self.draft.fields.values_mut().chain(discarded);
        let authors = changed.map(|changed| &mut changed.author);
        let editors = self.queue.editors_mut().map(|editor| &mut editor.person);
        let renamed = authors
            .chain(editors)
            .map(refresh)
            .fold(false, |any, renamed| any | renamed);
        self.ask.iter_mut().for_each(|ask| _ = refresh(&mut ask.person));
        self.gone.iter_mut().for_each(|gone| _ = refresh(&mut gone.stamp.by));
        renamed
    }

    /// A person has another name from now on.
    pub(super) fn rename(&mut self, context: &Context<'_>, person: &Person) -> Applied {
        let name_of = |id| (id == person.id).then(|| person.name.clone());
        if !self.refresh_names(name_of) {
            return Applied::nothing(Outcome::Done);
        }
        let before = self.queue.mark();
        let change = QueueChange::Whole(self.queue.view(context.now));
        Applied {
            outcome: Outcome::Done,
            effects: self.queue_changed_by(context, &before, change),
        }
    }

    pub(super) fn leave(&mut self, context: &Context<'_>, by: SessionId) -> Applied {
        let before = self.queue.mark();
        if !self.queue.leave(by) {
            return Applied::nothing(Outcome::Done);
        }
        self.queue.expire(context.now);
        Applied {
            outcome: Outcome::Done,
            effects: self.queue_changed(context, &before),
        }
    }

    pub(super) fn disconnected(&mut self, context: &Context<'_>, by: SessionId, since: Timestamp) -> Applied {
        let before = self.queue.mark();
        if !self.queue.hold(by, since + context.limits.grace) {
            return Applied::nothing(Outcome::Done);
        }
        self.queue.expire(context.now);
        Applied {
            outcome: Outcome::Done,
            effects: self.queue_changed(context, &before),
        }
    }

    pub(super) fn tick(&mut self, context: &Context<'_>) -> Applied {
        let before = self.queue.mark();
        let mut effects = Vec::new();
        if self.queue.expire(context.now) {
            effects = self.queue_changed(context, &before);
        }
        if let Some(ask) = &self.ask
            && ask.deadline(self.active, &context.limits) <= context.now
        {
            let by = ask.by;
            // An asker whose connection is broken has nobody to hand over to; the ask ends.
            match self.pass(context, by, TransferReason::Idle, None) {
                Ok(passed) => effects.extend(passed.effects),
                Err(_) => effects.push(self.edit_request_ended(false)),
            }
        }
        Applied {
            outcome: Outcome::Done,
            effects,
        }
    }

    /// Moves the fence if the owner changed, and tells everyone what is different.
    pub(super) fn queue_changed(&mut self, context: &Context<'_>, before: &QueueMark) -> Vec<Effect> {
        let change = self.queue.since(before, context.now);
        self.queue_changed_by(context, before, change)
    }

    fn queue_changed_by(&mut self, context: &Context<'_>, before: &QueueMark, change: QueueChange) -> Vec<Effect> {
        let mut effects = Vec::new();
        let passed = self.queue.owner_ticket() != before.owner();
        if change.is_empty() && !passed {
            // Whoever opens it again has their place.
            return effects;
        }
        if passed {
            self.fence = self.fence.next();
            self.active = context.now;
        }
        effects.push(Effect::Tell(Notice::Editors {
            change,
            fence: self.fence,
            draft_since: self.draft_since.filter(|_| passed),
            changed_at: if passed {
                self.changed_at.clone()
            } else {
                BTreeMap::new()
            },
        }));
        effects.push(Effect::PresenceChanged(self.queue.presence()));
        let asker_left = self
            .ask
            .as_ref()
            .is_some_and(|ask| self.queue.with_ticket(ask.by).is_none());
        if self.ask.is_some() && (passed || asker_left) {
            effects.push(self.edit_request_ended(false));
        }
        effects
    }
}
