//! The server's clock: wall time at the start, and from then on only forward.

use std::time::{SystemTime, UNIX_EPOCH};

use baton_protocol::time::Timestamp;
use tokio::time::Instant;

/// Tells the time; cheap to copy.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    start: Instant,
    start_time: Timestamp,
}

impl Clock {
    /// A clock that begins now.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that asks the machine; a history begins with `at`"
    )]
    pub fn start() -> Self {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self::at(Timestamp(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX)))
    }

    /// A clock that says this now.
    #[must_use]
    pub fn at(start_time: Timestamp) -> Self {
        Self {
            start: Instant::now(),
            start_time,
        }
    }

    /// The present time; a step of the system's clock does not show in it.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.start_time + self.start.elapsed()
    }
}
