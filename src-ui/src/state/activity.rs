//! What changed, as far back as it was read.

use std::collections::BTreeSet;

use baton_protocol::activity::{Activity, ActivityKind, ActivityPage};
use baton_protocol::id::FormKey;

/// What happened, newest first.
#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct ActivityRows {
    rows: Vec<Activity>,
    next: Option<u64>,
    newest: u64,
}

impl ActivityRows {
    pub(crate) fn new(page: ActivityPage) -> Self {
        Self {
            rows: page.rows,
            next: page.next,
            newest: page.newest,
        }
    }

    /// With the page that is read behind what is there.
    #[must_use]
    pub(crate) fn then(mut self, page: ActivityPage) -> Self {
        self.rows.extend(page.rows);
        self.next = page.next;
        self
    }

    /// With what is newer than all of it. Where more happened than a page holds, that page is all there is.
    #[must_use]
    pub(crate) fn refreshed(mut self, newer: ActivityPage) -> Self {
        if newer.next.is_some() {
            return Self::new(newer);
        }
        self.newest = self.newest.max(newer.newest);
        self.rows.splice(0..0, newer.rows);
        self
    }

    pub(crate) fn rows(&self) -> &[Activity] {
        &self.rows
    }

    /// Before which number there is more.
    pub(crate) fn next(&self) -> Option<u64> {
        self.next
    }

    /// The number of what had happened last when it was read.
    pub(crate) fn newest(&self) -> u64 {
        self.newest
    }

    /// Whether what happened in this row is how its record is still gone: nothing happened to it since.
    pub(crate) fn is_still_gone(&self, row: &Activity) -> bool {
        let removed = matches!(row.what, ActivityKind::Removed(_));
        removed && self.last_of(row.form) == Some(row.number)
    }

    fn last_of(&self, form: FormKey) -> Option<u64> {
        self.rows.iter().find(|row| row.form == form).map(|row| row.number)
    }
}

/// The forms that were saved last, each once, at most so many; of rows with the newest first. What went out of its list since is
/// not among them.
pub(crate) fn last_saved(rows: &[Activity], most: usize) -> Vec<Activity> {
    let mut known: BTreeSet<FormKey> = BTreeSet::new();
    let last = rows.iter().filter(|row| known.insert(row.form));
    let saved = last.filter(|row| matches!(row.what, ActivityKind::Saved { .. } | ActivityKind::Restored));
    saved.take(most).cloned().collect()
}

#[cfg(test)]
mod tests {
    use baton_protocol::deletion::DeletionKind;
    use baton_protocol::id::{EntityId, RecordId, UserId};
    use baton_protocol::person::Person;
    use baton_protocol::time::Timestamp;
    use uuid::Uuid;

    use super::*;

    fn page(numbers: &[u64], next: Option<u64>) -> ActivityPage {
        let row = |number: &u64| Activity {
            number: *number,
            at: Timestamp(0),
            by: Person {
                id: UserId(Uuid::nil()),
                name: "Anna".into(),
            },
            form: FormKey::record(RecordId(Uuid::from_u128(u128::from(*number % 2)))),
            entity: EntityId(Uuid::nil()),
            title: "Coat".into(),
            what: if number.is_multiple_of(2) {
                ActivityKind::Removed(DeletionKind::Deleted)
            } else {
                ActivityKind::Restored
            },
        };
        ActivityPage {
            rows: numbers.iter().map(row).collect(),
            next,
            newest: numbers.first().copied().unwrap_or_default(),
        }
    }

    fn numbers(rows: &ActivityRows) -> Vec<u64> {
        rows.rows().iter().map(|row| row.number).collect()
    }

    #[test]
    fn what_happened_since_comes_on_top_and_older_pages_stay() {
        let rows = ActivityRows::new(page(&[9, 8], Some(8))).then(page(&[5, 4], Some(4)));
        let rows = rows.refreshed(page(&[11], None));
        assert_eq!((numbers(&rows), rows.next()), (vec![11, 9, 8, 5, 4], Some(4)));
        let rows = rows.refreshed(page(&[], None));
        assert_eq!((numbers(&rows), rows.newest()), (vec![11, 9, 8, 5, 4], 11));
        // More than a page: what lies between would be missed.
        let rows = rows.refreshed(page(&[30, 29], Some(29)));
        assert_eq!((numbers(&rows), rows.next()), (vec![30, 29], Some(29)));
    }

    #[test]
    fn only_the_last_that_happened_to_a_record_is_undone_from_here() {
        let rows = ActivityRows::new(page(&[8, 6, 5], None));
        assert!(rows.is_still_gone(&rows.rows()[0]));
        assert!(!rows.is_still_gone(&rows.rows()[1]), "it was deleted again since");
        assert!(!rows.is_still_gone(&rows.rows()[2]), "it came back");
    }

    #[test]
    fn each_form_is_once_among_what_was_saved_last_and_what_went_since_is_not() {
        let saved = |rows: &[u64]| {
            last_saved(&page(rows, None).rows, 5)
                .iter()
                .map(|row| row.number)
                .collect::<Vec<_>>()
        };
        assert_eq!(saved(&[9, 7]), [9], "the same record");
        assert_eq!(saved(&[9, 8, 7]), [9], "the other one is deleted");
    }
}
