//! Packages of Debian and Ubuntu.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;

use super::package::{DESKTOP, HOMEPAGE, MAINTAINER, Package, Packer, Staged};
use super::{compressed, place, project, remove, run, version};
use crate::build::{find, say, step};

/// How this kind is made.
pub(super) const PACKER: Packer = Packer {
    kind: "deb",
    pack: make,
    unpack,
};

fn make(staged: &Staged<'_>) -> anyhow::Result<PathBuf> {
    let Staged { package, tree, order } = staged;
    let documents = tree.join("usr/share/doc").join(package.name);
    let changes = tree.join("changelog");
    fs::write(&changes, changelog(package)?)?;
    compressed(&changes, &documents.join("changelog.gz"))?;
    fs::remove_file(&changes)?;
    let control = tree.join("DEBIAN");
    fs::create_dir_all(&control)?;
    let bytes = run(Command::new("du").args(["-sk", "--apparent-size"]).arg(tree))?;
    let size = bytes.split_whitespace().next().unwrap_or("0").to_owned();
    fs::write(control.join("control"), description(package, &size)?)?;
    if !package.settings.is_empty() {
        fs::write(control.join("conffiles"), format!("{}\n", package.settings.join("\n")))?;
    }
    if package.scripts {
        for script in ["postinst", "prerm", "postrm"] {
            let from = project(&format!("packaging/debian/{}.{script}", package.name));
            place(&from, &control.join(script), 0o755)?;
        }
    }
    let name = format!("{}_{}_{}.deb", package.name, version(), architecture()?);
    let file = order.directory.join(name);
    run(Command::new("dpkg-deb")
        .args(["--root-owner-group", "-Znone", "--build"])
        .arg(tree)
        .arg(&file))?;
    // Smaller takes longer; the desktop's package goes to every machine.
    let level = match (order.to_check, package.name) {
        (true, _) => 0,
        (false, DESKTOP) => 9,
        (false, _) => 1,
    };
    compress(&file, &tree.with_extension("parts"), level)?;
    Ok(file)
}

/// Compresses what is in the package: `dpkg-deb` would, but without the filter for programs, which saves a twentieth.
fn compress(file: &Path, work: &Path, level: u8) -> anyhow::Result<()> {
    remove(work)?;
    fs::create_dir_all(work)?;
    run(Command::new("ar").arg("x").arg(file).current_dir(work))?;
    run(Command::new("xz")
        .args(["--x86", &format!("--lzma2=preset={level}"), "control.tar", "data.tar"])
        .current_dir(work))?;
    fs::remove_file(file)?;
    run(Command::new("ar")
        .arg("rcSD")
        .arg(file)
        .args(["debian-binary", "control.tar.xz", "data.tar.xz"])
        .current_dir(work))?;
    remove(work)
}

fn unpack(file: &Path, to: &Path) -> anyhow::Result<()> {
    run(Command::new("dpkg-deb").arg("--extract").arg(file).arg(to)).map(drop)
}

/// What changed, in Debian's form.
fn changelog(package: &Package) -> anyhow::Result<String> {
    let date = run(Command::new("date")
        .args(["--rfc-email", "--reference"])
        .arg(project("CHANGELOG.md")))?;
    Ok(format!(
        "{} ({}) stable; urgency=medium\n\n  * NEWS.md.gz says what is new.\n\n -- {MAINTAINER}  {date}",
        package.name,
        version()
    ))
}

fn description(package: &Package, size: &str) -> anyhow::Result<String> {
    Ok(format!(
        "Package: {}\nVersion: {}\nArchitecture: {}\nMaintainer: {MAINTAINER}\nInstalled-Size: {size}\n\
         Depends: {}\nSection: {}\nPriority: optional\nHomepage: {HOMEPAGE}\nDescription: {}\n {}\n",
        package.name,
        version(),
        architecture()?,
        package.needs_deb.replace("@glibc@", &glibc()?),
        package.section,
        package.summary,
        package.description.join("\n "),
    ))
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

/// What Debian's checker finds; it may be missing, unless the packages are to be proven.
pub(super) fn lint(made: &[PathBuf]) -> anyhow::Result<()> {
    if find("lintian").is_none() {
        say("  lintian is not here: the packages were not checked against Debian's rules");
        return Ok(());
    }
    let packages = made
        .iter()
        .filter(|file| file.extension().is_some_and(|end| end == "deb"));
    step(
        "check the packages against Debian's rules",
        Command::new("lintian").args(["--fail-on", "error"]).args(packages),
    )
}
