//! An invitation that somebody opened: what it is for, and the way in.

use baton_locales::t;
use baton_protocol::desktop::{Link, SetServer, SignIn as SignInCall};
use baton_protocol::invitation::Invitation;
use baton_protocol::message::{Code, Problem};
use patternfly_yew::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::backend;
use crate::components::{Entrance, KeptHere, LinkNotice};
use crate::hooks::{use_first_focus, use_session};
use crate::pages::sign_in::CodeField;
use crate::state::session::SessionAction;

/// How far it is.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Progress {
    /// Its person has not accepted it.
    Shown { problem: Option<String> },
    /// Its person has a second factor, from before they forgot their password.
    AskingForCode { problem: Option<String> },
    /// Accepted: signs in as soon as the server is reached.
    Accepted { code: Option<String> },
    /// The server was asked.
    Checking,
}

impl Progress {
    fn problem(&self) -> Option<String> {
        match self {
            Self::Shown { problem } | Self::AskingForCode { problem } => problem.clone(),
            Self::Accepted { .. } | Self::Checking => None,
        }
    }

    /// What follows from a refusal.
    fn refused(refused: &Problem, with_code: bool) -> Self {
        if refused.code == Code::SecondFactorNeeded {
            let problem = with_code.then_some(refused.message.to_string());
            return Self::AskingForCode { problem };
        }
        let problem = if refused.code == Code::BadCredentials {
            t::sign_in::invitation_used_or_late().into()
        } else {
            refused.message.to_string()
        };
        Self::Shown { problem: Some(problem) }
    }
}

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct AcceptInvitationProps {
    pub(crate) invitation: Invitation,
}

/// The page.
#[component]
pub(crate) fn AcceptInvitation(props: &AcceptInvitationProps) -> Html {
    let Invitation { server, email, .. } = props.invitation.clone();
    let session = use_session();
    let code = use_node_ref();
    let first = use_node_ref();
    use_first_focus(first.clone());
    let progress = use_state_eq(|| Progress::Shown { problem: None });
    use_sign_in(props.invitation.clone(), progress.clone());
    let Some(state) = session.state() else {
        return Html::default();
    };
    let onsubmit = {
        let (session, progress) = (session.clone(), progress.setter());
        let (code, server) = (code.clone(), server.clone());
        let here = state.server.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let code = code.cast::<HtmlInputElement>().map(|input| input.value());
            progress.set(Progress::Accepted { code });
            if here.as_ref() == Some(&server) {
                return;
            }
            let (session, progress, server) = (session.clone(), progress.clone(), server.clone());
            spawn_local(async move {
                let call = SetServer {
                    address: server.clone(),
                };
                match backend::call(call).await {
                    Ok(()) => session.dispatch(SessionAction::Server(server)),
                    Err(refused) => progress.set(Progress::refused(&refused, false)),
                }
            });
        })
    };
    let otherwise = {
        let session = session.clone();
        Callback::from(move |_: MouseEvent| session.dispatch(SessionAction::InvitationDone))
    };
    let busy = matches!(*progress, Progress::Accepted { .. } | Progress::Checking);
    let at_server = state.server.as_ref() == Some(&server);
    html! {
        <Entrance title={t::sign_in::you_are_invited()} text={t::sign_in::to_server_as(&server, &email)}>
            if at_server || busy {
                <LinkNotice key={server.clone()} link={state.link.clone()} />
            }
            if let Some(here) = state.server.as_ref().filter(|here| **here != server && !busy) {
                <Alert inline=true r#type={AlertType::Info}
                    title={t::sign_in::accepting_changes_the_server(here, &server)} />
                <KeptHere outbox={state.outbox.clone()} />
            }
            if let Some(problem) = progress.problem() {
                <div id="refused"><Alert inline=true r#type={AlertType::Danger} title={problem} /></div>
            }
            <form class="pf-v6-c-form" {onsubmit}>
                if matches!(*progress, Progress::AskingForCode { .. }) {
                    <CodeField input={code} />
                } else {
                    <p class="baton-help">{ t::sign_in::next_choose_a_password() }</p>
                }
                <button ref={first} id="accept" type="submit" class="pf-v6-c-button pf-m-primary pf-m-block" disabled={busy}>
                    <span class="pf-v6-c-button__text">{ if busy { t::sign_in::one_moment() } else { t::sign_in::accept() } }</span>
                </button>
            </form>
            <div class="baton-other-server">
                <Button id="not-invited" variant={ButtonVariant::Link} onclick={otherwise} label={t::sign_in::do_not_accept()} />
            </div>
        </Entrance>
    }
}

/// Signs in once the invitation is accepted and its server reached.
#[hook]
fn use_sign_in(invitation: Invitation, progress: UseStateHandle<Progress>) {
    let session = use_session();
    let reached = session
        .state()
        .is_some_and(|state| state.link == Link::Live && state.server.as_ref() == Some(&invitation.server));
    use_effect_with(((*progress).clone(), reached), move |(now, reached)| {
        let (Progress::Accepted { code }, true) = (now, reached) else {
            return;
        };
        let with_code = code.is_some();
        let call = SignInCall {
            email: invitation.email.clone(),
            password: invitation.password.0.clone(),
            code: code.clone(),
        };
        progress.set(Progress::Checking);
        spawn_local(async move {
            // When it worked, the shell's event shows the next page.
            if let Err(refused) = backend::call(call).await {
                progress.set(Progress::refused(&refused, with_code));
            }
        });
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_what_to_do() {
        let refused = |code, with_code| Progress::refused(&Problem::new(code, "as the server says"), with_code);
        let late = refused(Code::BadCredentials, false).problem().expect("a sentence");
        assert!(late.contains("used already"), "{late}");
        assert_eq!(
            refused(Code::Busy, false).problem().as_deref(),
            Some("as the server says")
        );
        assert_eq!(
            refused(Code::SecondFactorNeeded, false),
            Progress::AskingForCode { problem: None },
            "that a code is needed is no problem"
        );
        assert!(
            refused(Code::SecondFactorNeeded, true).problem().is_some(),
            "that it was wrong is one"
        );
    }
}
