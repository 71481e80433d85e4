//! Whoever ends for an update stays until the new program is there for its person, and brings the old one back
//! if it never is.

use std::path::Path;
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

use baton_client::update::swap::Swaps;

use crate::autostart::HIDDEN;

/// How long a new program may take until its page is there.
const TIMEOUT: Duration = Duration::from_secs(60);
const LOOK: Duration = Duration::from_millis(100);

/// Starts the program in this one's place, and waits until it came up; else starts the one of before.
///
/// # Errors
/// If neither can be started.
pub(crate) fn supervise(program: &Path, swaps: &Swaps) -> anyhow::Result<()> {
    let began = Instant::now();
    let mut new = start(program);
    while swaps.is_on_trial() {
        let failed = match &mut new {
            Ok(child) => match child.try_wait()? {
                // It handed over to another start of the same program, or its person closed it: no verdict.
                Some(status) if status.success() => return Ok(()),
                Some(_) => true,
                None => began.elapsed() > TIMEOUT,
            },
            Err(_) => true,
        };
        if failed {
            if let Ok(child) = &mut new {
                child.kill().ok();
                child.wait().ok();
            }
            tracing::error!("the new version did not come up; the one of before is back");
            return replace_process(&swaps.roll_back()?);
        }
        thread::sleep(LOOK);
    }
    new.map(drop).map_err(Into::into)
}

/// Goes on as this program: an AppImage that is not mounted but unpacked lies where this one does, and would be
/// removed with this one's end.
///
/// # Errors
/// If it cannot be started.
pub(crate) fn replace_process(program: &Path) -> anyhow::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt as _;
        Err(command(program).exec().into())
    }
    #[cfg(not(unix))]
    {
        start(program)?;
        Ok(())
    }
}

fn start(program: &Path) -> std::io::Result<Child> {
    command(program).spawn()
}

/// A program as this one was started, where its person sees it; what an AppImage tells its program is of this one.
fn command(program: &Path) -> Command {
    let arguments = std::env::args_os().skip(1);
    let mut command = Command::new(program);
    command.args(arguments.filter(|argument| {
        let argument = argument.to_string_lossy();
        !argument.starts_with("baton://") && argument != HIDDEN
    }));
    for told in ["APPIMAGE", "APPDIR", "ARGV0", "OWD"] {
        command.env_remove(told);
    }
    command
}
