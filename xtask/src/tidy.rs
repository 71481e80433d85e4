//! What no compiler checks, a room for each kind.

mod circles;
mod code;
mod crates;
mod messages;
mod references;
mod wire;
mod words;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use crate::build::{root, say};
use crate::mutants;

/// A file of Rust.
struct Source {
    /// Its path from the root.
    shown: String,
    text: String,
    syntax: syn::File,
}

impl Source {
    fn parse(shown: &str, text: &str) -> anyhow::Result<Self> {
        Ok(Self {
            shown: shown.into(),
            text: text.into(),
            syntax: syn::parse_file(text).with_context(|| format!("{shown} cannot be read"))?,
        })
    }
}

/// Where the sources of each crate are.
const CRATES: [&str; 9] = [
    "locales/src/",
    "protocol/src/",
    "server/src/",
    "client/src/",
    "cli/src/",
    "src-tauri/src/",
    "src-ui/src/",
    "tests/src/",
    "xtask/src/",
];

/// Checks everything and names all that is wrong.
///
/// # Errors
/// If anything is.
pub(crate) fn check() -> anyhow::Result<()> {
    let mut sources = Vec::new();
    for path in files(&root(), "rs")? {
        sources.push(Source::parse(&shown(&path), &fs::read_to_string(&path)?)?);
    }
    let mut wrong = Vec::new();
    crates::check(&sources, &mut wrong)?;
    messages::check(&sources, &mut wrong)?;
    for source in &sources {
        code::check(source, &mut wrong);
        code::check_sizes(source, &mut wrong);
        words::check(source, &mut wrong);
    }
    CRATES
        .iter()
        .for_each(|directory| circles::check(directory, &sources, &mut wrong));
    for path in files(&root().join("src-ui/assets"), "css")? {
        words::check_styles(&shown(&path), &fs::read_to_string(&path)?, &mut wrong);
    }
    references::check(&sources, &mut wrong)?;
    wire::check(&mut wrong)?;
    mutants::check(&mut wrong)?;
    if wrong.is_empty() {
        say("· tidy");
        return Ok(());
    }
    bail!("not tidy:\n  {}", wrong.join("\n  "))
}

/// A path as it is named to people: from the root.
fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

/// The files below a directory with this extension, without what was built or fetched.
fn files(directory: &Path, extension: &str) -> anyhow::Result<Vec<PathBuf>> {
    const NOT_OURS: [&str; 3] = ["target", "node_modules", "dist"];
    let mut found = Vec::new();
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let (path, name) = (entry.path(), entry.file_name());
        let name = name.to_string_lossy();
        if path.is_dir() {
            if !name.starts_with('.') && !NOT_OURS.contains(&&*name) {
                found.extend(files(&path, extension)?);
            }
        } else if path.extension().is_some_and(|found| found == extension) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
