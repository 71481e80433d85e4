//! Generated histories: whatever happens in whatever order, a form obeys its guarantees and every
//! viewer converges to the same picture.

use crate::model::{Act, World};
use baton_protocol::form::MAX_UNDER_WAY;
use proptest::prelude::*;

const PEOPLE: u8 = 4;

fn act() -> impl Strategy<Value = Act> {
    let who = 0..PEOPLE;
    prop_oneof![
        4 => who.clone().prop_map(Act::Join),
        1 => who.clone().prop_map(Act::Leave),
        2 => who.clone().prop_map(Act::Break),
        6 => (who.clone(), 0usize..12, 0usize..4, "[a-cé👩]{0,3}")
            .prop_map(|(who, at, delete, insert)| Act::Type(who, at, delete, insert)),
        1 => who.clone().prop_map(Act::TypeWithOldFence),
        1 => (who.clone(), 0..MAX_UNDER_WAY).prop_map(|(who, back)| Act::Repeat(who, back)),
        2 => who.clone().prop_map(Act::Save),
        1 => who.clone().prop_map(Act::Discard),
        1 => who.clone().prop_map(Act::RestoreDraft),
        1 => who.clone().prop_map(Act::Focus),
        2 => who.clone().prop_map(Act::RequestEdit),
        1 => who.clone().prop_map(Act::Decline),
        1 => (who.clone(), who.clone()).prop_map(|(from, to)| Act::HandOver(from, to)),
        1 => who.clone().prop_map(Act::TakeOver),
        3 => (0u16..160).prop_map(Act::Wait),
        1 => Just(Act::Restart),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_form_obeys_its_guarantees_whatever_happens(acts in proptest::collection::vec(act(), 1..80)) {
        let mut world = World::new(PEOPLE);
        for act in acts {
            world.act(act);
        }
    }
}
