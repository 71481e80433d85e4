//! Asks before something is deleted for ever.

use patternfly_yew::prelude::*;
use yew::prelude::*;

use crate::components::Dialog;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct PurgeDialogProps {
    /// What would go: “3 records”.
    pub(crate) what: AttrValue,
    pub(crate) on_purge: Callback<()>,
    pub(crate) on_cancel: Callback<()>,
}

/// The dialog.
#[component]
pub(crate) fn PurgeDialog(props: &PurgeDialogProps) -> Html {
    html! {
        <Dialog title={format!("Delete {} for ever?", props.what)} on_cancel={props.on_cancel.clone()}>
            <p>{ "Nothing of it can be brought back: values, versions, comments and what was unsaved in it go too." }</p>
            <div class="baton-actions">
                <Button id="purge-yes" variant={ButtonVariant::Danger} label="Delete for ever"
                    onclick={props.on_purge.reform(|_: MouseEvent| ())} />
                <Button id="purge-no" variant={ButtonVariant::Secondary} label="Cancel"
                    onclick={props.on_cancel.reform(|_: MouseEvent| ())} />
            </div>
        </Dialog>
    }
}
