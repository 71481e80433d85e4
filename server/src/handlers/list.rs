//! Lists: pages, titles, lists that are kept, and places in the order by hand.

use baton_protocol::codec;
use baton_protocol::id::{EntityId, FormKey, RecordId, ViewId};
use baton_protocol::list::{PAGE_ROWS, SavedView};
use baton_protocol::message::{Answer, Code, MAX_ROWS, Problem};
use baton_protocol::query::{Cursor, Query};

use crate::error::{no_entity, no_record};
use crate::rights::{self, Audience, Right};
use crate::session::Session;
use crate::store::{StoreError, Write};

/// How many lists of one entity a person keeps at most, and how long one may be, encoded.
const MAX_VIEWS: usize = 100;
const MAX_VIEW_BYTES: usize = 16 * 1024;

/// How long the name of a list may be, in Unicode scalar values.
const MAX_NAME: usize = 80;

impl Session {
    pub(crate) async fn page(
        &self,
        entity: EntityId,
        query: &Query,
        after: Option<&Cursor>,
        rows: u32,
        only: &[RecordId],
    ) -> Result<Answer, Problem> {
        let account = rights::require(self.account.as_deref(), Right::Read)?;
        let store = &self.app.store;
        let known = self.app.entity(account.role, entity).await?;
        query.check(&known).map_err(|why| Problem::new(Code::Malformed, why))?;
        let only = few(only)?;
        let page = store
            .page(entity, query, after, rows.clamp(1, PAGE_ROWS), only)
            .await?
            .ok_or_else(no_entity)?;
        Ok(Answer::Page(page))
    }

    pub(crate) async fn titles(&self, records: &[RecordId]) -> Result<Answer, Problem> {
        let account = rights::require(self.account.as_deref(), Right::Read)?;
        let titles = self.app.store.titles(few(records)?, Audience::of(account.role)).await;
        titles.map(Answer::Titles).map_err(Problem::from)
    }

    pub(crate) async fn move_record(&self, record: RecordId, after: Option<RecordId>) -> Result<Answer, Problem> {
        let account = rights::require(self.account.as_deref(), Right::EditRecords)?;
        let store = &self.app.store;
        let entity_of = async |id| {
            self.app.entity_of(account.role, FormKey::record(id)).await?;
            let record = store.record(id).await?;
            Ok::<_, Problem>(record.ok_or_else(no_record)?.entity)
        };
        let entity = entity_of(record).await?;
        if let Some(after) = after
            && (after == record || entity_of(after).await? != entity)
        {
            return Err(Problem::new(
                Code::Malformed,
                "A record goes behind another one of its list.",
            ));
        }
        let at = self.app.clock.now();
        let write = Write::Move {
            entity,
            record,
            after,
            at,
        };
        done(store.write(write).await)
    }

    pub(crate) async fn views(&self, entity: EntityId) -> Result<Answer, Problem> {
        let account = rights::require(self.account.as_deref(), Right::Read)?;
        self.app.entity(account.role, entity).await?;
        let views = self.app.store.views(entity, account.person.id).await;
        views.map(Answer::Views).map_err(Problem::from)
    }

    pub(crate) async fn save_view(&self, view: SavedView) -> Result<Answer, Problem> {
        let account = rights::require(self.account.as_deref(), Right::Read)?;
        let entity = self.app.entity(account.role, view.entity).await?;
        let query = &view.view.query;
        query.check(&entity).map_err(|why| Problem::new(Code::Malformed, why))?;
        let name = view.name.trim().to_owned();
        if name.chars().count() > MAX_NAME {
            return Err(Problem::new(Code::Malformed, "The name of the list is too long."));
        }
        if codec::encode(&view.view).len() > MAX_VIEW_BYTES {
            return Err(Problem::new(Code::TooLarge, "The list is too long to be kept."));
        }
        let me = account.person.id;
        let kept = self.app.store.views(entity.id, me).await?;
        let others = kept.iter().filter(|other| other.owner.id == me && other.id != view.id);
        if others.count() >= MAX_VIEWS {
            let why = format!("At most {MAX_VIEWS} lists are kept of one kind of content. Drop one first.");
            return Err(Problem::new(Code::TooLarge, why));
        }
        let view = SavedView {
            shared: view.shared && !name.is_empty() && rights::has(account.role, Right::EditRecords),
            name,
            owner: account.person.clone(),
            ..view
        };
        done(self.app.store.write(Write::View(view)).await)
    }

    pub(crate) async fn delete_view(&self, view: ViewId) -> Result<Answer, Problem> {
        let account = rights::require(self.account.as_deref(), Right::Read)?;
        let write = Write::DropView(view, account.person.id);
        done(self.app.store.write(write).await)
    }
}

fn done(written: Result<(), StoreError>) -> Result<Answer, Problem> {
    written.map(|()| Answer::Done).map_err(Problem::from)
}

fn few(records: &[RecordId]) -> Result<&[RecordId], Problem> {
    if records.len() > MAX_ROWS as usize {
        let why = format!("At most {MAX_ROWS} records can be asked for at once.");
        return Err(Problem::new(Code::TooLarge, why));
    }
    Ok(records)
}
