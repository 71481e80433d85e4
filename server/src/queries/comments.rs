//! Comments on records, and who is notified of them (semantics 7.7).

use std::collections::{BTreeMap, BTreeSet};

use baton_locales::say;
use baton_protocol::comment::{Comment, CommentChange, CommentText, MAX_COMMENTS};
use baton_protocol::entity::Entity;
use baton_protocol::field::Value;
use baton_protocol::form::Notice;
use baton_protocol::id::{CommentId, EntityId, FormKey, RecordId, UserId};
use baton_protocol::message::{ChangeComment, Code, Problem, ToClient};
use baton_protocol::notification::{NotificationBody, NotificationReason, NotificationSubject};
use baton_protocol::person::Person;
use baton_protocol::rights::{Right, Rights};
use baton_protocol::values::TITLE;

use super::fitting;
use crate::app::App;
use crate::error::no_record;
use crate::rights::SignedIn;
use crate::store::{CommentWrite, StoreError, Write};

/// The most people that can be offered to be mentioned.
const MAX_COLLEAGUES: usize = 5000;

/// The comments of a record, oldest first; without those on fields that the viewer does not see.
pub(crate) async fn all(app: &App, viewer: &SignedIn, record: RecordId) -> Result<Vec<Comment>, Problem> {
    let entity = entity_of(app, viewer, record).await?;
    let mut comments = app.store.comments(record).await?;
    comments.retain(|comment| sees(viewer.rights(), &entity, comment.field.as_deref()));
    Ok(comments)
}

pub(super) async fn entity_of(app: &App, viewer: &SignedIn, record: RecordId) -> Result<Entity, Problem> {
    let known = app.entity_of(viewer.rights(), FormKey::record(record)).await?;
    known.ok_or_else(no_record)
}

/// Whether somebody with these rights sees what a thread is about: the record, or the field with this id. What was said
/// of a field that is no more is for whom no field is hidden from.
pub(super) fn sees(rights: &Rights, entity: &Entity, field: Option<&str>) -> bool {
    let Some(id) = field else {
        return true;
    };
    let hidden = &rights.permission(entity.id).hidden;
    hidden.is_empty() || (!hidden.contains(id) && entity.form_fields().iter().any(|field| field.id == id))
}

/// Adds, edits, resolves or deletes a comment. Done twice it is done once (G8).
pub(crate) async fn change(app: &App, viewer: &SignedIn, query: ChangeComment) -> Result<(), Problem> {
    let ChangeComment {
        record,
        comment,
        mut change,
    } = query;
    let entity = entity_of(app, viewer, record).await?;
    let mut comments = app.store.comments(record).await?;
    let is_full = comments.len() >= MAX_COMMENTS as usize;
    comments.retain(|comment| sees(viewer.rights(), &entity, comment.field.as_deref()));
    let known = comments.iter().find(|known| known.id == comment);
    let manages = viewer.rights().may(Right::Manage(entity.id));
    match (&change, known) {
        (CommentChange::Add { .. }, Some(_)) | (CommentChange::Delete, None) => return Ok(()),
        (CommentChange::Add { .. }, None) if is_full => {
            let why = say::server::too_many_comments(MAX_COMMENTS);
            return Err(Problem::new(Code::TooLarge, why));
        }
        (CommentChange::Add { thread, field, text }, None) => {
            check_text(text)?;
            check_place(viewer, &entity, &comments, (*thread, field.as_deref()))?;
        }
        (CommentChange::Edit(_) | CommentChange::Resolve(_), None) => return Err(no_comment()),
        (_, Some(known)) => check_known(viewer, manages, known, &comments, &change)?,
    }
    if let CommentChange::Add {
        thread: Some(thread),
        field,
        ..
    } = &mut change
    {
        // An answer is for whoever sees what its thread is about.
        *field = comments
            .iter()
            .find(|known| known.id == *thread)
            .and_then(|known| known.field.clone());
    }
    let notified = notified(app, viewer, &entity, record, &comments, (comment, &change)).await?;
    let affected = match change {
        CommentChange::Edit(_) | CommentChange::Delete => affected(&comments, known),
        // What they were notified of stays as it is.
        CommentChange::Add { .. } | CommentChange::Resolve(_) => BTreeSet::new(),
    };
    let write = CommentWrite {
        record,
        comment,
        by: viewer.id(),
        manages,
        at: app.clock.now(),
        change,
        notify: notified.clone().into_iter().collect(),
    };
    match app.store.write(Write::Comment(Box::new(write))).await {
        Ok(()) => {}
        Err(StoreError::Missing) => return Err(changed_meanwhile()),
        Err(error) => return Err(error.into()),
    }
    app.bus
        .publish_notice(&entity, FormKey::record(record), Notice::Commented);
    // The text that their notification quotes is another one now, or gone.
    for person in affected {
        app.bus.publish_to_person(person, &ToClient::NotificationsChanged);
    }
    for (person, what) in notified {
        app.bus.publish_notification(person, what);
    }
    Ok(())
}

fn check_text(text: &CommentText) -> Result<(), Problem> {
    text.check()
        .map_err(|problem| Problem::new(Code::Malformed, problem.to_string()))
}

/// Checks that a new comment is about something that is there for its author.
fn check_place(
    viewer: &SignedIn,
    entity: &Entity,
    comments: &[Comment],
    (thread, field): (Option<CommentId>, Option<&str>),
) -> Result<(), Problem> {
    match (thread, field) {
        (Some(thread), None) => {
            let first = comments
                .iter()
                .find(|known| known.id == thread && known.thread.is_none());
            first.map(drop).ok_or_else(no_comment)
        }
        (Some(_), Some(_)) => Err(Problem::new(Code::Malformed, say::server::an_answer_is_about())),
        (None, Some(id)) => {
            let is_there = entity.form_fields().iter().any(|field| field.id == id);
            let is_there = is_there && sees(viewer.rights(), entity, Some(id));
            let no_field = || Problem::new(Code::NotFound, say::server::there_is_no_such_field());
            is_there.then_some(()).ok_or_else(no_field)
        }
        (None, None) => Ok(()),
    }
}

/// Checks what somebody wants to do with a comment that is there.
fn check_known(
    viewer: &SignedIn,
    manages: bool,
    known: &Comment,
    comments: &[Comment],
    change: &CommentChange,
) -> Result<(), Problem> {
    match change {
        CommentChange::Edit(text) => {
            check_text(text)?;
            if known.written.by.id != viewer.id() {
                return Err(Problem::new(Code::Forbidden, say::server::only_its_author_changes()));
            }
            Ok(())
        }
        CommentChange::Delete => check_delete(viewer, manages, known, comments),
        CommentChange::Resolve(_) if known.thread.is_some() => {
            let why = say::server::a_thread_is_resolved();
            Err(Problem::new(Code::Malformed, why))
        }
        CommentChange::Resolve(_) | CommentChange::Add { .. } => Ok(()),
    }
}

fn check_delete(viewer: &SignedIn, manages: bool, known: &Comment, comments: &[Comment]) -> Result<(), Problem> {
    if known.written.by.id != viewer.id() && !manages {
        return Err(Problem::new(Code::Forbidden, say::server::only_its_author_deletes()));
    }
    let answers = |other: &Comment| other.thread == Some(known.id) && other.written.by.id != known.written.by.id;
    if comments.iter().any(answers) {
        let why = say::server::others_have_answered_it();
        return Err(Problem::new(Code::Forbidden, why));
    }
    Ok(())
}

/// Who is told of what somebody wrote: whoever is mentioned now and was not before, and whoever has written in the
/// thread; of those only who see it, and never its author.
async fn notified(
    app: &App,
    viewer: &SignedIn,
    entity: &Entity,
    record: RecordId,
    comments: &[Comment],
    (comment, change): (CommentId, &CommentChange),
) -> Result<BTreeMap<UserId, NotificationBody>, Problem> {
    let known = comments.iter().find(|known| known.id == comment);
    let (text, thread, field) = match change {
        CommentChange::Add { thread, field, text } => (text, *thread, field.clone()),
        CommentChange::Edit(text) => (
            text,
            known.and_then(|known| known.thread),
            known.and_then(|known| known.field.clone()),
        ),
        CommentChange::Delete | CommentChange::Resolve(_) => return Ok(BTreeMap::new()),
    };
    // A mention counts before an answer, for whoever wants to hear of it.
    let mut why: BTreeMap<UserId, BTreeSet<NotificationReason>> = BTreeMap::new();
    if let (CommentChange::Add { .. }, Some(thread)) = (change, thread) {
        let written = comments
            .iter()
            .filter(|other| other.id == thread || other.thread == Some(thread));
        for other in written {
            why.entry(other.written.by.id)
                .or_default()
                .insert(NotificationReason::Answered);
        }
    }
    let before = known.map(|known| &known.mentions[..]).unwrap_or_default();
    let new = text
        .mentions
        .iter()
        .filter(|id| before.iter().all(|person| person.id != **id));
    for id in new {
        why.entry(*id).or_default().insert(NotificationReason::Mentioned);
    }
    why.remove(&viewer.id());
    if why.is_empty() {
        return Ok(BTreeMap::new());
    }
    let saved = app.store.record(record).await?.ok_or_else(no_record)?;
    let title = saved.values.get(TITLE).map_or("", Value::text).to_owned();
    let who_sees = who_sees(app, entity, field.as_deref());
    let body = |why: NotificationReason| NotificationBody {
        by: viewer.person().clone(),
        about: NotificationSubject::Record {
            record,
            entity: entity.id,
            field: field.clone(),
        },
        title: title.clone(),
        text: text.excerpt(),
        why,
    };
    let mut notified = BTreeMap::new();
    for (person, reasons) in why.into_iter().filter(|(person, _)| who_sees.contains_key(person)) {
        let muted = app.store.muted(person).await?;
        if let Some(why) = reasons.difference(&muted).next() {
            notified.insert(person, body(*why));
        }
    }
    Ok(notified)
}

/// Who may have been notified of a comment that is there: whom it mentions, and whoever wrote in its thread.
fn affected(comments: &[Comment], known: Option<&Comment>) -> BTreeSet<UserId> {
    let Some(known) = known else {
        return BTreeSet::new();
    };
    let thread = known.thread.unwrap_or(known.id);
    let written = comments
        .iter()
        .filter(|other| other.id == thread || other.thread == Some(thread))
        .map(|other| other.written.by.id);
    let mentioned = known.mentions.iter().map(|person| person.id);
    written.chain(mentioned).collect()
}

/// Everybody who can sign in and sees an entity, and one of its fields.
fn who_sees(app: &App, entity: &Entity, field: Option<&str>) -> BTreeMap<UserId, Person> {
    let everybody = app.accounts.everybody().into_iter();
    let active = everybody.filter(|current| !current.account.state.is_ended());
    let seeing = active.filter(|current| current.rights.sees(entity) && sees(&current.rights, entity, field));
    seeing
        .map(|current| (current.account.person.id, current.account.person.clone()))
        .collect()
}

/// Who can be mentioned in an entity's records, by name.
pub(crate) async fn colleagues(app: &App, viewer: &SignedIn, entity: EntityId) -> Result<Vec<Person>, Problem> {
    let entity = app.entity(viewer.rights(), entity).await?;
    let mut people: Vec<Person> = who_sees(app, &entity, None).into_values().collect();
    people.sort_by_cached_key(|person| (person.name.to_lowercase(), person.id));
    people.truncate(MAX_COLLEAGUES);
    Ok(fitting(people))
}

fn no_comment() -> Problem {
    Problem::new(Code::NotFound, say::server::there_is_no_such_comment())
}

fn changed_meanwhile() -> Problem {
    Problem::new(Code::Busy, say::server::the_comments_changed_at())
}
