//! Which crate may depend on which, and that every test is run.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::Context as _;
use serde_json::Value;

use super::{Source, shown};
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

/// Dependencies that are there for a feature of theirs only: the cryptography of the server's HTTPS client.
const FOR_A_FEATURE: [(&str, &str); 1] = [("baton-server", "rustls")];

/// What the pure crate must never reach for.
const IMPURE: [&str; 5] = ["tokio", "sqlx", "tauri", "axum", "rand"];

/// Names every dependency that the architecture does not have or that nothing uses, and every test that nothing runs.
pub(super) fn check(sources: &[Source], wrong: &mut Vec<String>) -> anyhow::Result<()> {
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
        let directory = folder(package)?;
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
            let named = dependency["rename"].as_str().unwrap_or(to).replace('-', "_");
            if !is_used(&named, &directory, sources) && !FOR_A_FEATURE.contains(&(name, to)) {
                wrong.push(format!("nothing in {name} uses {to}"));
            }
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

/// Where a package is, from the root.
fn folder(package: &Value) -> anyhow::Result<String> {
    let manifest = Path::new(package["manifest_path"].as_str().unwrap_or_default());
    let folder = manifest.parent().context("a package without a folder")?;
    Ok(format!("{}/", shown(folder)))
}

/// Whether a source of this folder has a path that begins with the crate, or brings it in whole.
fn is_used(name: &str, folder: &str, sources: &[Source]) -> bool {
    let part_of_a_name = |found: char| found.is_alphanumeric() || found == '_';
    let uses = |text: &str| {
        text.match_indices(name).any(|(at, _)| {
            let after = &text[at + name.len()..];
            let whole = !text[..at].ends_with(part_of_a_name);
            whole && ["::", ";", " as "].iter().any(|next| after.starts_with(next))
        })
    };
    sources
        .iter()
        .any(|source| source.shown.starts_with(folder) && uses(&source.text))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_is_used_where_a_path_begins_with_it() {
        let used = |text: &str| {
            is_used(
                "slug",
                "protocol/",
                &[Source::parse("protocol/src/a.rs", text).unwrap()],
            )
        };
        assert!(used("fn a() -> String { slug::slugify(b) }"));
        assert!(used("use slug;"));
        assert!(used("use slug as s;"));
        assert!(!used("fn a() { my_slug::b() }"));
        assert!(!used("/// A slug.\nfn slug_of() {}"));
        assert!(!is_used(
            "slug",
            "server/",
            &[Source::parse("protocol/src/a.rs", "use slug;").unwrap()]
        ));
    }
}
