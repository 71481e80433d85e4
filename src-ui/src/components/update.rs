//! A newer version of this program: that there is one, how far it is, and the way to it.

use baton_locales::t;
use baton_protocol::desktop::{CheckForUpdate, InstallUpdate, UpdateState};
use patternfly_yew::prelude::*;
use yew::prelude::*;

use crate::backend;
use crate::hooks::use_session;

/// What the top bar says of it; nothing while nobody has to know.
#[component]
pub(crate) fn UpdateBadge() -> Html {
    let session = use_session();
    let state = session.state().map(|state| state.update.clone()).unwrap_or_default();
    match &state {
        UpdateState::Ready { version, .. } => html! {
            <Button id="update" variant={ButtonVariant::Secondary} size={ButtonSize::Small} onclick={install()}
                label={t::shell::restart_for(version)} />
        },
        UpdateState::Announced { version, how } => html! {
            <span class="baton-quiet" id="update-told" title={how.to_string()}>{ t::shell::version_is_there(version) }</span>
        },
        UpdateState::Unknown
        | UpdateState::Off { .. }
        | UpdateState::Current
        | UpdateState::Downloading { .. }
        | UpdateState::Failed { .. } => html! {},
    }
}

/// Why an update that was wished for waits, over the page.
#[component]
pub(crate) fn UpdateWaits() -> Html {
    let session = use_session();
    let state = session.state().map(|state| state.update.clone()).unwrap_or_default();
    let closed = use_state_eq(|| false);
    {
        // What is told anew is shown anew.
        let closed = closed.setter();
        use_effect_with(state.clone(), move |_| closed.set(false));
    }
    let UpdateState::Ready { waits: Some(why), .. } = state else {
        return html! {};
    };
    if *closed {
        return html! {};
    }
    let close = Callback::from(move |_: MouseEvent| closed.set(true));
    html! {
        <div class="baton-update-waits" id="update-waits" role="alert">
            <Alert inline=true r#type={AlertType::Warning} title={t::shell::the_update_waits()}>
                <p>{ why }{ " " }{ t::shell::press_restart_again() }</p>
                <Button id="update-waits-close" variant={ButtonVariant::Link} label={t::common::close()} onclick={close} />
            </Alert>
        </div>
    }
}

/// All there is to say of it, and what to press.
#[component]
pub(crate) fn UpdatePanel() -> Html {
    let session = use_session();
    let state = session.state().map(|state| state.update.clone()).unwrap_or_default();
    let check = Callback::from(|_: MouseEvent| backend::send_quietly(CheckForUpdate {}));
    let words = match &state {
        UpdateState::Unknown => t::shell::asked_from_time_to_time().to_owned(),
        UpdateState::Off { why } => why.to_string(),
        UpdateState::Current => t::shell::newest_version().into(),
        UpdateState::Announced { version, how } => format!("{} {how}", t::shell::version_is_there_sentence(version)),
        UpdateState::Downloading { version, percent } => t::shell::version_is_on_its_way(version, percent),
        UpdateState::Ready { version, .. } => t::shell::version_is_ready(version),
        UpdateState::Failed { version, why } => match version {
            Some(version) => t::shell::version_cannot_be_installed(version, why),
            None => why.clone(),
        },
    };
    let failed = matches!(state, UpdateState::Failed { .. });
    let can_ask = !matches!(
        state,
        UpdateState::Off { .. } | UpdateState::Downloading { .. } | UpdateState::Ready { .. }
    );
    html! {
        <div id="update-state">
            <p class={classes!(failed.then_some("baton-error"))}>{ words }</p>
            if let UpdateState::Downloading { percent, .. } = &state {
                <progress class="baton-progress" max="100" value={percent.to_string()} aria-label={t::shell::download_of_the_update()} />
            }
            <div class="baton-actions">
                if can_ask {
                    <Button id="check-update" variant={ButtonVariant::Secondary} onclick={check} label={t::shell::look_for_newer()} />
                }
                if matches!(state, UpdateState::Ready { .. }) {
                    <Button id="install-update" variant={ButtonVariant::Primary} onclick={install()} label={t::shell::restart_and_update()} />
                }
            </div>
        </div>
    }
}

/// Installs it, after everything that was typed before; why not is told with the state.
fn install() -> Callback<MouseEvent> {
    Callback::from(|_: MouseEvent| backend::send_quietly(InstallUpdate {}))
}
