//! `cargo xtask test`: everything that is checked.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use clap::Args;

use crate::build::{STORIES, TESTS, cargo, program, root, say, step, workspace};
use crate::bundle::Bundle;
use crate::tools::{need, tool};
use crate::{dev, public_tables, tidy, ui};

/// What to test.
#[derive(Args)]
pub(crate) struct Test {
    /// Only the window tests whose name contains this; nothing else.
    #[arg(long)]
    windows: Option<String>,
}

/// The WebDriver that opens desktop windows; its version is the desktop's.
const DRIVER: (&str, &str) = ("tauri-driver", "2.1.0");
/// The checker of licences and advisories.
const DENY: (&str, &str) = ("cargo-deny", "0.20.2");

impl Test {
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        let start = Instant::now();
        if let Some(name) = &self.windows {
            dev::programs()?;
            ui::packages("tests/data", "fetch the tables of others")?;
            return windows(Some(name));
        }
        step("check the format", &mut cargo(&["fmt", "--all", "--check"]))?;
        tidy::check()?;
        licences()?;
        dev::programs()?;
        step(
            "lint",
            &mut workspace("clippy", &["--quiet", "--all-targets", "--", "--deny", "warnings"]),
        )?;
        step(
            "unit tests and server tests",
            workspace("test", &["--no-fail-fast", "--lib", "--bins"]).args(TESTS),
        )?;
        step("examples of the docs", &mut workspace("test", &["--quiet", "--doc"]))?;
        if cfg!(target_os = "linux") {
            Bundle::to_check().run()?;
        }
        public_tables::check()?;
        ui::packages("tests/data", "fetch the tables of others")?;
        windows(None)?;
        say(&format!(
            "Every check passed in {:.0} s.",
            start.elapsed().as_secs_f64()
        ));
        Ok(())
    }
}

/// Takes a picture of every page.
pub(crate) fn screenshots(only: Option<&str>) -> anyhow::Result<()> {
    dev::programs()?;
    let driver = driver()?;
    let photographer = ["--quiet", "--bin", "screenshots"];
    step("compile the photographer", &mut workspace("build", &photographer))?;
    let mut command = Command::new(program("screenshots"));
    // WebDriver takes no screenshot of a page that is drawn without a graphics card (decision 42).
    command
        .args(only)
        .env("TAURI_DRIVER", driver)
        .env("WEBKIT_DISABLE_COMPOSITING_MODE", "0");
    step("take the pictures", &mut command)
}

/// Does and counts what staff do all day; see `tests/src/bin/tasks`.
pub(crate) fn tasks(only: Option<&str>) -> anyhow::Result<()> {
    dev::programs()?;
    let driver = driver()?;
    step(
        "compile the tasks",
        &mut workspace("build", &["--quiet", "--bin", "tasks"]),
    )?;
    step(
        "do what staff do all day, and count",
        Command::new(program("tasks")).args(only).env("TAURI_DRIVER", driver),
    )
}

/// Measures desktops, with their windows; see `tests/src/bin/desktop_figures.rs`.
pub(crate) fn desktop_figures() -> anyhow::Result<()> {
    dev::release_programs()?;
    let driver = driver()?;
    let mut command = cargo(&["run", "--quiet", "--release", "--package", "baton-tests"]);
    command
        .args(["--bin", "desktop_figures"])
        .env("TAURI_DRIVER", driver)
        .env("BATON_PROFILE", "release");
    step("measure desktops", &mut command)
}

/// Real windows on a real server.
fn windows(name: Option<&str>) -> anyhow::Result<()> {
    let driver = driver()?;
    let mut command = workspace("test", &["--no-fail-fast"]);
    // More at once would only wait for each other on two cores.
    command.args(STORIES).args(["--", "--test-threads=2"]).args(name);
    step("window tests", command.env("TAURI_DRIVER", driver))
}

/// The driver of windows, and what else it needs; or a sentence about what is missing.
///
/// # Errors
/// If something is.
pub(crate) fn driver() -> anyhow::Result<PathBuf> {
    need("WebKitWebDriver", "webkit2gtk-driver")?;
    need("Xvfb", "xvfb")?;
    need("dbus-run-session", "dbus")?;
    tool(DRIVER)
}

fn licences() -> anyhow::Result<()> {
    let deny = tool(DENY)?;
    // Of every platform: the licences of all of them are read. Needs no network once they are here.
    step("fetch all crates", &mut cargo(&["fetch", "--quiet", "--locked"]))?;
    step(
        "check licences and sources",
        Command::new(&deny)
            .args([
                "--offline",
                "--log-level",
                "error",
                "check",
                "licenses",
                "bans",
                "sources",
            ])
            .current_dir(root()),
    )?;
    advisories(&deny)
}

/// Checks for known faults of the crates, where their database can be reached or was fetched before.
fn advisories(deny: &Path) -> anyhow::Result<()> {
    let run = |arguments: &[&str]| {
        let mut command = Command::new(deny);
        command.args(arguments).current_dir(root());
        command
    };
    let mut fetch = run(&["--log-level", "off", "fetch", "db"]);
    let fetched = fetch.stdout(Stdio::null()).stderr(Stdio::null()).status()?;
    if !fetched.success() && !has_advisories() {
        say(
            "  Known faults of the crates were NOT checked: their database cannot be reached, and none was fetched before.",
        );
        return Ok(());
    }
    step(
        "check for known faults of the crates",
        &mut run(&["--offline", "--log-level", "error", "check", "advisories"]),
    )
}

/// Whether the database of known faults was fetched before, whole.
fn has_advisories() -> bool {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    let found = home.and_then(|home| std::fs::read_dir(home.join("advisory-dbs")).ok());
    found.is_some_and(|mut found| found.any(|entry| entry.is_ok_and(|entry| entry.path().join("crates").is_dir())))
}
