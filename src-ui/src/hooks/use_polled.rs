//! What the server does not tell by itself is asked for again and again, for as long as it is shown.

use std::rc::Rc;

use baton_protocol::message::{Problem, Query};
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::backend;

/// The last reply to a query that is sent every so many milliseconds while the server is reached; `None` before the
/// first.
#[hook]
pub(crate) fn use_polled<Q>(
    query: Q,
    live: bool,
    every_ms: u32,
) -> UseStateHandle<Option<Result<Rc<Q::Reply>, Problem>>>
where
    Q: Query + Clone + 'static,
    Q::Reply: PartialEq + 'static,
{
    let reply = use_state_eq(|| None);
    let set = reply.setter();
    use_effect_with(live, move |live| {
        let shown = Rc::new(());
        let (watch, live) = (Rc::downgrade(&shown), *live);
        spawn_local(async move {
            while live && watch.strong_count() > 0 {
                let now = backend::query(query.clone()).await;
                if watch.strong_count() > 0 {
                    set.set(Some(now.map(Rc::new)));
                }
                TimeoutFuture::new(every_ms).await;
            }
        });
        move || drop(shown)
    });
    reply
}
