//! Three-way merge of a form's values (semantics 5.4): what both sides started from, mine and theirs.

use std::collections::BTreeSet;

use crate::field::Value;
use crate::values::Values;

/// What comes of a merge. Nothing of either side is thrown away: what only one of them changed is in
/// `values`, what both changed differently is a conflict.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Merged {
    /// The merged values; a field in conflict has theirs.
    pub values: Values,
    /// The fields that both changed, and differently.
    pub conflicts: Vec<Conflict>,
}

/// A field that both sides changed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Conflict {
    /// Its name.
    pub field: String,
    /// What both started from.
    pub base: Value,
    /// Mine.
    pub mine: Value,
    /// Theirs.
    pub theirs: Value,
}

/// Merges field by field.
#[must_use]
pub fn merge(base: &Values, mine: &Values, theirs: &Values) -> Merged {
    let value = |values: &Values, field: &str| values.get(field).cloned().unwrap_or_default();
    let fields: BTreeSet<&String> = base.keys().chain(mine.keys()).chain(theirs.keys()).collect();
    let mut merged = Merged::default();
    for field in fields {
        let (base, mine, theirs) = (value(base, field), value(mine, field), value(theirs, field));
        let result = if mine == base { theirs.clone() } else { mine.clone() };
        if mine != base && theirs != base && mine != theirs {
            merged.values.insert(field.clone(), theirs.clone());
            merged.conflicts.push(Conflict {
                field: field.clone(),
                base,
                mine,
                theirs,
            });
        } else if result != Value::Empty {
            merged.values.insert(field.clone(), result);
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn values() -> impl Strategy<Value = Values> {
        let value = prop_oneof![
            Just(Value::Flag(true)),
            Just(Value::Flag(false)),
            "[ab]{1,2}".prop_map(Value::from_text)
        ];
        proptest::collection::btree_map("[xyz]", value, 0..4)
    }

    proptest! {
        #[test]
        fn both_sides_come_to_the_same_values_and_the_same_conflicts(
            base in values(), mine in values(), theirs in values(),
        ) {
            let (here, there) = (merge(&base, &mine, &theirs), merge(&base, &theirs, &mine));
            let turned: Vec<_> = there
                .conflicts
                .iter()
                .map(|conflict| Conflict {
                    mine: conflict.theirs.clone(),
                    theirs: conflict.mine.clone(),
                    ..conflict.clone()
                })
                .collect();
            prop_assert_eq!(&here.conflicts, &turned);
            let settled = |merged: &Merged| {
                let mut values = merged.values.clone();
                values.retain(|field, _| !merged.conflicts.iter().any(|conflict| conflict.field == *field));
                values
            };
            prop_assert_eq!(settled(&here), settled(&there));
        }

        #[test]
        fn what_one_side_left_alone_is_the_others(base in values(), theirs in values()) {
            for merged in [merge(&base, &base, &theirs), merge(&base, &theirs, &base), merge(&base, &theirs, &theirs)] {
                prop_assert_eq!(&merged.values, &theirs);
                prop_assert!(merged.conflicts.is_empty());
            }
        }

        #[test]
        fn every_value_of_either_side_is_in_the_result(base in values(), mine in values(), theirs in values()) {
            let merged = merge(&base, &mine, &theirs);
            for (side, other) in [(&mine, &theirs), (&theirs, &mine)] {
                for (field, value) in side.iter().filter(|(field, value)| base.get(*field) != Some(*value)) {
                    let kept = merged.values.get(field) == Some(value)
                        || merged.conflicts.iter().any(|conflict| conflict.mine == *value || conflict.theirs == *value);
                    prop_assert!(kept, "{} of {:?} and {:?}", field, side, other);
                }
            }
        }
    }
}
