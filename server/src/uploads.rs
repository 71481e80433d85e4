//! Files on their way: brought part by part, resumable, and gone after a day.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use baton_protocol::id::{UploadId, UserId};
use baton_protocol::job::{CHUNK, MAX_UPLOAD};
use baton_protocol::message::{Answer, Code, Problem};
use tokio::fs::{self, OpenOptions};
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _, AsyncWriteExt as _, SeekFrom};

use crate::app::App;

/// How long a file waits for what is to become of it.
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);

/// How many bytes of files of one person wait at most; what comes after them is refused.
const MAX_OF_ONE: u64 = 4 * MAX_UPLOAD;

/// How many files of one person wait at most.
const MAX_FILES: usize = 64;

/// Whether there is room for more of this person's files.
///
/// # Errors
/// There is not, or it cannot be found out.
pub(crate) async fn check_room(app: &App, owner: UserId, more: u64) -> Result<(), Problem> {
    let (files, bytes) = of_owner(app, owner).await.map_err(|error| failed(&error))?;
    if bytes + more <= MAX_OF_ONE && files <= MAX_FILES {
        return Ok(());
    }
    let why = "You have brought much today already. Try again tomorrow, or ask whoever runs the server.";
    Err(Problem::new(Code::TooLarge, why))
}

/// How many of this person's files are here, and how large they are.
async fn of_owner(app: &App, owner: UserId) -> io::Result<(usize, u64)> {
    let mine = owner.0.simple().to_string();
    let mut files = match fs::read_dir(app.config.data_dir.join("uploads")).await {
        Ok(files) => files,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((0, 0)),
        Err(error) => return Err(error),
    };
    let (mut count, mut bytes) = (0, 0);
    while let Some(file) = files.next_entry().await? {
        if file.file_name().to_string_lossy().starts_with(&mine) {
            count += 1;
            bytes += file.metadata().await?.len();
        }
    }
    Ok((count, bytes))
}

/// Where the file of this name is. Names are made here of ids, so that none leads elsewhere.
pub(crate) fn path(app: &App, owner: UserId, upload: UploadId) -> PathBuf {
    let name = format!("{}-{}", owner.0.simple(), upload.0.simple());
    app.config.data_dir.join("uploads").join(name)
}

/// Takes the next part; the answer says how much is there.
///
/// # Errors
/// It is no part of a file that may be brought, or the disk is full.
pub(crate) async fn take(
    app: &App,
    owner: UserId,
    upload: UploadId,
    offset: u64,
    data: &str,
) -> Result<Answer, Problem> {
    let part = STANDARD
        .decode(data)
        .map_err(|_| Problem::new(Code::Malformed, "A part of the file could not be read."))?;
    let path = path(app, owner, upload);
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory).await.map_err(|error| failed(&error))?;
    }
    let _arriving = app.files.arriving.lock().await;
    let file = OpenOptions::new().create(true).append(true).open(&path).await;
    let mut file = file.map_err(|error| failed(&error))?;
    let there = file.metadata().await.map_err(|error| failed(&error))?.len();
    if part.is_empty() || offset != there {
        return Ok(Answer::Uploaded(there));
    }
    let after = there + part.len() as u64;
    if part.len() > CHUNK || after > MAX_UPLOAD {
        let why = format!(
            "The file is too large: at most {} MB are taken.",
            MAX_UPLOAD / 1024 / 1024
        );
        return Err(Problem::new(Code::TooLarge, why));
    }
    if let Err(problem) = check_room(app, owner, part.len() as u64).await {
        if there == 0 {
            fs::remove_file(&path).await.ok();
        }
        return Err(problem);
    }
    let written = async {
        file.write_all(&part).await?;
        file.flush().await
    };
    if let Err(error) = written.await {
        // Half a part would shift everything after it.
        file.set_len(there).await.ok();
        return Err(failed(&error));
    }
    Ok(Answer::Uploaded(after))
}

/// Gives a part.
///
/// # Errors
/// There is no such file.
pub(crate) async fn give(path: &Path, offset: u64) -> Result<Answer, Problem> {
    let missing = |_| Problem::new(Code::NotFound, "This file is not there any more.");
    let mut file = fs::File::open(path).await.map_err(missing)?;
    let size = file.metadata().await.map_err(|error| failed(&error))?.len();
    file.seek(SeekFrom::Start(offset))
        .await
        .map_err(|error| failed(&error))?;
    let mut part = Vec::new();
    let mut rest = file.take(CHUNK as u64);
    rest.read_to_end(&mut part).await.map_err(|error| failed(&error))?;
    Ok(Answer::Part {
        data: STANDARD.encode(part),
        size,
    })
}

/// Removes what was forgotten here.
pub(crate) async fn tidy(app: &App) -> io::Result<()> {
    let directory = app.config.data_dir.join("uploads");
    let mut files = match fs::read_dir(directory).await {
        Ok(files) => files,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    while let Some(file) = files.next_entry().await? {
        let age = file.metadata().await?.modified()?.elapsed().unwrap_or_default();
        if age > KEPT {
            fs::remove_file(file.path()).await?;
        }
    }
    Ok(())
}

fn failed(error: &io::Error) -> Problem {
    tracing::error!(%error, "a file of an upload");
    Problem::new(Code::Internal, "The server could not keep the file. Try again.")
}
