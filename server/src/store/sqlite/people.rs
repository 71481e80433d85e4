//! Accounts.

use baton_protocol::id::SignInId;
use baton_protocol::person::{AccountState, PlaceVisibility};

use sqlx::AssertSqlSafe;

use super::*;
use crate::store::ProvidedScope;

/// Selects sign-ins as [`sign_in_row`] reads them.
const SIGN_IN: &str = "SELECT t.id AS sign_in, t.user_id, t.origin, t.created_at AS since, t.used_at, t.renewed_at,
        t.old_hash, t.provider, t.expires_at
    FROM tokens t";

pub(in crate::store) async fn by_email(reads: &SqlitePool, email: &str) -> Result<Option<UserRow>, StoreError> {
    let row = sqlx::query("SELECT * FROM users WHERE email = ?")
        .bind(email)
        .fetch_optional(reads)
        .await?;
    row.as_ref().map(user).transpose()
}

pub(in crate::store) async fn spreading_names(reads: &SqlitePool) -> Result<Vec<Person>, StoreError> {
    let rows: Vec<(Uuid, String)> = sqlx::query_as("SELECT id, name FROM users WHERE name_spreads ORDER BY id")
        .fetch_all(reads)
        .await?;
    let person = |(id, name)| Person { id: UserId(id), name };
    Ok(rows.into_iter().map(person).collect())
}

pub(in crate::store) async fn by_token(
    reads: &SqlitePool,
    hash: &[u8],
    at: Lasting,
) -> Result<Option<(UserRow, StoredSignIn)>, StoreError> {
    let row = sqlx::query(
        "SELECT u.*, t.id AS sign_in, t.hash, t.user_id, t.origin, t.created_at AS since, t.used_at, t.renewed_at,
             t.old_hash, t.provider, t.expires_at
         FROM tokens t JOIN users u ON u.id = t.user_id
         WHERE (t.hash = ?1 OR t.old_hash = ?1) AND t.expires_at > ?2 AND t.used_at > ?3 AND NOT u.deactivated",
    )
    .bind(hash)
    .bind(at.now.0)
    .bind(at.used_after.0)
    .fetch_optional(reads)
    .await?;
    let signed_in = |row: &SqliteRow| {
        let mut sign_in = sign_in_row(row)?;
        sign_in.by_old_token = row.try_get::<&[u8], _>("hash")? != hash;
        Ok((user(row)?, sign_in))
    };
    row.as_ref().map(signed_in).transpose()
}

pub(in crate::store) async fn sign_ins(
    reads: &SqlitePool,
    user: UserId,
    at: Lasting,
) -> Result<Vec<StoredSignIn>, StoreError> {
    let rows = sqlx::query(AssertSqlSafe(format!(
        "{SIGN_IN} WHERE t.user_id = ? AND t.expires_at > ? AND t.used_at > ? ORDER BY t.created_at DESC, t.id"
    )))
    .bind(user.0)
    .bind(at.now.0)
    .bind(at.used_after.0)
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
        "SELECT u.* FROM identities i JOIN users u ON u.id = i.user_id WHERE i.provider = ? AND i.subject = ?",
    )
    .bind(provider)
    .bind(subject)
    .fetch_optional(reads)
    .await?;
    row.as_ref().map(user).transpose()
}

pub(in crate::store) async fn provided_sign_ins(
    reads: &SqlitePool,
    provider: &str,
    which: &ProvidedScope,
) -> Result<Vec<StoredSignIn>, StoreError> {
    let (subject, session, only_session) = match which {
        ProvidedScope::Subject(subject) => (Some(subject), None, false),
        ProvidedScope::Session(session) => (None, Some(session), true),
        // A sign-in whose session is not known goes with its person's.
        ProvidedScope::SubjectInSession(subject, session) => (Some(subject), Some(session), false),
    };
    let rows = sqlx::query(AssertSqlSafe(format!(
        "{SIGN_IN} WHERE t.provider = ?1
             AND (?2 IS NULL OR EXISTS (SELECT 1 FROM identities i
                 WHERE i.user_id = t.user_id AND i.provider = ?1 AND i.subject = ?2))
             AND (?3 IS NULL OR t.provider_session = ?3 OR t.provider_session IS NULL AND NOT ?4)"
    )))
    .bind(provider)
    .bind(subject)
    .bind(session)
    .bind(only_session)
    .fetch_all(reads)
    .await?;
    rows.iter().map(sign_in_row).collect()
}

pub(in crate::store) async fn sign_in(reads: &SqlitePool, id: SignInId) -> Result<Option<StoredSignIn>, StoreError> {
    let row = sqlx::query(AssertSqlSafe(format!("{SIGN_IN} WHERE t.id = ?")))
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
        since: Timestamp(row.try_get("since")?),
        used: Timestamp(row.try_get("used_at")?),
        renewed: Timestamp(row.try_get("renewed_at")?),
        expires: Timestamp(row.try_get("expires_at")?),
        has_old_token: row.try_get::<Option<&[u8]>, _>("old_hash")?.is_some(),
        by_old_token: false,
        provided: row.try_get::<Option<&str>, _>("provider")?.is_some(),
    })
}

pub(in crate::store) async fn all(reads: &SqlitePool) -> Result<Vec<UserRow>, StoreError> {
    let rows = sqlx::query("SELECT * FROM users ORDER BY name, id")
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

pub(in crate::store) async fn settings(reads: &SqlitePool) -> Result<BTreeMap<String, String>, StoreError> {
    let rows = sqlx::query_as("SELECT name, value FROM settings")
        .fetch_all(reads)
        .await?;
    Ok(rows.into_iter().collect())
}

fn user(row: &SqliteRow) -> Result<UserRow, StoreError> {
    let role: &str = row.try_get("role")?;
    let role =
        UserRole::parse(role).ok_or_else(|| sqlx::Error::Decode(format!("“{role}” is no role of a user").into()))?;
    let state = if row.try_get("former")? {
        AccountState::Former
    } else if row.try_get("deactivated")? {
        AccountState::Deactivated
    } else if row.try_get("password_given")? {
        AccountState::PasswordGiven
    } else {
        AccountState::Active
    };
    // In place of an address that was forgotten the column has something that no other account has.
    let email = if state == AccountState::Former {
        String::new()
    } else {
        row.try_get("email")?
    };
    let second_factor: Option<&str> = row.try_get("second_factor")?;
    let hides: bool = row.try_get("hides_place")?;
    Ok(UserRow {
        account: Account {
            person: Person {
                id: UserId(row.try_get("id")?),
                name: row.try_get("name")?,
            },
            email,
            role,
            state,
            second_factor: second_factor.is_some(),
            place: if hides {
                PlaceVisibility::Hidden
            } else {
                PlaceVisibility::Shown
            },
        },
        password_hash: row.try_get("password_hash")?,
        password_until: row.try_get::<Option<i64>, _>("password_until")?.map(Timestamp),
        second_factor: second_factor.map(serde_json::from_str).transpose()?,
        epoch: counter(row, "epoch")?,
    })
}
