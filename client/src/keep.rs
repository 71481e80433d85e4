//! What the desktop remembers between starts: the server's address and the sign-in.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use baton_protocol::person::Account;
use serde::{Deserialize, Serialize};

/// What is remembered.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Kept {
    /// The server's address as it was written.
    pub server: Option<String>,
    /// The address that was last signed in with.
    pub email: Option<String>,
    /// Who was signed in last: what is remembered is shown before the server is reached.
    pub account: Option<Account>,
    /// Signs in without a password; revoked by signing out.
    pub token: Option<String>,
}

/// The file that it is kept in, readable by its user only.
#[derive(Clone, Debug)]
pub struct KeepFile(PathBuf);

impl KeepFile {
    /// The file in this directory.
    #[must_use]
    pub fn new(directory: &Path) -> Self {
        Self(directory.join("desktop.json"))
    }

    /// Reads it; a missing file is an empty one.
    ///
    /// # Errors
    /// If it is there and cannot be read.
    pub fn read(&self) -> io::Result<Kept> {
        match fs::read(&self.0) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(io::Error::from),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Kept::default()),
            Err(error) => Err(error),
        }
    }

    /// Writes it, whole or not at all.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&self, kept: &Kept) -> io::Result<()> {
        if let Some(directory) = self.0.parent() {
            fs::create_dir_all(directory)?;
        }
        let new = self.0.with_extension("new");
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&new)?;
        file.write_all(&serde_json::to_vec_pretty(kept)?)?;
        file.sync_all()?;
        fs::rename(&new, &self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let directory = tempfile::tempdir().expect("a directory");
        let file = KeepFile::new(&directory.path().join("deeper"));
        assert_eq!(file.read().expect("empty"), Kept::default());
        let kept = Kept {
            server: Some("127.0.0.1:7420".into()),
            token: Some("secret".into()),
            ..Kept::default()
        };
        file.write(&kept).expect("written");
        assert_eq!(file.read().expect("read"), kept);
        #[cfg(unix)]
        {
            let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&file.0).expect("there").permissions());
            assert_eq!(mode & 0o777, 0o600);
        }
    }
}
