//! Which toolchain compiles the UI: the one in use if it has the wasm target, or can get it; else the
//! distribution's, with its library source.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::bail;

use crate::build::{cargo, find, say, step, target};

const TARGET: &str = "wasm32-unknown-unknown";

/// The UI compiled to wasm.
///
/// # Errors
/// If there is no way to compile it here, or it does not compile.
pub(crate) fn compile() -> anyhow::Result<PathBuf> {
    let directory = target().join("ui");
    let mut command = compiler()?;
    command
        .args([
            "rustc",
            "--package",
            "baton-ui",
            "--profile",
            "wasm",
            "--target",
            TARGET,
        ])
        .arg("--target-dir")
        .arg(&directory)
        // What refers to what: by it the program is cut into parts.
        .args(["--", "-Clink-arg=--emit-relocs"]);
    step("compile the UI (the first time takes some minutes)", &mut command)?;
    Ok(directory.join(TARGET).join("wasm/baton-ui.wasm"))
}

fn compiler() -> anyhow::Result<Command> {
    if has_target() || add_target() {
        return Ok(cargo(&[]));
    }
    if let Some(command) = distribution() {
        return Ok(command);
    }
    bail!(
        "Nothing here compiles to {TARGET}. Run `rustup target add {TARGET}`, \
         or on Debian install rustc-web, cargo-web, rust-web-src, rust-web-llvm and lld-22."
    )
}

/// Whether the toolchain in use has the target's library.
fn has_target() -> bool {
    let output = Command::new("rustc")
        .args(["--print", "target-libdir", "--target", TARGET])
        .output();
    output.is_ok_and(|output| {
        let directory = String::from_utf8_lossy(&output.stdout);
        std::fs::read_dir(directory.trim()).is_ok_and(|mut files| files.next().is_some())
    })
}

fn add_target() -> bool {
    let added = Command::new("rustup")
        .args(["target", "add", TARGET])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if added {
        say("  added the wasm target to the toolchain");
    }
    added
}

/// The distribution's toolchain builds the library from source, which it allows only when told to.
fn distribution() -> Option<Command> {
    let (cargo, rustc) = (Path::new("/usr/bin/cargo"), Path::new("/usr/bin/rustc"));
    let source = Path::new("/usr/lib/rustlib/src/rust/library/std");
    let linker = ["lld-22", "rust-lld", "wasm-ld"].into_iter().find_map(find);
    if !cargo.is_file() || !rustc.is_file() || !source.is_dir() || linker.is_none() {
        return None;
    }
    let mut command = Command::new(cargo);
    command
        .env("RUSTC", rustc)
        .env("RUSTC_BOOTSTRAP", "1")
        // Settings of the other toolchain would reach this one.
        .env_remove("RUSTUP_TOOLCHAIN")
        .env_remove("CARGO")
        .args(["-Z", "build-std=std,panic_abort"]);
    Some(command)
}
