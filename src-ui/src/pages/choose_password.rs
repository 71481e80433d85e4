//! The first sign-in with a password that somebody gave: its person chooses their own.

use baton_locales::t;
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
            t::sign_in::welcome_choose_password(name, &account.email),
            PresentPassword::Known(invited.password.clone()),
        ),
        None => (
            t::sign_in::given_password_ends(name),
            PresentPassword::Asked(t::sign_in::password_you_were_given()),
        ),
    };
    let sign_out = Callback::from(|_: MouseEvent| backend::send_quietly(SignOut {}));
    html! {
        <Entrance title={t::sign_in::choose_your_password()} {text}>
            <LinkNotice link={state.link.clone()} />
            <PasswordForm {account} {current} live={state.link == Link::Live} />
            <div class="baton-other-server">
                <Button id="sign-out" variant={ButtonVariant::Link} onclick={sign_out} label={t::shell::sign_out()} />
            </div>
        </Entrance>
    }
}
