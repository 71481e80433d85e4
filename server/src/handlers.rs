//! What each request does, a noun a file: rights, call, answer.

mod drafts;
mod form;
mod job;
mod list;
mod people;
#[allow(clippy::disallowed_methods, reason = "works with files, and no history has any")]
pub(crate) mod release;
mod sign_in;
mod watch;

use baton_protocol::codec;
use serde::Serialize;

/// Counts how many of these, from the first, fit into so many bytes as they are encoded.
fn count_fitting<T: Serialize>(items: &[T], max_bytes: usize) -> usize {
    let mut bytes = 0;
    let fitting = items.iter().take_while(|item| {
        bytes += codec::encode(item).len();
        bytes <= max_bytes
    });
    fitting.count()
}
