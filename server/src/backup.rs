//! A copy of everything that a server keeps, made beside one that serves, checked, and back.
//!
//! A copy is whole or not there: it is made under another name and takes its own at the end.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use baton_protocol::audit::Act;
use baton_protocol::file::FileHash;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::archive::Counts;
use crate::audit;
use crate::config::Config;
use crate::file_store::FileStore;
use crate::private;
use crate::store::backup::{Contents, copy, inspect};

/// The number of this form of a copy.
const FORMAT: u64 = 1;
const DATABASE: &str = "baton.db";
/// Says that a directory is a copy, and of what.
const MANIFEST: &str = "backup.json";
/// How often a copy is begun anew because a file went while it was made.
const TRIES: usize = 3;

#[derive(Serialize, Deserialize)]
struct Manifest {
    format: u64,
    version: String,
}

/// Copies everything into a new directory; the server may be serving meanwhile. Files that an earlier copy has are not
/// copied again where the disk can give them a second name. The audit notes it.
///
/// # Errors
/// The directory is there already, the earlier one is no copy, the disk is full, or a file that a record has is missing or
/// damaged.
pub async fn backup(config: &Config, directory: &Path, earlier: Option<&Path>) -> anyhow::Result<Counts> {
    ensure!(
        !directory.exists(),
        "{} is there already; give a new directory",
        directory.display()
    );
    if let Some(earlier) = earlier {
        manifest(earlier)?;
    }
    let unfinished = partial_directory(directory)?;
    // An earlier one that did not end.
    remove(&unfinished)?;
    private::make_directory(&unfinished).with_context(|| format!("cannot make {}", unfinished.display()))?;
    let made = make(config, &unfinished, earlier).await;
    let counts = match made {
        Ok(contents) => counts(&contents),
        Err(error) => {
            remove(&unfinished)?;
            return Err(error);
        }
    };
    fs::rename(&unfinished, directory).with_context(|| format!("cannot make {}", directory.display()))?;
    audit::note_of_operator(&config.database(), Act::BackedUp)
        .await
        .context("the copy is whole, but the audit could not note it")?;
    Ok(counts)
}

async fn make(config: &Config, directory: &Path, earlier: Option<&Path>) -> anyhow::Result<Contents> {
    let (from, to) = (FileStore::new(&config.data_dir), FileStore::new(directory));
    let earlier = earlier.map(FileStore::new);
    let database = directory.join(DATABASE);
    for _ in 0..TRIES {
        remove(&database)?;
        copy(&config.database(), &database).await?;
        let contents = inspect(&database).await?;
        if copy_files(&contents, (&from, earlier.as_ref()), &to)?.is_none() {
            let manifest = Manifest {
                format: FORMAT,
                version: env!("CARGO_PKG_VERSION").into(),
            };
            write_synced(&directory.join(MANIFEST), &serde_json::to_vec_pretty(&manifest)?)?;
            File::open(&database)?.sync_all()?;
            return Ok(contents);
        }
        // It may be one that no record had any more, and that was removed meanwhile.
    }
    bail!("files that records have are not there: the server's own data is not whole")
}

/// Fills a data directory that has no database with a copy.
///
/// # Errors
/// There is data already, it is no copy, or it is damaged; what there is of a server then does not start as one. Or the
/// data is back, and the audit could not note it.
pub async fn restore(config: &Config, directory: &Path) -> anyhow::Result<Counts> {
    manifest(directory)?;
    let database = config.database();
    ensure!(
        !database.exists(),
        "there is data in {} already; give an empty directory with --data-dir",
        config.data_dir.display()
    );
    let contents = inspect(&directory.join(DATABASE)).await?;
    private::make_directory(&config.data_dir)?;
    let missing = copy_files(
        &contents,
        (&FileStore::new(directory), None),
        &FileStore::new(&config.data_dir),
    )?;
    if let Some(hash) = missing {
        bail!("the file {hash} is missing in the backup");
    }
    // Last: without it there is no server here.
    let unfinished = partial_directory(&database)?;
    fs::copy(directory.join(DATABASE), &unfinished)?;
    File::open(&unfinished)?.sync_all()?;
    fs::rename(&unfinished, &database)?;
    audit::note_of_operator(&database, Act::BackupRestored)
        .await
        .context("the data is back, but the audit could not note it")?;
    Ok(counts(&contents))
}

/// Checks that a directory is a copy that this version reads.
fn manifest(directory: &Path) -> anyhow::Result<()> {
    let manifest = fs::read(directory.join(MANIFEST));
    let manifest = manifest.with_context(|| format!("{} is no backup", directory.display()))?;
    let manifest: Manifest = serde_json::from_slice(&manifest)
        .with_context(|| format!("{} cannot be read", directory.join(MANIFEST).display()))?;
    ensure!(
        manifest.format == FORMAT,
        "Baton {} made this backup in a form that this version does not know",
        manifest.version
    );
    Ok(())
}

fn counts(contents: &Contents) -> Counts {
    let files = contents.files.len() as u64;
    Counts::from([
        ("people", contents.people),
        ("entities", contents.entities),
        ("records", contents.records),
        ("files", files),
    ])
}

/// Copies the files that the database names, reading each through; the first that is not there. One that an earlier
/// copy has gets a second name there instead, if it is as sound.
fn copy_files(
    contents: &Contents,
    (from, earlier): (&FileStore, Option<&FileStore>),
    to: &FileStore,
) -> anyhow::Result<Option<FileHash>> {
    for (hash, size) in &contents.files {
        let (source, target) = (from.path(*hash), to.path(*hash));
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent)?;
        }
        // An earlier try may have it. It goes first: under its other name it is the earlier copy's.
        remove(&target)?;
        let known = earlier.map(|earlier| earlier.path(*hash));
        if let Some(known) = known.filter(|known| is_sound(known, (*hash, *size), io::sink()).unwrap_or(false))
            && fs::hard_link(&known, &target).is_ok()
        {
            continue;
        }
        if !source.exists() {
            return Ok(Some(*hash));
        }
        let mut write = File::create_new(&target).with_context(|| format!("cannot make {}", target.display()))?;
        let sound = is_sound(&source, (*hash, *size), &mut write);
        let sound = sound.with_context(|| format!("cannot copy {}", source.display()))?;
        ensure!(sound, "the file {} is damaged", source.display());
        write.sync_all()?;
    }
    Ok(None)
}

/// Reads a file through, and writes it somewhere meanwhile; whether it is the one that it should be.
fn is_sound(file: &Path, (hash, size): (FileHash, u64), mut to: impl io::Write) -> io::Result<bool> {
    let mut read = File::open(file)?;
    let (mut digest, mut copied, mut bytes) = (Sha256::new(), 0, vec![0; 64 * 1024]);
    loop {
        let count = read.read(&mut bytes)?;
        if count == 0 {
            return Ok(copied == size && FileHash(digest.finalize().into()) == hash);
        }
        digest.update(&bytes[..count]);
        to.write_all(&bytes[..count])?;
        copied += count as u64;
    }
}

fn write_synced(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(file)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// What it is called until it is whole.
fn partial_directory(path: &Path) -> anyhow::Result<PathBuf> {
    let mut name = path.file_name().context("give the directory a name")?.to_owned();
    name.push(".unfinished");
    Ok(path.with_file_name(name))
}

fn remove(path: &Path) -> io::Result<()> {
    let removed = if path.is_dir() {
        fs::remove_dir_all(path)
    } else {
        fs::remove_file(path)
    };
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}
