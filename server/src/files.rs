//! Files that fields hold: kept under their hash for as long as a record or its history has them.

mod inspect;

use std::io;
use std::path::Path;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use baton_locales::say;
use baton_protocol::file::{FileHash, FileRef, name_of, size_text};
use baton_protocol::id::{UploadId, UserId};
use baton_protocol::message::{Code, Problem};
use tokio::fs;

use crate::app::App;
use crate::batch::BatchSize;
use crate::store::{StoredFile, Write};
use crate::uploads;
use inspect::Rejected;

/// How long a file that no record has is kept: it may be in text that a desktop holds while it is away.
const MAX_UNUSED_AGE: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Stores a file that was uploaded.
///
/// # Errors
/// It is not there, it is not what its name says, or the disk is full.
pub(crate) async fn commit(app: &App, owner: UserId, upload: UploadId, name: &str) -> Result<FileRef, Problem> {
    let path = uploads::path(app, owner, upload);
    let name = name_of(name);
    // One at a time: two that each have room may have none together.
    let turn = app.files.turn.lock().await;
    let used = app.store.bytes_of(owner).await?;
    let coming = fs::metadata(&path).await.map_or(0, |metadata| metadata.len());
    let most = app.config.max_file_bytes;
    if used.saturating_add(coming) > most {
        let why = say::server::brought_too_much(size_text(used), size_text(most));
        return Err(Problem::new(Code::TooLarge, why));
    }
    let inspected = {
        let (path, name) = (path.clone(), name.clone());
        tokio::task::spawn_blocking(move || inspect::inspect(&path, &name)).await
    };
    let (stored, thumbnail) = match inspected {
        Ok(Ok(inspected)) => inspected,
        Ok(Err(Rejected::Unreadable(error))) if error.kind() == io::ErrorKind::NotFound => {
            return Err(Problem::new(Code::NotFound, say::server::this_file_did_not()));
        }
        Ok(Err(Rejected::NotAsNamed(why))) => {
            fs::remove_file(&path).await.ok();
            return Err(Problem::new(Code::Malformed, why));
        }
        Ok(Err(Rejected::Unreadable(error))) => return Err(not_kept(&error)),
        Err(error) => return Err(not_kept(&io::Error::other(error))),
    };
    app.files
        .take(&path, stored.hash)
        .await
        .map_err(|error| not_kept(&error))?;
    let file = FileRef {
        hash: stored.hash,
        size: stored.size,
        media: stored.media.clone(),
        name,
    };
    let write = Write::File(stored, thumbnail, owner);
    app.store.write(write).await?;
    drop(turn);
    Ok(file)
}

/// A small picture of a file.
///
/// # Errors
/// The store failed.
pub(crate) async fn thumbnail(app: &App, hash: FileHash) -> Result<Option<String>, Problem> {
    let small = app.store.thumbnail(hash).await?;
    Ok(small.map(|small| STANDARD.encode(small)))
}

/// Removes what no record has had for long.
pub(crate) async fn remove_unused(app: &App) -> anyhow::Result<()> {
    let mut old = Vec::new();
    let directory = app.files.directory.clone();
    let found = tokio::task::spawn_blocking(move || old_files(&directory, &mut old).map(|()| old)).await??;
    if found.is_empty() {
        return Ok(());
    }
    // What is typed from now on is looked at when the file goes.
    let since = app.clock.now();
    let in_drafts = app.store.files_in_drafts().await?;
    let unused: Vec<FileHash> = found.into_iter().filter(|hash| !in_drafts.contains(hash)).collect();
    let mut batch = BatchSize::new(10, 2);
    let mut rest = unused.as_slice();
    while !rest.is_empty() {
        let (hashes, after) = rest.split_at(rest.len().min(batch.get() as usize));
        rest = after;
        let _turn = app.files.turn.lock().await;
        batch
            .write(&app.store, Write::ForgetFiles(hashes.to_vec(), since))
            .await?;
        let used: Vec<StoredFile> = app.store.files(hashes).await?;
        for hash in hashes
            .iter()
            .filter(|hash| !used.iter().any(|file| file.hash == **hash))
        {
            fs::remove_file(app.files.path(*hash)).await?;
        }
    }
    Ok(())
}

fn old_files(directory: &Path, old: &mut Vec<FileHash>) -> io::Result<()> {
    let entries = match std::fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            old_files(&entry.path(), old)?;
        } else if let Ok(hash) = entry.file_name().to_string_lossy().parse() {
            let age = entry.metadata()?.modified()?.elapsed().unwrap_or_default();
            if age > MAX_UNUSED_AGE {
                old.push(hash);
            }
        }
    }
    Ok(())
}

fn not_kept(error: &io::Error) -> Problem {
    tracing::error!(%error, "a file could not be kept");
    Problem::new(Code::Internal, say::server::the_server_could_not_keep())
}
