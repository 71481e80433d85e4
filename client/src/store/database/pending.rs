//! What is pending, and must survive whatever becomes of the program (G7).

use std::collections::BTreeMap;
use std::sync::{MutexGuard, PoisonError};

use baton_protocol::id::FormKey;

use super::{Database, MAX_STEMS, scope_for_writing, text};
use crate::core::{PendingForm, Scope};
use crate::store::UnwrittenForms;
use crate::store::error::{Result, StoreError};
use crate::store::stems::{Stems, StoredPending, stored};

impl Database {
    /// Everything that is held for this server and person.
    ///
    /// # Errors
    /// If the file cannot be used.
    pub async fn pending_forms(&self, scope: &Scope) -> Result<Vec<PendingForm>> {
        let id = self.scope(scope).await?;
        let rows: Vec<(String, Vec<u8>)> = sqlx::query_as("SELECT form, state FROM held WHERE scope = ?")
            .bind(id)
            .fetch_all(&self.pool)
            .await?;
        let mut all = Vec::with_capacity(rows.len());
        for (form, state) in rows {
            let stems: Vec<(String, Vec<u8>)> =
                sqlx::query_as("SELECT field, text FROM stems WHERE scope = ? AND form = ?")
                    .bind(id)
                    .bind(&form)
                    .fetch_all(&self.pool)
                    .await?;
            let stems: Stems = stems
                .into_iter()
                .map(|(field, text)| Ok((field, self.cipher.open(&text)?)))
                .collect::<Result<_>>()?;
            let stored: StoredPending = self.unseal(&state)?;
            all.push(stored.restored(&stems).ok_or(StoreError::Incomplete)?);
        }
        Ok(all)
    }

    fn stems(&self) -> MutexGuard<'_, BTreeMap<(i64, FormKey), Stems>> {
        self.stems.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Holds all of it, or nothing.
    pub(in crate::store) async fn persist(&self, pending: &[(Scope, UnwrittenForms)]) -> Result<()> {
        let mut transaction = self.pool.begin().await?;
        let mut written: Vec<((i64, FormKey), Stems)> = Vec::new();
        for (scope, forms) in pending {
            let scope = scope_for_writing(&mut transaction, scope).await?;
            for (form, pending) in forms {
                let Some(pending) = pending else {
                    // Its stems stay: what is typed next is near them.
                    sqlx::query("DELETE FROM held WHERE scope = ? AND form = ?")
                        .bind(scope)
                        .bind(text(form))
                        .execute(&mut *transaction)
                        .await?;
                    continue;
                };
                let known = self.stems().get(&(scope, *form)).cloned().unwrap_or_default();
                let (stored, stems) = stored(pending, &known);
                for (field, stem) in &stems {
                    sqlx::query("INSERT OR REPLACE INTO stems (scope, form, field, text) VALUES (?, ?, ?, ?)")
                        .bind(scope)
                        .bind(text(form))
                        .bind(field)
                        .bind(self.cipher.seal(stem.clone())?)
                        .execute(&mut *transaction)
                        .await?;
                }
                if !stems.is_empty() {
                    written.push(((scope, *form), stems));
                }
                sqlx::query("INSERT OR REPLACE INTO held (scope, form, state) VALUES (?, ?, ?)")
                    .bind(scope)
                    .bind(text(form))
                    .bind(self.seal(&stored)?)
                    .execute(&mut *transaction)
                    .await?;
            }
        }
        transaction.commit().await?;
        let mut known = self.stems();
        if known.len() + written.len() > MAX_STEMS {
            known.clear();
        }
        for (form, stems) in written {
            known.entry(form).or_default().extend(stems);
        }
        Ok(())
    }
}
