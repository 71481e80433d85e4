//! What travels between desktop and server: every message, in one place.
//!
//! A connection begins with [`ToServer::Hello`], answered by [`ToClient::Welcome`] or a refusal that
//! says which side is too old. Every request carries a number that its answer repeats.

use serde::{Deserialize, Serialize};

use crate::entity::{Entity, EntityRow};
use crate::file::{FileHash, FileRef, Source};
use crate::form::FormSnapshot;
use crate::form::{FormCommand, Notice, Outcome, Presence};
use crate::history::SavedVersion;
use crate::id::{EntityId, FormKey, JobId, OpId, RecordId, Rev, Seq, SessionId, UploadId, UserId, Version, ViewId};
use crate::job::{Job, JobState};
use crate::list::{Impact, Page, SavedView};
use crate::person::{Account, Person, PersonChange, Secret, UserRole};
use crate::query::{Cursor, Query};
use crate::record::{BinRow, RecordRow};
use crate::time::Timestamp;
use crate::values::FieldError;

/// The version of this protocol. It grows with every change that an older peer would misread.
pub const PROTOCOL: u32 = 3;

/// The largest message that a server answers, in bytes (1 MiB).
pub const MAX_MESSAGE_BYTES: usize = 1024 * 1024;

/// The largest message that a server sends and a desktop reads, in bytes (16 MiB).
pub const MAX_ANSWER_BYTES: usize = 16 * MAX_MESSAGE_BYTES;

/// The code that a server ends a connection with because its session goes on over another one. Whoever hears it
/// begins another session: two desktops with one identity would end each other for ever.
pub const CLOSE_RESUMED: u16 = 4001;

/// TransferReason much of rows and events one answer carries, in bytes as they are encoded: what is more follows when it
/// is asked for.
pub const MAX_ROWS_BYTES: usize = MAX_ANSWER_BYTES / 2;

/// The most missed events that are told one by one; past it a snapshot is cheaper.
pub const MAX_REPLAY: u32 = 1000;

/// The most rows that one snapshot of a list carries.
pub const MAX_ROWS: u32 = 1000;

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
        /// [`PROTOCOL`] of the desktop.
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
        /// TransferReason many rows the snapshot carries at most, newest first.
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
        /// TransferReason many at most.
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
        /// TransferReason many rows at most.
        rows: u32,
        /// Only these, where any are named: whether records that changed are in the list.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        only: Vec<RecordId>,
    },
    /// Asks what records are called, whatever they are records of.
    Titles {
        /// Which, [`MAX_ROWS`] at most.
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
    /// Asks what anybody has typed and not saved, newest first; for admins. The answer is [`Answer::Drafts`].
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
    /// [`ToServer::Join`] takes one later. The answer is [`Answer::Joined`].
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
    /// again after [`ToClient::DraftsChanged`].
    Drafts,
    /// One form. Opening the form watches it; it cannot be asked for otherwise.
    Form(FormKey),
}

/// What the server says.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToClient {
    /// The answer to the greeting.
    Welcome {
        /// [`PROTOCOL`] of the server.
        protocol: u32,
        /// The server's program version.
        server: String,
        /// This connection's session; showing it again within the grace period resumes it.
        session: SessionId,
        /// TransferReason often the desktop must be heard, in milliseconds.
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
    /// TransferReason far a job is.
    JobState(JobState),
    /// TransferReason much of a file is there, in bytes.
    Uploaded(u64),
    /// A part of a file.
    Part {
        /// The part, in base 64.
        data: String,
        /// TransferReason large the whole file is.
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
    /// The saves of a form, newest first; at most [`MAX_ROWS`].
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
        /// TransferReason many there are in all.
        total: u64,
        /// Which of the entity's records are open.
        editing: Vec<RecordPresence>,
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
}

/// Who has a record open, and whose unsaved changes it has.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RecordPresence {
    /// Which record.
    pub record: RecordId,
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
        entity: std::sync::Arc<Entity>,
    },
    /// Many records came, or changed, at once: the list must be read again.
    RecordsChanged {
        /// TransferReason many.
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
        /// TransferReason many now.
        records: u64,
    },
}

/// Why a request was refused: a code for programs, a sentence for people.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error, Serialize, Deserialize)]
#[error("{message}")]
pub struct Problem {
    /// What a program decides by.
    pub code: Code,
    /// What a person reads.
    pub message: String,
    /// The bad fields of an invalid draft.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldError>,
}

impl Problem {
    /// A problem without fields.
    #[must_use]
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            fields: Vec::new(),
        }
    }

    /// A draft that cannot be saved like this.
    #[must_use]
    pub fn invalid(fields: Vec<FieldError>) -> Self {
        Self {
            code: Code::Invalid,
            message: "Not saved: some fields need attention.".into(),
            fields,
        }
    }
}

/// The kinds of problem.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// The message could not be read.
    Malformed,
    /// The message is larger than [`MAX_MESSAGE_BYTES`].
    TooLarge,
    /// The two sides speak different versions.
    WrongVersion,
    /// The first message was not a greeting, or a second one came.
    Greeting,
    /// Nobody is signed in.
    SignInNeeded,
    /// E-mail, password or token are wrong.
    BadCredentials,
    /// The signed-in person may not do this.
    Forbidden,
    /// There is no such thing.
    NotFound,
    /// The form is not open in this session.
    NotJoined,
    /// Somebody else is the owner.
    NotOwner,
    /// Ownership changed since the sender last looked.
    StaleFence,
    /// The form was saved since the sender last looked.
    StaleVersion,
    /// The draft changed since the sender last looked.
    StaleRev,
    /// The record is out of its list: nobody can edit it until it is restored.
    Gone,
    /// Somebody else asked to edit before.
    AskedAlready,
    /// The editor that is meant is not here.
    NotHere,
    /// A change does not fit the form.
    BadChange,
    /// A draft cannot be saved like this.
    Invalid,
    /// Too much is asked at once; try again.
    Busy,
    /// The desktop is not connected to the server.
    Offline,
    /// A form that is open has unsaved changes.
    Unsaved,
    /// The server failed; nothing was changed.
    Internal,
}

impl From<crate::form::Refusal> for Problem {
    fn from(refusal: crate::form::Refusal) -> Self {
        use crate::form::Refusal;
        let code = match &refusal {
            Refusal::NotJoined => Code::NotJoined,
            Refusal::NotOwner { .. } => Code::NotOwner,
            Refusal::StaleFence => Code::StaleFence,
            Refusal::StaleVersion { .. } => Code::StaleVersion,
            Refusal::StaleRev => Code::StaleRev,
            Refusal::Gone { .. } => Code::Gone,
            Refusal::NeverSaved => Code::NotFound,
            Refusal::AskedAlready { .. } => Code::AskedAlready,
            Refusal::NotHere | Refusal::NotYours => Code::NotHere,
            Refusal::Crowded => Code::Busy,
            Refusal::BadChange(_) => Code::BadChange,
        };
        Self::new(code, refusal.to_string())
    }
}
