//! Every page's address.

use baton_protocol::id::{EntityId, RecordId};
use baton_protocol::live::Page;
use baton_protocol::notification::NotificationSubject;
use uuid::Uuid;
use yew_router::Routable;

/// The pages behind the sign-in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Routable)]
pub(crate) enum Route {
    /// All entities.
    #[at("/")]
    Entities,
    /// The records of an entity.
    #[at("/entity/:entity")]
    Records {
        /// Which entity.
        entity: Uuid,
    },
    /// The definition of an entity; of one that was never saved, a new one.
    #[at("/entity/:entity/definition")]
    Definition {
        /// Which entity.
        entity: Uuid,
    },
    /// Records out of a table.
    #[at("/entity/:entity/import")]
    Import {
        /// Into which entity.
        entity: Uuid,
    },
    /// What was taken out of the list of an entity.
    #[at("/entity/:entity/bin")]
    Bin {
        /// Which entity.
        entity: Uuid,
    },
    /// A record's form.
    #[at("/entity/:entity/record/:record")]
    Record {
        /// Which entity.
        entity: Uuid,
        /// Which record; one that was never saved is a new one.
        record: Uuid,
    },
    /// A record's form, to look at: whoever comes by a link takes it from nobody.
    #[at("/entity/:entity/record/:record/read-only")]
    ReadOnly {
        /// Which entity.
        entity: Uuid,
        /// Which record.
        record: Uuid,
    },
    /// What changed.
    #[at("/activity")]
    Activity,
    /// What anybody has typed and not saved; for admins.
    #[at("/unsaved")]
    Unsaved,
    /// Everybody who has an account; for admins.
    #[at("/people")]
    People,
    /// What groups may do with collections; for admins.
    #[at("/groups")]
    Groups,
    /// A group: who is in it, and what it gives; for admins.
    #[at("/groups/:group")]
    Group {
        /// Which.
        group: Uuid,
    },
    /// Who is connected, and what is open; for admins.
    #[at("/live")]
    Live,
    /// Who did what; for admins.
    #[at("/audit")]
    Audit,
    /// One's own account.
    #[at("/account")]
    Account,
    /// How the connection stands.
    #[at("/connection")]
    Connection,
    /// How this desktop is installed.
    #[at("/installation")]
    Installation,
    /// Anything else.
    #[not_found]
    #[at("/nowhere")]
    NotFound,
}

impl Route {
    /// The page as the statistics of admins count it.
    pub(crate) fn page(self) -> Page {
        match self {
            Self::Entities => Page::Collections,
            Self::Records { entity } | Self::Import { entity } | Self::Bin { entity } => {
                Page::Records(EntityId(entity))
            }
            Self::Record { entity, .. } | Self::ReadOnly { entity, .. } => Page::Record(EntityId(entity)),
            Self::Definition { entity } => Page::Definition(EntityId(entity)),
            Self::Activity
            | Self::Unsaved
            | Self::People
            | Self::Groups
            | Self::Group { .. }
            | Self::Live
            | Self::Audit
            | Self::Account
            | Self::Connection
            | Self::Installation
            | Self::NotFound => Page::Other,
        }
    }

    /// The page that shows what somebody is notified of.
    pub(crate) fn of(about: &NotificationSubject) -> Self {
        match about {
            NotificationSubject::Import { entity, .. } => Self::records(*entity),
            NotificationSubject::Record { entity, record, .. } => Self::ReadOnly {
                entity: entity.0,
                record: record.0,
            },
        }
    }

    /// The records of this entity.
    pub(crate) fn records(entity: EntityId) -> Self {
        Self::Records { entity: entity.0 }
    }

    /// The form of this record.
    pub(crate) fn record(entity: EntityId, record: RecordId) -> Self {
        Self::Record {
            entity: entity.0,
            record: record.0,
        }
    }
}
