//! A person in the list of all, and what an admin does about them.

use baton_locales::t;
use baton_protocol::id::OpId;
use baton_protocol::message::{ChangePerson, ChangedAccount};
use baton_protocol::person::{Account, AccountState, PersonChange, UserRole};
use patternfly_yew::prelude::*;
use uuid::Uuid;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::{EditPersonDialog, SignIns, roles};
use crate::backend;
use crate::components::{ConfirmDialog, Dialog, Select, use_toaster};
use crate::{format, words};

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct PersonRowProps {
    pub(crate) account: Account,
    /// What the groups are called that they are in.
    pub(crate) groups: Vec<String>,
    /// Whether it is the admin's own.
    pub(crate) own: bool,
    /// Whether the server is reached.
    pub(crate) live: bool,
    pub(crate) on_changed: Callback<ChangedAccount>,
}

/// What is asked about a person before it is done.
#[derive(Clone, Copy, PartialEq)]
enum Asked {
    Nothing,
    SignIns,
    NewPassword,
    RemoveSecondFactor,
    Rename,
    Deactivate,
    Forget,
}

/// The row.
#[component]
pub(crate) fn PersonRow(props: &PersonRowProps) -> Html {
    let PersonRowProps { account, own, live, .. } = props;
    let asked = use_state_eq(|| Asked::Nothing);
    let change = use_change(props);
    let choose = {
        let change = change.clone();
        Callback::from(move |word: String| {
            if let Some(role) = UserRole::parse(&word) {
                change.emit(PersonChange::Role(role));
            }
        })
    };
    let does = |what: PersonChange| change.reform(move |_: MouseEvent| what.clone());
    let asks = |what: Asked| {
        let asked = asked.setter();
        Callback::from(move |_: MouseEvent| asked.set(what))
    };
    let ended = account.state.is_ended();
    let close = {
        let asked = asked.setter();
        Callback::from(move |()| asked.set(Asked::Nothing))
    };
    html! {
        <tr class={classes!("pf-v6-c-table__tr", ended.then_some("baton-ended"))} data-person={account.email.clone()}>
            <td class="pf-v6-c-table__td" data-label={t::people::name()}>
                <span class="baton-person">
                    <span class="baton-avatar" aria-hidden="true">{ format::initials(&account.person.name) }</span>
                    <span>
                        { &account.person.name }
                        if *own { <span class="baton-quiet">{ " " }{ t::common::you_in_brackets() }</span> }
                        <span class="baton-quiet baton-second">{ &account.email }</span>
                    </span>
                </span>
            </td>
            <td class="pf-v6-c-table__td" data-label={t::people::role()}>
                <Select label={t::people::role_of(&account.person.name)} value={account.role.as_str()}
                    options={roles()} disabled={ended || !live} on_choice={choose} />
            </td>
            <td class="pf-v6-c-table__td baton-wrap" data-label={t::shell::groups()}>
                { if props.groups.is_empty() { "—".to_owned() } else { props.groups.join(", ") } }
            </td>
            <td class="pf-v6-c-table__td" data-label={t::people::state()}>
                <span class={classes!("baton-state", ended.then_some("baton-quiet"))}>{ words::account_state(account.state) }</span>
                if account.second_factor {
                    <span class="baton-quiet baton-second">{ t::people::with_a_second_factor() }</span>
                }
            </td>
            <td class="pf-v6-c-table__td baton-row-action">
                if !ended {
                    <Button variant={ButtonVariant::Link} label={t::people::sign_ins()} onclick={asks(Asked::SignIns)} />
                    <Button variant={ButtonVariant::Link} label={t::common::edit()} disabled={!live}
                        onclick={asks(Asked::Rename)} />
                    <Button variant={ButtonVariant::Link} label={t::people::new_password()} disabled={!live}
                        onclick={asks(Asked::NewPassword)} />
                    if account.second_factor {
                        <Button variant={ButtonVariant::Link} label={t::people::remove_second_factor()} disabled={!live}
                            onclick={asks(Asked::RemoveSecondFactor)} />
                    }
                    <Button class="baton-deactivate" variant={ButtonVariant::Link} label={t::people::deactivate()} disabled={!live}
                        onclick={asks(Asked::Deactivate)} />
                }
                if account.state == AccountState::Deactivated {
                    <Button variant={ButtonVariant::Link} label={t::people::reactivate()} disabled={!live}
                        onclick={does(PersonChange::Reactivate)} />
                    <Button variant={ButtonVariant::Link} label={t::people::forget_name()} disabled={!live}
                        onclick={asks(Asked::Forget)} />
                }
                { question(account, *asked, &close, &change) }
            </td>
        </tr>
    }
}

/// Changes the account, and tells who listens, or the person why not.
#[hook]
fn use_change(props: &PersonRowProps) -> Callback<PersonChange> {
    let toaster = use_toaster();
    let (person, changed) = (props.account.person.id, props.on_changed.clone());
    Callback::from(move |change: PersonChange| {
        let op = OpId(Uuid::new_v4());
        let query = ChangePerson { op, person, change };
        let (toaster, changed) = (toaster.clone(), changed.clone());
        spawn_local(async move {
            match (backend::query(query).await, toaster) {
                (Ok(account), _) => changed.emit(account),
                (Err(problem), Some(toaster)) => toaster.failed("account", problem.message.to_string()),
                (Err(_), None) => {}
            }
        });
    })
}

fn question(account: &Account, asked: Asked, close: &Callback<()>, change: &Callback<PersonChange>) -> Html {
    let name = &account.person.name;
    let closes = close.reform(|_: MouseEvent| ());
    match asked {
        Asked::Nothing => Html::default(),
        Asked::SignIns => html! {
            <Dialog title={t::people::sign_ins_of(name)} on_cancel={close.clone()}>
                <SignIns person={account.person.id} />
                <div class="baton-actions">
                    <Button id="sign-ins-done" variant={ButtonVariant::Secondary} onclick={closes} label={t::common::close()} />
                </div>
            </Dialog>
        },
        Asked::NewPassword => confirm(
            close,
            change,
            Confirmation {
                title: t::people::ask_for_new_password(name),
                text: t::people::what_a_new_password_does(name),
                yes: t::people::new_password(),
                danger: false,
                change: PersonChange::NewPassword,
            },
        ),
        Asked::RemoveSecondFactor => confirm(
            close,
            change,
            Confirmation {
                title: t::people::ask_to_remove_second_factor(name),
                text: t::people::what_removing_a_factor_does(name),
                yes: t::common::remove(),
                danger: true,
                change: PersonChange::RemoveSecondFactor,
            },
        ),
        Asked::Rename => html! {
            <EditPersonDialog account={account.clone()} on_change={change.clone()} on_close={close.clone()} />
        },
        Asked::Forget => confirm(
            close,
            change,
            Confirmation {
                title: t::people::ask_to_forget(name),
                text: t::people::what_forgetting_does(name),
                yes: t::people::forget(),
                danger: true,
                change: PersonChange::Forget,
            },
        ),
        Asked::Deactivate => confirm(
            close,
            change,
            Confirmation {
                title: t::people::ask_to_deactivate(name),
                text: t::people::what_deactivating_does(name),
                yes: t::people::deactivate(),
                danger: true,
                change: PersonChange::Deactivate,
            },
        ),
    }
}

/// A change that is asked about first.
struct Confirmation {
    title: String,
    text: String,
    yes: &'static str,
    danger: bool,
    change: PersonChange,
}

fn confirm(close: &Callback<()>, change: &Callback<PersonChange>, what: Confirmation) -> Html {
    let Confirmation {
        title,
        text,
        yes,
        danger,
        change: wanted,
    } = what;
    let on_yes = {
        let (close, change) = (close.clone(), change.clone());
        Callback::from(move |()| {
            close.emit(());
            change.emit(wanted.clone());
        })
    };
    html! { <ConfirmDialog id="person" {title} {text} {yes} {danger} {on_yes} on_cancel={close.clone()} /> }
}
