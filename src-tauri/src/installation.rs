//! How this desktop is installed: from which package, which version.

use std::path::{Path, PathBuf};

use baton_locales::t;
use semver::Version;
use serde::Deserialize;

/// What a program is packed in. The packer says it in a file beside the program.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Package {
    /// A package of Debian's kind, which an administrator installs.
    Deb,
    /// One of Red Hat's kind.
    Rpm,
    /// One file that is the program.
    AppImage,
    /// The setup program of Windows.
    Setup,
    /// A package of the Windows installer, which an administrator installs.
    Msi,
    /// A program of macOS.
    App,
}

impl Package {
    fn shown(self) -> &'static str {
        match self {
            Self::Deb => t::desktop::debian_package(),
            Self::Rpm => t::desktop::rpm_package(),
            Self::AppImage => "AppImage",
            Self::Setup => t::desktop::windows_setup(),
            Self::Msi => t::desktop::windows_installer_package(),
            Self::App => t::desktop::macos_application(),
        }
    }

    fn target(self) -> &'static str {
        match self {
            Self::Deb => "deb",
            Self::Rpm => "rpm",
            Self::AppImage => "appimage",
            Self::Setup => "setup",
            Self::Msi => "msi",
            Self::App => "app",
        }
    }
}

/// The file that the packer leaves.
#[derive(Deserialize)]
struct Packed {
    package: Package,
    version: Version,
}

/// How this program came here.
#[derive(Clone, Debug)]
pub(crate) struct Installation {
    /// None for a program that was only compiled.
    pub(crate) package: Option<Package>,
    pub(crate) version: Version,
    /// The file that is started: of an AppImage the image.
    pub(crate) program: PathBuf,
}

impl Installation {
    /// How the running program came here.
    pub(crate) fn of_this() -> Self {
        let program = std::env::current_exe().unwrap_or_default();
        let packed = packed(&program);
        let image = std::env::var_os("APPIMAGE").map(PathBuf::from);
        let is_image = packed
            .as_ref()
            .is_some_and(|packed| packed.package == Package::AppImage);
        Self {
            package: packed.as_ref().map(|packed| packed.package),
            version: packed.map_or_else(compiled, |packed| packed.version),
            program: image.filter(|_| is_image).unwrap_or(program),
        }
    }

    /// What releases for it are called.
    pub(crate) fn target(&self) -> Option<String> {
        let package = self.package?;
        let (system, processor) = (std::env::consts::OS, std::env::consts::ARCH);
        Some(format!("{system}-{processor}-{}", package.target()))
    }

    pub(crate) fn shown(&self) -> &'static str {
        self.package
            .map_or(t::desktop::built_from_its_sources(), Package::shown)
    }
}

/// The version that the program was compiled as.
fn compiled() -> Version {
    let version = env!("CARGO_PKG_VERSION").parse();
    version.unwrap_or_else(|_| Version::new(0, 0, 0))
}

/// What the packer says beside a program: `/usr/bin/x` has it in `/usr/share/baton`.
fn packed(program: &Path) -> Option<Packed> {
    let beside = program.parent()?;
    [
        "../share/baton/package.json",
        "package.json",
        "../Resources/package.json",
    ]
    .iter()
    .find_map(|place| std::fs::read(beside.join(place)).ok())
    .and_then(|bytes| serde_json::from_slice(&bytes).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_packer_left_is_found_from_the_program() {
        let directory = tempfile::tempdir().expect("a directory");
        let (programs, share) = (directory.path().join("bin"), directory.path().join("share/baton"));
        std::fs::create_dir_all(&programs).expect("made");
        std::fs::create_dir_all(&share).expect("made");
        assert!(packed(&programs.join("baton-desktop")).is_none());
        let text = "{\"package\":\"appimage\",\"version\":\"0.2.0+5\"}";
        std::fs::write(share.join("package.json"), text).expect("written");
        let found = packed(&programs.join("baton-desktop")).expect("it is there");
        assert_eq!(found.package, Package::AppImage);
        assert_eq!(found.version.to_string(), "0.2.0+5");
    }
}
