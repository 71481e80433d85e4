//! Who is in a group.

use baton_locales::t;
use baton_protocol::id::UserId;
use baton_protocol::message::GetPeople;
use baton_protocol::person::Account;
use baton_protocol::rights::{Group, GroupChange};
use patternfly_yew::prelude::*;
use uuid::Uuid;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::backend;
use crate::components::{Loading, Select};
use crate::format;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct MembersProps {
    pub(crate) group: Group,
    /// Whether the server is reached.
    pub(crate) live: bool,
    pub(crate) on_change: Callback<GroupChange>,
}

/// The members, and the way in and out.
#[component]
pub(crate) fn Members(props: &MembersProps) -> Html {
    let MembersProps { group, live, on_change } = props;
    let people = use_state_eq(|| None::<Vec<Account>>);
    {
        let people = people.setter();
        use_effect_with(*live, move |_| {
            spawn_local(async move {
                // Without the names, nobody can be chosen; what keeps them away is told by the page.
                people.set(Some(backend::query(GetPeople {}).await.unwrap_or_default()));
            });
        });
    }
    let Some(people) = &*people else {
        return html! { <Loading /> };
    };
    let id = group.id;
    let (inside, outside): (Vec<&Account>, Vec<&Account>) = people
        .iter()
        .partition(|account| group.members.contains(&account.person.id));
    let outside = outside.into_iter().filter(|account| !account.state.is_ended());
    let named = outside.map(|account| (account.person.id.to_string().into(), account.person.name.clone().into()));
    let options: Vec<(AttrValue, AttrValue)> = std::iter::once(("".into(), t::people::choose_a_person().into()))
        .chain(named)
        .collect();
    let add = {
        let change = on_change.clone();
        Callback::from(move |word: String| {
            if let Ok(person) = Uuid::try_parse(&word) {
                change.emit(GroupChange::AddMember(id, UserId(person)));
            }
        })
    };
    let remove = |person: UserId| on_change.reform(move |_: MouseEvent| GroupChange::RemoveMember(id, person));
    html! {
        <>
            <Select id="add-member" label={t::people::add_a_person()} value="" {options} disabled={!live} on_choice={add} />
            if inside.is_empty() {
                <p class="baton-quiet baton-next">{ t::people::nobody_in_this_group() }</p>
            }
            <ul class="baton-members">
                { for inside.into_iter().map(|account| html! {
                    <li key={account.person.id.to_string()} data-member={account.email.clone()}>
                        <span class="baton-avatar" aria-hidden="true">{ format::initials(&account.person.name) }</span>
                        <span>
                            { &account.person.name }
                            <span class="baton-quiet baton-second">{ &account.email }</span>
                        </span>
                        <span class="baton-push" />
                        <Button variant={ButtonVariant::Link} label={t::common::remove()} disabled={!live}
                            aria_label={t::people::remove_person(&account.person.name)} onclick={remove(account.person.id)} />
                    </li>
                }) }
            </ul>
        </>
    }
}
