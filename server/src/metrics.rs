//! Figures for Prometheus: how many, how fast, how often refused, and never who (semantics 7.3).

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use baton_protocol::message::Code;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

/// Up to these many seconds changes are acknowledged, in the histogram.
const SECONDS: [f64; 12] = [
    0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0,
];

/// What is counted when somebody asks.
#[derive(Clone, Debug, Default)]
pub struct Moment {
    /// Connections that somebody is signed in over.
    pub signed_in: usize,
    /// Connections that nobody is signed in over.
    pub anonymous: usize,
    /// Different people who are signed in.
    pub people: usize,
    /// Forms and places in them.
    pub forms: FormFigures,
    /// Connections that were turned away, by reason.
    pub turned_away: Vec<(&'static str, u64)>,
    /// What the store has done.
    pub store: StoreFigures,
    /// Size of the database with its log.
    pub database_bytes: u64,
}

/// How many forms are open, and how many places are in them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct FormFigures {
    /// Forms that somebody has open.
    pub open: usize,
    /// Whoever edits.
    pub owners: usize,
    /// Whoever waits in a queue.
    pub waiting: usize,
    /// Places of whoever is away.
    pub reserved: usize,
    /// Whoever only looks on.
    pub viewers: usize,
    /// Forms with unsaved changes, of those that are open.
    pub unsaved: usize,
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

    /// Everything as text, with these figures of the moment.
    ///
    /// # Errors
    /// Never, in practice: text is written into memory.
    pub fn text(&self, now: &Moment) -> Result<String, std::fmt::Error> {
        let figures = &self.0;
        for (state, count) in [("signed_in", now.signed_in), ("anonymous", now.anonymous)] {
            let gauge = figures.connections.get_or_create_owned(&StateLabel { state });
            gauge.set(signed(count));
        }
        figures.people.set(signed(now.people));
        figures.forms.set(signed(now.forms.open));
        figures.unsaved.set(signed(now.forms.unsaved));
        for (place, count) in [
            ("owner", now.forms.owners),
            ("waiting", now.forms.waiting),
            ("reserved", now.forms.reserved),
            ("viewer", now.forms.viewers),
        ] {
            let gauge = figures.places.get_or_create_owned(&PlaceLabel { place });
            gauge.set(signed(count));
        }
        for (reason, count) in &now.turned_away {
            let counter = figures.turned_away.get_or_create_owned(&ReasonLabel { reason });
            counter.inner().store(*count, Ordering::Relaxed);
        }
        figures.writes.inner().store(now.store.writes, Ordering::Relaxed);
        figures.batches.inner().store(now.store.batches, Ordering::Relaxed);
        figures.waiting_writes.set(signed(now.store.waiting));
        figures
            .database
            .set(i64::try_from(now.database_bytes).unwrap_or(i64::MAX));
        let mut text = String::new();
        encode(&mut text, &figures.registry)?;
        Ok(text)
    }
}

fn signed(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
