//! Seeded bugs: small patches, each of which the tests must catch.
//!
//! Each is applied to a copy of what git has staged, and the tests are run until one fails.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail, ensure};
use clap::Args;

use crate::build::{cargo, root, say, target};

/// Which bugs to seed.
#[derive(Args)]
pub(crate) struct Mutants {
    /// Only those whose name contains one of these.
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
}

/// The tests that are asked, the quick ones first.
const SUITES: [&[&str]; 5] = [
    &["test", "--package", "baton-protocol"],
    &["test", "--package", "baton-client"],
    &["test", "--package", "baton-server", "--lib"],
    &[
        "test",
        "--package",
        "baton-server",
        "--test",
        "server",
        "--",
        "forms::",
        "watch::",
        "messages::",
        "people::",
        "visible::",
        "limits::",
        "revoked::",
        "unsaved::",
        "once::",
        "tables::",
        "subscriptions::",
        "unique::",
        "options::",
        "accounts::",
        "audit::",
        "rights::",
        "groups::",
        "live::",
        "comments::",
        "notifications::",
        "exchange::",
        "round_trips::",
        "import_key::",
        "files::",
        "bin::",
        "definitions::",
        "second_factor::",
        "former::",
        "sign_in_ends::",
        "purge::",
        "live_changes::",
        "lists::",
        "roster::",
        "bursts::",
        "private::",
    ],
    &["test", "--package", "baton-desktop"],
];

impl Mutants {
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        let tree = target().join("mutants/tree");
        let mut patches = patches()?;
        patches.retain(|path| {
            let name = path.file_stem().unwrap_or_default().to_string_lossy();
            self.only.is_empty() || self.only.iter().any(|part| name.contains(part.as_str()))
        });
        ensure!(!patches.is_empty(), "no seeded bug has {:?} in its name", self.only);
        copy(&tree)?;
        let clean = failing_test(&tree)?;
        ensure!(clean.is_none(), "the tests fail without any seeded bug: {clean:?}");
        let mut missed = Vec::new();
        for patch in &patches {
            let name = patch.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            apply(&tree, patch, &[])?;
            let caught = failing_test(&tree);
            apply(&tree, patch, &["--reverse"])?;
            match caught? {
                Some(test) => say(&format!("caught  {name}: {test}")),
                None => {
                    say(&format!("MISSED  {name}"));
                    missed.push(name);
                }
            }
        }
        if !missed.is_empty() {
            bail!("the tests do not notice: {}", missed.join(", "));
        }
        say(&format!(
            "{} of {} seeded bugs were caught.",
            patches.len(),
            patches.len()
        ));
        Ok(())
    }
}

/// Names every patch that does not fit the code any more.
///
/// # Errors
/// If they cannot be listed, or `patch` cannot be started.
pub(crate) fn check(wrong: &mut Vec<String>) -> anyhow::Result<()> {
    for file in patches()? {
        if !patch(&root(), &file, &["--dry-run"])? {
            let name = file.file_stem().unwrap_or_default().to_string_lossy();
            wrong.push(format!(
                "the seeded bug {name} does not fit the code any more; make it anew"
            ));
        }
    }
    Ok(())
}

/// The files of all seeded bugs.
fn patches() -> anyhow::Result<Vec<PathBuf>> {
    let mut patches: Vec<PathBuf> = fs::read_dir(root().join("xtask/mutants"))?
        .flatten()
        .map(|entry| entry.path())
        .collect();
    patches.sort();
    Ok(patches)
}

/// A copy of what git has staged.
fn copy(tree: &Path) -> anyhow::Result<()> {
    fs::remove_dir_all(tree).ok();
    fs::create_dir_all(tree)?;
    let done = Command::new("git")
        .args(["checkout-index", "--all", "--force"])
        .arg(format!("--prefix={}/", tree.display()))
        .current_dir(root())
        .status()
        .context("cannot start git")?;
    ensure!(done.success(), "git made no copy");
    // The desktop embeds the UI when it is compiled; no test that is asked here looks at it.
    let ui = tree.join("src-ui/dist");
    fs::create_dir_all(&ui)?;
    fs::write(ui.join("index.html"), "")?;
    Ok(())
}

fn apply(tree: &Path, file: &Path, how: &[&str]) -> anyhow::Result<()> {
    ensure!(
        patch(tree, file, how)?,
        "{} does not fit the code any more; make it anew",
        file.display()
    );
    Ok(())
}

/// Whether the patch fits a tree.
fn patch(tree: &Path, file: &Path, how: &[&str]) -> anyhow::Result<bool> {
    let done = Command::new("patch")
        .args(["--strip=1", "--silent", "--force"])
        .args(how)
        .arg(format!("--input={}", file.display()))
        .current_dir(tree)
        .stdout(Stdio::null())
        .status()
        .context("cannot start patch")?;
    Ok(done.success())
}

/// The first test that fails; nothing if all pass.
fn failing_test(tree: &Path) -> anyhow::Result<Option<String>> {
    for suite in SUITES {
        let output = cargo(suite)
            .current_dir(tree)
            .env("CARGO_TARGET_DIR", target().join("mutants/build"))
            .env("RUST_BACKTRACE", "0")
            .stderr(Stdio::piped())
            .output()?;
        if output.status.success() {
            continue;
        }
        let text = String::from_utf8_lossy(&output.stdout);
        let failed = text
            .lines()
            .find_map(|line| line.strip_prefix("test ")?.strip_suffix(" ... FAILED"));
        match failed {
            Some(test) => return Ok(Some(test.to_owned())),
            None => bail!("it does not compile:\n{}", String::from_utf8_lossy(&output.stderr)),
        }
    }
    Ok(None)
}
