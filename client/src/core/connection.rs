//! The connection: when to try, when to give up on it, what to show, and what was asked over it.

use std::collections::BTreeMap;
use std::time::Duration;

use baton_locales::t;
use baton_protocol::desktop::Link;
use baton_protocol::message::{Request, ToServer};
use rand::RngExt as _;
use rand::rngs::StdRng;

use super::{Effect, Now, Pending};
use crate::address;

/// The first wait after a connection broke; doubles up to [`LONGEST`].
const SHORTEST: Duration = Duration::from_millis(250);
/// The longest wait between two attempts: a desktop is live within a second of the server's return, and
/// chance spreads many of them over that second.
const LONGEST: Duration = Duration::from_secs(1);
/// How long the next attempt waits after something that cannot be read.
const UNREADABLE: Duration = Duration::from_secs(10 * 60);
/// How long an attempt to connect, greeting included, may take.
const TIMEOUT: Duration = Duration::from_secs(6);

/// The state of the connection. Each state carries only its own data.
#[derive(Debug)]
enum LinkState {
    /// No address is known.
    NoServer,
    /// A socket is being opened, or the greeting is under way.
    Connecting { deadline: Now, outage: Outage },
    /// Waiting to try again.
    Waiting { at: Now, outage: Outage, why: String },
    /// The greeting was exchanged.
    Live {
        heard: Now,
        spoke: Now,
        heartbeat: Duration,
        silence: Duration,
    },
    /// The server does not speak this version; trying again is useless.
    WrongVersion { why: String },
}

/// How long and how often it did not work.
#[derive(Clone, Copy, Debug)]
struct Outage {
    since: Now,
    attempts: u32,
}

impl LinkState {
    fn live(now: Now, heartbeat: Duration, silence: Duration) -> Self {
        Self::Live {
            heard: now,
            spoke: now,
            heartbeat,
            silence,
        }
    }

    fn greeted(&self) -> bool {
        matches!(self, Self::Live { .. })
    }

    /// Whether the server was tried and cannot be reached.
    fn offline(&self) -> bool {
        match self {
            Self::Connecting { outage, .. } => outage.attempts > 0,
            Self::Waiting { .. } | Self::NoServer | Self::WrongVersion { .. } => true,
            Self::Live { .. } => false,
        }
    }

    /// When the server was last heard.
    fn last_heard(&self) -> Option<Now> {
        match self {
            Self::Live { heard, .. } => Some(*heard),
            Self::NoServer | Self::Connecting { .. } | Self::Waiting { .. } | Self::WrongVersion { .. } => None,
        }
    }

    fn heard(&mut self, now: Now) {
        if let Self::Live { heard, .. } = self {
            *heard = now;
        }
    }

    fn spoke(&mut self, now: Now) {
        if let Self::Live { spoke, .. } = self {
            *spoke = now;
        }
    }

    fn next_deadline(&self) -> Option<Now> {
        match self {
            Self::NoServer | Self::WrongVersion { .. } => None,
            Self::Connecting { deadline, .. } => Some(*deadline),
            Self::Waiting { at, .. } => Some(*at),
            Self::Live {
                heard,
                spoke,
                heartbeat,
                silence,
            } => Some((*spoke + *heartbeat).min(*heard + *silence)),
        }
    }

    fn shown(&self, now: Now) -> Link {
        let ms = |span: Duration| u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
        match self {
            Self::NoServer => Link::NoServer,
            Self::Connecting { outage, .. } if outage.attempts == 0 => Link::Connecting,
            Self::Connecting { outage, .. } => Link::Waiting {
                retry_ms: 0,
                down_ms: ms(now.saturating_sub(outage.since)),
                why: t::engine::trying_again().into(),
            },
            Self::Waiting { at, outage, why } => Link::Waiting {
                retry_ms: ms(at.saturating_sub(now)),
                down_ms: ms(now.saturating_sub(outage.since)),
                why: why.clone(),
            },
            Self::Live { .. } => Link::Live,
            Self::WrongVersion { why } => Link::WrongVersion { why: why.clone() },
        }
    }

    fn outage(&self, now: Now) -> Outage {
        match self {
            Self::Connecting { outage, .. } | Self::Waiting { outage, .. } => *outage,
            Self::NoServer | Self::Live { .. } | Self::WrongVersion { .. } => Outage {
                since: now,
                attempts: 0,
            },
        }
    }
}

/// The connection to the server, and what waits for an answer over it.
#[derive(Debug)]
pub(super) struct Connection {
    state: LinkState,
    /// Whether other machines may be reached without encryption.
    plain: bool,
    /// How the computer is called, and its system.
    computer: Option<String>,
    next_request: u64,
    pending: BTreeMap<u64, Pending>,
    /// When the request was sent whose answer will tell the round trip, and its number.
    timed: Option<(u64, Now)>,
    round_trip: Option<Duration>,
}

/// What is due of a connection.
#[derive(Debug)]
pub(super) enum Due {
    /// The next attempt.
    Connect,
    /// It is given up.
    GiveUp(&'static str),
    /// The server hears that this desktop is there.
    Ping,
}

impl Connection {
    pub(super) fn new() -> Self {
        Self {
            state: LinkState::NoServer,
            plain: false,
            computer: None,
            next_request: 1,
            pending: BTreeMap::new(),
            timed: None,
            round_trip: None,
        }
    }

    pub(super) fn allow_plain(&mut self, plain: bool) {
        self.plain = plain;
    }

    pub(super) fn set_computer(&mut self, computer: String) {
        self.computer = Some(computer);
    }

    pub(super) fn computer(&self) -> Option<&str> {
        self.computer.as_deref()
    }

    /// The address of the WebSocket of a server, however it was written.
    ///
    /// # Errors
    /// Why it cannot be used.
    pub(super) fn web_socket(&self, server: &str) -> Result<String, String> {
        address::web_socket(server, self.plain)
    }

    /// Begins an attempt. What was asked over the connection of before is lost.
    pub(super) fn connect(&mut self, now: Now, server: &str) -> (Vec<Pending>, Option<Effect>) {
        match self.web_socket(server) {
            Ok(address) => {
                let outage = self.state.outage(now);
                let lost = self.take_pending();
                let deadline = now + TIMEOUT;
                self.state = LinkState::Connecting { deadline, outage };
                (lost, Some(Effect::Connect(address)))
            }
            Err(why) => {
                tracing::warn!(server, why, "the kept address cannot be used");
                self.state = LinkState::WrongVersion { why };
                (Vec::new(), None)
            }
        }
    }

    /// The server greeted back.
    pub(super) fn greeted_back(&mut self, now: Now, heartbeat: Duration, silence: Duration) {
        self.pending.retain(|_, pending| !matches!(pending, Pending::Hello));
        self.state = LinkState::live(now, heartbeat, silence);
    }

    /// The server speaks another version: it is not tried again.
    pub(super) fn wrong_version(&mut self, why: String) {
        self.state = LinkState::WrongVersion { why };
    }

    /// The program ends: no other attempt follows.
    pub(super) fn end(&mut self) {
        self.state = LinkState::NoServer;
    }

    /// Takes what will not be answered any more.
    pub(super) fn take_pending(&mut self) -> Vec<Pending> {
        self.timed = None;
        std::mem::take(&mut self.pending).into_values().collect()
    }

    /// Waits for the next attempt; false if none follows.
    pub(super) fn wait(&mut self, now: Now, why: String, rng: &mut StdRng) -> bool {
        match self.state {
            LinkState::NoServer | LinkState::WrongVersion { .. } => return false,
            LinkState::Connecting { .. } | LinkState::Waiting { .. } | LinkState::Live { .. } => {}
        }
        let mut outage = self.state.outage(now);
        let at = now + wait_after(outage.attempts, rng);
        outage.attempts = outage.attempts.saturating_add(1);
        self.state = LinkState::Waiting { at, outage, why };
        true
    }

    /// The next attempt, if one is waited for, waits long, or until the person asks for it.
    pub(super) fn wait_long(&mut self, now: Now) {
        if let LinkState::Waiting { at, .. } = &mut self.state {
            *at = now + UNREADABLE;
        }
    }

    /// The next attempt is due now, if one is waited for.
    pub(super) fn hurry(&mut self, now: Now) {
        if let LinkState::Waiting { at, .. } = &mut self.state {
            *at = now;
        }
    }

    pub(super) fn next_deadline(&self) -> Option<Now> {
        self.state.next_deadline()
    }

    /// What is to be done by now, if anything is.
    pub(super) fn due(&self, now: Now) -> Option<Due> {
        if self.next_deadline().is_none_or(|deadline| now < deadline) {
            return None;
        }
        match &self.state {
            LinkState::NoServer | LinkState::WrongVersion { .. } => None,
            LinkState::Connecting { .. } => Some(Due::GiveUp(t::engine::the_server_does_not())),
            LinkState::Waiting { .. } => Some(Due::Connect),
            LinkState::Live { heard, silence, .. } if *heard + *silence <= now => {
                Some(Due::GiveUp(t::engine::nothing_was_heard_of()))
            }
            LinkState::Live { .. } => Some(Due::Ping),
        }
    }

    pub(super) fn greeted(&self) -> bool {
        self.state.greeted()
    }

    /// Whether the server was tried and cannot be reached.
    pub(super) fn offline(&self) -> bool {
        self.state.offline()
    }

    /// When the server was last heard.
    pub(super) fn last_heard(&self) -> Option<Now> {
        self.state.last_heard()
    }

    pub(super) fn heard(&mut self, now: Now) {
        self.state.heard(now);
    }

    pub(super) fn shown(&self, now: Now) -> Link {
        self.state.shown(now)
    }

    /// How long the way to the server and back takes, while it is reached.
    pub(super) fn round_trip(&self) -> Option<Duration> {
        self.round_trip.filter(|_| self.greeted())
    }

    /// Sends something whose answer is about `pending`.
    pub(super) fn request(&mut self, now: Now, body: ToServer, pending: Pending) -> Effect {
        let id = self.next_request;
        self.next_request += 1;
        self.pending.insert(id, pending);
        if self.greeted() {
            self.timed = self.timed.or(Some((id, now)));
        }
        self.state.spoke(now);
        Effect::Send(Request { id, body })
    }

    /// What an answer or a refusal is about.
    pub(super) fn answered(&mut self, now: Now, id: u64) -> Option<Pending> {
        let pending = self.pending.remove(&id);
        if let Some((_, sent)) = self.timed.take_if(|(timed, _)| *timed == id) {
            self.round_trip = Some(now.saturating_sub(sent));
        }
        pending
    }
}

/// Doubles with every attempt; half of it is chance, so that many desktops do not come at once.
fn wait_after(attempts: u32, rng: &mut StdRng) -> Duration {
    let full = SHORTEST.saturating_mul(1 << attempts.min(8)).min(LONGEST);
    full.mul_f64(rng.random_range(0.5..1.0))
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;

    use super::*;

    const HEARTBEAT: Duration = Duration::from_secs(2);
    const SILENCE: Duration = Duration::from_secs(5);

    fn at(ms: u64) -> Now {
        Duration::from_millis(ms)
    }

    /// Greeted at this time.
    fn live(now: Now) -> Connection {
        let mut connection = Connection::new();
        connection.connect(now, "127.0.0.1:7420");
        connection.greeted_back(now, HEARTBEAT, SILENCE);
        connection
    }

    #[test]
    fn attempts_follow_each_other_more_slowly_up_to_a_second_and_begin_anew_after_a_connection() {
        let mut rng = StdRng::seed_from_u64(7);
        let mut connection = Connection::new();
        let mut now = at(0);
        let mut waits = Vec::new();
        for _ in 0..8 {
            connection.connect(now, "127.0.0.1:7420");
            assert!(connection.wait(now, "gone".into(), &mut rng));
            let next = connection.next_deadline().expect("another attempt");
            waits.push(next - now);
            now = next;
            assert!(matches!(connection.due(now), Some(Due::Connect)));
        }
        assert!(waits[0] < SHORTEST && waits[0] >= SHORTEST / 2, "{waits:?}");
        assert!(
            waits[4..].iter().all(|wait| *wait >= LONGEST / 2 && *wait < LONGEST),
            "{waits:?}"
        );
        connection.greeted_back(now, HEARTBEAT, SILENCE);
        assert!(connection.wait(now, "gone".into(), &mut rng));
        assert!(connection.next_deadline().expect("another attempt") - now < SHORTEST);
    }

    #[test]
    fn a_silent_desktop_says_that_it_is_there_and_a_silent_server_is_given_up() {
        let mut connection = live(at(0));
        assert!(connection.due(at(1_999)).is_none());
        assert!(matches!(connection.due(at(2_000)), Some(Due::Ping)));
        connection.request(at(2_000), ToServer::Ping, Pending::FireAndForget);
        assert!(connection.due(at(3_999)).is_none());
        connection.heard(at(3_000));
        connection.request(at(6_500), ToServer::Ping, Pending::FireAndForget);
        assert!(connection.due(at(7_999)).is_none());
        assert!(matches!(connection.due(at(8_000)), Some(Due::GiveUp(_))));
    }

    #[test]
    fn another_version_is_not_tried_again_and_what_cannot_be_read_is_tried_when_its_person_says_so() {
        let mut rng = StdRng::seed_from_u64(7);
        let mut connection = live(at(0));
        assert!(connection.wait(at(0), "unreadable".into(), &mut rng));
        connection.wait_long(at(0));
        assert!(connection.due(at(599_999)).is_none());
        connection.hurry(at(600));
        assert!(matches!(connection.due(at(600)), Some(Due::Connect)));
        connection.wrong_version("another".into());
        assert!(!connection.wait(at(700), "gone".into(), &mut rng));
        assert_eq!(connection.next_deadline(), None);
    }

    #[test]
    fn the_round_trip_is_that_of_the_request_that_was_timed() {
        let mut connection = live(at(0));
        connection.request(at(100), ToServer::Ping, Pending::FireAndForget);
        connection.request(at(150), ToServer::SignOut, Pending::UseToken);
        assert!(matches!(connection.answered(at(160), 2), Some(Pending::UseToken)));
        assert_eq!(connection.round_trip(), None);
        assert!(connection.answered(at(130), 1).is_some());
        assert_eq!(connection.round_trip(), Some(at(30)));
        assert!(connection.answered(at(170), 1).is_none(), "answered once");
        connection.request(at(200), ToServer::Ping, Pending::Hello);
        assert_eq!(connection.take_pending().len(), 1);
        assert!(connection.answered(at(300), 3).is_none(), "lost with the connection");
    }
}
