//! The history of saves (semantics 4.5): what each version was, and how two differ.

use serde::{Deserialize, Serialize};

use crate::deletion::Stamp;
use crate::field::Value;
use crate::form::FieldHistory;
use crate::id::Version;
use crate::values::Values;

/// One save.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SavedVersion {
    /// The version it made.
    pub version: Version,
    /// Who saved, and when.
    pub saved: Stamp,
    /// What changed.
    pub fields: Vec<FieldHistory>,
}

/// A save that came before the one that was refused: what somebody must know who saves a version that is not the
/// current one (4.4).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct EarlierSave {
    /// The version it made.
    pub version: Version,
    /// Who saved, and when.
    pub saved: Stamp,
    /// The names of the fields that it changed.
    pub fields: Vec<String>,
}

impl EarlierSave {
    /// Those of a history that came after `base`, newest first.
    #[must_use]
    pub fn since(base: Version, history: Vec<SavedVersion>) -> Vec<Self> {
        let later = history.into_iter().filter(|save| save.version > base);
        let earlier = later.map(|save| Self {
            version: save.version,
            saved: save.saved,
            fields: save.fields.into_iter().map(|field| field.field).collect(),
        });
        earlier.collect()
    }
}

/// The values of a version: the present saved ones, with every later save undone. `versions` are
/// newest first.
#[must_use]
pub fn values_at(present: &Values, versions: &[SavedVersion], version: Version) -> Values {
    let mut values = present.clone();
    for save in versions.iter().filter(|save| save.version > version) {
        for field in &save.fields {
            values.insert(field.field.clone(), field.old.clone());
        }
    }
    values
}

/// The fields that differ: name, value here, value there.
#[must_use]
pub fn differences<'a>(here: &'a Values, there: &'a Values) -> Vec<(&'a str, &'a Value, &'a Value)> {
    let names: std::collections::BTreeSet<&str> = here.keys().chain(there.keys()).map(String::as_str).collect();
    names
        .into_iter()
        .map(|name| {
            let value = |values: &'a Values| values.get(name).unwrap_or(&Value::Empty);
            (name, value(here), value(there))
        })
        .filter(|(_, here, there)| here != there)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::UserId;
    use crate::person::Person;
    use crate::time::Timestamp;
    use uuid::Uuid;

    fn save(version: u64, changes: &[(&str, &str, &str)]) -> SavedVersion {
        let by = Person {
            id: UserId(Uuid::nil()),
            name: "Anna".into(),
        };
        let fields = changes.iter().map(|(field, old, new)| FieldHistory {
            field: (*field).into(),
            old: Value::from_text(*old),
            new: Value::from_text(*new),
            author: by.clone(),
        });
        SavedVersion {
            version: Version(version),
            fields: fields.collect(),
            saved: Stamp { by, at: Timestamp(0) },
        }
    }

    #[test]
    fn every_version_can_be_seen_again() {
        let versions = [
            save(3, &[("title", "b", "c"), ("note", "", "new")]),
            save(2, &[("title", "a", "b")]),
            save(1, &[("title", "", "a")]),
        ];
        let text = |text: &str| Value::from_text(text);
        let present = Values::from([("title".into(), text("c")), ("note".into(), text("new"))]);
        let second = values_at(&present, &versions, Version(2));
        assert_eq!((&second["title"], &second["note"]), (&text("b"), &Value::Empty));
        assert_eq!(values_at(&present, &versions, Version(1))["title"], text("a"));
        assert_eq!(values_at(&present, &versions, Version(3)), present);
        let changed: Vec<_> = differences(&second, &present)
            .into_iter()
            .map(|(name, ..)| name)
            .collect();
        assert_eq!(changed, ["note", "title"]);
    }
}
