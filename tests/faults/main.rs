//! Random faults between real desktops' engines and a real server: lines that break within a frame, stall in
//! one direction, crawl or are cut, and programs that are killed. At the end both sides are equal, and
//! everything typed is applied once or waits for its author (G4, G7, G8; semantics 5).
//!
//! One number is one script. `cargo xtask faults` runs more of them than the tests do, and `--script N` one
//! of them with its log.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "what was covered is for whoever reads the run"
)]

mod person;
mod script;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use anyhow::Context as _;
use baton_client::settings::{Settings, SettingsFile};
use baton_protocol::id::EntityId;
use baton_tests::{Server, signed_in_desktop};
use tokio::sync::Mutex;

/// How many scripts run at once.
const AT_ONCE: u64 = 12;

/// What every script needs to know.
pub(crate) struct Place {
    pub(crate) address: String,
    pub(crate) entity: EntityId,
    /// What each person's desktop remembers after a sign-in.
    pub(crate) kept: BTreeMap<&'static str, Settings>,
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_the_network_does_everything_typed_arrives_once_or_waits_for_its_author() {
    let one = number("BATON_SCRIPT");
    if one.is_some() {
        tracing_subscriber::fmt()
            .with_env_filter("info,faults=debug,baton_client=debug")
            .with_ansi(false)
            .with_test_writer()
            .init();
    }
    let scripts = number("BATON_SCRIPTS").unwrap_or(500);
    let directory = tempfile::tempdir().expect("a directory");
    let quick = ["--grace-ms", "700", "--heartbeat-ms", "200"];
    let mut server = Server::start(directory.path(), &quick).await.expect("a server");
    let place = Arc::new(
        place(&server, directory.path())
            .await
            .expect("people who are signed in"),
    );
    let (first, last) = one.map_or((0, scripts), |one| (one, one + 1));
    let next = Arc::new(AtomicU64::new(first));
    let covered = Arc::new(Mutex::new(script::Covered::default()));
    let began = Instant::now();
    let mut runners = tokio::task::JoinSet::new();
    for _ in 0..AT_ONCE {
        let (next, place, covered) = (Arc::clone(&next), Arc::clone(&place), Arc::clone(&covered));
        let directory = directory.path().to_owned();
        runners.spawn(async move {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= last {
                    return Ok(());
                }
                match script::run(number, &place, &directory.join(number.to_string())).await {
                    Ok(one) => covered.lock().await.add(&one),
                    Err(error) => {
                        next.store(last, Ordering::Relaxed);
                        return Err(format!(
                            "script {number}: {error:#}\nonce more: cargo xtask faults --script {number}"
                        ));
                    }
                }
            }
        });
    }
    let mut broken = Vec::new();
    while let Some(ended) = runners.join_next().await {
        broken.extend(ended.expect("a runner does not panic").err());
    }
    let covered = covered.lock().await;
    println!(
        "{} scripts in {:.0} s: {covered}",
        covered.scripts,
        began.elapsed().as_secs_f64()
    );
    server.kill().await;
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    assert!(covered.arrived > covered.scripts, "something was typed and arrived");
}

/// Signs everybody in once.
async fn place(server: &Server, directory: &Path) -> anyhow::Result<Place> {
    let mut kept = BTreeMap::new();
    let mut entity = None;
    for person in ["anna", "ben"] {
        let directory = directory.join(person);
        entity = Some(signed_in_desktop(server, person, &directory).await?);
        // Every script has desktops of its own.
        let kept_here = Settings {
            session: None,
            ..SettingsFile::new(&directory).read()?
        };
        kept.insert(person, kept_here);
    }
    Ok(Place {
        address: server.address(),
        entity: entity.context("an entity")?,
        kept,
    })
}
