//! Forms as they are stored: their state, their places, what is unsaved in them.

use super::*;
use crate::store::found::replayed;

pub(in crate::store) async fn one(reads: &SqlitePool, key: FormKey) -> Result<Option<StoredForm>, StoreError> {
    let mut tx = reads.begin().await?;
    let row: Option<(i64, String)> = sqlx::query_as("SELECT n, state FROM forms WHERE kind = ? AND id = ?")
        .bind(kind_name(key.kind))
        .bind(key.id)
        .fetch_optional(&mut *tx)
        .await?;
    let Some((n, state)) = row else {
        return Ok(None);
    };
    let entries: Vec<String> = sqlx::query_scalar("SELECT entry FROM form_log WHERE kind = ? AND id = ? ORDER BY rev")
        .bind(kind_name(key.kind))
        .bind(key.id)
        .fetch_all(&mut *tx)
        .await?;
    let (form, log) = replayed(&state, &entries)?;
    let n = u64::try_from(n).unwrap_or(0);
    Ok(Some(StoredForm { n, form, log }))
}

pub(in crate::store) async fn places(reads: &SqlitePool) -> Result<Vec<(FormKey, SessionId)>, StoreError> {
    let rows: Vec<(String, Uuid, String)> = sqlx::query_as(
        "SELECT forms.kind, forms.id, place.value ->> '$.session' FROM forms, json_each(forms.state, '$.queue.editors') AS place
         WHERE forms.occupied > 0",
    )
    .fetch_all(reads)
    .await?;
    rows.into_iter()
        .map(|(kind, id, session)| {
            let session = Uuid::try_parse(&session).map_err(|error| sqlx::Error::Decode(error.into()))?;
            Ok((form_key(&kind, id), SessionId(session)))
        })
        .collect()
}

pub(in crate::store) async fn drafts(
    reads: &SqlitePool,
    author: Option<UserId>,
    limit: u32,
) -> Result<Vec<DraftRow>, StoreError> {
    let rows = sqlx::query(
        "SELECT kind, id, entity_id, title, never_saved, touched_at,
           (SELECT json_group_array(json_object('id', lower(hex(users.id)), 'name', users.name))
            FROM users WHERE instr(forms.authors, lower(hex(users.id)))) AS people
         FROM forms
         WHERE authors <> '' AND instr(authors, ?) ORDER BY touched_at DESC LIMIT ?",
    )
    // Every list of authors has the empty one in it.
    .bind(author.map_or_else(String::new, |author| author.0.simple().to_string()))
    .bind(limit)
    .fetch_all(reads)
    .await?;
    let draft = |row: &SqliteRow| {
        Ok(DraftRow {
            form: form_key(row.try_get("kind")?, row.try_get("id")?),
            entity: EntityId(row.try_get("entity_id")?),
            title: row.try_get("title")?,
            new: row.try_get("never_saved")?,
            at: Timestamp(row.try_get("touched_at")?),
            authors: serde_json::from_str(row.try_get("people")?)?,
        })
    };
    rows.iter().map(draft).collect()
}

pub(in crate::store) async fn naming(reads: &SqlitePool, person: UserId) -> Result<Vec<FormKey>, StoreError> {
    let rows: Vec<(String, Uuid)> = sqlx::query_as(
        "SELECT kind, id FROM forms WHERE instr(state, ?1) OR EXISTS (
             SELECT 1 FROM form_log WHERE form_log.kind = forms.kind AND form_log.id = forms.id AND instr(entry, ?1))",
    )
    .bind(person.0.to_string())
    .fetch_all(reads)
    .await?;
    Ok(rows.into_iter().map(|(kind, id)| form_key(&kind, id)).collect())
}

pub(in crate::store) async fn never_saved_of(reads: &SqlitePool, user: UserId) -> Result<u64, StoreError> {
    let row =
        sqlx::query("SELECT count(*) AS drafts FROM forms WHERE authors <> '' AND never_saved AND instr(authors, ?)")
            .bind(user.0.simple().to_string())
            .fetch_one(reads)
            .await?;
    counter(&row, "drafts")
}

pub(in crate::store) async fn ended_drafts(
    reads: &SqlitePool,
    empty: Timestamp,
    drafts: Timestamp,
    limit: u32,
) -> Result<Vec<FormKey>, StoreError> {
    let rows: Vec<(String, Uuid)> = sqlx::query_as(
        "SELECT kind, id FROM forms WHERE never_saved AND occupied = 0
         AND touched_at < CASE WHEN authors = '' THEN ? ELSE ? END LIMIT ?",
    )
    .bind(empty.0)
    .bind(drafts.0)
    .bind(limit)
    .fetch_all(reads)
    .await?;
    Ok(rows.into_iter().map(|(kind, id)| form_key(&kind, id)).collect())
}

/// Which definitions are open, or have unsaved changes.
pub(super) async fn definitions_in_hand(connection: &mut SqliteConnection) -> Result<Vec<FormPresence>, StoreError> {
    let rows = sqlx::query(
        "SELECT id, presence, author FROM forms
         WHERE kind = 'entity' AND (occupied > 0 OR authors <> '') AND NOT never_saved",
    )
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| presence(row, FormKind::Entity)).collect()
}

/// Which records of an entity are open, or have unsaved changes.
pub(super) async fn editing(
    connection: &mut SqliteConnection,
    entity: EntityId,
) -> Result<Vec<FormPresence>, StoreError> {
    let rows = sqlx::query(
        "SELECT id, presence, author FROM forms
         WHERE entity_id = ? AND kind = 'record' AND (occupied > 0 OR authors <> '') AND NOT never_saved",
    )
    .bind(entity.0)
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| presence(row, FormKind::Record)).collect()
}

/// The names of the fields that each of these saves changed.
pub(super) async fn changed_fields(
    reads: &SqlitePool,
    saves: &[(FormKey, Version)],
) -> Result<BTreeMap<(FormKey, Version), Vec<String>>, StoreError> {
    let keys: Vec<(&str, String, u64)> = saves
        .iter()
        .map(|(form, version)| (kind_name(form.kind), form.id.simple().to_string(), version.0))
        .collect();
    let rows: Vec<(String, Uuid, i64, String)> = sqlx::query_as(
        "SELECT saves.kind, saves.id, version,
            (SELECT json_group_array(field.value ->> 'field') FROM json_each(fields) AS field)
         FROM json_each(?) AS wanted JOIN saves ON saves.kind = wanted.value ->> 0
             AND saves.id = unhex(wanted.value ->> 1) AND version = wanted.value ->> 2",
    )
    .bind(codec::encode(&keys))
    .fetch_all(reads)
    .await?;
    rows.into_iter()
        .map(|(kind, id, version, fields)| {
            let version = Version(u64::try_from(version).unwrap_or(0));
            Ok(((form_key(&kind, id), version), serde_json::from_str(&fields)?))
        })
        .collect()
}

fn presence(row: &SqliteRow, kind: FormKind) -> Result<FormPresence, StoreError> {
    let (presence, author): (Option<&str>, Option<&str>) = (row.try_get("presence")?, row.try_get("author")?);
    let id = row.try_get("id")?;
    Ok(FormPresence {
        form: FormKey { kind, id },
        presence: presence.map(serde_json::from_str).transpose()?,
        draft: author.map(serde_json::from_str).transpose()?,
    })
}
