//! The topic `live` (semantics 7.3): the state of all sessions and open forms, compared twice a second while an admin
//! watches, and published as differences.

use std::cmp::Reverse;
use std::sync::Arc;
use std::time::Duration;

use baton_protocol::id::{Seq, SessionId};
use baton_protocol::live::{ACTIVE_STEP_MS, Live, LiveSession, MAX_LIVE, MAX_LIVE_EDITORS, Sample};
use baton_protocol::message::Topic;
use baton_protocol::origin::Origin;
use baton_protocol::time::Timestamp;
use tokio::sync::Mutex;

use crate::accounts::Accounts;
use crate::bus::Bus;
use crate::clock::Clock;
use crate::forms::Forms;
use crate::sessions::{Connected, Sessions};
use crate::statistics::Statistics;

/// How often the state is compared.
const REFRESH_INTERVAL: Duration = Duration::from_millis(500);
/// How many pages are listed at most.
const MAX_PAGES: usize = 10;

/// Publishes the topic; cheap to clone.
#[derive(Clone, Debug)]
pub struct LiveFeed {
    sources: LiveSources,
    published: Arc<Mutex<Published>>,
}

/// The parts of the server that the state is read from.
#[derive(Clone, Debug)]
pub(crate) struct LiveSources {
    pub(crate) sessions: Sessions,
    pub(crate) forms: Forms,
    pub(crate) accounts: Accounts,
    pub(crate) statistics: Statistics,
    pub(crate) bus: Bus,
    pub(crate) clock: Clock,
}

#[derive(Default, Debug)]
struct Published {
    /// The number of the last change.
    seq: Seq,
    /// The state as subscribers have it; `None` while there are none.
    live: Option<Live>,
}

impl LiveFeed {
    /// A feed without subscribers.
    pub(crate) fn new(sources: LiveSources) -> Self {
        Self {
            sources,
            published: Arc::default(),
        }
    }

    /// Returns the present state for a new subscriber, with the number of the last change: those that follow have higher
    /// ones.
    pub(crate) async fn snapshot(&self, session: SessionId) -> (Seq, Live) {
        let mut published = self.published.lock().await;
        // With other subscribers it is at most one interval old, and many who subscribe at once cost nothing.
        let live = match published.live.clone() {
            Some(live) if self.sources.bus.subscribers(Topic::Live) > 1 => live,
            Some(_) | None => self.refresh(&mut published).await,
        };
        let own = self.sources.sessions.connection_id(session);
        (published.seq, Live { own, ..live })
    }

    /// Publishes until it is cancelled.
    pub(crate) async fn run(&self) {
        let mut ticks = tokio::time::interval(REFRESH_INTERVAL);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let mut published = self.published.lock().await;
            if self.sources.bus.subscribers(Topic::Live) == 0 {
                published.live = None;
            } else {
                self.refresh(&mut published).await;
            }
        }
    }

    /// Reads the present state, and publishes how it differs from what subscribers have.
    async fn refresh(&self, published: &mut Published) -> Live {
        let now = self.sources.now().await;
        let change = published.live.as_ref().map(|before| before.change_to(&now));
        match change {
            Some(None) => {}
            Some(Some(change)) => {
                published.seq.0 += 1;
                self.sources.bus.publish_live(published.seq, change);
                published.live = Some(now.clone());
            }
            None => published.live = Some(now.clone()),
        }
        now
    }
}

impl LiveSources {
    async fn now(&self) -> Live {
        let overview = self.sessions.overview(MAX_LIVE);
        let mut pages: Vec<_> = overview.pages.into_iter().collect();
        pages.sort_by_key(|(_, count)| Reverse(*count));
        pages.truncate(MAX_PAGES);
        let mut forms = self.forms.open_forms(MAX_LIVE).await;
        for open in &mut forms {
            open.editors.truncate(MAX_LIVE_EDITORS);
        }
        Live {
            now: Sample {
                at: self.clock.now(),
                connected: overview.connected,
                signed_in: overview.signed_in,
            },
            people: overview.people,
            pages,
            sessions: overview
                .newest
                .iter()
                .map(|connected| self.session(connected))
                .collect(),
            open_forms: self.forms.in_memory().len(),
            forms,
            hour: self.statistics.hour(),
            own: None,
        }
    }

    fn session(&self, connected: &Connected) -> LiveSession {
        let account = connected.user.and_then(|(user, _)| self.accounts.current(user));
        let Timestamp(active) = connected.active;
        LiveSession {
            id: connected.id,
            person: account.map(|current| current.account.person.clone()),
            sign_in: connected.user.map(|(_, sign_in)| sign_in),
            origin: Origin::clone(&connected.origin),
            since: connected.since,
            page: connected.page,
            active: Timestamp(active - active.rem_euclid(ACTIVE_STEP_MS)),
        }
    }
}
