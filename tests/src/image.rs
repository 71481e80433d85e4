//! The AppImage of the desktop, as a person has it: one file that replaces itself. Its window is worked with by hands;
//! whatever drives windows would not follow it into its next version.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use tokio::process::Command;

use crate::World;
use crate::display::Display;
use crate::hands::Hands;
use crate::process::{Family, program, target, wait_for};

/// The packages that the tests make beforehand.
fn packages() -> PathBuf {
    target().join("bundle/debug")
}

/// The public key of the tests' signatures.
///
/// # Errors
/// If the packages were not made.
pub fn release_key() -> anyhow::Result<String> {
    let file = packages().join("test-release.pub");
    fs::read_to_string(file).context("the packages are not made: run `cargo xtask bundle --debug`")
}

/// The next version's file, with its signature beside it.
///
/// # Errors
/// If the packages were not made.
pub fn next_release() -> anyhow::Result<PathBuf> {
    image_in(&packages().join("next"))
}

fn image_in(folder: &Path) -> anyhow::Result<PathBuf> {
    let entries = fs::read_dir(folder).context("the packages are not made: run `cargo xtask bundle --debug`")?;
    let mut files = entries.flatten().map(|entry| entry.path());
    files
        .find(|file| file.extension().is_some_and(|ending| ending == "AppImage"))
        .context("there is no AppImage; squashfs-tools make it")
}

/// Signs a file as this version, with the tests' key.
///
/// # Errors
/// If minisign is missing.
pub async fn sign(file: &Path, stamp: &str) -> anyhow::Result<()> {
    let key = target().join("bundle/test-keys/secret.key");
    let status = Command::new("minisign")
        .arg("-S")
        .arg("-s")
        .arg(key)
        .args(["-t", stamp, "-m"])
        .arg(file)
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::null())
        .status()
        .await
        .context("minisign is missing; on Debian and Ubuntu it is in the package minisign")?;
    ensure!(status.success(), "it cannot be signed");
    Ok(())
}

/// A person's AppImage, running.
#[derive(Debug)]
pub struct Image {
    /// The file.
    pub file: PathBuf,
    data: PathBuf,
    display: Display,
    process: Option<Family>,
    log: PathBuf,
    starts: u32,
}

impl Image {
    /// Lays the file down for somebody; it is not started yet.
    ///
    /// # Errors
    /// If the packages were not made.
    pub fn install(world: &World, name: &str) -> anyhow::Result<Self> {
        let home = world.directory().join(name);
        fs::create_dir_all(home.join("config"))?;
        fs::create_dir_all(home.join("tmp"))?;
        let file = home.join("Baton.AppImage");
        fs::copy(image_in(&packages())?, &file)?;
        Ok(Self {
            file,
            data: home.join("data"),
            display: Display::start(1280, 800)?,
            process: None,
            log: home,
            starts: 0,
        })
    }

    /// Starts it as this person, on this page.
    ///
    /// # Errors
    /// If it cannot be started.
    pub async fn start(&mut self, world: &World, person: &str, link: Option<&str>) -> anyhow::Result<()> {
        let email = format!("{person}@example.test");
        let server = world.server.lock().await;
        let passwords = server.passwords().await?;
        self.starts += 1;
        let mut command = Command::new(&self.file);
        command
            .args(["--no-keychain", "--server", &server.address(), "--data-dir"])
            .arg(&self.data)
            .args(link)
            .env("BATON_EMAIL", &email)
            .env("BATON_PASSWORD", passwords.get(&email).context("no such person")?)
            // Not every machine lets a file be mounted.
            .env("APPIMAGE_EXTRACT_AND_RUN", "1")
            .env("TMPDIR", self.log.join("tmp"))
            .env("DISPLAY", self.display.name())
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .env("XDG_CONFIG_HOME", self.log.join("config"))
            .env("XDG_CACHE_HOME", self.log.join("cache"))
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .env("WEBKIT_SKIA_ENABLE_CPU_RENDERING", "1")
            .env("NO_AT_BRIDGE", "1")
            .envs(world.environment());
        let log = self.log.join(format!("start-{}.log", self.starts));
        self.process = Some(Family::start(&mut command, &log)?);
        Ok(())
    }

    /// Kills it and everything that it started.
    pub async fn kill(&mut self) {
        if let Some(process) = self.process.take() {
            process.kill().await;
        }
    }

    /// Presses the close button of its window, and waits until the program has ended.
    ///
    /// # Errors
    /// If it does not.
    pub async fn close(&mut self) -> anyhow::Result<()> {
        self.display.press_close()?;
        let mut process = self.process.take().context("it runs")?;
        wait_for("the program to end", async || Ok(process.has_ended().then_some(()))).await
    }

    /// Hands at its display, once there is a window.
    ///
    /// # Errors
    /// If there is none.
    pub async fn hands(&self) -> anyhow::Result<Hands> {
        wait_for("the window", async || Ok(Hands::at(self.display.name()).ok())).await
    }

    /// Takes a screenshot of its display, once nothing moves on it any more.
    ///
    /// # Errors
    /// If ImageMagick is missing.
    pub async fn screenshot(&self, to: &Path) -> anyhow::Result<()> {
        const STILL: u32 = 4;
        let (mut before, mut still) = (Vec::new(), 0);
        wait_for("the window to stand still", async || {
            self.display.screenshot(to).await?;
            let now = fs::read(to)?;
            still = if now == before { still + 1 } else { 0 };
            before = now;
            Ok((still >= STILL).then_some(()))
        })
        .await
    }

    /// Waits until its log says this so many times.
    ///
    /// # Errors
    /// If it does not.
    pub async fn expect_in_log(&self, words: &str, times: usize) -> anyhow::Result<()> {
        wait_for(&format!("the log to say “{words}” {times} times"), async || {
            Ok((self.log_says(words)? >= times).then_some(()))
        })
        .await
    }

    /// How many times its log says this.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn log_says(&self, words: &str) -> anyhow::Result<usize> {
        let mut found = 0;
        for entry in fs::read_dir(self.data.join("log")).into_iter().flatten() {
            found += fs::read_to_string(entry?.path())?.matches(words).count();
        }
        Ok(found)
    }

    /// Whether what is on trial has been settled, and nothing lies beside the file.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub fn is_settled(&self) -> anyhow::Result<bool> {
        let folder = self.file.parent().context("a folder")?;
        let mut beside = fs::read_dir(folder)?.flatten().map(|entry| entry.file_name());
        let left = beside.any(|name| name.to_string_lossy().starts_with(".Baton"));
        Ok(!left && !self.data.join("updates/trial.json").exists())
    }

    /// The local store can be opened, and nothing in it is broken.
    ///
    /// # Errors
    /// If it is.
    pub async fn check_store(&self) -> anyhow::Result<()> {
        let file = baton_client::store::file(&self.data);
        let database = sqlx::SqlitePool::connect(&format!("sqlite://{}", file.display())).await?;
        let said: String = sqlx::query_scalar("PRAGMA integrity_check")
            .fetch_one(&database)
            .await?;
        ensure!(said == "ok", "the store: {said}");
        Ok(())
    }
}

/// Hands a release out from now on.
///
/// # Errors
/// What the server's program says against it.
pub async fn hand_out(world: &World, file: &Path) -> anyhow::Result<()> {
    let server = world.server.lock().await;
    let mut command = Command::new(program("baton-server"));
    command
        .arg("--data-dir")
        .arg(server.directory())
        .args(["--release-key", &release_key()?, "releases", "add"])
        .arg(file)
        .env("RUST_BACKTRACE", "0");
    let output = command.output().await?;
    ensure!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr).trim()
    );
    Ok(())
}
