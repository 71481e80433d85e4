//! The bill of materials: every crate in the programs, as CycloneDX.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::project;
use crate::build::step;
use crate::tools::tool;

/// The tool that reads them out of the lock file.
const TOOL: (&str, &str) = ("cargo-cyclonedx", "0.5.9");

/// Writes one a program; where they are.
pub(super) fn bills(directory: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let tool = tool(TOOL)?;
    step(
        "list what the programs are made of",
        Command::new(tool)
            .args([
                "cyclonedx",
                "--format",
                "json",
                "--quiet",
                "--override-filename",
                "materials",
            ])
            .arg("--manifest-path")
            .arg(project("Cargo.toml")),
    )?;
    let mut made = Vec::new();
    for (folder, name) in [
        ("src-tauri", "baton-desktop"),
        ("server", "baton-server"),
        ("cli", "baton-cli"),
        ("src-ui", "baton-ui"),
    ] {
        let to = directory.join(format!("{name}.cdx.json"));
        fs::rename(project(folder).join("materials.json"), &to)?;
        made.push(to);
    }
    // The tool writes one for every member; these are in no package.
    for folder in ["protocol", "locales", "client", "tests", "xtask"] {
        fs::remove_file(project(folder).join("materials.json")).ok();
    }
    Ok(made)
}
