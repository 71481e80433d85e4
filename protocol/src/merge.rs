//! The three-way merge of a text that its author typed while others could change the form too (semantics 5.4).

use crate::field::Value;

/// What becomes of a pending edit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Resolution {
    /// The form says it already.
    AlreadyApplied,
    /// Nobody else changed the field: it goes into the form.
    Apply,
    /// Somebody else changed it too, and differently: its author decides.
    Conflict,
}

/// Merges one field. `base` is what its author began with, `mine` what they typed, `theirs` what the form says now.
/// `sent` is what the form says if an operation arrived whose answer did not: then `theirs` may be one's own.
#[must_use]
pub fn resolve(base: &Value, sent: Option<&Value>, mine: &Value, theirs: &Value) -> Resolution {
    if mine == theirs {
        Resolution::AlreadyApplied
    } else if theirs == base || sent == Some(theirs) {
        Resolution::Apply
    } else {
        Resolution::Conflict
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn value() -> impl Strategy<Value = Value> {
        prop_oneof![
            Just(Value::Empty),
            Just(Value::Bool(true)),
            "[ab]{1,2}".prop_map(Value::from_text),
            proptest::collection::vec("[ab]", 1..3).prop_map(Value::from_items),
        ]
    }

    /// What the form says after the merge, and what is left for its author to decide.
    fn merged(base: &Value, sent: Option<&Value>, mine: &Value, theirs: &Value) -> (Value, Option<Value>) {
        match resolve(base, sent, mine, theirs) {
            Resolution::AlreadyApplied | Resolution::Apply => (mine.clone(), None),
            Resolution::Conflict => (theirs.clone(), Some(mine.clone())),
        }
    }

    proptest! {
        #[test]
        fn whichever_side_comes_first_both_come_to_the_same(base in value(), mine in value(), theirs in value()) {
            // Each typed without the other; then one arrives first, and the other is merged into what it made.
            let changed = |value: &Value| *value != base;
            prop_assume!(changed(&mine) && changed(&theirs));
            let (here, there) = (resolve(&base, None, &mine, &theirs), resolve(&base, None, &theirs, &mine));
            prop_assert_eq!(here, there, "a conflict is one for both");
            prop_assert_eq!(here == Resolution::AlreadyApplied, mine == theirs);
        }

        #[test]
        fn nothing_of_either_side_is_lost(base in value(), sent in proptest::option::of(value()), mine in value(), theirs in value()) {
            let (form, left) = merged(&base, sent.as_ref(), &mine, &theirs);
            let is_there = |value: &Value| form == *value || left.as_ref() == Some(value);
            prop_assert!(is_there(&mine));
            // What only the author of the edit had replaced, or had sent before, is replaced.
            prop_assert!(is_there(&theirs) || theirs == base || sent.as_ref() == Some(&theirs));
        }

        #[test]
        fn a_field_that_nobody_else_changed_is_its_authors(base in value(), mine in value()) {
            prop_assert_eq!(merged(&base, None, &mine, &base), (mine, None));
        }

        #[test]
        fn what_arrived_without_an_answer_is_gone_on_from(base in value(), sent in value(), mine in value()) {
            prop_assert_eq!(merged(&base, Some(&sent), &mine, &sent), (mine, None));
        }

        #[test]
        fn merging_again_changes_nothing(base in value(), sent in proptest::option::of(value()), mine in value(), theirs in value()) {
            let (form, left) = merged(&base, sent.as_ref(), &mine, &theirs);
            match left {
                None => prop_assert_eq!(resolve(&base, sent.as_ref(), &mine, &form), Resolution::AlreadyApplied),
                Some(mine) => prop_assert_eq!(resolve(&base, sent.as_ref(), &mine, &form), Resolution::Conflict),
            }
        }
    }
}
