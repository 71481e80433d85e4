//! The first start: where is the server?

use baton_locales::t;
use baton_protocol::desktop::{Check, CheckConnection, Checked, SetServer};
use gloo_timers::future::TimeoutFuture;
use patternfly_yew::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::backend;
use crate::components::Entrance;
use crate::hooks::{use_first_focus, use_session};
use crate::state::session::SessionAction;

/// How long after the last letter an address is tried, in milliseconds.
const SETTLED: u32 = 500;

/// What is known of the address that stands there.
#[derive(Clone, PartialEq, Default)]
enum Tried {
    /// It was not tried.
    #[default]
    No,
    /// It is being tried.
    Now,
    /// A Baton server answers.
    Works,
    /// It does not; a sentence about where the way ends.
    Fails(String),
}

/// Asks for the server's address, and tries it while it is typed.
#[component]
pub(crate) fn Server() -> Html {
    let session = use_session();
    let input = use_node_ref();
    use_first_focus(input.clone());
    let address = use_state_eq(String::new);
    let problem = use_state_eq(|| None::<String>);
    let tried = use_tried((*address).clone());
    let oninput = {
        let (address, problem) = (address.setter(), problem.setter());
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                address.set(input.value().trim().to_owned());
                problem.set(None);
            }
        })
    };
    let onsubmit = {
        let (input, problem) = (input.clone(), problem.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(input) = input.cast::<HtmlInputElement>() else {
                return;
            };
            let address = input.value().trim().to_owned();
            let (session, problem) = (session.clone(), problem.clone());
            spawn_local(async move {
                match backend::call(SetServer {
                    address: address.clone(),
                })
                .await
                {
                    Ok(()) => session.dispatch(SessionAction::Server(address)),
                    Err(refused) => problem.set(Some(refused.message.to_string())),
                }
            });
        })
    };
    html! {
        <Entrance title={t::sign_in::welcome_to_baton()} text={t::sign_in::where_is_your_server()}>
            <form class="pf-v6-c-form" {onsubmit}>
                if let Some(problem) = &*problem {
                    <Alert inline=true r#type={AlertType::Danger} title={problem.clone()} />
                }
                <div class="pf-v6-c-form__group">
                    <label class="baton-label" for="server">{ t::sign_in::server_address() }</label>
                    <span class="pf-v6-c-form-control">
                        <input id="server" ref={input} placeholder="baton.example.com" spellcheck="false" autocapitalize="off"
                            aria-describedby="server-tried" {oninput} />
                    </span>
                    <p class="baton-help baton-tried" id="server-tried" role="status">{ words(&tried) }</p>
                </div>
                <Button id="connect" r#type={ButtonType::Submit} variant={ButtonVariant::Primary} block=true label={t::sign_in::connect()} />
            </form>
        </Entrance>
    }
}

fn words(tried: &Tried) -> Html {
    match tried {
        Tried::No => html! { { t::sign_in::address_examples() } },
        Tried::Now => html! { { t::sign_in::looking_for_a_server() } },
        Tried::Works => html! {
            <span class="baton-works" data-tried="works">
                <i class="fas fa-check-circle" aria-hidden="true" />{ " " }{ t::sign_in::server_answers() }
            </span>
        },
        Tried::Fails(why) => html! { <span class="baton-error" data-tried="fails">{ why }</span> },
    }
}

/// Tries an address once nobody types on it any more.
#[hook]
fn use_tried(address: String) -> Tried {
    let tried = use_state_eq(Tried::default);
    let turn = use_mut_ref(|| 0u64);
    let set = tried.setter();
    use_effect_with(address, move |address| {
        *turn.borrow_mut() += 1;
        let mine = *turn.borrow();
        set.set(Tried::No);
        let address = address.clone();
        if !address.is_empty() {
            spawn_local(async move {
                TimeoutFuture::new(SETTLED).await;
                if *turn.borrow() != mine {
                    return;
                }
                set.set(Tried::Now);
                let check = CheckConnection { address: Some(address) };
                let outcome = match backend::call(check).await {
                    Ok(checks) => outcome(&checks),
                    Err(problem) => Tried::Fails(problem.message.to_string()),
                };
                if *turn.borrow() == mine {
                    set.set(outcome);
                }
            });
        }
    });
    (*tried).clone()
}

fn outcome(checks: &[Check]) -> Tried {
    match checks.iter().find(|check| check.outcome == Checked::Failed) {
        Some(failed) => Tried::Fails(failed.text.clone()),
        None => Tried::Works,
    }
}
