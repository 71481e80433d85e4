//! The audit as a file: an object a line, newest first, for whoever keeps it or looks through it elsewhere.

use std::path::{Path, PathBuf};

use baton_protocol::audit::AuditFilter;
use baton_protocol::codec;
use baton_protocol::id::UserId;
use baton_protocol::job::JobOutcome;
use baton_protocol::message::{MAX_ROWS, Problem};
use baton_protocol::rights::Right;
use tokio::fs::{self, File};
use tokio::io::{AsyncWriteExt as _, BufWriter};

use super::export::disk;
use crate::app::App;
use crate::jobs::Progress;
use crate::uploads;

/// Writes the entries that are meant into a file, for their owner to fetch.
pub(crate) async fn export_audit(
    app: App,
    person: UserId,
    filter: AuditFilter,
    file: PathBuf,
    progress: Progress,
) -> JobOutcome {
    match run(&app, person, &filter, &file, &progress).await {
        Ok(records) => JobOutcome {
            records,
            cancelled: progress.cancelled(),
            ..JobOutcome::default()
        },
        Err(problem) => {
            uploads::remove(&file).await;
            JobOutcome::failed(problem.message)
        }
    }
}

async fn run(
    app: &App,
    person: UserId,
    filter: &AuditFilter,
    file: &Path,
    progress: &Progress,
) -> Result<u64, Problem> {
    if let Some(directory) = file.parent() {
        fs::create_dir_all(directory).await.map_err(|error| disk(&error))?;
    }
    let mut out = BufWriter::new(File::create(file).await.map_err(|error| disk(&error))?);
    let (mut before, mut written) = (None, 0);
    while !progress.cancelled() {
        app.accounts.ensure_still_allowed(person, Right::ReadAudit)?;
        let entries = app.store.audit(filter, before, MAX_ROWS).await?;
        let Some(last) = entries.last() else { break };
        before = Some(last.number);
        let mut lines = String::new();
        for entry in &entries {
            lines.push_str(&codec::encode(entry));
            lines.push('\n');
        }
        out.write_all(lines.as_bytes()).await.map_err(|error| disk(&error))?;
        written += entries.len() as u64;
        progress.add(entries.len() as u64);
    }
    out.flush().await.map_err(|error| disk(&error))?;
    Ok(written)
}
