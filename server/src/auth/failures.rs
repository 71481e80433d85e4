//! Sign-ins that failed, and how long the next one waits for it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use tokio::time::Instant;

use super::Origin;

/// How many failures are remembered, oldest forgotten first.
const REMEMBERED: usize = 10_000;
/// After so long without a failure, those before are forgotten.
const FORGIVEN: Duration = PAUSE;
/// After so many failures in a row, wherever they come from, an account waits.
const MAX_FAILURES: u32 = 10;
/// For so long.
pub(super) const PAUSE: Duration = Duration::from_secs(15 * 60);

/// Failed sign-ins. Each delays the next one at the same account, longer each time; and slows down whoever signs in
/// from the same address for the first time, but refuses none of them: a whole office may have one address.
#[derive(Default, Debug)]
pub(super) struct Failures {
    by: BTreeMap<Key, (u32, Instant)>,
    order: VecDeque<Key>,
    /// Which accounts signed in from which address: failures of others do not delay them.
    known_good: BTreeSet<(Origin, String)>,
    /// In the order in which they did so first.
    known_order: VecDeque<(Origin, String)>,
}

/// Whose failures are counted together.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Key {
    /// Somebody at this address tries this account.
    Pair(Origin, String),
    /// Somebody at this address tries some account.
    Address(Origin),
    /// Somebody anywhere tries this account: it waits, but not where its owner has signed in before.
    Account(String),
}

impl Key {
    /// How long the next try waits after so many failures.
    fn delay(&self, failures: u32) -> Duration {
        let (free, longest) = match self {
            Self::Pair(..) => (5, 60),
            Self::Address(_) => (30, 2),
            Self::Account(_) => {
                let pauses = failures >= MAX_FAILURES;
                return if pauses { PAUSE } else { Duration::ZERO };
            }
        };
        match failures.checked_sub(free) {
            None => Duration::ZERO,
            Some(over) => Duration::from_secs(1 << over.min(6)).min(Duration::from_secs(longest)),
        }
    }
}

impl Failures {
    /// After how long the account may be tried again from there; none: now.
    pub(super) fn wait(&self, origin: Origin, account: &str) -> Option<Duration> {
        let mine = Key::Pair(origin, account.to_owned());
        let others = (!self.is_known_good(origin, account)).then(|| Key::Account(account.to_owned()));
        let waits = std::iter::once(mine).chain(others).filter_map(|key| self.left(&key));
        waits.max().filter(|wait| !wait.is_zero())
    }

    /// How much later a password is looked at that comes from there.
    pub(super) fn pause(&self, origin: Origin, account: &str) -> Duration {
        if self.is_known_good(origin, account) {
            return Duration::ZERO;
        }
        self.left(&Key::Address(origin)).unwrap_or_default()
    }

    fn is_known_good(&self, origin: Origin, account: &str) -> bool {
        self.known_good.contains(&(origin, account.to_owned()))
    }

    /// How long failures of this kind delay a try that comes now.
    fn left(&self, key: &Key) -> Option<Duration> {
        let (failures, last) = self.by.get(key)?;
        (*last + key.delay(*failures)).checked_duration_since(Instant::now())
    }

    /// Notes what came of a try; whether the account waits from now on.
    pub(super) fn note(&mut self, origin: Origin, account: &str, right: bool) -> bool {
        let now = Instant::now();
        if right {
            for key in [Key::Pair(origin, account.to_owned()), Key::Account(account.to_owned())] {
                if self.by.remove(&key).is_some() {
                    self.order.retain(|known| *known != key);
                }
            }
            let known = (origin, account.to_owned());
            if self.known_good.insert(known.clone()) {
                self.known_order.push_back(known);
            }
            if self.known_order.len() > REMEMBERED
                && let Some(oldest) = self.known_order.pop_front()
            {
                self.known_good.remove(&oldest);
            }
            return false;
        }
        let account = account.to_owned();
        let of_account = Key::Account(account.clone());
        for key in [
            Key::Pair(origin, account.clone()),
            Key::Address(origin),
            of_account.clone(),
        ] {
            if !self.by.contains_key(&key) {
                self.order.push_back(key.clone());
            }
            let (failures, last) = self.by.entry(key).or_insert((0, now));
            if now.duration_since(*last) > FORGIVEN {
                *failures = 0;
            }
            *failures = failures.saturating_add(1);
            *last = now;
        }
        self.make_room();
        self.by
            .get(&of_account)
            .is_some_and(|(failures, _)| *failures == MAX_FAILURES)
    }

    /// Forgets the oldest, but not what somebody waits for: who tries many names must not end that.
    fn make_room(&mut self) {
        let mut spared = 0;
        while self.order.len() > REMEMBERED {
            let Some(oldest) = self.order.pop_front() else { return };
            if spared < REMEMBERED && self.left(&oldest).is_some_and(|left| !left.is_zero()) {
                spared += 1;
                self.order.push_back(oldest);
            } else {
                self.by.remove(&oldest);
            }
        }
    }

    /// The account has another password: what was tried before is no matter any more.
    pub(super) fn forget(&mut self, account: &str) {
        self.by.retain(|key, _| match key {
            Key::Pair(_, of) | Key::Account(of) => of != account,
            Key::Address(_) => true,
        });
        let known = &self.by;
        self.order.retain(|key| known.contains_key(key));
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn who_fails_again_and_again_waits_longer_and_longer_and_nobody_else_does() {
        let mut failures = Failures::default();
        let (bad, good) = (Some(IpAddr::from([10, 0, 0, 1])), Some(IpAddr::from([10, 0, 0, 2])));
        for _ in 0..5 {
            assert_eq!(failures.wait(bad, "anna"), None);
            failures.note(bad, "anna", false);
        }
        let first = failures.wait(bad, "anna").expect("it waits");
        failures.note(bad, "anna", false);
        let second = failures.wait(bad, "anna").expect("it waits");
        assert!(second > first, "{first:?} {second:?}");
        assert_eq!(failures.wait(good, "anna"), None, "from elsewhere");
        assert_eq!(failures.wait(bad, "ben"), None, "another account");
        tokio::time::advance(Duration::from_secs(61)).await;
        assert_eq!(failures.wait(bad, "anna"), None);
        for _ in 0..200 {
            failures.note(bad, "anna", false);
        }
        let most = failures.wait(good, "anna").expect("it waits");
        assert!(most <= PAUSE, "and not for ever: {most:?}");
        failures.note(good, "anna", true);
        failures.note(bad, "anna", false);
        assert_eq!(failures.wait(good, "anna"), None, "where she has signed in before");
        for number in 0..2 * REMEMBERED {
            failures.note(bad, &number.to_string(), false);
        }
        assert!(failures.by.len() <= REMEMBERED, "what is remembered has a bound");
    }

    #[tokio::test(start_paused = true)]
    async fn who_tries_many_accounts_is_slowed_down_and_a_colleague_at_the_same_address_gets_in() {
        let mut failures = Failures::default();
        let office = Some(IpAddr::from([10, 0, 0, 1]));
        failures.note(office, "anna", true);
        for number in 0..100 {
            failures.note(office, &format!("somebody{number}"), false);
        }
        let pause = failures.pause(office, "ben");
        assert!(
            pause > Duration::ZERO && pause <= Duration::from_secs(2),
            "an account is tried from there for the first time: {pause:?}"
        );
        assert_eq!(failures.wait(office, "ben"), None, "and not refused");
        assert_eq!(failures.pause(office, "anna"), Duration::ZERO, "she was here before");
        let elsewhere = Some(IpAddr::from([10, 0, 0, 2]));
        assert_eq!(failures.pause(elsewhere, "ben"), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn after_ten_failures_in_a_row_an_account_waits_a_quarter_of_an_hour() {
        let mut failures = Failures::default();
        let from = |last| Some(IpAddr::from([10, 0, 0, last]));
        failures.note(from(1), "anna", true);
        let pauses: Vec<bool> = (2..12).map(|last| failures.note(from(last), "anna", false)).collect();
        assert_eq!(pauses.iter().filter(|pauses| **pauses).count(), 1, "it is told once");
        assert_eq!(pauses.last(), Some(&true));
        let wait = failures.wait(from(99), "anna").expect("it waits");
        assert!(wait > PAUSE - Duration::from_secs(1), "{wait:?}");
        assert_eq!(failures.wait(from(1), "anna"), None, "her own computer is let in");
        assert_eq!(failures.wait(from(99), "ben"), None, "and everybody else");
        tokio::time::advance(PAUSE + Duration::from_secs(1)).await;
        assert_eq!(failures.wait(from(99), "anna"), None, "not for ever");
        assert!(!failures.note(from(99), "anna", false), "and it begins anew");
        assert_eq!(failures.wait(from(98), "anna"), None);
        for last in 2..12 {
            failures.note(from(last), "anna", false);
        }
        for number in 0..2 * REMEMBERED {
            failures.note(from(50), &number.to_string(), false);
        }
        assert!(failures.wait(from(99), "anna").is_some(), "no flood of names ends it");
        failures.forget("anna");
        assert_eq!(failures.wait(from(99), "anna"), None, "an admin gave a new password");
        for last in 2..11 {
            failures.note(from(last), "anna", false);
        }
        failures.note(from(1), "anna", true);
        assert!(!failures.note(from(2), "anna", false), "only ten in a row");
    }
}
