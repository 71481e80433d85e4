//! The server's clock: wall time at the start, and from then on only forward.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use baton_protocol::time::Timestamp;

/// Tells the time; cheap to copy.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    start: Instant,
    start_ms: i64,
}

impl Clock {
    /// A clock that begins now.
    #[must_use]
    pub fn start() -> Self {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self {
            start: Instant::now(),
            start_ms: i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX),
        }
    }

    /// The present time; a step of the system's clock does not show in it.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        Timestamp(self.start_ms) + self.start.elapsed()
    }
}
