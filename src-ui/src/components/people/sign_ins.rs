//! Where somebody is signed in, and ending it.

use baton_locales::t;
use baton_protocol::id::{SignInId, UserId};
use baton_protocol::message::{EndSignIn, GetSignIns, Problem};
use baton_protocol::person::SignInRow;
use patternfly_yew::prelude::*;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::backend;
use crate::components::{Loading, use_toaster};
use crate::format;
use crate::hooks::use_session;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct SignInsProps {
    /// Whose; the viewer's own where left out.
    #[prop_or_default]
    pub(crate) person: Option<UserId>,
}

/// The list.
#[component]
pub(crate) fn SignIns(props: &SignInsProps) -> Html {
    let rows = use_state_eq(|| None::<Result<Vec<SignInRow>, Problem>>);
    let live = use_session().live();
    let toaster = use_toaster();
    let read = {
        let (rows, person) = (rows.setter(), props.person);
        Callback::from(move |()| {
            let rows = rows.clone();
            spawn_local(async move { rows.set(Some(backend::query(GetSignIns { person }).await)) });
        })
    };
    {
        let read = read.clone();
        use_effect_with(live, move |_| read.emit(()));
    }
    let end = Callback::from(move |sign_in: SignInId| {
        let (read, toaster) = (read.clone(), toaster.clone());
        spawn_local(async move {
            if let (Err(problem), Some(toaster)) = (backend::query(EndSignIn { sign_in }).await, toaster) {
                toaster.failed("sign-ins", problem.message.to_string());
            }
            read.emit(());
        });
    });
    match &*rows {
        None => html! { <Loading /> },
        Some(Err(problem)) => {
            html! { <Alert inline=true r#type={AlertType::Warning} title={problem.message.to_string()} /> }
        }
        Some(Ok(rows)) if rows.is_empty() => html! { <p class="baton-quiet">{ t::people::signed_in_nowhere() }</p> },
        Some(Ok(rows)) => html! {
            <ul class="baton-sign-ins">{ for rows.iter().map(|row| sign_in(row, live, &end)) }</ul>
        },
    }
}

fn sign_in(row: &SignInRow, live: bool, end: &Callback<SignInId>) -> Html {
    let id = row.id;
    let address = row.origin.address.as_deref();
    let name = row
        .origin
        .computer
        .as_deref()
        .or(address)
        .unwrap_or(t::people::unknown_computer());
    let version = row.origin.client.as_deref().map(|version| format!("Baton {version}"));
    let rest = [address.filter(|address| *address != name), version.as_deref()];
    let rest: String = rest.into_iter().flatten().map(|word| format!(" · {word}")).collect();
    let now = match (row.own, row.online) {
        (true, _) => t::people::this_one().to_owned(),
        (false, true) => t::people::connected_now().to_owned(),
        (false, false) => t::people::last_used(format::moment(row.used)),
    };
    let onclick = end.reform(move |_: MouseEvent| id);
    html! {
        <li class="baton-sign-in" key={row.id.to_string()} data-own={row.own.to_string()}>
            <div>
                <strong>{ name }</strong>
                <span class="baton-quiet">{ rest }</span>
                <div class="baton-quiet">{ t::people::sign_in_since(format::moment(row.since), &now) }</div>
            </div>
            if !row.own {
                <Button variant={ButtonVariant::Secondary} disabled={!live} {onclick} label={t::people::end_sign_in()} />
            }
        </li>
    }
}
