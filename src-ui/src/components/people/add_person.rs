//! An account for somebody new.

use baton_protocol::id::OpId;
use baton_protocol::message::{AddPerson, ChangedAccount};
use baton_protocol::person::UserRole;
use patternfly_yew::prelude::*;
use uuid::Uuid;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::roles;
use crate::backend;
use crate::components::{Dialog, Select};

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct AddPersonDialogProps {
    pub(crate) on_added: Callback<ChangedAccount>,
    pub(crate) on_cancel: Callback<()>,
}

/// The dialog.
#[component]
pub(crate) fn AddPersonDialog(props: &AddPersonDialogProps) -> Html {
    let (name, email) = (use_node_ref(), use_node_ref());
    let role = use_state_eq(|| UserRole::Editor);
    let problem = use_state_eq(|| None::<String>);
    let busy = use_state_eq(|| false);
    let choose = {
        let role = role.setter();
        Callback::from(move |word: String| {
            if let Some(chosen) = UserRole::parse(&word) {
                role.set(chosen);
            }
        })
    };
    let onsubmit = {
        let (name, email, role) = (name.clone(), email.clone(), *role);
        let (problem, busy, added) = (problem.setter(), busy.setter(), props.on_added.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let value = |input: &NodeRef| input.cast::<HtmlInputElement>().map(|input| input.value());
            let (Some(name), Some(email)) = (value(&name), value(&email)) else {
                return;
            };
            let op = OpId(Uuid::new_v4());
            let query = AddPerson { op, email, name, role };
            let (problem, busy, added) = (problem.clone(), busy.clone(), added.clone());
            busy.set(true);
            spawn_local(async move {
                match backend::query(query).await {
                    Ok(account) => added.emit(account),
                    Err(refused) => {
                        problem.set(Some(refused.message));
                        busy.set(false);
                    }
                }
            });
        })
    };
    let cancel = props.on_cancel.reform(|_: MouseEvent| ());
    html! {
        <Dialog title="Add a person" on_cancel={props.on_cancel.clone()}>
            <form class="pf-v6-c-form" {onsubmit}>
                if let Some(problem) = &*problem {
                    <Alert inline=true r#type={AlertType::Danger} title={problem.clone()} />
                }
                <div class="pf-v6-c-form__group">
                    <label class="baton-label" for="person-name">{ "Name" }</label>
                    <span class="pf-v6-c-form-control">
                        <input id="person-name" ref={name} required=true maxlength="254" autocomplete="off" />
                    </span>
                </div>
                <div class="pf-v6-c-form__group">
                    <label class="baton-label" for="person-email">{ "E-mail" }</label>
                    <span class="pf-v6-c-form-control">
                        <input id="person-email" type="email" ref={email} required=true maxlength="254" autocomplete="off" />
                    </span>
                </div>
                <div class="pf-v6-c-form__group">
                    <label class="baton-label" for="person-role">{ "Role" }</label>
                    <Select id="person-role" value={role.as_str()} options={roles()} on_choice={choose} />
                </div>
                <div class="baton-actions">
                    <Button id="person-add" r#type={ButtonType::Submit} variant={ButtonVariant::Primary} label="Add"
                        disabled={*busy} loading={*busy} />
                    <Button id="person-cancel" variant={ButtonVariant::Secondary} onclick={cancel} label="Cancel" />
                </div>
            </form>
        </Dialog>
    }
}
