//! What lets somebody in who has no password of their own: a link, or a password, shown once, to be handed on.

use baton_locales::t;
use baton_protocol::invitation::Invitation;
use patternfly_yew::prelude::*;
use yew::prelude::*;

use crate::components::{CopyButton, Dialog};
use crate::hooks::use_session;

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
    let session = use_session();
    let server = session.state().and_then(|state| state.server.clone());
    let link = server.map(|server| {
        let (email, password) = (email.clone(), password.clone().into());
        Invitation {
            server,
            email,
            password,
        }
        .to_string()
    });
    html! {
        <Dialog title={t::people::let_in(&name)} on_cancel={props.on_close.clone()}>
            if let Some(link) = link {
                <p>{ t::people::send_this_link(&name) }</p>
                <div class="baton-handed-on">
                    <code id="invitation">{ &link }</code>
                    <CopyButton id="copy-invitation" text={link} />
                </div>
            }
            <p>{ t::people::or_with_this_password(&email) }</p>
            <div class="baton-handed-on">
                <code class="baton-password" id="given-password">{ &password }</code>
                <CopyButton id="copy-password" text={password} />
            </div>
            <p class="baton-quiet">
                { t::people::shown_only_now() }
            </p>
            <div class="baton-actions">
                <Button id="password-done" variant={ButtonVariant::Primary} onclick={close} label={t::common::done()} />
            </div>
        </Dialog>
    }
}
