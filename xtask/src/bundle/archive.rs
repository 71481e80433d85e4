//! The server and the command line in one archive, for systems without packages of ours.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use super::package::PACKAGES;
use super::{Order, remove, run, version};

/// Makes it; where it is.
pub(super) fn make(order: &Order) -> anyhow::Result<PathBuf> {
    let name = format!("baton-server-{}-{}", version(), std::env::consts::ARCH);
    let folder = order.directory.join("archive");
    let tree = folder.join(&name);
    for package in PACKAGES.iter().filter(|package| package.name != "baton-desktop") {
        let staged = folder.join(package.name);
        package.stage(&staged, order, "archive")?;
        run(Command::new("cp")
            .arg("--archive")
            .arg("--no-target-directory")
            .arg(&staged)
            .arg(&tree))?;
        remove(&staged)?;
    }
    let file = order.directory.join(format!("{name}.tar.xz"));
    let level = if order.to_check { 0 } else { 1 };
    run(Command::new("tar")
        .args(["--create", "--sort=name", "--owner=root:0", "--group=root:0"])
        .arg(format!("--use-compress-program=xz --x86 --lzma2=preset={level}"))
        .arg("--file")
        .arg(&file)
        .arg("--directory")
        .arg(&folder)
        .arg(&name))?;
    fs::remove_dir_all(&folder)?;
    Ok(file)
}
