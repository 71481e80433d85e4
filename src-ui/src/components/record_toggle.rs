//! A mark on a record that its person sets and removes, and that the server remembers.

use baton_protocol::id::RecordId;
use baton_protocol::message::Problem;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::components::use_toaster;
use crate::hooks::use_live;

/// Returns whether the mark is set, and what a press does about it; `None` until the server has said so. It is read again
/// whenever `changes` grows.
#[hook]
pub(super) fn use_record_toggle(
    record: RecordId,
    changes: u64,
    subject: &'static str,
    read: impl AsyncFn(RecordId) -> Result<bool, Problem> + 'static,
    write: impl AsyncFn(RecordId, bool) -> Result<(), Problem> + Copy + 'static,
) -> Option<(bool, Callback<MouseEvent>)> {
    let marked = use_state_eq(|| None::<bool>);
    let live = use_live();
    let toaster = use_toaster();
    {
        let marked = marked.setter();
        use_effect_with((record, changes, live), move |(record, ..)| {
            let record = *record;
            spawn_local(async move { marked.set(read(record).await.ok()) });
        });
    }
    let now = (*marked)?;
    let onclick = Callback::from(move |_: MouseEvent| {
        let (marked, toaster) = (marked.setter(), toaster.clone());
        spawn_local(async move {
            match (write(record, !now).await, toaster) {
                (Ok(()), _) => marked.set(Some(!now)),
                (Err(problem), Some(toaster)) => toaster.failed(subject, problem.message.to_string()),
                (Err(_), None) => {}
            }
        });
    });
    Some((now, onclick))
}
