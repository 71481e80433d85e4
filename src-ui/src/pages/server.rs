//! The first start: where is the server?

use baton_protocol::desktop::SetServer;
use patternfly_yew::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::backend;
use crate::components::Entrance;
use crate::hooks::{use_first_focus, use_session};
use crate::state::session::SessionAction;

/// Asks for the server's address.
#[component]
pub(crate) fn Server() -> Html {
    let session = use_session();
    let input = use_node_ref();
    use_first_focus(input.clone());
    let problem = use_state_eq(|| None::<String>);
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
                match backend::call(&SetServer {
                    address: address.clone(),
                })
                .await
                {
                    Ok(()) => session.dispatch(SessionAction::Server(address)),
                    Err(refused) => problem.set(Some(refused.message)),
                }
            });
        })
    };
    html! {
        <Entrance title="Welcome to Baton" text="Where is your server? Whoever runs it can tell you its address.">
            <form class="pf-v6-c-form" {onsubmit}>
                if let Some(problem) = &*problem {
                    <Alert inline=true r#type={AlertType::Danger} title={problem.clone()} />
                }
                <div class="pf-v6-c-form__group">
                    <label class="baton-label" for="server">{ "Server address" }</label>
                    <span class="pf-v6-c-form-control">
                        <input id="server" ref={input} placeholder="baton.example.com" spellcheck="false" />
                    </span>
                    <p class="baton-help">{ "A server on this computer: 127.0.0.1:7420" }</p>
                </div>
                <Button id="connect" r#type={ButtonType::Submit} variant={ButtonVariant::Primary} block=true label="Connect" />
            </form>
        </Entrance>
    }
}
