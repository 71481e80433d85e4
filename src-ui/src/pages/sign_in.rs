//! Sign-in by e-mail and password, or at an identity provider.

use baton_locales::t;
use baton_protocol::desktop::{CancelBrowserSignIn, Link, SetServer, SignInByBrowser};
use baton_protocol::message::Code;
use baton_protocol::provider::Provider;
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
    let code = use_node_ref();
    let progress = use_state_eq(|| Progress::Asking { problem: None });
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
    let onsubmit = submit([&email, &password, &code], &progress);
    let reason = progress.problem().cloned().or_else(|| state.why.clone());
    let busy = matches!(*progress, Progress::Checking { .. });
    let takes_code = progress.takes_code();
    let back = {
        let progress = progress.setter();
        Callback::from(move |_: MouseEvent| progress.set(Progress::Asking { problem: None }))
    };
    html! {
        <Entrance title={t::sign_in::sign_in()} text={state.server.clone().map(|server| t::sign_in::to_server(&server))}>
            <LinkNotice key={state.server.clone().unwrap_or_default()} link={state.link.clone()} />
            <KeptHere outbox={state.outbox.clone()} />
            if let Some(reason) = reason {
                <div id="refused">
                    <Alert inline=true r#type={AlertType::Danger} title={reason} />
                </div>
            }
            <Providers providers={state.sign_in.providers.clone()} {live} progress={progress.clone()} />
            <form class="pf-v6-c-form" {onsubmit} hidden={matches!(*progress, Progress::InBrowser { .. })}>
                <div class="pf-v6-c-form__group" hidden={takes_code}>
                    <label class="baton-label" for="email">{ t::sign_in::e_mail() }</label>
                    <span class="pf-v6-c-form-control">
                        <input id="email" type="email" ref={email.clone()} autocomplete="username" required=true />
                    </span>
                </div>
                <div class="pf-v6-c-form__group" hidden={takes_code}>
                    <label class="baton-label" for="password">{ t::sign_in::password() }</label>
                    <span class="pf-v6-c-form-control">
                        <input id="password" type="password" ref={password} autocomplete="current-password" required=true />
                    </span>
                </div>
                if takes_code {
                    <CodeField input={code} />
                }
                <Button id="sign-in" r#type={ButtonType::Submit} variant={ButtonVariant::Primary} block=true
                    label={t::sign_in::sign_in()} disabled={!live || busy} loading={busy} />
                if takes_code {
                    <div class="baton-forgotten">
                        <Button id="no-code" variant={ButtonVariant::Link} onclick={back} label={t::sign_in::back()} />
                    </div>
                } else {
                    <Forgotten help={state.sign_in.help.clone()} {email} />
                }
            </form>
            if !state.server_locked {
                <OtherServer server={state.server.clone().unwrap_or_default()} />
            }
        </Entrance>
    }
}

/// How far the sign-in is.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Progress {
    /// For address and password.
    Asking {
        /// Why the last attempt was refused.
        problem: Option<String>,
    },
    /// Address and password are right, and a code is asked for.
    AskingForCode {
        /// Why the last one was refused.
        problem: Option<String>,
    },
    /// The server was asked.
    Checking {
        /// Whether with a code.
        code: bool,
    },
    /// Somebody is to sign in in the browser.
    InBrowser {
        /// At this provider.
        provider: String,
    },
}

impl Progress {
    /// Whether the code is shown instead of address and password.
    fn takes_code(&self) -> bool {
        matches!(self, Self::AskingForCode { .. } | Self::Checking { code: true })
    }

    fn problem(&self) -> Option<&String> {
        match self {
            Self::Asking { problem } | Self::AskingForCode { problem } => problem.as_ref(),
            Self::Checking { .. } | Self::InBrowser { .. } => None,
        }
    }
}

/// Signs in with what the inputs hold.
fn submit(inputs: [&NodeRef; 3], progress: &UseStateHandle<Progress>) -> Callback<SubmitEvent> {
    let inputs = inputs.map(Clone::clone);
    let takes_code = progress.takes_code();
    let progress = progress.setter();
    Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        let [Some(email), Some(password), code] = inputs.each_ref().map(|input| input.cast::<HtmlInputElement>())
        else {
            return;
        };
        let code = code.filter(|_| takes_code).map(|input| input.value());
        let with_code = code.is_some();
        let call = baton_protocol::desktop::SignIn {
            email: email.value(),
            password: password.value(),
            code,
        };
        let progress = progress.clone();
        progress.set(Progress::Checking { code: with_code });
        spawn_local(async move {
            // When it worked, the shell's event shows the next page.
            if let Err(refused) = backend::call(call).await {
                if refused.code == Code::SecondFactorNeeded {
                    // That it is needed is no problem; that it was wrong is one.
                    let problem = with_code.then_some(refused.message.to_string());
                    progress.set(Progress::AskingForCode { problem });
                    return;
                }
                let problem = Some(refused.message.to_string());
                progress.set(Progress::Asking { problem });
                // It may be gone if somebody was signed in meanwhile.
                password.focus().ok();
                password.select();
            }
        });
    })
}

#[derive(Clone, PartialEq, Properties)]
pub(super) struct CodeFieldProps {
    pub(super) input: NodeRef,
}

/// Asks for the code of the second factor.
#[component]
pub(super) fn CodeField(props: &CodeFieldProps) -> Html {
    use_first_focus(props.input.clone());
    html! {
        <div class="pf-v6-c-form__group">
            <label class="baton-label" for="code">{ t::sign_in::code_of_your_authenticator() }</label>
            <span class="pf-v6-c-form-control">
                <input id="code" ref={props.input.clone()} autocomplete="one-time-code" required=true maxlength="64"
                    spellcheck="false" />
            </span>
            <p class="baton-help">
                { t::sign_in::authenticator_not_at_hand() }
            </p>
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct ProvidersProps {
    providers: Vec<Provider>,
    live: bool,
    progress: UseStateHandle<Progress>,
}

/// The ways to sign in besides a password.
#[component]
fn Providers(props: &ProvidersProps) -> Html {
    let ProvidersProps {
        providers,
        live,
        progress,
    } = props;
    if let Progress::InBrowser { provider } = &**progress {
        let cancel = Callback::from(|_: MouseEvent| backend::send_quietly(CancelBrowserSignIn {}));
        return html! {
            <div class="baton-in-browser" id="in-browser">
                <p role="status">{ t::sign_in::in_your_browser(provider) }</p>
                <Button id="cancel-browser" variant={ButtonVariant::Secondary} onclick={cancel} label={t::common::cancel()} />
            </div>
        };
    }
    if providers.is_empty() {
        return Html::default();
    }
    html! {
        <div class="baton-providers">
            { for providers.iter().map(|provider| {
                let (Provider { id, name }, set) = (provider.clone(), progress.setter());
                let onclick = Callback::from(move |_: MouseEvent| {
                    let (call, progress) = (SignInByBrowser { provider: id.clone() }, set.clone());
                    progress.set(Progress::InBrowser { provider: name.clone() });
                    spawn_local(async move {
                        if let Err(refused) = backend::call(call).await {
                            let problem = (refused.code != Code::Cancelled).then_some(refused.message.to_string());
                            progress.set(Progress::Asking { problem });
                        }
                    });
                });
                html! {
                    <Button key={provider.id.clone()} class="baton-provider" variant={ButtonVariant::Secondary} block=true
                        disabled={!live || matches!(**progress, Progress::Checking { .. })} {onclick}
                        label={t::sign_in::sign_in_with(&provider.name)} />
                }
            }) }
            <p class="baton-or"><span>{ t::sign_in::or_with_your_password() }</span></p>
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct ForgottenProps {
    help: Option<String>,
    email: NodeRef,
}

/// What whoever forgot their password can do.
#[component]
fn Forgotten(props: &ForgottenProps) -> Html {
    let shown = use_state_eq(|| None::<String>);
    let toggle = {
        let (shown, email) = (shown.clone(), props.email.clone());
        Callback::from(move |_: MouseEvent| {
            let email = email.cast::<HtmlInputElement>().map(|input| input.value());
            shown.set(match *shown {
                None => Some(email.unwrap_or_default()),
                Some(_) => None,
            });
        })
    };
    let tell = |email: &str| match email.trim() {
        "" => t::sign_in::ask_for_a_new_password().to_owned(),
        email => t::sign_in::ask_for_a_new_password_for(email),
    };
    html! {
        <div class="baton-forgotten">
            <Button id="forgotten" variant={ButtonVariant::Link} onclick={toggle} label={t::sign_in::forgot_your_password()} />
            if let Some(email) = &*shown {
                <div id="forgotten-help">
                    <p>{ props.help.clone().unwrap_or_else(|| t::sign_in::administrator_gives_a_new_one().into()) }</p>
                    <p class="baton-quiet">{ tell(email) }</p>
                </div>
            }
        </div>
    }
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
                    Err(refused) => problem.set(Some(refused.message.to_string())),
                }
            });
        })
    };
    html! {
        <div class="baton-other-server">
            <Button variant={ButtonVariant::Link} onclick={toggle} label={t::sign_in::use_another_server()} />
            if *open {
                <form class="baton-inline-form" {onsubmit}>
                    <span class="pf-v6-c-form-control">
                        <input ref={input} value={props.server.clone()} aria-label={t::sign_in::server_address()} spellcheck="false" />
                    </span>
                    <Button r#type={ButtonType::Submit} variant={ButtonVariant::Secondary} label={t::sign_in::connect()} />
                </form>
                if let Some(problem) = &*problem {
                    <p class="baton-error">{ problem }</p>
                }
            }
        </div>
    }
}
