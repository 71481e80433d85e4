//! The values of a form by field name, the names that every record has, and what bounds them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::field::Value;

/// The name of the field that holds a record's title.
pub const TITLE: &str = "title";
/// The name of the field that holds a record's slug, unique within its entity.
pub const SLUG: &str = "slug";
/// The name of the field that holds a record's status.
pub const STATUS: &str = "status";

/// The status of a record whose rules are not all satisfied yet.
pub const DRAFT: &str = "draft";
/// The status of a record that satisfies every rule.
pub const PUBLISHED: &str = "published";
/// The statuses that a record can have. What is archived keeps its status, and has it again when it is
/// restored ([`Deletion`](crate::deletion::Deletion)).
pub const STATUSES: [&str; 2] = [DRAFT, PUBLISHED];

/// The name under which lists know when a record was saved first.
pub const CREATED_AT: &str = "created_at";
/// The name under which lists know who saved it first.
pub const CREATED_BY: &str = "created_by";
/// The name under which lists know when it was saved last.
pub const UPDATED_AT: &str = "updated_at";
/// The name under which lists know who saved it last.
pub const UPDATED_BY: &str = "updated_by";
/// The name under which lists know a record's place in the order that people give by hand.
pub const POSITION: &str = "position";

/// The names that no field of an entity can have.
pub const RESERVED: [&str; 10] = [
    TITLE, SLUG, STATUS, POSITION, CREATED_AT, CREATED_BY, UPDATED_AT, UPDATED_BY, "id", "version",
];

/// A form's values by field name; a field that is not there is [`Value::Empty`].
pub type Values = BTreeMap<String, Value>;

/// Why a field cannot be saved as it is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FieldError {
    /// The field's name.
    pub field: String,
    /// A sentence for the person who fills it in.
    pub message: String,
}

/// The most text that the values of one form hold together, in bytes: saved values, draft and what was
/// discarded must fit into one answer.
pub const MAX_FORM_BYTES: usize = 2 * 1024 * 1024;

/// Why a form takes no more text.
pub(crate) fn too_much() -> String {
    format!(
        "This is too much text for one form: at most {} MB fit.",
        MAX_FORM_BYTES / 1024 / 1024
    )
}
