//! An open form: the engine's generation, with what was typed since on top.

use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use baton_locales::t;
use baton_protocol::deletion::DeletionKind;
use baton_protocol::desktop::{ChangeForm, FormUpdate, PendingEdit};
use baton_protocol::draft::{Change, Edit};
use baton_protocol::field::{Field, Value};
use baton_protocol::form::FormSnapshot;
use baton_protocol::form::{Notice, Transfer, TransferReason};
use baton_protocol::message::Problem;
use baton_protocol::person::Person;
use baton_protocol::time::Timestamp;

use super::undo::{Step, Undo};
use crate::keys::History;

/// An open form.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct FormState {
    /// The engine's generation, up to the change that it last took.
    base: Option<FormSnapshot>,
    /// What is shown: the base and the changes since.
    pub(crate) view: Option<Rc<FormSnapshot>>,
    /// Changes that the engine has not taken yet.
    pending: VecDeque<(u64, Change)>,
    last_number: u64,
    /// What the viewer can take back.
    undo: Undo,
    /// The number of the engine's generation.
    generation: u64,
    /// How many steps the engine has that the server did not acknowledge.
    pub(crate) waiting: usize,
    /// Whether all of them are on this computer's disk.
    pub(crate) kept: bool,
    /// Whether the generation is this computer's own, and when it was last the server's.
    pub(crate) remembered: Option<Option<Timestamp>>,
    /// When the editors were last told, by the page's clock in milliseconds.
    pub(crate) told_at: f64,
    /// When it was last told who asks to edit, by the same clock.
    pub(crate) asked_at: f64,
    /// Why the form cannot be shown.
    pub(crate) problem: Option<Problem>,
    /// Grows whenever what is said about the record may be something else.
    pub(crate) comment_changes: u64,
    /// How often a save failed for what the form says.
    pub(crate) failed_saves: u64,
    /// The viewer's own unaccepted text, and what happened to it.
    pub(crate) pending_edits: Option<(String, Vec<PendingEdit>)>,
    /// What happened last that a person should hear of, and its number, so that the same thing twice
    /// is told twice.
    pub(crate) news: Option<(u64, News)>,
}

/// Something that a person should hear of once.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum News {
    /// The viewer is the owner now, and was not before.
    Promoted {
        /// Whether somebody else's unsaved changes came with it.
        inherited: Option<String>,
    },
    /// The form was saved.
    Saved {
        /// Who saved it, and as which version.
        what: String,
    },
    /// Somebody threw the draft away, or brought it back.
    Replaced {
        /// A sentence about it.
        what: String,
    },
    /// Who edits changed at somebody's wish, or a wish was declined.
    Passed {
        /// A sentence about it.
        what: String,
        /// Whether the reader lost the form by it.
        lost: bool,
    },
    /// Something was refused.
    Refused(Problem),
}

impl FormState {
    /// The change that gives the field this value, if it does change it. Shown at once, and can be taken back.
    pub(crate) fn typed(&mut self, field: &Field, value: &Value, now: f64) -> Option<ChangeForm> {
        let before = self.view.as_ref()?.value(&field.name).clone();
        let change = self.change(field, value)?;
        self.undo.note(&field.name, &before, value, now);
        Some(change)
    }

    /// The change that takes the viewer's last one back, or makes it again.
    pub(crate) fn history(&mut self, history: History) -> Option<ChangeForm> {
        let view = Rc::clone(self.view.as_ref().filter(|view| view.can_edit())?);
        let present = |field: &str| view.value(field).clone();
        let (field, value) = match history {
            History::Undo => self
                .undo
                .undo(present)
                .map(|Step { field, before, .. }| (field, before))?,
            History::Redo => self
                .undo
                .redo(present)
                .map(|Step { field, after, .. }| (field, after))?,
        };
        // A field that is no more has nothing to go back to.
        self.change(&view.field(&field)?, &value)
    }

    fn change(&mut self, field: &Field, value: &Value) -> Option<ChangeForm> {
        let view = self.view.as_mut()?;
        if !view.can_edit() {
            return None;
        }
        let edit = Edit::between(field, view.value(&field.name), value)?;
        let change = Change {
            field: field.name.clone(),
            edit,
        };
        Rc::make_mut(view).apply_own(&change);
        self.last_number += 1;
        self.pending.push_back((self.last_number, change.clone()));
        Some(ChangeForm {
            form: view.form,
            number: self.last_number,
            generation: self.generation,
            change,
        })
    }

    /// What the engine tells of its generation; `now` is the page's clock in milliseconds.
    pub(crate) fn update(&mut self, seen: u64, generation: u64, update: FormUpdate, now: f64) {
        if self.generation != generation {
            // Of the generation before something may have been missed.
            self.comment_changes += 1;
        }
        self.generation = generation;
        self.hear_of(seen, update, now);
    }

    /// A call was refused.
    pub(crate) fn refused(&mut self, problem: Problem) {
        self.hear_of(0, FormUpdate::Refused(problem), 0.0);
    }

    fn hear_of(&mut self, seen: u64, update: FormUpdate, now: f64) {
        self.taken(seen);
        match update {
            FormUpdate::Opened(view) => {
                self.remembered = None;
                self.opened(*view, now);
            }
            FormUpdate::Cached { at, view } => {
                // Whoever is alone with a generation was not promoted.
                self.base = None;
                self.remembered = Some(at);
                self.opened(*view, now);
            }
            FormUpdate::Notice(notice) => self.noticed(&notice, now),
            FormUpdate::Unacknowledged { steps, kept } => {
                self.waiting = steps;
                self.kept = kept;
            }
            FormUpdate::PendingEdits { why, texts } => self.pending_edits = (!texts.is_empty()).then_some((why, texts)),
            FormUpdate::Closed(problem) => {
                (self.base, self.view) = (None, None);
                self.problem = Some(problem);
            }
            FormUpdate::Refused(problem) if self.base.is_none() || self.only_remembered() => {
                self.problem = Some(problem);
            }
            FormUpdate::Refused(problem) => self.hear(News::Refused(problem)),
        }
        self.show();
    }

    /// What was refused last, with the number of that news, if nothing happened since.
    pub(crate) fn refusal(&self) -> Option<(u64, &Problem)> {
        match &self.news {
            Some((number, News::Refused(problem))) => Some((*number, problem)),
            Some((_, News::Promoted { .. } | News::Saved { .. } | News::Replaced { .. } | News::Passed { .. }))
            | None => None,
        }
    }

    /// Whether the generation is only remembered and cannot be edited: then a refusal is all there is to show.
    fn only_remembered(&self) -> bool {
        self.remembered.is_some() && self.base.as_ref().is_some_and(|base| !base.can_edit())
    }

    /// Whether the viewer has to decide about some of their own text.
    pub(crate) fn must_decide(&self) -> bool {
        let texts = self.pending_edits.as_ref().map(|(_, texts)| texts);
        texts.is_some_and(|texts| texts.iter().any(|text| !text.auto_merge))
    }

    /// Whether something typed has not even reached the engine.
    pub(crate) fn typing(&self) -> bool {
        !self.pending.is_empty()
    }

    fn taken(&mut self, seen: u64) {
        while self.pending.front().is_some_and(|(number, _)| *number <= seen) {
            if let (Some((_, change)), Some(base)) = (self.pending.pop_front(), &mut self.base)
                && base.can_edit()
            {
                base.apply_own(&change);
            }
        }
    }

    fn opened(&mut self, view: FormSnapshot, now: f64) {
        self.note_promotion(&view);
        if !view.can_edit() {
            self.undo = Undo::default();
        }
        self.told_at = now;
        self.asked_at = now;
        self.problem = None;
        self.base = Some(view);
    }

    fn noticed(&mut self, notice: &Notice, now: f64) {
        let Some(base) = self.base.as_ref() else {
            return;
        };
        let mut after = base.clone();
        if matches!(notice, Notice::Editors { .. }) {
            // The notice says of some how long their places are reserved from now; the others were told earlier.
            let over = Duration::from_secs_f64((now - self.told_at).max(0.0) / 1000.0);
            after.pass_time(u64::try_from(over.as_millis()).unwrap_or(u64::MAX));
        }
        // A gap is the engine's to mend: it asks for the whole form.
        after.apply(notice).ok();
        match notice {
            Notice::Editors { .. } => {
                self.told_at = now;
                self.note_promotion(&after);
                if !after.can_edit() {
                    self.undo = Undo::default();
                }
            }
            Notice::Saved { by, version, .. } => {
                let (you, name) = subject(base, by);
                let what = t::form::somebody_saved(you, name, version.0);
                self.hear(News::Saved { what });
            }
            Notice::Replaced { by, discarded, .. } => {
                self.undo = Undo::default();
                let (you, name) = subject(base, by);
                let what = if discarded.is_some() {
                    t::form::somebody_discarded(you, name)
                } else {
                    t::form::somebody_brought_back(you, name)
                };
                self.hear(News::Replaced { what });
            }
            Notice::Asked { ask, declined } => {
                self.asked_at = now;
                let mine = base.ask.as_ref().is_some_and(|before| Some(before.by) == base.me);
                if ask.is_none() && *declined && mine {
                    let owner = base
                        .owner()
                        .map_or(t::form::the_owner(), |owner| owner.person.name.as_str());
                    let what = t::form::goes_on_editing(owner);
                    self.hear(News::Passed { what, lost: false });
                }
            }
            Notice::OwnershipTransferred(transfer) => {
                let me = base
                    .me
                    .and_then(|me| base.editors.iter().find(|editor| editor.ticket == me));
                let lost = me.is_some_and(|me| me.person.id == transfer.from.id);
                if let Some(what) = transfer_text(transfer, lost) {
                    self.hear(News::Passed { what, lost });
                }
            }
            Notice::Removed { gone, by } => {
                let (you, name) = subject(base, by);
                let what = match gone.as_ref().map(|gone| gone.how) {
                    Some(DeletionKind::Archived) => t::form::somebody_archived(you, name),
                    Some(DeletionKind::Deleted) => t::form::somebody_deleted(you, name),
                    None => t::form::somebody_restored(you, name),
                };
                let lost = gone.is_some();
                self.hear(News::Passed { what, lost });
            }
            Notice::Redefined => {
                let what = t::form::definition_changed().into();
                self.hear(News::Passed { what, lost: false });
            }
            Notice::Commented => self.comment_changes += 1,
            Notice::Invalid { .. } => self.failed_saves += 1,
            Notice::Viewers { .. } | Notice::Focus { .. } | Notice::Changed { .. } => {}
        }
        self.base = Some(after);
    }

    fn hear(&mut self, news: News) {
        let number = self.news.as_ref().map_or(1, |(number, _)| number + 1);
        self.news = Some((number, news));
    }

    fn note_promotion(&mut self, after: &FormSnapshot) {
        // Whoever had no place in line asked for one just now, and sees that they have it.
        let waited = |before: &FormSnapshot| before.me.is_some() && !before.can_edit();
        let promoted = self.base.as_ref().is_some_and(waited) && after.can_edit();
        if promoted {
            let me = after.owner().map(|owner| &owner.person);
            let inherited = after
                .draft
                .fields
                .values()
                .map(|field| &field.author)
                .find(|author| Some(*author) != me)
                .map(|author| author.name.clone());
            self.hear(News::Promoted { inherited });
        }
    }

    fn show(&mut self) {
        let Some(base) = &self.base else {
            return;
        };
        let mut view = base.clone();
        if view.can_edit() {
            for (_, change) in &self.pending {
                view.apply_own(change);
            }
        }
        // Inputs that show the same must not be drawn again.
        if self.view.as_deref() != Some(&view) {
            self.view = Some(Rc::new(view));
        }
    }
}

/// Who did something, for a sentence to the form's viewer: whether it was the viewer, and the name.
fn subject<'a>(view: &FormSnapshot, by: &'a Person) -> (&'static str, &'a str) {
    let me = view
        .me
        .and_then(|me| view.editors.iter().find(|editor| editor.ticket == me));
    let own = me.is_some_and(|me| me.person.id == by.id);
    (if own { "yes" } else { "no" }, &by.name)
}

/// What is told about a form that passed on: to its former owner, or to the others. The new owner is
/// told that it edits now.
fn transfer_text(transfer: &Transfer, lost: bool) -> Option<String> {
    let Transfer { from, to, how, reason } = transfer;
    let (from, to) = (&from.name, &to.name);
    match (how, lost) {
        (TransferReason::TakenOver, _) => Some(match (lost, reason) {
            (true, Some(reason)) => t::form::taken_from_you_because(to, reason),
            (true, None) => t::form::taken_from_you(to),
            (false, Some(reason)) => t::form::taken_over_because(to, from, reason),
            (false, None) => t::form::taken_over(to, from),
        }),
        (TransferReason::Idle, true) => Some(t::form::you_were_away(to)),
        (TransferReason::HandedOver, true) => Some(t::form::you_handed_over(to)),
        (TransferReason::HandedOver | TransferReason::Idle, false) => Some(t::form::handed_over(from, to)),
        (TransferReason::Moved, _) => None,
    }
}

/// Where what was typed is, truthfully (semantics 3.7).
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct SaveStatus {
    /// A word for tests and colours.
    pub(crate) state: &'static str,
    /// What a person reads.
    pub(crate) text: String,
}

impl SaveStatus {
    /// Whether it is over in a moment, as a rule.
    pub(crate) fn passes(&self) -> bool {
        matches!(self.state, "typing" | "sending")
    }
}

impl FormState {
    /// Where what was typed is. `live` is whether the server is reached; `saves_later` is whether a save waits for it.
    pub(crate) fn save_status(&self, live: bool, saves_later: bool) -> SaveStatus {
        let Some(view) = &self.view else {
            return SaveStatus {
                state: "loading",
                text: String::new(),
            };
        };
        let status = |state, text: &str| SaveStatus {
            state,
            text: text.into(),
        };
        if self.typing() || (self.waiting > 0 && !live && !self.kept) {
            return status("typing", t::form::typing());
        }
        if saves_later && !live {
            return status("waiting", t::form::will_be_saved());
        }
        if self.waiting > 0 && !live {
            return status("waiting", t::form::not_saved_kept_here());
        }
        if self.waiting > 0 && self.kept {
            return status("sending", t::form::kept_here_sending());
        }
        if self.waiting > 0 {
            return status("sending", t::form::sending());
        }
        if !live {
            return status("stale", t::form::as_last_seen());
        }
        if self.remembered.is_some() {
            return status("opening", t::form::asking_the_server());
        }
        if view.unsaved() {
            return status("draft", t::form::not_saved_kept_on_server());
        }
        match view.version.0 {
            0 => status("new", t::form::nothing_typed_yet()),
            version => SaveStatus {
                state: "saved",
                text: t::form::saved_version(version),
            },
        }
    }
}

#[cfg(test)]
mod tests;
