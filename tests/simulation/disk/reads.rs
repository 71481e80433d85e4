//! What the disk answers: each one picture of what was committed.

use std::cmp::Reverse;
use std::sync::Arc;

use baton_protocol::form::{DraftLogEntry, Form};
use baton_protocol::list_query::{all_words, words};
use baton_protocol::message::FormPresence;
use baton_protocol::record::{BinRow, TakenSlugs, beginnings};
use baton_protocol::values::{SLUG, TITLE};
use baton_server::store::LogSize;

use super::*;

fn up_to<T>(limit: u32, items: impl Iterator<Item = T>) -> Vec<T> {
    items.take(usize::try_from(limit).unwrap_or(usize::MAX)).collect()
}

impl Disk {
    /// The last number that the log gave.
    pub(super) fn head(&self) -> Seq {
        Seq((self.pruned + self.changes.len()) as u64)
    }

    pub(super) fn entity(&self, id: EntityId) -> Option<&Entity> {
        self.entities.iter().find(|entity| entity.id == id)
    }

    /// The records that are in their list.
    pub(crate) fn listed(&self) -> impl Iterator<Item = &Record> {
        self.records.values().filter(|record| record.gone.is_none())
    }

    pub(super) fn listed_of(&self, entity: EntityId) -> impl Iterator<Item = &Record> {
        self.listed().filter(move |record| record.entity == entity)
    }

    pub(super) fn count(&self, entity: EntityId) -> u64 {
        self.listed_of(entity).count() as u64
    }

    pub(super) fn entity_rows(&self) -> Vec<EntityRow> {
        let in_hand = self.in_hand();
        let rows = self.entities.iter().map(|entity| {
            let mut row = EntityRow::new(Arc::new(entity.clone()), self.count(entity.id));
            if let Some(found) = in_hand.iter().find(|found| found.form == FormKey::entity(entity.id)) {
                row.editing.clone_from(&found.presence);
                row.unsaved.clone_from(&found.draft);
            }
            row
        });
        rows.collect()
    }

    /// Which forms of what was saved are open, or have unsaved changes.
    fn in_hand(&self) -> Vec<FormPresence> {
        let saved = self.forms.iter().filter(|(_, stored)| !stored.never_saved);
        let forms = saved.filter_map(|(key, _)| self.form(*key));
        let rows = forms.map(|StoredForm { form, .. }| FormPresence {
            form: form.key,
            presence: form.queue.presence(),
            draft: form.draft.authors().into_iter().next().cloned(),
        });
        rows.filter(|row| row.presence.is_some() || row.draft.is_some())
            .collect()
    }

    /// Which records of an entity are open, or have unsaved changes.
    fn editing(&self, entity: EntityId) -> Vec<FormPresence> {
        let mut rows = self.in_hand();
        let of = |row: &FormPresence| self.forms.get(&row.form).map(|form| form.entity);
        rows.retain(|row| of(row) == Some(entity) && row.form != FormKey::entity(entity));
        rows
    }

    pub(super) fn record_page(&self, id: EntityId, limit: u32) -> Option<RecordPage> {
        let entity = self.entity(id)?.clone();
        let newest = self.listed_of(id).collect::<Vec<_>>().into_iter().rev();
        Some(RecordPage {
            seq: self.head(),
            rows: up_to(limit, newest.map(|record| record.row(&entity))),
            total: self.count(id),
            editing: self.editing(id),
            entity,
        })
    }

    pub(super) fn rows_before(&self, id: EntityId, before: RecordId, limit: u32) -> Vec<RecordRow> {
        let Some(entity) = self.entity(id) else {
            return Vec::new();
        };
        let older = self.records.range(..before).rev().map(|(_, record)| record);
        let listed = older.filter(|record| record.entity == id && record.gone.is_none());
        up_to(limit, listed.map(|record| record.row(entity)))
    }

    /// As the rules of lists have it, record by record.
    pub(super) fn page(
        &self,
        id: EntityId,
        query: &ListQuery,
        after: Option<&Cursor>,
        limit: u32,
        only: &[RecordId],
        shown: Option<&Entity>,
    ) -> Option<Page> {
        let entity = self.entity(id)?;
        let shown = shown.unwrap_or(entity);
        let wanted = words(&query.search);
        let is_found = |record: &Record| {
            let has = all_words(&record.search_text(shown));
            let is_there = |beginning: &String| has.iter().any(|has| has.starts_with(beginning.as_str()));
            wanted.iter().all(|word| beginnings(word).iter().any(is_there))
        };
        let mut found: Vec<(Cursor, RecordRow)> = self
            .listed_of(id)
            .filter(|record| only.is_empty() || only.contains(&record.id))
            .filter(|record| is_found(record))
            .map(|record| record.row(shown))
            .filter(|row| query.holds(shown, row))
            .map(|row| (query.place(entity, &row), row))
            .collect();
        let total = found.len() as u64;
        found.sort_by(|(a, _), (b, _)| query.compare(a, b));
        found.retain(|(place, _)| after.is_none_or(|after| query.compare(place, after).is_gt()));
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let next = found.get(limit).and_then(|_| found.get(limit.checked_sub(1)?));
        Some(Page {
            next: next.map(|(place, _)| place.clone()),
            rows: found.into_iter().take(limit).map(|(_, row)| row).collect(),
            total,
            remembered: None,
        })
    }

    pub(super) fn titles(&self, records: &[RecordId]) -> Vec<(RecordId, EntityId, String)> {
        let found = self.records.values().filter(|record| records.contains(&record.id));
        found
            .map(|record| (record.id, record.entity, text(record, TITLE).to_owned()))
            .collect()
    }

    pub(super) fn records_of(&self, records: &[RecordId]) -> Vec<Record> {
        records.iter().filter_map(|id| self.records.get(id).cloned()).collect()
    }

    pub(super) fn field_values(&self, entity: EntityId, field: &str) -> Vec<(Value, u64)> {
        let mut counts: BTreeMap<String, (Value, u64)> = BTreeMap::new();
        for record in self.records.values().filter(|record| record.entity == entity) {
            if let Some(value) = record.values.get(field).filter(|value| **value != Value::Empty) {
                let counted = counts.entry(baton_protocol::codec::encode(value));
                counted.or_insert_with(|| (value.clone(), 0)).1 += 1;
            }
        }
        counts.into_values().collect()
    }

    pub(super) fn records_after(&self, entity: EntityId, num: u64, limit: u32) -> Vec<Record> {
        let of = self.records.values().filter(|record| record.entity == entity);
        let mut records: Vec<_> = of.filter(|record| record.num > num).cloned().collect();
        records.sort_by_key(|record| record.num);
        up_to(limit, records.into_iter())
    }

    pub(super) fn with_title(&self, entity: EntityId, title: &str, limit: u32) -> Vec<RecordId> {
        let found = self.listed_of(entity).filter(|record| text(record, TITLE) == title);
        up_to(limit, found.map(|record| record.id))
    }

    pub(super) fn free_slug(&self, entity: EntityId, slug: &str) -> String {
        let of = self.records.values().filter(|record| record.entity == entity);
        of.map(|record| text(record, SLUG)).collect::<TakenSlugs>().free(slug)
    }

    pub(super) fn last_num(&self) -> u64 {
        self.records.values().map(|record| record.num).max().unwrap_or(0)
    }

    pub(super) fn views_of(&self, entity: EntityId, person: UserId) -> Vec<SavedView> {
        let seen = |view: &&SavedView| view.entity == entity && (view.owner.id == person || view.shared);
        let mut views: Vec<_> = self.views.values().filter(seen).cloned().collect();
        views.sort_by_key(|view| (view.name.to_ascii_lowercase(), view.id));
        views
    }

    pub(super) fn bin(&self, id: EntityId, limit: u32) -> Option<BinPage> {
        let entity = self.entity(id)?.clone();
        let of = self.records.values().rev().filter(|record| record.entity == id);
        let rows = of.filter_map(|record| {
            let (row, gone) = (record.row(&entity), record.gone.clone()?);
            Some(BinRow { row, gone })
        });
        let rows = up_to(limit, rows);
        let seq = self.head();
        Some(BinPage { seq, entity, rows })
    }

    pub(super) fn changes_since(&self, topic: Topic, since: Seq, limit: u32) -> Option<Replay> {
        let seen = usize::try_from(since.0)
            .unwrap_or(usize::MAX)
            .checked_sub(self.pruned)?;
        let missed = self.changes.get(seen..)?.iter().filter(|entry| entry.topic == topic);
        let events: Vec<_> = missed.map(|entry| entry.event.clone()).collect();
        let editing = match topic {
            Topic::Records(entity) => self.editing(entity),
            Topic::Entities => {
                let mut rows = self.in_hand();
                rows.retain(|row| self.entity(EntityId(row.form.id)).is_some());
                rows
            }
            Topic::Bin(_) | Topic::Drafts | Topic::Live | Topic::Form(_) => Vec::new(),
        };
        (events.len() <= limit as usize).then(|| Replay {
            seq: self.head(),
            events,
            editing,
        })
    }

    /// Only a whole beginning of the log goes.
    pub(super) fn prunable(&self, before: Timestamp, limit: u32) -> Option<Seq> {
        let old = self.changes.iter().take_while(|entry| entry.at < before);
        let count = old.take(usize::try_from(limit).unwrap_or(usize::MAX)).count();
        (count > 0).then(|| Seq((self.pruned + count) as u64))
    }

    pub(super) fn history(&self, form: FormKey, limit: u32) -> Vec<SavedVersion> {
        let saves = self.saves.get(&form).into_iter().flatten();
        up_to(limit, saves.rev().cloned())
    }

    pub(super) fn form(&self, key: FormKey) -> Option<StoredForm> {
        let DiskForm { n, whole, entries, .. } = self.forms.get(&key)?;
        let mut form: Form = serde_json::from_str(whole).expect("what was stored can be read");
        let mut log = LogSize {
            whole: whole.len(),
            ..LogSize::default()
        };
        for entry in entries {
            let appended: DraftLogEntry = serde_json::from_str(entry).expect("what was stored can be read");
            form.replay(&appended).expect("it was made for this draft");
            log.append(entry.len());
        }
        Some(StoredForm { n: *n, form, log })
    }

    pub(super) fn places(&self) -> Vec<(FormKey, SessionId)> {
        let forms = self.forms.keys().filter_map(|key| self.form(*key));
        let places = forms.flat_map(|StoredForm { form, .. }| {
            let sessions: Vec<_> = form.queue.editors().iter().map(|editor| editor.session).collect();
            sessions.into_iter().map(move |session| (form.key, session))
        });
        places.collect()
    }

    pub(super) fn drafts(&self, author: Option<UserId>, limit: u32) -> Vec<DraftRow> {
        let rows = self.forms.iter().filter_map(|(key, stored)| {
            let form = self.form(*key)?.form;
            let authors: Vec<Person> = form.draft.authors().into_iter().cloned().collect();
            let is_meant = author.is_none_or(|id| authors.iter().any(|author| author.id == id));
            (is_meant && !authors.is_empty()).then(|| DraftRow {
                form: *key,
                entity: stored.entity,
                title: stored.title.clone(),
                new: stored.never_saved,
                at: stored.touched,
                authors,
            })
        });
        let mut rows: Vec<_> = rows.collect();
        rows.sort_by_key(|row| Reverse(row.at));
        up_to(limit, rows.into_iter())
    }

    pub(super) fn never_saved_of(&self, user: UserId) -> u64 {
        let drafts = self.drafts(Some(user), u32::MAX);
        drafts.iter().filter(|draft| draft.new).count() as u64
    }

    pub(super) fn ended_drafts(&self, empty: Timestamp, drafts: Timestamp, limit: u32) -> Vec<FormKey> {
        let ended = self.forms.iter().filter(|(key, stored)| {
            let Some(StoredForm { form, .. }) = self.form(**key) else {
                return false;
            };
            let since = if form.draft.authors().is_empty() { empty } else { drafts };
            stored.never_saved && form.queue.editors().is_empty() && stored.touched < since
        });
        up_to(limit, ended.map(|(key, _)| *key))
    }
}

pub(super) fn text<'a>(record: &'a Record, field: &str) -> &'a str {
    record.values.get(field).map_or("", Value::text)
}
