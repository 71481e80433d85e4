//! The log: a file a day in the data directory, the last seven of them; and the terminal, where there is one.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, fmt};

/// So many days are kept.
const DAYS: usize = 7;

/// Below this level these would write down what goes over the line, passwords too.
const QUIET: [&str; 5] = ["tungstenite", "tokio_tungstenite", "hyper", "rustls", "sqlx"];

/// Where the log of a data directory is.
pub(crate) fn directory(data: &Path) -> PathBuf {
    data.join("log")
}

/// Begins to write it. A disk that takes nothing is no reason not to start.
pub(crate) fn start(data: &Path, level: &str) {
    let filter = EnvFilter::try_from_default_env()
        .or_else(|_| EnvFilter::try_new(level))
        .unwrap_or_else(|_| EnvFilter::new("info"));
    let filter = QUIET.iter().fold(filter, |filter, target| {
        let directive = format!("{target}=warn").parse();
        directive.map_or_else(|_| filter.clone(), |directive| filter.clone().add_directive(directive))
    });
    // Else it complains about a directory that is not there yet.
    std::fs::create_dir_all(directory(data)).ok();
    let file = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("baton")
        .filename_suffix("log")
        .max_log_files(DAYS)
        .build(directory(data));
    let terminal = fmt::layer()
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    let log = tracing_subscriber::registry().with(filter).with(terminal);
    match file {
        Ok(file) => log
            .with(fmt::layer().with_ansi(false).with_writer(std::sync::Mutex::new(file)))
            .init(),
        Err(error) => {
            log.init();
            tracing::warn!(%error, "there is no log file");
        }
    }
}
