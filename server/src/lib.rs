//! The shared server: entities, records, forms, events and who is connected.
//!
//! One task per connection ([`session`]) reads requests; [`forms`] carries commands out through the
//! pure core and stores the result; the store's writer publishes what it committed on the [`bus`].
//! **Commit first; acknowledge and publish only after**: what anyone was told survives a crash.

pub mod app;
pub mod archive;
pub mod auth;
mod bulk;
pub mod bus;
mod clean;
pub mod clock;
pub mod config;
mod exchange;
pub mod files;
pub mod forms;
mod handlers;
pub mod jobs;
mod people;
pub mod rights;
mod router;
mod sample;
mod session;
pub mod sessions;
pub mod setup;
mod socket;
pub mod store;
mod uploads;

use std::fmt::Debug;

use anyhow::Context as _;
use axum::serve::Listener;

use crate::app::App;
use crate::store::Write;

/// Serves until the app's `stopping` becomes true or nobody can make it so. The program and the
/// simulation use this same door.
///
/// # Errors
/// If the store or the listener fails.
pub async fn run<L>(listener: L, app: App) -> anyhow::Result<()>
where
    L: Listener,
    L::Addr: Debug,
{
    setup::first_start(&app).await?;
    exchange::unmake_unfinished(&app).await?;
    app.forms.break_all().await?;
    let converter = tokio::spawn({
        let forms = app.forms.clone();
        async move { forms.keep_converted().await }
    });
    let timekeeper = tokio::spawn({
        let forms = app.forms.clone();
        async move { forms.keep_time().await }
    });
    let housekeeper = tokio::spawn(keep_house(app.clone()));
    let address = listener.local_addr().context("the listener has no address")?;
    tracing::info!(?address, data = %app.config.data_dir.display(), "serving");
    let mut stopping = app.stopping.clone();
    axum::serve(listener, router::router(app))
        .with_graceful_shutdown(async move {
            // An error means that whoever could stop us is gone, which is a reason to stop.
            stopping.wait_for(|stop| *stop).await.ok();
        })
        .await
        .context("the listener failed")?;
    timekeeper.abort();
    converter.abort();
    housekeeper.abort();
    tracing::info!("stopped");
    Ok(())
}

/// Forgets what is older than the settings say, at the start and every hour. Runs for ever.
async fn keep_house(app: App) {
    let mut hours = tokio::time::interval(std::time::Duration::from_secs(60 * 60));
    loop {
        hours.tick().await;
        let now = app.clock.now();
        let purge = Write::Purge {
            deleted_before: now - app.config.keep_deleted,
            except: app.forms.in_use(),
            now,
        };
        if let Err(error) = app.store.write(purge).await {
            tracing::error!(%error, "old deleted records could not be purged");
        }
        if let Err(error) = uploads::tidy(&app).await {
            tracing::error!(%error, "old files could not be removed");
        }
        if let Err(error) = files::tidy(&app).await {
            tracing::error!(%error, "files that no record has could not be removed");
        }
        let before = now - app.config.keep_changes;
        if let Err(error) = app.store.write(Write::Prune(before)).await {
            tracing::error!(%error, "old changes could not be forgotten");
        }
    }
}
