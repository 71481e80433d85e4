//! Drafts: a form's unsaved changes, keystroke by keystroke (semantics 4.1).

use std::fmt;

use std::collections::BTreeMap;

use baton_locales::{Text, say};
use serde::{Deserialize, Serialize};

use crate::field::{Field, Value};
use crate::id::Version;
use crate::person::Person;
use crate::values::Values;

/// The most changes of one message: each costs a pass over the text that it changes.
pub const MAX_CHANGES: usize = 64;

/// A new value for one field, or a splice of its text.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Change {
    /// The field's name.
    pub field: String,
    /// What happens to it.
    pub edit: Edit,
}

/// What happens to a field.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Edit {
    /// It gets this value.
    Set(Value),
    /// A stretch of its text is replaced.
    Splice(Splice),
}

/// Replaces a stretch of text. Positions count Unicode scalar values, so that they mean the same in
/// every language and never cut a character's bytes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Splice {
    /// Where it begins.
    pub at: usize,
    /// How many scalar values go away.
    pub delete: usize,
    /// What comes in their place.
    pub insert: String,
}

impl Splice {
    /// The smallest single splice that turns `old` into `new`; nothing if they are equal.
    #[must_use]
    pub fn between(old: &str, new: &str) -> Option<Self> {
        if old == new {
            return None;
        }
        let prefix: usize = old
            .chars()
            .zip(new.chars())
            .take_while(|(a, b)| a == b)
            .map(|(c, _)| c.len_utf8())
            .sum();
        let (old_rest, new_rest) = (&old[prefix..], &new[prefix..]);
        let suffix: usize = old_rest
            .chars()
            .rev()
            .zip(new_rest.chars().rev())
            .take_while(|(a, b)| a == b)
            .map(|(c, _)| c.len_utf8())
            .sum();
        Some(Self {
            at: old[..prefix].chars().count(),
            delete: old_rest[..old_rest.len() - suffix].chars().count(),
            insert: new_rest[..new_rest.len() - suffix].to_owned(),
        })
    }

    /// The text after the splice; nothing if the splice reaches past its end.
    #[must_use]
    pub fn apply(&self, text: &str) -> Option<String> {
        let start = byte_of(text, 0, self.at)?;
        let end = byte_of(text, start, self.delete)?;
        let mut result = String::with_capacity(text.len() - (end - start) + self.insert.len());
        result.push_str(&text[..start]);
        result.push_str(&self.insert);
        result.push_str(&text[end..]);
        Some(result)
    }
}

/// The byte that lies `count` scalar values after byte `from`. Counts a block at a time: a keystroke at the
/// end of a long text is paid for by everybody who shares the server.
fn byte_of(text: &str, from: usize, count: usize) -> Option<usize> {
    const BLOCK: usize = 64;
    let begins = |byte: &u8| byte & 0b1100_0000 != 0b1000_0000;
    let mut left = count;
    let mut offset = from;
    for block in text.as_bytes()[from..].chunks(BLOCK) {
        let here = block.iter().filter(|byte| begins(byte)).count();
        if here > left {
            let mut starts = block.iter().enumerate().filter(|(_, byte)| begins(byte));
            return starts.nth(left).map(|(place, _)| offset + place);
        }
        left -= here;
        offset += block.len();
    }
    (left == 0).then_some(text.len())
}

impl Edit {
    /// The cheapest edit that turns `old` into `new` for a field of this type; nothing if they are equal.
    #[must_use]
    pub fn between(field: &Field, old: &Value, new: &Value) -> Option<Self> {
        if old == new {
            return None;
        }
        match (old, new) {
            (Value::Text(old), Value::Text(new)) if field.field_type.spliced() => {
                Splice::between(old, new).map(Self::Splice)
            }
            _ => Some(Self::Set(new.clone())),
        }
    }

    /// The value after the edit.
    ///
    /// # Errors
    /// [`ChangeError::OutOfRange`] if a splice does not fit the text.
    pub fn apply(&self, value: &Value) -> Result<Value, ChangeError> {
        match self {
            Self::Set(new) => Ok(new.clone()),
            Self::Splice(splice) => splice
                .apply(value.text())
                .map(Value::from_text)
                .ok_or(ChangeError::OutOfRange),
        }
    }
}

/// A form's unsaved changes.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Draft {
    /// The version that they are based on.
    pub base: Version,
    /// The changed fields.
    pub fields: BTreeMap<String, DraftField>,
}

/// What one accepted change did to a draft, complete in itself: applied in order to the draft that was stored
/// last, patches give the present one, whatever became of definition and saved values since.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DraftPatch {
    /// The field was not in the draft before.
    Set {
        /// The field's name.
        field: String,
        /// Its unsaved value.
        value: Value,
    },
    /// The field's text in the draft changed.
    Splice {
        /// The field's name.
        field: String,
        /// How.
        splice: Splice,
    },
    /// The field says again what is saved.
    Clear {
        /// The field's name.
        field: String,
    },
}

impl DraftPatch {
    /// The name of the field that it is of.
    #[must_use]
    pub fn field(&self) -> &str {
        match self {
            Self::Set { field, .. } | Self::Splice { field, .. } | Self::Clear { field } => field,
        }
    }
}

/// One changed field.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DraftField {
    /// Its unsaved value.
    pub value: Value,
    /// Who changed it last.
    pub author: Person,
}

/// Why a change cannot be applied.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ChangeError {
    /// The entity has no such field.
    NoField(String),
    /// A splice reaches past the text's end: the sender saw another text.
    OutOfRange,
    /// The value is of the wrong kind or too large.
    Shape(Text),
}

impl ChangeError {
    /// A sentence for whoever made the change.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::NoField(name) => say::refusals::no_field(name),
            Self::OutOfRange => say::refusals::out_of_range(),
            Self::Shape(why) => why.clone(),
        }
    }
}

impl fmt::Display for ChangeError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text().fmt(out)
    }
}

impl std::error::Error for ChangeError {}

impl Draft {
    /// Whether nothing is unsaved.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// The field's value as the form shows it: the draft's, or the saved one.
    #[must_use]
    pub fn value<'a>(&'a self, saved: &'a Values, field: &str) -> &'a Value {
        match self.fields.get(field) {
            Some(changed) => &changed.value,
            None => saved.get(field).unwrap_or(&Value::Empty),
        }
    }

    /// Whose changes these are: each person once, in the order of the fields' names.
    #[must_use]
    pub fn authors(&self) -> Vec<&Person> {
        let mut authors: Vec<&Person> = Vec::new();
        for changed in self.fields.values() {
            if !authors.iter().any(|author| author.id == changed.author.id) {
                authors.push(&changed.author);
            }
        }
        authors
    }

    /// Every value as the form shows it.
    #[must_use]
    pub fn merged(&self, saved: &Values) -> Values {
        let mut values = saved.clone();
        for (field, changed) in &self.fields {
            values.insert(field.clone(), changed.value.clone());
        }
        values
    }

    /// Applies one change; `field` knows the form's fields by their names. A field that comes back to its
    /// saved value is no longer changed.
    ///
    /// # Errors
    /// Why not; the draft is then as it was.
    pub fn apply(
        &mut self,
        saved: &Values,
        field: impl Fn(&str) -> Option<Field>,
        change: &Change,
        author: &Person,
    ) -> Result<DraftPatch, ChangeError> {
        let known = field(&change.field).ok_or_else(|| ChangeError::NoField(shortened(&change.field)))?;
        let value = change.edit.apply(self.value(saved, &change.field))?;
        known.check_shape(&value).map_err(ChangeError::Shape)?;
        let field = change.field.clone();
        if saved.get(&field).unwrap_or(&Value::Empty) == &value {
            self.fields.remove(&field);
            return Ok(DraftPatch::Clear { field });
        }
        let patch = match &change.edit {
            // Of an empty text a splice would leave out that there was one.
            Edit::Splice(splice)
                if self
                    .fields
                    .get(&field)
                    .is_some_and(|before| before.value.kind().is_some()) =>
            {
                DraftPatch::Splice {
                    field: field.clone(),
                    splice: splice.clone(),
                }
            }
            Edit::Splice(_) | Edit::Set(_) => DraftPatch::Set {
                field: field.clone(),
                value: value.clone(),
            },
        };
        let author = author.clone();
        self.fields.insert(field, DraftField { value, author });
        Ok(patch)
    }

    /// Applies what an accepted change did.
    ///
    /// # Errors
    /// [`ChangeError::OutOfRange`] if the patch was made for another draft: what was stored is damaged.
    pub fn patch(&mut self, patch: &DraftPatch, author: &Person) -> Result<(), ChangeError> {
        let (field, value) = match patch {
            DraftPatch::Clear { field } => {
                self.fields.remove(field);
                return Ok(());
            }
            DraftPatch::Set { field, value } => (field, value.clone()),
            DraftPatch::Splice { field, splice } => {
                let before = self.fields.get(field).map_or("", |before| before.value.text());
                let text = splice.apply(before).ok_or(ChangeError::OutOfRange)?;
                (field, Value::from_text(text))
            }
        };
        let author = author.clone();
        self.fields.insert(field.clone(), DraftField { value, author });
        Ok(())
    }
}

/// Enough of a name to recognise it by; a peer may have sent any.
fn shortened(name: &str) -> String {
    name.chars().take(80).collect()
}

#[cfg(test)]
mod tests;
