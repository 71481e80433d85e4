//! The words of the audit.

use baton_locales::t;
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
        ActKind::SignIns => t::audit::sign_ins(),
        ActKind::RefusedSignIns => t::audit::refused_sign_ins(),
        ActKind::Accounts => t::audit::accounts(),
        ActKind::Rights => t::audit::groups_and_access(),
        ActKind::Ownership => t::audit::who_edited(),
        ActKind::Saves => t::audit::saves(),
        ActKind::Definitions => t::audit::definitions(),
        ActKind::Deletions => t::audit::deletions(),
        ActKind::Jobs => t::audit::imports_exports_bulk_work(),
        ActKind::Server => t::audit::the_server_itself(),
    }
}

/// Who did it.
pub(crate) fn who(entry: &AuditEntry) -> &str {
    match (&entry.by, &entry.act) {
        (Some(person), _) => &person.name,
        (None, Act::SignInRefused(_)) => t::audit::somebody(),
        (None, Act::Exported | Act::BackedUp | Act::BackupRestored) => t::audit::whoever_runs_the_server(),
        (None, _) => t::audit::the_server(),
    }
}

/// What happened, behind who did it.
pub(crate) fn act(act: &Act) -> String {
    match act {
        Act::SignedIn => t::audit::did_sign_in().into(),
        Act::SignedInBy(provider) => t::audit::did_sign_in_by(provider),
        Act::SignInRefused(email) => t::audit::sign_in_refused(email),
        Act::SignInsPaused(email) => t::audit::paused_sign_ins(email),
        Act::Messaged(person) => t::audit::wrote_a_message_to(&person.name),
        Act::Exported => t::audit::exported_everything().into(),
        Act::BackedUp => t::audit::made_a_backup().into(),
        Act::BackupRestored => t::audit::restored_a_backup().into(),
        Act::AuditExported => t::audit::exported_the_audit().into(),
        Act::SettingsChanged(changes) => {
            let changes: Vec<String> = changes.iter().map(setting).collect();
            t::audit::started_with_settings(changes.join("; "))
        }
        Act::SignedOut => t::audit::signed_out().into(),
        Act::SignInEnded(person) => t::audit::ended_a_sign_in_of(&person.name),
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
                .map(|reason| format!(": {}", t::common::quoted(reason)))
                .unwrap_or_default();
            owner(form, from.as_ref(), to.as_ref(), *why) + &said
        }
        Act::Joined(form) => t::audit::joined(named(form)),
        Act::Left(form) => t::audit::left(named(form)),
        Act::PlaceReleased(form, away) => t::audit::released_the_place(&away.name, named(form)),
        Act::AskedToEdit(form) => t::audit::asked_to_edit(named(form)),
        Act::Declined(form) => t::audit::declined_a_request(named(form)),
        Act::Saved(form, version) => t::audit::saved(named(form), version),
        Act::Discarded(form) => t::audit::discarded(named(form)),
        Act::Removed(form, DeletionKind::Archived) => t::audit::archived(named(form)),
        Act::Removed(form, DeletionKind::Deleted) => t::audit::deleted(named(form)),
        Act::Restored(form) => t::audit::restored(named(form)),
        Act::Purged(form) => t::audit::purged(named(form)),
        Act::Job(_, job, _) => match job {
            AuditedJob::Import => t::audit::imported_records().into(),
            AuditedJob::Export => t::audit::exported_records().into(),
            AuditedJob::Bulk => t::audit::changed_many().into(),
            AuditedJob::Purge => t::audit::purged_a_bin().into(),
            AuditedJob::Undo => t::audit::took_back_many().into(),
        },
    }
}

fn setting(change: &SettingChange) -> String {
    let value = |value: &Option<String>| value.clone().unwrap_or_else(|| t::audit::the_default().into());
    t::audit::setting_was_is(&change.name, value(&change.from), value(&change.to))
}

fn named(form: &AuditedForm) -> String {
    let title = form.title.trim();
    match (form.form.kind, title.is_empty()) {
        (FormKind::Record, true) => t::audit::untitled_record().into(),
        (FormKind::Record, false) => t::common::quoted(title),
        (FormKind::Entity, true) => t::audit::new_definition().into(),
        (FormKind::Entity, false) => t::audit::definition_of(title),
    }
}

fn account(person: &Person, change: &AccountChange) -> String {
    let name = &person.name;
    match change {
        AccountChange::Added(role) => t::audit::added_as(name, super::role(*role)),
        AccountChange::Renamed(before) => t::audit::renamed(before, name),
        AccountChange::Email(before) => t::audit::gave_another_address(name, before),
        AccountChange::Forgotten => t::audit::forgot_a_colleague().into(),
        AccountChange::Role(role) => t::audit::gave_a_role(name, super::role(*role)),
        AccountChange::PasswordReset => t::audit::gave_a_new_password(name),
        AccountChange::PasswordChanged => t::audit::changed_own_password().into(),
        AccountChange::Deactivated => t::audit::deactivated(name),
        AccountChange::Reactivated => t::audit::reactivated(name),
        AccountChange::GivenPasswordEnded => t::audit::ended_the_given_password(name),
        AccountChange::SecondFactorSet => t::audit::set_up_a_factor().into(),
        AccountChange::SecondFactorRemoved => t::audit::removed_the_factor(name),
        AccountChange::RecoveryCodeUsed(left) => t::audit::used_a_recovery_code(*left),
        AccountChange::Place { shown: true } => t::audit::shows_place().into(),
        AccountChange::Place { shown: false } => t::audit::hides_place().into(),
        AccountChange::Linked(provider) => t::audit::signs_in_by_provider(name, provider),
    }
}

/// What was changed of a group, or of who has access to a collection.
fn rights(group: Option<&str>, change: &GroupChange, about: Option<&str>) -> String {
    let group = group.unwrap_or(t::audit::a_group());
    let about = about.unwrap_or(t::audit::something_gone());
    match change {
        GroupChange::Add(..) => t::audit::made_group(group),
        GroupChange::Rename(_, name) => t::audit::renamed_group(group, name),
        GroupChange::Remove(_) => t::audit::removed_group(group),
        GroupChange::AddMember(..) => t::audit::put_into_group(about, group),
        GroupChange::RemoveMember(..) => t::audit::took_out_of_group(about, group),
        GroupChange::Grant(_, _, Some(access)) => {
            let access = super::access(*access);
            t::audit::granted(group, about, access)
        }
        GroupChange::Limit(_, _, _, Some(FieldLimit::Hidden)) => t::audit::hid_a_field(about, group),
        GroupChange::Limit(_, _, _, Some(FieldLimit::ReadOnly)) => t::audit::made_a_field_read_only(about, group),
        GroupChange::Limit(_, _, _, None) => t::audit::gave_a_field_back(about, group),
        GroupChange::Grant(_, _, None) => t::audit::ended_a_grant(group, about),
        GroupChange::Close(_, true) => t::audit::closed_to_roles(about),
        GroupChange::Close(_, false) => t::audit::opened_to_roles(about),
    }
}

fn owner(form: &AuditedForm, from: Option<&Person>, to: Option<&Person>, why: OwnerReason) -> String {
    let form = named(form);
    let name =
        |person: Option<&Person>| person.map_or_else(|| t::audit::nobody().to_owned(), |person| person.name.clone());
    let (from, to) = (name(from), name(to));
    match why {
        OwnerReason::Opened => t::audit::opened_and_edits(&form),
        OwnerReason::Closed => t::audit::left(&form),
        OwnerReason::Left => t::audit::closed_next_edits(&form, &to),
        OwnerReason::Unreachable => t::audit::ended_unreachable(&from, &form, &to),
        OwnerReason::Revoked => t::audit::ended_revoked(&from, &form, &to),
        OwnerReason::SignInEnded => t::audit::ended_with_sign_in(&from, &form, &to),
        OwnerReason::Released => t::audit::ended_released(&from, &form, &to),
        OwnerReason::Transferred(TransferReason::HandedOver) => t::audit::handed_over(&form, &to),
        OwnerReason::Transferred(TransferReason::Idle) => t::audit::passed_idle(&form, &from, &to),
        OwnerReason::Transferred(TransferReason::TakenOver) => t::audit::taken_over(&form, &from),
        OwnerReason::Transferred(TransferReason::Moved) => t::audit::moved(&form),
    }
}

/// Who edits from then on, and why.
pub(crate) fn owner_change(change: &OwnerChange) -> String {
    let name = |person: &Option<Person>| {
        person
            .as_ref()
            .map_or_else(|| t::audit::nobody().to_owned(), |person| person.name.clone())
    };
    let (from, to) = (name(&change.from), name(&change.to));
    let why = match change.why {
        OwnerReason::Opened => return t::audit::owner_opened(&to),
        OwnerReason::Closed => return t::audit::owner_closed(&from),
        OwnerReason::Left => t::audit::owner_closed(&from),
        OwnerReason::Unreachable => t::audit::owner_unreachable(&from),
        OwnerReason::Revoked => t::audit::owner_revoked(&from),
        OwnerReason::SignInEnded => t::audit::owner_sign_in_ended(&from),
        OwnerReason::Released => t::audit::owner_released(&from),
        OwnerReason::Transferred(TransferReason::HandedOver) => t::audit::owner_handed_over(&from),
        OwnerReason::Transferred(TransferReason::Idle) => t::audit::owner_idle(&from),
        OwnerReason::Transferred(TransferReason::TakenOver) => t::audit::owner_taken_over(&to, &from),
        OwnerReason::Transferred(TransferReason::Moved) => return t::audit::owner_moved(&to),
    };
    let said = change
        .reason
        .as_ref()
        .map(|reason| format!(": {}", t::common::quoted(reason)))
        .unwrap_or_default();
    match &change.to {
        Some(_) => t::audit::edits_now(&to, why) + &said,
        None => t::audit::nobody_edits(why) + &said,
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
