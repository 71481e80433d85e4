//! Everybody's unsaved work.

use baton_protocol::message::{Answer, DraftRow, ToServer};
use serde_json::{Value, json};

use crate::connection::{Connection, Result, unexpected};

/// Lists it, newest first.
pub(crate) async fn list(connection: &Connection) -> Result<Value> {
    match connection.ask(ToServer::AllDrafts).await? {
        Answer::Drafts { rows, .. } => Ok(rows.iter().map(draft).collect()),
        _ => Err(unexpected()),
    }
}

fn draft(row: &DraftRow) -> Value {
    let authors: Vec<&str> = row.authors.iter().map(|author| author.name.as_str()).collect();
    json!({
        "kind": row.form.kind,
        "id": row.form.id,
        "entity": row.entity,
        "title": row.title,
        "never_saved": row.new,
        "authors": authors,
        "last_change": row.at,
    })
}
