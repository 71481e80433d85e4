//! Names of things. Each kind has a type of its own, so that none can be taken for another.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

uuid_id!(
    /// An entity. UUIDv7, so that ids sort by the time they were made.
    EntityId
);
uuid_id!(
    /// A record. UUIDv7, made by the client, so that a record that was never saved has a form too.
    RecordId
);
uuid_id!(
    /// A list that somebody keeps. Made by the client.
    ViewId
);
uuid_id!(
    /// Work on many records at once.
    JobId
);
uuid_id!(
    /// A file on its way to the server, or back. Made by the client.
    UploadId
);
uuid_id!(
    /// A person with an account.
    UserId
);
uuid_id!(
    /// A group of people. Made by the client.
    GroupId
);
uuid_id!(
    /// What somebody said about a record. UUIDv7, made by the client.
    CommentId
);
uuid_id!(
    /// A sign-in of a person on one desktop; it lasts until its token ends.
    SignInId
);
uuid_id!(
    /// One connection of one desktop; survives a resume. It is known only to the server and that
    /// desktop, because whoever shows it within the grace period gets its places back.
    SessionId
);
uuid_id!(
    /// Made by the client for every command that has an effect, so that a retry has it once (G8).
    OpId
);

macro_rules! counter {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u64);

        impl $name {
            /// The one that follows.
            #[must_use]
            pub fn next(self) -> Self {
                Self(self.0 + 1)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

counter!(
    /// An editor's place by order of joining; strictly increasing per form (seed row 17).
    Ticket
);
counter!(
    /// Grows with every change of ownership; only the owner's is accepted (G1).
    Fence
);
counter!(
    /// Grows by one with every accepted change of a form's draft; never goes back.
    Rev
);
counter!(
    /// A saved form's number, +1 per save; 0 means never saved.
    Version
);
counter!(
    /// A place in the change log, in commit order (G5).
    Seq
);

/// What a form is behind.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FormKind {
    /// The definition of an entity.
    Entity,
    /// A record of an entity.
    Record,
}

/// Which form: the editable document behind an entity's definition or a record.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct FormKey {
    /// What it is behind.
    pub kind: FormKind,
    /// The entity's or the record's id.
    pub id: Uuid,
}

impl FormKey {
    /// The form of an entity's definition.
    #[must_use]
    pub fn entity(id: EntityId) -> Self {
        Self {
            kind: FormKind::Entity,
            id: id.0,
        }
    }

    /// The form of a record.
    #[must_use]
    pub fn record(id: RecordId) -> Self {
        Self {
            kind: FormKind::Record,
            id: id.0,
        }
    }
}

impl fmt::Display for FormKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            FormKind::Entity => "entity",
            FormKind::Record => "record",
        };
        write!(f, "{kind} {}", self.id)
    }
}
