//! What SQL alone cannot carry over: done once, after the schema is up to date and before anything is read, all or
//! nothing. A table says what is left to do.

use std::collections::BTreeMap;

use anyhow::Context as _;
use baton_protocol::codec;
use baton_protocol::entity::Entity;
use baton_protocol::form::{FieldHistory, Form};
use baton_protocol::upgrade;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use sqlx::{Connection as _, SqliteConnection};
use uuid::Uuid;

use crate::store::ConversionWrite;
use crate::store::found::replayed;

const IDS: &str = "ids";

/// Carries over what is left to be.
///
/// # Errors
/// The database failed, or something in it cannot be read; then it is as it was.
pub(super) async fn run(connection: &mut SqliteConnection) -> anyhow::Result<()> {
    if !is_due(connection).await? {
        return Ok(());
    }
    let mut tx = connection.begin_with("BEGIN IMMEDIATE").await?;
    definitions(&mut tx)
        .await
        .context("a definition cannot be carried over")?;
    forms(&mut tx)
        .await
        .context("the form of a definition cannot be carried over")?;
    histories(&mut tx)
        .await
        .context("the history of a definition cannot be carried over")?;
    sqlx::query("DELETE FROM upgrades WHERE name = ?")
        .bind(IDS)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(())
}

/// Whether something is left to be carried over.
pub(super) async fn is_due(connection: &mut SqliteConnection) -> sqlx::Result<bool> {
    sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM upgrades)")
        .fetch_one(connection)
        .await
}

/// Options are read as texts too, and written with their ids; what is being converted is compared as a text.
async fn definitions(connection: &mut SqliteConnection) -> anyhow::Result<()> {
    let rows: Vec<(Uuid, String, Option<String>)> = sqlx::query_as("SELECT id, definition, converting FROM entities")
        .fetch_all(&mut *connection)
        .await?;
    for (id, definition, converting) in rows {
        let entity: Entity = serde_json::from_str(&definition)?;
        let converting: Option<ConversionWrite> = converting.as_deref().map(serde_json::from_str).transpose()?;
        sqlx::query("UPDATE entities SET definition = ?, converting = ? WHERE id = ?")
            .bind(codec::encode(&entity))
            .bind(converting.as_ref().map(codec::encode))
            .bind(id)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// The log of a form is folded into its state: its splices are of texts that are lists now.
async fn forms(connection: &mut SqliteConnection) -> anyhow::Result<()> {
    let rows: Vec<(Uuid, String)> = sqlx::query_as("SELECT id, state FROM forms WHERE kind = 'entity'")
        .fetch_all(&mut *connection)
        .await?;
    for (id, state) in rows {
        let log: Vec<String> =
            sqlx::query_scalar("SELECT entry FROM form_log WHERE kind = 'entity' AND id = ? ORDER BY rev")
                .bind(id)
                .fetch_all(&mut *connection)
                .await?;
        let (mut form, _) = replayed(&state, &log)?;
        form_of_before(&mut form);
        sqlx::query("UPDATE forms SET state = ? WHERE kind = 'entity' AND id = ?")
            .bind(codec::encode(&form))
            .bind(id)
            .execute(&mut *connection)
            .await?;
    }
    sqlx::query("DELETE FROM form_log WHERE kind = 'entity'")
        .execute(&mut *connection)
        .await?;
    Ok(())
}

async fn histories(connection: &mut SqliteConnection) -> anyhow::Result<()> {
    let rows: Vec<(Uuid, i64, String)> = sqlx::query_as("SELECT id, version, fields FROM saves WHERE kind = 'entity'")
        .fetch_all(&mut *connection)
        .await?;
    for (id, version, fields) in rows {
        let fields: Vec<FieldHistory> = serde_json::from_str(&fields)?;
        sqlx::query("UPDATE saves SET fields = ? WHERE kind = 'entity' AND id = ? AND version = ?")
            .bind(codec::encode(&upgrade::history(&fields)))
            .bind(id)
            .bind(version)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

fn form_of_before(form: &mut Form) {
    form.draft = upgrade::draft(&form.draft);
    form.discarded = form.discarded.as_ref().map(upgrade::draft);
}

/// An object of an archive of format 1, as one of the present format. What is compared as a text is written as this
/// program writes it.
///
/// # Errors
/// It cannot be read.
pub(crate) fn object_of_format_1(section: &str, object: &str) -> anyhow::Result<String> {
    let mut parts: BTreeMap<String, Box<RawValue>> = serde_json::from_str(object)?;
    let is_definition = parts.get("form").is_some_and(|form| form.get() == r#""entity""#);
    match section {
        "entities" => {
            rewrite(&mut parts, "definition", |entity: Entity| entity)?;
            rewrite(&mut parts, "converting", |converting: Option<ConversionWrite>| {
                converting
            })?;
        }
        "history" if is_definition => {
            rewrite(&mut parts, "fields", |fields: Vec<FieldHistory>| {
                upgrade::history(&fields)
            })?;
        }
        "drafts" if is_definition => rewrite(&mut parts, "state", |mut form: Form| {
            form_of_before(&mut form);
            form
        })?,
        _ => {}
    }
    Ok(codec::encode(&parts))
}

fn rewrite<T: DeserializeOwned + Serialize>(
    parts: &mut BTreeMap<String, Box<RawValue>>,
    name: &str,
    change: impl FnOnce(T) -> T,
) -> anyhow::Result<()> {
    if let Some(part) = parts.get_mut(name) {
        let changed = change(serde_json::from_str(part.get())?);
        *part = RawValue::from_string(codec::encode(&changed))?;
    }
    Ok(())
}
