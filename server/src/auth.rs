//! Passwords and session tokens.

mod failures;

use std::collections::{BTreeMap, VecDeque};
use std::net::IpAddr;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::Context as _;
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use baton_locales::say;
use baton_protocol::id::SignInId;
use baton_protocol::message::{Code, Problem};
use rand::RngExt as _;
use sha2::{Digest as _, Sha256};
use tokio::sync::oneshot;
use uuid::Uuid;

use crate::lock::lock;

use failures::{Failures, PAUSE};

/// How many checks from one address may wait; each takes a core for some 20 ms.
const MAX_WAITING_PER_ACCOUNT: usize = 8;
/// How many may wait in all.
const MAX_WAITING: usize = 512;
/// So much of an account's name is remembered; nobody has a longer one.
const ACCOUNT_CHARS: usize = 320;

/// One password to check.
#[derive(Debug)]
struct Check {
    password: String,
    hash: String,
    right: oneshot::Sender<bool>,
}

/// What a password, or a code, was.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// The right one.
    Right,
    /// A wrong one; and how long the account waits from now on, if it is one too many.
    Wrong(Option<Duration>),
}

impl Verdict {
    /// Whether it was the right one.
    #[must_use]
    pub fn is_right(self) -> bool {
        self == Self::Right
    }
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
    /// Those of codes, which are counted by themselves: the right password does not forgive wrong codes, and no address
    /// that somebody makes up is one of these.
    codes: Mutex<Failures>,
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
            codes: Mutex::default(),
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

    /// Whether the password is the one that was hashed; never without a hash, as slowly.
    ///
    /// # Errors
    /// [`Code::Busy`] if too many are waiting, or too many failed before.
    pub async fn check(
        &self,
        origin: Origin,
        account: &str,
        password: String,
        hash: Option<String>,
    ) -> Result<Verdict, Problem> {
        let account = short(account);
        let known = hash.is_some();
        let pause = ensure_no_wait(&lock(&self.shared.failures), origin, &account)?;
        tokio::time::sleep(pause).await;
        let (right, answer) = oneshot::channel();
        let check = Check {
            password,
            hash: hash.unwrap_or_else(|| self.nobody.clone()),
            right,
        };
        if !lock(&self.shared.queue).push(origin, account.clone(), check) {
            return Err(Problem::new(Code::Busy, say::server::many_people_are_signing()));
        }
        self.shared.more.notify_one();
        let right = answer.await.unwrap_or(false) && known;
        Ok(note(&mut lock(&self.shared.failures), origin, &account, right))
    }

    /// Takes note of whether a code of the second factor is the right one: few may be tried.
    ///
    /// # Errors
    /// [`Code::Busy`] if too many failed before.
    pub fn check_code<T>(
        &self,
        origin: Origin,
        account: &str,
        accept: impl FnOnce() -> Option<T>,
    ) -> Result<Result<T, Verdict>, Problem> {
        let account = short(account);
        ensure_no_wait(&lock(&self.shared.codes), origin, &account)?;
        let accepted = accept();
        let verdict = note(&mut lock(&self.shared.codes), origin, &account, accepted.is_some());
        Ok(accepted.ok_or(verdict))
    }

    /// The account has another password, which an admin gave: it waits no longer.
    pub fn forgive(&self, account: &str) {
        let account = short(account);
        lock(&self.shared.codes).forget(&account);
        lock(&self.shared.failures).forget(&account);
    }
}

fn note(failures: &mut Failures, origin: Origin, account: &str, right: bool) -> Verdict {
    let pauses = failures.note(origin, account, right);
    if right {
        Verdict::Right
    } else {
        Verdict::Wrong(pauses.then_some(PAUSE))
    }
}

/// How much later a try is looked at; an error if it is not looked at now.
fn ensure_no_wait(failures: &Failures, origin: Origin, account: &str) -> Result<Duration, Problem> {
    let Some(wait) = failures.wait(origin, account) else {
        return Ok(failures.pause(origin, account));
    };
    let seconds = wait.as_secs() + 1;
    let why = if seconds > 90 {
        say::server::too_many_sign_ins_minutes(seconds.div_ceil(60))
    } else {
        say::server::too_many_sign_ins_seconds(seconds)
    };
    Err(Problem::new(Code::Busy, why))
}

/// An account's name as failures know it.
fn short(account: &str) -> String {
    account.trim().to_lowercase().chars().take(ACCOUNT_CHARS).collect()
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
        assert_eq!(check("correct horse", Some(&hash)).await, Ok(Verdict::Right));
        assert_eq!(check("wrong", Some(&hash)).await, Ok(Verdict::Wrong(None)));
        assert_eq!(check("correct horse", None).await, Ok(Verdict::Wrong(None)));
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
