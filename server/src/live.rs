//! What happens at this moment, for the admins who watch it (semantics 7.3): looked at twice a second while somebody
//! does, and told as what is different.

use std::cmp::Reverse;
use std::sync::Arc;
use std::time::Duration;

use baton_protocol::id::{Seq, SessionId};
use baton_protocol::live::{ACTIVE_STEP_MS, Live, LiveSession, MAX_LIVE, Sample};
use baton_protocol::message::Topic;
use baton_protocol::origin::Origin;
use baton_protocol::time::Timestamp;
use tokio::sync::Mutex;

use crate::app::App;
use crate::sessions::Connected;

/// How often it is looked at.
const EVERY: Duration = Duration::from_millis(500);
/// How many pages are named.
const MAX_PAGES: usize = 10;

/// What whoever watches was told last; cheap to clone.
#[derive(Clone, Default, Debug)]
pub struct LiveFeed(Arc<Mutex<Told>>);

#[derive(Default, Debug)]
struct Told {
    /// The number of the last change.
    seq: Seq,
    /// As it is known to whoever watches; `None` while nobody does.
    live: Option<Live>,
}

impl LiveFeed {
    /// The present state for a session that watches from now on: the changes that follow have higher numbers.
    pub(crate) async fn snapshot(&self, app: &App, session: SessionId) -> (Seq, Live) {
        let mut told = self.0.lock().await;
        // Many who come at once are no reason to tell the others more often.
        if told.live.is_none() || app.bus.subscribers(Topic::Live) <= 1 {
            told.look(app).await;
        }
        let live = Live {
            own: app.sessions.connection_id(session),
            ..told.live.clone().unwrap_or_else(|| empty(app))
        };
        (told.seq, live)
    }
}

impl Told {
    /// Looks at everything, and tells whoever watches what is different.
    async fn look(&mut self, app: &App) {
        let now = now(app).await;
        if let Some(before) = &self.live {
            let Some(change) = before.change_to(&now) else {
                return;
            };
            self.seq.0 += 1;
            app.bus.publish_live(self.seq, change);
        }
        self.live = Some(now);
    }
}

/// Looks for ever.
pub(crate) async fn run(app: App) {
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let mut told = app.live.0.lock().await;
        if app.bus.subscribers(Topic::Live) == 0 {
            told.live = None;
        } else {
            told.look(&app).await;
        }
    }
}

fn empty(app: &App) -> Live {
    Live {
        now: Sample {
            at: app.clock.now(),
            connected: 0,
            signed_in: 0,
        },
        people: 0,
        pages: Vec::new(),
        sessions: Vec::new(),
        open_forms: 0,
        forms: Vec::new(),
        hour: Vec::new(),
        own: None,
    }
}

async fn now(app: &App) -> Live {
    let overview = app.sessions.overview(MAX_LIVE);
    let mut pages: Vec<_> = overview.pages.into_iter().collect();
    pages.sort_by_key(|(_, count)| Reverse(*count));
    pages.truncate(MAX_PAGES);
    Live {
        now: Sample {
            at: app.clock.now(),
            connected: overview.connected,
            signed_in: overview.signed_in,
        },
        people: overview.people,
        pages,
        sessions: overview
            .newest
            .into_iter()
            .map(|connected| session(app, connected))
            .collect(),
        open_forms: app.forms.in_memory().len(),
        forms: app.forms.open_forms(MAX_LIVE).await,
        hour: app.statistics.hour(),
        own: None,
    }
}

fn session(app: &App, connected: Connected) -> LiveSession {
    let account = connected.user.and_then(|(user, _)| app.accounts.current(user));
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
