//! Where the bytes of files are: a directory, by their hash.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use baton_protocol::file::FileHash;
use tokio::fs;
use tokio::sync::Mutex;

/// Where the files are; cheap to clone.
#[derive(Clone, Debug)]
pub struct FileStore {
    pub(crate) directory: PathBuf,
    /// Whether there is such a directory.
    enabled: bool,
    /// One at a time: pictures take memory, and nothing is kept while something unused is removed.
    pub(crate) turn: Arc<Mutex<()>>,
    /// Parts of one file may come from two windows at once.
    pub(crate) arriving: Arc<Mutex<()>>,
}

impl FileStore {
    /// The files of this data directory.
    #[must_use]
    pub fn new(data_dir: &Path) -> Self {
        Self {
            directory: data_dir.join("files"),
            enabled: true,
            turn: Arc::default(),
            arriving: Arc::default(),
        }
    }

    /// Keeps no files and touches no disk: a simulated server must not wait for a real one.
    #[must_use]
    pub fn disabled() -> Self {
        Self {
            enabled: false,
            ..Self::new(Path::new("/nowhere"))
        }
    }

    /// Whether files are kept at all.
    pub(crate) fn is_enabled(&self) -> bool {
        self.enabled
    }

    /// Where the bytes of this hash are.
    pub(crate) fn path(&self, hash: FileHash) -> PathBuf {
        let hash = hash.to_string();
        self.directory.join(&hash[..2]).join(hash)
    }

    /// Puts the bytes in their place, durably, and counts their age from now.
    pub(crate) async fn take(&self, from: &Path, hash: FileHash) -> io::Result<()> {
        let to = self.path(hash);
        let directory = to.parent().unwrap_or(&self.directory).to_owned();
        fs::create_dir_all(&directory).await?;
        let file = fs::OpenOptions::new().write(true).open(from).await?;
        file.sync_all().await?;
        let file = file.into_std().await;
        tokio::task::spawn_blocking(move || file.set_modified(SystemTime::now()))
            .await
            .map_err(io::Error::other)??;
        fs::rename(from, to).await?;
        // The new name must be as durable as the bytes.
        fs::File::open(directory).await?.sync_all().await
    }
}
