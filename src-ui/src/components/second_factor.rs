//! The second factor of an account: setting it up, noting its recovery codes, removing it (semantics 7.1).

use baton_locales::t;
use baton_protocol::desktop::{BeginSecondFactor, ConfirmSecondFactor};
use baton_protocol::id::OpId;
use baton_protocol::message::{Code, RemoveSecondFactor};
use baton_protocol::person::{NewSecondFactor, Secret};
use patternfly_yew::prelude::*;
use uuid::Uuid;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::backend;
use crate::components::{CopyButton, Dialog, Toast, use_toaster};
use crate::hooks::{use_first_focus, use_session};
use crate::state::session::SessionAction;
use crate::state::submission::Submission;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct NewSecondFactorFormProps {
    /// Whether the server is reached.
    pub(crate) live: bool,
    /// It is set up.
    #[prop_or_default]
    pub(crate) on_done: Callback<()>,
    /// What gives it up, where that can be.
    #[prop_or_default]
    pub(crate) on_cancel: Option<Callback<()>>,
}

/// Sets one up: the password, then the key and a code.
#[component]
pub(crate) fn NewSecondFactorForm(props: &NewSecondFactorFormProps) -> Html {
    let NewSecondFactorFormProps {
        live,
        on_done,
        on_cancel,
    } = props;
    let session = use_session();
    let factor = use_state_eq(|| None::<NewSecondFactor>);
    let again = use_state_eq(|| None::<String>);
    let set_factor = factor.setter();
    match &*factor {
        None => {
            let send = Callback::from(move |(password, ended): (String, Callback<Option<String>>)| {
                let set_factor = set_factor.clone();
                spawn_local(async move {
                    match backend::call(BeginSecondFactor { password }).await {
                        Ok(factor) => set_factor.set(Some(factor)),
                        Err(problem) => ended.emit(Some(problem.message.to_string())),
                    }
                });
            });
            html! { <OneField key="password" kind={Asked::Password} live={*live} submit={t::people::go_on()} {send}
            problem={(*again).clone()} on_cancel={on_cancel.clone()} /> }
        }
        Some(factor) => {
            let (on_done, again) = (on_done.clone(), again.setter());
            let send = Callback::from(move |(code, ended): (String, Callback<Option<String>>)| {
                let (session, on_done) = (session.clone(), on_done.clone());
                let (set_factor, again) = (set_factor.clone(), again.clone());
                spawn_local(async move {
                    match backend::call(ConfirmSecondFactor { code }).await {
                        Ok(codes) => {
                            session.dispatch(SessionAction::RecoveryCodes(codes));
                            on_done.emit(());
                        }
                        // The key went with the connection: there is another one for the password.
                        Err(problem) if problem.code == Code::NotFound => {
                            again.set(Some(problem.message.to_string()));
                            set_factor.set(None);
                        }
                        Err(problem) => ended.emit(Some(problem.message.to_string())),
                    }
                });
            });
            html! {
                <>
                    <p>{ t::people::scan_and_enter_the_code() }</p>
                    <img class="baton-qr" alt={t::people::qr_code_of_the_key()} src={format!("data:image/png;base64,{}", factor.image.0)} />
                    <p class="baton-quiet">{ t::people::or_type_the_key() }{ " " }<code id="factor-key">{ grouped(&factor.key) }</code></p>
                    <OneField key="code" kind={Asked::Code} live={*live} submit={t::people::turn_on()} {send}
                        on_cancel={on_cancel.clone()} />
                </>
            }
        }
    }
}

/// A key in groups of four, which are easier to type.
fn grouped(key: &Secret) -> String {
    let letters: Vec<char> = key.0.chars().collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join(" ")
}

/// What one field asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Password,
    Code,
}

#[derive(Clone, PartialEq, Properties)]
struct OneFieldProps {
    kind: Asked,
    live: bool,
    submit: AttrValue,
    /// What is done with it; it says afterwards why it could not be done.
    send: Callback<(String, Callback<Option<String>>)>,
    on_cancel: Option<Callback<()>>,
    /// What is wrong at the beginning.
    #[prop_or_default]
    problem: Option<String>,
}

/// A form of one field.
#[component]
fn OneField(props: &OneFieldProps) -> Html {
    let input = use_node_ref();
    let submission = use_state_eq(|| props.problem.clone().map_or(Submission::Ready, Submission::Refused));
    use_first_focus(input.clone());
    let onsubmit = {
        let (input, send) = (input.clone(), props.send.clone());
        let submission = submission.setter();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(input) = input.cast::<HtmlInputElement>() else {
                return;
            };
            submission.set(Submission::Sending);
            let (submission, value) = (submission.clone(), input.value());
            let ended = Callback::from(move |why: Option<String>| {
                submission.set(why.map_or(Submission::Ready, Submission::Refused));
                // It may be gone with its page.
                input.focus().ok();
                input.select();
            });
            send.emit((value, ended));
        })
    };
    let (id, label, kind, completes) = match props.kind {
        Asked::Password => (
            "factor-password",
            t::people::your_password(),
            "password",
            "current-password",
        ),
        Asked::Code => ("factor-code", t::people::code(), "text", "one-time-code"),
    };
    html! {
        <form class="pf-v6-c-form" {onsubmit}>
            if let Some(problem) = submission.problem() {
                <div id="factor-problem"><Alert inline=true r#type={AlertType::Danger} title={problem.to_owned()} /></div>
            }
            <div class="pf-v6-c-form__group">
                <label class="baton-label" for={id}>{ label }</label>
                <span class="pf-v6-c-form-control">
                    <input {id} type={kind} ref={input} autocomplete={completes} required=true maxlength="256" />
                </span>
            </div>
            <div class="baton-actions">
                <Button id="factor-next" r#type={ButtonType::Submit} variant={ButtonVariant::Primary}
                    label={props.submit.to_string()} disabled={!props.live || submission.is_sending()} loading={submission.is_sending()} />
                if let Some(cancel) = &props.on_cancel {
                    <Button id="factor-cancel" variant={ButtonVariant::Secondary} label={t::common::cancel()}
                        onclick={cancel.reform(|_: MouseEvent| ())} />
                }
            </div>
        </form>
    }
}

/// The recovery codes of a second factor that was just set up, over whatever is shown.
#[component]
pub(crate) fn RecoveryCodes() -> Html {
    let session = use_session();
    let codes = session.state().map(|state| state.recovery.clone()).unwrap_or_default();
    if codes.is_empty() {
        return Html::default();
    }
    let lines: Vec<&str> = codes.iter().map(|code| code.0.as_str()).collect();
    let text = lines.join("\n");
    let done = Callback::from(move |_: MouseEvent| session.dispatch(SessionAction::RecoveryCodes(Vec::new())));
    html! {
        // Escape must not take away what is shown only once.
        <Dialog title={t::people::your_recovery_codes()} on_cancel={Callback::noop()}>
            <p>{ t::people::keep_the_recovery_codes() }</p>
            <pre class="baton-password baton-codes" id="recovery-codes">{ &text }</pre>
            <div class="baton-actions">
                <Button id="codes-noted" variant={ButtonVariant::Primary} onclick={done}
                    label={t::people::i_have_noted_them()} />
                <CopyButton id="copy-codes" {text} />
            </div>
        </Dialog>
    }
}

/// What is open of the panel.
#[derive(Clone, Copy, PartialEq)]
enum Open {
    Nothing,
    SetUp,
    Remove,
}

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct SecondFactorPanelProps {
    /// Whether there is one.
    pub(crate) set: bool,
    /// Whether the server is reached.
    pub(crate) live: bool,
}

/// The second factor on the page of one's own account.
#[component]
pub(crate) fn SecondFactorPanel(props: &SecondFactorPanelProps) -> Html {
    let SecondFactorPanelProps { set, live } = *props;
    let open = use_state_eq(|| Open::Nothing);
    let toaster = use_toaster();
    let opens = |what: Open| {
        let open = open.setter();
        Callback::from(move |_: MouseEvent| open.set(what))
    };
    let close = {
        let open = open.setter();
        Callback::from(move |()| open.set(Open::Nothing))
    };
    let remove = {
        let close = close.clone();
        Callback::from(move |(password, ended): (String, Callback<Option<String>>)| {
            let (close, toaster) = (close.clone(), toaster.clone());
            let op = OpId(Uuid::new_v4());
            let password = password.into();
            spawn_local(async move {
                match backend::query(RemoveSecondFactor { op, password }).await {
                    Ok(_) => {
                        close.emit(());
                        if let Some(toaster) = toaster {
                            let text = t::people::password_alone_again();
                            toaster.show(Toast::new("second-factor", AlertType::Success, text));
                        }
                    }
                    Err(problem) => ended.emit(Some(problem.message.to_string())),
                }
            });
        })
    };
    html! {
        <>
            <p class="baton-help">
                { if set {
                    t::people::password_and_code()
                } else {
                    t::people::why_a_second_factor()
                } }
            </p>
            <div class="baton-actions">
                <Button id="set-up-factor" variant={ButtonVariant::Secondary} disabled={!live} onclick={opens(Open::SetUp)}
                    label={if set { t::people::set_up_another_one() } else { t::people::set_up() }} />
                if set {
                    <Button id="remove-factor" variant={ButtonVariant::Link} disabled={!live} onclick={opens(Open::Remove)}
                        label={t::common::remove()} />
                }
            </div>
            { match *open {
                Open::Nothing => Html::default(),
                Open::SetUp => html! {
                    <Dialog title={t::sign_in::set_up_a_second_factor()} on_cancel={close.clone()}>
                        <NewSecondFactorForm {live} on_done={close.clone()} on_cancel={close.clone()} />
                    </Dialog>
                },
                Open::Remove => html! {
                    <Dialog title={t::people::ask_to_remove_own_factor()} on_cancel={close.clone()}>
                        <p>{ t::people::recovery_codes_end() }</p>
                        <OneField kind={Asked::Password} {live} submit={t::common::remove()} send={remove} on_cancel={close.clone()} />
                    </Dialog>
                },
            } }
        </>
    }
}
