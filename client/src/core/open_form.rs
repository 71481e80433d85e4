//! One open form: what the viewer sees, and the steps that are not acknowledged.

use std::collections::{BTreeMap, VecDeque};

use baton_protocol::codec;
use baton_protocol::deletion::DeletionKind;
use baton_protocol::draft::{Change, Edit, MAX_CHANGES};
use baton_protocol::field::Value;
use baton_protocol::form::{EditorSummary, FormCommand, FormSnapshot, Role};
use baton_protocol::id::{EntityId, FormKey, OpId, Rev, Ticket, UserId, Version};
use baton_protocol::message::{MAX_MESSAGE_BYTES, ToServer};
use baton_protocol::time::Timestamp;

use super::Window;
use super::discard::{DiscardLater, PendingDiscard};
use super::operation::Operation;
use super::pending::{PendingEdits, PendingForm};
use super::steps::{Step, Unacknowledged};

/// A form that the UI has open, or that still has something to send.
#[derive(Debug)]
pub(super) struct OpenForm {
    pub(super) entity: Option<EntityId>,
    /// Whether it was opened read-only: it has no place in the queue, and asks for none.
    pub(super) read_only: bool,
    /// The draft's number at the server, as far as it is known here.
    pub(super) rev: Rev,
    /// The version that the viewer's last save made; its notice may still be on its way.
    pub(super) saved: Version,
    /// What the viewer sees, own unacknowledged changes included. None until it was joined.
    pub(super) view: Option<FormSnapshot>,
    /// Which whole picture that is; grows when another one takes its place.
    pub(super) picture: u64,
    /// The picture before it: what was typed into it may still be on its way from the UI.
    pub(super) previous: Option<FormSnapshot>,
    /// Not acknowledged, in order; the first may be under way.
    pub(super) steps: VecDeque<Step>,
    pub(super) operation: Operation,
    pub(super) join: Join,
    /// Whether the picture is known to be wrong: it holds text that was refused, or lacks what others
    /// did. What is typed into it is the author's own.
    pub(super) stale: bool,
    /// What the fields of the steps said at the server before them.
    pub(super) unacknowledged: Unacknowledged,
    pub(super) source: Source,
    /// Whether it is to be saved when what was typed without the server is on it.
    pub(super) save_later: bool,
    /// A draft that was discarded without the server.
    pub(super) discard_later: Option<DiscardLater>,
    /// How the record is to go out of its list, if nobody saved it after this version.
    pub(super) remove_later: Option<(DeletionKind, Version)>,
    /// Whether what is kept cannot go into the form as things are: the record is gone, or the viewer may
    /// not edit any more.
    pub(super) blocked: bool,
    /// Whether the picture changed since it was remembered.
    pub(super) uncached: bool,
    /// Text that the server never accepted, kept for its author.
    pub(super) pending_edits: PendingEdits,
    /// Whether the windows were told of some of it.
    pub(super) edits_shown: bool,
    /// The windows that have it open; none: it closes as soon as everything is sent.
    pub(super) windows: BTreeMap<Window, Opening>,
    /// Which of them edits, if this desktop does: two would overwrite each other (semantics 3.5).
    pub(super) writer: Option<Window>,
    /// What the viewer typed into each field since they lost the form, before their window knew it.
    pub(super) late: BTreeMap<String, Value>,
    /// The field that the viewer is in.
    pub(super) field: Option<String>,
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

/// Whose snapshot the viewer sees.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) enum Source {
    /// The server's, as far as it was told.
    #[default]
    Server,
    /// This computer's own, because the server could not be reached; and when it was last the server's.
    Cache { at: Option<Timestamp> },
}

/// A form in one window.
#[derive(Default, Debug)]
pub(super) struct Opening {
    /// How many places in the window have it open.
    places: usize,
    /// The window's last change that was taken. Each opening counts its changes from 1.
    pub(super) seen: u64,
}

/// The ticket of a window that looks on while another one of the same desktop edits.
const LOOKS_ON: Ticket = Ticket(u64::MAX);

/// An operation that was sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Sent(pub(super) OpId);

impl OpenForm {
    pub(super) fn new(entity: Option<EntityId>) -> Self {
        Self {
            entity,
            read_only: false,
            rev: Rev::default(),
            saved: Version::default(),
            view: None,
            picture: 0,
            previous: None,
            steps: VecDeque::new(),
            operation: Operation::None,
            join: Join::NotAsked,
            stale: false,
            unacknowledged: Unacknowledged::default(),
            source: Source::Server,
            save_later: false,
            discard_later: None,
            remove_later: None,
            blocked: false,
            uncached: false,
            pending_edits: PendingEdits::default(),
            edits_shown: false,
            windows: BTreeMap::new(),
            writer: None,
            late: BTreeMap::new(),
            field: None,
        }
    }

    /// Whether somebody looks at it, or it has something that can be sent.
    pub(super) fn in_use(&self) -> bool {
        let waits = self.pending_edits.auto_merge() || self.save_later || self.discards().is_some();
        self.is_open() || !self.steps.is_empty() || (waits && !self.blocked) || self.remove_later.is_some()
    }

    pub(super) fn is_open(&self) -> bool {
        !self.windows.is_empty()
    }

    pub(super) fn opened_in(&mut self, window: Window) {
        let opening = self.windows.entry(window).or_default();
        opening.places += 1;
        opening.seen = 0;
        self.writer.get_or_insert(window);
    }

    pub(super) fn closed_in(&mut self, window: Window, wholly: bool) {
        if let Some(opening) = self.windows.get_mut(&window) {
            opening.places -= 1;
            if wholly || opening.places == 0 {
                self.windows.remove(&window);
            }
        }
        if self.writer.is_some_and(|writer| !self.windows.contains_key(&writer)) {
            self.writer = self.windows.keys().next().copied();
        }
    }

    /// The picture as a window sees it: only one of them edits.
    pub(super) fn view_in(&self, window: Window) -> Option<FormSnapshot> {
        let mut view = self.view.clone()?;
        if self.stale && !view.can_edit() {
            // The server refused it, and the next picture is still to come: it stands beside the form by now.
            for text in self.pending_edits.texts() {
                if *view.value(&text.field) == text.value {
                    view.take_out(&text.field, &text.base);
                }
            }
        }
        if self.writer != Some(window)
            && view.role() == Role::Owner
            && let Some(me) = view.owner().cloned()
        {
            view.editors.push(EditorSummary { ticket: LOOKS_ON, ..me });
            view.me = Some(LOOKS_ON);
        }
        Some(view)
    }

    /// What the server does not have of it, if anything.
    pub(super) fn pending_form(&self, form: FormKey, before: Option<&PendingForm>) -> Option<PendingForm> {
        let nothing = self.steps.is_empty() && self.pending_edits.is_empty();
        let discard = self.discards();
        if nothing && self.remove_later.is_none() && !self.save_later && discard.is_none() {
            return None;
        }
        let mut texts = self.pending_edits.texts().to_vec();
        let mut title = before.map(|held| held.title.clone()).unwrap_or_default();
        let mut new = before.is_some_and(|held| held.new);
        if let Some(view) = &self.view {
            let auto_merge = !self.replaces();
            texts.extend(self.unacknowledged.texts(view, auto_merge));
            title = view.title().to_owned();
            new = view.version.0 == 0;
        }
        let save = self.save_later || self.steps.contains(&Step::Save);
        let nothing = texts.is_empty() && !save && discard.is_none() && self.remove_later.is_none();
        (!nothing).then_some(PendingForm {
            form,
            entity: self.entity,
            title,
            new,
            texts,
            save,
            discard,
            remove: self.remove_later,
        })
    }

    /// The draft that is to be discarded as soon as the server is reached.
    pub(super) fn discards(&self) -> Option<PendingDiscard> {
        self.discard_later.as_ref()?.pending
    }

    /// Takes the operation's steps away if it is the one under way; whether it was.
    pub(super) fn finish(&mut self, op: OpId) -> bool {
        match self.operation.under_way() {
            Some((under_way, count)) if under_way == op => {
                self.steps.drain(..count);
                self.unacknowledged.arrived(&self.steps);
                self.operation = Operation::None;
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
    pub(super) fn continues(&self, view: &FormSnapshot) -> bool {
        let untouched = self.view.as_ref().is_none_or(|seen| {
            (seen.me == view.me && seen.fence == view.fence) || (seen.rev == view.rev && seen.version == view.version)
        });
        view.can_edit() && untouched && !self.stale && !self.is_local()
    }

    /// The form is shown without what was typed late: what is typed from now on is typed into that picture, and what
    /// crosses with it was typed into the one before.
    pub(super) fn forget_late(&mut self) {
        if self.late.is_empty() {
            return;
        }
        let mut before = self.view.clone();
        for (field, value) in std::mem::take(&mut self.late) {
            let edit = Edit::Set(value);
            if let Some(before) = &mut before {
                before.apply_own(&Change { field, edit });
            }
        }
        self.replaced(before);
    }

    /// Another whole picture took the place of this one.
    pub(super) fn replaced(&mut self, before: Option<FormSnapshot>) {
        self.picture += 1;
        self.previous = before;
    }

    /// The operation of the first `count` steps is under way.
    pub(super) fn send(&mut self, op: OpId, steps: usize) {
        if self.operation == Operation::None {
            self.unacknowledged.send(self.steps.iter().take(steps));
        }
        self.operation = Operation::Sent { op, steps };
    }

    /// Whether the viewer sees what this computer has, and not the server's snapshot.
    pub(super) fn is_local(&self) -> bool {
        self.source != Source::Server
    }

    /// Whether the whole draft was discarded or brought back by a step that is not acknowledged. What was
    /// typed after it was typed into another text than the server's.
    fn replaces(&self) -> bool {
        let replaces = |step: &Step| matches!(step, Step::Discard | Step::RestoreDraft);
        self.steps.iter().any(replaces)
    }

    /// The viewer can no longer write: what was not accepted becomes theirs to keep, and goes into the
    /// form by itself later if `auto_merge`. Whether there was anything.
    pub(super) fn move_to_pending(&mut self, auto_merge: bool) -> bool {
        let mut any = false;
        let (auto_merge, replaces) = (auto_merge && !self.replaces(), self.replaces());
        if let Some(view) = &self.view {
            for text in self.unacknowledged.texts(view, auto_merge) {
                // Nothing is left of what its author discarded.
                if replaces && !view.draft.fields.contains_key(&text.field) {
                    continue;
                }
                self.pending_edits.add(text);
                any = true;
            }
        }
        self.save_later |= auto_merge && self.steps.contains(&Step::Save);
        self.steps.clear();
        self.unacknowledged.clear();
        self.operation = Operation::None;
        any
    }

    /// Gives up a save that waits for its author's turn if nothing of theirs is unsaved any more: somebody else
    /// saved or discarded it, or the save arrived and only its answer did not.
    pub(super) fn drop_needless_save(&mut self, me: Option<UserId>) {
        let current = !self.stale && !self.is_local() && self.join != Join::Asked;
        let Some(view) = self.view.as_ref().filter(|_| current && self.save_later) else {
            return;
        };
        let unsaved = me.is_some_and(|me| view.has_unsaved_by(me));
        let needless = self.pending_edits.is_empty() && self.steps.is_empty() && view.gone.is_none() && !unsaved;
        self.save_later &= !needless;
    }

    /// Its entity, as far as it is known.
    pub(super) fn entity(&self) -> Option<EntityId> {
        self.view.as_ref().map(|view| view.entity.id).or(self.entity)
    }

    /// How many steps the next operation takes: all changes up to the first other step, or that step.
    /// What is too much for one message waits for the next.
    pub(super) fn next_count(&self) -> usize {
        let mut bytes = 0;
        let changes = self
            .steps
            .iter()
            .take(MAX_CHANGES)
            .take_while(|step| match step {
                Step::Change(change) => {
                    bytes += codec::encode(change).len();
                    bytes <= MAX_MESSAGE_BYTES / 2
                }
                Step::Save | Step::Discard | Step::RestoreDraft | Step::HandOver(_) => false,
            })
            .count();
        changes.max(usize::from(!self.steps.is_empty()))
    }

    pub(super) fn body(&self, form: FormKey, op: OpId, count: usize) -> Option<ToServer> {
        let view = self.view.as_ref()?;
        let (fence, rev) = (view.fence, Some(self.rev));
        let command = match self.steps.front()? {
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
                changes: self
                    .steps
                    .iter()
                    .take(count)
                    .filter_map(|step| match step {
                        Step::Change(change) => Some(change.clone()),
                        Step::Save | Step::Discard | Step::RestoreDraft | Step::HandOver(_) => None,
                    })
                    .collect(),
            },
        };
        Some(ToServer::Form { form, command })
    }
}
