//! The handle to the engine: cheap to clone, answers when the engine has taken the call.

use baton_locales::t;
use baton_protocol::desktop::QueryServer;
use baton_protocol::message::{Code, Problem, Query};
use tokio::sync::{mpsc, oneshot};

use crate::core::{Call, Reply, Window};

/// A window's call with the way back for its answer.
pub(crate) type Asked = (Window, Call, oneshot::Sender<Result<Reply, Problem>>);

/// The handle to a running engine.
#[derive(Clone, Debug)]
pub struct Handle {
    calls: mpsc::Sender<Asked>,
}

impl Handle {
    pub(crate) fn new(calls: mpsc::Sender<Asked>) -> Self {
        Self { calls }
    }

    /// Asks the engine and waits for its answer.
    ///
    /// # Errors
    /// Why it was refused; [`Code::Offline`] if the engine has ended.
    pub async fn call(&self, window: Window, call: impl Into<Call>) -> Result<Reply, Problem> {
        let ended = || Problem::new(Code::Offline, t::engine::the_program_is_closing());
        let (answer, reply) = oneshot::channel();
        self.calls
            .send((window, call.into(), answer))
            .await
            .map_err(|_| ended())?;
        reply.await.map_err(|_| ended())?
    }

    /// Sends a query to the server.
    ///
    /// # Errors
    /// Why it was refused.
    pub async fn query<Q: Query>(&self, window: Window, query: Q) -> Result<Q::Reply, Problem> {
        let query = query.into();
        let Reply::Query(reply) = self.call(window, QueryServer { query }).await? else {
            return Err(Problem::unexpected_answer());
        };
        Q::reply(*reply).ok_or_else(Problem::unexpected_answer)
    }
}
