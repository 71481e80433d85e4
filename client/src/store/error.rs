//! Why this computer's file cannot be used.

use super::cipher::CipherError;

/// Why the local store cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database failed.
    #[error("the file on this computer cannot be used: {0}")]
    Database(#[from] sqlx::Error),
    /// It is damaged.
    #[error("the file on this computer cannot be brought up to date: {0}")]
    Migration(sqlx::migrate::MigrateError),
    /// It is of a newer program.
    #[error("a newer version of Baton has worked with the file on this computer; please install that version again")]
    Newer,
    /// What is in it cannot be read.
    #[error("the file on this computer holds something unreadable: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// It is encrypted with a key that is not there, or cannot be encrypted.
    #[error("the file on this computer cannot be used: {0}")]
    Cipher(#[from] CipherError),
    /// A long text of what is held is not there.
    #[error("the file on this computer lacks a part of what is held")]
    Incomplete,
    /// The directory cannot be made.
    #[error("the directory on this computer cannot be used: {0}")]
    Directory(#[from] std::io::Error),
}

impl From<sqlx::migrate::MigrateError> for StoreError {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        if matches!(error, sqlx::migrate::MigrateError::VersionMissing(_)) {
            return Self::Newer;
        }
        Self::Migration(error)
    }
}

pub(super) type Result<T> = std::result::Result<T, StoreError>;
