//! The words that records are found by.

use baton_protocol::record::END_MARK;
use baton_protocol::spelling;

use super::*;

/// So many words with the same first letter are looked through.
const MAX_WORDS: i64 = 50_000;

/// The words of any record that are near this one, the nearest first.
pub(super) async fn near(reads: &SqlitePool, typed: &str, limit: usize) -> Result<Vec<String>, StoreError> {
    let mut words: Vec<(String, u64)> = Vec::new();
    for first in spelling::first_letters(typed) {
        let rows: Vec<(String, i64)> = sqlx::query_as(
            "SELECT term, doc FROM search_words WHERE term >= ?1 AND term < ?1 || char(1114111) LIMIT ?2",
        )
        .bind(first.to_string())
        .bind(MAX_WORDS)
        .fetch_all(reads)
        .await?;
        let whole = rows.into_iter().filter(|(word, _)| !word.starts_with(END_MARK));
        words.extend(whole.map(|(word, used)| (word, used.unsigned_abs())));
    }
    let typed = typed.to_owned();
    #[expect(
        clippy::disallowed_methods,
        reason = "some milliseconds of comparing; no history searches for what is near"
    )]
    let near = tokio::task::spawn_blocking(move || spelling::nearest(&typed, words, limit)).await;
    // It fails only while the server stops.
    Ok(near.unwrap_or_default())
}
