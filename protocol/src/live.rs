//! What happens at this moment: all of it for admins, who is online for everybody (semantics 7.3).

use std::collections::BTreeSet;

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

/// A connection's number, given by the server; it says nothing about the session.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ConnectionId(pub u64);

/// A connection.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LiveSession {
    /// Its number.
    pub id: ConnectionId,
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
    /// When its person did something last, to [`ACTIVE_STEP_MS`].
    pub active: Timestamp,
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
    /// Its editors in their order, the first [`MAX_LIVE_EDITORS`]; the first is the owner.
    pub editors: Vec<EditorSummary>,
    /// How many editors it has in all.
    pub places: usize,
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
    /// Those that somebody has open, in the order of their keys; at most [`MAX_LIVE`].
    pub forms: Vec<OpenForm>,
    /// The last hour, a sample a minute, oldest first; at most [`HOUR`].
    pub hour: Vec<Sample>,
    /// Which of the sessions is the receiver's.
    pub own: Option<ConnectionId>,
}

/// What makes a later [`Live`] of an earlier one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LiveChange {
    /// The present figures.
    pub now: Sample,
    /// How many different people are signed in.
    pub people: usize,
    /// How many sessions show which page.
    pub pages: Vec<(Page, usize)>,
    /// Sessions that came, or that are different now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sessions: Vec<LiveSession>,
    /// Sessions that went.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<ConnectionId>,
    /// How many forms are open in all.
    pub open_forms: usize,
    /// Forms that were opened, or that are different now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forms: Vec<OpenForm>,
    /// Forms that nobody has open any more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub closed: Vec<FormKey>,
    /// Minutes that are over.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub minutes: Vec<Sample>,
}

impl Live {
    /// Returns what makes `after` of this; `None` if nothing but the time differs. Whose it is stays.
    #[must_use]
    pub fn change_to(&self, after: &Self) -> Option<LiveChange> {
        let is_new = |session: &&LiveSession| !self.sessions.contains(session);
        let still: BTreeSet<ConnectionId> = after.sessions.iter().map(|session| session.id).collect();
        let open: BTreeSet<FormKey> = after.forms.iter().map(|open| open.form).collect();
        let last = self.hour.last().map(|sample| sample.at);
        let sessions = self.sessions.iter().map(|session| session.id);
        let forms = self.forms.iter().map(|open| open.form);
        let change = LiveChange {
            now: after.now,
            people: after.people,
            pages: after.pages.clone(),
            sessions: after.sessions.iter().filter(is_new).cloned().collect(),
            gone: sessions.filter(|id| !still.contains(id)).collect(),
            open_forms: after.open_forms,
            forms: after
                .forms
                .iter()
                .filter(|open| !self.forms.contains(open))
                .cloned()
                .collect(),
            closed: forms.filter(|form| !open.contains(form)).collect(),
            minutes: after
                .hour
                .iter()
                .filter(|sample| last.is_none_or(|last| sample.at > last))
                .copied()
                .collect(),
        };
        let same_figures = (self.now.connected, self.now.signed_in) == (after.now.connected, after.now.signed_in)
            && (self.people, self.open_forms, &self.pages) == (after.people, after.open_forms, &after.pages);
        let same_lists = change.sessions.is_empty()
            && change.gone.is_empty()
            && change.forms.is_empty()
            && change.closed.is_empty()
            && change.minutes.is_empty();
        (!same_figures || !same_lists).then_some(change)
    }

    /// Makes the later one of it.
    pub fn apply(&mut self, change: LiveChange) {
        let LiveChange {
            now,
            people,
            pages,
            sessions,
            gone,
            open_forms,
            forms,
            closed,
            minutes,
        } = change;
        (self.now, self.people, self.pages, self.open_forms) = (now, people, pages, open_forms);
        let replaced: BTreeSet<_> = gone
            .into_iter()
            .chain(sessions.iter().map(|session| session.id))
            .collect();
        self.sessions.retain(|session| !replaced.contains(&session.id));
        self.sessions.extend(sessions);
        self.sessions
            .sort_by_key(|session| std::cmp::Reverse((session.since, session.id)));
        let replaced: BTreeSet<_> = closed.into_iter().chain(forms.iter().map(|open| open.form)).collect();
        self.forms.retain(|open| !replaced.contains(&open.form));
        self.forms.extend(forms);
        self.forms.sort_by_key(|open| open.form);
        self.hour.extend(minutes);
        let over = self.hour.len().saturating_sub(HOUR);
        self.hour.drain(..over);
    }
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
/// How many editors of each form are told one by one.
pub const MAX_LIVE_EDITORS: usize = 20;
/// How many minutes are told.
pub const HOUR: usize = 60;
/// How exactly it is told when somebody did something last, in milliseconds: whoever types is not news with every key.
pub const ACTIVE_STEP_MS: i64 = 10_000;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::id::RecordId;

    fn session(id: u64, active: i64) -> LiveSession {
        LiveSession {
            id: ConnectionId(id),
            person: None,
            sign_in: None,
            origin: Origin::default(),
            since: Timestamp(i64::try_from(id / 2).unwrap_or(0)),
            page: None,
            active: Timestamp(active),
        }
    }

    fn open_form(id: u128, viewers: usize) -> OpenForm {
        OpenForm {
            form: FormKey::record(RecordId(Uuid::from_u128(id))),
            entity: EntityId(Uuid::nil()),
            title: String::new(),
            editors: Vec::new(),
            places: 0,
            viewers,
            authors: Vec::new(),
            draft_since: None,
        }
    }

    /// What a server shows after so many minutes.
    fn live(minutes: i64) -> impl Strategy<Value = Live> {
        let sessions = proptest::collection::btree_map(0..12_u64, 0..3_i64, 0..8);
        let forms = proptest::collection::btree_map(0..6_u128, 0..3_usize, 0..5);
        (sessions, forms, 0..3_usize).prop_map(move |(sessions, forms, people)| {
            let mut sessions: Vec<_> = sessions.into_iter().map(|(id, active)| session(id, active)).collect();
            sessions.sort_by_key(|session| std::cmp::Reverse((session.since, session.id)));
            let sample = |at| Sample {
                at: Timestamp(at),
                connected: 1,
                signed_in: 1,
            };
            let minutes = i64::try_from(HOUR).map_or(0, |hour| (minutes - hour).max(0))..minutes;
            Live {
                now: sample(0),
                people,
                pages: vec![(Page::Other, people)],
                open_forms: forms.len(),
                forms: forms.into_iter().map(|(id, viewers)| open_form(id, viewers)).collect(),
                sessions,
                hour: minutes.map(sample).collect(),
                own: Some(ConnectionId(1)),
            }
        })
    }

    proptest! {
        #[test]
        fn the_difference_makes_the_later_of_the_earlier(before in live(58), after in live(63)) {
            let mut now = before.clone();
            now.apply(before.change_to(&after).expect("minutes went by"));
            prop_assert_eq!(now, after);
        }

        #[test]
        fn what_is_the_same_is_no_news(now in live(2)) {
            prop_assert_eq!(now.change_to(&now), None);
        }
    }
}
