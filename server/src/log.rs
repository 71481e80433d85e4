//! The log, on the terminal or in the journal.

use std::io::IsTerminal as _;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::{FilterExt as _, filter_fn};
use tracing_subscriber::layer::{Filter, Layer as _, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, fmt};

/// Below warnings these would write down what goes over the line, passwords too.
const QUIET: [&str; 8] = [
    "tungstenite",
    "tokio_tungstenite",
    "hyper",
    "hyper_util",
    "rustls",
    "sqlx",
    "ureq",
    "ureq_proto",
];

/// Starts the log, as `RUST_LOG` says.
pub(crate) fn start(json: bool) {
    let level = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = fmt::layer()
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    let lines = if json { lines.json().boxed() } else { lines.boxed() };
    let lines = lines.with_filter(without_secrets(level));
    tracing_subscriber::registry().with(lines).init();
}

/// What is logged at this level, but nothing that only the two ends of a connection may know.
fn without_secrets<S>(level: EnvFilter) -> impl Filter<S> + Send + Sync + 'static
where
    S: tracing::Subscriber + for<'a> LookupSpan<'a>,
{
    level.and(filter_fn(|line| {
        let target = line.target().split("::").next().unwrap_or_default();
        line.level() <= &LevelFilter::WARN || !QUIET.contains(&target)
    }))
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    /// Everything that was logged.
    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Written {
        fn write(&mut self, text: &[u8]) -> std::io::Result<usize> {
            self.0.lock().expect("whole").extend_from_slice(text);
            Ok(text.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn what_goes_over_the_line_is_logged_by_no_setting() {
        let written = Written::default();
        let to = written.clone();
        let lines = fmt::layer().with_ansi(false).with_writer(move || to.clone());
        let level = EnvFilter::new("trace,tungstenite::protocol=trace,sqlx[{secret}]=trace");
        let log = tracing_subscriber::registry().with(lines.with_filter(without_secrets(level)));
        tracing::subscriber::with_default(log, || {
            tracing::trace!("a word of our own");
            tracing::trace!(target: "tungstenite::protocol", "a frame with a secret");
            tracing::trace!(target: "ureq_proto::util", "bytes with a secret");
            tracing::info!(target: "sqlx", secret = 1, "a row with a secret");
            tracing::warn!(target: "tungstenite", "a warning");
        });
        let log = String::from_utf8(written.0.lock().expect("whole").clone()).expect("text");
        assert!(log.contains("our own") && log.contains("a warning"), "{log}");
        assert!(!log.contains("secret"), "{log}");
    }
}
