//! Groups, and who has access to entities (semantics 7.2).

use std::time::Duration;

use baton_locales::say;
use baton_protocol::audit::Act;
use baton_protocol::message::{Code, Problem};
use baton_protocol::rights::{GroupChange, Groups, MAX_GROUP_NAME, MAX_GROUPS};

use crate::app::App;
use crate::error::no_entity;
use crate::rights::Admin;
use crate::store::{GroupWrite, StoreError, Write};
use crate::{audit, people, uploads};

/// Changes a group, or who has access to an entity. Whoever may do something else by it feels it at once.
///
/// # Errors
/// The group, the person or the entity is not there, the name is taken or makes no sense, or the store failed.
pub(crate) async fn change(app: &App, admin: &Admin, change: GroupChange) -> Result<Groups, Problem> {
    let change = match change {
        GroupChange::Add(group, name) => GroupChange::Add(group, checked(&name)?),
        GroupChange::Rename(group, name) => GroupChange::Rename(group, checked(&name)?),
        GroupChange::Remove(_)
        | GroupChange::AddMember(..)
        | GroupChange::RemoveMember(..)
        | GroupChange::Grant(..)
        | GroupChange::Limit(..)
        | GroupChange::Close(..) => change,
    };
    let act = act(app, &change).await?;
    let origin = admin.origin().clone();
    let write = GroupWrite {
        by: Some(admin.id()),
        audit: audit::entry(app.clock.now(), Some(admin.person().clone()), origin, act),
        change,
    };
    match app.store.write(Write::Group(write)).await {
        Ok(()) => apply(app).await,
        Err(StoreError::NameTaken) => Err(Problem::new(Code::Malformed, say::server::there_is_a_group())),
        Err(StoreError::RightsChanged) => Err(Problem::new(Code::Forbidden, say::server::only_an_admin_changes())),
        Err(StoreError::Missing) => {
            let why = say::server::no_group_or_too_many(MAX_GROUPS);
            Err(Problem::new(Code::NotFound, why))
        }
        Err(error) => Err(error.into()),
    }
}

/// Has everybody do what the groups as they are stored now let them do.
///
/// # Errors
/// The store failed.
pub(crate) async fn apply(app: &App) -> Result<Groups, Problem> {
    let lock = app.accounts.lock_groups().await;
    let groups = read(app).await?;
    let changed = app.accounts.note_groups(groups.clone());
    app.bus.rights_changed(&changed);
    drop(lock);
    uploads::forget_exports(app, changed.keys().copied()).await;
    app.forms.revoked(&changed.into_keys().collect()).await;
    Ok(groups)
}

/// All groups. What was committed must be felt: while they cannot be read, it is tried again, for a minute.
async fn read(app: &App) -> Result<Groups, StoreError> {
    for _ in 0..60 {
        match app.store.groups().await {
            Ok(groups) => return Ok(groups),
            Err(error) => tracing::error!(%error, "a change of groups is not felt yet; trying again"),
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    app.store.groups().await
}

/// What the audit keeps of a change, with the names that things have now.
async fn act(app: &App, change: &GroupChange) -> Result<Act, Problem> {
    let group = match change {
        GroupChange::Add(_, name) => Some(name.clone()),
        GroupChange::Close(..) => None,
        GroupChange::Rename(group, _)
        | GroupChange::Remove(group)
        | GroupChange::AddMember(group, _)
        | GroupChange::RemoveMember(group, _)
        | GroupChange::Grant(group, ..)
        | GroupChange::Limit(group, ..) => {
            let groups = app.store.groups().await?.groups;
            let known = groups.into_iter().find(|known| known.id == *group);
            let missing = || Problem::new(Code::NotFound, say::server::there_is_no_such());
            let known = known.ok_or_else(missing)?;
            if let GroupChange::Limit(_, entity, _, Some(_)) = change
                && !known.grants.contains_key(entity)
            {
                let why = say::server::the_group_gives_no();
                return Err(Problem::new(Code::NotFound, why));
            }
            Some(known.name)
        }
    };
    let about = match (change.person(), change.entity()) {
        (Some(person), _) => Some(people::user(app, person).await?.account.person.name),
        (None, Some(entity)) => {
            let entity = app.store.entity(entity).await?.ok_or_else(no_entity)?;
            if let GroupChange::Limit(_, _, id, Some(_)) = change
                && !entity.fields.iter().any(|field| field.id == *id)
            {
                return Err(Problem::new(Code::NotFound, say::server::there_is_no_such_field()));
            }
            Some(entity.label_plural)
        }
        (None, None) => None,
    };
    let change = change.clone();
    Ok(Act::Group { group, change, about })
}

fn checked(name: &str) -> Result<String, Problem> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > MAX_GROUP_NAME || name.contains(char::is_control) {
        let why = say::server::group_needs_a_name(MAX_GROUP_NAME);
        return Err(Problem::new(Code::Malformed, why));
    }
    Ok(name.to_owned())
}
