//! What the server says, and what it answers.

use serde::{Deserialize, Serialize};

use super::{DraftRow, Event, Problem, RecordPresence, Snapshot, Topic};
use crate::file::FileRef;
use crate::form::{FormSnapshot, Notice, Outcome};
use crate::history::SavedVersion;
use crate::id::{EntityId, FormKey, JobId, RecordId, Rev, Seq, SessionId, Version};
use crate::job::JobState;
use crate::list::{Impact, Page, SavedView};
use crate::person::{Account, Secret};
use crate::record::RecordRow;

/// What the server says.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToClient {
    /// The answer to the greeting.
    Welcome {
        /// [`PROTOCOL`](super::PROTOCOL) of the server.
        protocol: u32,
        /// The server's program version.
        server: String,
        /// This connection's session; showing it again within the grace period resumes it.
        session: SessionId,
        /// How often the desktop must be heard, in milliseconds.
        heartbeat_ms: u64,
        /// After how long a silent side counts as gone, in milliseconds.
        silence_ms: u64,
    },
    /// The answer to a request.
    Answer {
        /// The request's number.
        id: u64,
        /// The answer.
        answer: Answer,
    },
    /// A request was refused, or a message could not be read.
    Refused {
        /// The request's number, if it could be read.
        id: Option<u64>,
        /// Why.
        problem: Problem,
    },
    /// Something was committed (G5).
    Event {
        /// Its place in the change log.
        seq: Seq,
        /// The topic that it was published on.
        topic: Topic,
        /// What happened.
        event: Event,
    },
    /// Who has a record open (6.2).
    Presence {
        /// The record's entity.
        entity: EntityId,
        /// The record and who has it open.
        row: RecordPresence,
    },
    /// A form that this session has open changed.
    Form {
        /// Which form.
        form: FormKey,
        /// What happened.
        notice: Notice,
    },
    /// What the receiver has typed and not saved is in other forms than before.
    DraftsChanged,
    /// The session was too slow and missed something: it must watch and join everything again (6.3).
    Resync,
}

/// The answer to a request that was carried out.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Done, with nothing to tell.
    Done,
    /// Signed in.
    SignedIn {
        /// Who.
        account: Account,
        /// Signs in again without the password; only given for a password.
        token: Option<Secret>,
    },
    /// The topic's present state.
    Watching {
        /// Everything up to here is in the snapshot; later events follow.
        seq: Seq,
        /// The state.
        snapshot: Snapshot,
    },
    /// What happened to the topic since the sender saw it last.
    CaughtUp {
        /// Everything up to here is in it; later events follow.
        seq: Seq,
        /// Each missed event once, in order.
        events: Vec<Event>,
        /// Which records are open now.
        editing: Vec<RecordPresence>,
    },
    /// Older rows of a list; fewer than were asked for where the list ends.
    Rows(Vec<RecordRow>),
    /// A page of a list.
    Page(Page),
    /// What records are called; those that are no more are left out.
    Titles(Vec<(RecordId, String)>),
    /// The lists that are kept.
    Views(Vec<SavedView>),
    /// What a definition's draft does to the values that records have.
    Impact(Vec<Impact>),
    /// A job began.
    JobStarted(JobId),
    /// How far a job is.
    JobState(JobState),
    /// How much of a file is there, in bytes.
    Uploaded(u64),
    /// A part of a file.
    Part {
        /// The part, in base 64.
        data: String,
        /// How large the whole file is.
        size: u64,
    },
    /// The file is kept; this is what a field holds of it.
    UploadCommitted(FileRef),
    /// A small picture of a file, in base 64; nothing for a file that is no picture.
    Thumbnail(Option<String>),
    /// Everybody's unsaved work.
    Drafts {
        /// Newest first; no more than one answer carries.
        rows: Vec<DraftRow>,
        /// After how many days without a keystroke a record that was never saved is removed.
        keep_days: u64,
    },
    /// Every account, by name.
    People(Vec<Account>),
    /// The account as it is now.
    Person {
        /// The account.
        account: Account,
        /// Its new password, which is told only now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        password: Option<Secret>,
    },
    /// The form was opened (3.1).
    Joined(Box<FormSnapshot>),
    /// The saves of a form, newest first; at most [`MAX_ROWS`](super::MAX_ROWS).
    History(Vec<SavedVersion>),
    /// A change was accepted, durably (4.2).
    Accepted {
        /// The draft's number after it.
        rev: Rev,
    },
    /// The draft was saved.
    Saved {
        /// The new version.
        version: Version,
    },
}

impl Answer {
    /// The answer that tells a form's outcome; an invalid draft is a problem instead.
    ///
    /// # Errors
    /// The problem with its fields.
    pub fn of_outcome(outcome: Outcome) -> Result<Self, Problem> {
        match outcome {
            Outcome::Accepted { rev } => Ok(Self::Accepted { rev }),
            Outcome::Saved { version } => Ok(Self::Saved { version }),
            Outcome::Done | Outcome::Joined { .. } => Ok(Self::Done),
            Outcome::Invalid { errors } => Err(Problem::invalid(errors)),
        }
    }
}
