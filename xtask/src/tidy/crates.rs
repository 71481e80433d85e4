//! Which crate may depend on which, and that every test is run.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::Context as _;
use serde_json::Value;

use crate::build::{STORIES, TESTS, cargo};

/// Who may depend on whom; nothing else.
const ARROWS: [(&str, &[&str]); 9] = [
    ("baton-protocol", &["baton-locales"]),
    ("baton-locales", &[]),
    ("baton-server", &["baton-locales", "baton-protocol"]),
    ("baton-client", &["baton-locales", "baton-protocol"]),
    ("baton-cli", &["baton-client", "baton-locales", "baton-protocol"]),
    ("baton-desktop", &["baton-client", "baton-locales", "baton-protocol"]),
    ("baton-ui", &["baton-locales", "baton-protocol"]),
    ("baton-tests", &["baton-client", "baton-protocol", "baton-server"]),
    ("xtask", &[]),
];

/// What the pure crate must never reach for.
const IMPURE: [&str; 5] = ["tokio", "sqlx", "tauri", "axum", "rand"];

/// Names every dependency that the architecture does not have, and every test that nothing runs.
pub(super) fn check(wrong: &mut Vec<String>) -> anyhow::Result<()> {
    let output = cargo(&["metadata", "--format-version", "1", "--no-deps"]).output()?;
    let metadata: Value = serde_json::from_slice(&output.stdout).context("cargo metadata said something unreadable")?;
    let run = || TESTS.into_iter().chain(STORIES);
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
        for target in package["targets"].as_array().into_iter().flatten() {
            let test = target["name"].as_str().unwrap_or_default();
            if target["kind"][0] == "test" && !run().any(|named| named == test) {
                wrong.push(format!("nothing runs the tests called {test}"));
            }
            if target["kind"][0] == "test" {
                check_modules(Path::new(target["src_path"].as_str().unwrap_or_default()), wrong)?;
            }
        }
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

/// Names every file of tests that the program beside it leaves out.
fn check_modules(program: &Path, wrong: &mut Vec<String>) -> anyhow::Result<()> {
    let declared = fs::read_to_string(program).with_context(|| format!("{} cannot be read", program.display()))?;
    for entry in fs::read_dir(program.parent().unwrap_or(program))? {
        let path = entry?.path();
        let module = path.file_stem().unwrap_or_default().to_string_lossy();
        let is_file = path.extension().is_some_and(|extension| extension == "rs") && path != program;
        if is_file && !declared.lines().any(|line| line == format!("mod {module};")) {
            wrong.push(format!("{} is run by nothing", path.display()));
        }
    }
    Ok(())
}
