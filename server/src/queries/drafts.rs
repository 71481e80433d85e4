//! What was typed and not saved: one's own, and for admins everybody's (semantics 3.11).

use baton_protocol::message::{AllDrafts, Answer, Problem, Snapshot};
use baton_protocol::rights::Right;

use super::fitting;
use crate::app::App;
use crate::config::DAY;
use crate::rights::{Admin, SignedIn};

/// How much of what a person, or everybody, has not saved is listed.
const MAX_DRAFTS: u32 = 500;

/// The state of [`Topic::Drafts`](baton_protocol::message::Topic::Drafts).
pub(crate) async fn own(app: &App, viewer: &SignedIn) -> Result<Answer, Problem> {
    let store = &app.store;
    let mut drafts = store.drafts(Some(viewer.id()), MAX_DRAFTS).await?;
    let (seq, entities) = store.entities().await?;
    // A new definition is its author's own, and in no list yet.
    drafts.retain(|draft| {
        let entity = entities.iter().find(|row| row.entity.id == draft.entity);
        match entity {
            Some(row) => viewer.rights().sees(&row.entity),
            None => viewer.rights().may(Right::Manage(draft.entity)),
        }
    });
    let snapshot = Snapshot::Drafts(fitting(drafts));
    Ok(Answer::Watching { seq, snapshot })
}

pub(crate) async fn all(app: &App, _: &Admin) -> Result<AllDrafts, Problem> {
    let drafts = app.store.drafts(None, MAX_DRAFTS).await?;
    Ok(AllDrafts {
        rows: fitting(drafts),
        keep_days: app.config.keep_drafts.as_secs() / DAY.as_secs(),
    })
}
