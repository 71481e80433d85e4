//! What each request does, a noun a file: rights, call, answer.

mod form;
mod sign_in;
mod watch;
