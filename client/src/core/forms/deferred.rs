//! What goes to the server at the viewer's turn, or when it is reached.

use baton_protocol::deletion::DeletionKind;
use baton_protocol::draft::Draft;
use baton_protocol::id::Version;

use super::steps::Unsent;
use crate::core::pending::{PendingDiscard, PendingEdits};

/// What goes to the server at the viewer's turn, or when it is reached.
#[derive(Default, Debug)]
pub(super) struct Deferred {
    /// Text that the server did not accept, kept for its author.
    pub(super) edits: PendingEdits,
    /// Whether the form is to be saved when what was typed without the server is on it.
    pub(super) save: bool,
    /// A draft that was discarded without the server.
    pub(super) discard: Option<DiscardLater>,
    /// How the record is to go out of its list, if nobody saved it after this version.
    pub(super) remove: Option<(DeletionKind, Version)>,
    /// Whether none of it can go into the form as things are: the record is gone, or the viewer may not edit any more.
    pub(super) blocked: bool,
}

impl Deferred {
    /// The draft that is to be discarded as soon as the server is reached.
    pub(super) fn discards(&self) -> Option<PendingDiscard> {
        self.discard.as_ref()?.pending
    }

    /// Whether there is something that goes without its author's doing.
    pub(super) fn is_due(&self) -> bool {
        let waits = self.edits.auto_merge() || self.save || self.discards().is_some();
        (waits && !self.blocked) || self.remove.is_some()
    }

    /// Whether its author has to decide.
    pub(super) fn needs_decision(&self) -> bool {
        self.blocked || self.edits.texts().iter().any(|text| !text.auto_merge)
    }
}

/// A discard that waits for the server, and what brings back what it took.
#[derive(Debug)]
pub(super) struct DiscardLater {
    /// None if there was nothing but what the server never had.
    pub(super) pending: Option<PendingDiscard>,
    /// None after a restart: then only the server's draft comes back.
    pub(super) undo: Option<Undo>,
}

#[derive(Debug)]
pub(super) struct Undo {
    /// What waited to be discarded before.
    pub(super) earlier: Option<PendingDiscard>,
    pub(super) draft: Draft,
    pub(super) unsent: Unsent,
}

impl DiscardLater {
    /// What was to be discarded when the program ended.
    pub(super) fn restored(pending: PendingDiscard) -> Self {
        Self {
            pending: Some(pending),
            undo: None,
        }
    }
}
