//! How much of the machine one session may take.

use std::time::Duration;

use tokio::time::Instant;

/// Half a core, and what the session left unused of the last second. Past it the session waits, and nobody else does.
#[derive(Debug)]
pub(super) struct WorkBudget {
    left: Duration,
    /// Up to when what it earned is counted.
    since: Instant,
}

impl WorkBudget {
    const CAPACITY: Duration = Duration::from_millis(500);
    /// The longest that a session waits at once: its line must not be taken for broken.
    const MAX_PAUSE: Duration = Duration::from_secs(1);

    pub(super) fn new(now: Instant) -> Self {
        Self {
            left: Self::CAPACITY,
            since: now,
        }
    }

    /// Takes off work that was done, and returns how long the session waits before it is heard again.
    pub(super) fn spend(&mut self, work: Duration, now: Instant) -> Duration {
        let earned = now.saturating_duration_since(std::mem::replace(&mut self.since, now)) / 2;
        self.left = (self.left + earned).min(Self::CAPACITY);
        if let Some(left) = self.left.checked_sub(work) {
            self.left = left;
            return Duration::ZERO;
        }
        let owed = work - std::mem::take(&mut self.left);
        let pause = (owed * 2).min(Self::MAX_PAUSE);
        // The pause pays what is owed, and earns nothing beside.
        self.since += pause;
        pause
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn a_session_that_works_all_the_time_gets_half_a_core() {
        let mut now = Instant::now();
        let began = now;
        let mut budget = WorkBudget::new(now);
        let mut worked = Duration::ZERO;
        for _ in 0..200 {
            now += ms(100);
            worked += ms(100);
            now += budget.spend(ms(100), now);
        }
        let share = worked.as_secs_f64() / now.duration_since(began).as_secs_f64();
        assert!((0.45..0.55).contains(&share), "{share}");
    }

    #[test]
    fn typing_never_waits_and_a_pause_saves_no_more_than_a_second() {
        let mut now = Instant::now();
        let mut budget = WorkBudget::new(now);
        for _ in 0..1000 {
            now += ms(10);
            assert_eq!(budget.spend(ms(4), now), Duration::ZERO);
        }
        now += ms(60_000);
        assert_eq!(budget.spend(ms(500), now), Duration::ZERO);
        assert_eq!(budget.spend(ms(500), now), ms(1000));
        assert_eq!(budget.spend(ms(30_000), now), WorkBudget::MAX_PAUSE);
    }
}
