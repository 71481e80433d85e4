//! The only place that knows Tauri: calls to the shell, and its events.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::pin::pin;
use std::rc::Rc;

use baton_locales::t;
use baton_protocol::codec;
use baton_protocol::desktop::{NextEvents, QueryServer, Start, Started, UiCall, UiEvent};
use baton_protocol::message::{Code, Problem, Query};
use futures_channel::mpsc::{UnboundedSender, unbounded};
use futures_util::StreamExt as _;
use futures_util::future::{Either, select};
use gloo_timers::future::TimeoutFuture;
use js_sys::{Function, JSON, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use yew::Callback;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["window", "__TAURI__", "core"])]
    async fn invoke(command: &str, arguments: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_namespace = ["window", "__TAURI__", "core"], js_name = invoke)]
    fn begin_to_invoke(command: &str, arguments: &JsValue) -> Result<Promise, JsValue>;
}

/// Snapshots of lists are the largest thing that the shell hands over.
const MAX_BYTES: usize = 64 * 1024 * 1024;

/// How long the shell may take to answer with events, in milliseconds: it answers after ten seconds if there are none.
const NO_ANSWER_MS: u32 = 20_000;

/// After how long a page asks once more, if it was refused.
const ASK_AGAIN_MS: u32 = 250;

/// Asks the shell and waits for its answer.
///
/// # Errors
/// Why it was refused.
pub(crate) async fn call<C: UiCall>(call: C) -> Result<C::Reply, Problem> {
    let arguments = arguments(call).map_err(|error| unreadable(&error))?;
    match invoke(C::COMMAND, &arguments).await {
        Ok(reply) => decode(&reply),
        Err(problem) => Err(decode(&problem).unwrap_or_else(|_| unreadable(&problem))),
    }
}

/// Asks the shell, from a program that failed and runs no tasks any more.
///
/// # Errors
/// If even that fails.
pub(crate) fn call_without_tasks<C: UiCall>(call: C, answered: impl FnOnce(C::Reply) + 'static) -> Result<(), JsValue> {
    let answered = Closure::once_into_js(move |reply: JsValue| {
        if let Ok(reply) = decode(&reply) {
            answered(reply);
        }
    });
    let answer = begin_to_invoke(C::COMMAND, &arguments(call)?.into())?;
    let then: Function = Reflect::get(&answer, &"then".into())?.dyn_into()?;
    then.call1(&answer, &answered).map(drop)
}

fn arguments<C: UiCall>(call: C) -> Result<Object, JsValue> {
    let arguments = Object::new();
    let body = JSON::parse(&codec::encode(&C::Argument::from(call)))?;
    Reflect::set(&arguments, &"call".into(), &body)?;
    Ok(arguments)
}

/// Sends a query to the server.
///
/// # Errors
/// Why it was refused.
pub(crate) async fn query<Q: Query>(query: Q) -> Result<Q::Reply, Problem> {
    let query = query.into();
    Q::reply(call(QueryServer { query }).await?).ok_or_else(Problem::unexpected_answer)
}

/// Asks for everything that the first page needs, and listens to the shell's events from now on.
///
/// # Errors
/// If the shell does not answer.
pub(crate) async fn start() -> Result<Started, Problem> {
    let started = call(Start {}).await?;
    spawn_local(hear_events());
    Ok(started)
}

/// Tells the listeners whatever happens, as long as the page lives.
async fn hear_events() {
    let mut after = 0;
    loop {
        let answer = pin!(call(NextEvents { after }));
        match select(answer, TimeoutFuture::new(NO_ANSWER_MS)).await {
            Either::Left((Ok(batch), _)) => {
                // The same may be answered twice.
                if batch.number > after {
                    after = batch.number;
                    batch.events.into_iter().for_each(dispatch);
                }
            }
            Either::Left((Err(problem), _)) if problem.code == Code::TooLarge => {
                log(&problem.message.to_string());
                gloo_utils::window().location().reload().ok();
                return;
            }
            Either::Left((Err(problem), _)) => {
                log(&problem.message.to_string());
                TimeoutFuture::new(ASK_AGAIN_MS).await;
            }
            // It was lost on its way.
            Either::Right(_) => {}
        }
    }
}

fn decode<T: serde::de::DeserializeOwned>(value: &JsValue) -> Result<T, Problem> {
    let text = JSON::stringify(value).map_err(|error| unreadable(&error))?;
    codec::decode_large(&String::from(text), MAX_BYTES)
}

fn unreadable(error: &JsValue) -> Problem {
    Problem::new(Code::Internal, t::shell::unreadable_answer(format!("{error:?}")))
}

type Job = std::pin::Pin<Box<dyn Future<Output = ()>>>;
/// Long lists are told to many: they share them.
type Listener = Callback<Rc<UiEvent>>;

thread_local! {
    static LISTENERS: RefCell<(u64, BTreeMap<u64, Listener>)> = RefCell::default();
    static JOBS: UnboundedSender<Job> = ordered_jobs();
}

/// Calls that are sent through here reach the engine in their order, one after the other: a
/// keystroke never overtakes the one before. `refused` hears why one was refused.
pub(crate) fn send<C: UiCall + 'static>(call: C, refused: Callback<Problem>) {
    send_and_hear(call, move |answer| {
        if let Err(problem) = answer {
            refused.emit(problem);
        }
    });
}

/// The same, where the answer is heard.
pub(crate) fn send_and_hear<C: UiCall + 'static>(
    call_in_order: C,
    answered: impl FnOnce(Result<C::Reply, Problem>) + 'static,
) {
    let job: Job = Box::pin(async move { answered(call(call_in_order).await) });
    JOBS.with(|jobs| {
        // The other end lives as long as the page.
        jobs.unbounded_send(job).ok();
    });
}

/// The same, where a refusal has nobody to be told: closing, focusing.
pub(crate) fn send_quietly<C: UiCall + 'static>(call: C) {
    send(
        call,
        Callback::from(|problem: Problem| log(&problem.message.to_string())),
    );
}

fn ordered_jobs() -> UnboundedSender<Job> {
    let (sender, mut jobs) = unbounded::<Job>();
    spawn_local(async move {
        while let Some(job) = jobs.next().await {
            job.await;
        }
    });
    sender
}

/// Hears events until it is dropped.
pub(crate) struct Subscription(u64);

impl Drop for Subscription {
    fn drop(&mut self) {
        LISTENERS.with_borrow_mut(|(_, listeners)| listeners.remove(&self.0));
    }
}

/// Hears every event from now on, until the subscription is dropped.
#[must_use]
pub(crate) fn listen(listener: Listener) -> Subscription {
    LISTENERS.with_borrow_mut(|(next, listeners)| {
        *next += 1;
        listeners.insert(*next, listener);
        Subscription(*next)
    })
}

fn dispatch(event: UiEvent) {
    let event = Rc::new(event);
    // A listener may subscribe or unsubscribe others while it listens.
    let listeners: Vec<_> = LISTENERS.with_borrow(|(_, listeners)| listeners.values().cloned().collect());
    for listener in listeners {
        listener.emit(Rc::clone(&event));
    }
}

fn log(message: &str) {
    web_sys::console::warn_1(&message.into());
}
