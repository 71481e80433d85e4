//! Forms without the server: what this computer remembers of them is shown at once, and worked on while the server
//! cannot be reached (semantics 5.2, 5.3).

use std::sync::Arc;

use baton_locales::t;
use baton_protocol::desktop::FormUpdate;
use baton_protocol::draft::{Change, Edit};
use baton_protocol::form::{EditorSummary, FormSnapshot};
use baton_protocol::id::{EntityId, FormKey, FormKind, Ticket};
use baton_protocol::message::{Code, Problem};
use baton_protocol::rights::Right;

use super::displayed::{Displayed, Source};
use super::open_form::{Access, OpenForm};
use super::steps::Step;
use crate::core::Effect;
use crate::core::cache::{CachedRow, LoadedForm};
use crate::core::context::Context;

/// Whether the person may edit a form: the same rights as the server's (semantics 3.10).
fn may_edit(cx: &Context, form: FormKey, entity: Option<EntityId>) -> bool {
    let entity = match form.kind {
        FormKind::Record => entity,
        FormKind::Entity => Some(EntityId(form.id)),
    };
    entity.is_some_and(|entity| cx.rights().may(Right::to_edit(form, entity)))
}

impl OpenForm {
    /// Asks the disk for what is remembered.
    pub(super) fn load(&self, cx: &mut Context) {
        let (form, entity) = (self.key, self.entity);
        cx.push(Effect::LoadForm { form, entity });
    }

    /// Whether somebody looks at it and sees nothing yet.
    pub(super) fn is_loading(&self) -> bool {
        self.displayed.is_none() && self.windows.is_open()
    }

    /// What is remembered came from the disk. It is shown until the server's own snapshot is here; without the server
    /// it can be worked on.
    pub(super) fn loaded(&mut self, cx: &mut Context, loaded: LoadedForm) {
        if !self.is_loading() {
            return;
        }
        let (form, offline) = (self.key, cx.offline());
        let known = loaded.seen.as_ref().map(|seen| seen.view.entity.id);
        let listed = loaded.listed.as_ref().map(|listed| listed.entity.id);
        let defined = loaded.entity.as_ref().map(|entity| entity.id);
        let edits = may_edit(cx, form, self.entity().or(known).or(listed).or(defined));
        let LoadedForm { seen, entity, listed } = loaded;
        let (at, mut view) = match (seen, listed.map(|listed| *listed), entity) {
            (Some(seen), ..) => (Some(seen.at), seen.view),
            (None, Some(CachedRow { at, row, entity }), _) if offline => {
                (Some(at), FormSnapshot::from_row(Arc::new(entity), &row))
            }
            (None, None, Some(entity)) if edits && offline => (None, FormSnapshot::blank(form, entity)),
            (None, ..) => {
                if offline {
                    let text = t::engine::this_was_never_opened();
                    self.update(cx, &FormUpdate::Refused(Problem::new(Code::Offline, text)));
                }
                return;
            }
        };
        view.forget_others();
        if form.kind == FormKind::Record {
            view.read_only = cx.rights().permission(view.entity.id).read_only_names(&view.entity);
        }
        self.displayed = Some(Displayed::new(view, Source::Cache { at }));
        if offline {
            self.work_locally(cx);
        }
        self.show_again();
        self.emit_kept_edits(cx);
    }

    /// The server cannot be reached: what is remembered is all there is.
    pub(super) fn went_offline(&mut self, cx: &mut Context) {
        if self.is_uncached() {
            self.cache(cx);
        }
        if self.is_local() {
            self.work_locally(cx);
        } else if self.is_loading() {
            self.load(cx);
        }
    }

    /// The server's snapshot is this computer's own from now on.
    pub(super) fn take_over_picture(&mut self, cx: &mut Context) {
        let at = Some(cx.clock.wall());
        let Some(displayed) = &mut self.displayed else {
            return;
        };
        if !displayed.is_local() {
            displayed.view.forget_others();
            displayed.source = Source::Cache { at };
        }
        self.work_locally(cx);
    }

    /// The viewer becomes the only editor of this computer's own snapshot.
    fn work_locally(&mut self, cx: &mut Context) {
        let may = self.access == Access::Edit && may_edit(cx, self.key, self.entity());
        let me = cx.account().filter(|_| may).map(|account| account.person.clone());
        let Some(Displayed { view, .. }) = &mut self.displayed else {
            return;
        };
        if let Some(person) = me
            && view.me.is_none()
        {
            view.me = Some(Ticket(0));
            view.editors = vec![EditorSummary {
                ticket: Ticket(0),
                person,
                field: None,
                reserved_ms: None,
            }];
            if self.deferred.discard.is_some() {
                view.discard_own_draft();
            }
            // What was typed before is what its author goes on from.
            for text in self.deferred.edits.take() {
                let field = view.field(&text.field);
                let edit = field.and_then(|field| Edit::between(&field, &text.base, &text.value));
                let (Some(edit), true) = (edit, text.auto_merge && !self.unsent.holds(&text.field)) else {
                    self.deferred.edits.add(text);
                    continue;
                };
                // What is remembered may have it already, or be older than what its author began with.
                let change = |edit| Change {
                    field: text.field.clone(),
                    edit,
                };
                view.apply_own(&change(Edit::Set(text.base.clone())));
                let change = change(edit);
                self.unsent.resume(view, text, change);
            }
            if std::mem::take(&mut self.deferred.save) {
                self.unsent.push(view, Step::Save);
            }
        }
        self.show_again();
    }

    /// Shows what the server did not accept of what was typed before.
    pub(super) fn emit_kept_edits(&mut self, cx: &mut Context) {
        if !self.deferred.edits.is_empty() {
            self.emit_pending_edits(cx, t::engine::what_you_typed_before());
        }
    }
}
