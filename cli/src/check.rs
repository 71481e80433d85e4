//! Whether the server is reached, and whether what one types reaches others (semantics 7.5).

use std::io::Write as _;

use anyhow::Context as _;
use baton_client::core::Reply;
use baton_protocol::desktop::{CheckConnection, Checked, EngineCall};

use crate::connection::{Connection, Failure, Result, unexpected};

/// Prints each step and what came of it; fails with the sentence of the one that does not work.
pub(crate) async fn check(connection: &Connection) -> Result<()> {
    let call = CheckConnection { address: None };
    let Reply::Checks(checks) = connection.call(EngineCall::CheckConnection(call)).await? else {
        return Err(unexpected());
    };
    let mut out = std::io::stdout();
    for check in &checks {
        let outcome = match check.outcome {
            Checked::Passed => "ok",
            Checked::Failed => "FAILED",
            Checked::Skipped => "-",
        };
        writeln!(out, "{outcome:<7} {:<17} {}", check.name, check.text).context("nobody reads the output")?;
    }
    match checks.into_iter().find(|check| check.outcome == Checked::Failed) {
        Some(failed) => Err(Failure::Other(anyhow::anyhow!("{}: {}", failed.name, failed.text))),
        None => Ok(()),
    }
}
