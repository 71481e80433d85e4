//! What happens at this moment, for the admins who watch it (semantics 7.3): looked at twice a second while somebody
//! does, and told as what is different.

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

/// How often it is looked at.
const EVERY: Duration = Duration::from_millis(500);
/// How many pages are named.
const MAX_PAGES: usize = 10;

/// What whoever watches is told; cheap to clone.
#[derive(Clone, Debug)]
pub struct LiveFeed {
    sources: LiveSources,
    told: Arc<Mutex<Told>>,
}

/// Where it is looked.
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
struct Told {
    /// The number of the last change.
    seq: Seq,
    /// As it is known to whoever watches; `None` while nobody does.
    live: Option<Live>,
}

impl LiveFeed {
    /// Nobody watches yet.
    pub(crate) fn new(sources: LiveSources) -> Self {
        Self {
            sources,
            told: Arc::default(),
        }
    }

    /// The present state for a session that watches from now on: the changes that follow have higher numbers.
    pub(crate) async fn snapshot(&self, session: SessionId) -> (Seq, Live) {
        let mut told = self.told.lock().await;
        // Many who come at once are no reason to tell the others more often.
        let live = match told.live.clone() {
            Some(live) if self.sources.bus.subscribers(Topic::Live) > 1 => live,
            Some(_) | None => self.look(&mut told).await,
        };
        let own = self.sources.sessions.connection_id(session);
        (told.seq, Live { own, ..live })
    }

    /// Looks for ever.
    pub(crate) async fn run(&self) {
        let mut ticks = tokio::time::interval(EVERY);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let mut told = self.told.lock().await;
            if self.sources.bus.subscribers(Topic::Live) == 0 {
                told.live = None;
            } else {
                self.look(&mut told).await;
            }
        }
    }

    /// Looks at everything, and tells whoever watches what is different.
    async fn look(&self, told: &mut Told) -> Live {
        let now = self.sources.now().await;
        let change = told.live.as_ref().map(|before| before.change_to(&now));
        match change {
            Some(None) => {}
            Some(Some(change)) => {
                told.seq.0 += 1;
                self.sources.bus.publish_live(told.seq, change);
                told.live = Some(now.clone());
            }
            None => told.live = Some(now.clone()),
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
