//! Accounts.

use baton_protocol::id::SignInId;
use baton_protocol::person::AccountState;

use super::*;

pub(in crate::store) async fn by_email(reads: &SqlitePool, email: &str) -> Result<Option<UserRow>, StoreError> {
    let row = sqlx::query(
        "SELECT id, email, name, role, password_hash, password_given, deactivated, epoch FROM users WHERE email = ?",
    )
    .bind(email)
    .fetch_optional(reads)
    .await?;
    row.as_ref().map(user).transpose()
}

pub(in crate::store) async fn by_token(
    reads: &SqlitePool,
    hash: &[u8],
    now: Timestamp,
) -> Result<Option<(UserRow, StoredSignIn)>, StoreError> {
    let row = sqlx::query(
        "SELECT u.id, u.email, u.name, u.role, u.password_hash, u.password_given, u.deactivated, u.epoch,
             t.id AS sign_in, t.user_id, t.origin, t.created_at, t.used_at
         FROM tokens t JOIN users u ON u.id = t.user_id
         WHERE t.hash = ? AND t.expires_at > ? AND NOT u.deactivated",
    )
    .bind(hash)
    .bind(now.0)
    .fetch_optional(reads)
    .await?;
    let signed_in = |row: &SqliteRow| Ok((user(row)?, sign_in_row(row)?));
    row.as_ref().map(signed_in).transpose()
}

pub(in crate::store) async fn sign_ins(
    reads: &SqlitePool,
    user: UserId,
    now: Timestamp,
) -> Result<Vec<StoredSignIn>, StoreError> {
    let rows = sqlx::query(
        "SELECT id AS sign_in, user_id, origin, created_at, used_at FROM tokens WHERE user_id = ? AND expires_at > ?
         ORDER BY created_at DESC, id",
    )
    .bind(user.0)
    .bind(now.0)
    .fetch_all(reads)
    .await?;
    rows.iter().map(sign_in_row).collect()
}

pub(in crate::store) async fn by_identity(
    reads: &SqlitePool,
    provider: &str,
    subject: &str,
) -> Result<Option<UserRow>, StoreError> {
    let row = sqlx::query(
        "SELECT u.id, u.email, u.name, u.role, u.password_hash, u.password_given, u.deactivated, u.epoch
         FROM identities i JOIN users u ON u.id = i.user_id WHERE i.provider = ? AND i.subject = ?",
    )
    .bind(provider)
    .bind(subject)
    .fetch_optional(reads)
    .await?;
    row.as_ref().map(user).transpose()
}

pub(in crate::store) async fn provided_sign_ins(
    reads: &SqlitePool,
    (provider, subject): (&str, &str),
    session: Option<&str>,
) -> Result<Vec<StoredSignIn>, StoreError> {
    let rows = sqlx::query(
        "SELECT t.id AS sign_in, t.user_id, t.origin, t.created_at, t.used_at
         FROM tokens t JOIN identities i ON i.user_id = t.user_id AND i.provider = t.provider
         WHERE i.provider = ?1 AND i.subject = ?2
             AND (?3 IS NULL OR t.provider_session IS NULL OR t.provider_session = ?3)",
    )
    .bind(provider)
    .bind(subject)
    .bind(session)
    .fetch_all(reads)
    .await?;
    rows.iter().map(sign_in_row).collect()
}

pub(in crate::store) async fn sign_in(reads: &SqlitePool, id: SignInId) -> Result<Option<StoredSignIn>, StoreError> {
    let row = sqlx::query("SELECT id AS sign_in, user_id, origin, created_at, used_at FROM tokens WHERE id = ?")
        .bind(id.0)
        .fetch_optional(reads)
        .await?;
    row.as_ref().map(sign_in_row).transpose()
}

fn sign_in_row(row: &SqliteRow) -> Result<StoredSignIn, StoreError> {
    let origin: &str = row.try_get("origin")?;
    Ok(StoredSignIn {
        id: SignInId(row.try_get("sign_in")?),
        user: UserId(row.try_get("user_id")?),
        origin: serde_json::from_str(origin)?,
        since: Timestamp(row.try_get("created_at")?),
        used: Timestamp(row.try_get("used_at")?),
    })
}

pub(in crate::store) async fn all(reads: &SqlitePool) -> Result<Vec<UserRow>, StoreError> {
    let rows = sqlx::query(
        "SELECT id, email, name, role, password_hash, password_given, deactivated, epoch FROM users ORDER BY name, id",
    )
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
    let (deactivated, given) = (row.try_get("deactivated")?, row.try_get("password_given")?);
    let state = match (deactivated, given) {
        (true, _) => AccountState::Deactivated,
        (false, true) => AccountState::PasswordGiven,
        (false, false) => AccountState::Active,
    };
    Ok(UserRow {
        account: Account {
            person: Person {
                id: UserId(row.try_get("id")?),
                name: row.try_get("name")?,
            },
            email: row.try_get("email")?,
            role,
            state,
        },
        password_hash: row.try_get("password_hash")?,
        epoch: counter(row, "epoch")?,
    })
}
