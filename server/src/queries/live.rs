//! What happens at this moment, for admins.

use std::collections::{BTreeMap, BTreeSet};

use baton_protocol::live::{Live, LiveSession, MAX_LIVE, Page};
use baton_protocol::message::Problem;

use crate::app::App;
use crate::rights::Admin;
use crate::statistics;

/// How many pages are named.
const MAX_PAGES: usize = 10;

pub(crate) async fn get(app: &App, admin: &Admin) -> Result<Live, Problem> {
    let connected = app.sessions.connected();
    let mut pages: BTreeMap<Page, usize> = BTreeMap::new();
    for page in connected.iter().filter_map(|session| session.page) {
        *pages.entry(page).or_default() += 1;
    }
    let mut pages: Vec<_> = pages.into_iter().collect();
    pages.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    pages.truncate(MAX_PAGES);
    let people: BTreeSet<_> = connected.iter().filter_map(|session| Some(session.user?.0)).collect();
    let mut sessions: Vec<LiveSession> = connected
        .into_iter()
        .map(|session| LiveSession {
            person: session
                .user
                .and_then(|(user, _)| Some(app.accounts.current(user)?.account.person.clone())),
            sign_in: session.user.map(|(_, sign_in)| sign_in),
            own: session
                .user
                .is_some_and(|(_, sign_in)| Some(sign_in) == admin.sign_in()),
            origin: session.origin,
            since: session.since,
            page: session.page,
        })
        .collect();
    sessions.sort_by_key(|session| std::cmp::Reverse(session.since));
    sessions.truncate(MAX_LIVE);
    Ok(Live {
        now: statistics::now(&app.sessions, app.clock),
        people: people.len(),
        pages,
        sessions,
        forms: app.forms.open_forms(MAX_LIVE).await,
        hour: app.statistics.hour(),
    })
}
