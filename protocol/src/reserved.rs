//! The names and the statuses that every record has.

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
