//! Signatures of what is handed out, by minisign; and the hooks for what Windows and macOS ask for besides.
//!
//! The signature's comment says which version it is and for which system: a desktop takes nothing else for its update.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, ensure};

use super::appimage::next_version;
use super::{run, version};
use crate::build::{say, target};
use crate::tools::need;

/// Whoever signs.
pub(super) struct Signer {
    secret: PathBuf,
    public: String,
    /// Whether the keys are made for this machine's tests.
    for_tests: bool,
}

impl Signer {
    /// With the keys that the environment names; for tests with keys that are made here. None without any.
    ///
    /// # Errors
    /// If the keys cannot be used.
    pub(super) fn of_environment(for_tests: bool) -> anyhow::Result<Option<Self>> {
        let secret = std::env::var_os("BATON_SIGNING_KEY").map(PathBuf::from);
        if secret.is_none() && !for_tests {
            return Ok(None);
        }
        need("minisign", "minisign")?;
        let (secret, public) = match secret.filter(|_| !for_tests) {
            Some(secret) => {
                let public = std::env::var("BATON_SIGNING_PUBLIC_KEY")
                    .context("BATON_SIGNING_PUBLIC_KEY must be the public key that goes with BATON_SIGNING_KEY")?;
                (secret, public)
            }
            None => test_keys()?,
        };
        Ok(Some(Self {
            secret,
            public,
            for_tests,
        }))
    }

    /// Signs what desktops install, and the checksums of everything; each signature lies beside its file.
    ///
    /// # Errors
    /// If one cannot be signed.
    pub(super) fn sign(&self, made: &[PathBuf], sums: &Path) -> anyhow::Result<()> {
        self.sign_as(sums, version(), "checksums")?;
        for file in made {
            if let Some(target) = target_of(file) {
                self.sign_as(file, version(), &target)?;
            }
        }
        if self.for_tests {
            let folder = made.first().and_then(|file| file.parent()).context("a folder")?;
            let next = fs::read_dir(folder.join("next"))?;
            for file in next.flatten().map(|entry| entry.path()) {
                if let Some(target) = target_of(&file) {
                    self.sign_as(&file, &next_version(), &target)?;
                }
            }
            fs::write(folder.join("test-release.pub"), &self.public)?;
            say("  signed with keys for this machine's tests");
        }
        Ok(())
    }

    fn sign_as(&self, file: &Path, version: &str, target: &str) -> anyhow::Result<()> {
        let mut sign = Command::new("minisign");
        sign.arg("-S").arg("-s").arg(&self.secret);
        sign.arg("-t")
            .arg(format!("baton {version} {target}"))
            .arg("-m")
            .arg(file);
        match std::env::var("BATON_SIGNING_PASSWORD").ok().filter(|_| !self.for_tests) {
            None => run(&mut sign).map(drop),
            Some(password) => {
                use std::io::Write as _;
                let mut child = sign.stdin(Stdio::piped()).stdout(Stdio::null()).spawn()?;
                let mut input = child.stdin.take().context("minisign asks nothing")?;
                writeln!(input, "{password}")?;
                drop(input);
                ensure!(child.wait()?.success(), "{} cannot be signed", file.display());
                Ok(())
            }
        }
    }
}

/// Compiles desktops so that they know whose updates they take.
pub(super) fn set_release_key(compiler: &mut Command, signer: Option<&Signer>) {
    if let Some(signer) = signer {
        compiler.env("BATON_RELEASE_KEY", &signer.public);
    }
}

/// For what a file is, as desktops ask for it.
fn target_of(file: &Path) -> Option<String> {
    let name = file.file_name()?.to_str()?;
    let machine = std::env::consts::ARCH;
    let (system, package) = match name {
        _ if name.ends_with(".AppImage") => ("linux", "appimage"),
        _ if name.ends_with("-setup.exe") => ("windows", "setup"),
        _ if name.ends_with(".msi") => ("windows", "msi"),
        _ if name.starts_with("baton-desktop") && name.ends_with(".deb") => ("linux", "deb"),
        _ if name.starts_with("baton-desktop") && name.ends_with(".rpm") => ("linux", "rpm"),
        _ => return None,
    };
    Some(format!("{system}-{machine}-{package}"))
}

/// Keys that are worth nothing but here.
fn test_keys() -> anyhow::Result<(PathBuf, String)> {
    let folder = target().join("bundle/test-keys");
    let (secret, public) = (folder.join("secret.key"), folder.join("public.key"));
    if !secret.is_file() {
        fs::create_dir_all(&folder)?;
        run(Command::new("minisign")
            .args(["-G", "-W", "-f", "-p"])
            .arg(&public)
            .arg("-s")
            .arg(&secret))?;
    }
    let text = fs::read_to_string(&public)?;
    let key = text.lines().nth(1).context("minisign made no key")?;
    Ok((secret, key.to_owned()))
}

/// Runs what signs a program in the way that its system asks for, if the environment names it: a command that takes
/// the file (`BATON_SIGN_WINDOWS`).
///
/// # Errors
/// If it fails.
pub(super) fn sign_for_system(variable: &str, file: &Path) -> anyhow::Result<()> {
    match std::env::var_os(variable) {
        None => Ok(()),
        Some(command) => {
            let status = Command::new(&command).arg(file).status()?;
            ensure!(
                status.success(),
                "{} could not sign {}",
                command.display(),
                file.display()
            );
            Ok(())
        }
    }
}
