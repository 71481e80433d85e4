//! A newer version of this program: that there is one, how far it is, and the way to it.

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
                label={format!("Restart for {version}")} />
        },
        UpdateState::Told { version, how } => html! {
            <span class="baton-quiet" id="update-told" title={how.clone()}>{ format!("Version {version} is there") }</span>
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
            <Alert inline=true r#type={AlertType::Warning} title="The update waits">
                <p>{ why }{ " Nothing was changed. Press Restart again when it is solved." }</p>
                <Button id="update-waits-close" variant={ButtonVariant::Link} label="Close" onclick={close} />
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
        UpdateState::Unknown => "The server is asked for newer versions from time to time.".to_owned(),
        UpdateState::Off { why } => why.clone(),
        UpdateState::Current => "This is the newest version that your server has.".into(),
        UpdateState::Told { version, how } => format!("Version {version} is there. {how}"),
        UpdateState::Downloading { version, percent } => format!("Version {version} is on its way: {percent} %."),
        UpdateState::Ready { version, .. } => {
            format!("Version {version} is ready. Baton starts again where you are; what you typed stays.")
        }
        UpdateState::Failed { version, why } => match version {
            Some(version) => format!("Version {version} cannot be installed. {why}"),
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
                <progress class="baton-progress" max="100" value={percent.to_string()} aria-label="Download of the update" />
            }
            <div class="baton-actions">
                if can_ask {
                    <Button id="check-update" variant={ButtonVariant::Secondary} onclick={check} label="Look for a newer version" />
                }
                if matches!(state, UpdateState::Ready { .. }) {
                    <Button id="install-update" variant={ButtonVariant::Primary} onclick={install()} label="Restart and update" />
                }
            </div>
        </div>
    }
}

/// Installs it, after everything that was typed before; why not is told with the state.
fn install() -> Callback<MouseEvent> {
    Callback::from(|_: MouseEvent| backend::send_quietly(InstallUpdate {}))
}
