//! A message of an admin to a person.

use baton_locales::t;
use baton_protocol::id::OpId;
use baton_protocol::live::MAX_MESSAGE_CHARS;
use baton_protocol::message::MessagePerson;
use baton_protocol::person::Person;
use patternfly_yew::prelude::*;
use uuid::Uuid;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use crate::backend;
use crate::components::{Dialog, Toast, use_toaster};

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct MessageDialogProps {
    pub(crate) to: Person,
    pub(crate) on_close: Callback<()>,
}

/// The dialog.
#[component]
pub(crate) fn MessageDialog(props: &MessageDialogProps) -> Html {
    let MessageDialogProps { to, on_close } = props;
    let input = use_node_ref();
    let problem = use_state_eq(|| None::<String>);
    let toaster = use_toaster();
    let onsubmit = {
        let (input, to, close, problem) = (input.clone(), to.clone(), on_close.clone(), problem.setter());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(text) = input.cast::<HtmlTextAreaElement>().map(|input| input.value()) else {
                return;
            };
            let (op, person, name) = (OpId(Uuid::new_v4()), to.id, to.name.clone());
            let (close, problem, toaster) = (close.clone(), problem.clone(), toaster.clone());
            spawn_local(async move {
                match backend::query(MessagePerson { op, person, text }).await {
                    Ok(()) => {
                        close.emit(());
                        if let Some(toaster) = toaster {
                            let text = t::people::reads_it_in_every_window(&name);
                            toaster.show(Toast::new("message", AlertType::Success, text));
                        }
                    }
                    Err(refused) => problem.set(Some(refused.message.to_string())),
                }
            });
        })
    };
    html! {
        <Dialog title={t::people::message_to(&to.name)} on_cancel={on_close.clone()}>
            <form class="pf-v6-c-form" {onsubmit}>
                if let Some(problem) = &*problem {
                    <Alert inline=true r#type={AlertType::Danger} title={problem.clone()} />
                }
                <div class="pf-v6-c-form__group">
                    <label class="baton-label" for="message-text">{ t::people::message() }</label>
                    <span class="pf-v6-c-form-control">
                        <textarea id="message-text" ref={input} rows="3" required=true maxlength={MAX_MESSAGE_CHARS.to_string()} />
                    </span>
                    <p class="baton-help">{ t::people::sees_it_at_once(&to.name) }</p>
                </div>
                <div class="baton-actions">
                    <Button id="message-send" r#type={ButtonType::Submit} variant={ButtonVariant::Primary} label={t::people::send()} />
                    <Button id="message-cancel" variant={ButtonVariant::Secondary}
                        onclick={on_close.reform(|_: MouseEvent| ())} label={t::common::cancel()} />
                </div>
            </form>
        </Dialog>
    }
}
