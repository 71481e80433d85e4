//! Files that the server made, kept among the downloads of this computer.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use baton_client::Handle;
use baton_client::core::Window;
use baton_locales::t;
use baton_protocol::desktop::{Check, InstallationDetails, SaveDownload};
use baton_protocol::message::{Code, DownloadPart, FilePart, Problem};

use crate::report;

/// The longest name without its ending, in bytes.
const MAX_STEM: usize = 200;

/// Fetches the file part by part; says where it is.
pub(crate) async fn save(engine: &Handle, window: Window, call: &SaveDownload) -> Result<String, Problem> {
    let (path, mut file) = create(&call.name).map_err(|error| failed(&error))?;
    let fetched = fetch(engine, window, call, &mut file).await;
    if fetched.is_err() {
        // Half a file would look like a whole one.
        fs::remove_file(&path).ok();
    }
    fetched.map(|()| path.display().to_string())
}

/// Keeps a report among the downloads; says where it is.
pub(crate) fn save_report(details: &InstallationDetails, checks: &[Check]) -> Result<String, Problem> {
    let (path, mut file) = create("Baton report.zip").map_err(|error| failed(&error))?;
    match report::write(&mut file, details, checks, Path::new(&details.log)) {
        Ok(()) => Ok(path.display().to_string()),
        Err(error) => {
            fs::remove_file(&path).ok();
            Err(failed(&error))
        }
    }
}

/// Shows the folder of a file that was saved among the downloads.
pub(crate) async fn show(path: &str) -> Result<(), Problem> {
    let gone = || Problem::new(Code::NotFound, t::desktop::file_is_gone());
    // A page must not have any other program opened.
    let folder = fs::canonicalize(path)
        .ok()
        .and_then(|path| path.parent().map(Path::to_owned));
    let folder = folder.filter(|folder| fs::canonicalize(directory()).is_ok_and(|ours| ours == *folder));
    let folder = folder.ok_or_else(gone)?;
    let opened = tauri::async_runtime::spawn_blocking(move || open::that_detached(folder)).await;
    match opened {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(failed(&error)),
        Err(_) => Err(gone()),
    }
}

/// Where downloads go.
fn directory() -> PathBuf {
    dirs::download_dir().or_else(dirs::home_dir).unwrap_or_default()
}

async fn fetch(engine: &Handle, window: Window, call: &SaveDownload, file: &mut File) -> Result<(), Problem> {
    let mut offset = 0;
    loop {
        let source = call.source;
        let FilePart { data, size } = engine.query(window, DownloadPart { source, offset }).await?;
        let part = STANDARD.decode(data).map_err(|_| Problem::unexpected_answer())?;
        file.write_all(&part).map_err(|error| failed(&error))?;
        offset += part.len() as u64;
        if offset >= size {
            return file.flush().map_err(|error| failed(&error));
        }
        if part.is_empty() {
            return Err(Problem::unexpected_answer());
        }
    }
}

/// A new file of this name, or of one like it: nothing that is there is written over.
fn create(name: &str) -> io::Result<(PathBuf, File)> {
    let directory = directory();
    fs::create_dir_all(&directory)?;
    // What a person called an entity must not lead to another directory.
    let name: String = name
        .chars()
        .map(|c| {
            if c.is_alphanumeric() || "-_. ".contains(c) {
                c
            } else {
                '_'
            }
        })
        .collect();
    let name = name.trim_start_matches('.');
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, "txt"));
    // With its number and ending it must be a name that every system takes.
    let end = (0..=MAX_STEM.min(stem.len())).rfind(|end| stem.is_char_boundary(*end));
    let stem = &stem[..end.unwrap_or_default()];
    let mut number = 1;
    loop {
        let numbered = if number == 1 {
            format!("{stem}.{ending}")
        } else {
            format!("{stem} ({number}).{ending}")
        };
        let path = directory.join(numbered);
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(file) => return Ok((path, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && number < 1000 => number += 1,
            Err(error) => return Err(error),
        }
    }
}

fn failed(error: &io::Error) -> Problem {
    Problem::new(Code::Internal, t::desktop::file_not_kept(error))
}
