//! What this computer remembers: pages open with it at once, and without the server they live from it
//! (semantics 5.2).

use std::sync::Arc;

use baton_protocol::entity::Entity;
use baton_protocol::form::FormSnapshot;
use baton_protocol::history::SavedVersion;
use baton_protocol::id::{FormKey, RecordId, Seq};
use baton_protocol::message::{Event, Snapshot, Topic};
use baton_protocol::record::RecordRow;
use baton_protocol::time::Timestamp;

/// Something to remember.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CacheWrite {
    /// A form as it is.
    Form(Box<FormSnapshot>),
    /// A list as it is.
    List {
        /// Which.
        topic: Topic,
        /// Everything up to here is in it.
        seq: Seq,
        /// Its state.
        snapshot: Snapshot,
    },
    /// The saves of a form.
    History {
        /// Which form.
        form: FormKey,
        /// Newest first.
        versions: Vec<SavedVersion>,
    },
    /// More rows of a list.
    Rows {
        /// Which.
        topic: Topic,
        /// The rows.
        rows: Vec<RecordRow>,
    },
    /// What happened to a list.
    Events {
        /// Which.
        topic: Topic,
        /// Everything up to here is in it afterwards.
        seq: Seq,
        /// What happened, in order.
        events: Vec<Event>,
    },
}

impl CacheWrite {
    /// The list that it is about, if it is about one.
    #[must_use]
    pub fn topic(&self) -> Option<Topic> {
        match self {
            Self::Form(_) | Self::History { .. } => None,
            Self::List { topic, .. } | Self::Rows { topic, .. } | Self::Events { topic, .. } => Some(*topic),
        }
    }
}

/// A form as it is remembered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CachedForm {
    /// When it was last the server's.
    pub at: Timestamp,
    /// The picture.
    pub view: FormSnapshot,
}

/// What is remembered about a form that is being opened.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct LoadedForm {
    /// The form, if it was seen before.
    pub seen: Option<Box<CachedForm>>,
    /// The entity's definition, if it was seen.
    pub entity: Option<Arc<Entity>>,
    /// What a list has of it: then it is no new record.
    pub listed: Option<Box<CachedRow>>,
}

/// A record as a list remembers it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CachedRow {
    /// When the list was last the server's.
    pub at: Timestamp,
    /// The row.
    pub row: RecordRow,
    /// The definition that it obeys.
    pub entity: Entity,
}

/// A list as it is remembered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CachedList {
    /// When it was last the server's.
    pub at: Timestamp,
    /// Everything up to here is in it.
    pub seq: Seq,
    /// Its state, with the first of its rows.
    pub snapshot: Snapshot,
    /// The oldest of all its rows that are remembered, if the server has older ones.
    pub missing_from: Option<RecordId>,
}
