//! One open form: what the viewer sees, what of it the server does not have, and what follows whenever that changes.

use baton_protocol::form::{FormCommand, FormSnapshot};
use baton_protocol::id::{EntityId, FormKey, OpId, UserId, Version};
use baton_protocol::message::ToServer;

use super::deferred::Deferred;
use super::displayed::{Displayed, Source, Standing};
use super::steps::{Step, Unsent};
use super::windows::{Shown, Windows};
use crate::core::context::Context;
use crate::core::outbox::Outbox;
use crate::core::pending::PendingForm;
use crate::core::{CacheWrite, Effect, Pending};

/// A form that the UI has open, or that still has something to send.
#[derive(Debug)]
pub(super) struct OpenForm {
    pub(super) key: FormKey,
    pub(super) entity: Option<EntityId>,
    pub(super) access: Access,
    pub(super) join: Join,
    /// What the viewer sees. None until it was joined or came from the disk.
    pub(super) displayed: Option<Displayed>,
    pub(super) unsent: Unsent,
    pub(super) deferred: Deferred,
    /// The version that the viewer's last save made; its notice may still be on its way.
    pub(super) saved: Version,
    pub(super) windows: Windows,
    pub(super) shown: Shown,
}

/// How the viewer has a form open.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Access {
    /// With a place in the queue.
    Edit,
    /// Without one: it was opened by a link.
    ReadOnly,
}

/// How far joining the form is, over the present connection.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) enum Join {
    #[default]
    NotAsked,
    /// Until the answer comes, what is shown may be an old snapshot.
    Asked,
    /// Joined or refused: the server is not asked again.
    Answered,
}

impl Join {
    /// The answer came. One to a form that was left meanwhile is no place in it.
    pub(super) fn answered(&mut self) {
        if *self == Self::Asked {
            *self = Self::Answered;
        }
    }
}

impl OpenForm {
    pub(super) fn new(key: FormKey, entity: Option<EntityId>) -> Self {
        Self {
            key,
            entity,
            access: Access::Edit,
            join: Join::NotAsked,
            displayed: None,
            unsent: Unsent::default(),
            deferred: Deferred::default(),
            saved: Version::default(),
            windows: Windows::default(),
            shown: Shown::default(),
        }
    }

    pub(super) fn view(&self) -> Option<&FormSnapshot> {
        self.displayed.as_ref().map(|displayed| &displayed.view)
    }

    /// Whether the viewer sees what this computer has, and not the server's snapshot.
    pub(super) fn is_local(&self) -> bool {
        self.displayed.as_ref().is_some_and(Displayed::is_local)
    }

    /// Whether the viewer sees a snapshot that is known to be wrong.
    pub(super) fn is_stale(&self) -> bool {
        self.displayed.as_ref().is_some_and(Displayed::is_stale)
    }

    /// What the viewer sees is known to be wrong from now on.
    pub(super) fn make_stale(&mut self) {
        if let Some(displayed) = &mut self.displayed {
            displayed.standing = Standing::Stale;
        }
    }

    /// Its entity, as far as it is known.
    pub(super) fn entity(&self) -> Option<EntityId> {
        self.view().map(|view| view.entity.id).or(self.entity)
    }

    /// Whether somebody looks at it, or it has something that can be sent.
    pub(super) fn in_use(&self) -> bool {
        self.windows.is_open() || !self.unsent.is_empty() || self.deferred.is_due()
    }

    /// The viewer can no longer write: what was not accepted becomes theirs to keep, and goes into the
    /// form by itself later if `auto_merge`. Whether there was anything.
    pub(super) fn defer_unsent(&mut self, auto_merge: bool) -> bool {
        let unsent = std::mem::take(&mut self.unsent);
        let replaces = unsent.replaces();
        let auto_merge = auto_merge && !replaces;
        let mut any = false;
        if let Some(view) = self.displayed.as_ref().map(|displayed| &displayed.view) {
            for text in unsent.texts(view, auto_merge) {
                // Nothing is left of what its author discarded.
                if replaces && !view.draft.fields.contains_key(&text.field) {
                    continue;
                }
                self.deferred.edits.add(text);
                any = true;
            }
        }
        self.deferred.save |= auto_merge && unsent.steps().contains(&Step::Save);
        any
    }

    /// What the server does not have of it, if anything. `before` is what the disk has.
    fn pending_form(&self, before: Option<&PendingForm>) -> Option<PendingForm> {
        let Deferred {
            edits, save, remove, ..
        } = &self.deferred;
        let discard = self.deferred.discards();
        let waits = *save || remove.is_some() || discard.is_some();
        if self.unsent.is_empty() && edits.is_empty() && !waits {
            return None;
        }
        let mut texts = edits.texts().to_vec();
        let mut title = before.map(|pending| pending.title.clone()).unwrap_or_default();
        let mut new = before.is_some_and(|pending| pending.new);
        if let Some(view) = self.view() {
            texts.extend(self.unsent.texts(view, !self.unsent.replaces()));
            title = view.title().to_owned();
            new = view.version.0 == 0;
        }
        let save = *save || self.unsent.steps().contains(&Step::Save);
        (!texts.is_empty() || save || waits).then_some(PendingForm {
            form: self.key,
            entity: self.entity,
            title,
            new,
            texts,
            save,
            discard,
            remove: *remove,
            comments: Vec::new(),
        })
    }

    /// What follows from whatever happened to the form: it is shown, the next operation is sent, and the disk and the
    /// windows know what is not at the server yet.
    pub(super) fn settle(&mut self, cx: &mut Context, outbox: &mut Outbox) {
        self.drop_needless_save(cx.me());
        self.show(cx);
        self.send_next(cx);
        if self.shown.edits && self.deferred.edits.is_empty() {
            self.emit_pending_edits(cx, "");
        }
        let pending = self.pending_form(outbox.pending(self.key));
        let effects = outbox.persist(self.key, pending, self.deferred.needs_decision());
        cx.effects.extend(effects);
        if self.displayed.is_some() {
            // What only the server can do is nowhere else.
            let kept = outbox.is_stored(self.key).unwrap_or(self.unsent.is_empty());
            self.show_progress(cx, kept);
        }
    }

    /// Sends the next operation, if none is under way; sends one again that a lost connection took.
    fn send_next(&mut self, cx: &mut Context) {
        let editable = self.displayed.as_ref().is_some_and(Displayed::can_edit);
        if !cx.ready() || self.join != Join::Answered || !editable || self.unsent.operation().is_sent() {
            return;
        }
        let (op, count) = match self.unsent.operation().under_way() {
            Some(under_way) => under_way,
            None => match self.unsent.next_count() {
                0 => return,
                count => (cx.new_op(), count),
            },
        };
        if let Some(command) = self.command(op, count) {
            self.unsent.send(op, count);
            let form = self.key;
            cx.request(ToServer::Form { form, command }, Pending::Form(form, op));
        }
    }

    /// The command that the first steps are, as one operation.
    fn command(&self, op: OpId, count: usize) -> Option<FormCommand> {
        let Displayed { view, rev, .. } = self.displayed.as_ref()?;
        let (fence, rev) = (view.fence, Some(*rev));
        Some(match self.unsent.steps().front()? {
            Step::Save => FormCommand::Save {
                fence,
                op,
                version: view.version.max(self.saved),
            },
            Step::Discard => FormCommand::DiscardDraft { fence, op, rev },
            Step::RestoreDraft => FormCommand::RestoreDraft { fence, op, rev },
            Step::HandOver(to) => FormCommand::HandOver { fence, to: *to },
            Step::Change(_) => FormCommand::Change {
                fence,
                op,
                rev,
                changes: self.unsent.changes(count),
            },
        })
    }

    /// Gives up a save that waits for its author's turn if nothing of theirs is unsaved any more: somebody else
    /// saved or discarded it, or the save arrived and only its answer did not.
    fn drop_needless_save(&mut self, me: Option<UserId>) {
        let Some(displayed) = self.displayed.as_ref().filter(|_| self.deferred.save) else {
            return;
        };
        let current = !displayed.is_stale() && !displayed.is_local() && self.join != Join::Asked;
        let view = &displayed.view;
        let unsaved = me.is_some_and(|me| view.has_unsaved_by(me));
        let nothing_waits = self.deferred.edits.is_empty() && self.unsent.is_empty();
        if current && nothing_waits && view.gone.is_none() && !unsaved {
            self.deferred.save = false;
        }
    }

    /// Caches what the server's snapshot is now.
    pub(super) fn cache(&mut self, cx: &mut Context) {
        if let Some(displayed) = &mut self.displayed
            && let Source::Server { uncached } = &mut displayed.source
            && (displayed.view.version.0 > 0 || displayed.view.unsaved())
        {
            *uncached = false;
            let write = CacheWrite::Form(Box::new(displayed.view.clone()));
            cx.push(Effect::Cache(write));
        }
    }

    /// Whether the server's snapshot changed since it was cached.
    pub(super) fn is_uncached(&self) -> bool {
        let source = self.displayed.as_ref().map(|displayed| displayed.source);
        source == Some(Source::Server { uncached: true })
    }

    /// Says whether the server's snapshot is to be cached again.
    pub(super) fn set_uncached(&mut self, now: bool) {
        if let Some(Displayed {
            source: Source::Server { uncached },
            ..
        }) = &mut self.displayed
        {
            *uncached = now;
        }
    }
}
