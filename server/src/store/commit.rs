//! What follows from a write, whatever engine stores it: who is told what, and where a record stands.
//!
//! Pure: an engine finds out what was there and is there now, writes rows, and appends what these functions say to the
//! log, in the same transaction. So every engine tells the same of the same write.

use std::sync::Arc;

use baton_protocol::entity::Entity;
use baton_protocol::id::{EntityId, RecordId};
use baton_protocol::message::{EntityRow, Event, Topic};
use baton_protocol::record::{BinRow, Record, RecordRow};

/// What those who watch are told of a write, in order, and what it does to how many records its entity lists.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Outcome {
    /// What is told, and to whom.
    pub events: Vec<(Topic, Event)>,
    /// How many records more the entity's list has; they are counted, and [`counted`] is told, if it is not 0.
    pub listed: i64,
}

impl Outcome {
    fn new<const N: usize>(events: [(Topic, Event); N], listed: i64) -> Self {
        Self {
            events: events.into(),
            listed,
        }
    }
}

/// A record was saved, and its row is this now. One that is in no list is shown by the bin as it is now.
#[must_use]
pub fn saved(record: &Record, row: RecordRow) -> Outcome {
    let list = Topic::Records(record.entity);
    match record.gone.clone() {
        Some(gone) => {
            let row = BinRow { row, gone };
            Outcome::new([(Topic::Bin(record.entity), Event::BinAdded(Box::new(row)))], 0)
        }
        None if record.version.0 == 1 => Outcome::new([(list, Event::RecordCreated { row })], 1),
        None => Outcome::new([(list, Event::RecordUpdated { row })], 0),
    }
}

/// A record went out of its list, from the archive to the bin, or came back.
#[must_use]
pub fn moved_out_or_back(record: &Record, row: RecordRow, was_gone: bool) -> Outcome {
    let (list, bin) = (Topic::Records(record.entity), Topic::Bin(record.entity));
    let id = record.id;
    match record.gone.clone() {
        Some(gone) => {
            let added = (bin, Event::BinAdded(Box::new(BinRow { row, gone })));
            if was_gone {
                // The list does not notice.
                return Outcome::new([added], 0);
            }
            Outcome::new([added, (list, Event::RecordRemoved { record: id })], -1)
        }
        None => {
            let removed = (bin, Event::BinRemoved { record: id });
            Outcome::new([removed, (list, Event::RecordRestored { row })], 1)
        }
    }
}

/// So many new records were made at once, or taken back: those who watch the list are told once.
#[must_use]
pub fn changed_many(entity: EntityId, made: i64) -> Outcome {
    let records = made.unsigned_abs();
    let event = Event::RecordsChanged { records };
    Outcome::new([(Topic::Records(entity), event)], made)
}

/// A record has another place in the order by hand; if there was no room, all have.
#[must_use]
pub fn placed(record: &Record, row: RecordRow, all_moved: bool) -> Outcome {
    let list = Topic::Records(record.entity);
    let mut outcome = Outcome::default();
    if all_moved {
        outcome.events.push((list, Event::RecordsChanged { records: 0 }));
    }
    if record.gone.is_none() {
        outcome.events.push((list, Event::RecordUpdated { row }));
    }
    outcome
}

/// A definition was saved; its list has so many records. Whoever may not see it is told that it is not there any more.
#[must_use]
pub fn defined(entity: Arc<Entity>, records: u64) -> Outcome {
    let list = Topic::Records(entity.id);
    let row = EntityRow::new(Arc::clone(&entity), records);
    let saved = (Topic::Entities, Event::EntitySaved { row });
    Outcome::new([saved, (list, Event::Redefined { entity })], 0)
}

/// An entity's list has so many records now.
#[must_use]
pub fn counted(entity: EntityId, records: u64) -> (Topic, Event) {
    (Topic::Entities, Event::RecordCount { entity, records })
}

/// A record went for ever: out of the bin, or, with its deleted entity, out of its list.
#[must_use]
pub fn purged(entity: EntityId, record: RecordId, was_listed: bool) -> Outcome {
    if was_listed {
        let event = Event::RecordRemoved { record };
        return Outcome::new([(Topic::Records(entity), event)], -1);
    }
    Outcome::new([(Topic::Bin(entity), Event::BinRemoved { record })], 0)
}

/// An entity went for ever.
#[must_use]
pub fn purged_entity(entity: EntityId) -> Outcome {
    Outcome::new([(Topic::Entities, Event::EntityPurged { entity })], 0)
}

/// How far apart places in the order by hand are, so that there is room between two.
pub const POSITION_GAP: i64 = 1024;

/// Where a record stands that was the `num`-th to be saved: behind all before it.
#[must_use]
pub fn first_position(num: u64) -> i64 {
    i64::try_from(num)
        .unwrap_or(i64::MAX / POSITION_GAP)
        .saturating_mul(POSITION_GAP)
}

/// A place behind a record (`None`: before all) and before the next one (`None`: there is none); `None` where there is no
/// room between them, and all must be spread first.
#[must_use]
pub fn position_between(behind: Option<i64>, next: Option<i64>) -> Option<i64> {
    match (behind, next) {
        (None, None) => Some(0),
        (None, Some(next)) => next.checked_sub(POSITION_GAP),
        (Some(behind), None) => behind.checked_add(POSITION_GAP),
        (Some(behind), Some(next)) => {
            let between = behind + (next - behind) / 2;
            (between > behind).then_some(between)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Whatever is put between whatever stands there, comes between it, or there is no room and all are spread.
        #[test]
        fn what_is_put_between_two_stands_between_them(behind in -1_000_000_i64..1_000_000, gap in 1_i64..5_000) {
            match position_between(Some(behind), Some(behind + gap)) {
                Some(between) => prop_assert!(behind < between && between < behind + gap),
                None => prop_assert_eq!(gap, 1),
            }
        }
    }

    #[test]
    fn what_goes_for_ever_with_its_collection_counts_no_more_should_that_come_back() {
        let (entity, record) = (EntityId(uuid::Uuid::nil()), RecordId(uuid::Uuid::nil()));
        let listed = purged(entity, record, true);
        assert_eq!(
            listed.events,
            [(Topic::Records(entity), Event::RecordRemoved { record })]
        );
        assert_eq!(listed.listed, -1);
        let binned = purged(entity, record, false);
        assert_eq!(binned.events, [(Topic::Bin(entity), Event::BinRemoved { record })]);
        assert_eq!(binned.listed, 0, "it was taken off when it went into the bin");
    }

    #[test]
    fn what_is_put_first_or_last_stands_there() {
        assert_eq!(position_between(None, None), Some(0));
        assert!(position_between(None, Some(0)).is_some_and(|first| first < 0));
        assert!(position_between(Some(0), None).is_some_and(|last| last > 0));
        assert_eq!(position_between(None, Some(i64::MIN)), None);
        assert_eq!(position_between(Some(i64::MAX), None), None);
        assert!(first_position(1) < first_position(2));
        assert!(first_position(u64::MAX) > 0);
    }
}
