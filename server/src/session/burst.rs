//! Changes of one form that arrived together: they are carried out together, and each has its own answer.

use baton_protocol::form::{FormCommand, MAX_UNDER_WAY};
use baton_protocol::id::FormKey;
use baton_protocol::message::{Purpose, Request, ToClient, ToServer};
use tokio::time::Instant;

use super::dispatch::parse;
use super::{Reason, Received, Session, Socket};

/// The most messages that are carried out together: of so many it is known that they were, if they are repeated (G8).
const MAX_BURST: usize = MAX_UNDER_WAY;

/// What is answered at once.
pub(super) enum Work {
    One(Request),
    /// Changes of one form, each with the number of its request.
    Burst(FormKey, Vec<(u64, FormCommand)>),
    /// Nothing: it could not be read.
    Refused(Box<ToClient>),
}

impl Session {
    /// The request; of a change with the changes of the same form that arrived together with it. What follows them stays
    /// for later.
    pub(super) fn gather(&mut self, socket: &mut Socket, first: Request) -> Work {
        let Some(form) = changed_form(&first).filter(|_| self.account.is_some()) else {
            return Work::One(first);
        };
        let mut changes: Vec<(u64, FormCommand)> = into_change(first).into_iter().collect();
        while changes.len() < MAX_BURST
            && let Some(next) = socket.arrived()
        {
            let request = match &next {
                Ok(Received::Text(text)) => parse(text).ok(),
                Ok(_) | Err(_) => None,
            };
            let same = request.filter(|request| changed_form(request) == Some(form));
            let Some(change) = same.and_then(into_change) else {
                self.unread = Some(next);
                break;
            };
            changes.push(change);
        }
        Work::Burst(form, changes)
    }

    /// Answers what there is to answer; says whether the session goes on.
    pub(super) async fn answer_work(&mut self, work: Work) -> (Vec<ToClient>, Result<(), Reason>) {
        match work {
            Work::One(request) => {
                let (reply, then) = self.answer(request).await;
                (vec![reply], then)
            }
            Work::Burst(form, changes) => (self.answer_burst(form, changes).await, Ok(())),
            Work::Refused(refused) => (vec![*refused], Ok(())),
        }
    }

    async fn answer_burst(&mut self, form: FormKey, changes: Vec<(u64, FormCommand)>) -> Vec<ToClient> {
        let began = Instant::now();
        let (ids, commands): (Vec<u64>, Vec<FormCommand>) = changes.into_iter().unzip();
        self.is_active(Purpose::Act);
        let results = match self.refresh(false).await.and_then(|()| self.viewer()) {
            Ok(viewer) => self.change_all(&viewer, form, commands).await,
            Err(problem) => ids.iter().map(|_| Err(problem.clone())).collect(),
        };
        let replies = ids.into_iter().zip(results);
        replies.map(|(id, result)| self.reply_to(id, began, result)).collect()
    }
}

/// The form whose draft a request changes, if that is what it does.
fn changed_form(request: &Request) -> Option<FormKey> {
    let ToServer::Form { form, command } = &request.body else {
        return None;
    };
    matches!(command, FormCommand::Change { .. }).then_some(*form)
}

/// What a request does with a form, with the number of the request.
fn into_change(request: Request) -> Option<(u64, FormCommand)> {
    let Request { id, body } = request;
    let ToServer::Form { command, .. } = body else {
        return None;
    };
    Some((id, command))
}
