//! Running other programs, and where things are.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context as _, bail};

/// The programs that staff and operators run, as targets of cargo.
pub(crate) const PROGRAMS: [&str; 6] = ["--bin", "baton-server", "--bin", "baton-desktop", "--bin", "baton"];
/// The tests that need no window.
pub(crate) const TESTS: [&str; 6] = ["--test", "rules", "--test", "engine", "--test", "server"];
/// Those with a server and a network of their own, or with windows.
pub(crate) const STORIES: [&str; 6] = ["--test", "faults", "--test", "simulation", "--test", "stories"];

/// The project's top folder.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// Where builds go.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// A program of the workspace, as `cargo build` leaves it.
pub(crate) fn program(name: &str) -> PathBuf {
    target()
        .join("debug")
        .join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

/// `cargo` with these arguments, as this program was started by it.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments);
    command
}

/// `cargo` for a part of the workspace that is not for release.
///
/// Which features a crate has depends on what is selected: of one package alone, most would be compiled once more, with
/// fewer of them. Everything is always selected, and targets are named.
pub(crate) fn workspace(subcommand: &str, arguments: &[&str]) -> Command {
    let mut command = cargo(&[subcommand, "--workspace"]);
    command.args(arguments);
    command
}

/// Runs a command to its end, saying what it is for and how long it took.
///
/// # Errors
/// If it cannot be started or fails.
pub(crate) fn step(what: &str, command: &mut Command) -> anyhow::Result<()> {
    say(&format!("· {what}"));
    let start = Instant::now();
    let status = command
        .status()
        .with_context(|| format!("cannot start {}", command.get_program().display()))?;
    if !status.success() {
        bail!("{what}: failed ({status})");
    }
    say(&format!("  {what}: done in {:.0} s", start.elapsed().as_secs_f64()));
    Ok(())
}

/// Tells the person at the terminal.
#[expect(clippy::print_stdout, reason = "this is a program for the terminal")]
pub(crate) fn say(line: &str) {
    println!("{line}");
}

/// Where a program is, if it is on the path.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|directory| directory.join(program))
        .find(|file| file.is_file())
}
