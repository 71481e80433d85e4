//! The world of a story: one server, and the desktops that come and go.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, ensure};
use tempfile::TempDir;

use crate::process::target;
use crate::{Desktop, Panel, Server, SessionBus};

/// A server, and what is kept about the story when it fails.
#[derive(Debug)]
pub struct World {
    /// The server.
    pub server: tokio::sync::Mutex<Server>,
    directory: TempDir,
    desktops: Mutex<Vec<(String, Arc<Desktop>)>>,
    /// What desktops find in their environment from now on.
    environment: Mutex<Vec<(String, String)>>,
}

/// Tells a story. If it fails, pictures of the windows and all logs are kept.
///
/// # Errors
/// What went wrong in the story.
pub async fn story(name: &str, tell: impl AsyncFnMut(&World) -> anyhow::Result<()>) -> anyhow::Result<()> {
    story_with(name, &[], tell).await
}

/// The same on a server with other settings.
///
/// # Errors
/// What went wrong in the story.
pub async fn story_with(
    name: &str,
    settings: &[&str],
    mut tell: impl AsyncFnMut(&World) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let Err(failure) = attempt(name, settings, &mut tell).await? else {
        return Ok(());
    };
    if failure.by_web_view {
        // The page came back, without what was being typed into a search, for one.
        say(&format!(
            "{name} is told again, because the web view made a page fail: {:#}",
            failure.error
        ));
        // What is kept of the first time stays.
        return attempt(&format!("{name}-again"), settings, &mut tell)
            .await?
            .map_err(|failure| failure.error);
    }
    Err(failure.error)
}

/// Why a story did not end well.
struct Failure {
    error: anyhow::Error,
    /// Whether the web view made a page fail meanwhile, and no page failed by itself.
    by_web_view: bool,
}

async fn attempt(
    name: &str,
    settings: &[&str],
    tell: &mut impl AsyncFnMut(&World) -> anyhow::Result<()>,
) -> anyhow::Result<Result<(), Failure>> {
    let world = World::begin_with(settings).await?;
    let told = tell(&world).await;
    let FailedPages { by_web_view, ours } = world.failed_pages()?;
    for failure in &by_web_view {
        say(&format!("a page failed by the web view's fault:\n{failure}"));
    }
    let told = told.and_then(|()| {
        ensure!(ours.is_empty(), "a page failed: {}", ours.join("\n"));
        Ok(())
    });
    let Err(error) = told else {
        return Ok(Ok(()));
    };
    let (kept, words) = world.keep_evidence(name).await;
    Ok(Err(Failure {
        error: error.context(format!("screenshots and logs: {}\n{words}", kept.display())),
        by_web_view: ours.is_empty() && !by_web_view.is_empty(),
    }))
}

/// Not by a macro: the runner would keep to itself what is said in a story that ends well.
fn say(text: &str) {
    // Where even this fails, nobody hears anything.
    writeln!(io::stderr(), "{text}").ok();
}

/// Why pages failed.
struct FailedPages {
    /// WebKit now and then makes a program fail that is right.
    by_web_view: Vec<String>,
    /// All others.
    ours: Vec<String>,
}

impl World {
    /// Starts a server with sample data.
    ///
    /// # Errors
    /// If it does not come up.
    pub async fn begin() -> anyhow::Result<Self> {
        Self::begin_with(&[]).await
    }

    /// The same with other settings.
    ///
    /// # Errors
    /// If it does not come up.
    pub async fn begin_with(settings: &[&str]) -> anyhow::Result<Self> {
        let directory = tempfile::tempdir().context("cannot make a temporary directory")?;
        let server = Server::start(directory.path(), settings).await?;
        Ok(Self {
            server: tokio::sync::Mutex::new(server),
            directory,
            desktops: Mutex::default(),
            environment: Mutex::default(),
        })
    }

    /// Desktops that are opened from now on find a session bus, with what a system has on it.
    ///
    /// # Errors
    /// If it does not come up.
    pub async fn with_bus(&self) -> anyhow::Result<SessionBus> {
        let bus = SessionBus::start(&self.directory.path().join("bus.log")).await?;
        self.set("DBUS_SESSION_BUS_ADDRESS", bus.address());
        Ok(bus)
    }

    /// Desktops that are opened from now on find a panel for their icons.
    ///
    /// # Errors
    /// If it does not come up.
    pub async fn with_panel(&self) -> anyhow::Result<Panel> {
        let panel = Panel::start(&self.directory.path().join("panel")).await?;
        self.set("DBUS_SESSION_BUS_ADDRESS", panel.address());
        Ok(panel)
    }

    /// An administrator set this for every desktop that is opened from now on.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn manage(&self, settings: &str) -> anyhow::Result<()> {
        let file = self.directory.path().join("managed.toml");
        fs::write(&file, settings)?;
        self.set("BATON_MANAGED_SETTINGS", &file.display().to_string());
        Ok(())
    }

    /// Desktops that are opened from now on are in this language, like `de_DE.UTF-8`.
    pub fn speak(&self, language: &str) {
        for name in ["LANG", "LC_ALL", "LANGUAGE"] {
            self.set(name, language);
        }
    }

    /// Programs in this directory are found before all others by every desktop that is opened from now on.
    pub fn find_first(&self, directory: &Path) {
        let path = std::env::var("PATH").unwrap_or_default();
        self.set("PATH", &format!("{}:{path}", directory.display()));
    }

    /// The browser of every desktop that is opened from now on is one in which nobody does anything.
    ///
    /// # Errors
    /// If nothing can be written.
    pub fn open_no_links(&self) -> anyhow::Result<()> {
        let programs = self.directory().join("programs");
        fs::create_dir_all(&programs)?;
        std::os::unix::fs::symlink("/bin/true", programs.join("xdg-open"))?;
        self.find_first(&programs);
        Ok(())
    }

    fn set(&self, name: &str, value: &str) {
        let mut environment = self.environment.lock().unwrap_or_else(PoisonError::into_inner);
        environment.push((name.into(), value.into()));
    }

    /// What desktops find in their environment.
    pub(crate) fn environment(&self) -> Vec<(String, String)> {
        self.environment.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Where the story has its files.
    #[must_use]
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// Opens a desktop that has never been used, and signs the sample person in on its sign-in page.
    ///
    /// # Errors
    /// If the window does not open or the sign-in fails.
    pub async fn desktop(&self, person: &str) -> anyhow::Result<Arc<Desktop>> {
        let address = self.server.lock().await.address();
        self.desktop_at(person, &address).await
    }

    /// The same, with a server that is reached at this address.
    ///
    /// # Errors
    /// If the window does not open or the sign-in fails.
    pub async fn desktop_at(&self, person: &str, address: &str) -> anyhow::Result<Arc<Desktop>> {
        let desktop = self.new_desktop(person).await?;
        desktop.give_server(address).await?;
        let email = format!("{person}@example.test");
        let passwords = self.server.lock().await.passwords().await?;
        let password = passwords
            .get(&email)
            .with_context(|| format!("{email} has no password"))?;
        desktop.sign_in(&email, password).await?;
        Ok(desktop)
    }

    /// Where a new desktop's data goes: to be prepared before it is opened.
    #[must_use]
    pub fn data_of(&self, name: &str) -> PathBuf {
        self.directory.path().join(name).join("data")
    }

    /// Opens a desktop on data that was prepared.
    ///
    /// # Errors
    /// If the window does not open.
    pub async fn prepared_desktop(&self, person: &str, name: &str) -> anyhow::Result<Arc<Desktop>> {
        let desktop = Arc::new(Desktop::start(person, &self.directory.path().join(name), &self.environment()).await?);
        self.lock().push((name.into(), Arc::clone(&desktop)));
        Ok(desktop)
    }

    /// Opens a desktop that has never been used and knows no server.
    ///
    /// # Errors
    /// If the window does not open.
    pub async fn new_desktop(&self, person: &str) -> anyhow::Result<Arc<Desktop>> {
        let name = format!("{}-{person}", self.lock().len());
        let desktop = Arc::new(Desktop::start(person, &self.directory.path().join(&name), &self.environment()).await?);
        self.lock().push((name, Arc::clone(&desktop)));
        Ok(desktop)
    }

    /// Starts the desktop's program once more, on the same data.
    ///
    /// # Errors
    /// If the window does not open.
    pub async fn start_again(&self, desktop: Arc<Desktop>) -> anyhow::Result<Arc<Desktop>> {
        let (person, directory) = (desktop.person().to_owned(), desktop.directory().to_owned());
        self.lock().retain(|(_, other)| !Arc::ptr_eq(other, &desktop));
        drop(desktop);
        let again = Arc::new(Desktop::start(&person, &directory, &self.environment()).await?);
        self.lock().push((format!("again-{person}"), Arc::clone(&again)));
        Ok(again)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<(String, Arc<Desktop>)>> {
        self.desktops.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Why pages of windows failed, even if they came back by themselves: read from the desktops' logs.
    fn failed_pages(&self) -> anyhow::Result<FailedPages> {
        const BY_WEB_VIEW: &str = "Out of bounds memory access";
        let mut failures = Vec::new();
        for desktop in fs::read_dir(self.directory.path())?.flatten() {
            let log = fs::read_to_string(desktop.path().join("desktop.log")).unwrap_or_default();
            let parts = log.split("the page failed: ").skip(1);
            failures.extend(parts.map(|part| part.lines().take(12).collect::<Vec<_>>().join("\n")));
        }
        let (by_web_view, ours) = failures.into_iter().partition(|failure| failure.contains(BY_WEB_VIEW));
        Ok(FailedPages { by_web_view, ours })
    }

    /// Keeps screenshots and logs, and gives what the windows say.
    async fn keep_evidence(&self, name: &str) -> (PathBuf, String) {
        let kept = target().join("stories").join(name);
        fs::remove_dir_all(&kept).ok();
        fs::create_dir_all(&kept).ok();
        let desktops = self.lock().clone();
        let mut words = Vec::new();
        for (person, desktop) in desktops {
            let shown = desktop
                .words()
                .await
                .unwrap_or_else(|error| format!("(no window: {error})"));
            let pulse = desktop.pulse().await.unwrap_or_else(|error| error.to_string());
            words.push(format!("{person} shows: {shown}"));
            words.push(format!("{person} answers: {pulse}"));
            let file = kept.join(format!("{person}.png"));
            if let Err(error) = desktop.screenshot(&file).await {
                fs::write(kept.join(format!("{person}-no-screenshot.log")), error.to_string()).ok();
            }
        }
        copy_logs(self.directory.path(), &kept, "");
        (kept, words.join("\n"))
    }
}

fn copy_logs(from: &Path, to: &Path, prefix: &str) {
    for entry in fs::read_dir(from).into_iter().flatten().flatten() {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        if path.is_dir() && prefix.is_empty() {
            copy_logs(&path, to, &format!("{name}-"));
        } else if name.ends_with(".log") {
            fs::copy(&path, to.join(format!("{prefix}{name}"))).ok();
        }
    }
}
