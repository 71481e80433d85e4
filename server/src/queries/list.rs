//! Lists: pages, titles, saved views, and the manual order.

use baton_locales::say;
use baton_protocol::codec;
use baton_protocol::id::{FormKey, RecordId};
use baton_protocol::list::{PAGE_ROWS, Page, SavedView};
use baton_protocol::message::{
    Code, DeleteView, GetPage, GetRows, GetTitles, GetViews, MAX_ROWS, MoveRecord, Problem, SaveView,
};
use baton_protocol::record::RecordRow;
use baton_protocol::rights::Right;

use super::fitting;
use crate::app::App;
use crate::error::no_record;
use crate::rights::SignedIn;
use crate::store::Write;

/// The most views of one entity that a person saves, and the longest one, encoded.
const MAX_VIEWS: usize = 100;
const MAX_VIEW_BYTES: usize = 16 * 1024;

/// The longest name of a view, in Unicode scalar values.
const MAX_NAME: usize = 80;

pub(crate) async fn rows(app: &App, viewer: &SignedIn, query: GetRows) -> Result<Vec<RecordRow>, Problem> {
    app.entity(viewer.rights(), query.entity).await?;
    let limit = query.rows.min(MAX_ROWS);
    let mut rows = app.store.rows_before(query.entity, query.before, limit).await?;
    if let Some(projection) = app.projection(viewer.rights(), query.entity) {
        rows.iter_mut().for_each(|row| projection.row(row));
    }
    Ok(fitting(rows))
}

pub(crate) async fn page(app: &App, viewer: &SignedIn, asked: GetPage) -> Result<Page, Problem> {
    let (ids, limit) = (limit_ids(&asked.ids)?, asked.rows.clamp(1, PAGE_ROWS));
    let after = asked.after.as_ref();
    app.page(viewer.rights(), asked.entity, &asked.query, after, (limit, ids))
        .await
}

pub(crate) async fn titles(app: &App, viewer: &SignedIn, query: GetTitles) -> Result<Vec<(RecordId, String)>, Problem> {
    let records = limit_ids(&query.records)?;
    let definitions = app.bus.definitions();
    let sees = |entity| {
        definitions
            .get(entity)
            .is_some_and(|entity| viewer.rights().sees(&entity))
    };
    let titles = app.store.titles(records).await?.into_iter();
    Ok(titles
        .filter_map(|(record, entity, title)| sees(entity).then_some((record, title)))
        .collect())
}

pub(crate) async fn move_record(app: &App, viewer: &SignedIn, query: MoveRecord) -> Result<(), Problem> {
    let entity_of = async |id| {
        app.entity_of(viewer.rights(), FormKey::record(id)).await?;
        let record = app.store.record(id).await?;
        Ok::<_, Problem>(record.ok_or_else(no_record)?.entity)
    };
    let MoveRecord { record, after, .. } = query;
    let entity = entity_of(record).await?;
    viewer.require(Right::Edit(entity))?;
    if let Some(after) = after
        && (after == record || entity_of(after).await? != entity)
    {
        let why = say::server::a_record_goes_behind();
        return Err(Problem::new(Code::Malformed, why));
    }
    let at = app.clock.now();
    let write = Write::Move {
        entity,
        record,
        after,
        at,
    };
    Ok(app.store.write(write).await?)
}

pub(crate) async fn views(app: &App, viewer: &SignedIn, query: GetViews) -> Result<Vec<SavedView>, Problem> {
    app.entity(viewer.rights(), query.entity).await?;
    let mut views = app.store.views(query.entity, viewer.id()).await?;
    if let Some(projection) = app.projection(viewer.rights(), query.entity) {
        projection.views(&mut views);
    }
    Ok(views)
}

pub(crate) async fn save_view(app: &App, viewer: &SignedIn, query: SaveView) -> Result<(), Problem> {
    let view = query.view;
    let entity = app.entity(viewer.rights(), view.entity).await?;
    let shown = &view.view.query;
    shown.check(&entity).map_err(|why| Problem::new(Code::Malformed, why))?;
    let name = view.name.trim().to_owned();
    if name.chars().count() > MAX_NAME {
        return Err(Problem::new(Code::Malformed, say::server::the_name_of_the()));
    }
    if codec::encode(&view.view).len() > MAX_VIEW_BYTES {
        return Err(Problem::new(Code::TooLarge, say::server::the_view_is_too()));
    }
    let me = viewer.id();
    let saved = app.store.views(entity.id, me).await?;
    let others = saved.iter().filter(|other| other.owner.id == me && other.id != view.id);
    if others.count() >= MAX_VIEWS {
        let why = say::server::too_many_views(MAX_VIEWS);
        return Err(Problem::new(Code::TooLarge, why));
    }
    let view = SavedView {
        shared: view.shared && !name.is_empty() && viewer.rights().may(Right::Edit(entity.id)),
        name,
        owner: viewer.person().clone(),
        ..*view
    };
    Ok(app.store.write(Write::View(view)).await?)
}

pub(crate) async fn delete_view(app: &App, viewer: &SignedIn, query: DeleteView) -> Result<(), Problem> {
    Ok(app.store.write(Write::DropView(query.view, viewer.id())).await?)
}

fn limit_ids(records: &[RecordId]) -> Result<&[RecordId], Problem> {
    if records.len() > MAX_ROWS as usize {
        let why = say::server::too_many_rows(MAX_ROWS);
        return Err(Problem::new(Code::TooLarge, why));
    }
    Ok(records)
}
