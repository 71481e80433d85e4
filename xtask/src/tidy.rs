//! What no compiler checks: arrows between crates, sizes of files, documents that must keep up.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use serde_json::Value;

use crate::build::{cargo, root, say};

/// Who may depend on whom; nothing else.
const ARROWS: [(&str, &[&str]); 8] = [
    ("baton-protocol", &[]),
    ("baton-server", &["baton-protocol"]),
    ("baton-client", &["baton-protocol"]),
    ("baton-cli", &["baton-client", "baton-protocol"]),
    ("baton-desktop", &["baton-client", "baton-protocol"]),
    ("baton-ui", &["baton-protocol"]),
    ("baton-tests", &["baton-client", "baton-protocol", "baton-server"]),
    ("xtask", &[]),
];

/// What the pure crate must never reach for.
const IMPURE: [&str; 5] = ["tokio", "sqlx", "tauri", "axum", "rand"];

/// A file of ours that is longer holds two things.
const MOST_LINES: usize = 500;

/// Checks everything and names all that is wrong.
///
/// # Errors
/// If anything is.
pub(crate) fn check() -> anyhow::Result<()> {
    let mut wrong = Vec::new();
    arrows(&mut wrong)?;
    files(&mut wrong)?;
    protocol_document(&mut wrong)?;
    if wrong.is_empty() {
        say("· tidy");
        return Ok(());
    }
    bail!("not tidy:\n  {}", wrong.join("\n  "))
}

fn arrows(wrong: &mut Vec<String>) -> anyhow::Result<()> {
    let output = cargo(&["metadata", "--format-version", "1", "--no-deps"]).output()?;
    let metadata: Value = serde_json::from_slice(&output.stdout).context("cargo metadata said something unreadable")?;
    let allowed: BTreeMap<_, _> = ARROWS.into_iter().collect();
    let packages = metadata["packages"]
        .as_array()
        .context("the workspace has no packages")?;
    for package in packages {
        let name = package["name"].as_str().unwrap_or_default();
        let Some(allowed) = allowed.get(name) else {
            wrong.push(format!("the crate {name} has no place in the architecture"));
            continue;
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let to = dependency["name"].as_str().unwrap_or_default();
            let ours = to.starts_with("baton-");
            let test_only = dependency["kind"].as_str() == Some("dev");
            if ours && !allowed.contains(&to) {
                wrong.push(format!("{name} may not depend on {to}"));
            }
            if name == "baton-protocol" && !test_only && IMPURE.contains(&to) {
                wrong.push(format!("the pure crate may not depend on {to}"));
            }
        }
    }
    Ok(())
}

fn files(wrong: &mut Vec<String>) -> anyhow::Result<()> {
    for file in rust_files(&root())? {
        let text = fs::read_to_string(&file)?;
        let shown = file.strip_prefix(root()).unwrap_or(&file).display().to_string();
        let lines = code_lines(&text);
        if lines > MOST_LINES {
            wrong.push(format!(
                "{shown} has {lines} lines of code; at most {MOST_LINES}: it is really two things"
            ));
        }
        if shown.starts_with("protocol/src") && (text.contains("Instant::now") || text.contains("SystemTime::now")) {
            wrong.push(format!("{shown} reads a clock"));
        }
        let simulated =
            (shown.starts_with("server/src") && !shown.ends_with("main.rs")) || shown.contains("/simulation/");
        if simulated && chooses_by_chance(&text) {
            wrong.push(format!(
                "{shown} has a `select!` that is not `biased`: chance, not the seed, would decide a simulated history"
            ));
        }
        let sleeps = ["thread::sleep", "time::sleep"]
            .iter()
            .any(|sleep| text.contains(sleep));
        if shown.contains("/tests/") && sleeps && !text.contains("// Polls:") {
            wrong.push(format!("{shown} sleeps; wait for a condition instead"));
        }
    }
    Ok(())
}

/// Whether a `select!` begins with anything but `biased;`.
fn chooses_by_chance(text: &str) -> bool {
    let mut choices = text.split("select! {").skip(1);
    choices.any(|choice| {
        let mut code = choice.lines().map(str::trim);
        let first = code.find(|line| !line.is_empty() && !line.starts_with("//"));
        first != Some("biased;")
    })
}

/// Lines without tests, comments and blanks.
fn code_lines(text: &str) -> usize {
    let code = text.split("#[cfg(test)]").next().unwrap_or(text);
    code.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with("//"))
        .count()
}

fn rust_files(directory: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        if path.is_dir() {
            if !name.starts_with('.') && name != "target" && name != "node_modules" {
                files.extend(rust_files(&path)?);
            }
        } else if name.ends_with(".rs") {
            files.push(path);
        }
    }
    Ok(files)
}

/// `docs/protocol.md` names every message and every error code.
fn protocol_document(wrong: &mut Vec<String>) -> anyhow::Result<()> {
    let document = fs::read_to_string(root().join("docs/protocol.md")).context("docs/protocol.md is missing")?;
    let messages = fs::read_to_string(root().join("protocol/src/message.rs"))?;
    for group in ["ToServer", "ToClient", "Answer", "Event", "Code"] {
        for variant in variants(&messages, group) {
            let word = snake_case(&variant);
            if !document.contains(&format!("`{word}`")) {
                wrong.push(format!("docs/protocol.md does not name `{word}` of {group}"));
            }
        }
    }
    Ok(())
}

/// The variants of an enum, read from its source.
fn variants(source: &str, name: &str) -> Vec<String> {
    let Some(start) = source.find(&format!("pub enum {name} {{")) else {
        return Vec::new();
    };
    source[start..]
        .lines()
        .skip(1)
        .take_while(|line| *line != "}")
        .filter(|line| line.starts_with("    ") && !line.starts_with("     "))
        .map(|line| {
            line.trim()
                .chars()
                .take_while(char::is_ascii_alphanumeric)
                .collect::<String>()
        })
        .filter(|variant| variant.starts_with(|first: char| first.is_ascii_uppercase()))
        .collect()
}

fn snake_case(name: &str) -> String {
    let mut word = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !word.is_empty() {
            word.push('_');
        }
        word.push(letter.to_ascii_lowercase());
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_that_is_left_to_chance_is_found() {
        assert!(chooses_by_chance("tokio::select! {\n    a = b => {}\n}"));
        assert!(!chooses_by_chance(
            "tokio::select! {\n    // Why.\n    biased;\n    a = b => {}\n}"
        ));
    }

    #[test]
    fn variants_are_read_from_the_source() {
        let source = "pub enum Code {\n    /// Doc.\n    TooLarge,\n    Refused {\n        /// Why.\n        Why: u8,\n    },\n}\n";
        assert_eq!(variants(source, "Code"), ["TooLarge", "Refused"]);
        assert_eq!(snake_case("TooLarge"), "too_large");
    }
}
