//! Accounts, and what they sign in with.

use super::*;

/// Whoever does this must be an admin at this moment.
async fn check_admin(tx: &mut Tx<'_>, by: Option<UserId>) -> Result<(), StoreError> {
    let Some(by) = by else {
        return Ok(());
    };
    let admin: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM users WHERE id = ? AND role = 'admin')")
        .bind(by.0)
        .fetch_one(&mut **tx)
        .await?;
    if admin { Ok(()) } else { Err(StoreError::RightsChanged) }
}

impl NewUser {
    pub(super) async fn run(&self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        check_admin(tx, self.by).await?;
        let written = sqlx::query(
            "INSERT INTO users (id, email, name, role, password_hash, created_at) VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(self.account.person.id.0)
        .bind(&self.account.email)
        .bind(&self.account.person.name)
        .bind(self.account.role.as_str())
        .bind(&self.password_hash)
        .bind(self.at.0)
        .execute(&mut **tx)
        .await;
        unique_or(written, StoreError::EmailTaken)
    }
}

impl UserWrite {
    pub(super) async fn run(&self, tx: &mut Tx<'_>, turn: &mut Batch<'_>) -> Result<(), StoreError> {
        check_admin(tx, self.by).await?;
        let user = self.user.0;
        let update = match &self.change {
            UserChange::Name(name) => sqlx::query("UPDATE users SET name = ? WHERE id = ?")
                .bind(name)
                .bind(user),
            UserChange::Role(role) => sqlx::query(
                "UPDATE users SET role = ?1, epoch = epoch + 1 WHERE id = ?2
                 AND (?1 = 'admin' OR EXISTS (SELECT 1 FROM users WHERE role = 'admin' AND id <> ?2))",
            )
            .bind(role.as_str())
            .bind(user),
            UserChange::PasswordHash(hash) => {
                sqlx::query("UPDATE users SET password_hash = ?, epoch = epoch + 1 WHERE id = ?")
                    .bind(hash)
                    .bind(user)
            }
        };
        if update.execute(&mut **tx).await?.rows_affected() == 0 {
            let known: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM users WHERE id = ?)")
                .bind(user)
                .fetch_one(&mut **tx)
                .await?;
            return Err(if known {
                StoreError::LastAdmin
            } else {
                StoreError::Missing
            });
        }
        match &self.change {
            UserChange::Name(name) => {
                let person = Person {
                    id: self.user,
                    name: name.clone(),
                };
                let event = Event::Renamed { person };
                turn.append(tx, self.at, Topic::Entities, Audience::Everyone, event)
                    .await
            }
            UserChange::Role(_) | UserChange::PasswordHash(_) => {
                sqlx::query("DELETE FROM tokens WHERE user_id = ?")
                    .bind(user)
                    .execute(&mut **tx)
                    .await?;
                Ok(())
            }
        }
    }
}

/// How many sign-ins of one person last at once: of more, the oldest end.
const MAX_TOKENS: i64 = 50;

impl TokenWrite {
    pub(super) async fn run(&self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        let written = sqlx::query(
            "INSERT INTO tokens (hash, user_id, created_at, expires_at)
             SELECT ?, id, ?, ? FROM users WHERE id = ? AND epoch = ?",
        )
        .bind(&self.hash)
        .bind(self.at.0)
        .bind(self.expires.0)
        .bind(self.user.0)
        .bind(number(self.epoch))
        .execute(&mut **tx)
        .await?;
        if written.rows_affected() == 0 {
            return Err(StoreError::RightsChanged);
        }
        sqlx::query(
            "DELETE FROM tokens WHERE user_id = ?1 AND (expires_at <= ?2 OR hash NOT IN
                 (SELECT hash FROM tokens WHERE user_id = ?1 ORDER BY created_at DESC, hash LIMIT ?3))",
        )
        .bind(self.user.0)
        .bind(self.at.0)
        .bind(MAX_TOKENS)
        .execute(&mut **tx)
        .await?;
        Ok(())
    }
}

pub(super) async fn revoke_token(tx: &mut Tx<'_>, hash: &[u8]) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM tokens WHERE hash = ?")
        .bind(hash)
        .execute(&mut **tx)
        .await?;
    Ok(())
}
