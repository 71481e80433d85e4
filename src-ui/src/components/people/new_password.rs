//! A password that is shown once, to be handed on.

use patternfly_yew::prelude::*;
use yew::prelude::*;

use crate::components::{CopyButton, Dialog};

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
    let close = props.on_close.reform(|_: MouseEvent| ());
    html! {
        <Dialog title={format!("Password for {name}")} on_cancel={props.on_close.clone()}>
            <p>{ format!("{name} signs in as {email} with this password, and chooses their own then.") }</p>
            <p class="baton-password" id="given-password">{ &password }</p>
            <p class="baton-quiet">{ "It is shown only now. Hand it on in a way that nobody else reads." }</p>
            <div class="baton-actions">
                <Button id="password-done" variant={ButtonVariant::Primary} onclick={close} label="Done" />
                <CopyButton id="copy-password" text={password} />
            </div>
        </Dialog>
    }
}
