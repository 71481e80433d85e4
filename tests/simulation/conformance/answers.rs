//! What a store answers to every question.

use std::fmt::Debug;

use baton_protocol::field::{Operator, Value};
use baton_protocol::id::{EntityId, FormKey, RecordId, Seq};
use baton_protocol::list_query::{Filter, ListQuery, Sort};
use baton_protocol::message::Topic;
use baton_protocol::time::Timestamp;
use baton_protocol::values::{POSITION, TITLE};
use baton_server::store::SharedStore;

use super::{RECORDS, id, people};

/// What a store answers, in words; of what comes in no order, in one.
#[derive(PartialEq, Eq, Debug, Default)]
pub(super) struct Answers(pub(super) Vec<String>);

impl Answers {
    fn add(&mut self, question: &str, answer: impl Debug) {
        self.0.push(format!("{question}: {answer:?}"));
    }

    fn add_all<T: Debug>(&mut self, question: &str, answers: &[T]) {
        self.add(question, sorted(answers));
    }

    pub(super) async fn of(store: &SharedStore, now: Timestamp) -> Self {
        let mut answers = Self::default();
        let (head, mut entities) = store.entities().await.expect("entities");
        entities.sort_by_key(|row| row.entity.id);
        answers.add("entities", (head, &entities));
        for number in 50..52 {
            answers.add_entity(store, EntityId(id(number)), head).await;
        }
        let ids: Vec<RecordId> = (0..RECORDS).map(|number| RecordId(id(100 + number))).collect();
        answers.add_all("titles", &store.titles(&ids).await.expect("titles"));
        answers.add("records of", store.records_of(&ids).await.expect("records"));
        for record in ids {
            let form = FormKey::record(record);
            answers.add("record", store.record(record).await.expect("a record"));
            answers.add("purged", store.was_purged(record).await.expect("purged"));
            answers.add("history", store.history(form, 3).await.expect("a history"));
            answers.add("form", store.form(form).await.expect("a form"));
            answers.add_all("followers", &store.followers(record).await.expect("followers"));
        }
        for person in people() {
            answers.add("favourites", store.favourites(person.id).await.expect("favourites"));
            answers.add("muted", store.muted(person.id).await.expect("muted"));
            answers.add_all("drafts", &store.drafts(Some(person.id), 50).await.expect("drafts"));
            answers.add("never saved", store.never_saved_of(person.id).await.expect("a number"));
        }
        answers.add_all("drafts", &store.drafts(None, 50).await.expect("drafts"));
        answers.add_all("places", &store.places().await.expect("places"));
        answers.add("last", store.last_num().await.expect("a number"));
        let ago = |ms| Timestamp(now.0 - ms);
        answers.add("prunable", store.prunable(ago(10_000), 4).await.expect("a number"));
        let ended = store.ended_drafts(ago(5_000), ago(20_000), 50).await;
        answers.add_all("ended", &ended.expect("forms"));
        for topic in [
            Topic::Entities,
            Topic::Records(EntityId(id(50))),
            Topic::Bin(EntityId(id(50))),
        ] {
            for back in [0, 1, 5, 40, 1_000] {
                let since = Seq(head.0.saturating_sub(back));
                let replay = store.changes_since(topic, since, 30).await.expect("changes");
                let replay = replay.map(|replay| (replay.seq, replay.events, sorted(&replay.editing)));
                answers.add("since", (topic, back, replay));
            }
        }
        answers
    }

    async fn add_entity(&mut self, store: &SharedStore, entity: EntityId, head: Seq) {
        let definition = store.entity(entity).await.expect("an entity");
        self.add("entity", &definition);
        let page = store.records(entity, 4).await.expect("records");
        let page = page.map(|page| (page.seq == head, page.rows, page.total, sorted(&page.editing)));
        self.add("records", page);
        let bin = store.bin(entity, 50).await.expect("a bin");
        self.add("bin", bin.map(|bin| (bin.seq == head, bin.entity, bin.rows)));
        let before = RecordId(id(104));
        self.add("before", store.rows_before(entity, before, 2).await.expect("rows"));
        self.add("after", store.records_after(entity, 2, 3).await.expect("records"));
        self.add_all("values", &store.field_values(entity, "note").await.expect("values"));
        self.add_all(
            "with title",
            &store.with_title(entity, "Desk", 50).await.expect("records"),
        );
        self.add("slug", store.free_slug(entity, "slug-1").await.expect("a slug"));
        for person in people() {
            self.add("views", store.views(entity, person.id).await.expect("views"));
        }
        let Some(definition) = definition else {
            return;
        };
        for query in queries() {
            let first = store.page(entity, &query, None, 2, &[], None).await.expect("a page");
            let next = first.as_ref().and_then(|page| page.next.clone());
            self.add("page", (&query, &first));
            if let Some(next) = next {
                let page = store.page(entity, &query, Some(&next), 2, &[], Some(&definition));
                self.add("next page", page.await.expect("a page"));
            }
        }
    }
}

fn sorted<T: Debug>(items: &[T]) -> Vec<String> {
    let mut items: Vec<String> = items.iter().map(|item| format!("{item:?}")).collect();
    items.sort();
    items
}

fn queries() -> Vec<ListQuery> {
    let sorted_by = |field: &str, descending| ListQuery {
        sort: Some(Sort {
            field: field.into(),
            descending,
        }),
        ..ListQuery::default()
    };
    let mut queries = vec![ListQuery::default(), sorted_by(POSITION, false)];
    for field in [TITLE, "price"] {
        queries.extend([sorted_by(field, false), sorted_by(field, true)]);
    }
    queries.extend(["lap", "red lap", "nothing"].map(|search| ListQuery {
        search: search.into(),
        ..ListQuery::default()
    }));
    let filter = Filter::new("price", Operator::AtLeast, Value::from_text("2"));
    queries.push(sorted_by(TITLE, false).and(filter));
    queries
}
