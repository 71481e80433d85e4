//! Bytes and messages. The only place that knows the encoding (JSON).

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::message::{Code, MAX_MESSAGE_BYTES, Problem};

/// Encodes a message.
///
/// # Panics
/// Never: every message type can be written as JSON.
#[must_use]
pub fn encode<T: Serialize>(message: &T) -> String {
    #[expect(clippy::expect_used, reason = "no message has a map key that is not text, the only failure")]
    serde_json::to_string(message).expect("messages can be written as JSON")
}

/// Decodes a message.
///
/// # Errors
/// [`Code::TooLarge`] or [`Code::Malformed`], with a sentence.
pub fn decode<T: DeserializeOwned>(text: &str) -> Result<T, Problem> {
    if text.len() > MAX_MESSAGE_BYTES {
        return Err(too_large(text.len()));
    }
    serde_json::from_str(text)
        .map_err(|error| Problem::new(Code::Malformed, format!("The message could not be read: {error}.")))
}

/// The problem of a message that is too large.
#[must_use]
pub fn too_large(bytes: usize) -> Problem {
    Problem::new(
        Code::TooLarge,
        format!("The message has {bytes} bytes; at most {MAX_MESSAGE_BYTES} are read."),
    )
}
