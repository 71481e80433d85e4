//! The values of a form by field name, and what bounds them.

use std::collections::BTreeMap;

use baton_locales::{Text, say};
use serde::{Deserialize, Serialize};

use crate::field::Value;
pub use crate::reserved::{
    CREATED_AT, CREATED_BY, DRAFT, POSITION, PUBLISHED, RESERVED, SLUG, STATUS, STATUSES, TITLE, UPDATED_AT, UPDATED_BY,
};

/// A form's values by field name; a field that is not there is [`Value::Empty`].
pub type Values = BTreeMap<String, Value>;

/// Why a field cannot be saved as it is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FieldError {
    /// The field's name.
    pub field: String,
    /// A sentence for the person who fills it in.
    pub message: Text,
}

/// The most text that the values of one form hold together, in bytes: saved values, draft and what was
/// discarded must fit into one answer.
pub const MAX_FORM_BYTES: usize = 2 * 1024 * 1024;

/// Why a form takes no more text.
pub(crate) fn too_much() -> Text {
    say::refusals::too_much_text(MAX_FORM_BYTES / 1024 / 1024)
}
