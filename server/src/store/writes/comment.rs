//! What is done with a comment.

use baton_protocol::comment::CommentChange;
use baton_protocol::id::{CommentId, RecordId, UserId};
use baton_protocol::notification::NotificationBody;
use baton_protocol::time::Timestamp;

/// A comment that is written, changed, settled or taken back, and whom that is told.
#[derive(Debug)]
pub struct CommentWrite {
    /// On which record.
    pub record: RecordId,
    /// Which comment.
    pub comment: CommentId,
    /// Who does it.
    pub by: UserId,
    /// Whether they may also take back what others wrote.
    pub manages: bool,
    /// When.
    pub at: Timestamp,
    /// What is done.
    pub change: CommentChange,
    /// Whom it is told.
    pub notify: Vec<(UserId, NotificationBody)>,
}

/// What somebody is told of, unless they do not want to be.
#[derive(Clone, Debug)]
pub struct NewNotification {
    /// Who.
    pub user: UserId,
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub what: NotificationBody,
}
