//! An account for somebody new.

use std::rc::Rc;

use baton_locales::t;
use baton_protocol::id::{GroupId, OpId};
use baton_protocol::message::{AddPerson, ChangeGroups, ChangedAccount, GetGroups, Problem};
use baton_protocol::person::UserRole;
use baton_protocol::rights::{Group, GroupChange};
use patternfly_yew::prelude::*;
use uuid::Uuid;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::roles;
use crate::backend;
use crate::components::{Dialog, Select, Toaster, use_toaster};
use crate::state::submission::Submission;

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
    let group = use_state_eq(|| None::<GroupId>);
    let submission = use_state_eq(Submission::default);
    let choose = {
        let role = role.setter();
        Callback::from(move |word: String| role.set(UserRole::parse(&word).unwrap_or(UserRole::Editor)))
    };
    let choose_group = {
        let group = group.setter();
        Callback::from(move |chosen| group.set(chosen))
    };
    let onsubmit = {
        let (name, email, role, group) = (name.clone(), email.clone(), *role, *group);
        let (submission, added) = (submission.setter(), props.on_added.clone());
        let toaster = use_toaster();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let value = |input: &NodeRef| input.cast::<HtmlInputElement>().map(|input| input.value());
            let (Some(name), Some(email)) = (value(&name), value(&email)) else {
                return;
            };
            let op = OpId(Uuid::new_v4());
            let query = AddPerson { op, email, name, role };
            let (submission, added, toaster) = (submission.clone(), added.clone(), toaster.clone());
            submission.set(Submission::Sending);
            spawn_local(async move {
                let outcome = add(query, group, toaster).await;
                match outcome {
                    // The dialog goes with it.
                    Ok(account) => added.emit(account),
                    Err(_) => submission.set(Submission::ended(&outcome)),
                }
            });
        })
    };
    let cancel = props.on_cancel.reform(|_: MouseEvent| ());
    html! {
        <Dialog title={t::people::add_a_person()} on_cancel={props.on_cancel.clone()}>
            <form class="pf-v6-c-form" {onsubmit}>
                if let Some(problem) = submission.problem() {
                    <Alert inline=true r#type={AlertType::Danger} title={problem.to_owned()} />
                }
                <div class="pf-v6-c-form__group">
                    <label class="baton-label" for="person-name">{ t::people::name() }</label>
                    <span class="pf-v6-c-form-control">
                        <input id="person-name" ref={name} required=true maxlength="254" autocomplete="off" />
                    </span>
                </div>
                <div class="pf-v6-c-form__group">
                    <label class="baton-label" for="person-email">{ t::people::e_mail() }</label>
                    <span class="pf-v6-c-form-control">
                        <input id="person-email" type="email" ref={email} required=true maxlength="254" autocomplete="off" />
                    </span>
                </div>
                <div class="pf-v6-c-form__group">
                    <label class="baton-label" for="person-role">{ t::people::role() }</label>
                    <Select id="person-role" value={role.as_str()} options={roles()} on_choice={choose} />
                </div>
                <GroupChoice on_choice={choose_group} />
                <div class="baton-actions">
                    <Button id="person-add" r#type={ButtonType::Submit} variant={ButtonVariant::Primary} label={t::common::add()}
                        disabled={submission.is_sending()} loading={submission.is_sending()} />
                    <Button id="person-cancel" variant={ButtonVariant::Secondary} onclick={cancel} label={t::common::cancel()} />
                </div>
            </form>
        </Dialog>
    }
}

/// Makes the account, and puts its person into the group.
async fn add(query: AddPerson, group: Option<GroupId>, toaster: Option<Toaster>) -> Result<ChangedAccount, Problem> {
    let account = backend::query(query).await?;
    if let Some(group) = group {
        let change = GroupChange::AddMember(group, account.account.person.id);
        let op = OpId(Uuid::new_v4());
        // The account is there all the same.
        if let (Err(refused), Some(toaster)) = (backend::query(ChangeGroups { op, change }).await, toaster) {
            toaster.failed("group", refused.message.to_string());
        }
    }
    Ok(account)
}

#[derive(Clone, PartialEq, Properties)]
struct GroupChoiceProps {
    on_choice: Callback<Option<GroupId>>,
}

/// A group that the person is in from the beginning; nothing where there is none.
#[component]
fn GroupChoice(props: &GroupChoiceProps) -> Html {
    let groups = use_state_eq(Rc::<Vec<Group>>::default);
    let chosen = use_state_eq(|| None::<GroupId>);
    {
        let groups = groups.setter();
        use_effect_with((), move |()| {
            spawn_local(async move {
                // Without them a person can be added all the same.
                if let Ok(found) = backend::query(GetGroups {}).await {
                    groups.set(Rc::new(found.groups));
                }
            });
        });
    }
    if groups.is_empty() {
        return Html::default();
    }
    let choose = {
        let (groups, chosen, on_choice) = (Rc::clone(&groups), chosen.setter(), props.on_choice.clone());
        Callback::from(move |id: String| {
            let mut ids = groups.iter().map(|group| group.id);
            let group = ids.find(|group| group.to_string() == id);
            chosen.set(group);
            on_choice.emit(group);
        })
    };
    let none = std::iter::once(("".into(), t::people::none().into()));
    let named = groups
        .iter()
        .map(|group| (group.id.to_string().into(), group.name.clone().into()));
    let options: Vec<(AttrValue, AttrValue)> = none.chain(named).collect();
    html! {
        <div class="pf-v6-c-form__group">
            <label class="baton-label" for="person-group">{ t::people::group() }</label>
            <Select id="person-group" value={chosen.map(|group| group.to_string()).unwrap_or_default()} {options} on_choice={choose} />
        </div>
    }
}
