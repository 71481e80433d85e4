//! Which records a list shows, and in which order.
//!
//! A row is compared by its keys ([`ListQuery::key`]), texts that a database compares as this crate does:
//! the server answers a query from its tables, and whoever shows the answer keeps it right by applying
//! the same query to each row that changes.

mod relative;

pub use relative::{Reader, Span};

use std::cmp::Ordering;

use baton_locales::{Text, say, t};
use serde::{Deserialize, Serialize};

use crate::entity::{Entity, SortMode};
use crate::field::{Field, FieldType, Kind, Operator, Value, fold, item_of};
use crate::record::RecordRow;
use crate::values::{CREATED_AT, CREATED_BY, POSITION, SLUG, STATUS, TITLE, UPDATED_AT, UPDATED_BY};

/// Which records, in which order.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct ListQuery {
    /// Every word of this begins a word of the record.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub search: String,
    /// All of these hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<Filter>,
    /// The order; left out, newest first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<Sort>,
}

/// Something that holds of a record.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Filter {
    /// The name of a field, or of something that every record has.
    pub field: String,
    /// How it is compared.
    pub operator: Operator,
    /// With what.
    #[serde(default)]
    pub value: Value,
    /// It is enough if one of these holds; they have no alternatives of their own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub or: Vec<Filter>,
}

/// An order. Rows without the value are last both ways; what is equal is newest first.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Sort {
    /// The name of a field, or of something that every record has.
    pub field: String,
    /// Whether the greatest is first.
    #[serde(default)]
    pub descending: bool,
}

/// The last row of a page: the next one begins after it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Cursor {
    /// What it is sorted by.
    pub key: Option<String>,
    /// Its place in the order of first saves.
    pub num: u64,
}

/// The most filters of one query.
pub const MAX_FILTERS: usize = 20;
/// The most words of a search that are looked for.
const MAX_WORDS: usize = 12;

/// The field behind a name that a list can filter and sort by.
#[must_use]
pub fn column(entity: &Entity, name: &str) -> Option<Field> {
    let date = |label| Some(Field::new(name, label, FieldType::DateTime));
    let person = |label| Some(Field::new(name, label, FieldType::Text));
    match name {
        CREATED_AT => date(t::fields::first_saved()),
        UPDATED_AT => date(t::fields::last_saved()),
        CREATED_BY => person(t::fields::first_saved_by()),
        UPDATED_BY => person(t::fields::last_saved_by()),
        POSITION => Some(Field::new(name, t::fields::place(), FieldType::Number)),
        name => entity.form_field(name),
    }
}

/// Every name that a list can show, with its field: title and status first.
#[must_use]
pub fn columns(entity: &Entity) -> Vec<Field> {
    let own = entity.fields.iter().map(|field| field.name.as_str());
    let names = [TITLE, STATUS]
        .into_iter()
        .chain(own)
        .chain([SLUG, CREATED_AT, CREATED_BY, UPDATED_AT, UPDATED_BY]);
    names.filter_map(|name| column(entity, name)).collect()
}

/// The columns besides the title that a list begins with: what fits a cell, and when it was saved last.
#[must_use]
pub fn first_columns(entity: &Entity) -> Vec<String> {
    let short = |field: &&Field| !matches!(field.field_type, FieldType::Textarea | FieldType::RichText);
    let own = entity
        .fields
        .iter()
        .filter(short)
        .take(3)
        .map(|field| field.name.as_str());
    let names = [STATUS].into_iter().chain(own).chain([UPDATED_AT]);
    names.map(ToOwned::to_owned).collect()
}

/// The order in which an entity's list begins.
#[must_use]
pub fn first_sort(entity: &Entity) -> Option<Sort> {
    let sort = |field: &str| {
        Some(Sort {
            field: field.into(),
            descending: false,
        })
    };
    match entity.sort {
        SortMode::Newest => None,
        SortMode::Title => sort(TITLE),
        SortMode::Manual => sort(POSITION),
    }
}

/// A whole number as a text that sorts as it does.
#[must_use]
pub fn whole_key(number: i64) -> String {
    // From 0 to 2^64, so that none is negative.
    format!("{:020}", i128::from(number) - i128::from(i64::MIN))
}

/// What the row is compared by in this column; nothing where it has nothing.
#[must_use]
pub fn key(entity: &Entity, row: &RecordRow, name: &str) -> Option<String> {
    let text = |text: &str| Some(fold(text)).filter(|text| !text.is_empty());
    match name {
        TITLE => text(&row.title),
        SLUG => text(&row.slug),
        STATUS => text(&row.status),
        CREATED_AT => Some(whole_key(row.created.at.0)),
        UPDATED_AT => Some(whole_key(row.updated.at.0)),
        CREATED_BY => text(&row.created.by.name),
        UPDATED_BY => text(&row.updated.by.name),
        POSITION => Some(whole_key(row.position)),
        name => entity.field(name)?.key(row.cells.get(name)?),
    }
}

/// The words that a search looks for: each begins a word of what is found, or is a part of its title.
#[must_use]
pub fn words(search: &str) -> Vec<String> {
    let mut words = all_words(search);
    words.truncate(MAX_WORDS);
    words
}

/// All words of a text, as searches compare them.
#[must_use]
pub fn all_words(text: &str) -> Vec<String> {
    fold(text)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(ToOwned::to_owned)
        .collect()
}

impl Filter {
    /// A filter without alternatives.
    #[must_use]
    pub fn new(field: impl Into<String>, operator: Operator, value: Value) -> Self {
        let (field, or) = (field.into(), Vec::new());
        Self {
            field,
            operator,
            value,
            or,
        }
    }

    /// Itself and its alternatives: it holds of what one of them holds of.
    pub fn alternatives(&self) -> impl Iterator<Item = &Self> {
        std::iter::once(self).chain(&self.or)
    }

    /// The keys that it compares with where it compares with two: the first and the last that are meant.
    #[must_use]
    pub fn bounds(&self, field: &Field) -> Option<(String, String)> {
        let mut keys = self.value.items().iter().map(|text| {
            let value = Value::from_text(text.as_str());
            Self::new(self.field.as_str(), Operator::AtLeast, value).key(field)
        });
        let bounds = (keys.next()??, keys.next()??);
        keys.next().is_none().then_some(bounds)
    }

    /// Returns it without the alternative at this place, itself being the first; nothing if none is left.
    #[must_use]
    pub fn without(&self, place: usize) -> Option<Self> {
        let mut left = self.alternatives().enumerate().filter(|(at, _)| *at != place);
        let (_, first) = left.next()?;
        let or = left.map(|(_, filter)| filter.clone()).collect();
        Some(Self {
            or,
            ..Self::new(first.field.as_str(), first.operator, first.value.clone())
        })
    }

    /// Whether the field can be compared so, and all is there that it is compared with.
    #[must_use]
    pub fn is_complete(&self, field: &Field) -> bool {
        let fits = field.info().operators.contains(&self.operator);
        match self.operator {
            Operator::Mine => matches!(self.field.as_str(), CREATED_BY | UPDATED_BY),
            Operator::Between => fits && self.bounds(field).is_some(),
            Operator::Within => fits && Span::from_id(self.value.text()).is_some(),
            Operator::IsEmpty | Operator::IsNotEmpty => fits,
            Operator::Contains | Operator::Is | Operator::IsNot | Operator::AtLeast | Operator::AtMost => {
                fits && self.key(field).is_some()
            }
        }
    }

    /// The key that the filter compares with.
    #[must_use]
    pub fn key(&self, field: &Field) -> Option<String> {
        match self.value {
            // A list is compared by what it has in it.
            Value::Text(_) | Value::List(_) if field.info().kind == Kind::List => {
                self.value.items().first().map(|item| item_of(field.option_words(item)))
            }
            Value::Text(ref text) if self.operator == Operator::Contains => Some(fold(text)),
            Value::Text(ref text) if matches!(field.name.as_str(), CREATED_AT | UPDATED_AT) => {
                Some(text.parse().map_or_else(|_| fold(text), whole_key))
            }
            Value::Empty | Value::Bool(_) | Value::Text(_) | Value::List(_) => field.key(&self.value),
        }
    }

    /// Whether it holds of a row with this key, whatever its alternatives say. What is relative holds of nothing before it is
    /// resolved.
    #[must_use]
    pub fn holds(&self, field: &Field, key: Option<&str>) -> bool {
        let wanted = self.key(field);
        let compared = |compare: fn(&str, &str) -> bool| {
            key.zip(wanted.as_deref())
                .is_some_and(|(key, wanted)| compare(key, wanted))
        };
        let is = || {
            if field.info().kind == Kind::List {
                compared(|key, item| key.contains(item))
            } else {
                compared(|key, wanted| key == wanted)
            }
        };
        match self.operator {
            Operator::Contains => compared(|key, wanted| key.contains(wanted)),
            Operator::Is => is(),
            Operator::IsNot => !is(),
            Operator::AtLeast => compared(|key, wanted| key >= wanted),
            Operator::AtMost => compared(|key, wanted| key <= wanted),
            Operator::Between => self
                .bounds(field)
                .zip(key)
                .is_some_and(|((first, last), key)| *first <= *key && *key <= *last),
            Operator::Within | Operator::Mine => false,
            Operator::IsEmpty => key.is_none(),
            Operator::IsNotEmpty => key.is_some(),
        }
    }
}

impl ListQuery {
    /// Returns the query for what this filter holds of besides.
    #[must_use]
    pub fn and(&self, filter: Filter) -> Self {
        let mut query = self.clone();
        query.filters.push(filter);
        query
    }

    /// Whether nothing narrows the list down.
    #[must_use]
    pub fn shows_all(&self) -> bool {
        self.filters.is_empty() && words(&self.search).is_empty()
    }

    /// Whether the filters hold of the row. The search is not asked: a row does not carry all its words.
    #[must_use]
    pub fn holds(&self, entity: &Entity, row: &RecordRow) -> bool {
        let holds = |filter: &Filter| {
            column(entity, &filter.field)
                .is_some_and(|field| filter.holds(&field, key(entity, row, &filter.field).as_deref()))
        };
        self.filters.iter().all(|filter| filter.alternatives().any(holds))
    }

    /// What the row is sorted by; nothing where it has nothing, or where the order is by age alone.
    #[must_use]
    pub fn key(&self, entity: &Entity, row: &RecordRow) -> Option<String> {
        let sort = self.sort.as_ref()?;
        key(entity, row, &sort.field)
    }

    /// Which of two keyed rows is first.
    #[must_use]
    pub fn compare(&self, a: &Cursor, b: &Cursor) -> Ordering {
        let descending = self.sort.as_ref().is_some_and(|sort| sort.descending);
        let by_key = match (&a.key, &b.key) {
            (Some(a), Some(b)) if descending => b.cmp(a),
            (Some(a), Some(b)) => a.cmp(b),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => Ordering::Equal,
        };
        by_key.then(b.num.cmp(&a.num))
    }

    /// The row's place in the order.
    #[must_use]
    pub fn place(&self, entity: &Entity, row: &RecordRow) -> Cursor {
        Cursor {
            key: self.key(entity, row),
            num: row.num,
        }
    }

    /// Checks that everything it names is there and can be compared so.
    ///
    /// # Errors
    /// A sentence.
    pub fn check(&self, entity: &Entity) -> Result<(), Text> {
        let all = || self.filters.iter().flat_map(Filter::alternatives);
        if all().count() > MAX_FILTERS {
            return Err(say::lists::too_many_filters(MAX_FILTERS));
        }
        if self
            .filters
            .iter()
            .flat_map(|filter| &filter.or)
            .any(|filter| !filter.or.is_empty())
        {
            return Err(say::lists::no_nested_alternatives());
        }
        for filter in all() {
            let field = column(entity, &filter.field).ok_or_else(|| unknown(&filter.field))?;
            if !filter.is_complete(&field) {
                return Err(say::lists::filter_not_complete(field.named()));
            }
        }
        if let Some(sort) = &self.sort {
            let field = column(entity, &sort.field).ok_or_else(|| unknown(&sort.field))?;
            if !field.info().sorted {
                return Err(say::lists::cannot_be_sorted_by(field.named()));
            }
        }
        Ok(())
    }

    /// The same for whoever answers it, and knows neither the reader's calendar nor who they are.
    ///
    /// # Errors
    /// A sentence.
    pub fn check_resolved(&self, entity: &Entity) -> Result<(), Text> {
        if self.is_relative() {
            return Err(say::lists::not_resolved());
        }
        self.check(entity)
    }
}

fn unknown(name: &str) -> Text {
    say::lists::no_such_field_any_more(name)
}

#[cfg(test)]
mod tests;
