//! The rows of a list as far as they were asked for, kept right by what happens: one row patched per
//! event, never all of them read again for one.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use baton_locales::t;
use baton_protocol::desktop::TopicUpdate;
use baton_protocol::entity::Entity;
use baton_protocol::form::Presence;
use baton_protocol::id::{RecordId, Version};
use baton_protocol::list::Page;
use baton_protocol::list_query::{Cursor, ListQuery, words};
use baton_protocol::message::{Event, FormPresence, Problem, Snapshot};
use baton_protocol::person::Person;
use baton_protocol::record::RecordRow;
use baton_protocol::time::Timestamp;

/// The list.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Records {
    /// What it is a list of; none until it came.
    pub(crate) entity: Option<Arc<Entity>>,
    /// Which records it is to show, in which order.
    pub(crate) query: ListQuery,
    /// What the rows answer; another one than the query while that is on its way.
    pub(crate) answered: Option<ListQuery>,
    /// In their order, as far as they came.
    pub(crate) rows: Vec<Row>,
    /// How many there are in all.
    pub(crate) total: u64,
    /// Where the rows that did not come yet begin.
    pub(crate) next: Option<Cursor>,
    /// Whether the first page came.
    pub(crate) read: bool,
    /// Since when they are only remembered; none: they are current.
    pub(crate) remembered: Option<Timestamp>,
    /// Why they cannot be shown.
    pub(crate) problem: Option<Problem>,
    /// That the entity was deleted while it was shown, in words.
    pub(crate) deletion_message: Option<String>,
    /// Records of which only the server knows whether they are in the list.
    pub(crate) to_check: BTreeSet<RecordId>,
    /// Grows when the rows must be read again.
    pub(crate) wanted: u64,
    /// Grows when only the server can tell how many there are.
    pub(crate) uncounted: u64,
    /// Who edits what.
    editing: BTreeMap<RecordId, Presence>,
    /// Whose unsaved changes what has.
    drafts: BTreeMap<RecordId, Person>,
}

/// A row and who has its form open.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Row {
    /// The record.
    pub(crate) record: Rc<RecordRow>,
    /// Its place in the order.
    place: Cursor,
    /// Who edits it.
    pub(crate) editing: Option<Presence>,
    /// Whose unsaved changes it has.
    pub(crate) unsaved: Option<Person>,
}

impl Records {
    /// The list of another query: nothing of it is known yet, and what is shown stays until something is.
    pub(crate) fn asked(mut self, query: ListQuery) -> Self {
        self.query = query;
        self.to_check.clear();
        self.wanted += 1;
        self
    }

    /// The first pages came, in place of all rows.
    pub(crate) fn began(mut self, page: Page) -> Self {
        self.rows.clear();
        self.answered = Some(self.query.clone());
        self.read = true;
        self.problem = None;
        self.to_check.clear();
        self.went_on(page)
    }

    /// They cannot be read.
    pub(crate) fn failed(mut self, problem: Problem) -> Self {
        self.problem = Some(problem);
        self
    }

    /// Something of it could not be asked: it is read again.
    pub(crate) fn unsure(mut self) -> Self {
        self.to_check.clear();
        self.wanted += 1;
        self
    }

    /// The next page came.
    pub(crate) fn went_on(mut self, page: Page) -> Self {
        let Page {
            rows,
            next,
            total,
            remembered,
        } = page;
        self.next = next;
        self.total = total;
        self.remembered = remembered;
        // A record that moved meanwhile may come twice; the newer one counts.
        let known: BTreeMap<RecordId, Version> = self
            .rows
            .iter()
            .map(|row| (row.record.id, row.record.version))
            .collect();
        for record in rows {
            match known.get(&record.id) {
                Some(version) if *version > record.version => {}
                Some(_) => {
                    self.take(record.id);
                    self.put(record);
                }
                None => self.put(record),
            }
        }
        self
    }

    /// It was counted how many there are.
    pub(crate) fn counted(mut self, total: u64) -> Self {
        self.total = total;
        self
    }

    /// Some records were looked for: those that were found are in the list, the others are not.
    pub(crate) fn checked(mut self, looked_for: &BTreeSet<RecordId>, page: Page) -> Self {
        for id in looked_for {
            self.to_check.remove(id);
            if !page.rows.iter().any(|row| row.id == *id) {
                self.left(*id);
            }
        }
        for row in page.rows {
            if !self.is_older(&row) {
                self.came(row, false);
            }
        }
        self
    }

    /// The list after the update.
    pub(crate) fn after(mut self, update: TopicUpdate) -> Self {
        match update {
            TopicUpdate::Snapshot(snapshot) | TopicUpdate::Cached { snapshot, .. } => {
                if let Snapshot::Records { entity, editing, .. } = snapshot {
                    self.entity = Some(Arc::new(*entity));
                    self.all_editing(editing);
                    self.wanted += 1;
                }
            }
            TopicUpdate::Current => {
                self.problem = None;
                self.wanted += 1;
            }
            TopicUpdate::Event(Event::RecordCreated { row } | Event::RecordRestored { row }) => {
                self.may_come(row, true)
            }
            TopicUpdate::Event(Event::RecordUpdated { row }) => self.may_come(row, false),
            TopicUpdate::Event(Event::RecordRemoved { record }) => self.went(record),
            TopicUpdate::Event(Event::RecordsChanged { .. }) => self.wanted += 1,
            TopicUpdate::Event(Event::Redefined { entity }) => {
                self.deletion_message = entity.deletion_message().map(|why| why.to_string());
                self.entity = Some(entity);
                self.wanted += 1;
            }
            TopicUpdate::Event(Event::EntityPurged { entity }) => {
                if self.entity.as_ref().is_some_and(|shown| shown.id == entity) {
                    self.deletion_message = Some(t::import::collection_is_gone().into());
                }
            }
            TopicUpdate::Event(Event::Renamed { person }) => self.renamed(&person),
            TopicUpdate::Presence(FormPresence { form, presence, draft }) => {
                let record = RecordId(form.id);
                match presence.clone() {
                    Some(presence) => self.editing.insert(record, presence),
                    None => self.editing.remove(&record),
                };
                match draft.clone() {
                    Some(author) => self.drafts.insert(record, author),
                    None => self.drafts.remove(&record),
                };
                if let Some(row) = self.rows.iter_mut().find(|row| row.record.id == record) {
                    row.editing = presence;
                    row.unsaved = draft;
                }
            }
            TopicUpdate::AllPresence(editing) => self.all_editing(editing),
            TopicUpdate::Refused(problem) => self.problem = Some(problem),
            TopicUpdate::Live(_)
            | TopicUpdate::Event(
                Event::RecordCount { .. } | Event::EntitySaved { .. } | Event::BinAdded(_) | Event::BinRemoved { .. },
            ) => {}
        }
        self
    }

    fn renamed(&mut self, person: &Person) {
        for row in &mut self.rows {
            Rc::make_mut(&mut row.record).rename(person);
        }
    }

    fn all_editing(&mut self, editing: Vec<FormPresence>) {
        self.editing.clear();
        self.drafts.clear();
        for FormPresence { form, presence, draft } in editing {
            let record = RecordId(form.id);
            self.editing.extend(presence.map(|presence| (record, presence)));
            self.drafts.extend(draft.map(|author| (record, author)));
        }
        for row in &mut self.rows {
            row.editing = self.editing.get(&row.record.id).cloned();
            row.unsaved = self.drafts.get(&row.record.id).cloned();
        }
    }

    /// A record changed: it comes into the list, moves in it, leaves it, or has nothing to do with it.
    fn may_come(&mut self, record: RecordRow, new: bool) {
        let Some(entity) = self.entity.clone() else {
            return;
        };
        if self.is_older(&record) {
            return;
        }
        if !words(&self.query.search).is_empty() {
            // The row does not carry every word that it may be found by.
            self.to_check.insert(record.id);
            return;
        }
        if self.query.holds(&entity, &record) {
            self.came(record, new);
        } else {
            self.left(record.id);
        }
    }

    /// Whether something newer is known of the record already.
    fn is_older(&self, record: &RecordRow) -> bool {
        let known = self.rows.iter().find(|row| row.record.id == record.id);
        known.is_some_and(|row| row.record.version > record.version)
    }

    /// It is not in the list, and may have been: also on a page that did not come.
    fn left(&mut self, id: RecordId) {
        if self.take(id) {
            self.total = self.total.saturating_sub(1);
        } else if self.next.is_some() && !self.query.shows_all() {
            self.uncounted += 1;
        }
    }

    /// It is in the list now; a new one was not before.
    fn came(&mut self, record: RecordRow, new: bool) {
        let Some(entity) = self.entity.clone() else {
            return;
        };
        if !self.take(record.id) {
            if new || self.next.is_none() {
                self.total += 1;
            } else if !self.query.shows_all() {
                // It may have been in the list, on a page that did not come.
                self.uncounted += 1;
            }
        }
        let place = self.query.place(&entity, &record);
        let beyond = self
            .next
            .as_ref()
            .is_some_and(|next| self.query.compare(next, &place).is_lt());
        if !beyond {
            self.put(record);
        }
    }

    fn went(&mut self, id: RecordId) {
        self.to_check.remove(&id);
        if self.take(id) || self.query.shows_all() {
            self.total = self.total.saturating_sub(1);
        } else if self.next.is_some() {
            self.uncounted += 1;
        }
    }

    fn take(&mut self, id: RecordId) -> bool {
        let place = self.rows.iter().position(|row| row.record.id == id);
        place.map(|place| self.rows.remove(place)).is_some()
    }

    fn put(&mut self, record: RecordRow) {
        let Some(entity) = &self.entity else {
            return;
        };
        let place = self.query.place(entity, &record);
        let index = self
            .rows
            .partition_point(|row| self.query.compare(&row.place, &place).is_lt());
        let editing = self.editing.get(&record.id).cloned();
        let unsaved = self.drafts.get(&record.id).cloned();
        let row = Row {
            record: Rc::new(record),
            place,
            editing,
            unsaved,
        };
        match self.rows.get_mut(index) {
            Some(same) if same.record.id == row.record.id => *same = row,
            Some(_) | None => self.rows.insert(index, row),
        }
    }
}

#[cfg(test)]
mod tests;
