//! What is typed into a form: into the snapshot that its author sees, into the one before, or after they lost the form.

use baton_locales::t;
use baton_protocol::desktop;
use baton_protocol::draft::{Change, DraftField};
use baton_protocol::message::{Code, Problem};

use super::commands::who_edits;
use super::displayed::Displayed;
use super::open_form::OpenForm;
use crate::core::context::Context;

impl OpenForm {
    /// Something is typed in a window.
    pub(super) fn change(&mut self, cx: &mut Context, call: desktop::ChangeForm) -> Result<(), Problem> {
        let desktop::ChangeForm {
            number,
            generation,
            change,
            ..
        } = call;
        if !self.windows.take_change(cx.window, number) {
            return Ok(());
        }
        if self.shown.crossed(generation).is_some() {
            self.keep_crossed(cx, generation, &change);
            return Ok(());
        }
        let Some(Displayed { view, .. }) = &self.displayed else {
            return Err(Problem::new(Code::NotJoined, t::engine::this_form_is_not()));
        };
        if view.partial.contains(&change.field) {
            return Err(Problem::new(Code::Offline, t::engine::the_whole_text_is()));
        }
        if view.read_only.contains(&change.field) {
            return Err(Problem::new(Code::Forbidden, t::engine::you_may_look_at()));
        }
        let is_writer = self.windows.writer() == Some(cx.window);
        match &mut self.displayed {
            Some(displayed) if is_writer && displayed.can_edit() => {
                self.unsent.change(&mut displayed.view, change);
                self.set_uncached(true);
                self.show_to_others(cx);
            }
            // It crossed with the news that somebody else owns the form: kept for its author.
            Some(_) | None => self.keep_late(cx, change),
        }
        Ok(())
    }

    /// It was typed into the snapshot before this one: its author's own text, which goes into the form if
    /// nobody else changed the field.
    fn keep_crossed(&mut self, cx: &mut Context, generation: u64, change: &Change) {
        let Some(previous) = self.shown.crossed(generation) else {
            return;
        };
        let before = previous.value(&change.field).clone();
        let Ok(value) = change.edit.apply(&before) else {
            return;
        };
        let author = previous.owner().map(|owner| owner.person.clone());
        if let Some(author) = author {
            let field = DraftField {
                value: value.clone(),
                author,
            };
            previous.draft.fields.insert(change.field.clone(), field);
        }
        self.deferred.edits.typed_on(&change.field, &before, value);
        self.merge_pending(cx);
        self.show_again();
        self.emit_kept_edits(cx);
    }

    fn keep_late(&mut self, cx: &mut Context, change: Change) {
        let Some(Displayed { view, .. }) = &mut self.displayed else {
            return;
        };
        if !self.unsent.is_empty() {
            // What came before it is about to be kept as a whole; it belongs there.
            return self.unsent.change(view, change);
        }
        let late = self.shown.late.get(&change.field);
        let before = late.unwrap_or_else(|| view.value(&change.field)).clone();
        if let Ok(value) = change.edit.apply(&before) {
            self.shown.late.insert(change.field.clone(), value.clone());
            self.deferred.edits.typed_on(&change.field, &before, value);
        }
        let why = if view.gone.is_some() {
            t::engine::the_record_is_gone().into()
        } else if self.is_stale() {
            t::engine::what_you_typed_did().into()
        } else {
            let Some(view) = self.view() else { return };
            t::engine::kept_here_after(who_edits(view))
        };
        self.emit_pending_edits(cx, &why);
    }
}
