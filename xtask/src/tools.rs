//! Programs of others that this one uses: found on this machine, or compiled once.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};

use crate::build::{cargo, find, step, target};

/// The program must be here; else a sentence about where it is to be had.
///
/// # Errors
/// If it is missing.
pub(crate) fn need(program: &str, package: &str) -> anyhow::Result<PathBuf> {
    match find(program) {
        Some(found) => Ok(found),
        None => bail!("{program} is missing. On Debian and Ubuntu it is in the package {package}."),
    }
}

/// A tool of this exact version, built once below the target folder.
///
/// # Errors
/// If it cannot be built.
pub(crate) fn tool((name, version): (&str, &str)) -> anyhow::Result<PathBuf> {
    let home = target().join("tools").join(format!("{name}-{version}"));
    let program = home.join("bin").join(name);
    if !program.is_file() {
        step(
            &format!("compile {name} {version} (once)"),
            cargo(&["install", "--locked", "--version", version, name, "--root"])
                .arg(&home)
                .env("CARGO_TARGET_DIR", target().join("tools/build")),
        )?;
    }
    Ok(program)
}

/// What a command writes; its complaints where it fails.
///
/// # Errors
/// If it cannot be started or fails.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start {}", command.get_program().display()))?;
    if !output.status.success() {
        bail!(
            "{} failed: {}{}",
            command.get_program().display(),
            String::from_utf8_lossy(&output.stderr).trim(),
            String::from_utf8_lossy(&output.stdout).trim()
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
