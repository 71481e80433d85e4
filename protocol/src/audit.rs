//! The audit: who did what, when and from where (semantics 7.4).
//!
//! It never holds passwords, tokens or values of fields; those are in the history, or nowhere.

use serde::{Deserialize, Serialize};

use crate::deletion::DeletionKind;
use crate::form::TransferReason;
use crate::id::{EntityId, FormKey, FormKind, JobId, UserId, Version};
use crate::origin::Origin;
use crate::person::{Person, UserRole};
use crate::rights::GroupChange;
use crate::time::Timestamp;

/// One entry. Entries are numbered from 1 without a gap, and none is ever changed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Its number.
    pub number: u64,
    /// When it happened.
    pub at: Timestamp,
    /// Who did it; `None`: nobody who was signed in, or whoever runs the server.
    pub by: Option<Person>,
    /// From where.
    #[serde(default, skip_serializing_if = "Origin::is_unknown")]
    pub origin: Origin,
    /// What happened.
    pub act: Act,
}

/// A form that something happened to, as it was called then.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AuditedForm {
    /// Which form.
    pub form: FormKey,
    /// Its entity.
    pub entity: EntityId,
    /// Its title.
    pub title: String,
}

/// So much of a title is kept, in characters.
const MAX_TITLE: usize = 200;

impl AuditedForm {
    /// The form under this title, as far as it is kept.
    #[must_use]
    pub fn new(form: FormKey, entity: EntityId, title: &str) -> Self {
        Self {
            form,
            entity,
            title: title.chars().take(MAX_TITLE).collect(),
        }
    }
}

/// Why a form has another owner, or none.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OwnerReason {
    /// Nobody had it open.
    Opened,
    /// The owner closed it, and nobody else had it open.
    Closed,
    /// The owner closed it, and the next in line follows.
    Left,
    /// The owner's connection broke, and the next in line follows after the grace period.
    Unreachable,
    /// The owner may not edit any more.
    Revoked,
    /// An admin ended the place that waited for the owner.
    Released,
    /// The sign-in ended that the owner's place was held for.
    SignInEnded,
    /// It passed on other than in order.
    Transferred(TransferReason),
}

/// A form passed from one owner to another.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OwnerChange {
    /// When.
    pub at: Timestamp,
    /// Who edited before.
    pub from: Option<Person>,
    /// Who edits from then on.
    pub to: Option<Person>,
    /// Why.
    pub why: OwnerReason,
    /// What whoever took it over said of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What a change made of an account.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountChange {
    /// It was made.
    Added(UserRole),
    /// It has another name; this was the one before.
    Renamed(String),
    /// It has another address; this was the one before.
    Email(String),
    /// It has another role.
    Role(UserRole),
    /// Its name and address were forgotten.
    Forgotten,
    /// Somebody else gave it a new password.
    PasswordReset,
    /// Its person chose a new password.
    PasswordChanged,
    /// It cannot sign in any more.
    Deactivated,
    /// It can again.
    Reactivated,
    /// The password that somebody else gave is worth nothing any more: its person signs in by a provider.
    GivenPasswordEnded,
    /// Signing in takes a second factor.
    SecondFactorSet,
    /// It does not any more.
    SecondFactorRemoved,
    /// A recovery code stood in for the second factor; so many are left.
    RecoveryCodeUsed(usize),
    /// Others see where its person is, or do not.
    Place {
        /// Whether they do.
        shown: bool,
    },
    /// Whoever signs in by this provider as this person has it from now on.
    Linked(String),
}

/// A setting of the server that is another one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SettingChange {
    /// Its name.
    pub name: String,
    /// What it was; `None`: the default.
    pub from: Option<String>,
    /// What it is.
    pub to: Option<String>,
}

/// What many records were worked on for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditedJob {
    /// Records were imported.
    Import,
    /// Records were exported.
    Export,
    /// Records were changed or deleted.
    Bulk,
    /// Records that had been deleted were deleted for ever.
    Purge,
    /// What another job saved was undone.
    Undo,
}

/// What happened.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Somebody signed in.
    SignedIn,
    /// Somebody signed in by this provider.
    SignedInBy(String),
    /// A sign-in was refused; this is the address that was tried.
    SignInRefused(String),
    /// So many sign-ins with this address failed that it waits for a while.
    SignInsPaused(String),
    /// Somebody signed out.
    SignedOut,
    /// A sign-in of this person was ended, by them or by an admin.
    SignInEnded(Person),
    /// An account was made or changed.
    Account(Person, AccountChange),
    /// A group was changed, or who has access to an entity.
    Group {
        /// What the group is called, if it is about one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        group: Option<String>,
        /// What was changed.
        change: GroupChange,
        /// What the person or the entity is called that the change is about.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        about: Option<String>,
    },
    /// A form has another owner, or none.
    Owner {
        /// Which form.
        form: AuditedForm,
        /// Who edited before.
        from: Option<Person>,
        /// Who edits now.
        to: Option<Person>,
        /// Why.
        why: OwnerReason,
        /// What whoever took it over said of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// An admin said something to this person.
    Messaged(Person),
    /// Whoever runs the server wrote all of it into a file.
    Exported,
    /// Whoever runs the server copied all of it.
    BackedUp,
    /// Whoever runs the server brought such a copy back.
    BackupRestored,
    /// Entries of the audit were written into a file.
    AuditExported,
    /// Settings of the server are not what they were at its last start.
    SettingsChanged(Vec<SettingChange>),
    /// Somebody opened a form that somebody else edits.
    Joined(AuditedForm),
    /// Somebody closed a form that somebody else edits.
    Left(AuditedForm),
    /// A place that waited in a form for this person, whose connection broke, was ended.
    PlaceReleased(AuditedForm, Person),
    /// Somebody asked to edit.
    AskedToEdit(AuditedForm),
    /// The owner declined.
    Declined(AuditedForm),
    /// A draft was saved as this version.
    Saved(AuditedForm, Version),
    /// A draft was discarded.
    Discarded(AuditedForm),
    /// A record or an entity went out of its list.
    Removed(AuditedForm, DeletionKind),
    /// It came back.
    Restored(AuditedForm),
    /// It was deleted for ever: by somebody, or by the server after the time that the settings say.
    Purged(AuditedForm),
    /// Work on many records of an entity began.
    Job(JobId, AuditedJob, EntityId),
}

impl Act {
    /// The word that the act is stored and filtered by.
    #[must_use]
    pub fn kind(&self) -> ActKind {
        match self {
            Self::SignedIn | Self::SignedInBy(_) | Self::SignedOut | Self::SignInEnded(_) => ActKind::SignIns,
            Self::SignInRefused(_) | Self::SignInsPaused(_) => ActKind::RefusedSignIns,
            Self::Account(..) | Self::Messaged(_) => ActKind::Accounts,
            Self::Exported | Self::BackedUp | Self::BackupRestored | Self::SettingsChanged(_) => ActKind::Server,
            Self::Group { .. } => ActKind::Rights,
            Self::Owner { .. }
            | Self::Joined(_)
            | Self::Left(_)
            | Self::PlaceReleased(..)
            | Self::AskedToEdit(_)
            | Self::Declined(_) => ActKind::Ownership,
            Self::Saved(form, _) if form.form.kind == FormKind::Entity => ActKind::Definitions,
            Self::Saved(..) | Self::Discarded(_) => ActKind::Saves,
            Self::Removed(..) | Self::Restored(_) | Self::Purged(_) => ActKind::Deletions,
            Self::Job(..) | Self::AuditExported => ActKind::Jobs,
        }
    }

    /// The form that it is about.
    #[must_use]
    pub fn form(&self) -> Option<&AuditedForm> {
        match self {
            Self::Owner { form, .. }
            | Self::Joined(form)
            | Self::Left(form)
            | Self::PlaceReleased(form, _)
            | Self::AskedToEdit(form)
            | Self::Declined(form)
            | Self::Saved(form, _)
            | Self::Discarded(form)
            | Self::Removed(form, _)
            | Self::Restored(form)
            | Self::Purged(form) => Some(form),
            Self::SignedIn
            | Self::SignedInBy(_)
            | Self::SignInRefused(_)
            | Self::SignInsPaused(_)
            | Self::SignedOut
            | Self::SignInEnded(_)
            | Self::Messaged(_)
            | Self::Exported
            | Self::BackedUp
            | Self::BackupRestored
            | Self::AuditExported
            | Self::SettingsChanged(_)
            | Self::Account(..)
            | Self::Group { .. }
            | Self::Job(..) => None,
        }
    }

    /// The person that it is done to.
    #[must_use]
    pub fn person(&self) -> Option<UserId> {
        match self {
            Self::SignInEnded(person) | Self::Account(person, _) | Self::Messaged(person) => Some(person.id),
            Self::Group { change, .. } => change.person(),
            Self::SignedIn
            | Self::SignedInBy(_)
            | Self::SignInRefused(_)
            | Self::SignInsPaused(_)
            | Self::SignedOut
            | Self::Exported
            | Self::BackedUp
            | Self::BackupRestored
            | Self::AuditExported
            | Self::SettingsChanged(_)
            | Self::Owner { .. }
            | Self::Joined(_)
            | Self::Left(_)
            | Self::PlaceReleased(..)
            | Self::AskedToEdit(_)
            | Self::Declined(_)
            | Self::Saved(..)
            | Self::Discarded(_)
            | Self::Removed(..)
            | Self::Restored(_)
            | Self::Purged(_)
            | Self::Job(..) => None,
        }
    }
}

/// Acts of one kind, to filter by.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActKind {
    /// Signing in and out.
    SignIns,
    /// Sign-ins that were refused.
    RefusedSignIns,
    /// What was done to accounts.
    Accounts,
    /// What was changed of groups and of access to entities.
    Rights,
    /// Who edited what.
    Ownership,
    /// Saves of records, and drafts that were discarded.
    Saves,
    /// Saves of definitions.
    Definitions,
    /// Records and entities that went out of their list, or came back.
    Deletions,
    /// Imports, exports and bulk work.
    Jobs,
    /// What whoever runs the server did.
    Server,
}

impl ActKind {
    /// All of them, in the order of a menu.
    pub const ALL: [Self; 10] = [
        Self::SignIns,
        Self::RefusedSignIns,
        Self::Accounts,
        Self::Rights,
        Self::Ownership,
        Self::Saves,
        Self::Definitions,
        Self::Deletions,
        Self::Jobs,
        Self::Server,
    ];

    /// The word that is stored and sent.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SignIns => "sign_ins",
            Self::RefusedSignIns => "refused_sign_ins",
            Self::Accounts => "accounts",
            Self::Rights => "rights",
            Self::Ownership => "ownership",
            Self::Saves => "saves",
            Self::Definitions => "definitions",
            Self::Deletions => "deletions",
            Self::Jobs => "jobs",
            Self::Server => "server",
        }
    }

    /// Reads what [`Self::as_str`] wrote.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// Which entries are asked for; everything that is `None` does not narrow them down.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct AuditFilter {
    /// What this person did, or what was done to them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<UserId>,
    /// Acts of this kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<ActKind>,
    /// What happened to this form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<FormKey>,
    /// From then on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// Before then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_read_as_they_are_written() {
        for kind in ActKind::ALL {
            assert_eq!(ActKind::parse(kind.as_str()), Some(kind));
            assert_eq!(serde_json::to_value(kind).ok(), Some(kind.as_str().into()));
        }
        assert_eq!(ActKind::parse("weather"), None);
    }
}
