//! What is written, in the words of the domain.

mod comment;
mod mark;
mod sign_in;

use std::collections::{BTreeMap, BTreeSet};

use baton_protocol::audit::Act;
use baton_protocol::codec;
use baton_protocol::deletion::Stamp;
use baton_protocol::entity::Entity;
use baton_protocol::field::{Field, fold_all};
use baton_protocol::file::{FileHash, FileRef};
use baton_protocol::form::{FieldHistory, Form, Presence};
use baton_protocol::id::{EntityId, FormKey, JobId, RecordId, Rev, Seq, SignInId, UploadId, UserId, Version, ViewId};
use baton_protocol::list::SavedView;
use baton_protocol::list_query;
use baton_protocol::notification::{NotificationReason, ReadMark};
use baton_protocol::origin::Origin;
use baton_protocol::person::{Account, Person, PlaceVisibility, UserRole};
use baton_protocol::record::{Record, RecordRow};
use baton_protocol::rights::GroupChange;
use baton_protocol::time::Timestamp;
use baton_protocol::values::{CREATED_AT, CREATED_BY, SLUG, STATUS, TITLE, UPDATED_AT, UPDATED_BY};

use super::{Conversion, StoredFile};
use crate::second_factor::SecondFactor;

pub use comment::{CommentWrite, NewNotification};
pub use mark::RecordMark;
pub use sign_in::{IdentityWrite, ProvidedBy, SignInUse, TokenChange, TokenWrite};

/// One write, all or nothing.
#[derive(Debug)]
pub enum Write {
    /// A form's state, and the record that it saves.
    Form(Box<FormWrite>),
    /// A new user.
    User(NewUser),
    /// Something of a user changes.
    ChangeUser(UserWrite),
    /// A group changes, or who has access to an entity.
    Group(GroupWrite),
    /// Who somebody is at an identity provider.
    Identity(IdentityWrite),
    /// A session token.
    Token(TokenWrite),
    /// A sign-in ends, whoever's it is.
    EndSignIn(SignInId, NewAuditEntry),
    /// A sign-in was used again.
    UseSignIn(SignInUse),
    /// The settings of this start; and what the audit keeps of it, if they are others.
    Settings(BTreeMap<String, String>, Option<NewAuditEntry>),
    /// Something is done with a comment, and told.
    Comment(Box<CommentWrite>),
    /// A person has read what they are told of.
    ReadNotifications(UserId, ReadMark),
    /// A person is told of something that is about no record.
    Notify(NewNotification),
    /// A person marks a record for themselves, or does so no more.
    Mark(UserId, RecordId, RecordMark, bool),
    /// What a person does not want to be told of.
    Mute(UserId, BTreeSet<NotificationReason>),
    /// An act that no other write goes with.
    Audit(NewAuditEntry),
    /// The oldest entries of the audit, up to this number, are forgotten.
    PruneAudit(u64),
    /// A definition that has no form open, as the sample data's.
    Entity(Box<EntityWrite>),
    /// Records that have no form open, as an import's: all or none of them.
    Records {
        /// The records.
        records: Vec<RecordWrite>,
        /// The import that is not over and may have to unmake them.
        import: Option<UploadId>,
    },
    /// An import is over, and what it made stays.
    CommitImport(UploadId),
    /// What is noted of the records of a finished import goes, so many at a time, and then the import.
    ForgetImport(UploadId, u32),
    /// Work on many records begins, under an id that its sender made.
    Begin {
        /// The work.
        job: JobId,
        /// Whose.
        user: UserId,
        /// On the records of which entity.
        entity: EntityId,
        /// When.
        at: Timestamp,
        /// What the audit keeps of it.
        audit: NewAuditEntry,
    },
    /// What a job saved of these records was undone.
    JobUndone(JobId, Vec<RecordId>),
    /// What a job saved of these records is too old to be undone.
    ForgetJobSaves(JobId, Vec<RecordId>),
    /// Some records that an import made and that nobody touched since are no more: it was all or nothing.
    RollbackImport {
        /// Their entity.
        entity: EntityId,
        /// The import.
        import: UploadId,
        /// Which of its records, a few at a time.
        records: Vec<RecordId>,
        /// When.
        at: Timestamp,
    },
    /// Lists find these records by what they have, as the definition has it now.
    Reindex {
        /// The definition.
        entity: Box<Entity>,
        /// Which records.
        records: Vec<RecordId>,
    },
    /// A step on the way of some of an entity's fields to be unique.
    Unique(EntityId, UniqueStep),
    /// A record goes behind another one in the order that people give by hand; none: it is the first.
    Move {
        /// The entity.
        entity: EntityId,
        /// Which record.
        record: RecordId,
        /// Behind which.
        after: Option<RecordId>,
        /// When.
        at: Timestamp,
    },
    /// A list that somebody keeps.
    View(SavedView),
    /// A list that its owner keeps no more.
    DropView(ViewId, UserId),
    /// A file that is kept, with a small JPEG of it if it is a picture, and who brought it.
    File(StoredFile, Option<Vec<u8>>, UserId),
    /// These files are kept no more, but for those that a record has or had, or a form that was typed into
    /// since this time. What is unsaved in others was looked through by then.
    ForgetFiles(Vec<FileHash>, Timestamp),
    /// The records of this entity are all converted, from these fields.
    Converted(Conversion),
    /// Some of what was deleted long ago goes for ever.
    Purge {
        /// Which records, a few at a time.
        records: Vec<RecordId>,
        /// The present time.
        now: Timestamp,
        /// Who wants it so; `None`: the settings.
        by: Option<Person>,
    },
    /// An entity of which no record is left goes for ever.
    PurgeEntity {
        /// Which.
        entity: EntityId,
        /// The present time.
        now: Timestamp,
        /// Who wants it so; `None`: the settings.
        by: Option<Person>,
    },
    /// Unsaved records that nobody came back to end, a few at a time.
    EndDrafts(Vec<FormKey>),
    /// A person's new name is what some of the records that they saved are listed by.
    ReindexName {
        /// Who, with the new name.
        person: Person,
        /// Which records: those with these places in the order of first saves.
        nums: (u64, u64),
    },
    /// A person's new name is in everything that is kept, unless they got another one meanwhile.
    NameIsSpread(Person),
    /// The change log's entries from before this are forgotten; whoever has not seen them reads
    /// everything anew (G5). A few at a time, oldest first.
    Prune {
        /// From before when.
        before: Timestamp,
        /// Up to this one.
        last: Seq,
    },
}

/// A step on the way of fields to be unique: begun, filled record by record, and ended by the definition's save.
#[derive(Debug)]
pub enum UniqueStep {
    /// From now on every save of a record notes what it has in these fields.
    Begin(Vec<Field>),
    /// So do these records, a few at a time. Refused if two have the same.
    Fill(Vec<RecordId>),
    /// The fields do not become unique.
    Stop,
    /// What is noted of these records in fields that are not unique goes, a few records at a time.
    Forget(Vec<RecordId>),
}

/// A form's new state, and the record it saves, if it does.
#[derive(Debug)]
pub struct FormWrite {
    /// Which form.
    pub key: FormKey,
    /// How often it has been stored with this write: one more than when it was read, or the write is refused as
    /// [`StoreError::Stale`](super::StoreError::Stale).
    pub n: u64,
    /// What becomes of its stored state.
    pub state: StateWrite,
    /// The record that is saved with it.
    pub record: Option<RecordWrite>,
    /// The definition that is saved with it.
    pub definition: Option<DefinitionWrite>,
    /// The definition that is deleted with its records, or comes back with them.
    pub definition_removal: Option<EntityWrite>,
    /// The record's new place: in its list or out of it.
    pub removal: Option<RemovalWrite>,
    /// What must stay provable.
    pub audit: Vec<NewAuditEntry>,
    /// Whom it is told.
    pub notify: Vec<NewNotification>,
}

/// What is written of a form's state.
#[derive(Debug)]
pub enum StateWrite {
    /// All of it, in place of what was written before.
    Whole(Box<WholeState>),
    /// Accepted changes, after what was written before (4.1).
    Appended {
        /// The changes in their order, encoded, each with the draft's number after it.
        entries: Vec<(Rev, String)>,
        /// The form's title, if that is what changed.
        title: Option<String>,
        /// When.
        at: Timestamp,
    },
}

/// A form's whole state, with what others ask of it.
#[derive(Debug)]
pub struct WholeState {
    /// The state, encoded.
    pub state: String,
    /// How many editors it has.
    pub occupied: usize,
    /// The record's entity, or the one that is defined.
    pub entity: EntityId,
    /// Who has it open.
    pub presence: Option<Presence>,
    /// Whose unsaved changes it has.
    pub authors: Vec<Person>,
    /// What its title says.
    pub title: String,
    /// Whether it was never saved.
    pub never_saved: bool,
    /// When.
    pub at: Timestamp,
}

impl WholeState {
    /// The whole state of this form.
    #[must_use]
    pub fn new(form: &Form, at: Timestamp) -> Self {
        Self {
            state: codec::encode(form),
            occupied: form.queue.editors().len(),
            entity: form.entity,
            presence: form.queue.presence(),
            authors: form.draft.authors().into_iter().cloned().collect(),
            title: form.title().to_owned(),
            never_saved: form.version == Version::default(),
            at,
        }
    }
}

impl FormWrite {
    /// The write of this state.
    #[must_use]
    pub fn new(key: FormKey, n: u64, state: StateWrite) -> Self {
        Self {
            key,
            n,
            state,
            record: None,
            definition: None,
            definition_removal: None,
            removal: None,
            audit: Vec::new(),
            notify: Vec::new(),
        }
    }
}

/// A record that goes out of its list, or comes back.
#[derive(Debug)]
pub struct RemovalWrite {
    /// The record as it is, with how it is gone.
    pub record: Indexed,
    /// When.
    pub at: Timestamp,
}

/// A saved record with its history.
#[derive(Debug)]
pub struct RecordWrite {
    /// The record as it is now.
    pub record: Indexed,
    /// What changed.
    pub history: Vec<FieldHistory>,
    /// The job that it belongs to, by which it can be undone.
    pub job: Option<JobId>,
}

/// A record with everything that lists find it by. Made outside the writer, which has enough to do.
#[derive(Clone, Debug)]
pub struct Indexed {
    /// The record.
    pub record: Record,
    /// Its row.
    pub row: RecordRow,
    /// What it is sorted and filtered by, by the name of the column.
    pub keys: BTreeMap<String, String>,
    /// Its words.
    pub search: String,
    /// The files that it has.
    pub files: Vec<FileHash>,
}

impl Indexed {
    /// The record, indexed as its definition wants it.
    #[must_use]
    pub fn new(entity: &Entity, record: Record) -> Self {
        let row = record.row(entity);
        let own = entity.fields.iter().map(|field| field.name.as_str());
        let names = [TITLE, SLUG, STATUS, CREATED_AT, CREATED_BY, UPDATED_AT, UPDATED_BY];
        let keys = names
            .into_iter()
            .chain(own)
            .filter_map(|name| Some((name.to_owned(), list_query::key(entity, &row, name)?)))
            .collect();
        let search = fold_all(&record.search_text(entity));
        let holds_file = entity.fields.iter().filter(|field| field.field_type.is_file());
        let files = holds_file
            .filter_map(|field| Some(FileRef::parse(record.values.get(&field.name)?.text())?.hash))
            .collect();
        Self {
            record,
            row,
            keys,
            search,
            files,
        }
    }
}

/// A saved definition with its history.
#[derive(Debug)]
pub struct DefinitionWrite {
    /// The definition as it is now.
    pub entity: Entity,
    /// Who saved it, and when.
    pub saved: Stamp,
    /// What changed.
    pub history: Vec<FieldHistory>,
    /// The fields as they were, if records must be converted from them.
    pub convert_from: Option<Vec<Field>>,
    /// Fields of which no two records may have the same value from now on.
    pub newly_unique: Vec<Field>,
}

/// What records are converted from, as it is stored.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub struct ConversionWrite {
    /// The fields as they were.
    pub before: Vec<Field>,
    /// Who saved the definition.
    pub by: Person,
}

/// An entry of the audit that has no number yet.
#[derive(Clone, Debug)]
pub struct NewAuditEntry {
    /// When it happened.
    pub at: Timestamp,
    /// Who did it; `None`: nobody who was signed in, or whoever runs the server.
    pub by: Option<Person>,
    /// From where.
    pub origin: Origin,
    /// What happened.
    pub act: Act,
}

/// A user who is about to be stored.
#[derive(Debug)]
pub struct NewUser {
    /// Who.
    pub account: Account,
    /// The hash of their password.
    pub password_hash: String,
    /// Until when it works, if it was given.
    pub password_until: Option<Timestamp>,
    /// Who makes the account: they must still be an admin. Nobody where the server does it itself.
    pub by: Option<UserId>,
    /// When.
    pub at: Timestamp,
    /// What the audit keeps of it.
    pub audit: NewAuditEntry,
}

/// A change of a user.
#[derive(Debug)]
pub struct UserWrite {
    /// Whose account.
    pub user: UserId,
    /// What of it.
    pub change: UserChange,
    /// Whoever does it as an admin must still be one. Nobody where the server does it itself, or its person.
    pub by: Option<UserId>,
    /// When.
    pub at: Timestamp,
    /// What the audit keeps of it.
    pub audit: NewAuditEntry,
}

/// A change of a group, or of who has access to an entity.
#[derive(Debug)]
pub struct GroupWrite {
    /// What is changed.
    pub change: GroupChange,
    /// Who does it: they must still be an admin. Nobody where the server follows an identity provider.
    pub by: Option<UserId>,
    /// What the audit keeps of it, if it changes anything.
    pub audit: NewAuditEntry,
}

/// What of a user is changed, column by column: two changes at once do not undo each other.
#[derive(Debug)]
pub enum UserChange {
    /// Another name.
    Name(String),
    /// Another address.
    Email(String),
    /// Its name and its address are forgotten, and what else it could be signed in with; if it is deactivated.
    Forget,
    /// Another role, unless nobody would be an admin any more. Their sign-ins end.
    Role(UserRole),
    /// The hash of another password, and who chose it. Their sign-ins end.
    PasswordHash(String, PasswordOrigin),
    /// Nobody signs in with it any more, unless nobody would be an admin then. Their sign-ins end.
    Deactivate,
    /// It can be signed in with again.
    Reactivate,
    /// Another second factor in place of this one, if it still has this one; `None`: none.
    SecondFactor(Option<SecondFactor>, Option<SecondFactor>),
    /// Whether others see where its person is.
    Place(PlaceVisibility),
}

/// Who chose a password.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PasswordOrigin {
    /// Its person.
    Own,
    /// Somebody else: they choose their own at the first sign-in, until then at the latest.
    Given(Timestamp),
}

/// A definition that is about to be stored, with its place among the entities.
#[derive(Clone, Debug)]
pub struct EntityWrite {
    /// The definition.
    pub entity: Entity,
    /// When.
    pub at: Timestamp,
}
