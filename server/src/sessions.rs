//! The sessions that are connected. A session that is resumed while its old connection still hangs
//! about ends that one first, so that no two connections ever speak for one session.

mod ends;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use baton_protocol::id::{SessionId, SignInId, UserId};
use baton_protocol::live::{ConnectionId, Page};
use baton_protocol::origin::Origin;
use baton_protocol::time::Timestamp;
use rand::RngExt as _;
use rand::rngs::StdRng;
use tokio::sync::{Semaphore, watch};
use uuid::Uuid;

pub use ends::SignInEnd;
use ends::{DisconnectedSessions, Ends};

/// Every connected session; cheap to clone.
#[derive(Clone, Default, Debug)]
pub struct Sessions {
    live: Arc<Mutex<BTreeMap<SessionId, Connection>>>,
    ends: Arc<Mutex<Ends>>,
    disconnected: Arc<Mutex<DisconnectedSessions>>,
    ids: Ids,
    /// How many connections there were.
    counted: Arc<AtomicU64>,
}

/// Makes the ids of new sessions.
#[derive(Clone, Default, Debug)]
pub enum Ids {
    /// Nobody can guess them.
    #[default]
    Random,
    /// From a seed, so that a history can be played again.
    Seeded(Arc<Mutex<StdRng>>),
}

/// Why a connection has to end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ended {
    /// The session goes on over another connection.
    Resumed,
    /// The sign-in ended.
    Revoked(SignInEnd),
}

#[derive(Debug, Clone)]
struct Connection {
    id: ConnectionId,
    end: watch::Sender<Option<Ended>>,
    /// Who is signed in, and by which of their sign-ins.
    user: Option<(UserId, SignInId)>,
    /// Where it comes from.
    origin: Arc<Origin>,
    /// Since when it is connected.
    since: Timestamp,
    /// What it says that it shows.
    page: Option<Page>,
    /// When its person did something last.
    active: Arc<AtomicI64>,
    /// Closed when the connection has let go of everything.
    ended: Arc<Semaphore>,
}

impl Connection {
    fn is_of(&self, user: UserId) -> bool {
        self.user.is_some_and(|(of, _)| of == user)
    }

    fn revoke(&self, why: SignInEnd) {
        self.end.send_replace(Some(Ended::Revoked(why)));
    }
}

/// A connection, as it is shown to admins.
#[derive(Clone, Debug)]
pub struct Connected {
    /// Its number.
    pub id: ConnectionId,
    /// Who is signed in, and by which of their sign-ins.
    pub user: Option<(UserId, SignInId)>,
    /// From where.
    pub origin: Arc<Origin>,
    /// Since when.
    pub since: Timestamp,
    /// What it shows.
    pub page: Option<Page>,
    /// When its person did something last.
    pub active: Timestamp,
}

impl Connected {
    fn of(connection: &Connection) -> Self {
        Self {
            id: connection.id,
            user: connection.user,
            origin: Arc::clone(&connection.origin),
            since: connection.since,
            page: connection.page,
            active: Timestamp(connection.active.load(Ordering::Relaxed)),
        }
    }
}

/// What is shown of all connections.
#[derive(Clone, Default, Debug)]
pub struct Overview {
    /// How many there are.
    pub connected: usize,
    /// Over how many of them somebody is signed in.
    pub signed_in: usize,
    /// How many different people those are.
    pub people: usize,
    /// How many show each page.
    pub pages: BTreeMap<Page, usize>,
    /// The newest, the newest first.
    pub newest: Vec<Connected>,
}

/// A person's connections, taken together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PersonPresence {
    /// When they did something last, over any of them.
    pub active: Timestamp,
    /// What they show.
    pub pages: BTreeSet<Page>,
}

impl Default for PersonPresence {
    fn default() -> Self {
        Self {
            active: Timestamp(i64::MIN),
            pages: BTreeSet::new(),
        }
    }
}

/// A connection's own entry; dropping it frees the session.
#[derive(Debug)]
pub struct Registration {
    /// The session.
    pub session: SessionId,
    end: watch::Receiver<Option<Ended>>,
    active: Arc<AtomicI64>,
    sessions: Sessions,
    ended: Arc<Semaphore>,
}

impl Registration {
    /// Its person does something.
    pub fn is_active(&self, now: Timestamp) {
        self.active.store(now.0, Ordering::Relaxed);
    }

    /// Waits until the connection has to end.
    pub fn ended(&self) -> impl Future<Output = Ended> + Send + use<> {
        let mut end = self.end.clone();
        async move {
            match end.wait_for(Option::is_some).await.map(|end| *end) {
                Ok(Some(ended)) => ended,
                // The registry is gone, and so is the server.
                Ok(None) | Err(_) => Ended::Resumed,
            }
        }
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        let mut live = self.sessions.live.lock().unwrap_or_else(PoisonError::into_inner);
        // Under one lock: whoever ends a sign-in finds the session in one of the two.
        if let Some(user) = live.remove(&self.session).and_then(|connection| connection.user) {
            let mut disconnected = self
                .sessions
                .disconnected
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            disconnected.note(self.session, user);
        }
        drop(live);
        self.ended.close();
    }
}

impl Sessions {
    /// Nobody is connected yet.
    #[must_use]
    pub fn new(ids: Ids) -> Self {
        Self {
            live: Arc::default(),
            ends: Arc::default(),
            disconnected: Arc::default(),
            ids,
            counted: Arc::default(),
        }
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that asks the machine; a history has a seed"
    )]
    fn new_id(&self) -> SessionId {
        SessionId(match &self.ids {
            Ids::Random => Uuid::new_v4(),
            Ids::Seeded(rng) => {
                let bytes = rng.lock().unwrap_or_else(PoisonError::into_inner).random();
                uuid::Builder::from_random_bytes(bytes).into_uuid()
            }
        })
    }

    /// Registers a connection: as the session it resumes, or as a new one. Waits for the session's
    /// old connection to end.
    pub async fn register(&self, resume: Option<SessionId>, origin: &Origin, now: Timestamp) -> Registration {
        let session = resume.unwrap_or_else(|| self.new_id());
        loop {
            let old = match self.try_register(session, origin, now) {
                Ok(registration) => return registration,
                Err(old) => old,
            };
            old.end.send_replace(Some(Ended::Resumed));
            // It has no permit: this returns when it is closed, for whoever waits longest first.
            old.ended.acquire().await.ok();
        }
    }

    fn try_register(&self, session: SessionId, origin: &Origin, now: Timestamp) -> Result<Registration, Connection> {
        let mut live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(old) = live.get(&session) {
            return Err(old.clone());
        }
        let (end, end_receiver) = watch::channel(None);
        let ended = Arc::new(Semaphore::new(0));
        let active = Arc::new(AtomicI64::new(now.0));
        let connection = Connection {
            id: ConnectionId(self.counted.fetch_add(1, Ordering::Relaxed)),
            end,
            user: None,
            origin: Arc::new(origin.clone()),
            since: now,
            page: None,
            active: Arc::clone(&active),
            ended: Arc::clone(&ended),
        };
        live.insert(session, connection);
        Ok(Registration {
            session,
            end: end_receiver,
            active,
            sessions: self.clone(),
            ended,
        })
    }

    /// Somebody signed in over a session.
    pub fn belongs(&self, session: SessionId, user: UserId, sign_in: SignInId) {
        let mut live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(connection) = live.get_mut(&session) {
            connection.user = Some((user, sign_in));
        }
        drop(live);
        let mut disconnected = self.disconnected.lock().unwrap_or_else(PoisonError::into_inner);
        disconnected.forget(session);
    }

    /// Nobody is signed in over it any more.
    pub fn belongs_to_nobody(&self, session: SessionId) {
        let mut live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(connection) = live.get_mut(&session) {
            connection.user = None;
        }
    }

    /// A session says which page it shows.
    pub fn shows(&self, session: SessionId, page: Page) {
        let mut live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(connection) = live.get_mut(&session) {
            connection.page = Some(page);
        }
    }

    /// Everything at once that is shown of the connections: looked through a single time, since whoever types waits
    /// meanwhile.
    #[must_use]
    pub fn overview(&self, newest: usize) -> Overview {
        let live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        let mut overview = Overview {
            connected: live.len(),
            ..Overview::default()
        };
        let mut people = BTreeSet::new();
        // The oldest of the newest is on top.
        let mut latest: BinaryHeap<Reverse<(Timestamp, ConnectionId, SessionId)>> = BinaryHeap::new();
        for (session, connection) in live.iter() {
            if let Some((user, _)) = connection.user {
                overview.signed_in += 1;
                people.insert(user);
            }
            if let Some(page) = connection.page {
                *overview.pages.entry(page).or_default() += 1;
            }
            if latest.len() < newest
                || latest
                    .peek()
                    .is_some_and(|Reverse((oldest, id, _))| (connection.since, connection.id) > (*oldest, *id))
            {
                latest.push(Reverse((connection.since, connection.id, *session)));
                if latest.len() > newest {
                    latest.pop();
                }
            }
        }
        overview.people = people.len();
        let latest = latest.into_sorted_vec().into_iter();
        overview.newest = latest
            .filter_map(|Reverse((_, _, session))| live.get(&session).map(Connected::of))
            .collect();
        overview
    }

    /// Who is signed in, when they did something last, and what their windows show.
    #[must_use]
    pub fn presence(&self) -> BTreeMap<UserId, PersonPresence> {
        let live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        let mut present: BTreeMap<UserId, PersonPresence> = BTreeMap::new();
        for connection in live.values() {
            let Some((user, _)) = connection.user else { continue };
            let person = present.entry(user).or_default();
            person.active = person.active.max(Timestamp(connection.active.load(Ordering::Relaxed)));
            person.pages.extend(connection.page);
        }
        present
    }

    /// Whether a person has any connection.
    #[must_use]
    pub fn is_connected(&self, user: UserId) -> bool {
        let live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        live.values().any(|connection| connection.is_of(user))
    }

    /// How many connections there are, and how many of them with somebody signed in.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        let live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        let signed_in = live.values().filter(|connection| connection.user.is_some());
        (live.len(), signed_in.count())
    }

    /// How many different people are signed in.
    #[must_use]
    pub fn people(&self) -> usize {
        let live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        let people = live.values().filter_map(|connection| connection.user);
        people.map(|(user, _)| user).collect::<BTreeSet<_>>().len()
    }

    /// Ends every connection of a person: they come back and sign in again. Returns their sessions, connected or not.
    #[must_use = "the places of these sessions have to end"]
    pub fn end_of(&self, user: UserId, why: SignInEnd) -> BTreeSet<SessionId> {
        self.end(why, |_, of, _| of == user)
    }

    /// Ends every connection of a person but this one. Returns their sessions, connected or not.
    #[must_use = "the places of these sessions have to end"]
    pub fn end_others(&self, user: UserId, spared: SessionId, why: SignInEnd) -> BTreeSet<SessionId> {
        self.end(why, |session, of, _| of == user && session != spared)
    }

    /// Ends every connection of a sign-in. Returns its sessions, connected or not.
    #[must_use = "the places of these sessions have to end"]
    pub fn end_sign_in(&self, sign_in: SignInId, why: SignInEnd) -> BTreeSet<SessionId> {
        self.end(why, |_, _, of| of == sign_in)
    }

    fn end(&self, why: SignInEnd, which: impl Fn(SessionId, UserId, SignInId) -> bool) -> BTreeSet<SessionId> {
        let live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        let mut ended = BTreeSet::new();
        for (session, connection) in live.iter() {
            if connection
                .user
                .is_some_and(|(user, sign_in)| which(*session, user, sign_in))
            {
                connection.revoke(why);
                ended.insert(*session);
            }
        }
        let disconnected = self.disconnected.lock().unwrap_or_else(PoisonError::into_inner);
        ended.extend(disconnected.which(which));
        ended
    }

    /// Remembers why a token is worth nothing any more.
    pub fn note_end(&self, token: Vec<u8>, why: SignInEnd) {
        let mut ends = self.ends.lock().unwrap_or_else(PoisonError::into_inner);
        ends.note(token, why);
    }

    /// Why a token is worth nothing any more, as far as that is remembered.
    #[must_use]
    pub fn end_of_token(&self, token: &[u8]) -> Option<SignInEnd> {
        let ends = self.ends.lock().unwrap_or_else(PoisonError::into_inner);
        ends.of(token)
    }

    /// Whose connections a sign-in has, if it has any.
    #[must_use]
    pub fn person_of(&self, sign_in: SignInId) -> Option<UserId> {
        let live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        let mut users = live.values().filter_map(|connection| connection.user);
        users.find(|(_, of)| *of == sign_in).map(|(user, _)| user)
    }

    /// Which sign-ins have a connection now.
    #[must_use]
    pub fn online(&self) -> BTreeSet<SignInId> {
        let live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        live.values()
            .filter_map(|connection| connection.user.map(|(_, sign_in)| sign_in))
            .collect()
    }

    /// Where a session comes from, if it is connected.
    #[must_use]
    pub fn origin(&self, session: SessionId) -> Option<Origin> {
        let live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        live.get(&session).map(|connection| Origin::clone(&connection.origin))
    }

    /// The number of a session's connection, if it is connected.
    #[must_use]
    pub fn connection_id(&self, session: SessionId) -> Option<ConnectionId> {
        let live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        live.get(&session).map(|connection| connection.id)
    }

    /// Whether a connection speaks for this session.
    #[must_use]
    pub fn is_live(&self, session: SessionId) -> bool {
        let live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        live.contains_key(&session)
    }

    /// How many sessions are connected.
    #[must_use]
    pub fn count(&self) -> usize {
        self.live.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_resumed_session_waits_until_its_old_connection_let_go() {
        let sessions = Sessions::default();
        let old = sessions.register(None, &Origin::default(), Timestamp(0)).await;
        let session = old.session;
        let resumed = tokio::spawn({
            let sessions = sessions.clone();
            async move {
                let origin = Origin::default();
                sessions.register(Some(session), &origin, Timestamp(0)).await.session
            }
        });
        assert_eq!(old.ended().await, Ended::Resumed);
        assert!(!resumed.is_finished(), "the old connection still holds the session");
        drop(old);
        assert_eq!(resumed.await.expect("no panic"), session);
        assert_eq!(sessions.count(), 0);
    }
}
