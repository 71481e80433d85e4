//! Asks before something is done that cannot be taken for granted.

use baton_locales::t;
use patternfly_yew::prelude::*;
use yew::prelude::*;

use crate::components::Dialog;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct ConfirmDialogProps {
    /// What the ids of the buttons begin with: `purge` gives `purge-yes` and `purge-no`.
    pub(crate) id: &'static str,
    /// The question.
    pub(crate) title: AttrValue,
    /// What follows from a yes.
    pub(crate) text: AttrValue,
    /// The label of the button that says yes.
    pub(crate) yes: AttrValue,
    /// Whether a yes takes something away.
    #[prop_or(true)]
    pub(crate) danger: bool,
    pub(crate) on_yes: Callback<()>,
    pub(crate) on_cancel: Callback<()>,
}

/// The dialog. It is closed by whoever shows it.
#[component]
pub(crate) fn ConfirmDialog(props: &ConfirmDialogProps) -> Html {
    let variant = if props.danger {
        ButtonVariant::Danger
    } else {
        ButtonVariant::Primary
    };
    html! {
        <Dialog title={props.title.clone()} on_cancel={props.on_cancel.clone()}>
            <p>{ &props.text }</p>
            <div class="baton-actions">
                <Button id={format!("{}-yes", props.id)} {variant} label={props.yes.to_string()}
                    onclick={props.on_yes.reform(|_: MouseEvent| ())} />
                <Button id={format!("{}-no", props.id)} variant={ButtonVariant::Secondary} label={t::common::cancel()}
                    onclick={props.on_cancel.reform(|_: MouseEvent| ())} />
            </div>
        </Dialog>
    }
}

/// The question before something is deleted for ever: “3 records”.
pub(crate) fn confirm_purge(what: &str, on_yes: Callback<()>, on_cancel: Callback<()>) -> Html {
    html! {
        <ConfirmDialog id="purge" title={t::common::ask_to_delete_for_ever(what)} yes={t::common::delete_for_ever()} {on_yes} {on_cancel}
            text={t::common::nothing_can_be_brought_back()} />
    }
}
