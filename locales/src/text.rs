//! Sentences that are put into words where they are read, which may be another machine than the one that says them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Arg, fill, t, text};

/// A sentence: which message it is, what is put into it, and how it reads in English.
///
/// Whoever shows it speaks their own language: `to_string` gives the words of the language that this program speaks. A
/// program that does not know the message, because the other side is newer, shows the English words.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub struct Text(Box<Said>);

#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Said {
    /// The message: its file and its name. Empty for what is no message, but words from elsewhere.
    id: Cow<'static, str>,
    args: BTreeMap<Cow<'static, str>, Value>,
    english: String,
}

/// What is put into a sentence.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Value {
    Number(u64),
    Words(String),
    Said(Box<Text>),
}

/// A sentence as it is written: what is no message is plain words, as all sentences were until protocol 12.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Verbatim(String),
    Said {
        id: Cow<'static, str>,
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        args: BTreeMap<Cow<'static, str>, Value>,
        english: String,
    },
}

impl From<Written> for Text {
    fn from(written: Written) -> Self {
        match written {
            Written::Verbatim(words) => Self::verbatim(words),
            Written::Said { id, args, english } => Self(Box::new(Said { id, args, english })),
        }
    }
}

impl From<Text> for Written {
    fn from(text: Text) -> Self {
        let Said { id, args, english } = *text.0;
        if id.is_empty() {
            Self::Verbatim(english)
        } else {
            Self::Said { id, args, english }
        }
    }
}

impl Text {
    /// Words that are no message of this program: they read the same in every language.
    #[must_use]
    pub fn verbatim(words: impl Into<String>) -> Self {
        Self(Box::new(Said {
            english: words.into(),
            ..Said::default()
        }))
    }

    /// How it reads in English: for logs, scripts and tests.
    #[must_use]
    pub fn english(&self) -> &str {
        &self.0.english
    }

    /// Whether there is nothing to read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.english.is_empty()
    }

    /// A message with its arguments in the order of its signature.
    pub(crate) fn new(index: usize, args: Vec<Arg>) -> Self {
        let (id, names) = t::NAMES[index];
        let english = crate::english(index, &args);
        let args = names
            .iter()
            .zip(args)
            .map(|(name, arg)| (Cow::Borrowed(*name), arg.into()));
        Self(Box::new(Said {
            id: id.into(),
            args: args.collect(),
            english,
        }))
    }
}

impl From<&str> for Text {
    fn from(words: &str) -> Self {
        Self::verbatim(words)
    }
}

impl From<String> for Text {
    fn from(words: String) -> Self {
        Self::verbatim(words)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = t::NAMES.iter().enumerate().find(|(_, (id, _))| *id == self.0.id);
        let words = known.and_then(|(index, (_, names))| {
            if names.is_empty() {
                return Some(Cow::Borrowed(text(index)));
            }
            let args: Option<Vec<Arg>> = names.iter().map(|name| Some(self.0.args.get(*name)?.into())).collect();
            Some(fill(index, &args?).into())
        });
        out.write_str(words.as_deref().unwrap_or(&self.0.english))
    }
}

impl From<Arg<'_>> for Value {
    fn from(arg: Arg<'_>) -> Self {
        match arg {
            Arg::Words(words) => Self::Words(words.into_owned()),
            Arg::Number(number) => Self::Number(number),
            Arg::Said(text) => Self::Said(Box::new(text)),
        }
    }
}

impl<'a> From<&'a Value> for Arg<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Words(words) => Self::Words(words.as_str().into()),
            Value::Number(number) => Self::Number(*number),
            Value::Said(text) => Self::Said((**text).clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index_of(id: &str) -> usize {
        t::NAMES
            .iter()
            .position(|(known, _)| *known == id)
            .expect("there is such a message")
    }

    #[test]
    fn a_sentence_travels_with_its_message_its_arguments_and_its_english_words() {
        let said = Text::new(index_of("common-records"), vec![3_usize.into()]);
        assert_eq!(said.english(), "3 records");
        let written = serde_json::to_string(&said).expect("it can be written");
        assert_eq!(
            written,
            r#"{"id":"common-records","args":{"records":3},"english":"3 records"}"#
        );
        assert_eq!(serde_json::from_str::<Text>(&written).expect("it can be read"), said);
    }

    #[test]
    fn a_sentence_may_be_part_of_another() {
        let inner = Text::new(index_of("common-records"), vec![1_usize.into()]);
        let said = Text::new(index_of("common-quoted"), vec![Arg::Said(inner)]);
        assert_eq!(said.to_string(), "“1 record”");
        let again: Text = serde_json::from_value(serde_json::to_value(&said).expect("written")).expect("read");
        assert_eq!(again.to_string(), "“1 record”");
    }

    #[test]
    fn what_is_no_message_of_this_version_reads_as_it_was_written() {
        for written in [
            r#""An old sentence.""#,
            r#"{"id":"new-message","args":{"count":1},"english":"An old sentence."}"#,
            r#"{"id":"common-records","args":{},"english":"An old sentence."}"#,
        ] {
            let text: Text = serde_json::from_str(written).expect(written);
            assert_eq!(text.to_string(), "An old sentence.", "{written}");
            let again = serde_json::to_string(&text).expect("it can be written");
            assert_eq!(again.contains("args"), written.contains(r#"{"count""#), "{again}");
        }
    }
}
