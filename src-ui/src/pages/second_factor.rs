//! The first sign-in where the server asks for a second factor: its person sets one up.

use baton_locales::t;
use baton_protocol::desktop::{Link, SignOut};
use patternfly_yew::prelude::*;
use yew::prelude::*;

use crate::backend;
use crate::components::{Entrance, LinkNotice, NewSecondFactorForm};
use crate::hooks::use_session;

/// The page.
#[component]
pub(crate) fn SetUpSecondFactor() -> Html {
    let session = use_session();
    let Some(state) = session.state() else {
        return Html::default();
    };
    let sign_out = Callback::from(|_: MouseEvent| backend::send_quietly(SignOut {}));
    let text = t::sign_in::code_besides_the_password();
    html! {
        <Entrance title={t::sign_in::set_up_a_second_factor()} {text}>
            <LinkNotice link={state.link.clone()} />
            <NewSecondFactorForm live={state.link == Link::Live} />
            <div class="baton-other-server">
                <Button id="sign-out" variant={ButtonVariant::Link} onclick={sign_out} label={t::shell::sign_out()} />
            </div>
        </Entrance>
    }
}
