//! Passwords and session tokens.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::IpAddr;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::Context as _;
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use baton_protocol::id::SignInId;
use baton_protocol::message::{Code, Problem};
use rand::RngExt as _;
use sha2::{Digest as _, Sha256};
use tokio::sync::oneshot;
use tokio::time::Instant;
use uuid::Uuid;

use crate::lock::lock;

/// How many checks from one address may wait; each takes a core for some 20 ms.
const MAX_WAITING_PER_ACCOUNT: usize = 8;
/// How many may wait in all.
const MAX_WAITING: usize = 512;
/// How many failures are remembered, oldest forgotten first.
const REMEMBERED: usize = 10_000;
/// So much of an account's name is remembered; nobody has a longer one.
const ACCOUNT_CHARS: usize = 320;
/// After so long without a failure, those before are forgotten.
const FORGIVEN: Duration = Duration::from_secs(15 * 60);

/// One password to check.
#[derive(Debug)]
struct Check {
    password: String,
    hash: String,
    right: oneshot::Sender<bool>,
}

/// Where a sign-in comes from; the same for all where that is not known.
type Origin = Option<IpAddr>;

/// Checks that wait: addresses in turns, of each address the accounts in turns, of each account in order. Many
/// guesses at one account are one turn among others, also where a whole office has one address.
///
/// Nothing here or in [`Failures`] knows whether there is such an account: who guesses must not learn it.
#[derive(Default, Debug)]
struct Queue {
    addresses: RoundRobin<Origin, RoundRobin<String, VecDeque<Check>>>,
    waiting: usize,
    closed: bool,
}

/// Queues by key, served in turn.
#[derive(Debug)]
struct RoundRobin<K, V> {
    of: BTreeMap<K, V>,
    next: VecDeque<K>,
}

impl<K, V> Default for RoundRobin<K, V> {
    fn default() -> Self {
        Self {
            of: BTreeMap::new(),
            next: VecDeque::new(),
        }
    }
}

impl<K: Ord + Clone, V: Default> RoundRobin<K, V> {
    /// Returns the queue of this key, which gets a turn if it had none.
    fn of(&mut self, whose: K) -> &mut V {
        if !self.of.contains_key(&whose) {
            self.next.push_back(whose.clone());
        }
        self.of.entry(whose).or_default()
    }

    /// Takes an item from the queue whose turn it is; `take` also says whether the queue keeps its turn.
    fn take<T>(&mut self, take: impl FnOnce(&mut V) -> (T, bool)) -> Option<T> {
        let whose = self.next.pop_front()?;
        let (taken, rest) = take(self.of.get_mut(&whose)?);
        if rest {
            self.next.push_back(whose);
        } else {
            self.of.remove(&whose);
        }
        Some(taken)
    }
}

impl Queue {
    fn push(&mut self, origin: Origin, account: String, check: Check) -> bool {
        if self.waiting >= MAX_WAITING {
            return false;
        }
        let of_one = self.addresses.of(origin).of(account);
        if of_one.len() >= MAX_WAITING_PER_ACCOUNT {
            return false;
        }
        of_one.push_back(check);
        self.waiting += 1;
        true
    }

    fn pop(&mut self) -> Option<Check> {
        let check = self.addresses.take(|accounts| {
            let check = accounts.take(|checks| (checks.pop_front(), !checks.is_empty()));
            (check.flatten(), !accounts.next.is_empty())
        });
        let check = check.flatten()?;
        self.waiting -= 1;
        Some(check)
    }
}

#[derive(Debug)]
struct Shared {
    queue: Mutex<Queue>,
    more: Condvar,
    failures: Mutex<Failures>,
}

/// Checks passwords, one after the other and behind other work: typing must not wait for a flood of sign-ins, and
/// nobody's sign-in for the flood of somebody else.
#[derive(Clone, Debug)]
pub struct Passwords {
    shared: Arc<Shared>,
    /// Checked when there is no such user, so that the answer takes as long.
    nobody: String,
    /// Ends the thread with the last handle.
    _end: Arc<End>,
}

#[derive(Debug)]
struct End(Arc<Shared>);

impl Drop for End {
    fn drop(&mut self) {
        lock(&self.0.queue).closed = true;
        self.0.more.notify_one();
    }
}

impl Passwords {
    /// Ready to check.
    ///
    /// # Errors
    /// If the system gives no random numbers or no thread.
    pub fn new() -> anyhow::Result<Self> {
        let shared = Arc::new(Shared {
            queue: Mutex::default(),
            more: Condvar::new(),
            failures: Mutex::default(),
        });
        thread::Builder::new()
            .name("passwords".into())
            .spawn({
                let shared = Arc::clone(&shared);
                move || check_all(&shared)
            })
            .context("no thread for checking passwords")?;
        Ok(Self {
            _end: Arc::new(End(Arc::clone(&shared))),
            shared,
            nobody: hash_password(&new_password())?,
        })
    }

    /// Whether the password is the one that was hashed; always false without a hash, as slowly.
    ///
    /// # Errors
    /// [`Code::Busy`] if too many are waiting, or too many failed before.
    pub async fn check(
        &self,
        origin: Origin,
        account: &str,
        password: String,
        hash: Option<String>,
    ) -> Result<bool, Problem> {
        let account: String = account.trim().to_lowercase().chars().take(ACCOUNT_CHARS).collect();
        let known = hash.is_some();
        let (wait, pause) = {
            let failures = lock(&self.shared.failures);
            (failures.wait(origin, &account), failures.pause(origin, &account))
        };
        if let Some(wait) = wait {
            let seconds = wait.as_secs() + 1;
            let why = format!("Too many sign-ins failed. Try again in {seconds} s.");
            return Err(Problem::new(Code::Busy, why));
        }
        tokio::time::sleep(pause).await;
        let (right, answer) = oneshot::channel();
        let check = Check {
            password,
            hash: hash.unwrap_or_else(|| self.nobody.clone()),
            right,
        };
        if !lock(&self.shared.queue).push(origin, account.clone(), check) {
            return Err(Problem::new(
                Code::Busy,
                "Many people are signing in at once. Try again in a moment.",
            ));
        }
        self.shared.more.notify_one();
        let right = answer.await.unwrap_or(false) && known;
        lock(&self.shared.failures).note(origin, &account, right);
        Ok(right)
    }
}

fn check_all(shared: &Shared) {
    give_way();
    let mut queue = lock(&shared.queue);
    loop {
        let Some(check) = queue.pop() else {
            if queue.closed {
                return;
            }
            queue = shared.more.wait(queue).unwrap_or_else(PoisonError::into_inner);
            continue;
        };
        drop(queue);
        // Whoever asked may be gone, and it is not worth the work then.
        if !check.right.is_closed() {
            let right = PasswordHash::new(&check.hash).is_ok_and(|hash| {
                Argon2::default()
                    .verify_password(check.password.as_bytes(), &hash)
                    .is_ok()
            });
            check.right.send(right).ok();
        }
        queue = lock(&shared.queue);
    }
}

/// Lets other threads go first, but never starves behind them: a sign-in is answered within seconds on a machine
/// that is busy. Only Linux knows that of a single thread.
fn give_way() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, 10) {
        tracing::warn!(%error, "checking passwords cannot give way to other work");
    }
}

/// Failed sign-ins. Each delays the next one at the same account, longer each time; and slows down whoever signs in
/// from the same address for the first time, but refuses none of them: a whole office may have one address.
#[derive(Default, Debug)]
struct Failures {
    by: BTreeMap<Key, (u32, Instant)>,
    order: VecDeque<Key>,
    /// Which accounts signed in from which address: failures of others do not delay them.
    known_good: BTreeSet<(Origin, String)>,
}

/// Whose failures are counted together.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Key {
    /// Somebody at this address tries this account.
    Pair(Origin, String),
    /// Somebody at this address tries some account.
    Address(Origin),
    /// Somebody anywhere tries this account: its owner must not be kept out for long.
    Account(String),
}

impl Key {
    /// How long the next try waits after so many failures.
    fn delay(&self, failures: u32) -> Duration {
        let (free, longest) = match self {
            Self::Pair(..) => (5, 60),
            Self::Address(_) => (30, 2),
            Self::Account(_) => (30, 5),
        };
        match failures.checked_sub(free) {
            None => Duration::ZERO,
            Some(over) => Duration::from_secs(1 << over.min(6)).min(Duration::from_secs(longest)),
        }
    }
}

impl Failures {
    /// After how long the account may be tried again from there; none: now.
    fn wait(&self, origin: Origin, account: &str) -> Option<Duration> {
        let mine = Key::Pair(origin, account.to_owned());
        let others = (!self.is_known_good(origin, account)).then(|| Key::Account(account.to_owned()));
        let waits = std::iter::once(mine).chain(others).filter_map(|key| self.left(&key));
        waits.max().filter(|wait| !wait.is_zero())
    }

    /// How much later a password is looked at that comes from there.
    fn pause(&self, origin: Origin, account: &str) -> Duration {
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

    fn note(&mut self, origin: Origin, account: &str, right: bool) {
        let now = Instant::now();
        if right {
            self.by.remove(&Key::Pair(origin, account.to_owned()));
            if self.known_good.len() >= REMEMBERED {
                self.known_good.pop_first();
            }
            self.known_good.insert((origin, account.to_owned()));
            return;
        }
        let account = account.to_owned();
        for key in [
            Key::Pair(origin, account.clone()),
            Key::Address(origin),
            Key::Account(account),
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
        while self.order.len() > REMEMBERED {
            if let Some(oldest) = self.order.pop_front() {
                self.by.remove(&oldest);
            }
        }
    }
}

/// Hashes a password with argon2id.
///
/// # Errors
/// If the system gives no random numbers.
pub fn hash_password(password: &str) -> anyhow::Result<String> {
    let hash = Argon2::default()
        .hash_password(password.as_bytes())
        .context("cannot hash a password")?;
    Ok(hash.to_string())
}

/// A password that can be read out: four groups of four, without letters that look alike.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "no history makes accounts or passwords")]
pub fn new_password() -> String {
    const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let mut rng = rand::rng();
    let groups: Vec<String> = (0..4)
        .map(|_| {
            (0..4)
                .map(|_| char::from(LETTERS[rng.random_range(0..LETTERS.len())]))
                .collect()
        })
        .collect();
    groups.join("-")
}

/// A session token: 256 random bits, as hexadecimal digits.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "in histories people sign in with tokens that are there"
)]
pub fn new_token() -> String {
    let bytes: [u8; 32] = rand::rng().random();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The id of a sign-in.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "in histories people sign in with tokens that are there"
)]
pub fn new_sign_in() -> SignInId {
    SignInId(Uuid::now_v7())
}

/// What is kept of a token.
#[must_use]
pub fn token_hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_of_a_known_user_passes() {
        let passwords = Passwords::new().expect("random numbers");
        let hash = hash_password("correct horse").expect("hashed");
        assert!(hash.starts_with("$argon2id$"));
        let check = async |password: &str, hash: Option<&String>| {
            let check = passwords.check(None, "a@example.test", password.into(), hash.cloned());
            check.await
        };
        assert_eq!(check("correct horse", Some(&hash)).await, Ok(true));
        assert_eq!(check("wrong", Some(&hash)).await, Ok(false));
        assert_eq!(check("correct horse", None).await, Ok(false));
    }

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
        let most = failures.wait(good, "anna").expect("it waits a little");
        assert!(
            most <= Duration::from_secs(5),
            "nobody is kept out by another for long: {most:?}"
        );
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

    #[test]
    fn addresses_and_accounts_take_turns() {
        let mut queue = Queue::default();
        let (flood, honest) = (Some(IpAddr::from([10, 0, 0, 1])), Some(IpAddr::from([10, 0, 0, 2])));
        let check = |password: &str| Check {
            password: password.into(),
            hash: String::new(),
            right: oneshot::channel().0,
        };
        let taken = (0..100)
            .filter(|_| queue.push(flood, "admin".into(), check("flood")))
            .count();
        assert_eq!(taken, MAX_WAITING_PER_ACCOUNT);
        assert!(queue.push(honest, "ben".into(), check("honest")));
        assert!(queue.push(flood, "anna".into(), check("neighbour")));
        let first: Vec<String> = (0..3).filter_map(|_| queue.pop()).map(|check| check.password).collect();
        assert_eq!(
            first,
            ["flood", "honest", "neighbour"],
            "each has a turn, who is many has one"
        );
        while queue.pop().is_some() {}
        assert_eq!((queue.waiting, queue.addresses.of.len()), (0, 0));
    }

    #[test]
    fn tokens_and_passwords_differ() {
        assert_ne!(new_token(), new_token());
        assert_ne!(new_password(), new_password());
        assert_eq!(new_token().len(), 64);
    }
}
