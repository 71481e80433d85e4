//! The figures of the server at an address of their own.

use std::net::SocketAddr;

use anyhow::Context as _;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::net::TcpListener;

use super::health;
use crate::admission::Refusal;
use crate::app::App;
use crate::metrics::Moment;

async fn metrics(State(app): State<App>) -> Response {
    const FORMAT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    match app.metrics.text(&moment(&app).await) {
        Ok(text) => ([(CONTENT_TYPE, FORMAT)], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn moment(app: &App) -> Moment {
    let (connected, signed_in) = app.sessions.counts();
    Moment {
        signed_in,
        anonymous: connected.saturating_sub(signed_in),
        people: app.sessions.people(),
        forms: app.forms.figures().await,
        turned_away: Refusal::ALL
            .map(|refusal| (refusal.as_str(), app.admission.refusals(refusal)))
            .into(),
        store: app.store.figures(),
        database_bytes: database_bytes(app),
    }
}

/// The size of the database and of its write-ahead log.
fn database_bytes(app: &App) -> u64 {
    let database = app.config.database();
    let log = database.with_extension("db-wal");
    let size = |file: &std::path::Path| std::fs::metadata(file).map_or(0, |file| file.len());
    size(&database) + size(&log)
}

/// Answers at the address of its own that the settings name, until the server stops.
///
/// # Errors
/// Nobody can listen there.
pub(crate) async fn listen(app: &App, address: SocketAddr) -> anyhow::Result<impl Future<Output = ()> + Send + use<>> {
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on {address} for metrics"))?;
    tracing::info!(address = %listener.local_addr()?, "figures for Prometheus are here, at /metrics");
    let router = Router::new()
        .route("/metrics", get(metrics))
        .route("/health", get(health))
        .with_state(app.clone());
    let mut stopping = app.stopping.clone();
    Ok(async move {
        let stop = async move { drop(stopping.wait_for(|stop| *stop).await) };
        if let Err(error) = axum::serve(listener, router).with_graceful_shutdown(stop).await {
            tracing::error!(%error, "figures are told no longer");
        }
    })
}
