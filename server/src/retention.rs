//! What is older than the settings say goes, at the start and every hour: a few things at a time, and a breath
//! between, so that whoever types never waits for it.

use std::time::Duration;

use baton_protocol::time::Timestamp;

use tokio::time::Instant;

use crate::app::App;
use crate::config::DAY;
use crate::store::{StoreError, Write};
use crate::{files, uploads};

/// How long one transaction may take.
const MAX_TRANSACTION: Duration = Duration::from_millis(8);
/// The most things of one transaction.
const MAX_BATCH: u32 = 200;
/// How long a record that was opened and never typed into is kept: its author may be about to.
const EMPTY_DRAFT: Duration = DAY;

/// How many things fit into a transaction that nobody notices: fewer while it is slow, more while it is quick.
#[derive(Debug)]
pub(crate) struct Slices {
    size: u32,
}

impl Slices {
    pub(crate) fn new() -> Self {
        Self { size: 10 }
    }

    /// How many are to be done next.
    pub(crate) fn size(&self) -> u32 {
        self.size
    }

    /// Writes a slice, learns from how long it took, and lets others go first.
    pub(crate) async fn write(&mut self, app: &App, write: Write) -> Result<(), StoreError> {
        let began = Instant::now();
        app.store.write(write).await?;
        let took = began.elapsed();
        let next = if took > MAX_TRANSACTION * 2 {
            self.size / 2
        } else if took > MAX_TRANSACTION {
            self.size - self.size / 8
        } else {
            self.size + self.size / 8 + 1
        };
        self.size = next.clamp(2, MAX_BATCH);
        tokio::time::sleep(took.min(Duration::from_millis(50))).await;
        Ok(())
    }
}

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
        if app.files.are_kept() {
            if let Err(error) = uploads::tidy(&app).await {
                tracing::error!(%error, "old files could not be removed");
            }
            if let Err(error) = files::tidy(&app).await {
                tracing::error!(%error, "files that no record has could not be removed");
            }
        }
        if let Err(error) = prune(&app).await {
            tracing::error!(%error, "old changes could not be forgotten");
        }
    }
}

async fn purge(app: &App) -> Result<(), StoreError> {
    let now = app.clock.now();
    let before = now - app.config.keep_deleted;
    let mut slices = Slices::new();
    loop {
        let found = app.store.purgeable(before, &app.forms.in_use(), slices.size()).await?;
        if found.records.is_empty() && found.entities.is_empty() {
            return Ok(());
        }
        let records = found.records;
        if !records.is_empty() {
            slices.write(app, Write::Purge { records, now }).await?;
        }
        for entity in found.entities {
            slices.write(app, Write::PurgeEntity { entity, now }).await?;
        }
    }
}

async fn end_drafts(app: &App) -> Result<(), StoreError> {
    let now = app.clock.now();
    let mut slices = Slices::new();
    loop {
        let (empty, drafts) = (now - EMPTY_DRAFT, now - app.config.keep_drafts);
        let mut ended = app.store.ended_drafts(empty, drafts, slices.size()).await?;
        let in_use = app.forms.in_use();
        ended.retain(|form| !in_use.contains(&form.id));
        if ended.is_empty() {
            return Ok(());
        }
        slices.write(app, Write::EndDrafts(ended)).await?;
    }
}

async fn prune(app: &App) -> Result<(), StoreError> {
    let before: Timestamp = app.clock.now() - app.config.keep_changes;
    let mut slices = Slices::new();
    while let Some(last) = app.store.prunable(before, slices.size()).await? {
        slices.write(app, Write::Prune { before, last }).await?;
    }
    Ok(())
}
