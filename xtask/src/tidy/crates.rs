//! Which crate may depend on which.

use std::collections::BTreeMap;

use anyhow::Context as _;
use serde_json::Value;

use crate::build::cargo;

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

/// Names every dependency that the architecture does not have.
pub(super) fn check(wrong: &mut Vec<String>) -> anyhow::Result<()> {
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
