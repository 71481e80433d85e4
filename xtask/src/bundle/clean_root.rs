//! Installs the packages in a Debian system that has nothing else, and uses them there as people do: whatever the
//! programs need of this machine is then missing.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};

use super::remove;
use crate::build::{say, target};
use crate::tools::run;

/// The programs that this needs, and the packages they are in.
pub(super) const NEEDS: [(&str, &str); 4] = [
    ("debootstrap", "debootstrap"),
    ("Xvfb", "xvfb"),
    ("chroot", "coreutils"),
    ("lintian", "lintian"),
];

/// How long a program may take until it does what is waited for.
const TIMEOUT: Duration = Duration::from_secs(60);
const LOOK: Duration = Duration::from_millis(200);
/// Who works at the desktop there.
const PERSON: &str = "clerk";
/// The password that the first admin chooses.
const CHOSEN: &str = "four-brown-socks";
const DISPLAY: &str = ":97";

/// Proves the packages in this directory.
///
/// # Errors
/// What does not work there.
pub(super) fn prove(packages: &Path) -> anyhow::Result<()> {
    ensure!(
        run(Command::new("id").arg("--user"))?.trim() == "0",
        "Another system inside this one is root's to make: run this as root."
    );
    let root = Root::make()?;
    say("· install the packages in a clean system");
    root.install(packages)?;
    let server = root.serve()?;
    say("  the service's command serves, as its own user");
    root.list_people(&server)?;
    root.define(&server)?;
    let desktop = root.open_desktop(&server)?;
    say("  the desktop starts from its menu entry and signs in");
    root.install_again(packages)?;
    root.follow_link(&server)?;
    say(
        "  installed once more while it runs; a second start with a link shows its record there, and takes it from nobody",
    );
    drop(desktop);
    drop(server);
    root.uninstall()
}

/// A Debian system in a directory, as long as this lives.
struct Root {
    path: PathBuf,
    mounted: Vec<PathBuf>,
}

/// A server in it.
struct Server {
    process: Child,
    address: String,
    password: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        stop(&mut self.process);
    }
}

/// A desktop in it, and its display.
struct Desktop {
    process: Child,
    display: Child,
}

impl Drop for Desktop {
    fn drop(&mut self) {
        stop(&mut self.process);
        stop(&mut self.display);
    }
}

fn stop(process: &mut Child) {
    // It may have ended.
    process.kill().ok();
    process.wait().ok();
}

impl Drop for Root {
    fn drop(&mut self) {
        for place in self.mounted.iter().rev() {
            Command::new("umount").args(["--lazy"]).arg(place).status().ok();
        }
    }
}

impl Root {
    /// A new one, from a copy that is made once.
    fn make() -> anyhow::Result<Self> {
        let directory = target().join("clean-root");
        let (base, path) = (directory.join("base"), directory.join("system"));
        if !base.join("etc/debian_version").is_file() {
            say("· make a clean system (once, about a minute)");
            remove(&base)?;
            fs::create_dir_all(&base)?;
            let (mirror, suite) = mirror()?;
            run(Command::new("debootstrap")
                .arg("--variant=minbase")
                .arg(&suite)
                .arg(&base)
                .arg(&mirror))?;
        }
        ensure!(!path.join("proc/self").exists(), "{} is in use", path.display());
        remove(&path)?;
        run(Command::new("cp").args(["--archive"]).arg(&base).arg(&path))?;
        let mut root = Self {
            path,
            mounted: Vec::new(),
        };
        root.mount(Path::new("proc"), &["-t", "proc", "proc"])?;
        fs::create_dir_all("/tmp/.X11-unix")?;
        root.mount(Path::new("tmp/.X11-unix"), &["--bind", "/tmp/.X11-unix"])?;
        fs::copy("/etc/resolv.conf", root.path.join("etc/resolv.conf")).ok();
        Ok(root)
    }

    fn mount(&mut self, place: &Path, what: &[&str]) -> anyhow::Result<()> {
        let place = self.path.join(place);
        fs::create_dir_all(&place)?;
        run(Command::new("mount").args(what).arg(&place))?;
        self.mounted.push(place);
        Ok(())
    }

    /// A command inside.
    fn inside(&self, user: &str, program: &str) -> Command {
        let mut command = Command::new("chroot");
        command
            .arg(format!("--userspec={user}:{user}"))
            .arg(&self.path)
            .args(["env", "--ignore-environment", "PATH=/usr/sbin:/usr/bin:/sbin:/bin"])
            .args(["DEBIAN_FRONTEND=noninteractive", "LIBGL_ALWAYS_SOFTWARE=1"])
            .arg(format!("DISPLAY={DISPLAY}"))
            .arg(format!("HOME=/home/{user}"));
        for (name, value) in std::env::vars().filter(|(name, _)| name.to_lowercase().ends_with("_proxy")) {
            command.arg(format!("{name}={value}"));
        }
        command.args(["sh", "-c", program]);
        command
    }

    fn install(&self, packages: &Path) -> anyhow::Result<()> {
        run(&mut self.inside("root", "apt-get update -qq"))?;
        self.put(packages, "")?;
        run(&mut self.inside(
            "root",
            &format!("adduser --quiet --disabled-password --gecos '' {PERSON}"),
        ))?;
        Ok(())
    }

    fn install_again(&self, packages: &Path) -> anyhow::Result<()> {
        self.put(packages, "--reinstall")
    }

    fn put(&self, packages: &Path, how: &str) -> anyhow::Result<()> {
        for package in fs::read_dir(packages)? {
            let file = package?.path();
            if let Some(name) = file
                .file_name()
                .filter(|_| file.extension().is_some_and(|end| end == "deb"))
            {
                fs::copy(&file, self.path.join("tmp").join(name))?;
            }
        }
        let install = format!("apt-get install -y -qq --no-install-recommends {how} /tmp/baton-*.deb");
        run(&mut self.inside("root", &install))?;
        Ok(())
    }

    /// Starts what the service's unit starts, as its user.
    fn serve(&self) -> anyhow::Result<Server> {
        let unit = fs::read_to_string(self.path.join("usr/lib/systemd/system/baton-server.service"))?;
        let of = |key: &str| {
            let line = unit.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
            line.with_context(|| format!("the unit has no {key}"))
        };
        let (user, start, environment) = (of("User")?, of("ExecStart")?, of("Environment")?);
        // What the service manager makes of StateDirectory.
        let state = format!(
            "install -d -m 700 -o {user} -g {user} /var/lib/{}",
            of("StateDirectory")?
        );
        run(&mut self.inside("root", &state))?;
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let address = format!("127.0.0.1:{port}");
        let process = self
            .inside(
                user,
                &format!("exec env {environment} BATON_LISTEN={address} JOURNAL_STREAM=8:1 {start}"),
            )
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let mut server = Server {
            process,
            address,
            password: String::new(),
        };
        wait_for("the server serves", || Ok(sessions(&server.address).is_some()))?;
        let said = fs::read_to_string(self.path.join("var/lib/baton/first-admin.txt"))?;
        let password = said
            .split("the password ")
            .nth(1)
            .and_then(|rest| rest.split('.').next());
        server.password = password.context("no password of the first admin")?.to_owned();
        // What was printed is good for choosing another one.
        let choose = format!("baton password --new {CHOSEN}");
        run(&mut self.inside(PERSON, &Self::signed_in(&server, &choose)))?;
        server.password = CHOSEN.to_owned();
        Ok(server)
    }

    fn signed_in(server: &Server, program: &str) -> String {
        let Server { address, password, .. } = server;
        format!("exec env BATON_SERVER={address} BATON_EMAIL=admin@localhost BATON_PASSWORD={password} {program}")
    }

    fn list_people(&self, server: &Server) -> anyhow::Result<()> {
        let people = run(&mut self.inside(PERSON, &Self::signed_in(server, "baton people list")))?;
        ensure!(people.contains("admin@localhost"), "the command line says: {people}");
        Ok(())
    }

    /// A collection with a record, by the command line.
    fn define(&self, server: &Server) -> anyhow::Result<()> {
        let definition = r#"{"name":"note","label":"Note","label_plural":"Notes","status":"published","fields":[]}"#;
        fs::write(self.path.join("tmp/note.json"), definition)?;
        run(&mut self.inside(PERSON, &Self::signed_in(server, "baton define /tmp/note.json")))?;
        fs::write(self.path.join("tmp/notes.csv"), "title\nFirst\n")?;
        let import = "baton import note /tmp/notes.csv";
        run(&mut self.inside(PERSON, &Self::signed_in(server, import)))?;
        Ok(())
    }

    /// The menu entry's command, for somebody who is nobody special.
    fn menu_entry(&self) -> anyhow::Result<String> {
        let entry = fs::read_to_string(self.path.join("usr/share/applications/baton.desktop"))?;
        let line = entry.lines().find_map(|line| line.strip_prefix("Exec="));
        Ok(line.context("the menu entry starts nothing")?.to_owned())
    }

    fn open_desktop(&self, server: &Server) -> anyhow::Result<Desktop> {
        let display = Command::new("Xvfb")
            .args([DISPLAY, "-screen", "0", "1280x800x24"])
            .stderr(Stdio::null())
            .spawn()?;
        let process = self
            .inside(PERSON, &Self::signed_in(server, &self.menu_entry()?.replace("%u", "")))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let desktop = Desktop { process, display };
        wait_for("the desktop signs in", || Ok(sessions(&server.address) == Some(1)))?;
        Ok(desktop)
    }

    /// What the system does with a link that somebody presses: the running program shows the record to look at, and
    /// somebody else can still edit it.
    fn follow_link(&self, server: &Server) -> anyhow::Result<()> {
        // What a change says names the record.
        let set = "baton set note --field title --value Second";
        let outcome = run(&mut self.inside(PERSON, &Self::signed_in(server, set)))?;
        let outcome: serde_json::Value = serde_json::from_str(&outcome)?;
        let record = outcome["changed"][0][0].as_str().context("no record")?;
        let entities = run(&mut self.inside(PERSON, &Self::signed_in(server, "baton entities")))?;
        let entities: serde_json::Value = serde_json::from_str(&entities)?;
        let entities = entities.as_array().context("no entities")?;
        let entity = entities.iter().find(|entity| entity["name"] == "note");
        let entity = entity.and_then(|entity| entity["id"].as_str()).context("no entity")?;
        let link = format!("baton://record/{entity}/{record}");
        let open = self.menu_entry()?.replace("%u", &link);
        run(&mut self.inside(PERSON, &format!("exec timeout 30 {open}")))?;
        let set = format!("baton set note --id {record} --field title --value Changed");
        run(&mut self.inside(PERSON, &Self::signed_in(server, &set)))?;
        let log = self.path.join(format!("home/{PERSON}/.local/share/baton/desktop/log"));
        ensure!(log.is_dir(), "the desktop keeps no log");
        Ok(())
    }

    /// Nothing stays but what people wrote.
    fn uninstall(&self) -> anyhow::Result<()> {
        run(&mut self.inside("root", "apt-get remove -y -qq baton-desktop baton-server baton-cli"))?;
        run(&mut self.inside("root", "dpkg --purge baton-server && rm -f /tmp/baton-*.deb /tmp/note*"))?;
        let left = run(&mut self.inside(
            "root",
            "find / -xdev -path /proc -prune -o -path /home -prune -o -path /var/lib/baton -prune -o -iname '*baton*' -print",
        ))?;
        ensure!(
            left.trim().is_empty(),
            "this stays after the packages are removed: {left}"
        );
        let kept = self.path.join("var/lib/baton/baton.db").is_file();
        ensure!(kept, "the server's data went with its package");
        say("  removed: nothing stays but what people wrote");
        Ok(())
    }
}

/// Where this machine has its packages from, and of which release.
fn mirror() -> anyhow::Result<(String, String)> {
    let system = fs::read_to_string("/etc/os-release")?;
    let name = system.lines().find_map(|line| line.strip_prefix("VERSION_CODENAME="));
    let name = name
        .context("this system does not say which release it is")?
        .trim_matches('"');
    let sources = run(Command::new("apt-get").args([
        "indextargets",
        "--format",
        "$(REPO_URI) $(RELEASE)",
        "Created-By: Packages",
    ]))?;
    let found = sources.lines().find_map(|line| {
        let (mirror, release) = line.split_once(' ')?;
        (release == name && mirror.trim_end_matches('/').ends_with("debian")).then(|| mirror.to_owned())
    });
    let mirror = found.context("a clean system is made on Debian, from the packages that it is made of itself")?;
    Ok((mirror, name.to_owned()))
}

/// How many are connected to the server, if it serves.
fn sessions(address: &str) -> Option<u64> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(2))).ok()?;
    let request = format!("GET /health HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let body = answer.split("\r\n\r\n").nth(1)?;
    serde_json::from_str::<serde_json::Value>(body).ok()?["sessions"].as_u64()
}

fn wait_for(what: &str, mut there: impl FnMut() -> anyhow::Result<bool>) -> anyhow::Result<()> {
    let began = Instant::now();
    while !there()? {
        if began.elapsed() > TIMEOUT {
            bail!("waited {TIMEOUT:?} for this: {what}");
        }
        std::thread::sleep(LOOK);
    }
    Ok(())
}
