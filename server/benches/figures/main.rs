//! Figures beside a naive server's, in one run: `cargo xtask bench`. Figures and ratios, no verdicts:
//! machines are shared and noisy.
#![allow(clippy::print_stdout, reason = "figures are for whoever reads the run")]

mod attack;
#[path = "../baseline/mod.rs"]
mod baseline;
mod fan_out;
mod forms;
mod machine;
mod outside;
mod peers;
mod people;
mod records;
mod slices;
mod statistics;
mod wire;

use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::Instant;

use clap::Parser;

use crate::peers::{Ours, Process};

/// Every time in messages counts from here.
static BEGAN: LazyLock<Instant> = LazyLock::new(Instant::now);

#[derive(Parser)]
struct Arguments {
    /// Only the figures whose name contains this: fan-out, tail, durable, keystroke, bytes, outside, owner, people, records, slices, idle, restart;
    /// attack, which is none of them, is run alone.
    #[arg(long, default_value = "")]
    only: String,
    /// How many idle connections.
    #[arg(long, default_value = "15000")]
    idle: usize,
    /// Be the naive server, with data here.
    #[arg(long, hide = true)]
    baseline: Option<PathBuf>,
    /// Given by cargo.
    #[arg(long, hide = true)]
    bench: bool,
}

/// Microseconds since then.
fn micros(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_micros()).unwrap_or(u64::MAX)
}

/// The time that messages carry.
fn now_us() -> u64 {
    micros(*BEGAN)
}

fn say(line: &str) {
    println!("{line}");
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    if let Some(directory) = arguments.baseline {
        return baseline::serve(&directory).await;
    }
    LazyLock::force(&BEGAN);
    // Not below the system's temporary directory, which may be in memory: "durable" means a disk here.
    let directory = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    say(&machine::description(directory.path()));
    if arguments.only == "attack" {
        let data = directory.path().join("server");
        let ours = Ours::start(&data).await?;
        attack::attack(&ours).await?;
        // On a server that has none of the drafts and connections of an attack.
        ours.process.kill().await;
        let data = directory.path().join("another");
        slices::slices(Ours::start(&data).await?, &data).await?;
        return Ok(());
    }
    let wanted = |name: &str| name.contains(&arguments.only);
    let baseline = Process::baseline(directory.path()).await?;
    let data = directory.path().join("server");
    let mut ours = Ours::start(&data).await?;
    // First, while nothing else has been done.
    if wanted("idle") {
        forms::idle(&ours, arguments.idle).await?;
    }
    if wanted("fan-out") {
        fan_out::throughput(&ours, &baseline).await?;
    }
    if wanted("tail") {
        fan_out::tail(&ours, &baseline).await?;
    }
    if wanted("durable") {
        forms::durable(&ours, &baseline, directory.path()).await?;
    }
    if wanted("keystroke") {
        forms::keystrokes(&ours).await?;
    }
    if wanted("bytes") {
        forms::bytes(&ours).await?;
    }
    if wanted("outside") {
        outside::outside(&ours).await?;
    }
    if wanted("owner") {
        forms::next_owner(&ours).await?;
    }
    if wanted("people") {
        people::people(&ours).await?;
        people::large_group(&ours, &data).await?;
    }
    if wanted("people") || wanted("joins") {
        statistics::joins(&ours).await?;
    }
    if wanted("people") {
        statistics::statistics(&ours, arguments.idle).await?;
    }
    if wanted("records") {
        records::records(&ours).await?;
    }
    if wanted("slices") {
        ours = slices::slices(ours, &data).await?;
    }
    if wanted("restart") {
        forms::restart(ours, &data).await?;
    }
    baseline.kill().await;
    Ok(())
}
