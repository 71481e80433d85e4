//! Accounts.

use super::*;

pub(in crate::store) async fn by_email(reads: &SqlitePool, email: &str) -> Result<Option<UserRow>, StoreError> {
    let row = sqlx::query("SELECT id, email, name, role, password_hash, epoch FROM users WHERE email = ?")
        .bind(email)
        .fetch_optional(reads)
        .await?;
    row.as_ref().map(user).transpose()
}

pub(in crate::store) async fn by_token(
    reads: &SqlitePool,
    hash: &[u8],
    now: Timestamp,
) -> Result<Option<UserRow>, StoreError> {
    let row = sqlx::query(
        "SELECT u.id, u.email, u.name, u.role, u.password_hash, u.epoch
         FROM tokens t JOIN users u ON u.id = t.user_id WHERE t.hash = ? AND t.expires_at > ?",
    )
    .bind(hash)
    .bind(now.0)
    .fetch_optional(reads)
    .await?;
    row.as_ref().map(user).transpose()
}

pub(in crate::store) async fn all(reads: &SqlitePool) -> Result<Vec<UserRow>, StoreError> {
    let rows = sqlx::query("SELECT id, email, name, role, password_hash, epoch FROM users ORDER BY name, id")
        .fetch_all(reads)
        .await?;
    rows.iter().map(user).collect()
}

pub(in crate::store) async fn any(reads: &SqlitePool) -> Result<bool, StoreError> {
    let any: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM users)")
        .fetch_one(reads)
        .await?;
    Ok(any)
}

fn user(row: &SqliteRow) -> Result<UserRow, StoreError> {
    let role: &str = row.try_get("role")?;
    let role =
        UserRole::parse(role).ok_or_else(|| sqlx::Error::Decode(format!("“{role}” is no role of a user").into()))?;
    Ok(UserRow {
        account: Account {
            person: Person {
                id: UserId(row.try_get("id")?),
                name: row.try_get("name")?,
            },
            email: row.try_get("email")?,
            role,
        },
        password_hash: row.try_get("password_hash")?,
        epoch: counter(row, "epoch")?,
    })
}
