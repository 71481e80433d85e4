//! Being told of every save of a record.

use baton_locales::t;
use baton_protocol::id::RecordId;
use baton_protocol::message::{FollowRecord, IsFollowed};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::backend;
use crate::components::use_toaster;
use crate::hooks::use_live;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct FollowRecordButtonProps {
    pub(crate) record: RecordId,
}

/// Turns it on and off.
#[component]
pub(crate) fn FollowRecordButton(props: &FollowRecordButtonProps) -> Html {
    let record = props.record;
    let follows = use_state_eq(|| None::<bool>);
    let live = use_live();
    let toaster = use_toaster();
    {
        let follows = follows.setter();
        use_effect_with((record, live), move |(record, _)| {
            let query = IsFollowed { record: *record };
            spawn_local(async move {
                // Without the server it is not known.
                follows.set(backend::query(query).await.ok());
            });
        });
    }
    let Some(now) = *follows else {
        return Html::default();
    };
    let onclick = {
        let (follows, toaster) = (follows.setter(), toaster.clone());
        Callback::from(move |_: MouseEvent| {
            let (follows, toaster, follow) = (follows.clone(), toaster.clone(), !now);
            spawn_local(async move {
                match (backend::query(FollowRecord { record, follow }).await, toaster) {
                    (Ok(()), _) => follows.set(Some(follow)),
                    (Err(problem), Some(toaster)) => toaster.failed("follow", problem.message.to_string()),
                    (Err(_), None) => {}
                }
            });
        })
    };
    let (icon, label) = if now {
        ("fas fa-bell", t::form::told_of_every_save())
    } else {
        ("far fa-bell", t::form::tell_me_of_every_save())
    };
    html! {
        <button type="button" id="follow-record" class="baton-tool" aria-pressed={now.to_string()} {onclick}>
            <i class={icon} aria-hidden="true" />
            { label }
        </button>
    }
}
