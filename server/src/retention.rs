//! What is older than the settings say goes, at the start and every hour, after the audit's head was logged: a few
//! things at a time, and a breath between, so that whoever types never waits for it.

use std::time::Duration;

use baton_protocol::time::Timestamp;

use crate::app::App;
use crate::batch::BatchSize;
use crate::store::{PurgeScope, StoreError, Write};
use crate::{audit, files, undo, uploads};

/// How long a record that was opened and never typed into is kept: its author may be about to.
const EMPTY_DRAFT: Duration = Duration::from_secs(60 * 60);

/// Runs for ever.
pub(crate) async fn run(app: App) {
    let mut hours = tokio::time::interval(Duration::from_secs(60 * 60));
    loop {
        hours.tick().await;
        if let Err(error) = purge(&app).await {
            tracing::error!(%error, "old deleted records could not be purged");
        }
        if let Err(error) = end_drafts(&app).await {
            tracing::error!(%error, "old unsaved records could not be ended");
        }
        if app.files.is_enabled() {
            if let Err(error) = uploads::remove_old(&app).await {
                tracing::error!(%error, "old files could not be removed");
            }
            if let Err(error) = files::remove_unused(&app).await {
                tracing::error!(%error, "files that no record has could not be removed");
            }
        }
        if let Err(error) = prune(&app).await {
            tracing::error!(%error, "old changes could not be forgotten");
        }
        if let Err(error) = audit::log_head(&*app.store).await {
            tracing::error!(%error, "the audit's head could not be logged");
        }
        if let Err(error) = undo::forget_old(&app).await {
            tracing::error!(%error, "what old work on many records saved could not be forgotten");
        }
        if let Err(error) = prune_audit(&app).await {
            tracing::error!(%error, "old entries of the audit could not be forgotten");
        }
    }
}

async fn purge(app: &App) -> Result<(), StoreError> {
    let now = app.clock.now();
    let before = now - app.config.keep_deleted;
    let mut batch = BatchSize::new(10, 2);
    loop {
        let what = PurgeScope::DeletedBefore(before);
        let found = app.store.purgeable(what, &app.forms.in_use(), batch.get()).await?;
        if found.records.is_empty() && found.entities.is_empty() {
            return Ok(());
        }
        let records = found.records;
        if !records.is_empty() {
            let purge = Write::Purge { records, now, by: None };
            batch.write(&app.store, purge).await?;
        }
        for entity in found.entities {
            batch
                .write(&app.store, Write::PurgeEntity { entity, now, by: None })
                .await?;
        }
    }
}

async fn end_drafts(app: &App) -> Result<(), StoreError> {
    let now = app.clock.now();
    let mut batch = BatchSize::new(10, 2);
    loop {
        let (empty, drafts) = (now - EMPTY_DRAFT, now - app.config.keep_drafts);
        let mut ended = app.store.ended_drafts(empty, drafts, batch.get()).await?;
        let in_use = app.forms.in_use();
        ended.retain(|form| !in_use.contains(&form.id));
        if ended.is_empty() {
            return Ok(());
        }
        batch.write(&app.store, Write::EndDrafts(ended)).await?;
    }
}

async fn prune(app: &App) -> Result<(), StoreError> {
    let before: Timestamp = app.clock.now() - app.config.keep_changes;
    let mut batch = BatchSize::new(10, 2);
    while let Some(last) = app.store.prunable(before, batch.get()).await? {
        batch.write(&app.store, Write::Prune { before, last }).await?;
    }
    Ok(())
}

async fn prune_audit(app: &App) -> Result<(), StoreError> {
    let before = app.clock.now() - app.config.keep_audit;
    let mut batch = BatchSize::new(10, 2);
    while let Some(last) = app.store.prunable_audit(before, batch.get()).await? {
        batch.write(&app.store, Write::PruneAudit(last)).await?;
    }
    Ok(())
}
