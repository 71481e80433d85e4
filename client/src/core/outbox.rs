//! What the server does not have yet: told to the disk and to the UI whenever it changes.

use baton_protocol::deletion::{Deletion, DeletionKind, Stamp};
use baton_protocol::desktop::{FormUpdate, OutboxEntry, PendingEdit, UiEvent};
use baton_protocol::form::FormCommand;
use baton_protocol::id::FormKey;
use baton_protocol::message::{Problem, ToServer};

use super::discard::DiscardLater;
use super::open_form::{Join, OpenForm};
use super::pending::{PendingEdits, PendingForm};
use super::{Core, Effect, Now, Pending, Reply};

/// What was told to the disk of one form.
#[derive(Debug)]
pub(super) struct PersistedMark {
    /// The number of the telling; the disk says up to which it has them.
    number: u64,
    held: PendingForm,
    decide: bool,
}

impl Core {
    /// What was held when the program ended, or when this person was last signed in here.
    pub(super) fn loaded_pending(&mut self, now: Now, held: Vec<PendingForm>) {
        for held in held {
            let form = held.form;
            let decide = !held.texts.iter().all(|text| text.auto_merge);
            let mut pending_edits = PendingEdits::of(held.texts.clone());
            let open = self.forms.get_or_open(form, held.entity);
            for text in open.pending_edits.take() {
                pending_edits.add(text);
            }
            open.pending_edits = pending_edits;
            open.save_later |= held.save;
            if let Some(discard) = held.discard {
                open.discard_later.get_or_insert(DiscardLater::restored(discard));
            }
            open.remove_later = open.remove_later.or(held.remove);
            let number = 0;
            self.told.insert(form, PersistedMark { number, held, decide });
            let joined = self.forms.get(&form).is_some_and(|open| open.join == Join::Answered);
            if joined {
                // The server was quicker than the disk.
                self.send_deletion(now, form);
                self.merge_pending(form);
                self.show_again(form);
                self.tell_kept(form);
                self.pump(now, form);
                self.close_if_done(now, form);
            } else {
                self.tell_kept(form);
            }
        }
        self.tell_outbox();
    }

    /// Tells the disk and the UI what changed of what is held.
    pub(super) fn tell_held(&mut self) {
        for form in self.forms.take_touched() {
            self.tell_settled(form);
            let before = self.told.get(&form);
            let open = self.forms.get(&form);
            let held = open.and_then(|open| open.pending_form(form, before.map(|told| &told.held)));
            let decide =
                open.is_some_and(|open| open.blocked || open.pending_edits.texts().iter().any(|text| !text.auto_merge));
            if before.map(|told| (&told.held, told.decide)) == held.as_ref().map(|held| (held, decide)) {
                continue;
            }
            let waited = before.map(|told| told.held.waiting(told.decide));
            let waits = held.as_ref().map(|held| held.waiting(decide));
            if before.map(|told| &told.held) == held.as_ref() {
                self.told.entry(form).and_modify(|told| told.decide = decide);
            } else {
                self.hold(form, held, decide);
            }
            if waited != waits {
                self.effects.push(Effect::Emit(UiEvent::OutboxChanged { form, waits }));
            }
        }
        for form in std::mem::take(&mut self.to_tell) {
            if let Some(open) = self.forms.get(&form) {
                let (steps, kept) = (open.steps.len(), self.is_kept(form));
                self.update(form, &FormUpdate::Unacknowledged { steps, kept });
            }
        }
    }

    /// Says that nothing is left of what was said to be kept.
    fn tell_settled(&mut self, form: FormKey) {
        let settled = |open: &OpenForm| open.edits_shown && open.pending_edits.is_empty();
        if self.forms.get(&form).is_some_and(settled) {
            self.show_pending_edits(form, "");
        }
    }

    /// Has the disk hold this, in place of what it holds of the form.
    fn hold(&mut self, form: FormKey, held: Option<PendingForm>, decide: bool) {
        self.last_told += 1;
        let number = self.last_told;
        self.effects.push(Effect::Hold {
            number,
            form,
            held: held.clone().map(Box::new),
        });
        match held {
            Some(held) => self.told.insert(form, PersistedMark { number, held, decide }),
            None => self.told.remove(&form),
        };
        self.to_tell.insert(form);
    }

    /// Whether everything of the form is on this computer's disk.
    fn is_kept(&self, form: FormKey) -> bool {
        match (self.told.get(&form), self.forms.get(&form)) {
            (Some(told), _) => told.number <= self.stored,
            // What only the server can do is nowhere else.
            (None, open) => open.is_none_or(|open| open.steps.is_empty()),
        }
    }

    /// The disk has everything up to this number.
    pub(super) fn stored(&mut self, number: u64) {
        let before = std::mem::replace(&mut self.stored, number);
        self.store_problem = None;
        let kept = self
            .told
            .iter()
            .filter(|(_, told)| told.number > before && told.number <= number);
        self.to_tell.extend(kept.map(|(form, _)| *form));
    }

    /// Whether the disk has everything that it was told.
    pub(super) fn all_stored(&self) -> bool {
        self.told.values().all(|told| told.number <= self.stored)
    }

    pub(super) fn tell_outbox(&mut self) {
        let outbox = self.outbox();
        self.effects.push(Effect::Emit(UiEvent::Outbox(outbox)));
    }

    pub(super) fn outbox(&self) -> Vec<OutboxEntry> {
        let waiting = self.told.values().map(|told| told.held.waiting(told.decide));
        waiting.collect()
    }

    /// A form's own texts, as they are kept.
    pub(super) fn pending_edits(&self, form: FormKey) -> Vec<PendingEdit> {
        let texts = self.told.get(&form).map(|told| told.held.texts.as_slice());
        texts.unwrap_or_default().to_vec()
    }

    /// Takes a record out of its list without the server: as soon as it is reached (semantics 5.3).
    pub(super) fn remove_later(&mut self, form: FormKey, how: DeletionKind) -> Result<Reply, Problem> {
        let by = self.account.as_ref().map(|account| account.person.clone());
        let at = self.wall_clock();
        let open = self.open(form)?;
        if let (Some(view), Some(by)) = (&mut open.view, by) {
            open.remove_later = Some((how, view.version));
            let stamp = Stamp { by, at };
            view.gone = Some(Deletion { how, stamp });
        }
        self.show_again(form);
        Ok(Reply::Done)
    }

    pub(super) fn ask_to_remove(&mut self, now: Now, form: FormKey, how: DeletionKind) {
        self.request(
            now,
            ToServer::Form {
                form,
                command: FormCommand::Delete { kind: how },
            },
            Pending::RemoveLater(form),
        );
    }

    /// The server answered the removal of a record that was deleted without it.
    pub(super) fn removed_later(&mut self, now: Now, form: FormKey, refused: Option<Problem>) {
        if let Some(open) = self.forms.get_mut(&form) {
            open.remove_later = None;
        }
        if let Some(problem) = refused {
            self.effects
                .push(Effect::Emit(UiEvent::Toast(problem.message.to_string())));
        }
        self.close_if_done(now, form);
    }
}
