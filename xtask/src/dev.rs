//! `cargo xtask run`: a server with sample data, and a desktop.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use clap::Args;

use crate::build::{PROGRAMS, cargo, find, program, say, step, target, workspace};
use crate::ui;

/// How to run.
#[derive(Args)]
pub(crate) struct Run {
    /// Whose desktop to open: ada (admin), anna or ben (editors).
    #[arg(long = "as", default_value = "anna")]
    person: String,
}

const ADDRESS: &str = "127.0.0.1:7420";
/// How often something that is waited for is looked at.
const LOOK: Duration = Duration::from_millis(100);

impl Run {
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        let stopped = stop_flag()?;
        let data = dirs::data_dir()
            .context("this system names no data directory for you")?
            .join("baton");
        programs()?;
        let mut started = Started::default();
        if reached() {
            say(&format!("A server runs at {ADDRESS} already; this desktop joins it."));
        } else {
            started.server(&data.join("server"), &stopped)?;
        }
        started.desktop(&self.person, &data)?;
        let others = ["anna", "ben", "ada"]
            .into_iter()
            .find(|name| *name != self.person)
            .unwrap_or("ben");
        say(&format!(
            "To open a second desktop as somebody else: ./dev run --as {others}"
        ));
        say("Ctrl-C stops everything that this command started.");
        started.wait(&stopped);
        Ok(())
    }
}

/// Builds what runs, saying how long it may take.
pub(crate) fn programs() -> anyhow::Result<()> {
    if !program("baton-desktop").exists() {
        say("The first build compiles everything, which takes about 10 minutes on 2 cores; later ones take seconds.");
    }
    ui::build()?;
    step("compile the server and the desktop", &mut workspace("build", &PROGRAMS))
}

/// The same for release, as figures are measured.
pub(crate) fn release_programs() -> anyhow::Result<()> {
    ui::build()?;
    step(
        "compile the server and the desktop for release (some minutes the first time)",
        &mut cargo(&[
            "build",
            "--release",
            "--quiet",
            "--package",
            "baton-server",
            "--package",
            "baton-desktop",
        ]),
    )
}

fn stop_flag() -> anyhow::Result<Arc<AtomicBool>> {
    let stopped = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stopped);
    ctrlc::set_handler(move || flag.store(true, Ordering::Release)).context("cannot listen for Ctrl-C")?;
    Ok(stopped)
}

/// Whether a Baton server answers.
fn reached() -> bool {
    let Ok(address) = ADDRESS.parse::<SocketAddr>() else {
        return false;
    };
    let Ok(mut stream) = TcpStream::connect_timeout(&address, Duration::from_millis(500)) else {
        return false;
    };
    let request = format!("GET /health HTTP/1.1\r\nHost: {ADDRESS}\r\nConnection: close\r\n\r\n");
    let mut answer = String::new();
    stream.set_read_timeout(Some(Duration::from_secs(2))).is_ok()
        && stream.write_all(request.as_bytes()).is_ok()
        && stream.read_to_string(&mut answer).is_ok()
        && answer.contains("\"protocol\"")
}

/// Everything that this command started; stopped when it ends.
#[derive(Default)]
struct Started {
    server: Option<Child>,
    desktop: Option<Child>,
    display: Option<Display>,
}

impl Started {
    fn server(&mut self, data: &Path, stopped: &AtomicBool) -> anyhow::Result<()> {
        let server = Command::new(program("baton-server"))
            .args(["--listen", ADDRESS, "--sample-data", "--data-dir"])
            .arg(data)
            .spawn()
            .context("cannot start the server")?;
        let server = self.server.insert(server);
        let patience = Instant::now() + Duration::from_secs(30);
        while !reached() {
            if let Some(status) = server.try_wait()? {
                bail!("the server ended at once ({status}); its last lines say why");
            }
            if Instant::now() > patience || stopped.load(Ordering::Acquire) {
                bail!("the server does not answer at {ADDRESS}");
            }
            std::thread::sleep(LOOK);
        }
        say(&format!(
            "The server runs at {ADDRESS}; its data is in {}.",
            data.display()
        ));
        Ok(())
    }

    fn desktop(&mut self, person: &str, data: &Path) -> anyhow::Result<()> {
        let mut command = Command::new(program("baton-desktop"));
        command
            .args(["--server", ADDRESS, "--data-dir"])
            .arg(data.join(format!("desktop-{person}")))
            .env("RUST_LOG", "warn");
        match password(&data.join("server"), person) {
            Some((email, password)) => {
                say(&format!("Opening a desktop as {person}."));
                command.env("BATON_EMAIL", email).env("BATON_PASSWORD", password);
            }
            None => say(&format!(
                "No password is kept for {person}: sign in yourself, in the window."
            )),
        }
        let no_display = std::env::var_os("DISPLAY").is_none() && std::env::var_os("WAYLAND_DISPLAY").is_none();
        if cfg!(target_os = "linux") && no_display {
            let display = Display::start()?;
            say("This machine has no display: the window opens in a virtual one.");
            say(&format!(
                "A picture of it is taken every few seconds: {}",
                display.picture.display()
            ));
            command
                .env("DISPLAY", &display.name)
                .env("LIBGL_ALWAYS_SOFTWARE", "1")
                .env("WEBKIT_SKIA_ENABLE_CPU_RENDERING", "1");
            self.display = Some(display);
        }
        self.desktop = Some(command.spawn().context("cannot start the desktop")?);
        Ok(())
    }

    /// Waits until Ctrl-C, or until everything has ended by itself.
    fn wait(&mut self, stopped: &AtomicBool) {
        let mut next_picture = Instant::now();
        while !stopped.load(Ordering::Acquire) {
            if ended(&mut self.desktop) {
                match self.server {
                    Some(_) => say("The window was closed. The server goes on for others; Ctrl-C stops it."),
                    None => return,
                }
            }
            if ended(&mut self.server) {
                say("The server ended.");
                return;
            }
            if let Some(display) = &mut self.display
                && Instant::now() >= next_picture
            {
                display.take_picture();
                next_picture = Instant::now() + Duration::from_secs(3);
            }
            std::thread::sleep(LOOK);
        }
    }
}

/// Whether the child has just ended; forgets it then.
fn ended(child: &mut Option<Child>) -> bool {
    let over = child
        .as_mut()
        .is_some_and(|child| !matches!(child.try_wait(), Ok(None)));
    if over {
        *child = None;
    }
    over
}

impl Drop for Started {
    /// The desktop first, so that it can say goodbye to the server.
    fn drop(&mut self) {
        for child in [self.desktop.take(), self.server.take()].into_iter().flatten() {
            stop(child);
        }
        if let Some(display) = self.display.take() {
            stop(display.xvfb);
        }
    }
}

/// Asks a child to end, and ends it if it does not.
fn stop(mut child: Child) {
    Command::new("kill")
        .args(["-TERM", &child.id().to_string()])
        .stderr(Stdio::null())
        .status()
        .ok();
    let patience = Instant::now() + Duration::from_secs(5);
    while Instant::now() < patience {
        if !matches!(child.try_wait(), Ok(None)) {
            return;
        }
        std::thread::sleep(LOOK);
    }
    child.kill().ok();
    child.wait().ok();
}

/// The sample person's address and password, if this server made them.
fn password(server: &Path, person: &str) -> Option<(String, String)> {
    let text = fs::read_to_string(server.join("sample-people.json")).ok()?;
    let people: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&text).ok()?;
    let (email, password) = people
        .iter()
        .find(|(email, _)| email.split('@').next() == Some(person))?;
    Some((email.clone(), password.as_str()?.to_owned()))
}

/// A virtual display for a machine without one.
struct Display {
    xvfb: Child,
    name: String,
    picture: PathBuf,
}

impl Display {
    fn start() -> anyhow::Result<Self> {
        if find("Xvfb").is_none() || find("import").is_none() {
            bail!(
                "This machine has no display, and Xvfb and ImageMagick are not installed (on Debian: xvfb, imagemagick)."
            );
        }
        let mut xvfb = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot start Xvfb")?;
        let mut number = String::new();
        if let Some(stdout) = xvfb.stdout.take() {
            BufReader::new(stdout).read_line(&mut number)?;
        }
        if number.trim().is_empty() {
            bail!("Xvfb found no free display");
        }
        Ok(Self {
            xvfb,
            name: format!(":{}", number.trim()),
            picture: target().join("desktop.png"),
        })
    }

    fn take_picture(&self) {
        let taken = Command::new("import")
            .args(["-display", &self.name, "-window", "root"])
            .arg(&self.picture)
            .stderr(Stdio::null())
            .status();
        if !taken.is_ok_and(|status| status.success()) {
            say("  the picture of the window could not be taken");
        }
    }
}
