//! Comments in threads, and whom a text that is being written mentions.

use baton_protocol::comment::{Comment, Piece, pieces};
use baton_protocol::id::UserId;
use baton_protocol::person::Person;

/// How many people are offered at once.
const MAX_OFFERED: usize = 6;

/// A comment and its answers, oldest first.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Thread {
    pub(crate) first: Comment,
    pub(crate) answers: Vec<Comment>,
}

impl Thread {
    pub(crate) fn is_open(&self) -> bool {
        self.first.resolved.is_none()
    }
}

/// The threads of a record: those that are open first, each kind oldest first.
pub(crate) fn threads(comments: &[Comment]) -> Vec<Thread> {
    let firsts = comments.iter().filter(|comment| comment.thread.is_none());
    let mut threads: Vec<Thread> = firsts
        .map(|first| Thread {
            first: first.clone(),
            answers: comments
                .iter()
                .filter(|one| one.thread == Some(first.id))
                .cloned()
                .collect(),
        })
        .collect();
    threads.sort_by_key(|thread| !thread.is_open());
    threads
}

/// How many open threads are about a field.
pub(crate) fn open_of_field(comments: &[Comment], field: &str) -> usize {
    let firsts = comments
        .iter()
        .filter(|one| one.thread.is_none() && one.resolved.is_none());
    firsts.filter(|one| one.field.as_deref() == Some(field)).count()
}

/// A name that is being written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Naming {
    /// Where its `@` is, in bytes.
    at: usize,
    /// Where the cursor is, in bytes.
    end: usize,
    /// What stands between them.
    typed: String,
}

/// The name that is being written where the cursor is, in UTF-16 units as the page counts them.
pub(crate) fn naming(text: &str, cursor: usize) -> Option<Naming> {
    let end = byte_of(text, cursor);
    let before = &text[..end];
    let at = before.rfind('@')?;
    let typed = &before[at + 1..];
    // An address has a letter before its `@`; and a name is not a sentence.
    let begins = before[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
    let is_name = typed.chars().count() <= 40 && !typed.contains('\n') && typed.split(' ').count() <= 3;
    (begins && is_name).then(|| Naming {
        at,
        end,
        typed: typed.to_owned(),
    })
}

fn byte_of(text: &str, units: usize) -> usize {
    let mut passed = 0;
    for (byte, c) in text.char_indices() {
        if passed >= units {
            return byte;
        }
        passed += c.len_utf16();
    }
    text.len()
}

impl Naming {
    /// Who it may be.
    pub(crate) fn offered<'a>(&self, colleagues: &'a [Person]) -> Vec<&'a Person> {
        let typed = self.typed.to_lowercase();
        let fits = |person: &&Person| {
            let name = person.name.to_lowercase();
            name != typed && (name.starts_with(&typed) || name.split(' ').any(|word| word.starts_with(&typed)))
        };
        colleagues.iter().filter(fits).take(MAX_OFFERED).collect()
    }

    /// The text with the whole name in it, and where the cursor goes, in UTF-16 units.
    /// `None` if the text is another one by now.
    pub(crate) fn complete(&self, text: &str, person: &Person) -> Option<(String, u32)> {
        let (before, rest) = (text.get(..self.at)?, text.get(self.end..)?);
        let before = format!("{before}@{} ", person.name);
        let cursor = before.encode_utf16().count();
        let rest = rest.trim_start_matches(' ');
        Some((before + rest, u32::try_from(cursor).unwrap_or(u32::MAX)))
    }
}

/// Whom a text mentions.
pub(crate) fn mentioned(text: &str, colleagues: &[Person]) -> Vec<UserId> {
    let mut ids: Vec<UserId> = pieces(text, colleagues)
        .into_iter()
        .filter_map(|piece| match piece {
            Piece::Mention(name) => Some(&name[1..]),
            Piece::Text(_) => None,
        })
        .flat_map(|name| colleagues.iter().filter(move |person| person.name == name))
        .map(|person| person.id)
        .collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

#[cfg(test)]
mod tests {
    use baton_protocol::deletion::Stamp;
    use baton_protocol::id::{CommentId, RecordId};
    use baton_protocol::time::Timestamp;
    use uuid::Uuid;

    use super::*;

    fn person(id: u128, name: &str) -> Person {
        Person {
            id: UserId(Uuid::from_u128(id)),
            name: name.into(),
        }
    }

    fn comment(id: u128, thread: Option<u128>, settled: bool) -> Comment {
        let stamp = Stamp {
            by: person(1, "Anna"),
            at: Timestamp(0),
        };
        Comment {
            id: CommentId(Uuid::from_u128(id)),
            record: RecordId(Uuid::nil()),
            thread: thread.map(|id| CommentId(Uuid::from_u128(id))),
            field: Some("price".into()),
            written: stamp.clone(),
            edited_at: None,
            text: "text".into(),
            mentions: Vec::new(),
            resolved: settled.then_some(stamp),
        }
    }

    #[test]
    fn open_threads_come_first_with_their_answers() {
        let all = [
            comment(1, None, true),
            comment(2, None, false),
            comment(3, Some(2), false),
            comment(4, Some(1), false),
        ];
        let threads = threads(&all);
        let order: Vec<_> = threads
            .iter()
            .map(|thread| (thread.first.id.0.as_u128(), thread.answers.len()))
            .collect();
        assert_eq!(order, [(2, 1), (1, 1)]);
        assert_eq!(open_of_field(&all, "price"), 1);
        assert_eq!(open_of_field(&all, "title"), 0);
    }

    #[test]
    fn a_name_is_offered_while_it_is_written_and_completed_where_the_cursor_is() {
        let colleagues = [person(1, "Anna Berg"), person(2, "Ben"), person(3, "Jo Bergmann")];
        let text = "😀 hi @ber, you?";
        let cursor = "😀 hi @ber".encode_utf16().count();
        let naming = naming(text, cursor).expect("a name");
        let offered: Vec<&str> = naming
            .offered(&colleagues)
            .iter()
            .map(|one| one.name.as_str())
            .collect();
        assert_eq!(offered, ["Anna Berg", "Jo Bergmann"]);
        let (complete, cursor) = naming.complete(text, &colleagues[0]).expect("the same text");
        assert_eq!(naming.complete("", &colleagues[0]), None, "it was sent meanwhile");
        assert_eq!(complete, "😀 hi @Anna Berg , you?");
        assert_eq!(cursor as usize, "😀 hi @Anna Berg ".encode_utf16().count());
    }

    #[test]
    fn an_address_and_a_sentence_are_no_names() {
        assert_eq!(naming("anna@exa", 8), None);
        assert_eq!(naming("@a b c d", 8), None);
        assert_eq!(naming("@ann", 0), None);
        assert!(naming("(@ann", 5).is_some());
    }

    #[test]
    fn whoever_stands_in_the_text_is_mentioned_once() {
        let colleagues = [person(1, "Anna"), person(2, "Anna Berg"), person(3, "Ben")];
        let ids: Vec<u128> = mentioned("@Anna Berg and @Ben and @Ben", &colleagues)
            .iter()
            .map(|id| id.0.as_u128())
            .collect();
        assert_eq!(ids, [2, 3]);
    }
}
