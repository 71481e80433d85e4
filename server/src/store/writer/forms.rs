//! What became of forms, written many at a time. A thread hop and a parse per statement are what costs.

use std::collections::BTreeSet;

use baton_protocol::codec;
use baton_protocol::id::{FormKey, Rev};
use baton_protocol::time::Timestamp;
use sqlx::SqliteConnection;
use uuid::Uuid;

use super::{Tx, form_key, kind_name};
use crate::store::{FormWrite, StateWrite, StoreError, WholeState, Write};

/// Appends what was typed to forms that are still those that it was typed into. The log comes first: after the forms, one
/// that somebody else stored under the same number could not be told from one that was written here.
macro_rules! append {
    () => {
        "INSERT INTO form_log (kind, id, rev, entry)
             SELECT forms.kind, forms.id, typed.value ->> 2, typed.value -> 3
             FROM json_each(?) AS typed JOIN forms ON forms.kind = typed.value ->> 0
                 AND forms.id = unhex(typed.value ->> 1) AND forms.n = typed.value ->> 4 - 1;
         UPDATE forms SET touched_at = typed.value ->> 2, title = coalesce(typed.value ->> 3, title),
                 n = typed.value ->> 4
             FROM json_each(?) AS typed WHERE forms.kind = typed.value ->> 0 AND forms.id = unhex(typed.value ->> 1)
                 AND forms.n = typed.value ->> 4 - 1
             RETURNING forms.kind, forms.id; "
    };
}

/// Writes what became of these forms, each of them once. Returns those that were written: the others were stored again
/// since they were read.
pub(super) async fn write_states(tx: &mut Tx<'_>, forms: &[&FormWrite]) -> Result<BTreeSet<FormKey>, sqlx::Error> {
    let (mut whole, mut appended) = (Vec::new(), Vec::new());
    for form in forms {
        match &form.state {
            StateWrite::Whole(state) => whole.push((form.key, form.n, &**state)),
            StateWrite::Appended { .. } => appended.extend(Appended::of(form)),
        }
    }
    let mut written = BTreeSet::new();
    if !whole.is_empty() {
        written.extend(write_whole(tx, &whole).await?);
    }
    if !appended.is_empty() {
        written.extend(append(tx, append!(), &appended).await?);
    }
    Ok(written)
}

/// What was typed in a form.
pub(super) struct Appended<'a> {
    pub(super) key: FormKey,
    n: u64,
    entries: &'a [(Rev, String)],
    title: Option<&'a str>,
    at: Timestamp,
}

impl<'a> Appended<'a> {
    /// What was typed in the form; `None` if it is written whole.
    fn of(form: &'a FormWrite) -> Option<Self> {
        match &form.state {
            StateWrite::Appended { entries, title, at } => Some(Self {
                key: form.key,
                n: form.n,
                entries,
                title: title.as_deref(),
                at: *at,
            }),
            StateWrite::Whole(_) => None,
        }
    }

    /// The write, if what was typed is all that it writes.
    pub(super) fn only(write: &'a Write) -> Option<Self> {
        let form = write.only_state().filter(|form| form.audit.is_empty())?;
        Self::of(form)
    }
}

/// Appends what was typed, in a transaction of its own. Returns those forms that were written.
///
/// The database works in a thread of its own; this asks it once, where a transaction of several statements asks it four
/// times, and waking each other is most of what a keystroke costs (decision 046).
pub(super) async fn append_alone(
    connection: &mut SqliteConnection,
    forms: &[Appended<'_>],
) -> Result<BTreeSet<FormKey>, sqlx::Error> {
    let statements = concat!("BEGIN IMMEDIATE; ", append!(), "COMMIT");
    let written = append(connection, statements, forms).await;
    if written.is_err() {
        // There may be no transaction: it may have failed before.
        sqlx::raw_sql("ROLLBACK").execute(connection).await.ok();
    }
    written
}

async fn append(
    connection: &mut SqliteConnection,
    statements: &'static str,
    forms: &[Appended<'_>],
) -> Result<BTreeSet<FormKey>, sqlx::Error> {
    let (mut entries, mut touched) = (Vec::new(), Vec::new());
    for form in forms {
        let (kind, id) = names(form.key);
        let rows = form.entries.iter();
        entries.extend(rows.map(|(rev, entry)| format!(r#"["{kind}","{id}",{},{entry},{}]"#, rev.0, form.n)));
        touched.push((kind, id, form.at.0, form.title, form.n));
    }
    let rows = sqlx::query_as(statements)
        .bind(format!("[{}]", entries.join(",")))
        .bind(codec::encode(&touched))
        .fetch_all(connection)
        .await?;
    Ok(keys(rows))
}

async fn write_whole(tx: &mut Tx<'_>, forms: &[(FormKey, u64, &WholeState)]) -> Result<BTreeSet<FormKey>, sqlx::Error> {
    let rows: Vec<String> = forms
        .iter()
        .map(|(key, n, form)| {
            let (kind, id) = names(*key);
            let authors: Vec<String> = form
                .authors
                .iter()
                .map(|author| author.id.0.simple().to_string())
                .collect();
            let head = codec::encode(&(
                (kind, id, n),
                form.occupied,
                form.entity.0.simple().to_string(),
                &form.presence,
                form.authors.first(),
                authors.join(","),
                &form.title,
                form.never_saved,
                form.at.0,
            ));
            format!("{},{}]", head.trim_end_matches(']'), form.state)
        })
        .collect();
    // What is not there any more does not come back by a write that was made for it: neither a form, nor by the first
    // write of its form a record.
    let rows = sqlx::query_as(
        "INSERT INTO forms (kind, id, n, occupied, entity_id, presence, author, authors, title, never_saved, touched_at, state)
         SELECT value ->> '$[0][0]', unhex(value ->> '$[0][1]'), value ->> '$[0][2]', value ->> 1, unhex(value ->> 2),
             nullif(value -> 3, 'null'), nullif(value -> 4, 'null'), value ->> 5, value ->> 6, value ->> 7, value ->> 8,
             value -> 9
         FROM json_each(?) WHERE CASE
             WHEN value ->> '$[0][2]' > 1 THEN EXISTS (
                 SELECT 1 FROM forms AS known
                 WHERE known.kind = value ->> '$[0][0]' AND known.id = unhex(value ->> '$[0][1]'))
             WHEN value ->> '$[0][0]' = 'record' AND NOT value ->> 7 THEN
                 EXISTS (SELECT 1 FROM records WHERE records.id = unhex(value ->> '$[0][1]'))
             ELSE NOT EXISTS (SELECT 1 FROM purged WHERE purged.record_id = unhex(value ->> '$[0][1]')) END
         ON CONFLICT (kind, id) DO UPDATE SET n = excluded.n, occupied = excluded.occupied,
             entity_id = excluded.entity_id, presence = excluded.presence, author = excluded.author,
             authors = excluded.authors, title = excluded.title, never_saved = excluded.never_saved,
             touched_at = excluded.touched_at, state = excluded.state
         WHERE forms.n = excluded.n - 1
         RETURNING kind, id",
    )
    .bind(format!("[{}]", rows.join(",")))
    .fetch_all(&mut **tx)
    .await?;
    let written = keys(rows);
    // What was appended before is in it.
    let named: Vec<(&str, String)> = written.iter().map(|key| names(*key)).collect();
    sqlx::query("DELETE FROM form_log WHERE (kind, id) IN (SELECT value ->> 0, unhex(value ->> 1) FROM json_each(?))")
        .bind(codec::encode(&named))
        .execute(&mut **tx)
        .await?;
    Ok(written)
}

fn names(key: FormKey) -> (&'static str, String) {
    (kind_name(key.kind), key.id.simple().to_string())
}

fn keys(rows: Vec<(String, Uuid)>) -> BTreeSet<FormKey> {
    rows.into_iter().map(|(kind, id)| form_key(&kind, id)).collect()
}

/// Ends forms that were never saved.
pub(super) async fn end_drafts(tx: &mut Tx<'_>, forms: &[FormKey]) -> Result<(), StoreError> {
    for form in forms {
        let ended = sqlx::query("DELETE FROM forms WHERE kind = ? AND id = ? AND never_saved AND occupied = 0")
            .bind(kind_name(form.kind))
            .bind(form.id)
            .execute(&mut **tx)
            .await?;
        if ended.rows_affected() > 0 {
            sqlx::query("DELETE FROM form_log WHERE kind = ? AND id = ?")
                .bind(kind_name(form.kind))
                .bind(form.id)
                .execute(&mut **tx)
                .await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use baton_protocol::audit::Act;
    use baton_protocol::form::Form;
    use baton_protocol::id::{EntityId, RecordId, Rev, Version};
    use baton_protocol::origin::Origin;
    use baton_protocol::time::Timestamp;
    use baton_protocol::values::Values;

    use super::*;
    use crate::bus::Bus;
    use crate::store::{Chronicle as _, NewAuditEntry, SqliteStore, Store as _, Write};

    fn key() -> FormKey {
        FormKey::record(RecordId(Uuid::from_u128(7)))
    }

    /// The n-th write of the form, with an entry of the audit.
    fn write(n: u64, state: StateWrite) -> Write {
        let mut write = FormWrite::new(key(), n, state);
        write.audit.push(NewAuditEntry {
            at: Timestamp(0),
            by: None,
            origin: Origin::default(),
            act: Act::SignedOut,
        });
        Write::Form(Box::new(write))
    }

    fn whole(n: u64) -> Write {
        let form = Form::new(key(), EntityId(Uuid::nil()), Version::default(), Values::new());
        write(n, StateWrite::Whole(Box::new(WholeState::new(&form, Timestamp(0)))))
    }

    fn typed(n: u64, revs: std::ops::RangeInclusive<u64>) -> Write {
        let by = Uuid::nil();
        let entry = |rev| {
            let author = format!(r#"{{"id":"{by}","name":"Anna"}}"#);
            format!(r#"{{"rev":{rev},"by":"{by}","op":"{by}","at":0,"author":{author},"patches":[]}}"#)
        };
        let state = StateWrite::Appended {
            entries: revs.map(|rev| (Rev(rev), entry(rev))).collect(),
            title: None,
            at: Timestamp(0),
        };
        write(n, state)
    }

    async fn stored(store: &SqliteStore) -> Option<(u64, Rev)> {
        let stored = store.form(key()).await.expect("readable")?;
        Some((stored.n, stored.form.rev))
    }

    #[tokio::test]
    async fn a_write_that_was_made_for_another_form_than_what_is_stored_changes_nothing() {
        let directory = tempfile::tempdir().expect("a directory");
        let store = SqliteStore::open(&directory.path().join("store.db"), Bus::default())
            .await
            .expect("a store");
        let audited = async || store.audit_range().await.expect("readable").map(|(_, last)| last);
        let stale = async |write| matches!(store.write(write).await, Err(StoreError::Stale));
        assert!(stale(whole(2)).await, "there is none yet");
        assert_eq!((stored(&store).await, audited().await), (None, None));
        store.write(whole(1)).await.expect("the first");
        store.write(typed(2, 1..=3)).await.expect("the second");
        for n in [1, 2, 4] {
            assert!(stale(whole(n)).await, "{n}");
            assert!(stale(typed(n, 4..=4)).await, "{n}");
        }
        assert_eq!((stored(&store).await, audited().await), (Some((2, Rev(3))), Some(2)));
        // At one moment: one of them is first, whoever that is, and they are one transaction or two.
        let (one, other) = tokio::join!(store.write(typed(3, 4..=4)), store.write(typed(3, 4..=5)));
        assert_eq!(usize::from(one.is_ok()) + usize::from(other.is_ok()), 1);
        store.write(whole(4)).await.expect("the fourth");
        assert_eq!((stored(&store).await, audited().await), (Some((4, Rev(0))), Some(4)));
        store.write(Write::EndDrafts(vec![key()])).await.expect("ended");
        assert!(stale(whole(5)).await, "what was ended does not come back");
        assert!(stale(typed(5, 6..=6)).await, "nor does what is typed into it");
        assert_eq!((stored(&store).await, audited().await), (None, Some(4)));
    }

    /// The same write without an entry of the audit: what is typed is all of it.
    fn alone(mut write: Write) -> Write {
        if let Write::Form(form) = &mut write {
            form.audit.clear();
        }
        write
    }

    #[tokio::test]
    async fn what_is_typed_is_written_at_once_or_not_at_all() {
        let directory = tempfile::tempdir().expect("a directory");
        let store = SqliteStore::open(&directory.path().join("store.db"), Bus::default())
            .await
            .expect("a store");
        store.write(whole(1)).await.expect("the first");
        store.write(alone(typed(2, 1..=3))).await.expect("the second");
        assert_eq!(stored(&store).await, Some((2, Rev(3))));
        for n in [1, 2, 4] {
            let refused = store.write(alone(typed(n, 4..=4))).await;
            assert!(matches!(refused, Err(StoreError::Stale)), "{n}");
        }
        assert_eq!(
            stored(&store).await,
            Some((2, Rev(3))),
            "of what is refused nothing is in the log"
        );
        let broken = StateWrite::Appended {
            entries: vec![(Rev(4), "{".into())],
            title: None,
            at: Timestamp(0),
        };
        let failed = store.write(alone(write(3, broken))).await;
        assert!(matches!(failed, Err(StoreError::Transaction(_))), "{failed:?}");
        store
            .write(alone(typed(3, 4..=4)))
            .await
            .expect("the transaction that failed is over");
        assert_eq!(stored(&store).await, Some((3, Rev(4))));
    }
}
