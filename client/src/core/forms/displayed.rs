//! What the viewer sees of a form.

use baton_protocol::form::FormSnapshot;
use baton_protocol::id::Rev;
use baton_protocol::time::Timestamp;

/// What the viewer sees, own unacknowledged changes included.
#[derive(Debug)]
pub(super) struct Displayed {
    pub(super) view: FormSnapshot,
    pub(super) source: Source,
    /// The draft's number at the server, as far as it is known here.
    pub(super) rev: Rev,
    pub(super) standing: Standing,
}

impl Displayed {
    pub(super) fn new(view: FormSnapshot, source: Source) -> Self {
        Self {
            rev: view.rev,
            view,
            source,
            standing: Standing::Good,
        }
    }

    pub(super) fn is_stale(&self) -> bool {
        self.standing == Standing::Stale
    }

    /// Whether it is what this computer has, and not the server's.
    pub(super) fn is_local(&self) -> bool {
        matches!(self.source, Source::Cache { .. })
    }

    /// Whether the viewer may type into it.
    pub(super) fn can_edit(&self) -> bool {
        self.view.can_edit() && !self.is_stale()
    }
}

/// Whose snapshot the viewer sees.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Source {
    /// The server's, as far as it was told; and whether it changed since it was cached.
    Server { uncached: bool },
    /// This computer's own, because the server could not be reached; and when it was last the server's.
    Cache { at: Option<Timestamp> },
}

/// Whether a snapshot is to be believed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Standing {
    Good,
    /// It holds text that was refused, or lacks what others did: what is typed into it is the author's own.
    Stale,
}
