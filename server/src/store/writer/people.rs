//! Accounts, and what they sign in with.

use baton_protocol::id::SignInId;
use baton_protocol::person::{AccountState, FORMER_NAME, PlaceVisibility};

use sqlx::query::Query;
use sqlx::sqlite::SqliteArguments;

use super::*;
use crate::store::{SignInUse, TokenChange};

/// Whoever does this must be an admin at this moment.
pub(super) async fn check_admin(tx: &mut Tx<'_>, by: Option<UserId>) -> Result<(), StoreError> {
    let Some(by) = by else {
        return Ok(());
    };
    let admin: bool =
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM users WHERE id = ? AND role = 'admin' AND NOT deactivated)")
            .bind(by.0)
            .fetch_one(&mut **tx)
            .await?;
    if admin { Ok(()) } else { Err(StoreError::RightsChanged) }
}

impl NewUser {
    pub(super) async fn run(&self, tx: &mut Tx<'_>, turn: &mut Batch<'_>) -> Result<(), StoreError> {
        check_admin(tx, self.by).await?;
        turn.audit.push(self.audit.clone());
        let written = sqlx::query(
            "INSERT INTO users (id, email, name, role, password_hash, password_given, password_until, created_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(self.account.person.id.0)
        .bind(&self.account.email)
        .bind(&self.account.person.name)
        .bind(self.account.role.as_str())
        .bind(&self.password_hash)
        .bind(self.account.state == AccountState::PasswordGiven)
        .bind(self.password_until.map(|until| until.0))
        .bind(self.at.0)
        .execute(&mut **tx)
        .await;
        unique_or(written, StoreError::EmailTaken).map(drop)
    }
}

impl UserWrite {
    pub(super) async fn run(&self, tx: &mut Tx<'_>, turn: &mut Batch<'_>) -> Result<(), StoreError> {
        check_admin(tx, self.by).await?;
        turn.audit.push(self.audit.clone());
        let updated = self.statement().execute(&mut **tx).await;
        if unique_or(updated, StoreError::EmailTaken)?.rows_affected() == 0 {
            return Err(self.why_not(tx).await?);
        }
        self.follow(tx, turn).await
    }

    /// What changes the account, if it may be changed.
    fn statement(&self) -> Query<'_, Sqlite, SqliteArguments> {
        let user = self.user.0;
        match &self.change {
            UserChange::Name(name) => sqlx::query("UPDATE users SET name = ? WHERE id = ? AND NOT former")
                .bind(name)
                .bind(user),
            UserChange::Email(email) => sqlx::query("UPDATE users SET email = ? WHERE id = ? AND NOT former")
                .bind(email)
                .bind(user),
            UserChange::Forget => sqlx::query(
                "UPDATE users SET former = 1, name = ?1, email = lower(hex(id)), password_hash = '', second_factor = NULL,
                     hides_place = 0
                 WHERE id = ?2 AND deactivated AND NOT former",
            )
            .bind(FORMER_NAME)
            .bind(user),
            UserChange::Role(role) => sqlx::query(
                "UPDATE users SET role = ?1, epoch = epoch + 1 WHERE id = ?2 AND NOT former
                 AND (?1 = 'admin'
                     OR EXISTS (SELECT 1 FROM users WHERE role = 'admin' AND NOT deactivated AND id <> ?2))",
            )
            .bind(role.as_str())
            .bind(user),
            UserChange::PasswordHash(hash, origin) => {
                let until = match origin {
                    PasswordOrigin::Own => None,
                    PasswordOrigin::Given(until) => Some(until.0),
                };
                sqlx::query(
                    "UPDATE users SET password_hash = ?1, password_given = ?2 IS NOT NULL, password_until = ?2,
                         epoch = epoch + 1 WHERE id = ?3 AND NOT former",
                )
                .bind(hash)
                .bind(until)
                .bind(user)
            }
            UserChange::SecondFactor(before, after) => {
                sqlx::query("UPDATE users SET second_factor = ?1 WHERE id = ?2 AND second_factor IS ?3")
                    .bind(after.as_ref().map(codec::encode))
                    .bind(user)
                    .bind(before.as_ref().map(codec::encode))
            }
            UserChange::Place(place) => sqlx::query("UPDATE users SET hides_place = ? WHERE id = ?")
                .bind(*place == PlaceVisibility::Hidden)
                .bind(user),
            UserChange::Deactivate => sqlx::query(
                "UPDATE users SET deactivated = 1, epoch = epoch + 1 WHERE id = ?1
                 AND EXISTS (SELECT 1 FROM users WHERE role = 'admin' AND NOT deactivated AND id <> ?1)",
            )
            .bind(user),
            UserChange::Reactivate => {
                sqlx::query("UPDATE users SET deactivated = 0, epoch = epoch + 1 WHERE id = ? AND NOT former")
                    .bind(user)
            }
        }
    }

    /// What goes with the change.
    async fn follow(&self, tx: &mut Tx<'_>, turn: &mut Batch<'_>) -> Result<(), StoreError> {
        let user = self.user.0;
        match &self.change {
            UserChange::Name(name) => self.publish_name(tx, turn, name).await,
            UserChange::Forget => {
                sqlx::query("DELETE FROM identities WHERE user_id = ?")
                    .bind(user)
                    .execute(&mut **tx)
                    .await?;
                self.publish_name(tx, turn, FORMER_NAME).await
            }
            UserChange::Role(_) | UserChange::PasswordHash(..) | UserChange::Deactivate | UserChange::Reactivate => {
                sqlx::query("DELETE FROM tokens WHERE user_id = ?")
                    .bind(user)
                    .execute(&mut **tx)
                    .await?;
                Ok(())
            }
            UserChange::Email(_) | UserChange::SecondFactor(..) | UserChange::Place(_) => Ok(()),
        }
    }

    async fn publish_name(&self, tx: &mut Tx<'_>, turn: &mut Batch<'_>, name: &str) -> Result<(), StoreError> {
        let person = Person {
            id: self.user,
            name: name.to_owned(),
        };
        sqlx::query("UPDATE users SET name_spreads = 1 WHERE id = ?")
            .bind(self.user.0)
            .execute(&mut **tx)
            .await?;
        // Few of either; records and what was typed have their turn by and by.
        for sql in [
            "UPDATE forms SET author = json_set(author, '$.name', ?1) WHERE author ->> '$.id' = ?2",
            "UPDATE entities SET definition = json_set(definition, '$.gone.stamp.by.name', ?1)
             WHERE definition ->> '$.gone.stamp.by.id' = ?2",
            "UPDATE saves SET fields = (
                 SELECT json_group_array(CASE field.value ->> '$.author.id'
                     WHEN ?2 THEN json_set(field.value, '$.author.name', ?1) ELSE json(field.value) END)
                 FROM json_each(saves.fields) AS field)
             WHERE kind = 'entity' AND instr(fields, ?2)",
        ] {
            sqlx::query(sql)
                .bind(name)
                .bind(self.user.0.to_string())
                .execute(&mut **tx)
                .await?;
        }
        turn.append(tx, self.at, Topic::Entities, Event::Renamed { person })
            .await
    }

    /// Why the account was not changed.
    async fn why_not(&self, tx: &mut Tx<'_>) -> Result<StoreError, StoreError> {
        let known: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM users WHERE id = ? AND NOT former)")
            .bind(self.user.0)
            .fetch_one(&mut **tx)
            .await?;
        let was_changed = matches!(
            self.change,
            UserChange::SecondFactor(..) | UserChange::Forget | UserChange::Reactivate
        );
        Ok(match (known, was_changed) {
            (false, _) => StoreError::Missing,
            (true, true) => StoreError::RightsChanged,
            (true, false) => StoreError::LastAdmin,
        })
    }
}

pub(super) async fn name_is_spread(tx: &mut Tx<'_>, person: &Person) -> Result<(), StoreError> {
    sqlx::query("UPDATE users SET name_spreads = 0 WHERE id = ? AND name = ?")
        .bind(person.id.0)
        .bind(&person.name)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

impl IdentityWrite {
    pub(super) async fn run(&self, tx: &mut Tx<'_>, turn: &mut Batch<'_>) -> Result<(), StoreError> {
        let written =
            sqlx::query("INSERT INTO identities (provider, subject, user_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")
                .bind(&self.provider)
                .bind(&self.subject)
                .bind(self.user.0)
                .execute(&mut **tx)
                .await?;
        // Twice at once is no news.
        if written.rows_affected() > 0 {
            turn.audit.push(self.audit.clone());
        }
        Ok(())
    }
}

/// How many sign-ins of one person last at once: of more, the oldest end.
const MAX_TOKENS: i64 = 50;

impl TokenWrite {
    pub(super) async fn run(&self, tx: &mut Tx<'_>, turn: &mut Batch<'_>) -> Result<(), StoreError> {
        turn.audit.extend(self.audit.iter().cloned());
        if let Some((before, after)) = &self.second_factor {
            let taken = sqlx::query("UPDATE users SET second_factor = ? WHERE id = ? AND second_factor = ?")
                .bind(codec::encode(after))
                .bind(self.user.0)
                .bind(codec::encode(before))
                .execute(&mut **tx)
                .await?;
            if taken.rows_affected() == 0 {
                return Err(StoreError::RightsChanged);
            }
        }
        let written = sqlx::query(
            "INSERT INTO tokens
                 (id, hash, user_id, origin, created_at, used_at, renewed_at, expires_at, provider, provider_session)
             SELECT ?1, ?2, id, ?3, ?4, ?4, ?4, ?5, ?6, ?7 FROM users WHERE id = ?8 AND epoch = ?9 AND NOT deactivated",
        )
        .bind(self.id.0)
        .bind(&self.hash)
        .bind(codec::encode(&self.origin))
        .bind(self.at.0)
        .bind(self.expires.0)
        .bind(self.provided.as_ref().map(|by| &by.provider))
        .bind(self.provided.as_ref().and_then(|by| by.session.as_ref()))
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

/// Ends a sign-in. One that has ended already is no news to the audit.
pub(super) async fn end_sign_in(
    tx: &mut Tx<'_>,
    turn: &mut Batch<'_>,
    id: SignInId,
    audit: &NewAuditEntry,
) -> Result<(), StoreError> {
    let ended = sqlx::query("DELETE FROM tokens WHERE id = ?")
        .bind(id.0)
        .execute(&mut **tx)
        .await?;
    if ended.rows_affected() > 0 {
        turn.audit.push(audit.clone());
    }
    Ok(())
}

impl SignInUse {
    pub(super) async fn run(&self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        let update = match &self.tokens {
            TokenChange::Renew(renewed) => sqlx::query(
                "UPDATE tokens SET hash = ?3, old_hash = ?1, used_at = ?4, renewed_at = ?4
                 WHERE id = ?2 AND (hash = ?1 OR old_hash = ?1)",
            )
            .bind(&self.hash)
            .bind(self.id.0)
            .bind(renewed),
            TokenChange::EndOld => {
                sqlx::query("UPDATE tokens SET used_at = ?3, old_hash = NULL WHERE id = ?2 AND hash = ?1")
                    .bind(&self.hash)
                    .bind(self.id.0)
            }
            TokenChange::None => {
                // Another connection may have had the token replaced since.
                sqlx::query("UPDATE tokens SET used_at = ?2 WHERE id = ?1 AND expires_at > ?2").bind(self.id.0)
            }
        };
        let done = update.bind(self.at.0).execute(&mut **tx).await?;
        if done.rows_affected() == 0 {
            return Err(StoreError::Missing);
        }
        Ok(())
    }
}

pub(super) async fn write_settings(
    tx: &mut Tx<'_>,
    turn: &mut Batch<'_>,
    settings: &BTreeMap<String, String>,
    audit: Option<&NewAuditEntry>,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM settings").execute(&mut **tx).await?;
    sqlx::query("INSERT INTO settings (name, value) SELECT key, value FROM json_each(?)")
        .bind(codec::encode(settings))
        .execute(&mut **tx)
        .await?;
    turn.audit.extend(audit.cloned());
    Ok(())
}
