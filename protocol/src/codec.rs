//! Bytes and messages. The only place that knows the encoding (JSON).

use baton_locales::say;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::message::{Code, MAX_MESSAGE_BYTES, Problem};

/// Encodes a message.
///
/// # Panics
/// Never: every message type can be written as JSON.
#[must_use]
pub fn encode<T: Serialize>(message: &T) -> String {
    #[expect(
        clippy::expect_used,
        reason = "no message has a map key that is not text, the only failure"
    )]
    serde_json::to_string(message).expect("messages can be written as JSON")
}

/// Decodes a message.
///
/// # Errors
/// [`Code::TooLarge`] or [`Code::Malformed`], with a sentence.
pub fn decode<T: DeserializeOwned>(text: &str) -> Result<T, Problem> {
    decode_large(text, MAX_MESSAGE_BYTES)
}

/// Decodes a message that may have up to `limit` bytes: what a server says is larger than what it reads.
///
/// # Errors
/// [`Code::TooLarge`] or [`Code::Malformed`], with a sentence.
pub fn decode_large<T: DeserializeOwned>(text: &str, limit: usize) -> Result<T, Problem> {
    if text.len() > limit {
        let message = say::refusals::message_too_large(text.len(), limit);
        return Err(Problem::new(Code::TooLarge, message));
    }
    serde_json::from_str(text).map_err(|error| Problem::new(Code::Malformed, say::refusals::message_unreadable(&error)))
}
