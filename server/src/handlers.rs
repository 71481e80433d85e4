//! What each request does, a noun a file: rights, call, answer.

mod form;
mod job;
mod list;
mod people;
mod sign_in;
mod watch;
