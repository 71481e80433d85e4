//! Who is online, for everybody, and what admins do for people at this moment.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use baton_locales::say;
use baton_protocol::audit::Act;
use baton_protocol::entity::Entity;
use baton_protocol::form::Command;
use baton_protocol::id::{EntityId, UserId};
use baton_protocol::live::{MAX_MESSAGE_CHARS, OnlineForm, OnlinePerson, Page};
use baton_protocol::message::{Code, MessagePerson, PersonalNotice, Problem, ReleasePlace, ToClient};
use baton_protocol::person::PlaceVisibility;
use baton_protocol::rights::Rights;

use crate::app::App;
use crate::rights::{Admin, SignedIn};
use crate::store::Write;
use crate::{audit, people};

/// After so long without doing anything a person counts as idle.
const IDLE: Duration = Duration::from_secs(5 * 60);
/// So many forms are looked at for what people do.
const MAX_LOOKED_AT: usize = 1000;
/// So many people are named.
const MAX_ONLINE: usize = 1000;

/// Says something to a person in all their windows.
pub(crate) async fn message(app: &App, admin: &Admin, query: MessagePerson) -> Result<(), Problem> {
    let text = query.text.trim();
    if text.is_empty() || text.chars().count() > MAX_MESSAGE_CHARS || text.contains('\0') {
        let why = say::server::message_length(MAX_MESSAGE_CHARS);
        return Err(Problem::new(Code::Malformed, why));
    }
    let to = people::user(app, query.person).await?.account.person;
    if !app.sessions.is_connected(to.id) {
        let why = say::server::is_not_connected(&to.name);
        return Err(Problem::new(Code::NotHere, why));
    }
    let notice = PersonalNotice::Message {
        from: admin.person().clone(),
        text: text.to_owned(),
    };
    let by = Some(admin.person().clone());
    let entry = audit::entry(app.clock.now(), by, admin.origin().clone(), Act::Messaged(to.clone()));
    app.store.write(Write::Audit(entry)).await?;
    app.bus.publish_to_person(to.id, &ToClient::Personal(notice));
    Ok(())
}

/// Ends the places that wait in a form for somebody whose connection broke.
pub(crate) async fn release_place(app: &App, admin: &Admin, query: &ReleasePlace) -> Result<(), Problem> {
    let command = Command::Release {
        person: query.person,
        by: admin.person().clone(),
    };
    let session = admin.session();
    match app.forms.execute(query.form, session, command).await {
        Ok(_) => Ok(()),
        Err(problem) if problem.code == Code::NotHere => {
            let why = say::server::no_place_waits_for();
            Err(Problem::new(Code::NotHere, why))
        }
        Err(problem) => Err(problem),
    }
}

/// Who is online of those whom the viewer shares an entity with, by name; what they do in entities that the viewer does
/// not see is not told.
pub(crate) async fn online(app: &App, viewer: &SignedIn) -> Vec<OnlinePerson> {
    let seen: BTreeMap<EntityId, Arc<Entity>> = app
        .bus
        .definitions()
        .all()
        .into_iter()
        .filter(|entity| entity.gone.is_none() && viewer.rights().sees(entity))
        .map(|entity| (entity.id, entity))
        .collect();
    let shares = |rights: &Rights| seen.values().any(|entity| rights.sees(entity));
    let mut people: BTreeMap<UserId, OnlinePerson> = BTreeMap::new();
    let mut hides: BTreeSet<UserId> = BTreeSet::new();
    let now = app.clock.now();
    for (id, presence) in app.sessions.presence() {
        let current = app.accounts.current(id);
        let Some(current) = current.filter(|current| id == viewer.id() || shares(&current.rights)) else {
            continue;
        };
        let is_hidden = app.config.may_hide && current.account.place == PlaceVisibility::Hidden;
        let mut online = OnlinePerson {
            person: current.account.person.clone(),
            own: id == viewer.id(),
            idle_seconds: Some(now.since(presence.active).as_secs()),
            forms: Vec::new(),
            lists: Vec::new(),
        };
        if is_hidden {
            hides.insert(id);
        } else {
            online
                .lists
                .extend(presence.pages.into_iter().filter_map(|page| match page {
                    Page::Records(entity) if seen.contains_key(&entity) => Some(entity),
                    Page::Records(_) | Page::Collections | Page::Record(_) | Page::Definition(_) | Page::Other => None,
                }));
        }
        people.insert(id, online);
    }
    for open in app.forms.open_forms(MAX_LOOKED_AT).await {
        if !seen.contains_key(&open.entity) {
            continue;
        }
        for (place, editor) in open.editors.iter().enumerate() {
            // A place that is reserved is of somebody who is not here.
            let here = people
                .get_mut(&editor.person.id)
                .filter(|_| editor.reserved_ms.is_none() && !hides.contains(&editor.person.id));
            if let Some(online) = here.filter(|online| online.forms.iter().all(|known| known.form != open.form)) {
                online.forms.push(OnlineForm {
                    form: open.form,
                    entity: open.entity,
                    title: open.title.clone(),
                    edits: place == 0,
                });
            }
        }
    }
    let mut people: Vec<OnlinePerson> = people.into_values().collect();
    for online in &mut people {
        online.idle_seconds = online.idle_seconds.filter(|seconds| *seconds >= IDLE.as_secs());
    }
    let by_name = |online: &OnlinePerson| (online.person.name.to_lowercase(), online.person.id);
    // Whoever asks is never cut off.
    people.sort_by_cached_key(|online| (!online.own, by_name(online)));
    people.truncate(MAX_ONLINE);
    people.sort_by_cached_key(by_name);
    people
}
