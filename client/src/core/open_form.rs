//! One open form: what the viewer sees, and the steps that are not acknowledged.

use std::collections::VecDeque;

use baton_protocol::codec;
use baton_protocol::draft::Change;
use baton_protocol::id::{EntityId, FormKey, OpId, Rev, Ticket, Version};
use baton_protocol::message::{MAX_MESSAGE_BYTES, ToServer};
use baton_protocol::view::FormView;

use super::branch::Branch;

/// A form that the UI has open, or that still has something to send.
#[derive(Debug)]
pub(super) struct OpenForm {
    pub(super) entity: Option<EntityId>,
    /// The draft's number at the server, as far as it is known here.
    pub(super) rev: Rev,
    /// The version that the viewer's last save made; its notice may still be on its way.
    pub(super) saved: Version,
    /// What the viewer sees, own unacknowledged changes included. None until it was joined.
    pub(super) view: Option<FormView>,
    /// Not acknowledged, in order; the first may be under way.
    pub(super) steps: VecDeque<Step>,
    /// The operation that is under way, made of the first `usize` steps.
    pub(super) under_way: Option<(OpId, usize)>,
    /// Whether the operation under way was sent over the present connection.
    pub(super) sent: bool,
    /// Whether the answer to a join is on its way: until then the picture may be an old one.
    pub(super) joining: bool,
    /// Whether the picture is known to be wrong: it holds text that was refused, or lacks what others
    /// did. What is typed into it is the author's own.
    pub(super) stale: bool,
    /// The UI's last change that was taken.
    pub(super) seen: u64,
    /// Text that the server never accepted, kept for its author.
    pub(super) branch: Branch,
    /// How many places in the UI have it open; none: it closes as soon as everything is sent.
    pub(super) open: usize,
    /// The field that the viewer is in.
    pub(super) field: Option<String>,
}

/// One thing that the viewer did.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Step {
    Change(Change),
    Save,
    Discard,
    Undiscard,
    HandOver(Ticket),
}

impl Step {
    /// Shows what it will do, as soon as the viewer did it: what they type next is typed on top of it.
    pub(super) fn show(&self, view: &mut FormView) {
        match self {
            Self::Change(change) => view.apply_own(change),
            Self::Discard => view.discard_own(),
            Self::Undiscard => view.undiscard_own(),
            // Only the server knows what comes of these.
            Self::Save | Self::HandOver(_) => {}
        }
    }
}

/// An operation that was sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Sent(pub(super) OpId);

impl OpenForm {
    pub(super) fn new(entity: Option<EntityId>) -> Self {
        Self {
            entity,
            rev: Rev::default(),
            saved: Version::default(),
            view: None,
            steps: VecDeque::new(),
            under_way: None,
            sent: false,
            joining: false,
            stale: false,
            seen: 0,
            branch: Branch::default(),
            open: 0,
            field: None,
        }
    }

    /// Whether somebody looks at it, or it has something to send.
    pub(super) fn in_use(&self) -> bool {
        self.open > 0 || !self.steps.is_empty()
    }

    /// Takes the operation's steps away if it is the one under way; whether it was.
    pub(super) fn finish(&mut self, op: OpId) -> bool {
        match self.under_way {
            Some((under_way, count)) if under_way == op => {
                self.steps.drain(..count);
                self.under_way = None;
                self.sent = false;
                true
            }
            Some(_) | None => false,
        }
    }

    /// Shows the viewer's unacknowledged steps on top of what the server knows.
    pub(super) fn reapply(&mut self) {
        if let Some(view) = &mut self.view {
            for step in &self.steps {
                step.show(view);
            }
        }
    }

    /// Whether the unacknowledged steps were made for this picture: the viewer kept its place, or got
    /// the place back before anybody changed anything (semantics 5.4).
    pub(super) fn continues(&self, view: &FormView) -> bool {
        let untouched = self.view.as_ref().is_none_or(|seen| {
            (seen.me == view.me && seen.fence == view.fence) || (seen.rev == view.rev && seen.version == view.version)
        });
        view.can_edit() && untouched && !self.stale
    }

    /// The viewer can no longer write: what was not accepted becomes theirs to keep. Whether there
    /// was anything.
    pub(super) fn keep_branch(&mut self) -> bool {
        if let Some(view) = &self.view {
            for step in &self.steps {
                if let Step::Change(change) = step {
                    let value = view.value(&change.field);
                    // Nothing is left of what its author discarded.
                    if view.draft.fields.contains_key(&change.field) {
                        self.branch.keep(&change.field, value.clone());
                    }
                }
            }
        }
        let any = self.steps.iter().any(|step| matches!(step, Step::Change(_)));
        self.steps.clear();
        self.under_way = None;
        self.sent = false;
        any
    }

    /// How many steps the next operation takes: all changes up to the first other step, or that step.
    /// What is too much for one message waits for the next.
    pub(super) fn next_count(&self) -> usize {
        let mut bytes = 0;
        let changes = self
            .steps
            .iter()
            .take_while(|step| match step {
                Step::Change(change) => {
                    bytes += codec::encode(change).len();
                    bytes <= MAX_MESSAGE_BYTES / 2
                }
                Step::Save | Step::Discard | Step::Undiscard | Step::HandOver(_) => false,
            })
            .count();
        changes.max(usize::from(!self.steps.is_empty()))
    }

    pub(super) fn body(&self, form: FormKey, op: OpId, count: usize) -> Option<ToServer> {
        let view = self.view.as_ref()?;
        let (fence, rev) = (view.fence, Some(self.rev));
        Some(match self.steps.front()? {
            Step::Save => ToServer::Save {
                form,
                fence,
                op,
                version: view.version.max(self.saved),
            },
            Step::Discard => ToServer::Discard { form, fence, op, rev },
            Step::Undiscard => ToServer::Undiscard { form, fence, op, rev },
            Step::HandOver(to) => ToServer::HandOver { form, fence, to: *to },
            Step::Change(_) => ToServer::Change {
                form,
                fence,
                op,
                rev,
                changes: self
                    .steps
                    .iter()
                    .take(count)
                    .filter_map(|step| match step {
                        Step::Change(change) => Some(change.clone()),
                        Step::Save | Step::Discard | Step::Undiscard | Step::HandOver(_) => None,
                    })
                    .collect(),
            },
        })
    }
}
