//! What topics have, and what happens to them.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::entity::Entity;
use crate::form::Presence;
use crate::id::{EntityId, FormKey, RecordId};
use crate::live::Live;
use crate::person::Person;
use crate::record::{BinRow, RecordRow};
use crate::time::Timestamp;

/// What a session can watch (6.1).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// All entities.
    Entities,
    /// The records of one entity.
    Records(EntityId),
    /// The records that are out of the list of one entity.
    Bin(EntityId),
    /// What whoever watches has typed and not saved, wherever it is (semantics 3.11). Its state is asked for
    /// again after [`ToClient::DraftsChanged`](super::ToClient::DraftsChanged).
    Drafts,
    /// What happens at this moment, for admins (7.3). Its changes are [`ToClient::LiveChanged`](super::ToClient::LiveChanged).
    Live,
    /// One form. Opening the form watches it; it cannot be asked for otherwise.
    Form(FormKey),
}

/// A topic's present state.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Snapshot {
    /// All entities, in their order.
    Entities(Vec<EntityRow>),
    /// The newest records of an entity.
    Records {
        /// The entity.
        entity: Box<Entity>,
        /// Newest first.
        rows: Vec<RecordRow>,
        /// How many there are in all.
        total: u64,
        /// Which of the entity's records are open.
        editing: Vec<FormPresence>,
    },
    /// What the receiver has typed and not saved, newest first.
    Drafts(Vec<DraftRow>),
    /// The records that are out of the list of an entity.
    Bin {
        /// The entity.
        entity: Box<Entity>,
        /// Newest record first.
        rows: Vec<BinRow>,
        /// After how many days what was deleted is purged.
        keep_days: u64,
    },
    /// What happens at this moment.
    Live(Box<Live>),
}

/// What a list shows of an entity.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct EntityRow {
    /// The definition; it is small, and every page about the entity needs it.
    pub entity: Arc<Entity>,
    /// How many records it has.
    pub records: u64,
    /// Who has its definition open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub editing: Option<Presence>,
    /// Whose unsaved changes its definition has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unsaved: Option<Person>,
}

impl EntityRow {
    /// The row of an entity whose definition nobody has open.
    #[must_use]
    pub fn new(entity: Arc<Entity>, records: u64) -> Self {
        Self {
            entity,
            records,
            editing: None,
            unsaved: None,
        }
    }
}

/// Who has a form open, and whose unsaved changes it has.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FormPresence {
    /// Which form: of a record, or of a definition.
    pub form: FormKey,
    /// Who has it open; nobody any more if empty.
    pub presence: Option<Presence>,
    /// Whose unsaved changes it has; nobody's if empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<Person>,
}

/// A form with unsaved changes of somebody.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DraftRow {
    /// Which form.
    pub form: FormKey,
    /// The entity: the record's, or the one that is defined.
    pub entity: EntityId,
    /// What the form's title says; empty where nobody gave one yet.
    pub title: String,
    /// Whether it was never saved.
    pub new: bool,
    /// When it was typed into last, by the server's clock.
    pub at: Timestamp,
    /// Whose it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<Person>,
}

/// What happened, with all that a list row needs (6.2).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// An entity was defined, its definition was saved again, or it was deleted or brought back.
    EntitySaved {
        /// Its row.
        row: EntityRow,
    },
    /// An entity that was deleted is gone for ever, with its records.
    EntityPurged {
        /// Which.
        entity: EntityId,
    },
    /// The definition of the records' entity changed.
    Redefined {
        /// The definition.
        entity: Arc<Entity>,
    },
    /// Many records came, or changed, at once: the list must be read again.
    RecordsChanged {
        /// How many.
        records: u64,
    },
    /// A record was saved for the first time.
    RecordCreated {
        /// Its row.
        row: RecordRow,
    },
    /// A record was saved again.
    RecordUpdated {
        /// Its row.
        row: RecordRow,
    },
    /// A record went out of the list.
    RecordRemoved {
        /// Which.
        record: RecordId,
    },
    /// A record came back into the list.
    RecordRestored {
        /// Its row.
        row: RecordRow,
    },
    /// A record came into the bin or the archive, or is there in another way now.
    BinAdded(Box<BinRow>),
    /// A record is in the bin no more: it was restored or purged.
    BinRemoved {
        /// Which.
        record: RecordId,
    },
    /// A person has another name: wherever the old one is shown, it is this one from now on.
    Renamed {
        /// Who, with the new name.
        person: Person,
    },
    /// An entity has another number of records.
    RecordCount {
        /// Which entity.
        entity: EntityId,
        /// How many now.
        records: u64,
    },
}
