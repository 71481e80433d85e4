//! Files on their way: brought part by part, resumable, and gone after a day.

use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use baton_locales::say;
use baton_protocol::id::{UploadId, UserId};
use baton_protocol::job::{CHUNK, MAX_UPLOAD};
use baton_protocol::message::{Code, FilePart, Problem};
use tokio::fs::{self, OpenOptions};
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _, AsyncWriteExt as _, SeekFrom};

use crate::app::App;

/// How long a file waits for what is to become of it.
const MAX_AGE: Duration = Duration::from_secs(24 * 60 * 60);

/// How many bytes of files of one person are on their way at most; what comes after them is refused.
const MAX_OF_ONE: u64 = 4 * MAX_UPLOAD;

/// How many files of one person are on their way at most.
const MAX_FILES: usize = 64;

/// How many tables that were made for one person wait to be fetched: of more, the oldest go.
const MAX_EXPORTS: usize = 16;

/// What the names of tables end in that were made for somebody. They are no files on their way.
const MADE: &str = ".made";

/// A file of somebody's, as the directory has it.
struct Found {
    path: PathBuf,
    bytes: u64,
    modified: SystemTime,
}

/// This person's files: those on their way, and those that were made for them.
async fn of_owner(app: &App, owner: UserId) -> io::Result<(Vec<Found>, Vec<Found>)> {
    let mine = owner.0.simple().to_string();
    let (mut coming, mut made) = (Vec::new(), Vec::new());
    let mut files = match fs::read_dir(app.config.data_dir.join("uploads")).await {
        Ok(files) => files,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((coming, made)),
        Err(error) => return Err(error),
    };
    while let Some(file) = files.next_entry().await? {
        let name = file.file_name();
        let name = name.to_string_lossy();
        if !name.starts_with(&mine) {
            continue;
        }
        let metadata = file.metadata().await?;
        let found = Found {
            path: file.path(),
            bytes: metadata.len(),
            modified: metadata.modified()?,
        };
        if name.ends_with(MADE) { &mut made } else { &mut coming }.push(found);
    }
    Ok((coming, made))
}

/// Whether there is room for more of this person's files on their way.
async fn check_room(app: &App, owner: UserId, new: bool, more: u64) -> Result<(), Problem> {
    let (coming, _) = of_owner(app, owner).await.map_err(|error| upload_failed(&error))?;
    let bytes: u64 = coming.iter().map(|file| file.bytes).sum();
    if bytes + more <= MAX_OF_ONE && coming.len() + usize::from(new) <= MAX_FILES {
        return Ok(());
    }
    let why = say::server::too_many_on_their_way(MAX_FILES, MAX_OF_ONE / 1024 / 1024);
    Err(Problem::new(Code::TooLarge, why))
}

/// Removes the oldest tables that were made for this person, so that there is room for one more.
///
/// # Errors
/// The disk failed.
pub(crate) async fn make_room_for_export(app: &App, owner: UserId) -> Result<(), Problem> {
    let (_, mut made) = of_owner(app, owner).await.map_err(|error| upload_failed(&error))?;
    made.sort_by_key(|file| file.modified);
    let over = (made.len() + 1).saturating_sub(MAX_EXPORTS);
    for file in &made[..over] {
        fs::remove_file(&file.path)
            .await
            .map_err(|error| upload_failed(&error))?;
    }
    Ok(())
}

/// Where the file of this name is. Names are made here of ids, so that none leads elsewhere.
pub(crate) fn path(app: &App, owner: UserId, upload: UploadId) -> PathBuf {
    let name = format!("{}-{}", owner.0.simple(), upload.0.simple());
    app.config.data_dir.join("uploads").join(name)
}

/// Where a table is that is made for somebody under this name.
pub(crate) fn export_path(app: &App, owner: UserId, upload: UploadId) -> PathBuf {
    let name = format!("{}-{}{MADE}", owner.0.simple(), upload.0.simple());
    app.config.data_dir.join("uploads").join(name)
}

/// Removes what was made for people who may do something else from now on: it may have what is not theirs to see any more
/// (semantics 7.2).
pub(crate) async fn forget_exports(app: &App, owners: impl IntoIterator<Item = UserId>) {
    for owner in owners {
        match of_owner(app, owner).await {
            Ok((_, made)) => {
                for file in made {
                    remove(&file.path).await;
                }
            }
            Err(error) => tracing::error!(%error, "tables that were made for somebody cannot be removed"),
        }
    }
}

/// Where the file of this name is, made for somebody or brought by them.
pub(crate) fn made_or_brought(app: &App, owner: UserId, upload: UploadId) -> PathBuf {
    let made = export_path(app, owner, upload);
    if made.exists() { made } else { path(app, owner, upload) }
}

/// Appends the next part; returns how much is there then.
///
/// # Errors
/// It is no part of a file that may be brought, or the disk is full.
pub(crate) async fn append(
    app: &App,
    owner: UserId,
    upload: UploadId,
    offset: u64,
    data: &str,
) -> Result<u64, Problem> {
    let part = STANDARD
        .decode(data)
        .map_err(|_| Problem::new(Code::Malformed, say::server::a_part_of_the()))?;
    let path = path(app, owner, upload);
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory)
            .await
            .map_err(|error| upload_failed(&error))?;
    }
    let _arriving = app.files.arriving.lock().await;
    let there = match fs::metadata(&path).await {
        Ok(metadata) => Some(metadata.len()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(upload_failed(&error)),
    };
    // A file of no bytes is one, too, but nothing is made for whoever only asks.
    let new = there.is_none();
    let there = there.unwrap_or(0);
    if offset != there || (part.is_empty() && !new) {
        return Ok(there);
    }
    let after = there + part.len() as u64;
    if part.len() > CHUNK || after > MAX_UPLOAD {
        let why = say::server::file_too_large(MAX_UPLOAD / 1024 / 1024);
        return Err(Problem::new(Code::TooLarge, why));
    }
    check_room(app, owner, new, part.len() as u64).await?;
    let file = OpenOptions::new().create(true).append(true).open(&path).await;
    let mut file = file.map_err(|error| upload_failed(&error))?;
    let written = async {
        file.write_all(&part).await?;
        file.flush().await
    };
    if let Err(error) = written.await {
        // Half a part would shift everything after it.
        file.set_len(there).await.ok();
        return Err(upload_failed(&error));
    }
    Ok(after)
}

/// Reads a part.
///
/// # Errors
/// There is no such file.
pub(crate) async fn read_part(path: &Path, offset: u64) -> Result<FilePart, Problem> {
    let missing = |_| Problem::new(Code::NotFound, say::server::this_file_is_not());
    let mut file = fs::File::open(path).await.map_err(missing)?;
    let size = file.metadata().await.map_err(|error| upload_failed(&error))?.len();
    file.seek(SeekFrom::Start(offset))
        .await
        .map_err(|error| upload_failed(&error))?;
    let mut part = Vec::new();
    let mut rest = file.take(CHUNK as u64);
    rest.read_to_end(&mut part)
        .await
        .map_err(|error| upload_failed(&error))?;
    Ok(FilePart {
        data: STANDARD.encode(part),
        size,
    })
}

/// What was brought was used up.
pub(crate) async fn remove(path: &Path) {
    if let Err(error) = fs::remove_file(path).await {
        tracing::warn!(%error, "a file that was used up stays until tomorrow");
    }
}

/// Removes what was forgotten here.
pub(crate) async fn remove_old(app: &App) -> io::Result<()> {
    let directory = app.config.data_dir.join("uploads");
    let mut files = match fs::read_dir(directory).await {
        Ok(files) => files,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    while let Some(file) = files.next_entry().await? {
        let age = file.metadata().await?.modified()?.elapsed().unwrap_or_default();
        if age > MAX_AGE {
            fs::remove_file(file.path()).await?;
        }
    }
    Ok(())
}

fn upload_failed(error: &io::Error) -> Problem {
    tracing::error!(%error, "a file of an upload");
    Problem::new(Code::Internal, say::server::the_server_could_not_keep())
}
