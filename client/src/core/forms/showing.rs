//! A form is shown in the windows that have it open: its snapshot, and whatever they are told of it besides.

use baton_protocol::desktop::{FormUpdate, UiEvent};
use baton_protocol::draft::{Change, Edit};
use baton_protocol::form::{EditorSummary, FormSnapshot, Role};
use baton_protocol::id::Ticket;

use super::displayed::Source;
use super::open_form::OpenForm;
use crate::core::context::Context;
use crate::core::{Effect, Window};

/// The ticket of a window that looks on while another one of the same desktop edits.
const LOOKS_ON: Ticket = Ticket(u64::MAX);

impl OpenForm {
    /// The windows are shown what is to be seen now, before they hear anything else of the form.
    pub(super) fn show_again(&mut self) {
        self.shown.is_due = true;
    }

    /// Shows the snapshot if it is due, to each window what it may do with it.
    pub(super) fn show(&mut self, cx: &mut Context) {
        if std::mem::take(&mut self.shown.is_due) {
            self.shown.progress = None;
            self.forget_late();
            self.show_in(cx, |_| true);
        }
    }

    /// Shows it to the windows that only look on while another one edits.
    pub(super) fn show_to_others(&self, cx: &mut Context) {
        let writer = self.windows.writer;
        self.show_in(cx, |window| Some(window) != writer);
    }

    fn show_in(&self, cx: &mut Context, wanted: impl Fn(Window) -> bool) {
        let Some(displayed) = &self.displayed else {
            return;
        };
        for window in self.windows.openings.keys().filter(|window| wanted(**window)) {
            let Some(view) = self.view_in(*window).map(Box::new) else {
                return;
            };
            let update = match displayed.source {
                Source::Cache { at } => FormUpdate::Cached { at, view },
                Source::Server { .. } => FormUpdate::Opened(view),
            };
            self.emit_to(cx, *window, update);
        }
    }

    /// Tells every window that has the form open.
    pub(super) fn update(&mut self, cx: &mut Context, update: &FormUpdate) {
        self.show(cx);
        for window in self.windows.openings.keys() {
            self.emit_to(cx, *window, update.clone());
        }
        if matches!(update, FormUpdate::Notice(_)) {
            // What a notice says of who edits is not what these windows see.
            self.show_to_others(cx);
        }
    }

    fn emit_to(&self, cx: &mut Context, window: Window, update: FormUpdate) {
        let event = UiEvent::Form {
            form: self.key,
            seen: self.windows.openings.get(&window).map_or(0, |opening| opening.seen),
            generation: self.shown.generation,
            update,
        };
        cx.push(Effect::EmitTo(window, event));
    }

    /// Shows which texts the server did not accept, and why.
    pub(super) fn emit_pending_edits(&mut self, cx: &mut Context, why: &str) {
        self.shown.edits = !self.deferred.edits.is_empty();
        let texts = self.deferred.edits.texts().to_vec();
        let why = why.into();
        self.update(cx, &FormUpdate::PendingEdits { why, texts });
    }

    /// Says how much is not acknowledged, and whether it is on the disk, unless the windows know.
    pub(super) fn show_progress(&mut self, cx: &mut Context, kept: bool) {
        let progress = (self.unsent.steps().len(), kept);
        if self.shown.progress.replace(progress) != Some(progress) {
            let (steps, kept) = progress;
            self.update(cx, &FormUpdate::Unacknowledged { steps, kept });
        }
    }

    /// The snapshot as a window sees it: only one of them edits.
    fn view_in(&self, window: Window) -> Option<FormSnapshot> {
        let displayed = self.displayed.as_ref()?;
        let mut view = displayed.view.clone();
        if displayed.is_stale() && !view.can_edit() {
            // The server refused it, and the next snapshot is still to come: it stands beside the form by now.
            for text in self.deferred.edits.texts() {
                if *view.value(&text.field) == text.value {
                    view.take_out(&text.field, &text.base);
                }
            }
        }
        if self.windows.writer != Some(window)
            && view.role() == Role::Owner
            && let Some(me) = view.owner().cloned()
        {
            view.editors.push(EditorSummary { ticket: LOOKS_ON, ..me });
            view.me = Some(LOOKS_ON);
        }
        Some(view)
    }

    /// The form is shown without what was typed late: what is typed from now on is typed into that snapshot, and what
    /// crosses with it was typed into the one before.
    fn forget_late(&mut self) {
        if self.shown.late.is_empty() {
            return;
        }
        let mut before = self.view().cloned();
        for (field, value) in std::mem::take(&mut self.shown.late) {
            let edit = Edit::Set(value);
            if let Some(before) = &mut before {
                before.apply_own(&Change { field, edit });
            }
        }
        self.shown.replaced(before);
    }
}
