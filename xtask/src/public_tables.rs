//! Tables that others made public: fetched once, read by another program, and compared with what Baton reads.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};

use crate::build::{find, root, step, target, workspace};

/// Packages of which the sources carry tables.
const SOURCES: [&str; 3] = ["csvkit==2.2.0", "agate-excel==0.4.2", "pyexcel-xlsx==0.6.1"];
/// The program that reads workbooks beside ours, and what it needs.
const READER: [&str; 2] = ["openpyxl==3.1.5", "et_xmlfile==2.0.0"];
/// Packages of the distribution that carry tables.
const DEBIAN: [&str; 2] = ["r-cran-readxl", "r-cran-openxlsx"];

/// Compares cell by cell. Needs the network the first time.
///
/// # Errors
/// If the tables cannot be fetched, or something is read otherwise.
pub(crate) fn check() -> anyhow::Result<()> {
    let directory = target().join("public-tables");
    let judged = directory.join("judged.jsonl");
    if !judged.is_file() {
        fetch(&directory).context(
            "the public tables that imports are compared with cannot be fetched; once they are here, no network is needed",
        )?;
    }
    judge(&directory, &judged)?;
    step(
        "read the tables of others as another program does",
        workspace("test", &["--quiet", "--lib", "--", "--ignored", "the_tables_of_others"])
            .env("BATON_JUDGED_TABLES", &judged),
    )
}

fn fetch(directory: &Path) -> anyhow::Result<()> {
    for program in ["python3", "tar"] {
        if find(program).is_none() {
            bail!("{program} is missing");
        }
    }
    let tables = directory.join("tables");
    // What an interrupted run left is not believed.
    if directory.exists() {
        fs::remove_dir_all(directory)?;
    }
    fs::create_dir_all(&tables)?;
    let pip = |kind: &str, packages: &[&str]| {
        let mut command = Command::new("python3");
        command.args([
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "--disable-pip-version-check",
        ]);
        command.args([kind, ":all:", "--dest"]).arg(directory).args(packages);
        command
    };
    step("fetch tables of others", &mut pip("--no-binary", &SOURCES))?;
    step("fetch a program that reads them", &mut pip("--only-binary", &READER))?;
    if find("apt-get").is_some() && find("dpkg-deb").is_some() {
        let mut command = Command::new("apt-get");
        command
            .args(["download", "--quiet=2"])
            .args(DEBIAN)
            .current_dir(directory);
        step("fetch more tables of others", &mut command)?;
    }
    for archive in files_of(directory, "gz")? {
        let mut command = Command::new("tar");
        command.arg("xzf").arg(&archive).arg("-C").arg(&tables);
        step("unpack them", &mut command)?;
    }
    for package in files_of(directory, "deb")? {
        let mut command = Command::new("dpkg-deb");
        command.arg("-x").arg(&package).arg(&tables);
        step("unpack them", &mut command)?;
    }
    Ok(())
}

/// Has the other program say what is in each cell.
fn judge(directory: &Path, judged: &Path) -> anyhow::Result<()> {
    // Under its own name only once it is whole: that it is there means that everything was fetched.
    let part = directory.join("judged.part");
    let mut command = Command::new("python3");
    command
        .args(["-W", "ignore"])
        .arg(root().join("server/tests/data/judge.py"))
        .arg(directory.join("tables"))
        .args(files_of(directory, "whl")?)
        .stdout(File::create(&part)?);
    step("have another program read them", &mut command)?;
    fs::rename(part, judged)?;
    Ok(())
}

fn files_of(directory: &Path, extension: &str) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.extension().is_some_and(|found| found == extension) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
