//! Pages of lists, from the narrow table of what records are compared by.

use std::collections::BTreeMap;

use baton_protocol::codec;
use baton_protocol::entity::Entity;
use baton_protocol::field::{Kind, Operator, Value};
use baton_protocol::file::FileHash;
use baton_protocol::id::{EntityId, RecordId, UserId, ViewId};
use baton_protocol::list::{COUNT_LIMIT, Page, SavedView};
use baton_protocol::list_query::{self, Cursor, Filter, ListQuery};
use baton_protocol::message::MAX_ROWS_BYTES;
use baton_protocol::person::Person;
use baton_protocol::record::{Record, RecordRow, TakenSlugs, beginnings};
use baton_protocol::values::{CREATED_AT, CREATED_BY, POSITION, SLUG, STATUS, TITLE, UPDATED_AT, UPDATED_BY};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{AssertSqlSafe, Row as _, SqliteConnection};
use uuid::Uuid;

use super::rows::{RECORD, count_fitting, counter, record};
use super::{StoreError, StoredFile};

/// Which column of `cells` each field of an entity has.
pub(super) type Slots = BTreeMap<String, usize>;

/// How many columns `cells` has for fields.
pub(super) const SLOTS: usize = 64;

/// The column of `cells` for a name; nothing for one that no list knows.
pub(super) fn column(slots: &Slots, name: &str) -> Option<String> {
    match name {
        TITLE | SLUG | STATUS | POSITION | CREATED_AT | CREATED_BY | UPDATED_AT | UPDATED_BY => Some(name.into()),
        name => slots.get(name).map(|slot| format!("c{slot}")),
    }
}

/// A condition in SQL with what is bound to it.
#[derive(Default)]
struct Conditions {
    sql: String,
    bound: Vec<Bound>,
}

enum Bound {
    Text(String),
    Number(i64),
}

impl Conditions {
    fn add(&mut self, sql: &str, bound: impl IntoIterator<Item = Bound>) {
        self.sql.push_str(" AND ");
        self.sql.push_str(sql);
        self.bound.extend(bound);
    }

    /// One of the filter's alternatives holds.
    fn filter(&mut self, entity: &Entity, slots: &Slots, filter: &Filter) {
        let (mut sql, mut bound) = (Vec::new(), Vec::new());
        for alternative in filter.alternatives() {
            let (condition, keys) = Self::of(entity, slots, alternative);
            sql.push(condition);
            bound.extend(keys.into_iter().map(Bound::Text));
        }
        self.add(&format!("({})", sql.join(" OR ")), bound);
    }

    /// What holds of a row of which the filter holds, and what is bound to it.
    fn of(entity: &Entity, slots: &Slots, filter: &Filter) -> (String, Vec<String>) {
        // A field that is no more holds of nothing; nor does what nobody resolved.
        let nothing = || ("0".to_owned(), Vec::new());
        let field = list_query::column(entity, &filter.field);
        let (Some(field), Some(column)) = (field, column(slots, &filter.field)) else {
            return nothing();
        };
        let mut wanted: Vec<String> = filter.key(&field).into_iter().collect();
        let list = field.info().kind == Kind::List;
        let sql = match filter.operator {
            Operator::Contains => format!("instr({column}, ?) > 0"),
            Operator::Is if list => format!("instr({column}, ?) > 0"),
            Operator::Is => format!("{column} = ?"),
            Operator::IsNot if list => format!("({column} IS NULL OR instr({column}, ?) = 0)"),
            Operator::IsNot => format!("{column} IS NOT ?"),
            Operator::AtLeast => format!("{column} >= ?"),
            Operator::AtMost => format!("{column} <= ?"),
            Operator::Between => {
                let Some((first, last)) = filter.bounds(&field) else {
                    return nothing();
                };
                wanted = vec![first, last];
                format!("{column} BETWEEN ? AND ?")
            }
            Operator::Within | Operator::Mine => return nothing(),
            Operator::IsEmpty => return (format!("{column} IS NULL"), Vec::new()),
            Operator::IsNotEmpty => return (format!("{column} IS NOT NULL"), Vec::new()),
        };
        (sql, wanted)
    }

    /// Only the records with these places.
    fn found(&mut self, places: &[u64]) {
        let sql = "k.num IN (SELECT value FROM json_each(?))";
        self.add(sql, [Bound::Text(codec::encode(&places))]);
    }

    /// Only what comes after this row, in this order.
    fn after(&mut self, column: Option<&str>, descending: bool, cursor: &Cursor) {
        let num = || Bound::Number(i64::try_from(cursor.num).unwrap_or(i64::MAX));
        let than = if descending { '<' } else { '>' };
        match (column, &cursor.key) {
            (None, _) => self.add("k.num < ?", [num()]),
            (Some(column), Some(key)) => {
                let sql = format!("({column} {than} ? OR ({column} = ? AND k.num < ?) OR {column} IS NULL)");
                self.add(&sql, [Bound::Text(key.clone()), Bound::Text(key.clone()), num()]);
            }
            (Some(column), None) => self.add(&format!("({column} IS NULL AND k.num < ?)"), [num()]),
        }
    }
}

/// What the full-text index is asked: every word begins a word of what is found, or is within one of its title.
fn match_text(search: &str) -> Option<String> {
    let one_of = |word: &String| {
        let all = beginnings(word).into_iter();
        let quoted: Vec<String> = all.map(|beginning| format!("\"{beginning}\"*")).collect();
        format!("({})", quoted.join(" OR "))
    };
    let words: Vec<String> = list_query::words(search).iter().map(one_of).collect();
    (!words.is_empty()).then(|| words.join(" AND "))
}

pub(super) async fn page(
    tx: &mut SqliteConnection,
    (entity, slots): (&Entity, &Slots),
    query: &ListQuery,
    after: Option<&Cursor>,
    limit: u32,
    only: &[RecordId],
    shown: Option<&Entity>,
) -> Result<Page, StoreError> {
    let mut conditions = Conditions::default();
    for filter in &query.filters {
        conditions.filter(shown.unwrap_or(entity), slots, filter);
    }
    if !only.is_empty() {
        let sql = "k.num IN (SELECT num FROM records WHERE id IN (SELECT unhex(value) FROM json_each(?)))";
        conditions.add(sql, [Bound::Text(listed(only))]);
    }
    let mut search = match_text(&query.search);
    if let (Some(words), Some(shown)) = (search.take_if(|_| shown.is_some()), shown) {
        conditions.found(&found_in(tx, entity.id, shown, &words, &query.search).await?);
    }
    let sort = query.sort.as_ref();
    let column = sort.and_then(|sort| column(slots, &sort.field));
    let descending = sort.is_some_and(|sort| sort.descending);
    let all = query.shows_all() && only.is_empty();
    let total = total(tx, entity.id, all, search.as_deref(), &conditions).await?;
    if let Some(cursor) = after {
        conditions.after(column.as_deref(), descending, cursor);
    }
    let (source, order) = match (&search, &column) {
        // By age, what is found comes in its order from the index itself: a page costs no more than itself.
        (Some(_), None) => (BY_WORDS, "ORDER BY s.rowid DESC".to_owned()),
        (Some(_), Some(column)) => (BY_WORDS, by(column, descending)),
        (None, Some(column)) => (BY_CELLS, by(column, descending)),
        (None, None) => (BY_CELLS, "ORDER BY k.num DESC".to_owned()),
    };
    let key = column.as_deref().unwrap_or("NULL");
    let sql = format!(
        "SELECT k.id, k.num, {key} AS key FROM {source}{} {order} LIMIT ?",
        conditions.sql
    );
    let found = bind(
        sqlx::query(AssertSqlSafe(sql)),
        entity.id,
        search.as_deref(),
        &conditions,
    )
    .bind(i64::from(limit) + 1)
    .fetch_all(&mut *tx)
    .await?;
    let mut limit = usize::try_from(limit).unwrap_or(usize::MAX).min(found.len());
    let ids: Vec<RecordId> = found
        .iter()
        .take(limit)
        .map(|row| Ok(RecordId(row.try_get("id")?)))
        .collect::<Result<_, sqlx::Error>>()?;
    let records = records(tx, &ids).await?;
    let mut rows: Vec<RecordRow> = records
        .iter()
        .map(|record| record.row(shown.unwrap_or(entity)))
        .collect();
    // One row always: an empty page would say that there is none.
    let fit = count_fitting(&rows, MAX_ROWS_BYTES).max(1);
    if fit < rows.len() {
        // The others are on the next page.
        rows.truncate(fit);
        limit = fit;
    }
    let next = match limit.checked_sub(1).and_then(|last| found.get(last)) {
        Some(last) if found.len() > limit => Some(Cursor {
            key: last.try_get("key")?,
            num: counter(last, "num")?,
        }),
        Some(_) | None => None,
    };
    Ok(Page {
        rows,
        next,
        total,
        remembered: None,
    })
}

/// The places of the newest records that have all these words in the fields that are shown, of the newest
/// [`COUNT_LIMIT`] that have them anywhere: the index does not know what is hidden from whom.
async fn found_in(
    tx: &mut SqliteConnection,
    entity: EntityId,
    shown: &Entity,
    words: &str,
    search: &str,
) -> Result<Vec<u64>, StoreError> {
    const AT_ONCE: usize = 500;
    let sql = format!("SELECT k.id FROM {BY_WORDS} ORDER BY s.rowid DESC LIMIT ?");
    let ids: Vec<Uuid> = sqlx::query_scalar(AssertSqlSafe(sql))
        .bind(entity.0)
        .bind(words)
        .bind(i64::try_from(COUNT_LIMIT).unwrap_or(i64::MAX))
        .fetch_all(&mut *tx)
        .await?;
    let ids: Vec<RecordId> = ids.into_iter().map(RecordId).collect();
    let wanted = list_query::words(search);
    let mut found = Vec::new();
    for ids in ids.chunks(AT_ONCE) {
        for record in records(tx, ids).await? {
            let has = list_query::all_words(&record.search_text(shown));
            let is_there = |beginning: &String| has.iter().any(|has| has.starts_with(beginning.as_str()));
            if wanted.iter().all(|word| beginnings(word).iter().any(is_there)) {
                found.push(record.num);
            }
        }
    }
    Ok(found)
}

const BY_CELLS: &str = "cells k WHERE k.entity_id = ?";
// CROSS: the words first. The other way round would ask the index once for every record there is.
const BY_WORDS: &str = "search s CROSS JOIN cells k ON k.entity_id = ? AND k.num = s.rowid WHERE search MATCH ?";

fn by(column: &str, descending: bool) -> String {
    let direction = if descending { "DESC" } else { "ASC" };
    format!("ORDER BY {column} IS NULL, {column} {direction}, k.num DESC")
}

type Asked<'q> = sqlx::query::Query<'q, sqlx::Sqlite, SqliteArguments>;

fn bind<'q>(mut asked: Asked<'q>, entity: EntityId, search: Option<&str>, conditions: &Conditions) -> Asked<'q> {
    asked = asked.bind(entity.0);
    if let Some(search) = search {
        asked = asked.bind(search.to_owned());
    }
    for bound in &conditions.bound {
        asked = match bound {
            Bound::Text(text) => asked.bind(text.clone()),
            Bound::Number(number) => asked.bind(*number),
        };
    }
    asked
}

/// How many rows the list has. Counting stops at [`COUNT_LIMIT`]: nobody needs to know exactly how many are
/// too many to look through.
async fn total(
    tx: &mut SqliteConnection,
    entity: EntityId,
    all: bool,
    search: Option<&str>,
    conditions: &Conditions,
) -> Result<u64, StoreError> {
    if all {
        let all = sqlx::query("SELECT records FROM entities WHERE id = ?")
            .bind(entity.0)
            .fetch_one(tx)
            .await?;
        return counter(&all, "records");
    }
    let source = if search.is_some() { BY_WORDS } else { BY_CELLS };
    let most = COUNT_LIMIT + 1;
    let sql = format!(
        "SELECT count(*) AS total FROM (SELECT 1 FROM {source}{} LIMIT {most})",
        conditions.sql
    );
    let row = bind(sqlx::query(AssertSqlSafe(sql)), entity, search, conditions)
        .fetch_one(tx)
        .await?;
    counter(&row, "total")
}

/// Ids as `json_each` and `unhex` read them.
pub(super) fn listed(records: &[RecordId]) -> String {
    let ids: Vec<String> = records.iter().map(|id| id.0.simple().to_string()).collect();
    codec::encode(&ids)
}

/// These records, in this order.
pub(super) async fn records(connection: &mut SqliteConnection, ids: &[RecordId]) -> Result<Vec<Record>, StoreError> {
    let sql = format!("{RECORD} WHERE r.id IN (SELECT unhex(value) FROM json_each(?))");
    let found = sqlx::query(AssertSqlSafe(sql))
        .bind(listed(ids))
        .fetch_all(connection)
        .await?;
    let mut by_id: BTreeMap<RecordId, Record> = BTreeMap::new();
    for row in &found {
        let record = record(row)?;
        by_id.insert(record.id, record);
    }
    Ok(ids.iter().filter_map(|id| by_id.remove(id)).collect())
}

/// Which of these files are kept.
pub(super) async fn files(
    connection: &mut SqliteConnection,
    hashes: &[FileHash],
) -> Result<Vec<StoredFile>, StoreError> {
    let digits: Vec<String> = hashes.iter().map(ToString::to_string).collect();
    let rows = sqlx::query("SELECT hash, size, media FROM files WHERE hash IN (SELECT unhex(value) FROM json_each(?))")
        .bind(codec::encode(&digits))
        .fetch_all(connection)
        .await?;
    let file = |row: &SqliteRow| {
        let hash: &[u8] = row.try_get("hash")?;
        let hash = hash
            .try_into()
            .map_err(|_| sqlx::Error::Decode("a hash has 32 bytes".into()))?;
        Ok(StoredFile {
            hash: FileHash(hash),
            size: counter(row, "size")?,
            media: row.try_get("media")?,
        })
    };
    rows.iter().map(file).collect()
}

pub(super) async fn titles(
    connection: &mut SqliteConnection,
    records: &[RecordId],
) -> Result<Vec<(RecordId, EntityId, String)>, StoreError> {
    sqlx::query("SELECT id, entity_id, title FROM records WHERE id IN (SELECT unhex(value) FROM json_each(?))")
        .bind(listed(records))
        .fetch_all(connection)
        .await?
        .iter()
        .map(|row| {
            let (id, entity) = (row.try_get("id")?, row.try_get("entity_id")?);
            Ok((RecordId(id), EntityId(entity), row.try_get("title")?))
        })
        .collect()
}

pub(super) async fn field_values(
    connection: &mut SqliteConnection,
    entity: EntityId,
    field: &str,
) -> Result<Vec<(Value, u64)>, StoreError> {
    let rows = sqlx::query(
        "SELECT content -> ('$.' || ?) AS value, count(*) AS records FROM records
         WHERE entity_id = ? AND value IS NOT NULL AND value != 'null' GROUP BY value",
    )
    .bind(field)
    .bind(entity.0)
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| Ok((serde_json::from_str(row.try_get("value")?)?, counter(row, "records")?)))
        .collect()
}

pub(super) async fn free_slug(
    connection: &mut SqliteConnection,
    entity: EntityId,
    slug: &str,
) -> Result<String, StoreError> {
    let taken: Vec<String> = sqlx::query_scalar(
        "SELECT slug FROM records WHERE entity_id = ?1 AND (slug = ?2 OR (slug >= ?2 || '-' AND slug < ?2 || '.'))",
    )
    .bind(entity.0)
    .bind(slug)
    .fetch_all(connection)
    .await?;
    Ok(taken.iter().collect::<TakenSlugs>().free(slug))
}

pub(super) async fn views(
    connection: &mut SqliteConnection,
    entity: EntityId,
    person: UserId,
) -> Result<Vec<SavedView>, StoreError> {
    sqlx::query(
        "SELECT v.id, v.entity_id, v.owner, u.name AS owner_name, v.shared, v.name, v.view
         FROM views v JOIN users u ON u.id = v.owner
         WHERE v.entity_id = ? AND (v.owner = ? OR v.shared) ORDER BY v.name COLLATE NOCASE, v.id",
    )
    .bind(entity.0)
    .bind(person.0)
    .fetch_all(connection)
    .await?
    .iter()
    .map(|row| {
        Ok(SavedView {
            id: ViewId(row.try_get("id")?),
            entity: EntityId(row.try_get("entity_id")?),
            name: row.try_get("name")?,
            shared: row.try_get("shared")?,
            owner: Person {
                id: UserId(row.try_get("owner")?),
                name: row.try_get("owner_name")?,
            },
            view: serde_json::from_str(row.try_get("view")?)?,
        })
    })
    .collect()
}
