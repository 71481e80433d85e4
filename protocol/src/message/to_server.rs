//! What a desktop asks for.

use serde::{Deserialize, Serialize};

use super::Topic;
use crate::file::{FileHash, Source};
use crate::form::FormCommand;
use crate::id::{EntityId, FormKey, JobId, OpId, RecordId, Seq, SessionId, UploadId, UserId, ViewId};
use crate::job::Job;
use crate::list::SavedView;
use crate::person::{PersonChange, Secret, UserRole};
use crate::query::{Cursor, Query};

/// One request of a desktop.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Request {
    /// Repeated in the answer; unique within the connection.
    pub id: u64,
    /// What is asked for.
    pub body: ToServer,
}

/// What a desktop asks for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToServer {
    /// The greeting, first on every connection.
    Hello {
        /// [`PROTOCOL`](super::PROTOCOL) of the desktop.
        protocol: u32,
        /// The desktop's program version, for the server's log.
        client: String,
        /// The session whose places this connection wants back (semantics 3.3).
        resume: Option<SessionId>,
    },
    /// Signs in with e-mail and password.
    SignIn {
        /// The address.
        email: String,
        /// The password.
        password: Secret,
    },
    /// Signs in with the token that an earlier sign-in gave.
    UseToken {
        /// The token.
        token: Secret,
    },
    /// Signs out and revokes the token.
    SignOut,
    /// Asks for a topic's present state and everything that happens to it from then on (6.1).
    Watch {
        /// Which topic.
        topic: Topic,
        /// How many rows the snapshot carries at most, newest first.
        rows: u32,
        /// The last event that the sender has seen: it gets what came after instead of a snapshot, as
        /// far as the log reaches back (G5).
        #[serde(default)]
        since: Option<Seq>,
    },
    /// Ends a watch.
    Unwatch {
        /// Which topic.
        topic: Topic,
    },
    /// Asks for older rows of an entity's list, newest first.
    Rows {
        /// Which entity.
        entity: EntityId,
        /// The rows before this record.
        before: RecordId,
        /// How many at most.
        rows: u32,
    },
    /// Asks for a page of an entity's list.
    Page {
        /// Which entity.
        entity: EntityId,
        /// Which of its records, in which order.
        query: Query,
        /// The page begins after this row; left out, it is the first.
        #[serde(default)]
        after: Option<Cursor>,
        /// How many rows at most.
        rows: u32,
        /// Only these, where any are named: whether records that changed are in the list.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        only: Vec<RecordId>,
    },
    /// Asks what records are called, whatever they are records of.
    Titles {
        /// Which, [`MAX_ROWS`](super::MAX_ROWS) at most.
        records: Vec<RecordId>,
    },
    /// Puts a record behind another one in the order that people give by hand.
    Move {
        /// The operation's id.
        op: OpId,
        /// Which.
        record: RecordId,
        /// Behind which; none: it is the first.
        after: Option<RecordId>,
    },
    /// Asks for the lists of an entity that the sender or somebody for all has kept.
    Views {
        /// Which entity.
        entity: EntityId,
    },
    /// Keeps a list, or keeps it anew.
    SaveView {
        /// The list.
        view: SavedView,
    },
    /// Keeps a list no more.
    DeleteView {
        /// Which.
        view: ViewId,
    },
    /// Asks what saving a definition's draft does to the values that records have.
    Impact {
        /// Which entity's.
        entity: EntityId,
    },
    /// Begins work on many records; [`ToServer::JobState`] tells how far it is.
    StartJob {
        /// Its id, made by the sender: begun again with it, it has its effect once (G8).
        id: JobId,
        /// What.
        job: Job,
    },
    /// Asks how far a job is.
    JobState {
        /// Which.
        job: JobId,
    },
    /// Ends a job as soon as possible.
    Cancel {
        /// Which.
        job: JobId,
    },
    /// Brings the next part of a file; the answer says how much of it is there.
    Upload {
        /// Which file.
        upload: UploadId,
        /// Where the part begins. One that does not follow what is there is passed over.
        offset: u64,
        /// The part, in base 64.
        data: String,
    },
    /// Fetches a part of a file.
    Download {
        /// Which file.
        source: Source,
        /// Where the part begins.
        offset: u64,
    },
    /// Keeps a file that was brought, so that a field can hold it.
    CommitUpload {
        /// The operation's id.
        op: OpId,
        /// Which file.
        upload: UploadId,
        /// What it is called.
        name: String,
    },
    /// Asks for a small picture of a file that is kept.
    Thumbnail {
        /// Which file.
        file: FileHash,
    },
    /// Asks what anybody has typed and not saved, newest first; for admins. The answer is [`Answer::Drafts`](super::Answer::Drafts).
    AllDrafts,
    /// Asks who has an account; for admins.
    People,
    /// Makes an account; for admins.
    AddPerson {
        /// The operation's id.
        op: OpId,
        /// The address that they sign in with.
        email: String,
        /// The name that others read.
        name: String,
        /// What they may do.
        role: UserRole,
    },
    /// Changes an account; for admins.
    ChangePerson {
        /// The operation's id.
        op: OpId,
        /// Whose.
        person: UserId,
        /// What of it.
        change: PersonChange,
    },
    /// Opens a form (3.1).
    Join {
        /// Which form.
        form: FormKey,
        /// The entity, for a record that was never saved.
        entity: Option<EntityId>,
    },
    /// Opens a form read-only, also for whoever may edit it: its notices are sent, and no place in its queue is taken.
    /// [`ToServer::Join`] takes one later. The answer is [`Answer::Joined`](super::Answer::Joined).
    OpenReadOnly {
        /// Which form.
        form: FormKey,
    },
    /// Closes a form (3.2).
    Leave {
        /// Which form.
        form: FormKey,
    },
    /// Does something with a form.
    Form {
        /// Which form.
        form: FormKey,
        /// What.
        command: FormCommand,
    },
    /// Asks for the history of saves, newest first (4.5).
    History {
        /// Which form.
        form: FormKey,
    },
    /// Shows that the desktop is alive (G6).
    Ping,
}
