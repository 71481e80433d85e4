//! Comments on records, and whom they are told.

use baton_protocol::comment::{CommentChange, CommentText, MAX_COMMENTS};

use super::*;
use crate::store::{CommentWrite, NewNotification};

/// The people that a comment mentions, as they are stored.
fn mentions(text: &CommentText) -> String {
    let ids: Vec<String> = text.mentions.iter().map(|id| id.0.simple().to_string()).collect();
    codec::encode(&ids)
}

impl CommentWrite {
    pub(super) async fn run(&self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        let (id, record, by, at) = (self.comment.0, self.record.0, self.by.0, self.at.0);
        let done = match &self.change {
            CommentChange::Add { thread, field, text } => {
                sqlx::query(
                    "INSERT INTO comments (id, record_id, thread, field, author, at, text, mentions)
                     SELECT ?1, id, ?3, ?4, ?5, ?6, ?7, ?8 FROM records
                     WHERE id = ?2 AND (SELECT count(*) FROM comments WHERE record_id = ?2) < ?9
                     ON CONFLICT (id) DO NOTHING",
                )
                .bind(id)
                .bind(record)
                .bind(thread.map(|thread| thread.0))
                .bind(field)
                .bind(by)
                .bind(at)
                .bind(&text.text)
                .bind(mentions(text))
                .bind(MAX_COMMENTS)
                .execute(&mut **tx)
                .await?
            }
            CommentChange::Edit(text) => {
                sqlx::query(
                    "UPDATE comments SET text = ?4, mentions = ?5, edited_at = ?6
                     WHERE id = ?1 AND record_id = ?2 AND author = ?3",
                )
                .bind(id)
                .bind(record)
                .bind(by)
                .bind(&text.text)
                .bind(mentions(text))
                .bind(at)
                .execute(&mut **tx)
                .await?
            }
            // Answers that somebody gave meanwhile stay, and so does what they answer.
            CommentChange::Delete => {
                sqlx::query(
                    "DELETE FROM comments WHERE id = ?1 AND record_id = ?2 AND (author = ?3 OR ?4) AND NOT EXISTS
                         (SELECT 1 FROM comments AS answer WHERE answer.thread = ?1 AND answer.author <> comments.author)",
                )
                .bind(id)
                .bind(record)
                .bind(by)
                .bind(self.manages)
                .execute(&mut **tx)
                .await?
            }
            CommentChange::Resolve(resolved) => {
                sqlx::query(
                    "UPDATE comments SET resolved_by = CASE WHEN ?3 THEN ?4 END, resolved_at = CASE WHEN ?3 THEN ?5 END
                     WHERE id = ?1 AND record_id = ?2 AND thread IS NULL",
                )
                .bind(id)
                .bind(record)
                .bind(*resolved)
                .bind(by)
                .bind(at)
                .execute(&mut **tx)
                .await?
            }
        };
        if done.rows_affected() == 0 {
            return Err(StoreError::Missing);
        }
        self.renew_excerpts(tx).await?;
        self.notify(tx).await
    }

    /// Whoever was told of a comment that is changed reads what it says now.
    async fn renew_excerpts(&self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        if let CommentChange::Edit(text) = &self.change {
            sqlx::query("UPDATE notifications SET what = json_set(what, '$.text', ?) WHERE comment_id = ?")
                .bind(text.excerpt())
                .bind(self.comment.0)
                .execute(&mut **tx)
                .await?;
        }
        Ok(())
    }

    async fn notify(&self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        for (user, what) in &self.notify {
            let new = NewNotification {
                user: *user,
                at: self.at,
                what: what.clone(),
            };
            notifications::add(tx, &new, Some(self.comment)).await?;
        }
        Ok(())
    }
}
