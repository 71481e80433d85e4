//! What reads give.

use baton_protocol::entity::Entity;
use baton_protocol::field::Field;
use baton_protocol::file::FileHash;
use baton_protocol::form::Form;
use baton_protocol::id::{EntityId, RecordId, Seq, SignInId, UserId};
use baton_protocol::message::{Event, FormPresence};
use baton_protocol::origin::Origin;
use baton_protocol::person::{Account, Person};
use baton_protocol::record::{BinRow, RecordRow};
use baton_protocol::time::Timestamp;
use serde::de::Error as _;

use super::StoreError;
use crate::second_factor::SecondFactor;

/// A form as it is stored: its state, and how much was appended to it since it was written whole.
#[derive(Clone, Debug)]
pub struct StoredForm {
    /// How often it was stored.
    pub n: u64,
    /// The form as it is now.
    pub form: Form,
    /// What its next write goes by.
    pub log: LogSize,
}

/// How much was appended to a form's state since it was written whole.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct LogSize {
    /// How many changes.
    pub entries: usize,
    /// How many bytes they are.
    pub bytes: usize,
    /// How many bytes the whole state was.
    pub whole: usize,
}

impl LogSize {
    /// Whether the next change is appended, or the state is written whole again: what is appended is never much
    /// more than what is written whole, so that a form is read as quickly as it is typed.
    #[must_use]
    pub fn has_room(&self) -> bool {
        const ENTRIES: usize = 256;
        const BYTES: usize = 16 * 1024;
        self.whole > 0 && self.entries < ENTRIES && self.bytes < self.whole.max(BYTES)
    }

    /// A change was appended.
    pub fn append(&mut self, bytes: usize) {
        self.entries += 1;
        self.bytes += bytes;
    }
}

/// Which of the sign-ins that a provider made are meant, as the provider names them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ProvidedScope {
    /// All of this person's.
    Subject(String),
    /// Those of this session there.
    Session(String),
    /// Those of this person in this session there.
    SubjectInSession(String, String),
}

/// What of that which was deleted goes for ever.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PurgeScope {
    /// What was deleted before this.
    DeletedBefore(Timestamp),
    /// This entity, if it was deleted, with its records.
    Entity(EntityId),
}

/// Some of what is to go for ever.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Purgeable {
    /// Records.
    pub records: Vec<RecordId>,
    /// Entities of which no record is left.
    pub entities: Vec<EntityId>,
}

/// The newest records of an entity, as one picture.
#[derive(Debug)]
pub struct RecordPage {
    /// Everything up to here is in it.
    pub seq: Seq,
    /// The definition.
    pub entity: Entity,
    /// Newest first.
    pub rows: Vec<RecordRow>,
    /// How many there are in all.
    pub total: u64,
    /// Which records of the entity are open.
    pub editing: Vec<FormPresence>,
}

/// The records out of the list of an entity, as one picture.
#[derive(Debug)]
pub struct BinPage {
    /// Everything up to here is in it.
    pub seq: Seq,
    /// The definition.
    pub entity: Entity,
    /// Newest record first.
    pub rows: Vec<BinRow>,
}

/// What happened to a topic, as one picture.
#[derive(Debug)]
pub struct Replay {
    /// Everything up to here is in it.
    pub seq: Seq,
    /// In order.
    pub events: Vec<Event>,
    /// Which of the topic's records are open.
    pub editing: Vec<FormPresence>,
}

/// A user with what is needed to sign in, and to know whether that still holds.
#[derive(Clone, Debug)]
pub struct UserRow {
    /// Who.
    pub account: Account,
    /// The hash of their password.
    pub password_hash: String,
    /// Until when it works, if somebody gave it.
    pub password_until: Option<Timestamp>,
    /// Their second factor.
    pub second_factor: Option<SecondFactor>,
    /// Grows whenever their role or password changes.
    pub epoch: u64,
}

/// At which moment a sign-in must last.
#[derive(Clone, Copy, Debug)]
pub struct Lasting {
    /// It ends after then.
    pub now: Timestamp,
    /// It was used after then.
    pub used_after: Timestamp,
}

/// A sign-in that lasts.
#[derive(Clone, Debug)]
pub struct StoredSignIn {
    /// Which.
    pub id: SignInId,
    /// Whose.
    pub user: UserId,
    /// From where it was made.
    pub origin: Origin,
    /// When it was made.
    pub since: Timestamp,
    /// When it was used last.
    pub used: Timestamp,
    /// When its token was made.
    pub renewed: Timestamp,
    /// Whether the token before that one still works.
    pub has_old_token: bool,
    /// Whether it is that one that was shown.
    pub by_old_token: bool,
    /// Whether it was made by an identity provider.
    pub provided: bool,
    /// When it ends, however much it is used.
    pub expires: Timestamp,
}

/// A file that is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoredFile {
    /// The hash of its bytes.
    pub hash: FileHash,
    /// How many they are.
    pub size: u64,
    /// What they are, a media type.
    pub media: String,
}

/// Who has a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FileUses {
    /// Who brought it, as far as that is known.
    pub owner: Option<UserId>,
    /// The entities of which records have or had it, saved or not.
    pub entities: Vec<EntityId>,
}

/// Records that are to be converted, because their definition changed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Conversion {
    /// Whose records.
    pub entity: EntityId,
    /// The fields as they were.
    pub before: Vec<Field>,
    /// Who saved the definition.
    pub by: Person,
}

/// A form from its state and what was appended to it.
pub(super) fn replayed(state: &str, entries: &[String]) -> Result<(Form, LogSize), StoreError> {
    let mut form: Form = serde_json::from_str(state)?;
    let mut log = LogSize {
        whole: state.len(),
        ..LogSize::default()
    };
    for entry in entries {
        let appended = serde_json::from_str(entry)?;
        form.replay(&appended)
            .map_err(|error| StoreError::Corrupt(serde_json::Error::custom(error)))?;
        log.append(entry.len());
    }
    Ok((form, log))
}
