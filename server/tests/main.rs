//! The server over a raw socket: one program, because each would link the whole server again.
#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "a test waits for one message and passes the others over"
)]

mod accounts;
mod archive;
mod audit;
mod backup;
mod bin;
mod bursts;
mod cancel;
mod comments;
mod crash;
mod definitions;
mod definitions_before;
mod events_by_right;
mod exchange;
mod favourites;
mod files;
mod first_start;
mod former;
mod forms;
mod groups;
mod import_key;
mod limits;
mod lists;
mod live;
mod live_changes;
mod matrix;
mod messages;
mod notifications;
mod once;
mod options;
mod people;
#[cfg(unix)]
mod private;
mod purge;
mod read_only;
mod revoked;
mod rights;
mod roster;
mod round_trips;
mod second_factor;
mod sign_in_ends;
mod slow;
mod spelling;
mod subscriptions;
mod support;
mod tables;
mod unique;
mod unsaved;
mod version_before;
mod visible;
mod watch;
