//! Changes of one form that arrived together: they are carried out together, and each has its own answer.

use baton_protocol::form::FormCommand;
use baton_protocol::id::FormKey;
use baton_protocol::message::{Purpose, Request, ToClient, ToServer};
use tokio::time::Instant;

use super::dispatch::parse;
use super::{Reason, Received, Session, Socket};

/// The most messages that are carried out together.
const MAX_BURST: usize = 64;

/// What is answered at once.
pub(super) enum Work {
    One(Request),
    /// Changes of one form, each with the number of its request.
    Burst(FormKey, Vec<(u64, FormCommand)>),
    /// Nothing: it could not be read.
    Refused(ToClient),
}

impl Session {
    /// The request; of a change with the changes of the same form that arrived together with it. What follows them stays
    /// for later.
    pub(super) fn gather(&mut self, socket: &mut Socket, first: Request) -> Work {
        if self.account.is_none() {
            return Work::One(first);
        }
        let (form, first) = match as_change(first) {
            Ok(change) => change,
            Err(other) => return Work::One(other),
        };
        let mut changes = vec![first];
        while changes.len() < MAX_BURST
            && let Some(next) = socket.arrived()
        {
            let change = match &next {
                Ok(Received::Text(text)) => parse(text).ok().and_then(|request| as_change(request).ok()),
                Ok(_) | Err(_) => None,
            };
            match change {
                Some((same, change)) if same == form => changes.push(change),
                Some(_) | None => {
                    self.unread = Some(next);
                    break;
                }
            }
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
            Work::Refused(refused) => (vec![refused], Ok(())),
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

/// A change of a form, with the number of its request; any other request as it is.
fn as_change(request: Request) -> Result<(FormKey, (u64, FormCommand)), Request> {
    match request {
        Request {
            id,
            body:
                ToServer::Form {
                    form,
                    command: command @ FormCommand::Change { .. },
                },
        } => Ok((form, (id, command))),
        other => Err(other),
    }
}
