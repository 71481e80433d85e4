//! The list that records were opened from, so that the next one is one press away.

use std::cell::RefCell;
use std::rc::Rc;

use baton_protocol::id::{EntityId, RecordId};
use yew::prelude::*;

use crate::state::records::Records;

thread_local! {
    static TRAIL: RefCell<Option<Trail>> = RefCell::default();
}

/// A list as it was seen last.
#[derive(Clone)]
struct Trail {
    entity: EntityId,
    list: Rc<Records>,
}

/// What stands before and behind a record in the list that was seen last.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Neighbours {
    pub(crate) previous: Option<RecordId>,
    pub(crate) next: Option<RecordId>,
}

/// Remembers the list that is shown.
pub(crate) fn leave_trail(entity: EntityId, list: &Rc<Records>) {
    let list = Rc::clone(list);
    TRAIL.with_borrow_mut(|trail| *trail = Some(Trail { entity, list }));
}

/// The neighbours of a record, if it was in the list that was seen last.
#[hook]
pub(crate) fn use_neighbours(entity: EntityId, record: RecordId) -> Option<Neighbours> {
    let neighbours = use_memo((entity, record), |(entity, record)| {
        let trail = TRAIL.with_borrow(Clone::clone);
        let trail = trail.filter(|trail| trail.entity == *entity)?;
        neighbours(trail.list.rows.iter().map(|row| row.record.id), *record)
    });
    *neighbours
}

fn neighbours(mut records: impl Iterator<Item = RecordId>, record: RecordId) -> Option<Neighbours> {
    let mut previous = None;
    loop {
        let here = records.next()?;
        if here == record {
            let next = records.next();
            return Some(Neighbours { previous, next });
        }
        previous = Some(here);
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn the_ends_of_a_list_have_one_neighbour_and_a_stranger_has_none() {
        let id = |number| RecordId(Uuid::from_u128(number));
        let list = [id(1), id(2), id(3)];
        let of = |number| neighbours(list.into_iter(), id(number)).map(|found| (found.previous, found.next));
        assert_eq!(of(1), Some((None, Some(id(2)))));
        assert_eq!(of(2), Some((Some(id(1)), Some(id(3)))));
        assert_eq!(of(3), Some((Some(id(2)), None)));
        assert_eq!(of(4), None);
    }
}
