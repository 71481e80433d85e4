//! Being told of every save of a record.

use baton_locales::t;
use baton_protocol::id::RecordId;
use baton_protocol::message::{FollowRecord, IsFollowed};
use yew::prelude::*;

use crate::backend;
use crate::components::record_toggle::use_record_toggle;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct FollowRecordButtonProps {
    pub(crate) record: RecordId,
}

/// Turns it on and off.
#[component]
pub(crate) fn FollowRecordButton(props: &FollowRecordButtonProps) -> Html {
    let read = async |record| backend::query(IsFollowed { record }).await;
    let write = async |record, follow| backend::query(FollowRecord { record, follow }).await;
    let Some((now, onclick)) = use_record_toggle(props.record, 0, "follow", read, write) else {
        return Html::default();
    };
    let (icon, label) = if now {
        ("fas fa-bell", t::form::told_of_every_save())
    } else {
        ("fas fa-bell baton-outlined", t::form::tell_me_of_every_save())
    };
    html! {
        <button type="button" id="follow-record" class="baton-tool" aria-pressed={now.to_string()} {onclick}>
            <i class={icon} aria-hidden="true" />
            { label }
        </button>
    }
}
