//! Processes that a test starts, stopped by their own handle.

use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use tokio::process::{Child, Command};

/// How long a condition may take on a machine that is busy with something else.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(45);
/// How often a condition is looked at.
const LOOK: Duration = Duration::from_millis(25);

/// Waits until `look` gives something, or says what was waited for.
pub async fn wait_for<T>(what: &str, mut look: impl AsyncFnMut() -> anyhow::Result<Option<T>>) -> anyhow::Result<T> {
    let start = Instant::now();
    loop {
        let seen = look().await;
        match seen {
            Ok(Some(seen)) => return Ok(seen),
            Ok(None) if start.elapsed() < TIMEOUT => {}
            Err(error) if start.elapsed() >= TIMEOUT => {
                return Err(error.context(format!("waited {TIMEOUT:?} for this: {what}")));
            }
            Ok(None) => bail!("waited {TIMEOUT:?} for this: {what}"),
            // A page that is just being drawn loses the elements that were found in it.
            Err(_) => {}
        }
        // Polls: WebDriver and other processes tell nothing by themselves.
        tokio::time::sleep(LOOK).await;
    }
}

/// A port that nothing listens on.
pub(crate) fn free_port() -> anyhow::Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").context("cannot find a free port")?;
    Ok(listener.local_addr()?.port())
}

/// A program of the workspace, as it was built: for tests, or for release where figures are measured.
#[must_use]
pub fn program(name: &str) -> PathBuf {
    let profile = std::env::var("BATON_PROFILE").unwrap_or_else(|_| "debug".into());
    target().join(profile).join(name)
}

/// Where builds go.
pub(crate) fn target() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| here.join("../target"), PathBuf::from)
}

/// A process with everything that it starts; all of it is killed when this is dropped.
#[derive(Debug)]
pub(crate) struct Family {
    child: Child,
    group: u32,
}

impl Family {
    /// Starts a program in a group of its own, with its output in a file.
    pub(crate) fn start(command: &mut Command, log: &Path) -> anyhow::Result<Self> {
        let file = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
        let child = command
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("cannot start {}", command.as_std().get_program().display()))?;
        let group = child.id().context("a process that ended at once")?;
        Ok(Self { child, group })
    }

    /// Kills it at once, as a power cut would.
    pub(crate) async fn kill(mut self) {
        kill_group(self.group);
        self.child.wait().await.ok();
    }

    /// Whether the program has ended.
    pub(crate) fn has_ended(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(Some(_)))
    }

    /// Its own process id, which is also its group's.
    pub(crate) fn id(&self) -> u32 {
        self.group
    }
}

impl Drop for Family {
    fn drop(&mut self) {
        kill_group(self.group);
    }
}

fn kill_group(group: u32) {
    signal("KILL", &format!("-{group}"));
}

/// Sends a signal to a process.
pub(crate) fn signal(name: &str, process: &str) {
    std::process::Command::new("kill")
        .args([&format!("-{name}"), "--", process])
        .stderr(Stdio::null())
        .status()
        .ok();
}
