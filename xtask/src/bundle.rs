//! `cargo xtask bundle`: the packages that staff and administrators install.
//!
//! What is in a package stands in `packaging/`; here it is put together. Everything comes from this machine: the
//! programs are compiled here, and `dpkg-deb` packs them.

mod clean_root;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail, ensure};
use clap::Args;

use crate::build::{cargo, find, root, say, step, target};
use crate::ui;

/// What to pack.
#[derive(Args)]
pub(crate) struct Bundle {
    /// Packs debug builds: quick, to check the packages and not to use them.
    #[arg(long)]
    pub(crate) debug: bool,
    /// Then installs them in a Debian system that has nothing else, and uses them there (as root; needs the network).
    #[arg(long)]
    pub(crate) prove_clean: bool,
}

/// A Debian package.
struct Package {
    name: &'static str,
    section: &'static str,
    depends: &'static str,
    summary: &'static str,
    description: &'static str,
    programs: &'static [&'static str],
    /// From `packaging/` or the project's folder, to where, for everybody to read.
    files: &'static [(&'static str, &'static str)],
    /// Files that an administrator changes.
    settings: &'static [&'static str],
    /// Whether it has scripts of its own in `packaging/debian`.
    scripts: bool,
}

const HOMEPAGE: &str = "https://example.com/baton";
const MAINTAINER: &str = "The Baton developers <baton@example.com>";

const PACKAGES: [Package; 3] = [
    Package {
        name: "baton-desktop",
        section: "misc",
        depends: "libc6 (>= @glibc@), libgtk-3-0 | libgtk-3-0t64, libwebkit2gtk-4.1-0, ca-certificates",
        summary: "edit structured records together, live",
        description: "Whoever opens a record first edits it; everyone after sees each\n \
                      keystroke, and the next in line takes over with the unsaved text.\n \
                      Without the server one works on; it is merged when it is back.",
        programs: &["baton-desktop"],
        files: &[
            ("packaging/linux/baton.desktop", "usr/share/applications/baton.desktop"),
            ("icons/32x32.png", "usr/share/icons/hicolor/32x32/apps/baton.png"),
            ("icons/128x128.png", "usr/share/icons/hicolor/128x128/apps/baton.png"),
            ("icons/256x256.png", "usr/share/icons/hicolor/256x256/apps/baton.png"),
            ("icons/baton.svg", "usr/share/icons/hicolor/scalable/apps/baton.svg"),
        ],
        settings: &[],
        scripts: false,
    },
    Package {
        name: "baton-server",
        section: "net",
        depends: "libc6 (>= @glibc@), adduser",
        summary: "shared server of Baton desktops",
        description: "Keeps collections of records, who edits what, drafts and files, and tells every\n \
                      desktop of each change. One program, one SQLite file; a reverse proxy with TLS\n \
                      belongs before it.",
        programs: &["baton-server"],
        files: &[
            (
                "packaging/linux/baton-server.service",
                "usr/lib/systemd/system/baton-server.service",
            ),
            ("packaging/linux/server.toml", "etc/baton/server.toml"),
            ("docs/operating.md", "usr/share/doc/baton-server/operating.md"),
        ],
        settings: &["/etc/baton/server.toml"],
        scripts: true,
    },
    Package {
        name: "baton-cli",
        section: "utils",
        depends: "libc6 (>= @glibc@), ca-certificates",
        summary: "Baton's collections and records by script",
        description: "Lists, changes, imports and exports what a Baton server keeps, as JSON,\n \
                      with exit codes that a script can decide by.",
        programs: &["baton"],
        files: &[],
        settings: &[],
        scripts: false,
    },
];

impl Bundle {
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        ensure!(
            cfg!(target_os = "linux"),
            "Packages are made on Linux; here `cargo build --release` makes the programs."
        );
        for (program, package) in [("dpkg-deb", "dpkg"), ("strip", "binutils"), ("sha256sum", "coreutils")] {
            ensure!(
                find(program).is_some(),
                "{program} is missing. On Debian and Ubuntu it is in the package {package}."
            );
        }
        let profile = if self.debug { "debug" } else { "release" };
        self.compile()?;
        let directory = target().join("bundle").join(profile);
        remove(&directory)?;
        fs::create_dir_all(&directory)?;
        let mut made = Vec::new();
        for package in &PACKAGES {
            let file = package.make(&directory, &target().join(profile), self.debug)?;
            let size = fs::metadata(&file)?.len() as f64 / 1e6;
            say(&format!("  {} ({size:.1} MB)", file.display()));
            package.prove(&file, &directory.join("proof"))?;
            made.push(file);
        }
        checksums(&directory, &made)?;
        lint(&made)?;
        say("Not made here: packages for Windows, macOS and RPM systems.");
        if self.prove_clean {
            clean_root::prove(&directory)?;
        }
        Ok(())
    }

    fn compile(&self) -> anyhow::Result<()> {
        ui::build()?;
        let mut command = cargo(&["build", "--quiet"]);
        if !self.debug {
            say("Release builds of everything take about 15 minutes on 2 cores the first time.");
            command.arg("--release");
        }
        for package in ["baton-desktop", "baton-server", "baton-cli"] {
            command.args(["--package", package]);
        }
        step("compile what is packed", &mut command)
    }
}

impl Package {
    /// Puts the package together and packs it; where it is.
    fn make(&self, directory: &Path, programs: &Path, quick: bool) -> anyhow::Result<PathBuf> {
        let tree = directory.join(self.name);
        for program in self.programs {
            let packed = tree.join("usr/bin").join(program);
            place(&programs.join(program), &packed, 0o755)?;
            run(Command::new("strip").arg("--strip-all").arg(&packed))?;
            self.pages(program, &packed, &tree)?;
        }
        for (from, to) in self.files {
            place(&root().join(from), &tree.join(to), 0o644)?;
        }
        let documents = tree.join("usr/share/doc").join(self.name);
        place(&root().join("LICENSE"), &documents.join("copyright"), 0o644)?;
        compressed(&root().join("CHANGELOG.md"), &documents.join("NEWS.md.gz"))?;
        let changes = tree.join("changelog");
        fs::write(&changes, self.changes()?)?;
        compressed(&changes, &documents.join("changelog.gz"))?;
        fs::remove_file(&changes)?;
        let control = tree.join("DEBIAN");
        fs::create_dir_all(&control)?;
        let bytes = run(Command::new("du").args(["-sk", "--apparent-size"]).arg(&tree))?;
        let size = bytes.split_whitespace().next().unwrap_or("0").to_owned();
        fs::write(control.join("control"), self.control(&size)?)?;
        if !self.settings.is_empty() {
            fs::write(control.join("conffiles"), format!("{}\n", self.settings.join("\n")))?;
        }
        if self.scripts {
            for script in ["postinst", "prerm", "postrm"] {
                let from = root().join(format!("packaging/debian/{}.{script}", self.name));
                place(&from, &control.join(script), 0o755)?;
            }
        }
        let file = directory.join(format!("{}_{}_{}.deb", self.name, version(), architecture()?));
        // Smaller takes longer.
        let level = if quick { "-z0" } else { "-z9" };
        run(Command::new("dpkg-deb")
            .args(["--root-owner-group", "-Zxz", level, "--build"])
            .arg(&tree)
            .arg(&file))?;
        Ok(file)
    }

    /// The manual page and the completions that a program makes of itself.
    fn pages(&self, program: &str, packed: &Path, tree: &Path) -> anyhow::Result<()> {
        let manual = tree.join(format!("usr/share/man/man1/{program}.1.gz"));
        if program == "baton-desktop" {
            return compressed(&root().join("packaging/linux/baton-desktop.1"), &manual);
        }
        let page = tree.join("page");
        fs::write(&page, run(Command::new(packed).arg("man"))?)?;
        compressed(&page, &manual)?;
        fs::remove_file(&page)?;
        for (shell, file) in [
            ("bash", format!("usr/share/bash-completion/completions/{program}")),
            ("zsh", format!("usr/share/zsh/vendor-completions/_{program}")),
            ("fish", format!("usr/share/fish/vendor_completions.d/{program}.fish")),
        ] {
            let completions = run(Command::new(packed).args(["completions", shell]))?;
            let file = tree.join(file);
            fs::create_dir_all(file.parent().context("a folder")?)?;
            fs::write(&file, completions)?;
            fs::set_permissions(&file, fs::Permissions::from_mode(0o644))?;
        }
        Ok(())
    }

    /// What changed, in Debian's form.
    fn changes(&self) -> anyhow::Result<String> {
        let date = run(Command::new("date")
            .args(["--rfc-email", "--reference"])
            .arg(root().join("CHANGELOG.md")))?;
        Ok(format!(
            "{} ({}) stable; urgency=medium\n\n  * NEWS.md.gz says what is new.\n\n -- {MAINTAINER}  {date}",
            self.name,
            version()
        ))
    }

    fn control(&self, size: &str) -> anyhow::Result<String> {
        Ok(format!(
            "Package: {}\nVersion: {}\nArchitecture: {}\nMaintainer: {MAINTAINER}\nInstalled-Size: {size}\n\
             Depends: {}\nSection: {}\nPriority: optional\nHomepage: {HOMEPAGE}\nDescription: {}\n {}\n",
            self.name,
            version(),
            architecture()?,
            self.depends.replace("@glibc@", &glibc()?),
            self.section,
            self.summary,
            self.description,
        ))
    }

    /// The package is unpacked, and what is in it runs.
    fn prove(&self, file: &Path, place: &Path) -> anyhow::Result<()> {
        remove(place)?;
        run(Command::new("dpkg-deb").arg("--extract").arg(file).arg(place))?;
        for program in self.programs {
            let said = run(Command::new(place.join("usr/bin").join(program)).arg("--version"))?;
            ensure!(said.contains(version()), "{program} in {} says: {said}", file.display());
        }
        for (_, to) in self.files {
            ensure!(place.join(to).is_file(), "{to} is not in {}", file.display());
        }
        remove(place)?;
        Ok(())
    }
}

fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

fn architecture() -> anyhow::Result<String> {
    let said = run(Command::new("dpkg").arg("--print-architecture"))?;
    Ok(said.trim().to_owned())
}

/// The C library that the programs were linked with: an older one may lack something.
fn glibc() -> anyhow::Result<String> {
    let said = run(Command::new("getconf").arg("GNU_LIBC_VERSION"))?;
    let version = said.split_whitespace().nth(1).context("no version of the C library")?;
    Ok(version.to_owned())
}

fn place(from: &Path, to: &Path, mode: u32) -> anyhow::Result<()> {
    fs::create_dir_all(to.parent().context("a folder")?)?;
    fs::copy(from, to).with_context(|| format!("{} cannot be packed", from.display()))?;
    fs::set_permissions(to, fs::Permissions::from_mode(mode))?;
    Ok(())
}

fn compressed(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(to.parent().context("a folder")?)?;
    let output = fs::File::create(to)?;
    let status = Command::new("gzip")
        .args(["-9", "-n", "-c"])
        .arg(from)
        .stdout(output)
        .status()?;
    ensure!(status.success(), "{} cannot be compressed", from.display());
    fs::set_permissions(to, fs::Permissions::from_mode(0o644))?;
    Ok(())
}

fn checksums(directory: &Path, made: &[PathBuf]) -> anyhow::Result<()> {
    let names = made.iter().filter_map(|file| file.file_name());
    let sums = run(Command::new("sha256sum").args(names).current_dir(directory))?;
    fs::write(directory.join("SHA256SUMS"), sums)?;
    Ok(())
}

/// What Debian's checker finds, where it is.
fn lint(made: &[PathBuf]) -> anyhow::Result<()> {
    if find("lintian").is_none() {
        say("  lintian is not here: the packages were not checked against Debian's rules");
        return Ok(());
    }
    step(
        "check the packages against Debian's rules",
        Command::new("lintian").args(["--fail-on", "error"]).args(made),
    )
}

fn remove(directory: &Path) -> anyhow::Result<()> {
    match fs::remove_dir_all(directory) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// What a command writes; its complaints where it fails.
fn run(command: &mut Command) -> anyhow::Result<String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start {}", command.get_program().display()))?;
    if !output.status.success() {
        bail!(
            "{} failed: {}",
            command.get_program().display(),
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
