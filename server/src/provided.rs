//! People who come from an identity provider: their accounts here, their groups, and the end of their sign-ins.

use std::collections::BTreeMap;

use baton_locales::say;
use baton_protocol::audit::{AccountChange, Act};
use baton_protocol::message::{Code, Problem};
use baton_protocol::origin::Origin;
use baton_protocol::person::{AccountState, Person};
use baton_protocol::rights::{Group, GroupChange};

use crate::app::App;
use crate::people::{self, By};
use crate::providers::{Identity, KnownProvider, signed_out};
use crate::sessions::SignInEnd;
use crate::store::{GroupWrite, IdentityWrite, StoreError, UserRow, Write};
use crate::{audit, groups};

/// The account of somebody whom a provider vouches for: the one they had last, the one with their address, or a new one
/// if the settings allow that. Their groups follow what the provider says.
///
/// # Errors
/// They have none and get none, or the store failed.
pub(crate) async fn account_of(
    app: &App,
    provider: &KnownProvider,
    identity: &Identity,
    origin: &Origin,
) -> Result<UserRow, Problem> {
    let id = &provider.config.id;
    let user = match app.store.user_by_identity(id, &identity.subject).await? {
        Some(user) => user,
        None => first_time(app, provider, identity, origin).await?,
    };
    if user.account.state.is_ended() {
        return Ok(user);
    }
    follow_groups(app, provider, identity, &user.account.person, origin).await?;
    if user.account.state == AccountState::PasswordGiven {
        return people::end_given_password(app, &user.account.person, origin.clone()).await;
    }
    Ok(user)
}

async fn first_time(
    app: &App,
    provider: &KnownProvider,
    identity: &Identity,
    origin: &Origin,
) -> Result<UserRow, Problem> {
    let name = &provider.config.name;
    let Some(email) = &identity.email else {
        let why = say::server::provider_does_not_vouch(name);
        return Err(Problem::new(Code::BadCredentials, why));
    };
    let by = By {
        person: None,
        origin: origin.clone(),
    };
    let known = app.store.user_by_email(email).await?;
    let user = match (known, provider.config.new_accounts) {
        (Some(user), _) => user,
        (None, Some(role)) => {
            let called = identity
                .name
                .as_deref()
                .filter(|name| !name.is_empty())
                .unwrap_or(email);
            // Nobody knows its password: an admin gives one, if it is ever needed.
            let (account, _) = people::add(app, email, called, role, AccountState::Active, by).await?;
            people::user(app, account.person.id).await?
        }
        (None, None) => {
            let why = say::server::no_account_here(email);
            return Err(Problem::new(Code::BadCredentials, why));
        }
    };
    let act = Act::Account(user.account.person.clone(), AccountChange::Linked(name.clone()));
    let write = IdentityWrite {
        provider: provider.config.id.clone(),
        subject: identity.subject.clone(),
        user: user.account.person.id,
        audit: audit::entry(app.clock.now(), None, origin.clone(), act),
    };
    app.store.write(Write::Identity(write)).await?;
    Ok(user)
}

/// What has the person in a group just if the provider says so; `None`: nothing, or the group is not mapped.
fn change(
    mapped: &BTreeMap<String, String>,
    group: &Group,
    identity: &Identity,
    person: &Person,
) -> Option<GroupChange> {
    let mut values = mapped.iter().filter(|(_, here)| **here == group.name).peekable();
    values.peek()?;
    let belongs = values.any(|(there, _)| identity.groups.contains(there));
    match (belongs, group.members.contains(&person.id)) {
        (true, false) => Some(GroupChange::AddMember(group.id, person.id)),
        (false, true) => Some(GroupChange::RemoveMember(group.id, person.id)),
        (true, true) | (false, false) => None,
    }
}

/// Has the person in just those of the mapped groups that the provider says; other groups are not touched.
async fn follow_groups(
    app: &App,
    provider: &KnownProvider,
    identity: &Identity,
    person: &Person,
    origin: &Origin,
) -> Result<(), Problem> {
    let config = &provider.config;
    if config.groups.is_empty() {
        return Ok(());
    }
    let mut changed = false;
    for group in app.store.groups().await?.groups {
        let Some(change) = change(&config.groups, &group, identity, person) else {
            continue;
        };
        let act = Act::Group {
            group: Some(group.name),
            change: change.clone(),
            about: Some(person.name.clone()),
        };
        let write = GroupWrite {
            by: None,
            audit: audit::entry(app.clock.now(), None, origin.clone(), act),
            change,
        };
        match app.store.write(Write::Group(write)).await {
            Ok(()) => changed = true,
            // An admin removed it at this moment.
            Err(StoreError::Missing) => {}
            Err(error) => return Err(error.into()),
        }
    }
    if changed {
        groups::apply(app).await?;
    }
    Ok(())
}

/// Ends the sign-ins that a provider's logout token is about; how many there were.
///
/// # Errors
/// There is no such provider, the token is not its own or about another client, or the store failed.
pub(crate) async fn back_channel(app: &App, provider: &str, token: String) -> Result<usize, Problem> {
    let provider = app.providers.find(provider)?;
    let id = provider.config.id.clone();
    let ended = app.providers.converse(move || signed_out(&provider, &token)).await?;
    let sign_ins = app.store.provided_sign_ins(&id, &ended).await?;
    for sign_in in &sign_ins {
        people::end_sign_in(app, sign_in, By::default(), SignInEnd::AtProvider).await?;
    }
    Ok(sign_ins.len())
}
