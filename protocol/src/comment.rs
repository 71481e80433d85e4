//! What people say about a record, beside its fields.

use std::fmt;

use baton_locales::{Text, say};
use serde::{Deserialize, Serialize};

use crate::deletion::Stamp;
use crate::id::{CommentId, RecordId, UserId};
use crate::person::Person;
use crate::time::Timestamp;

/// The longest comment, in characters.
pub const MAX_COMMENT_CHARS: usize = 2000;

/// The most comments on one record: all of them fit into one answer.
pub const MAX_COMMENTS: u32 = 500;

/// How much of a comment its notifications quote, in characters.
const EXCERPT: usize = 200;

/// The most people that one comment mentions.
pub const MAX_MENTIONS: usize = 20;

/// A comment on a record, or on one of its fields. It is one of a thread, and the first one begins it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Comment {
    /// Which; made by the client.
    pub id: CommentId,
    /// On which record.
    pub record: RecordId,
    /// The comment that began the thread; `None`: this one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread: Option<CommentId>,
    /// The id of the field that the thread is about; `None`: the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Who wrote it, and when.
    pub written: Stamp,
    /// When it was changed last, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<Timestamp>,
    /// What it says, as plain text. Who is mentioned stands in it as `@Name`.
    pub text: String,
    /// Who is mentioned.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<Person>,
    /// Who resolved the thread, and when; only of its first comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved: Option<Stamp>,
}

/// What somebody does with a comment.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CommentChange {
    /// Writes it. What is there already stays as it is (G8).
    Add {
        /// The comment that began the thread; `None`: a new thread.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        thread: Option<CommentId>,
        /// The id of the field that a new thread is about.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        field: Option<String>,
        /// What it says.
        text: CommentText,
    },
    /// Says it in other words; for its author.
    Edit(CommentText),
    /// Takes it back; for its author, and for whoever manages the entity. Not while others have answered it.
    Delete,
    /// Resolves the thread, or opens it again.
    Resolve(bool),
}

/// What a comment says, and whom it mentions.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CommentText {
    /// Plain text.
    pub text: String,
    /// Who is mentioned.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<UserId>,
}

/// Why a text is no comment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CommentProblem {
    /// There is nothing in it.
    Empty,
    /// It is longer than [`MAX_COMMENT_CHARS`].
    TooLong,
    /// It has characters that nobody sees.
    NotPlain,
    /// It mentions more than [`MAX_MENTIONS`] people.
    TooManyMentions,
}

impl CommentProblem {
    /// A sentence for whoever wrote it.
    #[must_use]
    pub fn text(self) -> Text {
        match self {
            Self::Empty => say::refusals::comment_empty(),
            Self::TooLong => say::refusals::comment_too_long(MAX_COMMENT_CHARS),
            Self::NotPlain => say::refusals::comment_not_plain(),
            Self::TooManyMentions => say::refusals::comment_mentions(MAX_MENTIONS),
        }
    }
}

impl fmt::Display for CommentProblem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text().fmt(out)
    }
}

impl std::error::Error for CommentProblem {}

impl CommentText {
    /// Returns the beginning, as notifications quote it.
    #[must_use]
    pub fn excerpt(&self) -> String {
        self.text.chars().take(EXCERPT).collect()
    }

    /// Checks what somebody wants to say.
    ///
    /// # Errors
    /// Why it is no comment.
    pub fn check(&self) -> Result<(), CommentProblem> {
        if self.text.trim().is_empty() {
            return Err(CommentProblem::Empty);
        }
        if self.text.chars().count() > MAX_COMMENT_CHARS {
            return Err(CommentProblem::TooLong);
        }
        if self.text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
            return Err(CommentProblem::NotPlain);
        }
        if self.mentions.len() > MAX_MENTIONS {
            return Err(CommentProblem::TooManyMentions);
        }
        Ok(())
    }
}

/// A piece of a comment's text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Piece<'a> {
    /// Just text.
    Text(&'a str),
    /// Somebody who is mentioned, with the `@`.
    Mention(&'a str),
}

/// The text in pieces, with those who are mentioned apart. Of two names that begin alike the longer one is meant.
#[must_use]
pub fn pieces<'a>(text: &'a str, mentions: &[Person]) -> Vec<Piece<'a>> {
    let mut pieces = Vec::new();
    let (mut rest, mut from) = (text, 0);
    while let Some(found) = rest[from..].find('@') {
        let at = from + found;
        let behind = &rest[at + 1..];
        let names = mentions.iter().map(|person| person.name.as_str());
        let name = names
            .filter(|name| behind.starts_with(name))
            .max_by_key(|name| name.len());
        let Some(name) = name.filter(|name| !name.is_empty()) else {
            from = at + 1;
            continue;
        };
        let end = at + 1 + name.len();
        if at > 0 {
            pieces.push(Piece::Text(&rest[..at]));
        }
        pieces.push(Piece::Mention(&rest[at..end]));
        (rest, from) = (&rest[end..], 0);
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn person(name: &str) -> Person {
        Person {
            id: UserId(Uuid::nil()),
            name: name.into(),
        }
    }

    #[test]
    fn a_comment_says_something_in_plain_text() {
        let check = |text: &str| {
            let text = text.to_owned();
            let mentions = Vec::new();
            CommentText { text, mentions }.check()
        };
        assert_eq!(check("  \n"), Err(CommentProblem::Empty));
        assert_eq!(check("two\nlines"), Ok(()));
        assert_eq!(check("a\0b"), Err(CommentProblem::NotPlain));
        assert_eq!(check(&"ä".repeat(MAX_COMMENT_CHARS)), Ok(()));
        assert_eq!(check(&"ä".repeat(MAX_COMMENT_CHARS + 1)), Err(CommentProblem::TooLong));
        let mentions = vec![UserId(Uuid::nil()); MAX_MENTIONS + 1];
        let text = "all of you".to_owned();
        assert_eq!(
            CommentText { text, mentions }.check(),
            Err(CommentProblem::TooManyMentions)
        );
    }

    #[test]
    fn whoever_is_mentioned_stands_apart() {
        let mentions = [person("Ben"), person("Ben Okafor")];
        let found = pieces("mail@x: @Ben Okafor and @Ben, not @Cara", &mentions);
        assert_eq!(
            found,
            [
                Piece::Text("mail@x: "),
                Piece::Mention("@Ben Okafor"),
                Piece::Text(" and "),
                Piece::Mention("@Ben"),
                Piece::Text(", not @Cara"),
            ]
        );
    }

    proptest! {
        #[test]
        fn nothing_of_a_text_is_lost(text in "[@abÄ \n]{0,40}", names in proptest::collection::vec("[abÄ]{0,3}", 0..4)) {
            let mentions: Vec<Person> = names.iter().map(|name| person(name)).collect();
            let whole: String = pieces(&text, &mentions)
                .into_iter()
                .map(|piece| match piece {
                    Piece::Text(text) | Piece::Mention(text) => text,
                })
                .collect();
            prop_assert_eq!(whole, text);
        }
    }
}
