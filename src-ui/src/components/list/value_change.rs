//! One value of one record, changed from elsewhere than its form: what is dragged to another place has another value.

use baton_protocol::id::{EntityId, JobId, RecordId};
use baton_protocol::job::{BulkAction, Job, RecordSelection};
use baton_protocol::message::{GetJobState, Problem, StartJob};
use baton_protocol::values::Values;
use gloo_timers::future::TimeoutFuture;
use uuid::Uuid;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::backend;
use crate::components::use_toaster;

/// How long between two questions, in milliseconds.
const ASK_AGAIN: u32 = 100;

/// Changes values of a record through its form, as work on many records does: whoever edits it goes first. What was not
/// done is said.
#[hook]
pub(super) fn use_value_change(entity: EntityId) -> Callback<(RecordId, Values)> {
    let toaster = use_toaster();
    Callback::from(move |(record, values): (RecordId, Values)| {
        let toaster = toaster.clone();
        spawn_local(async move {
            let why = match change(entity, record, values).await {
                Ok(None) => return,
                Ok(Some(why)) => why,
                Err(problem) => problem.message,
            };
            if let Some(toaster) = toaster {
                toaster.failed("move", why);
            }
        });
    })
}

/// Changes it; returns why it was left as it is, if it was.
async fn change(entity: EntityId, record: RecordId, values: Values) -> Result<Option<String>, Problem> {
    let job = Job::Bulk {
        entity,
        which: RecordSelection::Records(vec![record]),
        action: BulkAction::Set(values),
    };
    let id = JobId(Uuid::now_v7());
    backend::query(StartJob { id, job }).await?;
    loop {
        let state = backend::query(GetJobState { job: id }).await?;
        if let Some(outcome) = state.outcome {
            let fault = outcome.faults.into_iter().next().map(|fault| fault.message);
            return Ok(outcome.problem.or(fault));
        }
        TimeoutFuture::new(ASK_AGAIN).await;
    }
}
