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

#[cfg(test)]
mod tests {
    use std::ops::RangeInclusive;

    use baton_protocol::deletion::Stamp;
    use baton_protocol::desktop::TopicUpdate;
    use baton_protocol::entity::Entity;
    use baton_protocol::id::{EntityId, UserId, Version};
    use baton_protocol::list::Page;
    use baton_protocol::list_query::Cursor;
    use baton_protocol::message::Snapshot;
    use baton_protocol::person::Person;
    use baton_protocol::record::RecordRow;
    use baton_protocol::time::Timestamp;
    use baton_protocol::values::Values;
    use uuid::Uuid;

    use super::*;

    fn id(num: u64) -> RecordId {
        RecordId(Uuid::from_u128(num.into()))
    }

    fn row(num: u64) -> RecordRow {
        let by = Person {
            id: UserId(Uuid::nil()),
            name: "Anna".into(),
        };
        let stamp = Stamp { by, at: Timestamp(0) };
        RecordRow {
            id: id(num),
            num,
            position: 0,
            version: Version(1),
            title: num.to_string(),
            slug: num.to_string(),
            status: "draft".into(),
            cells: Values::new(),
            created: stamp.clone(),
            updated: stamp,
        }
    }

    /// These rows, and more to come if `more`.
    fn list(nums: RangeInclusive<u64>, more: bool) -> Records {
        let entity = Entity::new(EntityId(Uuid::nil()), "thing", "Thing", "Things", Vec::new());
        let snapshot = Snapshot::Records {
            entity: Box::new(entity),
            rows: Vec::new(),
            total: 0,
            editing: Vec::new(),
        };
        let page = Page {
            rows: nums.map(row).collect(),
            next: more.then_some(Cursor { key: None, num: 5 }),
            total: 5,
            remembered: None,
        };
        let list = Records::default().after(TopicUpdate::Snapshot(snapshot));
        list.asked(ListQuery::default()).began(page)
    }

    fn chosen(selection: &Selection) -> Vec<RecordId> {
        selection.records.iter().copied().collect()
    }

    #[test]
    fn shift_takes_all_from_the_last_press_in_either_direction() {
        let list = list(1..=5, false);
        let selection = Selection::default().toggled(id(4), &list).extended(id(2), &list);
        assert_eq!(chosen(&selection), [id(2), id(3), id(4)]);
        let selection = selection.extended(id(3), &list);
        assert_eq!(chosen(&selection), [id(2), id(3), id(4)], "a range takes nothing away");
        let first = Selection::default().extended(id(3), &list);
        assert_eq!(chosen(&first), [id(3)], "nothing was pressed before");
    }

    #[test]
    fn leaving_all_keeps_the_others_only_where_all_of_them_came() {
        let all = Selection {
            all: true,
            ..Selection::default()
        };
        let others = all.toggled(id(2), &list(1..=5, false));
        assert_eq!(chosen(&others), [id(1), id(3), id(4), id(5)]);
        assert!(all.toggled(id(2), &list(1..=5, true)).is_empty());
    }

    #[test]
    fn what_others_took_away_is_not_chosen_any_more() {
        let whole = list(1..=5, false);
        let selection = Selection::default().of_page(&whole);
        assert!(selection.has_page(&whole) && selection.of_page(&whole).is_empty());
        assert_eq!(chosen(&selection.of(&list(2..=5, false))).len(), 4);
        let on_another_page = selection.of(&list(2..=5, true));
        assert_eq!(
            chosen(&on_another_page).len(),
            5,
            "it may be on a page that did not come"
        );
    }
}
