//! The first sign-in with a password that somebody gave: its person chooses their own.

use baton_protocol::desktop::{Link, SignOut};
use patternfly_yew::prelude::*;
use yew::prelude::*;

use crate::backend;
use crate::components::{Entrance, LinkNotice, PasswordForm, PresentPassword};
use crate::hooks::use_session;

/// The page.
#[component]
pub(crate) fn ChoosePassword() -> Html {
    let session = use_session();
    let Some((state, account)) = session.state().and_then(|state| Some((state, state.account.clone()?))) else {
        return Html::default();
    };
    let invited = state
        .invitation
        .as_ref()
        .filter(|invited| invited.email == account.email);
    let name = &account.person.name;
    let (text, current) = match invited {
        Some(invited) => (
            format!(
                "Welcome, {name}. From now on you sign in as {} with a password that only you know.",
                account.email
            ),
            PresentPassword::Known(invited.password.clone()),
        ),
        None => (
            format!("{name}, the password you signed in with was given to you. Choose one that only you know."),
            PresentPassword::Asked("The password you were given"),
        ),
    };
    let sign_out = Callback::from(|_: MouseEvent| backend::send_quietly(SignOut {}));
    html! {
        <Entrance title="Choose your password" {text}>
            <LinkNotice link={state.link.clone()} />
            <PasswordForm {account} {current} live={state.link == Link::Live} />
            <div class="baton-other-server">
                <Button id="sign-out" variant={ButtonVariant::Link} onclick={sign_out} label="Sign out" />
            </div>
        </Entrance>
    }
}
