//! How many were connected over the last hour.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use baton_protocol::live::Sample;

use crate::clock::Clock;
use crate::lock::lock;
use crate::sessions::Sessions;

/// How often it is counted.
const EVERY: Duration = Duration::from_secs(60);
/// How many counts are kept.
const MAX_SAMPLES: usize = 60;

/// The counts; cheap to clone.
#[derive(Clone, Default, Debug)]
pub struct Statistics(Arc<Mutex<VecDeque<Sample>>>);

impl Statistics {
    /// The last hour, oldest first.
    #[must_use]
    pub fn hour(&self) -> Vec<Sample> {
        lock(&self.0).iter().copied().collect()
    }

    fn push(&self, sample: Sample) {
        let mut samples = lock(&self.0);
        if samples.len() >= MAX_SAMPLES {
            samples.pop_front();
        }
        samples.push_back(sample);
    }
}

/// Counts for ever.
pub(crate) async fn run(statistics: Statistics, sessions: Sessions, clock: Clock) {
    let mut minutes = tokio::time::interval(EVERY);
    loop {
        minutes.tick().await;
        statistics.push(now(&sessions, clock));
    }
}

/// The present figures.
pub(crate) fn now(sessions: &Sessions, clock: Clock) -> Sample {
    let (connected, signed_in) = sessions.counts();
    Sample {
        at: clock.now(),
        connected,
        signed_in,
    }
}
