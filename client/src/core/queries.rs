//! Queries for a caller who waits, and for no open form or watched topic.

use std::time::Duration;

use baton_locales::t;
use baton_protocol::history::SavedVersion;
use baton_protocol::list::Page;
use baton_protocol::message::{AnyQuery, AnyReply, Code, GetHistory, Problem, Repeat, ToServer};

use super::{CacheWrite, Caller, Core, Effect, Now, Pending, Reply};

/// How long a query whose answer was lost waits for the next connection.
const RETRY_TIMEOUT: Duration = Duration::from_secs(60);

/// Queries whose answers were lost with the connection, and that may be sent again (G8).
#[derive(Debug, Default)]
pub(super) struct LostQueries(Vec<(Caller, AnyQuery, Now)>);

impl LostQueries {
    pub(super) fn push(&mut self, now: Now, caller: Caller, query: AnyQuery) {
        self.0.push((caller, query, now + RETRY_TIMEOUT));
    }

    /// When the first one is given up.
    pub(super) fn next_deadline(&self) -> Option<Now> {
        self.0.iter().map(|(.., until)| *until).min()
    }

    /// Takes the callers who have waited too long.
    fn take_expired(&mut self, now: Now) -> Vec<Caller> {
        let expired = self.0.extract_if(.., |(.., until)| *until <= now);
        expired.map(|(caller, ..)| caller).collect()
    }
}

impl Core {
    /// Sends a query. Without the server a page and a history are answered from the cache.
    pub(super) fn query(&mut self, caller: Caller, query: AnyQuery) {
        if self.ready() {
            return self.send_query(caller, query);
        }
        let Some(query) = self.comment_later(caller, query) else {
            return;
        };
        if let AnyQuery::GetPage(page) = query {
            let page = Box::new(page);
            self.effects.push(Effect::LoadPage { caller, page });
        } else if let AnyQuery::GetHistory(GetHistory { form }) = query {
            self.effects.push(Effect::LoadHistory { caller, form });
        } else {
            self.refuse(caller, Problem::new(Code::Offline, t::engine::there_is_no_connection()));
        }
    }

    fn send_query(&mut self, caller: Caller, query: AnyQuery) {
        let pending = Pending::Query(caller, Box::new(query.clone()));
        self.request(ToServer::Query(query), pending);
    }

    pub(super) fn query_answered(&mut self, caller: Caller, query: &AnyQuery, reply: AnyReply) {
        if let (AnyQuery::GetHistory(query), AnyReply::GetHistory(versions)) = (query, &reply) {
            self.effects.push(Effect::Cache(CacheWrite::History {
                form: query.form,
                versions: versions.clone(),
            }));
        }
        if let AnyReply::RemoveSecondFactor(account) | AnyReply::ShowPlace(account) = &reply {
            self.account_changed(account);
        }
        self.answer(caller, reply);
    }

    fn answer(&mut self, caller: Caller, reply: AnyReply) {
        self.reply(caller, Reply::Query(Box::new(reply)));
    }

    /// The connection broke before a query was answered.
    pub(super) fn query_lost(&mut self, caller: Caller, query: AnyQuery) {
        let Some(query) = self.comment_later(caller, query) else {
            return;
        };
        match query.repeat() {
            Repeat::Idempotent | Repeat::Operation(_) => self.lost_queries.push(self.clock.now, caller, query),
            Repeat::Read => {
                let problem = Problem::new(Code::Offline, t::engine::the_connection_broke_try());
                self.refuse(caller, problem);
            }
        }
    }

    /// Sends again what was not answered.
    pub(super) fn send_lost_queries(&mut self) {
        for (caller, query, _) in std::mem::take(&mut self.lost_queries).0 {
            self.send_query(caller, query);
        }
    }

    /// Whoever has waited too long hears that it is not known what came of it.
    pub(super) fn expire_lost_queries(&mut self) {
        for caller in self.lost_queries.take_expired(self.clock.now) {
            let why = t::engine::may_have_been_done();
            self.refuse(caller, Problem::new(Code::Offline, why));
        }
    }

    pub(super) fn loaded_page(&mut self, caller: Caller, page: Option<Page>) {
        match page {
            Some(page) => self.answer(caller, AnyReply::GetPage(page)),
            None => self.refuse_uncached(caller, t::engine::this_list_was_never()),
        }
    }

    pub(super) fn loaded_history(&mut self, caller: Caller, versions: Option<Vec<SavedVersion>>) {
        match versions {
            Some(versions) => self.answer(caller, AnyReply::GetHistory(versions)),
            None => self.refuse_uncached(caller, t::engine::history_never_opened()),
        }
    }

    fn refuse_uncached(&mut self, caller: Caller, why: &str) {
        self.refuse(caller, Problem::new(Code::Offline, why));
    }
}
