//! What travels between desktop and server: every message, in one place.
//!
//! A connection begins with [`ToServer::Hello`], answered by [`ToClient::Welcome`] or a refusal that
//! says which side is too old. Every request carries a number that its answer repeats.

mod apply;
mod event;
mod problem;
mod query;
mod to_client;
mod to_server;

pub use event::{DraftRow, EntityRow, Event, FormPresence, Snapshot, Topic};
pub use problem::{Code, Problem};
pub use query::{
    AddPerson, AllDrafts, AnyQuery, AnyReply, CancelJob, ChangeComment, ChangeGroups, ChangePerson, ChangedAccount,
    CommitUpload, CorrectSearch, DeleteView, DownloadPart, EndSignIn, FilePart, FollowRecord, GetActivity,
    GetAllDrafts, GetAudit, GetColleagues, GetComments, GetFavourites, GetGroups, GetHistory, GetImpact, GetJobState,
    GetMuted, GetNotifications, GetOnline, GetOwners, GetPage, GetPeople, GetRows, GetSignIns, GetThumbnail, GetTitles,
    GetViews, IsFollowed, MessagePerson, MoveRecord, Mute, Query, ReadNotifications, ReleasePlace, RemoveSecondFactor,
    RenameMe, Repeat, SaveView, SetFavourite, ShowPlace, StartJob, UploadPart,
};
pub use to_client::{Answer, PersonalNotice, ToClient};
pub use to_server::{Purpose, Request, ToServer};

/// The version of this protocol. It grows with every change that an older peer would misread.
pub const PROTOCOL: u32 = 15;

/// The largest message that a server answers, in bytes (1 MiB).
pub const MAX_MESSAGE_BYTES: usize = 1024 * 1024;

/// The largest message that a server sends and a desktop reads, in bytes (16 MiB).
pub const MAX_ANSWER_BYTES: usize = 16 * MAX_MESSAGE_BYTES;

/// The code that a server ends a connection with because its session goes on over another one. Whoever hears it
/// begins another session: two desktops with one identity would end each other for ever.
pub const CLOSE_RESUMED: u16 = 4001;

/// How much of rows and events one answer carries, in bytes as they are encoded: what is more follows when it
/// is asked for.
pub const MAX_ROWS_BYTES: usize = MAX_ANSWER_BYTES / 2;

/// The most missed events that are told one by one; past it a snapshot is cheaper.
pub const MAX_REPLAY: u32 = 1000;

/// The most rows that one snapshot of a list carries.
pub const MAX_ROWS: u32 = 1000;
