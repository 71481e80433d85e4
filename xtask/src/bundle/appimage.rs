//! The AppImage: the desktop as one file that anybody may start, and that replaces itself.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, ensure};

use super::{Order, check_version, package, packed_as, place, project, remove, run, version, write};
use crate::build::cargo;

/// Makes it, and starts what is in it. Answers where it is.
pub(super) fn make(order: &Order) -> anyhow::Result<PathBuf> {
    let tree = order.directory.join("baton-desktop.appimage");
    package::desktop().stage(&tree, order, "appimage")?;
    symlink("usr/bin/baton-desktop", tree.join("AppRun"))?;
    place(
        &project("packaging/linux/baton.desktop"),
        &tree.join("baton.desktop"),
        0o644,
    )?;
    place(&project("icons/256x256.png"), &tree.join("baton.png"), 0o644)?;
    symlink("baton.png", tree.join(".DirIcon"))?;
    let file = order.directory.join(name(version()));
    close(&tree, &file, order)?;
    if order.to_check {
        // The next version, to prove an update with: the same program, packed as another.
        let next = next_version();
        write(
            &tree.join("usr/share/baton/package.json"),
            &packed_as("appimage", &next),
        )?;
        let folder = order.directory.join("next");
        fs::create_dir_all(&folder)?;
        close(&tree, &folder.join(name(&next)), order)?;
    }
    remove(&tree)?;
    Ok(file)
}

fn name(version: &str) -> String {
    format!("Baton-{version}-{}.AppImage", std::env::consts::ARCH)
}

/// What comes after the present version.
pub(super) fn next_version() -> String {
    let (rest, last) = version().rsplit_once('.').unwrap_or((version(), "0"));
    format!("{rest}.{}", last.parse::<u64>().unwrap_or_default() + 1)
}

/// Packs the folder behind the program that mounts it.
fn close(tree: &Path, file: &Path, order: &Order) -> anyhow::Result<()> {
    let folder = order.directory.join("appimage.squashfs");
    fs::remove_file(&folder).ok();
    let mut pack = Command::new("mksquashfs");
    pack.arg(tree)
        .arg(&folder)
        .args(["-root-owned", "-noappend", "-quiet", "-no-progress"]);
    if order.to_check {
        pack.args(["-Xcompression-level", "1"]);
    }
    run(&mut pack)?;
    let mut out = File::create(file)?;
    out.write_all(&fs::read(runtime()?)?)?;
    io::copy(&mut File::open(&folder)?, &mut out)?;
    // A file that is open to be written cannot be started.
    drop(out);
    fs::set_permissions(file, fs::Permissions::from_mode(0o755))?;
    fs::remove_file(&folder)?;
    check_version(Command::new(file).env("APPIMAGE_EXTRACT_AND_RUN", "1"))
}

/// The program at the beginning of every AppImage, as a crate carries it.
fn runtime() -> anyhow::Result<PathBuf> {
    let manifest = project("packaging/appimage/Cargo.toml");
    let output = cargo(&["metadata", "--format-version", "1", "--locked", "--manifest-path"])
        .arg(&manifest)
        .output()?;
    ensure!(
        output.status.success(),
        "the crate with the AppImage's runtime cannot be fetched: {}",
        String::from_utf8_lossy(&output.stderr).trim()
    );
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let crates = metadata["packages"].as_array().context("no crates")?;
    let found = crates.iter().find(|found| found["name"] == "appimage");
    let manifest = found.and_then(|found| found["manifest_path"].as_str());
    let manifest = Path::new(manifest.context("no crate with the AppImage's runtime")?);
    let file = format!("assets/runtime-{}", std::env::consts::ARCH);
    let runtime = manifest.with_file_name(file);
    ensure!(
        runtime.is_file(),
        "there is no AppImage runtime for {}",
        std::env::consts::ARCH
    );
    Ok(runtime)
}
