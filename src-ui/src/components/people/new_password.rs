//! A password that is shown once, to be handed on.

use patternfly_yew::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use yew::prelude::*;

use crate::components::Dialog;

/// A password, and whose it is.
#[derive(Clone, PartialEq)]
pub(crate) struct GivenPassword {
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) password: String,
}

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct NewPasswordDialogProps {
    pub(crate) given: GivenPassword,
    pub(crate) on_close: Callback<()>,
}

/// The dialog.
#[component]
pub(crate) fn NewPasswordDialog(props: &NewPasswordDialogProps) -> Html {
    let GivenPassword { name, email, password } = props.given.clone();
    let copied = use_state_eq(|| false);
    let copy = {
        let (copied, password) = (copied.setter(), password.clone());
        Callback::from(move |_: MouseEvent| {
            let (copied, password) = (copied.clone(), password.clone());
            spawn_local(async move {
                let clipboard = gloo_utils::window().navigator().clipboard();
                copied.set(JsFuture::from(clipboard.write_text(&password)).await.is_ok());
            });
        })
    };
    let close = props.on_close.reform(|_: MouseEvent| ());
    html! {
        <Dialog title={format!("Password for {name}")} on_cancel={props.on_close.clone()}>
            <p>{ format!("{name} signs in as {email} with this password, and chooses their own then.") }</p>
            <p class="baton-password" id="given-password">{ &password }</p>
            <p class="baton-quiet">{ "It is shown only now. Hand it on in a way that nobody else reads." }</p>
            <div class="baton-actions">
                <Button id="password-done" variant={ButtonVariant::Primary} onclick={close} label="Done" />
                <Button id="copy-password" variant={ButtonVariant::Secondary} onclick={copy}
                    label={if *copied { "Copied" } else { "Copy" }} />
            </div>
        </Dialog>
    }
}
