//! Versions of the desktop that this server hands out, so that a company hosts its own updates.
//!
//! An administrator adds a file with the signature that lies beside it; nothing is taken whose signature does not
//! fit. A server that runs sees at once what was added: everything stands in one small index.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use baton_protocol::release::{Release, Stamp, is_name};
use minisign_verify::{PublicKey, Signature};
use semver::Version;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::config::Config;
use crate::private;

/// The most bytes of a release.
const MAX_BYTES: u64 = 500 * 1024 * 1024;
/// The most releases that are kept.
const MAX_RELEASES: usize = 200;
/// The most bytes of a signature's file.
const MAX_SIGNATURE: u64 = 4096;

/// The releases in a server's data directory.
#[derive(Clone, Debug)]
pub struct Releases {
    pub(crate) directory: PathBuf,
}

/// One of them, as the index has it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// For which desktops: `stable`.
    pub channel: String,
    /// For which system and package.
    pub target: String,
    /// Which version.
    pub version: Version,
    /// Its size in bytes.
    pub size: u64,
    /// The text of its signature.
    pub signature: String,
}

impl Entry {
    /// The name of its file.
    pub(crate) fn file(&self) -> String {
        format!("{}-{}-{}", self.channel, self.target, self.version)
    }
}

impl Releases {
    /// Those in this data directory.
    #[must_use]
    pub fn new(data_dir: &Path) -> Self {
        Self {
            directory: data_dir.join("releases"),
        }
    }

    /// All of them.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn all(&self) -> anyhow::Result<Vec<Entry>> {
        match fs::read(self.index()) {
            Ok(bytes) => serde_json::from_slice(&bytes).context("the index of releases is damaged"),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(error).context("the index of releases cannot be read"),
        }
    }

    /// The newest one of a channel for a target.
    pub(crate) fn newest(&self, channel: &str, target: &str) -> anyhow::Result<Option<Release>> {
        let of_target = |entry: &Entry| entry.channel == channel && entry.target == target;
        let newest = self.all()?.into_iter().filter(of_target);
        let newest = newest.max_by(|one, other| one.version.cmp(&other.version));
        Ok(newest.map(|entry| Release {
            path: format!("/updates/files/{}", entry.file()),
            version: entry.version,
            size: entry.size,
            signature: entry.signature,
        }))
    }

    /// Takes a file, if the signature beside it is that of the key in the settings.
    ///
    /// # Errors
    /// A sentence about what is wrong with it; nothing is taken then.
    pub fn add(&self, config: &Config, file: &Path, channel: &str) -> anyhow::Result<Entry> {
        ensure!(
            is_name(channel) && channel != "files",
            "a channel is called like “stable” or “beta”: small letters, digits and hyphens"
        );
        let key = config.release_key.as_deref().context(
            "no key is set that releases must be signed with: say release-key in the settings, the line that \
             minisign prints for a public key",
        )?;
        let key =
            PublicKey::from_base64(key.trim()).map_err(|_| anyhow::anyhow!("release-key is no key of minisign"))?;
        let beside = PathBuf::from(format!("{}.minisig", file.display()));
        let signature = read_text(&beside)
            .with_context(|| format!("the signature {} must lie beside the file", beside.display()))?;
        let decoded = Signature::decode(&signature)
            .map_err(|_| anyhow::anyhow!("{} is no signature of minisign", beside.display()))?;
        let stamp: Stamp = decoded.trusted_comment().parse()?;
        let mut entries = self.all()?;
        ensure!(
            entries.len() < MAX_RELEASES,
            "there are {MAX_RELEASES} releases; remove old ones first"
        );
        private::make_directory(&self.directory)?;
        let next = self.directory.join(format!("incoming-{}", Uuid::new_v4()));
        let size = copy_proven(file, &next, &key, &decoded);
        let size = size.inspect_err(|_| drop(fs::remove_file(&next)))?;
        let entry = Entry {
            channel: channel.into(),
            target: stamp.target,
            version: stamp.version,
            size,
            signature,
        };
        fs::rename(&next, self.directory.join(entry.file()))?;
        entries.retain(|other| {
            (&other.channel, &other.target, &other.version) != (&entry.channel, &entry.target, &entry.version)
        });
        entries.push(entry.clone());
        self.write(&entries)?;
        Ok(entry)
    }

    /// Hands a version out no longer; how many files it was.
    ///
    /// # Errors
    /// If the index cannot be written.
    pub fn remove(&self, version: &Version) -> anyhow::Result<usize> {
        let (gone, stay): (Vec<_>, Vec<_>) = self.all()?.into_iter().partition(|entry| entry.version == *version);
        if gone.is_empty() {
            bail!("there is no release {version}");
        }
        // First nobody is told of them any more.
        self.write(&stay)?;
        for entry in &gone {
            fs::remove_file(self.directory.join(entry.file())).ok();
        }
        Ok(gone.len())
    }

    fn index(&self) -> PathBuf {
        self.directory.join("index.json")
    }

    fn write(&self, entries: &[Entry]) -> anyhow::Result<()> {
        private::make_directory(&self.directory)?;
        let next = self.directory.join("index.new");
        let mut file = File::create(&next)?;
        file.write_all(&serde_json::to_vec_pretty(entries)?)?;
        file.sync_all()?;
        fs::rename(&next, self.index())?;
        Ok(())
    }
}

fn read_text(file: &Path) -> anyhow::Result<String> {
    let mut text = String::new();
    File::open(file)?.take(MAX_SIGNATURE).read_to_string(&mut text)?;
    Ok(text)
}

/// Copies a file and checks its signature meanwhile: what was checked is what is kept.
fn copy_proven(from: &Path, to: &Path, key: &PublicKey, signature: &Signature) -> anyhow::Result<u64> {
    let not_signed = || {
        anyhow::anyhow!(
            "{} is not signed with the key in the settings, or was changed since",
            from.display()
        )
    };
    let mut verifier = key.verify_stream(signature).map_err(|_| not_signed())?;
    let mut source = File::open(from).with_context(|| format!("{} cannot be read", from.display()))?;
    let mut out = File::create(to)?;
    let (mut bytes, mut size) = (vec![0; 64 * 1024], 0);
    loop {
        let count = source.read(&mut bytes)?;
        if count == 0 {
            break;
        }
        let part = bytes.get(..count).unwrap_or_default();
        verifier.update(part);
        out.write_all(part)?;
        size += count as u64;
        ensure!(size <= MAX_BYTES, "{} is larger than 500 MB", from.display());
    }
    verifier.finalize().map_err(|_| not_signed())?;
    ensure!(size > 0, "{} is empty", from.display());
    out.sync_all()?;
    Ok(size)
}
