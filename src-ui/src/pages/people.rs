//! Everybody who has an account, for admins.

use baton_locales::t;
use baton_protocol::message::{ChangedAccount, GetPeople, Problem};
use baton_protocol::person::Account;
use patternfly_yew::prelude::*;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::components::{
    AddPersonDialog, GivenPassword, GroupsHandle, Loading, NewPasswordDialog, PageTitle, PersonRow, use_groups,
};
use crate::hooks::{use_polled, use_session};
use crate::state::people::People as Accounts;

/// How often the server is asked while the page is shown, in milliseconds: other admins change people too.
const AGAIN_MS: u32 = 5000;

/// What is open over the list.
#[derive(Clone, PartialEq)]
enum Open {
    Nothing,
    Add,
    Password(GivenPassword),
}

/// The page.
#[component]
pub(crate) fn People() -> Html {
    let session = use_session();
    let accounts = use_state_eq(|| None::<Result<Accounts, Problem>>);
    let search = use_state_eq(String::new);
    let open = use_state_eq(|| Open::Nothing);
    let live = session.live();
    let answer = use_polled(GetPeople {}, live, AGAIN_MS);
    {
        let accounts = accounts.setter();
        use_effect_with((*answer).clone(), move |answer| {
            if let Some(answer) = answer {
                accounts.set(Some(answer.clone().map(|answer| Accounts::new(Vec::clone(&answer)))));
            }
        });
    }
    let groups = use_groups();
    let changed = use_changed(&accounts, &open);
    let opens = |what: Open| {
        let open = open.setter();
        Callback::from(move |()| open.set(what.clone()))
    };
    let me = session
        .state()
        .and_then(|state| state.account.as_ref())
        .map(|account| account.person.id);
    let body = match &*accounts {
        None => html! { <Loading /> },
        Some(Err(problem)) => {
            html! { <Alert inline=true r#type={AlertType::Danger} title={problem.message.to_string()} /> }
        }
        Some(Ok(accounts)) => {
            let row = |account: &Account| {
                let own = Some(account.person.id) == me;
                let groups = groups_of(&groups, account);
                html! {
                    <PersonRow key={account.person.id.to_string()} account={account.clone()} {groups} {own} {live}
                        on_changed={changed.clone()} />
                }
            };
            table(accounts.found(&search).map(row).collect())
        }
    };
    let count = accounts
        .as_ref()
        .and_then(|accounts| accounts.as_ref().ok())
        .map(counted);
    html! {
        <>
            <PageSection>
                <div class="baton-heading">
                    <PageTitle title={t::shell::people()} />
                    <span class="baton-quiet">{ count }</span>
                    <span class="baton-push" />
                    <Button id="add-person" variant={ButtonVariant::Primary} disabled={!live}
                        onclick={opens(Open::Add).reform(|_: MouseEvent| ())} label={t::people::add_a_person()} />
                </div>
                { search_input(search.setter()) }
            </PageSection>
            <PageSection fill={PageSectionFill::Fill}>{ body }</PageSection>
            { match &*open {
                Open::Nothing => Html::default(),
                Open::Add => html! {
                    <AddPersonDialog on_added={changed} on_cancel={opens(Open::Nothing)} />
                },
                Open::Password(given) => html! {
                    <NewPasswordDialog given={given.clone()} on_close={opens(Open::Nothing)} />
                },
            } }
        </>
    }
}

/// Takes an account as it is after a change, and shows its new password, if it has one.
#[hook]
fn use_changed(
    accounts: &UseStateHandle<Option<Result<Accounts, Problem>>>,
    open: &UseStateHandle<Open>,
) -> Callback<ChangedAccount> {
    let (accounts, open) = (accounts.clone(), open.setter());
    Callback::from(move |ChangedAccount { account, password }: ChangedAccount| {
        open.set(match password {
            Some(password) => Open::Password(GivenPassword {
                name: account.person.name.clone(),
                email: account.email.clone(),
                password: password.0,
            }),
            None => Open::Nothing,
        });
        if let Some(Ok(known)) = &*accounts {
            accounts.set(Some(Ok(known.with(account))));
        }
    })
}

/// What the groups are called that somebody is in; none as long as that is not known.
fn groups_of(groups: &GroupsHandle, account: &Account) -> Vec<String> {
    let known = groups.groups.iter().flatten();
    let theirs = known.flat_map(|groups| groups.of(account.person.id));
    theirs.map(|group| group.name.clone()).collect()
}

fn counted(accounts: &Accounts) -> String {
    t::people::count_of_accounts(accounts.found("").count())
}

fn search_input(search: UseStateSetter<String>) -> Html {
    let oninput = Callback::from(move |event: InputEvent| {
        if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
            search.set(input.value());
        }
    });
    html! {
        <span class="pf-v6-c-form-control baton-search-people">
            <input id="search-people" type="search" placeholder={t::people::name_or_e_mail()} aria-label={t::people::search_people()} {oninput} />
        </span>
    }
}

fn table(rows: Vec<Html>) -> Html {
    if rows.is_empty() {
        return html! {
            <EmptyState title={t::people::nobody_called_that()} icon={Icon::Search}>{ t::people::look_for_a_part() }</EmptyState>
        };
    }
    html! {
        <table class="pf-v6-c-table pf-m-grid-md pf-m-compact baton-table baton-flow baton-people" aria-label={t::shell::people()}>
            <thead class="pf-v6-c-table__thead">
                <tr class="pf-v6-c-table__tr">
                    { for [t::people::name(), t::people::role(), t::shell::groups(), t::people::state()].map(|name| html! {
                        <th class="pf-v6-c-table__th" scope="col">{ name }</th>
                    }) }
                    <th class="pf-v6-c-table__th" scope="col"><span class="pf-v6-screen-reader">{ t::people::actions() }</span></th>
                </tr>
            </thead>
            <tbody class="pf-v6-c-table__tbody">{ for rows }</tbody>
        </table>
    }
}
