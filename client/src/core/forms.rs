//! Open forms: what their viewer does, and what was typed and is not on the server yet.
//!
//! Each form is a machine of its own ([`open_form`]): an input changes it, and what follows from that, whatever it was,
//! stands in one place, [`OpenForm::settle`].

mod commands;
mod deferred;
mod deletion;
mod discard;
mod displayed;
mod joining;
mod local;
mod merge;
mod news;
mod open_form;
mod open_forms;
mod operation;
mod showing;
mod steps;
mod typing;
mod windows;

use std::collections::BTreeSet;

use baton_locales::t;
use baton_protocol::desktop;
use baton_protocol::id::{EntityId, FormKey};
use baton_protocol::message::{Code, Problem};
use baton_protocol::person::Person;

use super::Now;
use super::cache::LoadedForm;
use super::context::Context;
use super::outbox::Outbox;
use super::pending::PendingForm;
use deferred::DiscardLater;
use open_form::{Access, Join, OpenForm};
use open_forms::OpenForms;

/// The open forms, and those that still have something to send.
#[derive(Default, Debug)]
pub(super) struct Forms {
    all: OpenForms,
    /// Forms that were closed while there was no connection.
    to_leave: BTreeSet<FormKey>,
    /// When forms that nobody looks at are joined again, after the server refused one for now.
    joins_again: Option<Now>,
}

impl Forms {
    /// Opens a form to edit it, when its turn comes.
    pub(super) fn open(&mut self, cx: &mut Context, call: &desktop::OpenForm) {
        let open = self.all.get_or_open(call.form, call.entity);
        open.windows.opened(cx.window);
        open.edit(cx);
        open.show_or_load(cx);
    }

    /// Opens a form read-only, as a link does: it takes no place in the queue.
    pub(super) fn open_read_only(&mut self, cx: &mut Context, call: &desktop::OpenReadOnly) {
        let open = self.all.get_or_open(call.form, Some(call.entity));
        if !open.in_use() {
            open.access = Access::ReadOnly;
        }
        open.windows.opened(cx.window);
        open.show_or_load(cx);
    }

    /// Joins the queue of a form that was opened read-only.
    pub(super) fn edit(&mut self, cx: &mut Context, form: FormKey) -> Result<(), Problem> {
        self.get(form)?.edit(cx);
        Ok(())
    }

    pub(super) fn close(&mut self, cx: &mut Context, form: FormKey) -> Result<(), Problem> {
        let open = self.get(form)?;
        open.windows.closed(cx.window, false);
        open.show_again();
        Ok(())
    }

    /// Nobody in the window looks at any form any more.
    pub(super) fn window_closed(&mut self, cx: &Context) {
        for open in self.all.iter_mut() {
            open.windows.closed(cx.window, true);
            open.show_again();
        }
    }

    /// Something is typed into a form.
    pub(super) fn change(&mut self, cx: &mut Context, call: desktop::ChangeForm) -> Result<(), Problem> {
        self.get(call.form)?.change(cx, call)
    }

    /// The author decides about one of their own texts.
    pub(super) fn decide(&mut self, cx: &mut Context, call: &desktop::Decide) -> Result<(), Problem> {
        self.get(call.form)?.decide(cx, call)
    }

    /// The author takes a decision back.
    pub(super) fn undo_decision(&mut self, cx: &mut Context, call: desktop::UndoDecision) -> Result<(), Problem> {
        self.get(call.form)?.undo_decision(cx, call)
    }

    /// Of which entity an open form is, and what it is called.
    pub(super) fn about(&self, form: FormKey) -> Option<(Option<EntityId>, String)> {
        let open = self.all.get(&form)?;
        let title = open.view().map(|view| view.title().to_owned());
        Some((open.entity(), title.unwrap_or_default()))
    }

    fn get(&mut self, form: FormKey) -> Result<&mut OpenForm, Problem> {
        self.all
            .get_mut(&form)
            .ok_or_else(|| Problem::new(Code::NotJoined, t::engine::this_form_is_not_open()))
    }

    /// What was pending when the program ended, or when this person was last signed in here.
    pub(super) fn restore(&mut self, cx: &mut Context, outbox: &mut Outbox, pending: Vec<PendingForm>) {
        for pending in pending {
            let open = self.all.get_or_open(pending.form, pending.entity);
            let decide = open.restore(&pending);
            outbox.restore(pending, decide);
            if open.join == Join::Answered {
                // The server was quicker than the disk.
                open.send_deletion(cx);
                open.merge_pending(cx);
                open.show_again();
            }
            open.emit_kept_edits(cx);
        }
    }

    /// What is remembered of a form came from the disk.
    pub(super) fn loaded(&mut self, cx: &mut Context, form: FormKey, loaded: LoadedForm) {
        if let Some(open) = self.all.get_mut(&form) {
            open.loaded(cx, loaded);
        }
    }

    /// What is remembered was loaded from another person's part of the disk.
    pub(super) fn load_again(&self, cx: &mut Context, form: FormKey) {
        if let Some(open) = self.all.get(&form).filter(|open| open.is_loading()) {
            open.load(cx);
        }
    }

    /// Somebody has another name: open forms show it (semantics 6.2).
    pub(super) fn renamed(&mut self, person: &Person) {
        for open in self.all.iter_mut() {
            if open
                .displayed
                .as_mut()
                .is_some_and(|displayed| displayed.view.rename(person))
            {
                open.show_again();
            }
        }
    }

    /// The connection is gone.
    pub(super) fn disconnected(&mut self) {
        self.joins_again = None;
        self.all.disconnected();
    }

    /// The server cannot be reached.
    pub(super) fn went_offline(&mut self, cx: &mut Context) {
        for open in self.all.iter_mut() {
            open.went_offline(cx);
        }
    }

    /// Everything that is open is joined again: after a reconnect, or when something was missed.
    pub(super) fn ask_again(&mut self, cx: &mut Context) {
        self.all.disconnected();
        self.join_in_use(cx);
        self.leave_closed(cx);
    }

    /// What was seen with other rights is not cached.
    pub(super) fn skip_caching(&mut self) {
        self.all.skip_caching();
    }

    /// Nobody is signed in: a form that was refused for now is not joined again.
    pub(super) fn stop_joining(&mut self) {
        self.joins_again = None;
    }

    /// Forgets all forms: what the server does not have of them waits on the disk.
    pub(super) fn clear(&mut self) {
        self.all.clear();
    }

    /// When forms are joined again.
    pub(super) fn next_deadline(&self) -> Option<Now> {
        self.joins_again
    }

    /// The disk has more of these forms than before.
    pub(super) fn stored(&mut self, forms: Vec<FormKey>) {
        for form in forms {
            self.all.touch(form);
        }
    }

    /// What follows from whatever happened to the forms since this was done last.
    pub(super) fn settle(&mut self, cx: &mut Context, outbox: &mut Outbox) {
        let touched = self.all.take_touched();
        for form in &touched {
            if let Some(open) = self.all.get_mut(form) {
                open.settle(cx, outbox);
            }
            self.close_if_done(cx, *form);
            if !self.all.contains_key(form) {
                cx.effects.extend(outbox.persist(*form, None, false));
            }
        }
        self.all.take_touched();
    }

    /// Whether something typed is not on the server yet.
    pub(super) fn unsent(&self) -> bool {
        self.all.values().any(|open| !open.unsent.is_empty())
    }

    /// The name of a form that the viewer edits and has not saved.
    pub(super) fn unsaved_title(&self) -> Option<String> {
        let view = self.all.values().find_map(|open| {
            let displayed = open.displayed.as_ref()?;
            let view = &displayed.view;
            (displayed.can_edit() && view.unsaved() && view.version >= open.saved).then_some(view)
        })?;
        Some(match view.title().trim() {
            "" => t::engine::a_new_record().into(),
            title => format!("“{title}”"),
        })
    }
}

impl OpenForm {
    /// Takes a place in the queue, if it was opened without one.
    fn edit(&mut self, cx: &mut Context) {
        if self.access == Access::Edit {
            return;
        }
        self.access = Access::Edit;
        if cx.ready() {
            self.ask_to_join(cx);
        } else {
            self.take_over_picture(cx);
        }
    }

    fn show_or_load(&mut self, cx: &mut Context) {
        if self.displayed.is_some() {
            self.show_again();
            self.emit_kept_edits(cx);
        } else {
            // It is joined at the end of this call, if there is a connection.
            self.load(cx);
        }
    }

    /// Takes back what the disk has of it; whether its author has to decide.
    fn restore(&mut self, pending: &PendingForm) -> bool {
        let deferred = &mut self.deferred;
        let newer = deferred.edits.take();
        for text in pending.texts.iter().cloned().chain(newer) {
            deferred.edits.add(text);
        }
        deferred.save |= pending.save;
        if let Some(discard) = pending.discard {
            deferred.discard.get_or_insert(DiscardLater::restored(discard));
        }
        deferred.remove = deferred.remove.or(pending.remove);
        !pending.texts.iter().all(|text| text.auto_merge)
    }
}
