//! Packages of Fedora, Red Hat and SUSE.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;

use super::package::{HOMEPAGE, MAINTAINER, Packer, Staged};
use super::{project, remove, run, version};

/// How this kind is made.
pub(super) const PACKER: Packer = Packer {
    kind: "rpm",
    pack: make,
    unpack,
};

fn make(staged: &Staged<'_>) -> anyhow::Result<PathBuf> {
    let Staged { package, order, .. } = staged;
    let work = order.directory.join("rpmbuild");
    remove(&work)?;
    fs::create_dir_all(&work)?;
    let specification = work.join("package.spec");
    fs::write(&specification, specify(staged)?)?;
    let level = if order.to_check { "w1.gzdio" } else { "w9.zstdio" };
    run(Command::new("rpmbuild")
        .arg("-bb")
        .arg("--define")
        .arg(format!("_topdir {}", work.display()))
        .args(["--define", &format!("_binary_payload {level}")])
        .arg(&specification))?;
    let machine = std::env::consts::ARCH;
    let name = format!("{}-{}-1.{machine}.rpm", package.name, version());
    let made = work.join("RPMS").join(machine).join(&name);
    let file = order.directory.join(&name);
    fs::rename(&made, &file).with_context(|| format!("{} was not made", made.display()))?;
    remove(&work)?;
    Ok(file)
}

/// What rpmbuild is to make of the folder.
fn specify(staged: &Staged<'_>) -> anyhow::Result<String> {
    let Staged { package, tree, .. } = staged;
    let mut lines = vec![
        "%global debug_package %{nil}".to_owned(),
        "%global __os_install_post %{nil}".into(),
        "%global _build_id_links none".into(),
        format!("Name: {}", package.name),
        format!("Version: {}", version()),
        "Release: 1".into(),
        format!("Summary: {}", package.summary),
        "License: MIT".into(),
        format!("URL: {HOMEPAGE}"),
        format!("Packager: {MAINTAINER}"),
        // The libraries that the programs need are found by rpmbuild; these they open by themselves.
        format!("Requires: {}", package.needs_rpm.join(", ")),
        "%description".into(),
        package.description.join("\n"),
        "%install".into(),
        format!("cp -a {}/. %{{buildroot}}/", tree.display()),
    ];
    if package.scripts {
        for script in ["pre", "post", "preun", "postun"] {
            let text = fs::read_to_string(project(&format!("packaging/rpm/{}.{script}", package.name)))?;
            lines.push(format!("%{script}\n{text}"));
        }
    }
    lines.push("%files".into());
    lines.push("%defattr(-,root,root)".into());
    let mut files = Vec::new();
    list(tree, tree, &mut files)?;
    files.sort();
    for file in files {
        let settings = package.settings.contains(&file.as_str());
        lines.push(format!(
            "{}\"{file}\"",
            if settings { "%config(noreplace) " } else { "" }
        ));
    }
    lines.push(String::new());
    Ok(lines.join("\n"))
}

/// Every file below the folder, as it is called on a system.
fn list(tree: &Path, folder: &Path, files: &mut Vec<String>) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            list(tree, &path, files)?;
        } else {
            files.push(format!("/{}", path.strip_prefix(tree)?.display()));
        }
    }
    Ok(())
}

fn unpack(file: &Path, to: &Path) -> anyhow::Result<()> {
    run(Command::new("rpm").args(["--checksig", "--nosignature"]).arg(file))?;
    let copy = to.join("package.rpm");
    fs::copy(file, &copy)?;
    run(Command::new("rpm2archive").arg(&copy))?;
    run(Command::new("tar")
        .arg("--extract")
        .arg("--file")
        .arg(to.join("package.rpm.tgz"))
        .arg("--directory")
        .arg(to))
    .map(drop)
}
