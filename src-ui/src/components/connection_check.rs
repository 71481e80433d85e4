//! The way to the server, step by step, and where it ends.

use baton_locales::t;
use baton_protocol::desktop::{Check, CheckConnection, Checked};
use baton_protocol::message::Problem;
use baton_protocol::status_text::check_outcome;
use patternfly_yew::prelude::*;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::backend;

/// The check, run when asked for.
#[component]
pub(crate) fn ConnectionCheck() -> Html {
    let checks = use_state_eq(|| None::<Result<Vec<Check>, Problem>>);
    let busy = use_state_eq(|| false);
    let run = {
        let (checks, busy) = (checks.clone(), busy.clone());
        Callback::from(move |_: MouseEvent| {
            let (checks, busy) = (checks.clone(), busy.clone());
            busy.set(true);
            spawn_local(async move {
                checks.set(Some(backend::call(CheckConnection { address: None }).await));
                busy.set(false);
            });
        })
    };
    html! {
        <div class="baton-check">
            <Button id="check-connection" variant={ButtonVariant::Secondary} disabled={*busy} loading={*busy}
                onclick={run} label={t::connection::check_the_connection()} />
            { match &*checks {
                None => Html::default(),
                Some(Err(problem)) => html! { <Alert inline=true r#type={AlertType::Danger} title={problem.message.to_string()} /> },
                Some(Ok(checks)) => html! { <Steps checks={checks.clone()} /> },
            } }
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct StepsProps {
    checks: Vec<Check>,
}

#[component]
fn Steps(props: &StepsProps) -> Html {
    let failed = props.checks.iter().find(|check| check.outcome == Checked::Failed);
    html! {
        <>
            <div id="check-result">
                if let Some(failed) = failed {
                    <Alert inline=true r#type={AlertType::Danger} title={failed.text.clone()} />
                } else {
                    <Alert inline=true r#type={AlertType::Success} title={t::connection::everything_works()} />
                }
            </div>
            <ol class="baton-steps">
                { for props.checks.iter().map(|check| {
                    let (state, icon) = match check.outcome {
                        Checked::Passed => ("passed", "fas fa-check-circle"),
                        Checked::Failed => ("failed", "fas fa-times-circle"),
                        Checked::Skipped => ("skipped", "fas fa-minus-circle"),
                    };
                    html! {
                        <li key={check.name.clone()} data-check={state}>
                            <i class={icon} role="img" aria-label={check_outcome(check.outcome)} />
                            <strong>{ &check.name }</strong>
                            <span>{ &check.text }</span>
                        </li>
                    }
                }) }
            </ol>
        </>
    }
}
