//! The shared server: entities, records, forms, events and who is connected.
//!
//! One task per connection ([`session`]) reads requests; [`forms`] carries commands out through the
//! pure core and stores the result; the store's writer publishes what it committed on the [`bus`].
//! **Commit first; acknowledge and publish only after**: what anyone was told survives a crash.

// What a simulated history does may depend on its seed only; see clippy.toml.
#![warn(clippy::disallowed_methods, clippy::disallowed_types)]
#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests of parts are no histories"))]

pub mod accounts;
pub mod admission;
pub mod app;
#[allow(clippy::disallowed_methods, reason = "works with files, while no server runs")]
pub mod archive;
pub mod audit;
pub mod auth;
pub mod backup;
mod batch;
mod bulk;
pub mod bus;
#[allow(
    clippy::disallowed_types,
    reason = "the cleaner takes them, and their order does not matter to it"
)]
mod clean;
pub mod clock;
pub mod config;
pub mod definitions;
mod error;
#[allow(clippy::disallowed_methods, reason = "works with files, for which no history asks")]
mod exchange;
#[allow(clippy::disallowed_methods, reason = "works with files, and no history has any")]
pub mod file_store;
#[allow(clippy::disallowed_methods, reason = "works with files, and no history has any")]
mod files;
pub mod forms;
mod groups;
pub mod jobs;
mod listen;
mod live;
mod lock;
pub mod metrics;
mod names;
mod operations;
#[allow(clippy::disallowed_methods, reason = "no history makes accounts or passwords")]
pub mod people;
pub mod private;
mod provided;
#[allow(
    clippy::disallowed_methods,
    reason = "talks to other servers, and no history has any"
)]
pub mod providers;
mod purge;
mod queries;
#[allow(clippy::disallowed_methods, reason = "works with files, and no history has any")]
pub mod releases;
mod retention;
pub mod rights;
mod router;
#[allow(clippy::disallowed_methods, reason = "no history begins with sample data")]
mod sample;
#[allow(
    clippy::disallowed_methods,
    reason = "in histories people sign in with tokens that are there"
)]
pub mod second_factor;
mod session;
pub mod sessions;
pub mod setup;
mod socket;
pub mod statistics;
pub mod store;
mod undo;
mod uploads;

#[cfg(fuzzing)]
pub use exchange::read_table;

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context as _;
use axum::serve::Listener;

use crate::app::App;

/// Serves until the app's `stopping` becomes true or nobody can make it so. The program and the
/// simulation use this same door.
///
/// # Errors
/// If the store or the listener fails.
pub async fn run<L>(listener: L, app: App) -> anyhow::Result<()>
where
    L: Listener<Addr = SocketAddr>,
{
    setup::first_start(&app).await?;
    if let Err(error) = setup::note_settings(&app).await {
        // A full disk does not keep anybody from reading. The next start tells it.
        tracing::error!(%error, "the audit does not tell yet which settings are other ones");
    }
    app.accounts.note_groups(app.store.groups().await?);
    for user in app.store.people().await? {
        app.accounts.note(&user);
    }
    for row in app.store.entities().await?.1 {
        app.bus.definitions().note(&row.entity);
    }
    exchange::rollback_open_imports(&app).await?;
    app.forms.disconnect_all().await?;
    let mut background = tokio::task::JoinSet::new();
    background.spawn({
        let forms = app.forms.clone();
        async move { forms.keep_converted().await }
    });
    background.spawn({
        let forms = app.forms.clone();
        async move { forms.keep_time().await }
    });
    background.spawn({
        let names = app.names.clone();
        async move { names.run().await }
    });
    background.spawn(retention::run(app.clone()));
    background.spawn(statistics::run(app.statistics.clone(), app.sessions.clone(), app.clock));
    background.spawn({
        let live = app.live.clone();
        async move { live.run().await }
    });
    background.spawn({
        let admission = app.admission.clone();
        async move { admission.log_refusals().await }
    });
    if let Some(address) = app.config.metrics {
        background.spawn(router::metrics::listen(&app, address).await?);
    }
    let address = listener.local_addr().context("the listener has no address")?;
    tracing::info!(?address, data = %app.config.data_dir.display(), "serving");
    let (admission, proxies, stopping) = (
        app.admission.clone(),
        Arc::clone(&app.config.proxies),
        app.stopping.clone(),
    );
    listen::serve(listener, router::router(app), admission, proxies, stopping).await;
    background.shutdown().await;
    tracing::info!("stopped");
    Ok(())
}
