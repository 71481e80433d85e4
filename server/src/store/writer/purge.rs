//! What goes for ever: records that were deleted, and entities of which no record is left.

use baton_protocol::audit::{Act, AuditedForm};
use baton_protocol::id::{EntityId, FormKey, RecordId};
use baton_protocol::origin::Origin;
use baton_protocol::person::Person;
use baton_protocol::time::Timestamp;
use uuid::Uuid;

use super::{Batch, Tx};
use crate::store::{NewAuditEntry, StoreError, commit, lists};

/// Some of what was deleted long ago goes for ever; its history goes with it, and so does its form. What came
/// back, or was opened, since it was looked for stays.
pub(super) async fn records(
    tx: &mut Tx<'_>,
    turn: &mut Batch<'_>,
    records: &[RecordId],
    now: Timestamp,
    by: Option<&Person>,
) -> Result<(), StoreError> {
    let rows: Vec<(Uuid, Uuid, i64, String, bool)> = sqlx::query_as(
        "SELECT r.id, r.entity_id, r.num, r.title, r.gone IS NULL FROM records r JOIN entities e ON e.id = r.entity_id
         WHERE r.id IN (SELECT unhex(value) FROM json_each(?))
         AND (r.deleted_at IS NOT NULL OR e.definition ->> '$.gone' IS NOT NULL)
         AND r.id NOT IN (SELECT id FROM forms WHERE kind = 'record' AND occupied > 0)",
    )
    .bind(lists::listed(records))
    .fetch_all(&mut **tx)
    .await?;
    for (id, entity, num, title, was_listed) in rows {
        let (entity, place) = (EntityId(entity), u64::try_from(num).unwrap_or(0));
        turn.index.take(tx, entity, place).await?;
        for sql in [
            "INSERT INTO purged (record_id) VALUES (?)",
            "DELETE FROM form_log WHERE kind = 'record' AND id = ?",
            "DELETE FROM forms WHERE kind = 'record' AND id = ?",
            "DELETE FROM saves WHERE kind = 'record' AND id = ?",
            "DELETE FROM records WHERE id = ?",
        ] {
            sqlx::query(sql).bind(id).execute(&mut **tx).await?;
        }
        turn.audit
            .push(purged(now, by, (FormKey::record(RecordId(id)), entity), &title));
        let outcome = commit::purged(entity, RecordId(id), was_listed);
        turn.publish(tx, now, entity, outcome).await?;
    }
    Ok(())
}

/// An entity whose records are purged goes for ever.
pub(super) async fn entity(
    tx: &mut Tx<'_>,
    turn: &mut Batch<'_>,
    id: EntityId,
    at: Timestamp,
    by: Option<&Person>,
) -> Result<(), StoreError> {
    let label: Option<String> = sqlx::query_scalar(
        "SELECT definition ->> '$.label_plural' FROM entities
         WHERE id = ?1 AND definition ->> '$.gone' IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM records WHERE entity_id = ?1)",
    )
    .bind(id.0)
    .fetch_optional(&mut **tx)
    .await?;
    let Some(label) = label else {
        // Somebody brought it back at this moment.
        return Ok(());
    };
    turn.index.forget();
    turn.audit.push(purged(at, by, (FormKey::entity(id), id), &label));
    for sql in [
        "DELETE FROM form_log WHERE kind = 'entity' AND id = ?",
        "DELETE FROM forms WHERE kind = 'entity' AND id = ?",
        "DELETE FROM saves WHERE kind = 'entity' AND id = ?",
        "DELETE FROM entities WHERE id = ?",
    ] {
        sqlx::query(sql).bind(id.0).execute(&mut **tx).await?;
    }
    turn.publish(tx, at, id, commit::purged_entity(id)).await
}

/// That something was deleted for ever.
fn purged(at: Timestamp, by: Option<&Person>, (form, entity): (FormKey, EntityId), title: &str) -> NewAuditEntry {
    NewAuditEntry {
        at,
        by: by.cloned(),
        origin: Origin::default(),
        act: Act::Purged(AuditedForm::new(form, entity, title)),
    }
}
