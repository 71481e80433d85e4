//! Updates of this desktop: asked for in the background, fetched, and installed when their person says so or quits.
//!
//! Only a program that its person may replace replaces itself. Everything typed is on the server, or on this
//! computer's disk, before it ends; and whoever takes its place has to come up ([`trial`]).

pub(crate) mod trial;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use baton_client::Handle;
use baton_client::core::{Reply, Window as Number};
use baton_client::update::swap::{Staged, Swaps};
use baton_client::update::{Source, UpdateError, prove};
use baton_locales::{Text, say, t};
use baton_protocol::desktop::{Connection, EngineCall, UiEvent, UpdateState};
use baton_protocol::message::{Code, Problem};
use semver::Version;
use tauri::{AppHandle, Manager as _};
use tokio::sync::Notify;

use crate::events::Events;
use crate::installation::{Installation, Package};
use crate::notifications;
use crate::settings::{Settings, Updates};
use crate::window::{self, Pages};

/// How long after its start the desktop asks for the first time: the first page comes first.
const FIRST: Duration = Duration::from_secs(5);
/// How long until it asks again.
const RETRY_DELAY: Duration = Duration::from_secs(4 * 60 * 60);
/// How long if it could not ask.
const AFTER_FAILURE: Duration = Duration::from_secs(5 * 60);

/// What this desktop does about newer versions, and why.
#[derive(Clone, Debug)]
enum Policy {
    /// It does not ask, and why.
    Off(Text),
    /// It says that there is one; and what to do then.
    Tell(Text),
    /// It fetches it.
    Fetch,
}

/// A release that is here and proven.
#[derive(Clone, Debug)]
struct Fetched {
    version: Version,
    file: PathBuf,
    signature: String,
}

/// The updates of a running desktop.
#[derive(Clone)]
pub(crate) struct Updater(Arc<Inner>);

struct Inner {
    installation: Installation,
    policy: Policy,
    plain: bool,
    channel: String,
    key: String,
    /// Where releases and notes about them are.
    directory: PathBuf,
    state: Mutex<UpdateState>,
    fetched: Mutex<Option<Fetched>>,
    /// What is started when this program has ended.
    successor: Mutex<Option<PathBuf>>,
    check_requested: Notify,
}

impl Updater {
    pub(crate) fn new(installation: &Installation, settings: &Settings, directory: PathBuf) -> Self {
        let policy = policy(installation, settings);
        let state = match &policy {
            Policy::Off(why) => UpdateState::Off { why: why.clone() },
            Policy::Tell(_) | Policy::Fetch => UpdateState::Unknown,
        };
        Self(Arc::new(Inner {
            installation: installation.clone(),
            policy,
            plain: settings.plain.value,
            channel: settings.channel.value.clone(),
            key: settings.release_key.value.clone().unwrap_or_default(),
            directory,
            state: Mutex::new(state),
            fetched: Mutex::default(),
            successor: Mutex::default(),
            check_requested: Notify::new(),
        }))
    }

    /// How it stands.
    pub(crate) fn state(&self) -> UpdateState {
        lock(&self.0.state).clone()
    }

    /// Asks for a newer version now.
    pub(crate) fn check_now(&self) {
        self.0.check_requested.notify_one();
    }

    /// The program that takes this one's place, once this one has ended.
    pub(crate) fn successor(&self) -> Option<PathBuf> {
        lock(&self.0.successor).clone()
    }

    /// Where the notes about what is on trial are.
    pub(crate) fn swaps(&self) -> Swaps {
        Swaps::new(self.0.directory.clone())
    }

    /// Asks for newer versions as long as the program runs.
    pub(crate) async fn run_checks(self, app: AppHandle) {
        if matches!(self.0.policy, Policy::Off(_)) {
            return;
        }
        let mut wait = FIRST;
        loop {
            let asked = tokio::time::timeout(wait, self.0.check_requested.notified())
                .await
                .is_ok();
            wait = match self.check(&app).await {
                Ok(()) => RETRY_DELAY,
                Err(error) => {
                    tracing::info!(%error, "updates");
                    if matches!(self.state(), UpdateState::Downloading { .. }) {
                        self.set_state(&app, UpdateState::Unknown);
                    }
                    let wrong = matches!(
                        error,
                        UpdateError::Signature | UpdateError::Stamp | UpdateError::Disk(_)
                    );
                    if asked || wrong {
                        let why = error.to_string();
                        self.set_state(&app, UpdateState::Failed { version: None, why });
                    }
                    AFTER_FAILURE
                }
            };
        }
    }

    async fn check(&self, app: &AppHandle) -> Result<(), UpdateError> {
        if lock(&self.0.fetched).is_some() {
            return Ok(());
        }
        let Some(source) = self.source(app).await else {
            return Err(UpdateError::Line(t::desktop::no_server_for_updates().into()));
        };
        let newer = source
            .offer()
            .await?
            .release
            .filter(|release| release.version > self.0.installation.version);
        let Some(release) = newer else {
            self.set_state(app, UpdateState::Current);
            return Ok(());
        };
        let version = release.version.to_string();
        if self.swaps().failed().as_ref() == Some(&release.version) {
            let why = t::desktop::did_not_start().into();
            self.set_state(
                app,
                UpdateState::Failed {
                    version: Some(version),
                    why,
                },
            );
            return Ok(());
        }
        if let Policy::Tell(how) = &self.0.policy {
            let how = how.clone();
            self.set_state(app, UpdateState::Announced { version, how });
            return Ok(());
        }
        let percent = |percent| UpdateState::Downloading {
            version: version.clone(),
            percent,
        };
        self.set_state(app, percent(0));
        let shown = Mutex::new(0);
        let progress = |now: u8| {
            if std::mem::replace(&mut *lock(&shown), now) != now {
                self.set_state(app, percent(now));
            }
        };
        let file = source.fetch(&release, &self.0.directory, progress).await?;
        tracing::info!(version = %release.version, "an update is ready");
        *lock(&self.0.fetched) = Some(Fetched {
            version: release.version,
            file,
            signature: release.signature,
        });
        self.set_state(
            app,
            UpdateState::Ready {
                version: version.clone(),
                waits: None,
            },
        );
        if window::in_front(app).is_none_or(|number| !window::has_focus(app, number)) {
            let title = t::desktop::update_is_ready(&version);
            notifications::show(app, &title, t::desktop::installed_when_you_quit(), |app| {
                window::come_to_the_front(app);
            });
        }
        Ok(())
    }

    /// Installs what is ready: the program ends, and comes back as the new one where it was.
    pub(crate) async fn install(&self, app: &AppHandle, number: Number) -> Result<(), Problem> {
        // Pressed twice, it is installed once.
        let fetched = lock(&self.0.fetched).take();
        let fetched = fetched.ok_or_else(|| Problem::new(Code::NotFound, t::desktop::no_update_to_install()))?;
        self.install_fetched(app, number, &fetched).await
    }

    async fn install_fetched(&self, app: &AppHandle, number: Number, fetched: &Fetched) -> Result<(), Problem> {
        let version = fetched.version.to_string();
        let staged = match self.stage(fetched).await {
            Ok(staged) => staged,
            Err(error) => {
                // It is fetched, or proven, once more before the next attempt.
                let why = error.to_string();
                let version = Some(version);
                self.set_state(
                    app,
                    UpdateState::Failed {
                        version,
                        why: why.clone(),
                    },
                );
                return Err(Problem::new(Code::Internal, why));
            }
        };
        if let Err(problem) = window::prepare_restart(app, number).await {
            tracing::info!(why = %problem.message, "the update waits");
            let waits = Some(problem.message.to_string());
            *lock(&self.0.fetched) = Some(fetched.clone());
            self.set_state(app, UpdateState::Ready { version, waits });
            return Err(problem);
        }
        app.state::<Pages>().save();
        let swapped = match staged {
            Some(staged) => self.swaps().commit(&staged),
            None => run_setup(&fetched.file, &["/S", "/RELAUNCH"]),
        };
        match swapped {
            Ok(()) => {
                let image = self.0.installation.package == Some(Package::AppImage);
                *lock(&self.0.successor) = image.then(|| self.0.installation.program.clone());
            }
            // The line to the server is closed already: this program starts again instead.
            Err(error) => {
                tracing::error!(%error, "the update could not be put in place");
                *lock(&self.0.successor) = Some(self.0.installation.program.clone());
            }
        }
        app.exit(0);
        Ok(())
    }

    /// Puts what is ready in place, because the program ends: the next start is the new version. What fails is
    /// fetched and tried again.
    pub(crate) async fn install_at_exit(&self) {
        let Some(fetched) = lock(&self.0.fetched).take() else {
            return;
        };
        let installed = match self.stage(&fetched).await {
            Ok(Some(staged)) => self.swaps().commit(&staged).map_err(UpdateError::Disk),
            Ok(None) => run_setup(&fetched.file, &["/S"]).map_err(UpdateError::Disk),
            Err(error) => Err(error),
        };
        match installed {
            Ok(()) => tracing::info!(version = %fetched.version, "the update was handed over for the next start"),
            Err(error) => tracing::warn!(%error, "the update could not be put in place"),
        }
    }

    /// Everything that can fail for want of room is done before anything ends.
    async fn stage(&self, fetched: &Fetched) -> Result<Option<Staged>, UpdateError> {
        let is_image = self.0.installation.package == Some(Package::AppImage);
        let (swaps, program, key) = (self.swaps(), self.0.installation.program.clone(), self.0.key.clone());
        let Fetched {
            version,
            file,
            signature,
        } = fetched.clone();
        let staged = move || {
            // Days may have passed since it was fetched.
            prove(&file, &key, &signature)?;
            let staged = is_image.then(|| swaps.stage(&program, &file, &version)).transpose()?;
            Ok(staged)
        };
        let staged = tauri::async_runtime::spawn_blocking(staged).await;
        staged.map_err(|error| UpdateError::Disk(std::io::Error::other(error)))?
    }

    async fn source(&self, app: &AppHandle) -> Option<Source> {
        let handle = app.state::<Handle>().inner().clone();
        let Ok(Reply::Connection(details)) = handle.call(0, EngineCall::Connection(Connection {})).await else {
            return None;
        };
        Some(Source {
            server: Some(details.server).filter(|server| !server.is_empty())?,
            plain: self.0.plain,
            channel: self.0.channel.clone(),
            target: self.0.installation.target()?,
            key: self.0.key.clone(),
        })
    }

    fn set_state(&self, app: &AppHandle, state: UpdateState) {
        lock(&self.0.state).clone_from(&state);
        app.state::<Events>().emit_to_all(&UiEvent::Update(state));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn policy(installation: &Installation, settings: &Settings) -> Policy {
    let ask = say::desktop::ask_your_administrator();
    match (settings.updates.value, installation.package) {
        (Updates::Off, _) => Policy::Off(say::desktop::administrator_turned_off()),
        (_, None) => Policy::Off(say::desktop::updated_at_its_sources()),
        (Updates::Tell, Some(_)) => Policy::Tell(ask),
        (Updates::Install, Some(Package::Deb | Package::Rpm | Package::Msi | Package::App)) => Policy::Tell(ask),
        (Updates::Install, Some(Package::AppImage | Package::Setup)) => {
            if settings.release_key.value.is_none() {
                let why = say::desktop::no_release_key();
                return Policy::Off(why);
            }
            if is_replaceable(installation) {
                Policy::Fetch
            } else {
                Policy::Tell(ask)
            }
        }
    }
}

/// Whether this person may put another file in the program's place.
fn is_replaceable(installation: &Installation) -> bool {
    let beside = installation.program.with_file_name(".baton-may-write");
    let may = std::fs::write(&beside, []).is_ok();
    std::fs::remove_file(&beside).ok();
    may
}

/// The setup program of Windows waits until this program has ended.
fn run_setup(file: &Path, switches: &[&str]) -> std::io::Result<()> {
    let program = file.with_extension("exe");
    std::fs::rename(file, &program)?;
    std::process::Command::new(program).args(switches).spawn().map(drop)
}
