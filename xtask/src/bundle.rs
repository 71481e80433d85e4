//! `cargo xtask bundle`: what staff and administrators install.
//!
//! What is in a package stands in [`package`]; each kind of package is made in a file of its own. Everything comes
//! from this machine: the programs are compiled here, and packed by the distribution's own tools.

mod appimage;
mod archive;
mod clean_root;
mod debian;
mod materials;
mod package;
mod rpm;
mod signing;
mod windows;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Instant;

use anyhow::{Context as _, anyhow, ensure};
use clap::Args;

use crate::build::{PROGRAMS, cargo, root, say, step, target, workspace};
use crate::tools::{need, run};
use crate::ui;
use package::PACKAGES;
use signing::{Signer, set_release_key};

/// What to pack.
#[derive(Args)]
pub(crate) struct Bundle {
    /// Packs debug builds: quick, to check the packages and not to use them.
    #[arg(long)]
    pub(crate) debug: bool,
    /// Packs for Windows too, compiled here (needs the package gcc-mingw-w64-x86-64, nsis and wixl).
    #[arg(long)]
    pub(crate) windows: bool,
    /// With --windows: installs, upgrades and removes the packages under wine, and runs what is in them.
    #[arg(long)]
    pub(crate) prove: bool,
    /// Then installs the packages in a Debian system that has nothing else, and uses them there (as root; needs the
    /// network).
    #[arg(long)]
    pub(crate) prove_clean: bool,
}

/// What is asked for, and where it goes.
struct Order {
    directory: PathBuf,
    /// Where the compiled programs are.
    programs: PathBuf,
    /// Debug builds, to be checked and not used: small does not matter.
    to_check: bool,
}

impl Bundle {
    /// Debug packages of everything that this system can make, as the tests check them.
    pub(crate) fn to_check() -> Self {
        Self {
            debug: true,
            windows: false,
            prove: false,
            prove_clean: false,
        }
    }

    pub(crate) fn run(&self) -> anyhow::Result<()> {
        ensure!(
            cfg!(target_os = "linux"),
            "Packages are made on Linux; here `cargo build --release` makes the programs."
        );
        self.need_programs()?;
        let profile = if self.debug { "debug" } else { "release" };
        let signer = Signer::of_environment(self.debug)?;
        self.compile(signer.as_ref())?;
        let began = Instant::now();
        let order = Order {
            directory: target().join("bundle").join(profile),
            programs: target().join(profile),
            to_check: self.debug,
        };
        remove(&order.directory)?;
        fs::create_dir_all(&order.directory)?;
        let mut made = pack_for_linux(&order)?;
        if self.windows {
            made.extend(windows::make(&order, self.debug, signer.as_ref())?);
        } else {
            say("  Not asked for: packages for Windows (--windows).");
        }
        say("  NOT made: packages for macOS, which only a Mac can make; packaging/macos says how.");
        if !self.debug {
            made.extend(materials::bills(&order.directory)?);
        }
        let sums = checksums(&order.directory, &made)?;
        match &signer {
            Some(signer) => signer.sign(&made, &sums)?,
            None => say("  NOT signed: BATON_SIGNING_KEY names no key (docs/operating.md says how to make one)."),
        }
        for file in &made {
            let size = fs::metadata(file)?.len() as f64 / 1e6;
            say(&format!("  {} ({size:.1} MB)", file.display()));
        }
        say(&format!("  packed in {:.0} s", began.elapsed().as_secs_f64()));
        debian::lint(&made)?;
        if self.windows && self.prove {
            windows::prove(&order.directory)?;
        }
        if self.prove_clean {
            clean_root::prove(&order.directory)?;
        }
        Ok(())
    }

    /// What is missing is said before anything is compiled.
    fn need_programs(&self) -> anyhow::Result<()> {
        const ALWAYS: [(&str, &str); 5] = [
            ("dpkg-deb", "dpkg"),
            ("strip", "binutils"),
            ("ar", "binutils"),
            ("xz", "xz-utils"),
            ("sha256sum", "coreutils"),
        ];
        let windows = if self.windows { &windows::NEEDS[..] } else { &[] };
        let wine = if self.windows && self.prove {
            &[("wine", "wine")][..]
        } else {
            &[]
        };
        let clean = if self.prove_clean { &clean_root::NEEDS[..] } else { &[] };
        for (program, package) in ALWAYS.iter().chain(windows).chain(wine).chain(clean) {
            need(program, package)?;
        }
        Ok(())
    }

    fn compile(&self, signer: Option<&Signer>) -> anyhow::Result<()> {
        ui::build()?;
        if self.debug {
            return step("compile what is packed", &mut workspace("build", &PROGRAMS));
        }
        say("Release builds of everything take about 15 minutes on 2 cores the first time.");
        let mut command = cargo(&["build", "--quiet", "--release"]);
        set_release_key(&mut command, signer);
        for package in ["baton-desktop", "baton-server", "baton-cli"] {
            command.args(["--package", package]);
        }
        step("compile what is packed", &mut command)
    }
}

/// Packs for Linux, a thread for each kind: most of it is one compressor each, that keeps one core busy.
fn pack_for_linux(order: &Order) -> anyhow::Result<Vec<PathBuf>> {
    let of_kind = |packer: &'static package::Packer| {
        let made = PACKAGES.iter().map(|package| package.make(order, packer));
        made.collect::<anyhow::Result<Vec<PathBuf>>>()
    };
    thread::scope(|scope| {
        let mut packing = vec![scope.spawn(move || of_kind(&debian::PACKER))];
        match missing(&[("rpmbuild", "rpm"), ("rpm2archive", "rpm")]) {
            Some(missing) => say(&format!("  NOT made: RPM packages. {missing}")),
            None => packing.push(scope.spawn(move || of_kind(&rpm::PACKER))),
        }
        match missing(&[("mksquashfs", "squashfs-tools")]) {
            Some(missing) => say(&format!("  NOT made: the AppImage. {missing}")),
            None => packing.push(scope.spawn(|| Ok(vec![appimage::make(order)?]))),
        }
        packing.push(scope.spawn(|| Ok(vec![archive::make(order)?])));
        let mut made = Vec::new();
        for thread in packing {
            made.extend(thread.join().map_err(|_| anyhow!("a packer panicked"))??);
        }
        Ok(made)
    })
}

/// A sentence about the first of these programs that is not here.
fn missing(programs: &[(&str, &str)]) -> Option<String> {
    let missing = programs
        .iter()
        .find_map(|(program, package)| need(program, package).err());
    missing.map(|error| error.to_string())
}

fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

/// What the packer says beside a desktop's program of how it is installed.
fn packed_as(package: &str, version: &str) -> String {
    format!("{{\"package\":\"{package}\",\"version\":\"{version}\"}}\n")
}

fn place(from: &Path, to: &Path, mode: u32) -> anyhow::Result<()> {
    fs::create_dir_all(to.parent().context("a folder")?)?;
    fs::copy(from, to).with_context(|| format!("{} cannot be packed", from.display()))?;
    fs::set_permissions(to, fs::Permissions::from_mode(mode))?;
    Ok(())
}

fn write(to: &Path, text: &str) -> anyhow::Result<()> {
    fs::create_dir_all(to.parent().context("a folder")?)?;
    fs::write(to, text)?;
    fs::set_permissions(to, fs::Permissions::from_mode(0o644))?;
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

/// Writes the checksums of all that was made; where they are.
fn checksums(directory: &Path, made: &[PathBuf]) -> anyhow::Result<PathBuf> {
    let names = made.iter().filter_map(|file| file.file_name());
    let sums = run(Command::new("sha256sum").args(names).current_dir(directory))?;
    let file = directory.join("SHA256SUMS");
    fs::write(&file, sums)?;
    Ok(file)
}

fn remove(directory: &Path) -> anyhow::Result<()> {
    match fs::remove_dir_all(directory) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// What a program of a package says of its version is right.
fn check_version(program: &mut Command) -> anyhow::Result<()> {
    let name = program.get_program().display().to_string();
    let said = run(program.arg("--version"))?;
    ensure!(said.contains(version()), "{name} says: {said}");
    Ok(())
}

/// The project's file of this name.
fn project(file: &str) -> PathBuf {
    root().join(file)
}
