//! Asks before the window closes on text that is not saved, or not even on the server.

use baton_locales::t;
use baton_protocol::desktop::CloseWindow;
use patternfly_yew::prelude::*;
use yew::prelude::*;

use crate::backend;
use crate::components::Dialog;
use crate::hooks::use_session;
use crate::state::session::SessionAction;

/// The question, while there is one.
#[component]
pub(crate) fn CloseQuestion() -> Html {
    let session = use_session();
    let Some((why, loses)) = session.state().and_then(|state| state.close_asked.clone()) else {
        return Html::default();
    };
    let stay = Callback::from(move |()| session.dispatch(SessionAction::Stay));
    let close = Callback::from(|_: MouseEvent| backend::send_quietly(CloseWindow { anyway: true }));
    let (title, variant, label) = if loses {
        (
            t::form::close_and_lose_text(),
            ButtonVariant::Danger,
            t::form::close_anyway(),
        )
    } else {
        (
            t::form::close_without_saving(),
            ButtonVariant::Secondary,
            t::form::close_keep_the_draft(),
        )
    };
    html! {
        <Dialog {title} on_cancel={stay.clone()}>
            <p>{ why }</p>
            <div class="baton-actions">
                <Button variant={ButtonVariant::Primary} onclick={stay.reform(|_| ())} label={t::common::stay()} />
                <Button id="close-anyway" {variant} onclick={close} {label} />
            </div>
        </Dialog>
    }
}
