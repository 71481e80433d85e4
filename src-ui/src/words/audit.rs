//! The words of the audit.

use baton_protocol::audit::{
    AccountChange, Act, ActKind, AuditEntry, AuditedForm, AuditedJob, OwnerChange, OwnerReason, SettingChange,
};
use baton_protocol::deletion::DeletionKind;
use baton_protocol::form::TransferReason;
use baton_protocol::id::FormKind;
use baton_protocol::person::Person;
use baton_protocol::rights::{FieldLimit, GroupChange};

/// What acts of a kind are called in a menu.
pub(crate) fn kind(kind: ActKind) -> &'static str {
    match kind {
        ActKind::SignIns => "Sign-ins",
        ActKind::RefusedSignIns => "Refused sign-ins",
        ActKind::Accounts => "Accounts",
        ActKind::Rights => "Groups and access",
        ActKind::Ownership => "Who edited",
        ActKind::Saves => "Saves",
        ActKind::Definitions => "Definitions",
        ActKind::Deletions => "Deletions",
        ActKind::Jobs => "Imports, exports, bulk work",
        ActKind::Server => "The server itself",
    }
}

/// Who did it.
pub(crate) fn who(entry: &AuditEntry) -> &str {
    match (&entry.by, &entry.act) {
        (Some(person), _) => &person.name,
        (None, Act::SignInRefused(_)) => "Somebody",
        (None, Act::Exported | Act::BackedUp | Act::BackupRestored) => "Whoever runs the server",
        (None, _) => "The server",
    }
}

/// What happened, behind who did it.
pub(crate) fn act(act: &Act) -> String {
    match act {
        Act::SignedIn => "signed in".into(),
        Act::SignedInBy(provider) => format!("signed in by {provider}"),
        Act::SignInRefused(email) => format!("was refused as {email}"),
        Act::SignInsPaused(email) => format!("paused sign-ins as {email}: ten in a row had failed"),
        Act::Messaged(person) => format!("wrote a message to {}", person.name),
        Act::Exported => "exported everything into a file".into(),
        Act::BackedUp => "made a backup".into(),
        Act::BackupRestored => "brought a backup back".into(),
        Act::AuditExported => "exported the audit".into(),
        Act::SettingsChanged(changes) => {
            let changes: Vec<String> = changes.iter().map(setting).collect();
            format!("started with other settings: {}", changes.join("; "))
        }
        Act::SignedOut => "signed out".into(),
        Act::SignInEnded(person) => format!("ended a sign-in of {}", person.name),
        Act::Account(person, change) => account(person, change),
        Act::Group { group, change, about } => rights(group.as_deref(), change, about.as_deref()),
        Act::Owner {
            form,
            from,
            to,
            why,
            reason,
        } => {
            let said = reason
                .as_ref()
                .map(|reason| format!(": “{reason}”"))
                .unwrap_or_default();
            owner(form, from.as_ref(), to.as_ref(), *why) + &said
        }
        Act::Joined(form) => format!("opened {} behind its owner", named(form)),
        Act::Left(form) => format!("closed {}", named(form)),
        Act::PlaceReleased(form, away) => format!("ended the place that waited for {} in {}", away.name, named(form)),
        Act::AskedToEdit(form) => format!("asked to edit {}", named(form)),
        Act::Declined(form) => format!("declined a request to edit {}", named(form)),
        Act::Saved(form, version) => format!("saved {} as version {version}", named(form)),
        Act::Discarded(form) => format!("discarded the draft of {}", named(form)),
        Act::Removed(form, DeletionKind::Archived) => format!("archived {}", named(form)),
        Act::Removed(form, DeletionKind::Deleted) => format!("deleted {}", named(form)),
        Act::Restored(form) => format!("restored {}", named(form)),
        Act::Purged(form) => format!("deleted {} for ever", named(form)),
        Act::Job(_, job, _) => match job {
            AuditedJob::Import => "imported records".into(),
            AuditedJob::Export => "exported records".into(),
            AuditedJob::Bulk => "changed or deleted many records".into(),
            AuditedJob::Purge => "deleted for ever what was in a bin".into(),
            AuditedJob::Undo => "took back what was done to many records".into(),
        },
    }
}

fn setting(change: &SettingChange) -> String {
    let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "the default".into());
    format!("{} was {}, is {}", change.name, value(&change.from), value(&change.to))
}

fn named(form: &AuditedForm) -> String {
    let title = form.title.trim();
    match (form.form.kind, title.is_empty()) {
        (FormKind::Record, true) => "an untitled record".into(),
        (FormKind::Record, false) => format!("“{title}”"),
        (FormKind::Entity, true) => "a new definition".into(),
        (FormKind::Entity, false) => format!("the definition of “{title}”"),
    }
}

fn account(person: &Person, change: &AccountChange) -> String {
    let name = &person.name;
    match change {
        AccountChange::Added(role) => format!("added {name} as {}", super::role(*role).to_lowercase()),
        AccountChange::Renamed(before) => format!("renamed {before} to {name}"),
        AccountChange::Email(before) => format!("gave {name} another address in place of {before}"),
        AccountChange::Forgotten => "forgot the name and the address of a former colleague".into(),
        AccountChange::Role(role) => format!("made {name} {}", super::role(*role).to_lowercase()),
        AccountChange::PasswordReset => format!("gave {name} a new password"),
        AccountChange::PasswordChanged => "changed their own password".into(),
        AccountChange::Deactivated => format!("deactivated {name}"),
        AccountChange::Reactivated => format!("reactivated {name}"),
        AccountChange::GivenPasswordEnded => format!("ended the given password of {name}, who signs in by a provider"),
        AccountChange::SecondFactorSet => "set up a second factor".into(),
        AccountChange::SecondFactorRemoved => format!("removed the second factor of {name}"),
        AccountChange::RecoveryCodeUsed(left) => format!("used a recovery code; {left} are left"),
        AccountChange::Place { shown: true } => "shows colleagues where they are".into(),
        AccountChange::Place { shown: false } => "hides from colleagues where they are".into(),
        AccountChange::Linked(provider) => format!("has {name} sign in by {provider} from now on"),
    }
}

/// What was changed of a group, or of who has access to a collection.
fn rights(group: Option<&str>, change: &GroupChange, about: Option<&str>) -> String {
    let group = group.unwrap_or("a group");
    let about = about.unwrap_or("something that is gone");
    match change {
        GroupChange::Add(..) => format!("made the group “{group}”"),
        GroupChange::Rename(_, name) => format!("renamed the group “{group}” to “{name}”"),
        GroupChange::Remove(_) => format!("removed the group “{group}”"),
        GroupChange::AddMember(..) => format!("put {about} into the group “{group}”"),
        GroupChange::RemoveMember(..) => format!("took {about} out of the group “{group}”"),
        GroupChange::Grant(_, _, Some(access)) => {
            let access = super::access(*access).to_lowercase();
            format!("set what the group “{group}” may do with {about}: {access}")
        }
        GroupChange::Limit(_, _, _, Some(FieldLimit::Hidden)) => {
            format!("hid a field of {about} from the group “{group}”")
        }
        GroupChange::Limit(_, _, _, Some(FieldLimit::ReadOnly)) => {
            format!("made a field of {about} read-only for the group “{group}”")
        }
        GroupChange::Limit(_, _, _, None) => format!("gave a field of {about} back to the group “{group}”"),
        GroupChange::Grant(_, _, None) => format!("let the group “{group}” say nothing of {about} any more"),
        GroupChange::Close(_, true) => format!("closed {about} to roles: only groups have access"),
        GroupChange::Close(_, false) => format!("opened {about} to roles"),
    }
}

fn owner(form: &AuditedForm, from: Option<&Person>, to: Option<&Person>, why: OwnerReason) -> String {
    let form = named(form);
    let name = |person: Option<&Person>| person.map_or_else(|| "nobody".to_owned(), |person| person.name.clone());
    let (from, to) = (name(from), name(to));
    match why {
        OwnerReason::Opened => format!("opened {form} and edits it"),
        OwnerReason::Closed => format!("closed {form}"),
        OwnerReason::Left => format!("closed {form}; {to} edits it now"),
        OwnerReason::Unreachable => {
            format!("ended the place of {from} in {form}, who was out of reach; now edits: {to}")
        }
        OwnerReason::Revoked => {
            format!("ended the place of {from} in {form}, who may not edit any more; now edits: {to}")
        }
        OwnerReason::SignInEnded => {
            format!("ended the place of {from} in {form} with their sign-in; now edits: {to}")
        }
        OwnerReason::Released => {
            format!("ended the place that waited for {from} in {form}; now edits: {to}")
        }
        OwnerReason::Transferred(TransferReason::HandedOver) => format!("handed {form} over to {to}"),
        OwnerReason::Transferred(TransferReason::Idle) => format!("passed {form} from {from}, who was idle, to {to}"),
        OwnerReason::Transferred(TransferReason::TakenOver) => format!("took {form} over from {from}"),
        OwnerReason::Transferred(TransferReason::Moved) => format!("moved {form} to another window"),
    }
}

/// Who edits from then on, and why.
pub(crate) fn owner_change(change: &OwnerChange) -> String {
    let name = |person: &Option<Person>| {
        person
            .as_ref()
            .map_or_else(|| "nobody".to_owned(), |person| person.name.clone())
    };
    let (from, to) = (name(&change.from), name(&change.to));
    let why = match change.why {
        OwnerReason::Opened => return format!("{to} opened it"),
        OwnerReason::Closed => return format!("{from} closed it"),
        OwnerReason::Left => format!("{from} closed it"),
        OwnerReason::Unreachable => format!("{from} was out of reach"),
        OwnerReason::Revoked => format!("{from} may not edit any more"),
        OwnerReason::SignInEnded => format!("the sign-in of {from} ended"),
        OwnerReason::Released => format!("the place of {from}, who was away, was ended"),
        OwnerReason::Transferred(TransferReason::HandedOver) => format!("{from} handed it over"),
        OwnerReason::Transferred(TransferReason::Idle) => format!("{from} was idle"),
        OwnerReason::Transferred(TransferReason::TakenOver) => format!("{to} took it over from {from}"),
        OwnerReason::Transferred(TransferReason::Moved) => return format!("{to} moved it to another window"),
    };
    let said = change
        .reason
        .as_ref()
        .map(|reason| format!(": “{reason}”"))
        .unwrap_or_default();
    match &change.to {
        Some(_) => format!("{to} edits: {why}{said}"),
        None => format!("Nobody edits: {why}{said}"),
    }
}

#[cfg(test)]
mod tests {
    use baton_protocol::id::{EntityId, FormKey, RecordId, UserId};
    use uuid::Uuid;

    use super::*;

    #[test]
    fn an_act_is_a_sentence_behind_who_did_it() {
        let person = |name: &str| Person {
            id: UserId(Uuid::nil()),
            name: name.into(),
        };
        let form = |title: &str| AuditedForm {
            form: FormKey::record(RecordId(Uuid::nil())),
            entity: EntityId(Uuid::nil()),
            title: title.into(),
        };
        let taken = Act::Owner {
            form: form("Coat"),
            from: Some(person("Anna")),
            to: Some(person("Ada")),
            why: OwnerReason::Transferred(TransferReason::TakenOver),
            reason: Some("She is ill".into()),
        };
        assert_eq!(act(&taken), "took “Coat” over from Anna: “She is ill”");
        let left = Act::Owner {
            form: form(" "),
            from: Some(person("Anna")),
            to: None,
            why: OwnerReason::Unreachable,
            reason: None,
        };
        assert_eq!(
            act(&left),
            "ended the place of Anna in an untitled record, who was out of reach; now edits: nobody"
        );
        let changed = Act::Account(person("Cara"), AccountChange::Deactivated);
        assert_eq!(act(&changed), "deactivated Cara");
    }
}
