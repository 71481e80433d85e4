//! Everybody's unsaved work.

use baton_protocol::message::{DraftRow, GetAllDrafts};
use serde_json::{Value, json};

use crate::connection::{Connection, Result};

/// Lists it, newest first.
pub(crate) async fn list(connection: &Connection) -> Result<Value> {
    let drafts = connection.query(GetAllDrafts {}).await?;
    Ok(drafts.rows.iter().map(draft).collect())
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
