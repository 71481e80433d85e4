//! Who is let in: how many connections there may be in all, from one address, of one person, and how many that
//! nobody has signed in over. Nobody keeps others out: of those who have not signed in, the oldest of whoever has
//! most makes room.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use baton_protocol::id::UserId;
use tokio::sync::{Notify, watch};

use crate::lock::lock;

/// How many connections there may be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AdmissionLimits {
    /// In all.
    pub all: usize,
    /// That nobody has signed in over.
    pub anonymous: usize,
    /// From one address.
    pub per_address: usize,
    /// From one address, that nobody has signed in over.
    pub anonymous_per_address: usize,
    /// Of one person.
    pub per_person: usize,
}

/// Why somebody was not let in, or not served.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Refusal {
    /// There are too many connections.
    Full,
    /// There are too many from this address.
    Address,
    /// This person has too many.
    Person,
    /// It made room for a newer one before anybody signed in.
    Evicted,
    /// It took too long to say what it wants, to greet, or to sign in.
    Slow,
    /// Too many sign-ins wait, or too many failed before.
    SignIn,
}

impl Refusal {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Full,
        Self::Address,
        Self::Person,
        Self::Evicted,
        Self::Slow,
        Self::SignIn,
    ];

    /// The word in figures.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Address => "address",
            Self::Person => "person",
            Self::Evicted => "evicted",
            Self::Slow => "slow",
            Self::SignIn => "sign_in",
        }
    }
}

/// Everybody who is connected; cheap to clone.
#[derive(Clone, Debug)]
pub struct Admission(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    limits: AdmissionLimits,
    state: Mutex<State>,
    refused: [AtomicU64; Refusal::ALL.len()],
    left: Notify,
}

#[derive(Default, Debug)]
struct State {
    all: usize,
    next: u64,
    addresses: BTreeMap<IpAddr, Address>,
    people: BTreeMap<UserId, usize>,
    anonymous: usize,
}

#[derive(Default, Debug)]
struct Address {
    all: usize,
    /// Oldest first.
    anonymous: BTreeMap<u64, watch::Sender<bool>>,
}

/// Permission of one connection to stay; dropping it frees its room.
#[derive(Debug)]
pub struct Permit {
    admission: Admission,
    number: u64,
    counted: Mutex<Counted>,
    /// True when it has to make room.
    end: watch::Sender<bool>,
}

/// What a connection counts for.
#[derive(Clone, Copy, Debug)]
struct Counted {
    address: Option<IpAddr>,
    person: Option<UserId>,
}

impl Admission {
    /// Nobody is connected yet.
    #[must_use]
    pub fn new(limits: AdmissionLimits) -> Self {
        Self(Arc::new(Inner {
            limits,
            state: Mutex::default(),
            refused: Default::default(),
            left: Notify::new(),
        }))
    }

    /// Lets a connection in. Its address is `None` where a proxy stands before it: then it is told later.
    ///
    /// # Errors
    /// Why not.
    pub fn admit(&self, address: Option<IpAddr>) -> Result<Arc<Permit>, Refusal> {
        let mut state = lock(&self.0.state);
        if state.all >= self.0.limits.all && !self.evict(&mut state, None) {
            self.refused(Refusal::Full);
            return Err(Refusal::Full);
        }
        let end = watch::Sender::new(false);
        let number = state.next;
        state.next += 1;
        if let Some(address) = address {
            self.count_address(&mut state, address, number, end.clone())?;
        }
        state.all += 1;
        drop(state);
        Ok(Arc::new(Permit {
            admission: self.clone(),
            number,
            counted: Mutex::new(Counted { address, person: None }),
            end,
        }))
    }

    fn count_address(
        &self,
        state: &mut State,
        address: IpAddr,
        number: u64,
        end: watch::Sender<bool>,
    ) -> Result<(), Refusal> {
        let limits = &self.0.limits;
        let (all, anonymous) = state
            .addresses
            .get(&address)
            .map_or((0, 0), |known| (known.all, known.anonymous.len()));
        if all >= limits.per_address && anonymous == 0 {
            self.refused(Refusal::Address);
            return Err(Refusal::Address);
        }
        if all >= limits.per_address || anonymous >= limits.anonymous_per_address {
            self.evict(state, Some(address));
        }
        if state.anonymous >= limits.anonymous {
            self.evict(state, None);
        }
        state.anonymous += 1;
        let known = state.addresses.entry(address).or_default();
        known.all += 1;
        known.anonymous.insert(number, end);
        Ok(())
    }

    /// Ends the oldest connection that nobody has signed in over: of this address, or of the one that has most.
    fn evict(&self, state: &mut State, address: Option<IpAddr>) -> bool {
        let of = address.or_else(|| {
            let most = state.addresses.iter().max_by_key(|(_, known)| known.anonymous.len());
            most.map(|(address, _)| *address)
        });
        let Some(known) = of.and_then(|address| state.addresses.get_mut(&address)) else {
            return false;
        };
        let Some((_, end)) = known.anonymous.pop_first() else {
            return false;
        };
        state.anonymous -= 1;
        end.send_replace(true);
        self.refused(Refusal::Evicted);
        true
    }

    /// Counts a refusal.
    pub fn refused(&self, refusal: Refusal) {
        self.0.refused[refusal as usize].fetch_add(1, Ordering::Relaxed);
    }

    /// How many refusals of this kind there were since the start.
    #[must_use]
    pub fn refusals(&self, refusal: Refusal) -> u64 {
        self.0.refused[refusal as usize].load(Ordering::Relaxed)
    }

    /// Says once a minute who was refused. Runs for ever.
    pub(crate) async fn log_refusals(&self) {
        let mut minutes = tokio::time::interval(Duration::from_secs(60));
        let mut before = Refusal::ALL.map(|_| 0);
        loop {
            minutes.tick().await;
            let now = Refusal::ALL.map(|refusal| self.refusals(refusal));
            let counts = Refusal::ALL.into_iter().zip(now.into_iter().zip(before));
            let new = counts.map(|(refusal, (now, before))| (refusal, now - before));
            let refused: BTreeMap<Refusal, u64> = new.filter(|(_, count)| *count > 0).collect();
            before = now;
            if !refused.is_empty() {
                tracing::warn!(
                    ?refused,
                    connections = self.count(),
                    "some were not let in in the last minute"
                );
            }
        }
    }

    /// How many connections there are.
    #[must_use]
    pub fn count(&self) -> usize {
        lock(&self.0.state).all
    }

    /// Waits until nobody is connected.
    pub async fn empty(&self) {
        loop {
            let left = self.0.left.notified();
            if self.count() == 0 {
                return;
            }
            left.await;
        }
    }
}

impl Permit {
    /// Where the connection really comes from, as a trusted proxy says.
    ///
    /// # Errors
    /// There are too many from there.
    pub fn comes_from(&self, address: IpAddr) -> Result<(), Refusal> {
        let mut counted = lock(&self.counted);
        if counted.address.is_some() {
            return Ok(());
        }
        let end = self.end.clone();
        self.admission
            .count_address(&mut lock(&self.admission.0.state), address, self.number, end)?;
        counted.address = Some(address);
        Ok(())
    }

    /// Where it comes from, as far as it is known.
    #[must_use]
    pub fn address(&self) -> Option<IpAddr> {
        lock(&self.counted).address
    }

    /// Somebody signed in over it.
    ///
    /// # Errors
    /// They have too many connections.
    pub fn signed_in(&self, person: UserId) -> Result<(), Refusal> {
        let mut counted = lock(&self.counted);
        if counted.person == Some(person) {
            return Ok(());
        }
        let mut state = lock(&self.admission.0.state);
        let of_person = state.people.get(&person).copied().unwrap_or(0);
        if of_person >= self.admission.0.limits.per_person {
            self.admission.refused(Refusal::Person);
            return Err(Refusal::Person);
        }
        state.uncount(&mut counted, self.number);
        *state.people.entry(person).or_default() += 1;
        counted.person = Some(person);
        Ok(())
    }

    /// Counts a refusal of it.
    pub fn refused(&self, refusal: Refusal) {
        self.admission.refused(refusal);
    }

    /// Waits until it has to make room.
    pub async fn evicted(&self) {
        // The sender is the permit's own: it does not go before it.
        self.end.subscribe().wait_for(|end| *end).await.ok();
    }
}

impl State {
    /// Stops counting a connection as anonymous, or as this person's.
    fn uncount(&mut self, counted: &mut Counted, number: u64) {
        if let Some(person) = counted.person.take() {
            if let Some(count) = self.people.get_mut(&person) {
                *count -= 1;
                if *count == 0 {
                    self.people.remove(&person);
                }
            }
        } else if let Some(address) = counted.address
            && let Some(known) = self.addresses.get_mut(&address)
            && known.anonymous.remove(&number).is_some()
        {
            self.anonymous -= 1;
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut state = lock(&self.admission.0.state);
        let mut counted = lock(&self.counted);
        state.uncount(&mut counted, self.number);
        if let Some(address) = counted.address
            && let Some(known) = state.addresses.get_mut(&address)
        {
            known.all -= 1;
            if known.all == 0 {
                state.addresses.remove(&address);
            }
        }
        state.all -= 1;
        drop(state);
        self.admission.0.left.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn admission() -> Admission {
        Admission::new(AdmissionLimits {
            all: 6,
            anonymous: 4,
            per_address: 5,
            anonymous_per_address: 3,
            per_person: 2,
        })
    }

    fn address(last: u8) -> Option<IpAddr> {
        Some(IpAddr::from([10, 0, 0, last]))
    }

    fn is_evicted(permit: &Permit) -> bool {
        *permit.end.borrow()
    }

    #[test]
    fn a_flood_from_one_address_makes_room_for_another() {
        let admission = admission();
        let flood: Vec<_> = (0..4).map(|_| admission.admit(address(1)).expect("let in")).collect();
        assert!(is_evicted(&flood[0]), "the oldest made room");
        let honest = admission.admit(address(2)).expect("let in");
        let _more: Vec<_> = (0..2).map(|_| admission.admit(address(1)).ok()).collect();
        assert!(!is_evicted(&honest));
        honest.signed_in(UserId(Uuid::nil())).expect("signs in");
    }

    #[test]
    fn who_signed_in_is_never_made_to_leave_and_has_a_limit() {
        let admission = admission();
        let person = UserId(Uuid::nil());
        let permits: Vec<_> = (0..2).map(|_| admission.admit(address(1)).expect("let in")).collect();
        for permit in &permits {
            permit.signed_in(person).expect("signs in");
        }
        let third = admission.admit(address(1)).expect("let in");
        assert_eq!(third.signed_in(person), Err(Refusal::Person));
        drop(permits);
        third.signed_in(person).expect("there is room again");
    }

    #[test]
    fn what_leaves_makes_room() {
        let admission = admission();
        for _ in 0..20 {
            let permit = admission.admit(address(1)).expect("let in");
            permit.signed_in(UserId(Uuid::nil())).expect("signs in");
        }
        assert_eq!(admission.count(), 0);
        let state = lock(&admission.0.state);
        assert!(state.addresses.is_empty() && state.people.is_empty() && state.anonymous == 0);
    }

    #[test]
    fn a_full_server_says_so() {
        let admission = admission();
        let mut all = Vec::new();
        for number in 0..6 {
            let permit = admission.admit(address(number)).expect("let in");
            permit
                .signed_in(UserId(Uuid::from_u128(number.into())))
                .expect("signs in");
            all.push(permit);
        }
        assert_eq!(admission.admit(address(9)).err(), Some(Refusal::Full));
        assert_eq!(admission.refusals(Refusal::Full), 1);
    }
}
