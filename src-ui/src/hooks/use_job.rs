//! Work on many records: begun here, asked how far it is until it is over.

use std::rc::Rc;

use baton_protocol::id::JobId;
use baton_protocol::job::{Job, JobState};
use baton_protocol::message::{CancelJob, Code, GetJobState, Problem, StartJob};
use gloo_timers::future::TimeoutFuture;
use uuid::Uuid;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::backend;

/// How long between two questions, in milliseconds.
const ASK_AGAIN: u32 = 200;

/// What is known of the work.
#[derive(Clone, PartialEq, Default)]
pub(crate) enum Work {
    /// None was begun.
    #[default]
    None,
    /// It goes on.
    Going(JobState),
    /// It is over.
    Over(Rc<JobState>),
    /// It did not begin, or nothing is known of it any more.
    Failed(Problem),
}

/// The work, and the ways to begin and to end it.
#[derive(Clone, PartialEq)]
pub(crate) struct JobHandle {
    /// What is known of it.
    pub(crate) work: Work,
    /// Its id, once it was begun.
    pub(crate) id: Option<JobId>,
    /// Begins it, in place of what was.
    pub(crate) begin: Callback<Job>,
    /// Ends it.
    pub(crate) cancel: Callback<()>,
    /// Forgets it.
    pub(crate) forget: Callback<()>,
}

/// One job at a time.
#[hook]
pub(crate) fn use_job() -> JobHandle {
    let work = use_state_eq(Work::default);
    let id = use_mut_ref(|| None::<JobId>);
    // Grows with every job, so that the answers of an earlier one are passed over.
    let turn = use_mut_ref(|| 0u64);
    // Whether the present one is to end as soon as it has an id.
    let unwanted = use_mut_ref(|| false);
    // Nobody asks any more when the page is left.
    let left = Rc::clone(&turn);
    use_effect_with((), move |()| move || *left.borrow_mut() += 1);
    let begin = {
        let (work, id, turn) = (work.setter(), Rc::clone(&id), Rc::clone(&turn));
        let unwanted = Rc::clone(&unwanted);
        Callback::from(move |job: Job| {
            *turn.borrow_mut() += 1;
            *id.borrow_mut() = None;
            *unwanted.borrow_mut() = false;
            let mine = *turn.borrow();
            let (work, id, turn) = (work.clone(), Rc::clone(&id), Rc::clone(&turn));
            let unwanted = Rc::clone(&unwanted);
            work.set(Work::Going(JobState::default()));
            spawn_local(async move {
                let report = |now: Work| {
                    if *turn.borrow() == mine {
                        work.set(now);
                    }
                };
                let started = JobId(Uuid::now_v7());
                if let Err(problem) = backend::query(StartJob { id: started, job }).await {
                    return report(Work::Failed(problem));
                }
                if *turn.borrow() == mine {
                    *id.borrow_mut() = Some(started);
                }
                if *unwanted.borrow() || *turn.borrow() != mine {
                    end(started);
                }
                while *turn.borrow() == mine {
                    match backend::query(GetJobState { job: started }).await {
                        Ok(state) if state.outcome.is_some() => {
                            return report(Work::Over(Rc::new(state)));
                        }
                        Ok(state) => report(Work::Going(state)),
                        // The connection comes back; the work goes on without it.
                        Err(problem) if problem.code == Code::Offline => {}
                        Err(problem) => return report(Work::Failed(problem)),
                    }
                    TimeoutFuture::new(ASK_AGAIN).await;
                }
            });
        })
    };
    let cancel = {
        let id = Rc::clone(&id);
        Callback::from(move |()| match *id.borrow() {
            Some(job) => end(job),
            None => *unwanted.borrow_mut() = true,
        })
    };
    let forget = {
        let (work, turn) = (work.setter(), turn);
        Callback::from(move |()| {
            *turn.borrow_mut() += 1;
            work.set(Work::None);
        })
    };
    let (work, id) = ((*work).clone(), *id.borrow());
    JobHandle {
        work,
        id,
        begin,
        cancel,
        forget,
    }
}

fn end(job: JobId) {
    spawn_local(async move {
        // One that is over already cannot be ended.
        backend::query(CancelJob { job }).await.ok();
    });
}
