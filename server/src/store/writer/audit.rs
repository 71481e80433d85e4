//! The audit's chain: each entry's hash covers the entry before, so that none can be changed or taken out unseen
//! (semantics 7.4).

use baton_protocol::audit::{Act, AuditEntry, AuditedForm, OwnerReason};
use baton_protocol::form::Transfer;
use baton_protocol::id::EntityId;
use baton_protocol::origin::Origin;
use sha2::{Digest as _, Sha256};
use sqlx::Row as _;
use uuid::Uuid;

use super::*;

/// What the entry before the first one has.
const NOTHING: [u8; 32] = [0; 32];

/// Takes what a program of before kept of take-overs into the chain.
pub(super) async fn adopt(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let rows = sqlx::query(
        "SELECT a.at, a.kind, a.form_id, a.passing, coalesce(r.entity_id, a.form_id) AS entity,
             coalesce(r.title, e.definition ->> '$.label_plural', '') AS title
         FROM audit a LEFT JOIN records r ON r.id = a.form_id LEFT JOIN entities e ON e.id = a.form_id
         ORDER BY a.id",
    )
    .fetch_all(&mut *transaction)
    .await?;
    let entries: Vec<_> = rows.iter().map(old_entry).collect::<Result<_, StoreError>>()?;
    append(&mut transaction, &entries).await?;
    sqlx::query("DELETE FROM audit").execute(&mut *transaction).await?;
    transaction.commit().await?;
    Ok(())
}

/// Appends entries, in the transaction of what they are about.
pub(super) async fn append(tx: &mut Tx<'_>, entries: &[NewAuditEntry]) -> Result<(), sqlx::Error> {
    if entries.is_empty() {
        return Ok(());
    }
    // Read each time: another process, as `add-user`, may have appended meanwhile.
    let mut end = End::of(tx).await?;
    let rows: Vec<_> = entries.iter().map(|entry| end.link(entry)).collect();
    sqlx::query(
        "INSERT INTO audit_log (number, at, person, subject, kind, entry, hash)
         SELECT value ->> 0, value ->> 1, unhex(value ->> 2), unhex(value ->> 3), value ->> 4, value ->> 5,
             unhex(value ->> 6)
         FROM json_each(?)",
    )
    .bind(codec::encode(&rows))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The end of the chain.
struct End {
    /// The number of the last entry.
    number: u64,
    hash: Vec<u8>,
}

impl End {
    async fn of(connection: &mut SqliteConnection) -> Result<Self, sqlx::Error> {
        let last = sqlx::query(
            "SELECT number, hash FROM
                 (SELECT number, hash FROM (SELECT number, hash FROM audit_log ORDER BY number DESC LIMIT 1)
                  UNION ALL SELECT number, hash FROM audit_base)
             ORDER BY number DESC LIMIT 1",
        )
        .fetch_optional(&mut *connection)
        .await?;
        Ok(match last {
            Some(row) => Self {
                number: u64::try_from(row.try_get::<i64, _>("number")?).unwrap_or(0),
                hash: row.try_get("hash")?,
            },
            None => Self {
                number: 0,
                hash: NOTHING.to_vec(),
            },
        })
    }

    /// The row of the next entry.
    fn link(&mut self, new: &NewAuditEntry) -> Row {
        self.number += 1;
        let entry = AuditEntry {
            number: self.number,
            at: new.at,
            by: new.by.clone(),
            origin: new.origin.clone(),
            act: new.act.clone(),
        };
        let text = codec::encode(&entry);
        self.hash = hash(&self.hash, &text);
        let columns = Columns::of(&entry);
        Row(
            self.number,
            entry.at.0,
            columns.person.map(|id| id.simple().to_string()),
            columns.subject.map(|id| id.simple().to_string()),
            columns.kind,
            text,
            hex(&self.hash),
        )
    }
}

/// A take-over as programs of before kept it.
fn old_entry(row: &sqlx::sqlite::SqliteRow) -> Result<NewAuditEntry, StoreError> {
    let transfer: Transfer = serde_json::from_str(row.try_get("passing")?)?;
    let (id, kind): (Uuid, &str) = (row.try_get("form_id")?, row.try_get("kind")?);
    let kind = if kind == kind_name(FormKind::Entity) {
        FormKind::Entity
    } else {
        FormKind::Record
    };
    let form = AuditedForm {
        form: FormKey { kind, id },
        entity: EntityId(row.try_get("entity")?),
        title: row.try_get("title")?,
    };
    Ok(NewAuditEntry {
        at: Timestamp(row.try_get("at")?),
        by: Some(transfer.to.clone()),
        origin: Origin::default(),
        act: Act::Owner {
            form,
            from: Some(transfer.from),
            to: Some(transfer.to),
            why: OwnerReason::Transferred(transfer.how),
            reason: None,
        },
    })
}

/// A row as it is written.
#[derive(serde::Serialize)]
struct Row(u64, i64, Option<String>, Option<String>, &'static str, String, String);

/// What entries are found by.
#[derive(PartialEq, Eq)]
pub(in crate::store) struct Columns {
    /// Who did it.
    pub(in crate::store) person: Option<Uuid>,
    /// The form or the account that it was done to.
    pub(in crate::store) subject: Option<Uuid>,
    pub(in crate::store) kind: &'static str,
}

impl Columns {
    pub(in crate::store) fn of(entry: &AuditEntry) -> Self {
        let form = entry.act.form().map(|form| form.form.id);
        Self {
            person: entry.by.as_ref().map(|person| person.id.0),
            subject: form.or(entry.act.person().map(|person| person.0)),
            kind: entry.act.kind().as_str(),
        }
    }
}

/// The hash of an entry, as it is stored, behind the one with this hash.
pub(in crate::store) fn hash(before: &[u8], entry: &str) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update(before);
    hash.update(entry.as_bytes());
    hash.finalize().to_vec()
}

pub(in crate::store) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Forgets the oldest entries: the chain goes on from the last of them.
pub(super) async fn prune(tx: &mut Tx<'_>, last: u64) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM audit_base WHERE EXISTS (SELECT 1 FROM audit_log WHERE number = ?)")
        .bind(number(last))
        .execute(&mut **tx)
        .await?;
    sqlx::query("INSERT INTO audit_base (number, hash) SELECT number, hash FROM audit_log WHERE number = ?")
        .bind(number(last))
        .execute(&mut **tx)
        .await?;
    sqlx::query("DELETE FROM audit_log WHERE number <= ?")
        .bind(number(last))
        .execute(&mut **tx)
        .await?;
    Ok(())
}
