//! What is asked of the server for a caller who waits, and for no open form or watched topic.

use baton_protocol::id::FormKey;
use baton_protocol::list::Page;
use baton_protocol::message::{Answer, Code, Problem, ToServer};

use super::{Caller, Core, Effect, Now, PageAsked, Pending, Reply};

impl Core {
    /// Asks what the caller asks for. Without the server only a page is answered, from what is remembered.
    pub(super) fn ask(&mut self, now: Now, caller: Caller, body: ToServer) {
        if !is_errand(&body) {
            let problem = Problem::new(Code::Malformed, "This is asked in another way.");
            return self.refuse(caller, problem);
        }
        if self.ready() {
            return self.request(now, body, Pending::Ask(caller));
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
            return self.effects.push(Effect::RecallPage { caller, page });
        }
        self.refuse_offline(caller);
    }

    pub(super) fn recalled_page(&mut self, caller: Caller, page: Option<Page>) {
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
    pub(super) fn errand(&mut self, now: Now, caller: Caller, body: ToServer) {
        if self.ready() {
            self.request(now, body, Pending::Errand(caller));
        } else {
            self.refuse_offline(caller);
        }
    }

    pub(super) fn history(&mut self, now: Now, caller: Caller, form: FormKey) {
        if self.ready() {
            self.request(now, ToServer::History { form }, Pending::History(caller));
        } else {
            let problem = Problem::new(
                Code::Offline,
                "The history is on the server, and there is no connection.",
            );
            self.refuse(caller, problem);
        }
    }
}

/// Whether it can be asked for a caller: it is about no open form, and nobody else waits for its answer.
fn is_errand(body: &ToServer) -> bool {
    matches!(
        body,
        ToServer::Page { .. }
            | ToServer::Titles { .. }
            | ToServer::Move { .. }
            | ToServer::Views { .. }
            | ToServer::KeepView { .. }
            | ToServer::DropView { .. }
            | ToServer::Impact { .. }
            | ToServer::Begin { .. }
            | ToServer::JobState { .. }
            | ToServer::Cancel { .. }
            | ToServer::Upload { .. }
            | ToServer::Download { .. }
            | ToServer::Keep { .. }
            | ToServer::Thumbnail { .. }
            | ToServer::People
            | ToServer::AddPerson { .. }
            | ToServer::ChangePerson { .. }
    )
}
