//! What is written, in the words of the domain.

use std::collections::{BTreeMap, BTreeSet};

use baton_protocol::codec;
use baton_protocol::entity::Entity;
use baton_protocol::field::{Field, fold_all};
use baton_protocol::file::{FileHash, FileRef};
use baton_protocol::form::{FieldHistory, Form, Passing};
use baton_protocol::id::{EntityId, FormKey, RecordId, UploadId, UserId, ViewId};
use baton_protocol::list::SavedView;
use baton_protocol::person::{Account, Person};
use baton_protocol::query;
use baton_protocol::record::{
    CREATED_AT, CREATED_BY, Record, RecordRow, SLUG, STATUS, Stamp, TITLE, UPDATED_AT, UPDATED_BY,
};
use baton_protocol::time::Timestamp;
use uuid::Uuid;

use super::{Conversion, KeptFile};

/// One write, all or nothing.
#[derive(Debug)]
pub enum Write {
    /// A form's state, and the record that it saves.
    Form(Box<FormWrite>),
    /// A new user.
    User(NewUser),
    /// A user as they are now.
    ChangeUser(UserWrite),
    /// A session token.
    Token(TokenWrite),
    /// The session token with this hash is worth nothing any more.
    RevokeToken(Vec<u8>),
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
    Finished(UploadId),
    /// Records that an import made and that nobody touched since are no more: it was all or nothing.
    Unmake {
        /// Their entity.
        entity: EntityId,
        /// The import.
        import: UploadId,
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
    /// A file that is kept, with a small JPEG of it if it is a picture.
    File(KeptFile, Option<Vec<u8>>),
    /// These files are kept no more, but for those that a record has or had, or somebody's unsaved text.
    ForgetFiles(Vec<FileHash>),
    /// The records of this entity are all converted, from these fields.
    Converted(Conversion),
    /// What was deleted before this goes for ever, unless somebody has it open.
    Purge {
        /// Before when it was deleted.
        deleted_before: Timestamp,
        /// Forms that are in use, if only to be looked at.
        except: BTreeSet<Uuid>,
        /// The present time.
        now: Timestamp,
    },
    /// The change log's entries from before this are forgotten; whoever has not seen them reads
    /// everything anew (G5).
    Prune(Timestamp),
}

/// A form's new state, and the record it saves, if it does.
#[derive(Debug)]
pub struct FormWrite {
    /// Which form.
    pub key: FormKey,
    /// How many editors it has.
    pub occupied: usize,
    /// Its state, encoded.
    pub state: String,
    /// The record that is saved with it.
    pub record: Option<RecordWrite>,
    /// The definition that is saved with it.
    pub definition: Option<DefinitionWrite>,
    /// The definition that is deleted with its records, or comes back with them.
    pub definition_removal: Option<EntityWrite>,
    /// The record's new place: in its list or out of it.
    pub removal: Option<RemovalWrite>,
    /// What must stay provable, and when it happened.
    pub audit: Option<(Timestamp, Passing)>,
}

impl FormWrite {
    /// The write that keeps this form.
    #[must_use]
    pub fn of(form: &Form) -> Self {
        Self {
            key: form.key,
            occupied: form.queue.editors().len(),
            state: codec::encode(form),
            record: None,
            definition: None,
            definition_removal: None,
            removal: None,
            audit: None,
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
    /// The values that no other record may have, by field.
    pub unique: Vec<(String, String)>,
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
            .filter_map(|name| Some((name.to_owned(), query::key(entity, &row, name)?)))
            .collect();
        let unique = entity.fields.iter().filter(|field| field.unique);
        let unique = unique
            .filter_map(|field| Some((field.name.clone(), field.unique_key(record.values.get(&field.name)?)?)))
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
            unique,
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

/// A user who is about to be stored.
#[derive(Debug)]
pub struct NewUser {
    /// Who.
    pub account: Account,
    /// The hash of their password.
    pub password_hash: String,
    /// When.
    pub at: Timestamp,
}

/// A user who is changed.
#[derive(Debug)]
pub struct UserWrite {
    /// Who, as they are now.
    pub account: Account,
    /// The hash of their new password, if they get one.
    pub password_hash: Option<String>,
    /// Whether their session tokens are worth nothing any more.
    pub signs_in_again: bool,
}

/// A session token.
#[derive(Debug)]
pub struct TokenWrite {
    /// Its hash.
    pub hash: Vec<u8>,
    /// Whose it is.
    pub user: UserId,
    /// When it was made.
    pub at: Timestamp,
    /// When it ends.
    pub expires: Timestamp,
}

/// A definition that is about to be stored, with its place among the entities.
#[derive(Clone, Debug)]
pub struct EntityWrite {
    /// The definition.
    pub entity: Entity,
    /// When.
    pub at: Timestamp,
}
