//! Whoever ends for an update stays until the new program is there for its person, and brings the old one back
//! if it never is.

use std::path::Path;
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

use baton_client::update::swap::Swaps;

/// How long a new program may take until its page is there.
const PATIENCE: Duration = Duration::from_secs(60);
const LOOK: Duration = Duration::from_millis(100);

/// Starts the program in this one's place, and waits until it came up; else starts the one of before.
///
/// # Errors
/// If neither can be started.
pub(crate) fn succeed(program: &Path, swaps: &Swaps) -> anyhow::Result<()> {
    let began = Instant::now();
    let mut new = start(program);
    while swaps.is_on_trial() {
        let ended = match &mut new {
            Ok(child) => child.try_wait()?.is_some(),
            Err(_) => true,
        };
        // One that gave the place back itself has ended the trial too.
        if (ended && swaps.is_on_trial()) || began.elapsed() > PATIENCE {
            if let Ok(child) = &mut new {
                child.kill().ok();
                child.wait().ok();
            }
            tracing::error!("the new version did not come up; the one of before is back");
            let old = swaps.take_back()?;
            start(&old)?;
            return Ok(());
        }
        thread::sleep(LOOK);
    }
    new.map(drop).map_err(Into::into)
}

/// Starts a program as this one was started; what an AppImage tells its program is of this one.
pub(crate) fn start(program: &Path) -> std::io::Result<Child> {
    let arguments = std::env::args_os().skip(1);
    let mut command = Command::new(program);
    command.args(arguments.filter(|argument| !argument.to_string_lossy().starts_with("baton://")));
    for told in ["APPIMAGE", "APPDIR", "ARGV0", "OWD"] {
        command.env_remove(told);
    }
    command.spawn()
}
