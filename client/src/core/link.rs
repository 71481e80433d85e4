//! The connection: when to try, when to give up on it, what to show.

use std::time::Duration;

use baton_locales::t;
use baton_protocol::desktop::Link;
use baton_protocol::message::{Code, Problem, ToServer};
use rand::RngExt as _;

use super::{Core, Effect, Now, Pending, Reply};
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
pub(super) enum LinkState {
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
pub(super) struct Outage {
    since: Now,
    attempts: u32,
}

impl LinkState {
    pub(super) fn live(now: Now, heartbeat: Duration, silence: Duration) -> Self {
        Self::Live {
            heard: now,
            spoke: now,
            heartbeat,
            silence,
        }
    }

    pub(super) fn greeted(&self) -> bool {
        matches!(self, Self::Live { .. })
    }

    /// Whether the server was tried and cannot be reached.
    pub(super) fn offline(&self) -> bool {
        match self {
            Self::Connecting { outage, .. } => outage.attempts > 0,
            Self::Waiting { .. } | Self::NoServer | Self::WrongVersion { .. } => true,
            Self::Live { .. } => false,
        }
    }

    /// When the server was last heard.
    pub(super) fn last_heard(&self) -> Option<Now> {
        match self {
            Self::Live { heard, .. } => Some(*heard),
            Self::NoServer | Self::Connecting { .. } | Self::Waiting { .. } | Self::WrongVersion { .. } => None,
        }
    }

    pub(super) fn heard(&mut self, now: Now) {
        if let Self::Live { heard, .. } = self {
            *heard = now;
        }
    }

    pub(super) fn spoke(&mut self, now: Now) {
        if let Self::Live { spoke, .. } = self {
            *spoke = now;
        }
    }

    pub(super) fn next_deadline(&self) -> Option<Now> {
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

    pub(super) fn shown(&self, now: Now) -> Link {
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

impl Core {
    pub(super) fn connect(&mut self, server: &str, now: Now) {
        match address::web_socket(server, self.plain) {
            Ok(address) => {
                let outage = self.link.outage(now);
                self.pending_lost(now);
                self.link = LinkState::Connecting {
                    deadline: now + TIMEOUT,
                    outage,
                };
                self.effects.push(Effect::Connect(address));
            }
            Err(why) => {
                tracing::warn!(server, why, "the kept address cannot be used");
                self.link = LinkState::WrongVersion { why };
            }
        }
        self.emit_link(now);
    }

    pub(super) fn connected(&mut self, now: Now) {
        self.hello(now);
    }

    pub(super) fn greeting_refused(&mut self, now: Now, problem: &Problem) {
        if problem.code == Code::WrongVersion {
            self.link = LinkState::WrongVersion {
                why: problem.message.to_string(),
            };
            self.effects.push(Effect::Disconnect);
            self.emit_link(now);
        } else {
            self.disconnected(now, problem.message.to_string());
        }
    }

    pub(super) fn disconnected(&mut self, now: Now, why: String) {
        if std::mem::take(&mut self.signed_in) {
            self.refresh_sign_in_expiry();
        }
        self.joins_again = None;
        self.forms.left();
        self.pending_lost(now);
        match self.link {
            LinkState::NoServer | LinkState::WrongVersion { .. } => return,
            LinkState::Connecting { .. } | LinkState::Waiting { .. } | LinkState::Live { .. } => {}
        }
        self.effects.push(Effect::Disconnect);
        let mut outage = self.link.outage(now);
        let wait = self.wait_after(outage.attempts);
        outage.attempts = outage.attempts.saturating_add(1);
        self.link = LinkState::Waiting {
            at: now + wait,
            outage,
            why,
        };
        self.emit_link(now);
        self.went_offline();
    }

    /// The server says something that this program does not read. It would say the same again: the next attempt
    /// waits until the person asks for it, or for long.
    pub(super) fn cannot_read(&mut self, now: Now, why: String) {
        self.disconnected(now, why);
        if let LinkState::Waiting { at, .. } = &mut self.link {
            *at = now + UNREADABLE;
            self.emit_link(now);
        }
    }

    /// The user, or the computer's network, says that now is the time.
    pub(super) fn retry(&mut self, now: Now) {
        if let LinkState::Waiting { at, .. } = &mut self.link {
            *at = now;
            self.tick(now);
        }
    }

    /// Doubles with every attempt; half of it is chance, so that many desktops do not come at once.
    fn wait_after(&mut self, attempts: u32) -> Duration {
        let full = SHORTEST.saturating_mul(1 << attempts.min(8)).min(LONGEST);
        full.mul_f64(self.rng.random_range(0.5..1.0))
    }

    pub(super) fn tick(&mut self, now: Now) {
        let due = self.link.next_deadline().is_some_and(|deadline| deadline <= now);
        if !due {
            return;
        }
        match &self.link {
            LinkState::NoServer | LinkState::WrongVersion { .. } => {}
            LinkState::Connecting { .. } => self.disconnected(now, t::engine::the_server_does_not().into()),
            LinkState::Waiting { .. } => {
                if let Some(server) = self.kept.server.clone() {
                    self.connect(&server, now);
                }
            }
            LinkState::Live { heard, silence, .. } if *heard + *silence <= now => {
                self.disconnected(now, t::engine::nothing_was_heard_of().into());
            }
            LinkState::Live { .. } => self.request(now, ToServer::Ping, Pending::FireAndForget),
        }
    }

    /// What was asked for over the lost connection will not be answered over it.
    fn pending_lost(&mut self, now: Now) {
        self.timed = None;
        for watched in self.topics.values_mut() {
            watched.awaited = 0;
        }
        for (_, pending) in std::mem::take(&mut self.pending) {
            match pending {
                Pending::SignIn { caller, .. }
                | Pending::BeginProviderSignIn(caller)
                | Pending::NewToken(caller)
                | Pending::SecondFactor(caller)
                | Pending::Request(caller) => {
                    let problem = Problem::new(Code::Offline, t::engine::the_connection_broke_try());
                    self.refuse(caller, problem);
                }
                Pending::Query(caller, query) => self.query_lost(now, caller, *query),
                // The server hears of it when it is reached again.
                Pending::SignOut(caller, _) => {
                    self.signed_out();
                    self.effects.push(Effect::Reply(caller, Ok(Reply::Done)));
                }
                Pending::Hello
                | Pending::UseToken
                | Pending::FirstSignIn(_)
                | Pending::Watch(_)
                | Pending::Join(_)
                | Pending::Form(..)
                | Pending::Control(_)
                | Pending::Rows(_)
                | Pending::RemoveLater(_)
                | Pending::RevokeToken(_)
                | Pending::FireAndForget => {}
            }
        }
    }
}
