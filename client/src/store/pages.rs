//! Pages of remembered lists: the same queries as the server's, over what this computer has.

use baton_protocol::entity::Entity;
use baton_protocol::field::fold;
use baton_protocol::list::Page;
use baton_protocol::message::{Snapshot, Topic};
use baton_protocol::query::words;
use baton_protocol::record::RecordRow;

use super::database::{Database, Result};
use crate::core::{PageAsked, Scope};

/// A page of what is remembered; nothing where the list was never seen.
pub(super) async fn page(database: &Database, scope: &Scope, asked: &PageAsked) -> Result<Option<Page>> {
    let topic = Topic::Records(asked.entity);
    let Some(list) = database.list(scope, topic).await? else {
        return Ok(None);
    };
    let Snapshot::Records { entity, .. } = list.snapshot else {
        return Ok(None);
    };
    let rows = database.rows(scope, topic).await?;
    let mut page = page_of(&entity, rows, asked);
    page.remembered = Some(list.at);
    Ok(Some(page))
}

fn page_of(entity: &Entity, rows: Vec<RecordRow>, asked: &PageAsked) -> Page {
    let PageAsked { query, after, only, .. } = asked;
    let wanted = words(&query.search);
    let mut found: Vec<_> = rows
        .into_iter()
        .filter(|row| only.is_empty() || only.contains(&row.id))
        .filter(|row| query.holds(entity, row) && is_found(&wanted, row))
        .map(|row| (query.place(entity, &row), row))
        .collect();
    found.sort_by(|(a, _), (b, _)| query.compare(a, b));
    let total = found.len() as u64;
    let limit = usize::try_from(asked.rows).unwrap_or(usize::MAX);
    let begins = match after {
        Some(cursor) => found.partition_point(|(place, _)| query.compare(place, cursor).is_le()),
        None => 0,
    };
    let rest = found.get(begins..).unwrap_or_default();
    let next = rest.get(limit).and(rest.get(limit.wrapping_sub(1)));
    Page {
        next: next.map(|(place, _)| place.clone()),
        rows: rest.iter().take(limit).map(|(_, row)| row.clone()).collect(),
        total,
        remembered: None,
    }
}

/// Whether every word begins a word of what is remembered of the record.
fn is_found(wanted: &[String], row: &RecordRow) -> bool {
    if wanted.is_empty() {
        return true;
    }
    let cells = row.cells.values().flat_map(|value| value.items());
    let texts: Vec<String> = std::iter::once(&row.title)
        .chain([&row.slug])
        .chain(cells)
        .map(|text| fold(text))
        .collect();
    let begins = |word: &String| {
        let mut parts = texts.iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
        parts.any(|part| part.starts_with(word.as_str()))
    };
    wanted.iter().all(begins)
}

#[cfg(test)]
mod tests {
    use super::*;
    use baton_protocol::field::{Field, FieldType, Operator, Value};
    use baton_protocol::id::{EntityId, RecordId, UserId, Version};
    use baton_protocol::person::Person;
    use baton_protocol::query::{Filter, Query, Sort};
    use baton_protocol::record::{Stamp, Values};
    use baton_protocol::time::Timestamp;
    use uuid::Uuid;

    fn row(num: u64, title: &str, price: &str) -> RecordRow {
        let stamp = Stamp {
            by: Person {
                id: UserId(Uuid::nil()),
                name: "Anna".into(),
            },
            at: Timestamp(0),
        };
        RecordRow {
            id: RecordId(Uuid::from_u128(num.into())),
            num,
            position: 0,
            version: Version(1),
            title: title.into(),
            slug: title.to_lowercase(),
            status: "draft".into(),
            cells: Values::from([("price".into(), Value::of_text(price))]),
            created: stamp.clone(),
            updated: stamp,
        }
    }

    #[test]
    fn pages_follow_one_another_without_a_gap() {
        let entity = Entity::new(
            EntityId(Uuid::nil()),
            "product",
            "Product",
            "Products",
            vec![Field::new("price", "Price", FieldType::Number)],
        );
        let rows = vec![
            row(1, "Apple", "9"),
            row(2, "Pear", "10"),
            row(3, "Fig", ""),
            row(4, "Plum", "-1"),
        ];
        let mut asked = PageAsked {
            entity: entity.id,
            query: Query {
                sort: Some(Sort {
                    field: "price".into(),
                    descending: true,
                }),
                ..Query::default()
            },
            after: None,
            rows: 3,
            only: Vec::new(),
        };
        let titles = |page: &Page| page.rows.iter().map(|row| row.title.clone()).collect::<Vec<_>>();
        let first = page_of(&entity, rows.clone(), &asked);
        assert_eq!(titles(&first), ["Pear", "Apple", "Plum"]);
        assert_eq!(first.total, 4);
        asked.after = first.next;
        let last = page_of(&entity, rows.clone(), &asked);
        assert_eq!(titles(&last), ["Fig"], "what has nothing is last");
        assert_eq!(last.next, None);
        asked.after = None;
        asked.query.search = "p".into();
        asked.query.filters = vec![Filter {
            field: "price".into(),
            operator: Operator::AtLeast,
            value: Value::of_text("0"),
        }];
        assert_eq!(titles(&page_of(&entity, rows, &asked)), ["Pear"]);
    }
}
