//! Which records of a list are chosen.

use std::collections::BTreeSet;
use std::rc::Rc;

use baton_protocol::id::RecordId;
use baton_protocol::job::RecordSelection;
use baton_protocol::list_query::ListQuery;
use web_sys::MouseEvent;

use super::records::Records;

/// What a person presses to choose.
#[derive(Clone, Copy)]
pub(crate) enum Pressed {
    /// A row.
    One(RecordId),
    /// A row with Shift: all from the one before to it.
    Range(RecordId),
    /// The box above all rows.
    Page,
}

impl Pressed {
    /// A press on a row's box.
    pub(crate) fn row(id: RecordId, event: &MouseEvent) -> Self {
        if event.shift_key() {
            Self::Range(id)
        } else {
            Self::One(id)
        }
    }
}

/// What is chosen.
#[derive(Clone, PartialEq, Default)]
pub(crate) struct Selection {
    /// These.
    pub(crate) records: Rc<BTreeSet<RecordId>>,
    /// Or all that the list shows, also on pages that did not come.
    pub(crate) all: bool,
    /// Which was pressed last: a range begins there.
    pub(crate) last: Option<RecordId>,
}

impl Selection {
    /// Whether nothing is chosen.
    pub(crate) fn is_empty(&self) -> bool {
        self.records.is_empty() && !self.all
    }

    /// What of it is in the list: others may have taken records away.
    pub(crate) fn of(&self, list: &Records) -> Self {
        if self.records.is_empty() || list.next.is_some() {
            return self.clone();
        }
        let listed: BTreeSet<RecordId> = list.rows.iter().map(|row| row.record.id).collect();
        Self {
            records: Rc::new(self.records.intersection(&listed).copied().collect()),
            ..self.clone()
        }
    }

    /// The same with this one in it, or without it. Leaving “all” begins with all that came; where more are to
    /// come, nothing less than all of them can be meant.
    pub(crate) fn toggled(&self, id: RecordId, list: &Records) -> Self {
        let mut records = match self.all {
            true if list.next.is_some() => return Self::default(),
            true => list.rows.iter().map(|row| row.record.id).collect(),
            false => (*self.records).clone(),
        };
        if !records.remove(&id) {
            records.insert(id);
        }
        Self {
            records: Rc::new(records),
            all: false,
            last: Some(id),
        }
    }

    /// The same with all from the one that was pressed last to this one.
    pub(crate) fn extended(&self, id: RecordId, list: &Records) -> Self {
        let place = |id: RecordId| list.rows.iter().position(|row| row.record.id == id);
        let (Some(from), Some(to), false) = (self.last.and_then(place), place(id), self.all) else {
            return self.toggled(id, list);
        };
        let range = &list.rows[from.min(to)..=from.max(to)];
        let records = self
            .records
            .iter()
            .copied()
            .chain(range.iter().map(|row| row.record.id));
        Self {
            records: Rc::new(records.collect()),
            all: false,
            last: Some(id),
        }
    }

    /// All rows that came; none if all of them are chosen.
    pub(crate) fn of_page(&self, list: &Records) -> Self {
        if self.has_page(list) {
            return Self::default();
        }
        Self {
            records: Rc::new(list.rows.iter().map(|row| row.record.id).collect()),
            ..Self::default()
        }
    }

    /// Whether all rows that came are chosen.
    pub(crate) fn has_page(&self, list: &Records) -> bool {
        self.all || list.rows.iter().all(|row| self.records.contains(&row.record.id))
    }

    /// The chosen records, for a job.
    pub(crate) fn which(&self, query: &ListQuery) -> RecordSelection {
        if self.all {
            RecordSelection::Query(query.clone())
        } else {
            RecordSelection::Records(self.records.iter().copied().collect())
        }
    }
}
