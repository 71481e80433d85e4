//! The time, as the machines of the engine see it.

use baton_protocol::time::Timestamp;

use super::Now;

/// The time, as the engine and as the computer have it.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Clock {
    /// Since the engine started, never going back.
    pub(super) now: Now,
    /// What the computer's clock would have said when the engine started.
    started: Timestamp,
}

impl Clock {
    /// The computer's clock says this now. It goes on while the computer sleeps, and `now` does not.
    pub(super) fn set_wall_clock(&mut self, now: Now, wall: Timestamp) {
        self.started = wall - now;
    }

    /// What the computer's clock says, as far as it is known.
    pub(super) fn wall(self) -> Timestamp {
        self.started + self.now
    }

    /// When the computer's clock says this.
    pub(super) fn when(self, wall: Timestamp) -> Now {
        wall.since(self.started)
    }
}
