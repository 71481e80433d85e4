//! Pages of remembered lists: the same queries as the server's, over what this computer has.

use baton_protocol::entity::Entity;
use baton_protocol::list::Page;
use baton_protocol::list_query::{Cursor, words};
use baton_protocol::message::{GetPage, Snapshot, Topic};
use baton_protocol::record::{self, RecordRow};

use super::database::Database;
use super::error::Result;
use crate::core::Scope;

/// A page of what is remembered; nothing where the list was never seen.
pub(super) async fn page(database: &Database, scope: &Scope, asked: &GetPage) -> Result<Option<Page>> {
    let topic = Topic::Records(asked.entity);
    let Some(list) = database.list(scope, topic).await? else {
        return Ok(None);
    };
    let Snapshot::Records { entity, .. } = list.snapshot else {
        return Ok(None);
    };
    let query = &asked.query;
    let mut page = if query.shows_all() && query.sort.is_none() && asked.ids.is_empty() {
        let after = asked.after.as_ref().map(|cursor| cursor.num);
        let limit = asked.rows.saturating_add(1);
        let mut found = Found::of(&entity, asked);
        database
            .newest(scope, topic, after, limit, |row| found.take(row))
            .await?;
        let total = database.count(scope, topic).await?;
        Page { total, ..found.page() }
    } else {
        let mut found = Found::of(&entity, asked);
        database.rows(scope, topic, |row| found.take(row)).await?;
        found.page()
    };
    page.remembered = Some(list.at);
    Ok(Some(page))
}

/// What was found for a page: its rows and one more, however many were looked at.
struct Found<'a> {
    entity: &'a Entity,
    asked: &'a GetPage,
    words: Vec<String>,
    /// The first ones after the cursor, in order.
    rows: Vec<(Cursor, RecordRow)>,
    total: u64,
}

impl<'a> Found<'a> {
    fn of(entity: &'a Entity, asked: &'a GetPage) -> Self {
        Self {
            entity,
            asked,
            words: words(&asked.query.search),
            rows: Vec::new(),
            total: 0,
        }
    }

    /// Looks at one row.
    fn take(&mut self, row: RecordRow) {
        let GetPage {
            query,
            after,
            ids,
            rows: limit,
            ..
        } = self.asked;
        let meant = ids.is_empty() || ids.contains(&row.id);
        if !meant || !query.holds(self.entity, &row) || !is_found(self.entity, &self.words, &row) {
            return;
        }
        self.total += 1;
        let place = query.place(self.entity, &row);
        if after.as_ref().is_some_and(|after| query.compare(&place, after).is_le()) {
            return;
        }
        let index = self
            .rows
            .partition_point(|(other, _)| query.compare(other, &place).is_lt());
        let most = usize::try_from(*limit).unwrap_or(usize::MAX).saturating_add(1);
        if index < most {
            self.rows.insert(index, (place, row));
            self.rows.truncate(most);
        }
    }

    fn page(mut self) -> Page {
        let limit = usize::try_from(self.asked.rows).unwrap_or(usize::MAX);
        let more = self.rows.len() > limit;
        self.rows.truncate(limit);
        Page {
            next: self.rows.last().filter(|_| more).map(|(place, _)| place.clone()),
            rows: self.rows.into_iter().map(|(_, row)| row).collect(),
            total: self.total,
            remembered: None,
        }
    }
}

/// Whether a search finds what is remembered of the record: the texts that the server's search looks into, as far as a row
/// has them.
fn is_found(entity: &Entity, wanted: &[String], row: &RecordRow) -> bool {
    let searched = entity.fields.iter().filter(|field| field.info().searched);
    let cells = searched.flat_map(|field| match row.cells.get(&field.name) {
        Some(file) if field.field_type.is_file() => vec![field.file_name(file)],
        Some(value) => {
            let words = value.items().iter().map(|item| field.option_words(item).to_owned());
            words.collect()
        }
        None => Vec::new(),
    });
    let texts: Vec<String> = std::iter::once(row.slug.clone()).chain(cells).collect();
    record::is_found(wanted, &row.title, texts.iter().map(String::as_str))
}

#[cfg(test)]
mod tests {
    use super::*;
    use baton_protocol::deletion::Stamp;
    use baton_protocol::field::{Field, FieldType, Operator, Value};
    use baton_protocol::id::{EntityId, RecordId, UserId, Version};
    use baton_protocol::list_query::{Filter, ListQuery, Sort};
    use baton_protocol::person::Person;
    use baton_protocol::time::Timestamp;
    use baton_protocol::values::Values;
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
            cells: Values::from([("price".into(), Value::from_text(price))]),
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
        let rows = [
            row(1, "Apple", "9"),
            row(2, "Pear", "10"),
            row(3, "Fig", ""),
            row(4, "Plum", "-1"),
        ];
        let mut asked = GetPage {
            entity: entity.id,
            query: ListQuery {
                sort: Some(Sort {
                    field: "price".into(),
                    descending: true,
                }),
                ..ListQuery::default()
            },
            after: None,
            rows: 3,
            ids: Vec::new(),
        };
        let titles = |page: &Page| page.rows.iter().map(|row| row.title.clone()).collect::<Vec<_>>();
        let page_of = |asked: &GetPage| {
            let mut found = Found::of(&entity, asked);
            rows.iter().cloned().for_each(|row| found.take(row));
            found.page()
        };
        let first = page_of(&asked);
        assert_eq!(titles(&first), ["Pear", "Apple", "Plum"]);
        assert_eq!(first.total, 4);
        asked.after = first.next;
        let last = page_of(&asked);
        assert_eq!(titles(&last), ["Fig"], "what has nothing is last");
        assert_eq!(last.next, None);
        asked.after = None;
        asked.query.search = "p".into();
        asked.query.filters = vec![Filter::new("price", Operator::AtLeast, Value::from_text("0"))];
        assert_eq!(titles(&page_of(&asked)), ["Pear"]);
    }
}
