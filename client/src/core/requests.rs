//! What is asked of the server for a caller who waits, and for no open form or watched topic.

use std::time::Duration;

use baton_protocol::history::SavedVersion;
use baton_protocol::id::FormKey;
use baton_protocol::list::Page;
use baton_protocol::message::{Answer, Code, Problem, ToServer};

use super::{Caller, Core, Effect, Now, PageAsked, Pending, Reply};

impl Core {
    /// Asks what the caller asks for. Without the server only a page is answered, from what is remembered.
    pub(super) fn ask(&mut self, now: Now, caller: Caller, body: ToServer) {
        if !is_question(&body) {
            let problem = Problem::new(Code::Malformed, "This is asked in another way.");
            return self.refuse(caller, problem);
        }
        if self.ready() {
            let again = once_only(&body).then(|| Box::new(body.clone()));
            return self.request(now, body, Pending::Ask(caller, again));
        }
        if let ToServer::Page {
            entity,
            query,
            after,
            rows,
            only,
        } = body
        {
            let page = PageAsked {
                entity,
                query,
                after,
                rows,
                only,
            };
            let page = Box::new(page);
            return self.effects.push(Effect::LoadPage { caller, page });
        }
        self.refuse_offline(caller);
    }

    pub(super) fn loaded_page(&mut self, caller: Caller, page: Option<Page>) {
        let reply = page.map(|page| Reply::Answer(Box::new(Answer::Page(page))));
        let reply = reply.ok_or_else(|| {
            let text = "This list was never opened on this computer, and the server cannot be reached.";
            Problem::new(Code::Offline, text)
        });
        self.effects.push(Effect::Reply(caller, reply));
    }

    fn refuse_offline(&mut self, caller: Caller) {
        let problem = Problem::new(Code::Offline, "There is no connection to the server.");
        self.refuse(caller, problem);
    }

    /// Asks the server for something that no open form waits for; the caller hears what comes of it.
    pub(super) fn forward(&mut self, now: Now, caller: Caller, body: ToServer) {
        if self.ready() {
            self.request(now, body, Pending::Request(caller));
        } else {
            self.refuse_offline(caller);
        }
    }

    pub(super) fn history(&mut self, now: Now, caller: Caller, form: FormKey) {
        if self.ready() {
            self.request(now, ToServer::History { form }, Pending::History(caller, form));
        } else {
            self.effects.push(Effect::LoadHistory { caller, form });
        }
    }

    pub(super) fn loaded_history(&mut self, caller: Caller, versions: Option<Vec<SavedVersion>>) {
        let reply = versions.map(Reply::History).ok_or_else(|| {
            let text = "This history was never opened on this computer, and the server cannot be reached.";
            Problem::new(Code::Offline, text)
        });
        self.effects.push(Effect::Reply(caller, reply));
    }

    /// The connection broke before a command was answered. Its caller waits: it is asked again.
    pub(super) fn keep_unanswered(&mut self, now: Now, caller: Caller, body: ToServer) {
        self.unanswered.push((caller, body, now + ASKED_AGAIN));
    }

    /// Asks again for what was not answered.
    pub(super) fn ask_unanswered(&mut self, now: Now) {
        for (caller, body, _) in std::mem::take(&mut self.unanswered) {
            let again = Some(Box::new(body.clone()));
            self.request(now, body, Pending::Ask(caller, again));
        }
    }

    /// Whoever has waited too long hears that it is not known what came of it.
    pub(super) fn give_up_unanswered(&mut self, now: Now) {
        let (over, waiting) = std::mem::take(&mut self.unanswered)
            .into_iter()
            .partition(|(.., until)| *until <= now);
        self.unanswered = waiting;
        let over: Vec<(Caller, ToServer, Now)> = over;
        for (caller, ..) in over {
            let why =
                "The connection broke before the server answered. It may have been done: look before you try again.";
            self.refuse(caller, Problem::new(Code::Offline, why));
        }
    }
}

/// How long a command whose answer was lost waits for the next connection.
const ASKED_AGAIN: Duration = Duration::from_secs(60);

/// Whether it has its effect once, however often it is asked: it carries an id.
fn once_only(body: &ToServer) -> bool {
    matches!(
        body,
        ToServer::StartJob { .. }
            | ToServer::Move { .. }
            | ToServer::CommitUpload { .. }
            | ToServer::AddPerson { .. }
            | ToServer::ChangePerson { .. }
            | ToServer::SaveView { .. }
            | ToServer::DeleteView { .. }
            | ToServer::Upload { .. }
            | ToServer::Cancel { .. }
    )
}

/// Whether it can be asked for a caller: it is about no open form, and nobody else waits for its answer.
fn is_question(body: &ToServer) -> bool {
    matches!(
        body,
        ToServer::Page { .. }
            | ToServer::Titles { .. }
            | ToServer::Move { .. }
            | ToServer::Views { .. }
            | ToServer::SaveView { .. }
            | ToServer::DeleteView { .. }
            | ToServer::Impact { .. }
            | ToServer::StartJob { .. }
            | ToServer::JobState { .. }
            | ToServer::Cancel { .. }
            | ToServer::Upload { .. }
            | ToServer::Download { .. }
            | ToServer::CommitUpload { .. }
            | ToServer::Thumbnail { .. }
            | ToServer::AllDrafts
            | ToServer::People
            | ToServer::AddPerson { .. }
            | ToServer::ChangePerson { .. }
    )
}
