//! The engine without a window and without a network: one program, because each would link all of it again.
#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "a test waits for one message and passes the others over"
)]

mod comments;
mod core;
mod discard;
mod harness;
mod invitation;
mod links;
mod lost_answers;
mod offline;
mod own_text;
mod quitting;
mod read_only;
mod rights;
mod sign_in;
mod stampede;
mod tokens;
