//! The replies to queries, a noun a file: functions of the app and of who asks. What they take says who may ask
//! ([`SignedIn`](crate::rights::SignedIn), `Uploader`, `Admin`).

pub(crate) mod activity;
pub(crate) mod comments;
pub(crate) mod drafts;
pub(crate) mod favourites;
pub(crate) mod file;
pub(crate) mod form;
pub(crate) mod inbox;
pub(crate) mod job;
pub(crate) mod list;
pub(crate) mod live;
pub(crate) mod people;
pub(crate) mod spelling;

use baton_protocol::message::MAX_ROWS_BYTES;
use serde::Serialize;

use crate::store::count_fitting;

/// As many rows as one answer carries; the others follow when they are asked for.
pub(crate) fn fitting<T: Serialize>(mut rows: Vec<T>) -> Vec<T> {
    // One row always: an empty answer would say that there is none.
    rows.truncate(count_fitting(&rows, MAX_ROWS_BYTES).max(1));
    rows
}
