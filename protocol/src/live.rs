//! What happens at this moment: all of it for admins, who is online for everybody (semantics 7.3).

use serde::{Deserialize, Serialize};

use crate::form::EditorSummary;
use crate::id::{EntityId, FormKey, SignInId};
use crate::origin::Origin;
use crate::person::Person;
use crate::time::Timestamp;

/// The page that a desktop says it shows: for statistics, and never for rights.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Page {
    /// All collections.
    Collections,
    /// The list of an entity's records.
    Records(EntityId),
    /// A record of an entity.
    Record(EntityId),
    /// The definition of an entity.
    Definition(EntityId),
    /// Anything else.
    Other,
}

/// A connection.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LiveSession {
    /// Who is signed in; `None`: nobody yet.
    pub person: Option<Person>,
    /// By which of their sign-ins: it can be ended.
    pub sign_in: Option<SignInId>,
    /// From where.
    pub origin: Origin,
    /// Since when it is connected.
    pub since: Timestamp,
    /// What it shows.
    pub page: Option<Page>,
    /// When its person did something last.
    pub active: Timestamp,
    /// Whether it is the one that asks.
    pub own: bool,
}

/// A form that somebody has open.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OpenForm {
    /// Which form.
    pub form: FormKey,
    /// Its entity.
    pub entity: EntityId,
    /// Its title.
    pub title: String,
    /// Its editors in their order; the first is the owner.
    pub editors: Vec<EditorSummary>,
    /// How many only look on.
    pub viewers: usize,
    /// Whose unsaved changes it has.
    pub authors: Vec<Person>,
    /// Since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft_since: Option<Timestamp>,
}

/// How many there were at a moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Sample {
    /// When.
    pub at: Timestamp,
    /// How many connections, those without a sign-in included.
    pub connected: usize,
    /// How many of them with one.
    pub signed_in: usize,
}

/// Everything of this moment. A person with several windows or computers is several sessions, and counts once.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Live {
    /// The present figures.
    pub now: Sample,
    /// How many different people are signed in.
    pub people: usize,
    /// How many sessions show which page, the most first; at most ten.
    pub pages: Vec<(Page, usize)>,
    /// The sessions, newest first; at most [`MAX_LIVE`].
    pub sessions: Vec<LiveSession>,
    /// How many forms are open in all.
    pub open_forms: usize,
    /// Those that somebody has open; at most [`MAX_LIVE`].
    pub forms: Vec<OpenForm>,
    /// The last hour, a sample a minute, oldest first.
    pub hour: Vec<Sample>,
}

/// Somebody who is online, as a colleague may see them: whoever they share an entity with.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OnlinePerson {
    /// Who.
    pub person: Person,
    /// Whether it is whoever asks.
    pub own: bool,
    /// For how many seconds they have done nothing, if that is a while.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idle_seconds: Option<u64>,
    /// The forms that they have a place in, as far as whoever asks may see them.
    pub forms: Vec<OnlineForm>,
    /// The entities whose lists they say they show, as far as whoever asks may see them.
    pub lists: Vec<EntityId>,
}

/// A form that somebody has a place in.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OnlineForm {
    /// Which.
    pub form: FormKey,
    /// Its entity.
    pub entity: EntityId,
    /// Its title.
    pub title: String,
    /// Whether they edit it, or wait behind somebody who does.
    pub edits: bool,
}

/// The longest message to a person, in characters.
pub const MAX_MESSAGE_CHARS: usize = 500;

/// How many sessions and forms are told one by one.
pub const MAX_LIVE: usize = 300;
