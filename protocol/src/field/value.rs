//! Values: what a field holds.

use baton_locales::{Text, say};
use serde::{Deserialize, Serialize};

/// What a field holds. Everything that is typed is text, so that a half-typed number or date can be
/// kept as a draft and watched; the rules of its type are checked when it is saved.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// Nothing.
    #[default]
    Empty,
    /// Yes or no.
    Bool(bool),
    /// Anything that is typed or chosen.
    Text(String),
    /// Several things that are chosen, in their order.
    List(Vec<String>),
}

/// The kinds of value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// [`Value::Text`].
    Text,
    /// [`Value::Bool`].
    Bool,
    /// [`Value::List`].
    List,
}

impl Kind {
    /// The end of a sentence about a field of this kind that was given another.
    pub(super) fn expected(self) -> Text {
        match self {
            Self::Text => say::fields::takes_a_text(),
            Self::Bool => say::fields::takes_a_flag(),
            Self::List => say::fields::takes_a_list(),
        }
    }
}

impl Value {
    /// The text, or nothing for a value that is not text.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Empty | Self::Bool(_) | Self::List(_) => "",
        }
    }

    /// The things of a list; a text is a list of one.
    #[must_use]
    pub fn items(&self) -> &[String] {
        match self {
            Self::List(items) => items,
            Self::Text(text) => std::slice::from_ref(text),
            Self::Empty | Self::Bool(_) => &[],
        }
    }

    /// Whether it is a yes.
    #[must_use]
    pub fn is_yes(&self) -> bool {
        *self == Self::Bool(true)
    }

    /// Its kind; nothing for nothing.
    #[must_use]
    pub fn kind(&self) -> Option<Kind> {
        match self {
            Self::Empty => None,
            Self::Bool(_) => Some(Kind::Bool),
            Self::Text(_) => Some(Kind::Text),
            Self::List(_) => Some(Kind::List),
        }
    }

    /// How much text it is, in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.items().iter().map(String::len).sum()
    }

    /// Whether nothing was given.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.trim().is_empty(),
            Self::List(items) => items.is_empty(),
            Self::Bool(_) => false,
        }
    }

    /// A text value; the empty text is [`Value::Empty`], so that "nothing" has one form.
    #[must_use]
    pub fn from_text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }

    /// A list; the empty one is [`Value::Empty`].
    #[must_use]
    pub fn from_items(items: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let items: Vec<String> = items.into_iter().map(Into::into).collect();
        if items.is_empty() {
            Self::Empty
        } else {
            Self::List(items)
        }
    }
}
