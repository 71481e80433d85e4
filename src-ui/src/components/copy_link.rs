//! A record's link, for a mail or a note.

use baton_protocol::id::{EntityId, RecordId};
use baton_protocol::record_link::RecordLink;
use patternfly_yew::prelude::*;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::components::{copy, notice};

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct CopyLinkProps {
    /// The record's entity.
    pub(crate) entity: EntityId,
    /// Which record.
    pub(crate) record: RecordId,
    /// The server that keeps it.
    pub(crate) server: Option<String>,
}

/// The button.
#[component]
pub(crate) fn CopyLink(props: &CopyLinkProps) -> Html {
    let toaster = use_toaster();
    let link = RecordLink {
        entity: props.entity,
        record: props.record,
        server: props.server.clone(),
    };
    let onclick = Callback::from(move |_: MouseEvent| {
        let (toaster, link) = (toaster.clone(), link.to_string());
        spawn_local(async move {
            let (kind, text) = if copy(&link).await {
                (AlertType::Success, "The link is copied.".to_owned())
            } else {
                // To copy by hand.
                (AlertType::Info, link)
            };
            if let Some(toaster) = toaster {
                toaster.toast(notice(kind, text));
            }
        });
    });
    html! { <Button id="copy-link" variant={ButtonVariant::Link} {onclick} label="Copy link" /> }
}
