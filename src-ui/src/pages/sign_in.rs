//! Sign-in by e-mail and password.

use baton_protocol::desktop::{Link, SetServer};
use patternfly_yew::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::backend;
use crate::components::{Entrance, KeptHere, LinkNotice};
use crate::hooks::{use_first_focus, use_session};
use crate::state::session::SessionAction;

/// Asks who is there.
#[component]
pub(crate) fn SignIn() -> Html {
    let session = use_session();
    let email = use_node_ref();
    let password = use_node_ref();
    let problem = use_state_eq(|| None::<String>);
    let busy = use_state_eq(|| false);
    let known = session.state().map(|state| state.email.clone()).unwrap_or_default();
    use_first_focus(if known.is_empty() {
        email.clone()
    } else {
        password.clone()
    });
    {
        let email = email.clone();
        // Once: from then on the input is the user's.
        use_effect_with((), move |()| {
            if let Some(input) = email.cast::<HtmlInputElement>() {
                input.set_value(&known);
            }
        });
    }
    let Some(state) = session.state() else {
        return Html::default();
    };
    let live = state.link == Link::Live;
    let onsubmit = submit(&email, &password, &problem, &busy);
    let reason = (*problem).clone().or_else(|| state.why.clone());
    html! {
        <Entrance title="Sign in" text={state.server.clone().map(|server| format!("to {server}"))}>
            <LinkNotice key={state.server.clone().unwrap_or_default()} link={state.link.clone()} />
            <KeptHere outbox={state.outbox.clone()} />
            <form class="pf-v6-c-form" {onsubmit}>
                if let Some(reason) = reason {
                    <div id="refused">
                        <Alert inline=true r#type={AlertType::Danger} title={reason} />
                    </div>
                }
                <div class="pf-v6-c-form__group">
                    <label class="baton-label" for="email">{ "E-mail" }</label>
                    <span class="pf-v6-c-form-control">
                        <input id="email" type="email" ref={email} autocomplete="username" required=true />
                    </span>
                </div>
                <div class="pf-v6-c-form__group">
                    <label class="baton-label" for="password">{ "Password" }</label>
                    <span class="pf-v6-c-form-control">
                        <input id="password" type="password" ref={password} autocomplete="current-password" required=true />
                    </span>
                </div>
                <Button id="sign-in" r#type={ButtonType::Submit} variant={ButtonVariant::Primary} block=true
                    label="Sign in" disabled={!live || *busy} loading={*busy} />
            </form>
            if !state.server_locked {
                <OtherServer server={state.server.clone().unwrap_or_default()} />
            }
        </Entrance>
    }
}

/// Signs in with what the inputs hold.
fn submit(
    email: &NodeRef,
    password: &NodeRef,
    problem: &UseStateHandle<Option<String>>,
    busy: &UseStateHandle<bool>,
) -> Callback<SubmitEvent> {
    let (email, password) = (email.clone(), password.clone());
    let (problem, busy) = (problem.setter(), busy.setter());
    Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        let (Some(email), Some(password)) = (email.cast::<HtmlInputElement>(), password.cast::<HtmlInputElement>())
        else {
            return;
        };
        let sign_in = baton_protocol::desktop::SignIn {
            email: email.value(),
            password: password.value(),
        };
        let (problem, busy) = (problem.clone(), busy.clone());
        busy.set(true);
        spawn_local(async move {
            // When it worked, the shell's event shows the next page.
            if let Err(refused) = backend::call(sign_in).await {
                problem.set(Some(refused.message));
                // It may be gone if somebody was signed in meanwhile.
                password.focus().ok();
                password.select();
            }
            busy.set(false);
        });
    })
}

#[derive(Clone, PartialEq, Properties)]
struct OtherServerProps {
    server: String,
}

/// Lets a mistyped address be corrected without reinstalling anything.
#[component]
fn OtherServer(props: &OtherServerProps) -> Html {
    let session = use_session();
    let open = use_state_eq(|| false);
    let input = use_node_ref();
    let problem = use_state_eq(|| None::<String>);
    let toggle = {
        let open = open.clone();
        Callback::from(move |_| open.set(!*open))
    };
    let onsubmit = {
        let (input, problem, open) = (input.clone(), problem.clone(), open.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(input) = input.cast::<HtmlInputElement>() else {
                return;
            };
            let address = input.value().trim().to_owned();
            let (session, problem, open) = (session.clone(), problem.clone(), open.clone());
            spawn_local(async move {
                match backend::call(SetServer {
                    address: address.clone(),
                })
                .await
                {
                    Ok(()) => {
                        session.dispatch(SessionAction::Server(address));
                        problem.set(None);
                        open.set(false);
                    }
                    Err(refused) => problem.set(Some(refused.message)),
                }
            });
        })
    };
    html! {
        <div class="baton-other-server">
            <Button variant={ButtonVariant::Link} onclick={toggle} label="Use another server" />
            if *open {
                <form class="baton-inline-form" {onsubmit}>
                    <span class="pf-v6-c-form-control">
                        <input ref={input} value={props.server.clone()} aria-label="Server address" spellcheck="false" />
                    </span>
                    <Button r#type={ButtonType::Submit} variant={ButtonVariant::Secondary} label="Connect" />
                </form>
                if let Some(problem) = &*problem {
                    <p class="baton-error">{ problem }</p>
                }
            }
        </div>
    }
}
