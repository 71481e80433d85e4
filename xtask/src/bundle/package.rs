//! What is in each package of Linux, whatever kind of package it becomes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::ensure;

use super::{Order, check_version, compressed, packed_as, place, project, remove, run, version, write};

/// A package.
pub(super) struct Package {
    pub(super) name: &'static str,
    /// Where Debian lists it.
    pub(super) section: &'static str,
    /// What it needs, as Debian calls it.
    pub(super) needs_deb: &'static str,
    /// What it needs, as Fedora calls it.
    pub(super) needs_rpm: &'static [&'static str],
    pub(super) summary: &'static str,
    pub(super) description: &'static [&'static str],
    pub(super) programs: &'static [&'static str],
    /// From the project's folder, to where, for everybody to read.
    pub(super) files: &'static [(&'static str, &'static str)],
    /// Files that an administrator changes.
    pub(super) settings: &'static [&'static str],
    /// Whether it has scripts of its own.
    pub(super) scripts: bool,
}

pub(super) const HOMEPAGE: &str = "https://example.com/baton";
pub(super) const MAINTAINER: &str = "The Baton developers <baton@example.com>";

pub(super) static PACKAGES: [Package; 3] = [
    Package {
        name: DESKTOP,
        section: "misc",
        needs_deb: "libc6 (>= @glibc@), libgtk-3-0 | libgtk-3-0t64, libwebkit2gtk-4.1-0, ca-certificates",
        needs_rpm: &["gtk3", "webkit2gtk4.1", "ca-certificates"],
        summary: "edit structured records together, live",
        description: &[
            "Whoever opens a record first edits it; everyone after sees each",
            "keystroke, and the next in line takes over with the unsaved text.",
            "Without the server one works on; it is merged when it is back.",
        ],
        programs: &["baton-desktop"],
        files: &[
            ("packaging/linux/baton.desktop", "usr/share/applications/baton.desktop"),
            ("icons/32x32.png", "usr/share/icons/hicolor/32x32/apps/baton.png"),
            ("icons/128x128.png", "usr/share/icons/hicolor/128x128/apps/baton.png"),
            ("icons/256x256.png", "usr/share/icons/hicolor/256x256/apps/baton.png"),
            ("icons/baton.svg", "usr/share/icons/hicolor/scalable/apps/baton.svg"),
            (
                "packaging/linux/desktop.toml",
                "usr/share/doc/baton-desktop/desktop.toml",
            ),
        ],
        settings: &[],
        scripts: false,
    },
    Package {
        name: "baton-server",
        section: "net",
        needs_deb: "libc6 (>= @glibc@), adduser",
        needs_rpm: &["shadow-utils"],
        summary: "shared server of Baton desktops",
        description: &[
            "Keeps collections of records, who edits what, drafts and files, and tells",
            "every desktop of each change. One program, one SQLite file; a reverse proxy",
            "with TLS belongs before it.",
        ],
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
        needs_deb: "libc6 (>= @glibc@), ca-certificates",
        needs_rpm: &["ca-certificates"],
        summary: "Baton's collections and records by script",
        description: &[
            "Lists, changes, imports and exports what a Baton server keeps, as JSON,",
            "with exit codes that a script can decide by.",
        ],
        programs: &["baton"],
        files: &[],
        settings: &[],
        scripts: false,
    },
];

pub(super) const DESKTOP: &str = "baton-desktop";

/// A package put together in a folder, as it is to lie on a system.
pub(super) struct Staged<'a> {
    pub(super) package: &'a Package,
    pub(super) tree: PathBuf,
    pub(super) order: &'a Order,
}

/// A kind of package: what it is called, how it is packed, and how it is unpacked again.
pub(super) struct Packer {
    /// What a desktop says of its package.
    pub(super) kind: &'static str,
    pub(super) pack: fn(&Staged<'_>) -> anyhow::Result<PathBuf>,
    pub(super) unpack: fn(&Path, &Path) -> anyhow::Result<()>,
}

impl Package {
    /// Makes it and proves it: what is in it runs. Answers where it is.
    pub(super) fn make(&self, order: &Order, packer: &Packer) -> anyhow::Result<PathBuf> {
        let staged = Staged {
            package: self,
            tree: order.directory.join(format!("{}.{}", self.name, packer.kind)),
            order,
        };
        self.stage(&staged.tree, order, packer.kind)?;
        let file = (packer.pack)(&staged)?;
        let proof = order.directory.join(format!("{}.proof", packer.kind));
        remove(&proof)?;
        fs::create_dir_all(&proof)?;
        (packer.unpack)(&file, &proof)?;
        for program in self.programs {
            check_version(&mut Command::new(proof.join("usr/bin").join(program)))?;
        }
        for (_, to) in self.files {
            ensure!(proof.join(to).is_file(), "{to} is not in {}", file.display());
        }
        remove(&proof)?;
        remove(&staged.tree)?;
        Ok(file)
    }

    /// Puts it together in this folder.
    pub(super) fn stage(&self, tree: &Path, order: &Order, kind: &str) -> anyhow::Result<()> {
        remove(tree)?;
        for program in self.programs {
            let packed = tree.join("usr/bin").join(program);
            place(&order.programs.join(program), &packed, 0o755)?;
            run(Command::new("strip").arg("--strip-all").arg(&packed))?;
            pages(program, &packed, tree)?;
        }
        for (from, to) in self.files {
            place(&project(from), &tree.join(to), 0o644)?;
        }
        if self.name == DESKTOP {
            write(&tree.join("usr/share/baton/package.json"), &packed_as(kind, version()))?;
        }
        let documents = tree.join("usr/share/doc").join(self.name);
        place(&project("LICENSE"), &documents.join("copyright"), 0o644)?;
        compressed(&project("CHANGELOG.md"), &documents.join("NEWS.md.gz"))
    }
}

/// The desktop's package.
pub(super) fn desktop() -> &'static Package {
    &PACKAGES[0]
}

/// The manual page and the completions that a program makes of itself.
fn pages(program: &str, packed: &Path, tree: &Path) -> anyhow::Result<()> {
    let manual = tree.join(format!("usr/share/man/man1/{program}.1.gz"));
    if program == DESKTOP {
        return compressed(&project("packaging/linux/baton-desktop.1"), &manual);
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
        write(&tree.join(file), &completions)?;
    }
    Ok(())
}
