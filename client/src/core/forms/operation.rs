//! The operation of a form that is under way.

use baton_protocol::id::OpId;

/// The operation that is under way: the first steps, under one id.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) enum Operation {
    #[default]
    None,
    /// The connection that it was sent over is gone, and its answer with it: it is sent again with the same id (G8).
    Lost { op: OpId, steps: usize },
    /// Sent over the present connection.
    Sent { op: OpId, steps: usize },
}

impl Operation {
    /// Its id and how many steps it has.
    pub(super) fn under_way(self) -> Option<(OpId, usize)> {
        match self {
            Self::None => None,
            Self::Lost { op, steps } | Self::Sent { op, steps } => Some((op, steps)),
        }
    }

    /// Whether its answer is still to come over the present connection.
    pub(super) fn is_sent(self) -> bool {
        matches!(self, Self::Sent { .. })
    }

    /// It was sent over a connection that is gone.
    pub(super) fn lose(&mut self) {
        if let Self::Sent { op, steps } = *self {
            *self = Self::Lost { op, steps };
        }
    }
}
