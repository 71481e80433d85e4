//! What is asked of the server besides signing in, watching and forms: a struct a question, in one table with its
//! reply. The server dispatches by this table, and whoever asks gets the reply's type.

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::DraftRow;
use crate::activity::{ActivityFilter, ActivityPage};
use crate::audit::{AuditEntry, AuditFilter, OwnerChange};
use crate::comment::{Comment, CommentChange};
use crate::file::{FileHash, FileRef, Source};
use crate::history::SavedVersion;
use crate::id::{CommentId, EntityId, FormKey, JobId, OpId, RecordId, SignInId, UploadId, UserId, ViewId};
use crate::job::{Job, JobState};
use crate::list::{Favourite, Impact, Page, SavedView};
use crate::list_query::{Cursor, ListQuery};
use crate::live::OnlinePerson;
use crate::notification::{Notification, NotificationReason, ReadMark};
use crate::person::{Account, Person, PersonChange, Secret, SignInRow, UserRole};
use crate::record::RecordRow;
use crate::rights::{GroupChange, Groups};

/// A question, or a command that is about no open form.
pub trait Query: Into<AnyQuery> {
    /// What the server answers.
    type Reply: Serialize + DeserializeOwned;

    /// Returns the reply to a query of this type; `None` if it is the reply to another one.
    fn reply(reply: AnyReply) -> Option<Self::Reply>;
}

/// What sending a query twice does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Repeat {
    /// It changes nothing, and its answer is of the moment: after a lost answer whoever wants it asks anew.
    Read,
    /// It names what it changes: the second time changes nothing, and a lost answer is asked for again (G8).
    Idempotent,
    /// The same, by the operation's id: the server remembers what came of it (G8).
    Operation(OpId),
}

macro_rules! repeat {
    (Operation, $query:ident) => {
        Repeat::Operation($query.op)
    };
    ($repeat:ident, $query:ident) => {
        Repeat::$repeat
    };
}

macro_rules! queries {
    ($($(#[$doc:meta])* $query:ident { $($(#[$field_doc:meta])* $field:ident: $ty:ty),* $(,)? } -> $reply:ty, $repeat:ident;)*) => {
        /// Any of the queries.
        #[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum AnyQuery {
            $($(#[$doc])* $query($query),)*
        }

        /// The reply to any of the queries.
        #[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum AnyReply {
            $(
                #[doc = concat!("To [`", stringify!($query), "`].")]
                $query($reply),
            )*
        }

        impl AnyQuery {
            /// Returns what sending it twice does.
            #[must_use]
            pub fn repeat(&self) -> Repeat {
                match self {
                    $(Self::$query(_query) => repeat!($repeat, _query),)*
                }
            }
        }

        $(
            $(#[$doc])*
            #[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
            pub struct $query { $($(#[$field_doc])* pub $field: $ty),* }

            impl Query for $query {
                type Reply = $reply;

                fn reply(reply: AnyReply) -> Option<Self::Reply> {
                    match reply {
                        AnyReply::$query(reply) => Some(reply),
                        _ => None,
                    }
                }
            }

            impl From<$query> for AnyQuery {
                fn from(query: $query) -> Self {
                    Self::$query(query)
                }
            }
        )*
    };
}

queries! {
    /// Older rows of an entity's list, newest first; fewer than were asked for where the list ends.
    GetRows {
        /// Of which entity.
        entity: EntityId,
        /// The rows before this record.
        before: RecordId,
        /// How many at most.
        rows: u32,
    } -> Vec<RecordRow>, Read;
    /// A page of an entity's list.
    GetPage {
        /// Of which entity.
        entity: EntityId,
        /// Which of its records, in which order.
        query: ListQuery,
        /// The page begins after this row; left out, it is the first.
        #[serde(default)]
        after: Option<Cursor>,
        /// How many rows at most.
        rows: u32,
        /// Only these, where any are named: whether records that changed are in the list.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        ids: Vec<RecordId>,
    } -> Page, Read;
    /// What may have been meant by a search that finds nothing: the entities in which near words find something, and those
    /// words.
    CorrectSearch {
        /// In which entity; `None`: in all that the sender sees.
        entity: Option<EntityId>,
        /// What was searched for, with its filters.
        query: ListQuery,
    } -> Vec<(EntityId, String)>, Read;
    /// The titles of records of any entity; those that do not exist any more are left out.
    GetTitles {
        /// [`MAX_ROWS`](super::MAX_ROWS) at most.
        records: Vec<RecordId>,
    } -> Vec<(RecordId, String)>, Read;
    /// Moves a record behind another one in the manual order.
    MoveRecord {
        /// The operation's id.
        op: OpId,
        /// Which record.
        record: RecordId,
        /// Behind which; `None` moves it to the front.
        after: Option<RecordId>,
    } -> (), Operation;
    /// The views of an entity that the sender saved, or that somebody shared.
    GetViews {
        /// Of which entity.
        entity: EntityId,
    } -> Vec<SavedView>, Read;
    /// Saves a view, new or changed.
    SaveView {
        /// The view.
        view: Box<SavedView>,
    } -> (), Idempotent;
    /// Deletes a saved view.
    DeleteView {
        /// Which.
        view: ViewId,
    } -> (), Idempotent;
    /// What saving a definition's draft does to the values that records have.
    GetImpact {
        /// Of which entity.
        entity: EntityId,
    } -> Vec<Impact>, Read;
    /// Starts work on many records; [`GetJobState`] says how far it is.
    StartJob {
        /// The job's id, made by the sender: started again with it, it has its effect once (G8).
        id: JobId,
        /// What is done.
        job: Job,
    } -> (), Idempotent;
    /// How far a job is.
    GetJobState {
        /// Which job.
        job: JobId,
    } -> JobState, Read;
    /// Ends a job as soon as possible.
    CancelJob {
        /// Which job.
        job: JobId,
    } -> (), Idempotent;
    /// Sends the next part of a file; the reply is how much of it the server has, in bytes.
    UploadPart {
        /// Which file.
        upload: UploadId,
        /// Where the part begins. One that does not follow what is there is ignored.
        offset: u64,
        /// The part, in base 64.
        data: String,
    } -> u64, Idempotent;
    /// Fetches a part of a file.
    DownloadPart {
        /// Which file.
        source: Source,
        /// Where the part begins.
        offset: u64,
    } -> FilePart, Read;
    /// Stores a file that was uploaded, so that a field can hold it.
    CommitUpload {
        /// The operation's id.
        op: OpId,
        /// Which file.
        upload: UploadId,
        /// Its name.
        name: String,
    } -> FileRef, Operation;
    /// A small image of a stored file, as JPEG in base 64; `None` for a file that is no image.
    GetThumbnail {
        /// Which file.
        file: FileHash,
    } -> Option<String>, Read;
    /// The saves of a form, newest first; at most [`MAX_ROWS`](super::MAX_ROWS) (4.5).
    GetHistory {
        /// Of which form.
        form: FormKey,
    } -> Vec<SavedVersion>, Read;
    /// What anybody has typed and not saved, newest first; for admins.
    GetAllDrafts {} -> AllDrafts, Read;
    /// Every account, by name; for admins.
    GetPeople {} -> Vec<Account>, Read;
    /// Creates an account; for admins.
    AddPerson {
        /// The operation's id.
        op: OpId,
        /// The address that they sign in with.
        email: String,
        /// The name that others read.
        name: String,
        /// What they may do.
        role: UserRole,
    } -> ChangedAccount, Operation;
    /// Changes an account; for admins.
    ChangePerson {
        /// The operation's id.
        op: OpId,
        /// Whose.
        person: UserId,
        /// What of it.
        change: PersonChange,
    } -> ChangedAccount, Operation;
    /// All groups, with what they give; for admins.
    GetGroups {} -> Groups, Read;
    /// Changes a group, or who has access to an entity; for admins. The reply is all of them as they are then.
    ChangeGroups {
        /// The operation's id.
        op: OpId,
        /// What is changed.
        change: GroupChange,
    } -> Groups, Operation;
    /// Gives the sender another name.
    RenameMe {
        /// The operation's id.
        op: OpId,
        /// The name that others read.
        name: String,
    } -> Account, Operation;
    /// Removes the sender's second factor.
    RemoveSecondFactor {
        /// The operation's id.
        op: OpId,
        /// Their password.
        password: Secret,
    } -> Account, Operation;
    /// Shows or hides where the sender is.
    ShowPlace {
        /// The operation's id.
        op: OpId,
        /// Whether others see it.
        shown: bool,
    } -> Account, Operation;
    /// A person's sign-ins that last, newest first.
    GetSignIns {
        /// Whose; the sender's own where left out, anybody's for admins.
        #[serde(default)]
        person: Option<UserId>,
    } -> Vec<SignInRow>, Read;
    /// Ends a sign-in: the sender's own, or anybody's for admins.
    EndSignIn {
        /// Which.
        sign_in: SignInId,
    } -> (), Idempotent;
    /// Says something to a person in all their windows; for admins.
    MessagePerson {
        /// The operation's id.
        op: OpId,
        /// To whom.
        person: UserId,
        /// What: [`MAX_MESSAGE_CHARS`](crate::live::MAX_MESSAGE_CHARS) at most.
        text: String,
    } -> (), Operation;
    /// Ends the places that wait in a form for a person whose connection broke; for admins.
    ReleasePlace {
        /// In which form.
        form: FormKey,
        /// For whom.
        person: UserId,
    } -> (), Idempotent;
    /// Who edited a form when, and why it passed on, newest first; at most [`MAX_ROWS`](super::MAX_ROWS).
    GetOwners {
        /// Of which form.
        form: FormKey,
    } -> Vec<OwnerChange>, Read;
    /// What people said about a record, oldest first.
    GetComments {
        /// About which record.
        record: RecordId,
    } -> Vec<Comment>, Read;
    /// Writes, changes, settles or takes back a comment.
    ChangeComment {
        /// On which record.
        record: RecordId,
        /// Which comment; a new one's id is made by the client.
        comment: CommentId,
        /// What is done.
        change: CommentChange,
    } -> (), Idempotent;
    /// Who can be mentioned in the records of an entity, by name.
    GetColleagues {
        /// Of which entity.
        entity: EntityId,
    } -> Vec<Person>, Read;
    /// What the sender is told of, newest first; asked for again after
    /// [`NotificationsChanged`](super::ToClient::NotificationsChanged).
    GetNotifications {} -> Vec<Notification>, Read;
    /// The sender has read what they are told of.
    ReadNotifications {
        /// What.
        read: ReadMark,
    } -> (), Idempotent;
    /// The sender is told of every save of a record from now on, or no more.
    FollowRecord {
        /// Which record.
        record: RecordId,
        /// Whether they are.
        follow: bool,
    } -> (), Idempotent;
    /// Whether the sender is told of every save of a record.
    IsFollowed {
        /// Which record.
        record: RecordId,
    } -> bool, Read;
    /// A record is one of the sender's favourites from now on, or no more.
    SetFavourite {
        /// Which record.
        record: RecordId,
        /// Whether it is.
        favourite: bool,
    } -> (), Idempotent;
    /// The sender's favourites, by their titles.
    GetFavourites {} -> Vec<Favourite>, Read;
    /// Which reasons the sender has muted.
    GetMuted {} -> BTreeSet<NotificationReason>, Read;
    /// Which reasons notify the sender no longer. Every other reason does.
    Mute {
        /// Which.
        muted: BTreeSet<NotificationReason>,
    } -> (), Idempotent;
    /// What changed, by whom and when, newest first.
    GetActivity {
        /// Which.
        filter: ActivityFilter,
        /// Before the one with this number.
        #[serde(default)]
        before: Option<u64>,
        /// Only what is newer than this number.
        #[serde(default)]
        after: Option<u64>,
        /// How many at most.
        rows: u32,
    } -> ActivityPage, Read;
    /// Who is online of those whom the sender shares an entity with, by name.
    GetOnline {} -> Vec<OnlinePerson>, Read;
    /// Entries of the audit, newest first; for admins.
    GetAudit {
        /// Which.
        filter: AuditFilter,
        /// Those before the one with this number.
        #[serde(default)]
        before: Option<u64>,
        /// How many at most.
        rows: u32,
    } -> Vec<AuditEntry>, Read;
}

/// A part of a file.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FilePart {
    /// The part, in base 64.
    pub data: String,
    /// The size of the whole file, in bytes.
    pub size: u64,
}

/// Everybody's unsaved work.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AllDrafts {
    /// Newest first; no more than one answer carries.
    pub rows: Vec<DraftRow>,
    /// After how many days without a keystroke a record that was never saved is removed.
    pub keep_days: u64,
}

/// An account as it is after a change.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ChangedAccount {
    /// The account.
    pub account: Account,
    /// Its new password, which the server says only now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<Secret>,
}
