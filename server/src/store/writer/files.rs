//! Files: which are kept, and which records have or had them.

use baton_protocol::file::FileHash;
use baton_protocol::id::{RecordId, UserId};
use baton_protocol::time::Timestamp;

use sqlx::SqliteConnection;
use uuid::Uuid;

use super::{Tx, number};
use crate::store::{StoreError, StoredFile};

/// Keeps a file; one that is kept already stays as it is.
pub(super) async fn write(
    tx: &mut Tx<'_>,
    file: &StoredFile,
    thumbnail: Option<&[u8]>,
    owner: UserId,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO files (hash, size, media, thumbnail, owner) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
    )
    .bind(&file.hash.0[..])
    .bind(number(file.size))
    .bind(&file.media)
    .bind(thumbnail)
    .bind(owner.0)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The record has these files, or had them once.
pub(super) async fn write_uses(tx: &mut Tx<'_>, record: RecordId, files: &[FileHash]) -> Result<(), StoreError> {
    for hash in files {
        write_use(tx, record.0, *hash).await?;
    }
    Ok(())
}

pub(in crate::store) async fn write_use(
    connection: &mut SqliteConnection,
    record: Uuid,
    hash: FileHash,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO file_uses (record_id, hash) VALUES (?, ?) ON CONFLICT DO NOTHING")
        .bind(record)
        .bind(&hash.0[..])
        .execute(connection)
        .await?;
    Ok(())
}

/// Keeps files no more that no record has or had. What is unsaved was looked through before `since`; only what
/// was typed into after it is looked at here.
pub(super) async fn forget(tx: &mut Tx<'_>, hashes: &[FileHash], since: Timestamp) -> Result<(), StoreError> {
    for hash in hashes {
        sqlx::query(
            "DELETE FROM files WHERE hash = ?1
             AND NOT EXISTS (SELECT 1 FROM file_uses WHERE file_uses.hash = ?1)
             AND NOT EXISTS (SELECT 1 FROM forms WHERE touched_at >= ?3 AND authors <> '' AND (instr(state, ?2)
                 OR EXISTS (SELECT 1 FROM form_log l WHERE l.kind = forms.kind AND l.id = forms.id AND instr(entry, ?2))))",
        )
        .bind(&hash.0[..])
        .bind(hash.to_string())
        .bind(since.0)
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}
