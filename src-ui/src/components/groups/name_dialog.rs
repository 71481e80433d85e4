//! What a group is called.

use baton_locales::t;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use baton_protocol::rights::MAX_GROUP_NAME;
use patternfly_yew::prelude::*;

use crate::components::Dialog;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct GroupNameDialogProps {
    /// What is done with the name.
    pub(crate) title: AttrValue,
    /// The name at the beginning.
    #[prop_or_default]
    pub(crate) name: AttrValue,
    /// What the button says.
    pub(crate) yes: AttrValue,
    /// A name was given.
    pub(crate) on_name: Callback<String>,
    pub(crate) on_cancel: Callback<()>,
}

/// The dialog.
#[component]
pub(crate) fn GroupNameDialog(props: &GroupNameDialogProps) -> Html {
    let input = use_node_ref();
    let onsubmit = {
        let (input, on_name) = (input.clone(), props.on_name.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if let Some(input) = input.cast::<HtmlInputElement>() {
                on_name.emit(input.value());
            }
        })
    };
    let cancel = props.on_cancel.reform(|_: MouseEvent| ());
    html! {
        <Dialog title={props.title.clone()} on_cancel={props.on_cancel.clone()}>
            <form class="pf-v6-c-form" {onsubmit}>
                <div class="pf-v6-c-form__group">
                    <label class="baton-label" for="group-name">{ t::people::name() }</label>
                    <span class="pf-v6-c-form-control">
                        <input id="group-name" ref={input} value={props.name.clone()} required=true
                            maxlength={MAX_GROUP_NAME.to_string()} autocomplete="off" />
                    </span>
                </div>
                <div class="baton-actions">
                    <Button id="group-yes" r#type={ButtonType::Submit} variant={ButtonVariant::Primary}
                        label={props.yes.to_string()} />
                    <Button id="group-no" variant={ButtonVariant::Secondary} onclick={cancel} label={t::common::cancel()} />
                </div>
            </form>
        </Dialog>
    }
}
