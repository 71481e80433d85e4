//! Figures for Prometheus: how many, how fast, how often refused, and never who (semantics 7.3).

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use baton_protocol::message::Code;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use tokio::net::TcpListener;

use crate::admission::Refusal;
use crate::app::App;
use crate::router;

/// Up to these many seconds changes are acknowledged, in the histogram.
const SECONDS: [f64; 12] = [
    0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0,
];

/// Every figure; cheap to clone.
#[derive(Clone, Debug)]
pub struct Metrics(Arc<Figures>);

#[derive(Debug)]
struct Figures {
    registry: Registry,
    acknowledged: Histogram,
    refused: Family<CodeLabel, Counter>,
    turned_away: Family<ReasonLabel, Counter>,
    connections: Family<StateLabel, Gauge>,
    people: Gauge,
    forms: Gauge,
    places: Family<PlaceLabel, Gauge>,
    unsaved: Gauge,
    writes: Counter,
    batches: Counter,
    waiting_writes: Gauge,
    database: Gauge,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug, EncodeLabelSet)]
struct CodeLabel {
    code: String,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug, EncodeLabelSet)]
struct ReasonLabel {
    reason: &'static str,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug, EncodeLabelSet)]
struct StateLabel {
    state: &'static str,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug, EncodeLabelSet)]
struct PlaceLabel {
    place: &'static str,
}

/// How many forms are open, and how many places are in them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct FormFigures {
    /// Forms that somebody has open.
    pub(crate) open: usize,
    /// Whoever edits.
    pub(crate) owners: usize,
    /// Whoever waits in a queue.
    pub(crate) waiting: usize,
    /// Places of whoever is away.
    pub(crate) reserved: usize,
    /// Whoever only looks on.
    pub(crate) viewers: usize,
    /// Forms with unsaved changes, of those that are open.
    pub(crate) unsaved: usize,
}

/// What the store has done since the start.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct StoreFigures {
    /// Writes.
    pub writes: u64,
    /// Transactions that they took.
    pub batches: u64,
    /// Writes that wait.
    pub waiting: usize,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut figures = Figures {
            registry: Registry::with_prefix("baton"),
            acknowledged: Histogram::new(SECONDS),
            refused: Family::default(),
            turned_away: Family::default(),
            connections: Family::default(),
            people: Gauge::default(),
            forms: Gauge::default(),
            places: Family::default(),
            unsaved: Gauge::default(),
            writes: Counter::default(),
            batches: Counter::default(),
            waiting_writes: Gauge::default(),
            database: Gauge::default(),
        };
        figures.register();
        Self(Arc::new(figures))
    }
}

impl Figures {
    fn register(&mut self) {
        let registry = &mut self.registry;
        let help = "Seconds from a change of a form to its acknowledgement, when it is durable";
        registry.register("acknowledge_seconds", help, self.acknowledged.clone());
        registry.register("refused", "Requests that were refused, by code", self.refused.clone());
        let help = "Connections that were turned away, by reason";
        registry.register("connections_refused", help, self.turned_away.clone());
        registry.register("connections", "Connections by state", self.connections.clone());
        registry.register("people", "Different people who are signed in", self.people.clone());
        registry.register("forms", "Forms that somebody has open", self.forms.clone());
        registry.register("places", "Places in open forms", self.places.clone());
        let help = "Open forms with unsaved changes";
        registry.register("forms_unsaved", help, self.unsaved.clone());
        registry.register("writes", "Writes that were stored", self.writes.clone());
        registry.register("write_batches", "Transactions that they took", self.batches.clone());
        registry.register("writes_waiting", "Writes that wait", self.waiting_writes.clone());
        registry.register(
            "database_bytes",
            "Size of the database with its log",
            self.database.clone(),
        );
    }
}

impl Metrics {
    /// A change was acknowledged after so long.
    pub(crate) fn acknowledged(&self, after: Duration) {
        self.0.acknowledged.observe(after.as_secs_f64());
    }

    /// A request was refused.
    pub(crate) fn refused(&self, code: Code) {
        let code = serde_json::to_value(code).ok();
        let code = code
            .as_ref()
            .and_then(|code| code.as_str())
            .unwrap_or("unknown")
            .to_owned();
        self.0.refused.get_or_create(&CodeLabel { code }).inc();
    }

    /// Everything as text, as it is now.
    async fn text(&self, app: &App) -> Result<String, std::fmt::Error> {
        let figures = &self.0;
        let (connected, signed_in) = app.sessions.counts();
        let connections = |state| figures.connections.get_or_create_owned(&StateLabel { state });
        connections("signed_in").set(signed(signed_in));
        connections("anonymous").set(signed(connected.saturating_sub(signed_in)));
        figures.people.set(signed(app.sessions.people()));
        let forms = app.forms.figures().await;
        figures.forms.set(signed(forms.open));
        figures.unsaved.set(signed(forms.unsaved));
        for (place, count) in [
            ("owner", forms.owners),
            ("waiting", forms.waiting),
            ("reserved", forms.reserved),
            ("viewer", forms.viewers),
        ] {
            figures
                .places
                .get_or_create_owned(&PlaceLabel { place })
                .set(signed(count));
        }
        for refusal in Refusal::ALL {
            let reason = refusal.as_str();
            let counter = figures.turned_away.get_or_create_owned(&ReasonLabel { reason });
            counter
                .inner()
                .store(app.admission.refusals(refusal), Ordering::Relaxed);
        }
        let store = app.store.figures();
        figures.writes.inner().store(store.writes, Ordering::Relaxed);
        figures.batches.inner().store(store.batches, Ordering::Relaxed);
        figures.waiting_writes.set(signed(store.waiting));
        figures.database.set(database_size(app));
        let mut text = String::new();
        encode(&mut text, &figures.registry)?;
        Ok(text)
    }
}

fn signed(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// The bytes of the database and of its write-ahead log.
fn database_size(app: &App) -> i64 {
    let database = app.config.database();
    let log = database.with_extension("db-wal");
    let size = |file: &std::path::Path| std::fs::metadata(file).map_or(0, |file| file.len());
    i64::try_from(size(&database) + size(&log)).unwrap_or(i64::MAX)
}

async fn metrics(State(app): State<App>) -> Response {
    const FORMAT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    match app.metrics.text(&app).await {
        Ok(text) => ([(CONTENT_TYPE, FORMAT)], text).into_response(),
        Err(_) => axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
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
        .route("/health", get(router::health))
        .with_state(app.clone());
    let mut stopping = app.stopping.clone();
    Ok(async move {
        let stop = async move { drop(stopping.wait_for(|stop| *stop).await) };
        if let Err(error) = axum::serve(listener, router).with_graceful_shutdown(stop).await {
            tracing::error!(%error, "figures are told no longer");
        }
    })
}
