//! A draft that is discarded without the server: at once in this computer's own snapshot, at the server as soon as
//! it is reached, if nobody changed the draft meanwhile (semantics 5.5).

use baton_locales::t;
use baton_protocol::desktop::UiEvent;
use baton_protocol::draft::{Change, Edit};

use super::deferred::{DiscardLater, Undo};
use super::displayed::Displayed;
use super::merge::others_in;
use super::open_form::OpenForm;
use super::steps::Step;
use crate::core::context::Context;
use crate::core::pending::PendingDiscard;
use crate::language::joined;

impl OpenForm {
    /// Discards the draft as this computer has it, and the server's when it is reached.
    pub(super) fn discard_later(&mut self) {
        let Some(Displayed { view, rev, .. }) = &mut self.displayed else {
            return;
        };
        let before = view.clone();
        for (field, base) in self.unsent.bases() {
            view.apply_own(&Change {
                field: field.clone(),
                edit: Edit::Set(base.clone()),
            });
        }
        let under_way = self.unsent.operation().under_way().map(|(op, _)| op);
        let at_server = view.unsaved() || under_way.is_some();
        // A discard that waits already is still of the draft that was seen then.
        let earlier = self.deferred.discard.take().and_then(|discard| discard.pending);
        let pending = earlier.or_else(|| {
            at_server.then_some(PendingDiscard {
                // A form that was not joined since the start has only its snapshot's.
                rev: (*rev).max(view.rev),
                op: under_way,
            })
        });
        view.discard_own_draft();
        view.discarded = Some(before.draft.clone());
        self.deferred.discard = Some(DiscardLater {
            pending,
            undo: Some(Undo {
                earlier,
                draft: before.draft.clone(),
                unsent: std::mem::take(&mut self.unsent),
            }),
        });
        self.shown.replaced(Some(before));
        self.show_again();
    }

    /// Brings back what was discarded without the server.
    pub(super) fn undo_discard(&mut self) {
        let displayed = self.displayed.as_mut();
        let Some(Displayed { view, .. }) = displayed.filter(|displayed| displayed.view.discarded.is_some()) else {
            return;
        };
        let before = view.clone();
        match self.deferred.discard.take().and_then(|discard| discard.undo) {
            Some(undo) => {
                self.deferred.discard = undo.earlier.map(DiscardLater::restored);
                view.draft = undo.draft;
                view.discarded = None;
                self.unsent = undo.unsent;
            }
            None => view.restore_own_draft(),
        }
        self.shown.replaced(Some(before));
        self.show_again();
    }

    /// The viewer may edit the server's snapshot: the draft that was discarded before goes now, under what was typed
    /// since. One that was changed meanwhile stays.
    pub(super) fn discard_now(&mut self, cx: &mut Context) {
        let Some(Displayed { view, .. }) = &mut self.displayed else {
            return;
        };
        let Some(pending) = self.deferred.discard.take().and_then(|discard| discard.pending) else {
            return;
        };
        if !view.unsaved() {
            return;
        }
        if pending.is_of(view) {
            return self.unsent.push_first(view, Step::Discard);
        }
        let who = others_in(view, cx.me());
        let text = if who.is_empty() {
            t::engine::not_discarded_changed_after(view.title())
        } else {
            t::engine::not_discarded_changes_of(view.title(), joined(&who))
        };
        cx.emit(UiEvent::Toast(text));
    }
}
