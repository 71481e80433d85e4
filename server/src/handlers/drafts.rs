//! What was typed and not saved: one's own, and for admins everybody's (semantics 3.11).

use baton_protocol::id::UserId;
use baton_protocol::message::{Answer, Problem, Snapshot};
use baton_protocol::person::UserRole;

use super::watch::fitting;
use crate::config::DAY;
use crate::rights::{self, Right};
use crate::session::Session;

/// How much of what a person, or everybody, has not saved is listed.
const MAX_DRAFTS: u32 = 500;

impl Session {
    /// The state of [`Topic::Drafts`](baton_protocol::message::Topic::Drafts).
    pub(super) async fn own_drafts(&self, person: UserId, role: UserRole) -> Result<Answer, Problem> {
        let store = &self.app.store;
        let mut drafts = store.drafts(Some(person), MAX_DRAFTS).await?;
        let (seq, entities) = store.entities().await?;
        // A new definition is its author's own, and in no list yet.
        drafts.retain(|draft| {
            let entity = entities.iter().find(|row| row.entity.id == draft.entity);
            entity.map_or(rights::has(role, Right::Define), |row| {
                rights::visible(role, &row.entity)
            })
        });
        let snapshot = Snapshot::Drafts(fitting(drafts));
        Ok(Answer::Watching { seq, snapshot })
    }

    pub(crate) async fn all_drafts(&self) -> Result<Answer, Problem> {
        rights::require(self.account.as_deref(), Right::SeeAllDrafts)?;
        let drafts = self.app.store.drafts(None, MAX_DRAFTS).await?;
        Ok(Answer::Drafts {
            rows: fitting(drafts),
            keep_days: self.app.config.keep_drafts.as_secs() / DAY.as_secs(),
        })
    }
}
