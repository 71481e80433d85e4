//! The whole server as sections of JSON objects and back, whatever engine it is stored in. What can be made again from
//! the rest (the index, counts, who uses which file) is not in it, and neither are sign-ins and open connections.

use async_trait::async_trait;
use baton_protocol::audit::AuditEntry;
use baton_protocol::codec;
use baton_protocol::deletion::Deletion;
use baton_protocol::entity::Entity;
use baton_protocol::form::{FieldHistory, Form, Transfer};
use baton_protocol::list::View;
use baton_protocol::rights::Grant;
use baton_protocol::values::Values;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::ConversionWrite;
use super::found::replayed;

/// One kind of thing, an object each, in one order always.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Section {
    People,
    Identities,
    Entities,
    Records,
    History,
    Comments,
    Followers,
    Favourites,
    Muted,
    Groups,
    GroupMembers,
    GroupGrants,
    ClosedEntities,
    Purged,
    /// What is unsaved ([`unsaved`]); who was in the form is gone with their connections.
    Drafts,
    Lists,
    Audit,
    AuditBase,
    AuditLog,
    Files,
}

impl Section {
    /// In the order in which one needs another.
    pub(crate) const ALL: [Self; 20] = [
        Self::People,
        Self::Identities,
        Self::Entities,
        Self::Records,
        Self::History,
        Self::Comments,
        Self::Followers,
        Self::Favourites,
        Self::Muted,
        Self::Groups,
        Self::GroupMembers,
        Self::GroupGrants,
        Self::ClosedEntities,
        Self::Purged,
        Self::Drafts,
        Self::Lists,
        Self::Audit,
        Self::AuditBase,
        Self::AuditLog,
        Self::Files,
    ];

    /// What it is called in an archive.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::People => "people",
            Self::Identities => "identities",
            Self::Entities => "entities",
            Self::Records => "records",
            Self::History => "history",
            Self::Comments => "comments",
            Self::Followers => "followers",
            Self::Favourites => "favourites",
            Self::Muted => "muted",
            Self::Groups => "groups",
            Self::GroupMembers => "group_members",
            Self::GroupGrants => "group_grants",
            Self::ClosedEntities => "closed_entities",
            Self::Purged => "purged",
            Self::Drafts => "drafts",
            Self::Lists => "lists",
            Self::Audit => "audit",
            Self::AuditBase => "audit_base",
            Self::AuditLog => "audit_log",
            Self::Files => "files",
        }
    }

    /// Whether what is in an object can be read later.
    ///
    /// # Errors
    /// What cannot.
    pub(crate) fn check(self, object: &str) -> Result<(), serde_json::Error> {
        let check = match self {
            Self::People
            | Self::Identities
            | Self::Comments
            | Self::Followers
            | Self::Favourites
            | Self::Muted
            | Self::Groups
            | Self::GroupMembers
            | Self::ClosedEntities
            | Self::Purged
            | Self::AuditBase
            | Self::Files => reads::<IgnoredAny>,
            Self::Entities => reads::<EntityShape>,
            Self::Records => reads::<RecordShape>,
            Self::History => reads::<SaveShape>,
            Self::GroupGrants => reads::<GrantShape>,
            Self::Drafts => reads::<FormShape>,
            Self::Lists => reads::<ViewShape>,
            Self::Audit => reads::<PassingShape>,
            Self::AuditLog => reads::<AuditShape>,
        };
        check(object)
    }
}

/// One consistent state of a database, also while a server serves from it.
#[async_trait]
pub(crate) trait Snapshot: Send {
    /// The last number that the change log gave.
    async fn seq(&mut self) -> anyhow::Result<u64>;

    /// Gives every object of a section, in order; of drafts, the form's row with its log ([`unsaved`]).
    async fn each(&mut self, section: Section, take: &mut Take<'_>) -> anyhow::Result<()>;
}

/// Takes one object.
pub(crate) type Take<'a> = dyn FnMut(&str) -> anyhow::Result<()> + Send + 'a;

/// A database that is filled, all or nothing.
#[async_trait]
pub(crate) trait Restore: Send {
    /// Takes some objects of a section, which were checked.
    async fn take(&mut self, section: Section, objects: &[String]) -> anyhow::Result<()>;

    /// Makes what was left out, and commits everything.
    async fn end(self: Box<Self>, seq: u64) -> anyhow::Result<()>;
}

fn reads<T: DeserializeOwned>(text: &str) -> Result<(), serde_json::Error> {
    serde_json::from_str::<T>(text).map(drop)
}

#[expect(dead_code, reason = "read to see that it can be")]
#[derive(Deserialize)]
struct EntityShape {
    definition: Entity,
    converting: Option<ConversionWrite>,
}

#[expect(dead_code, reason = "read to see that it can be")]
#[derive(Deserialize)]
struct GrantShape {
    grant: Grant,
}

#[expect(dead_code, reason = "read to see that it can be")]
#[derive(Deserialize)]
struct RecordShape {
    values: Values,
    gone: Option<Deletion>,
}

#[expect(dead_code, reason = "read to see that it can be")]
#[derive(Deserialize)]
struct SaveShape {
    fields: Vec<FieldHistory>,
}

#[expect(dead_code, reason = "read to see that it can be")]
#[derive(Deserialize)]
struct ViewShape {
    view: View,
}

#[expect(dead_code, reason = "read to see that it can be")]
#[derive(Deserialize)]
struct PassingShape {
    passing: Transfer,
}

#[derive(Deserialize)]
struct AuditShape {
    #[serde(deserialize_with = "reads_audit")]
    #[expect(dead_code, reason = "read to see that it can be")]
    entry: (),
}

fn reads_audit<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<(), D::Error> {
    let text = String::deserialize(deserializer)?;
    reads::<AuditEntry>(&text).map_err(serde::de::Error::custom)
}

#[expect(dead_code, reason = "read to see that it can be")]
#[derive(Deserialize)]
struct FormShape {
    state: Form,
}

/// A form with its log folded in and nobody in it; `None` where nothing of it is unsaved.
pub(crate) fn unsaved(row: &str) -> anyhow::Result<Option<String>> {
    #[derive(Deserialize)]
    struct Row<'a> {
        form: &'a str,
        id: &'a str,
        #[serde(borrow)]
        state: &'a RawValue,
        #[serde(borrow)]
        log: Vec<&'a RawValue>,
    }
    #[derive(Serialize)]
    struct Draft<'a> {
        form: &'a str,
        id: &'a str,
        state: Form,
    }
    let Row { form, id, state, log } = serde_json::from_str(row)?;
    let log: Vec<String> = log.iter().map(|entry| entry.get().to_owned()).collect();
    let (state, _) = replayed(state.get(), &log)?;
    if state.draft.is_empty() && state.discarded.is_none() {
        return Ok(None);
    }
    let state = state.without_editors();
    Ok(Some(codec::encode(&Draft { form, id, state })))
}
