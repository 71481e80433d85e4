//! What differs between two texts, word by word.

use std::ops::Range;

use similar::algorithms::{Capture, Replace, myers};
use similar::{DiffOp, DiffTag};
use yew::prelude::*;

/// What was taken out and what came in.
pub(crate) fn word_diff(before: &str, after: &str) -> Html {
    words(before, after, true)
}

/// The text after, with what came in marked; for where the text before stands beside it.
pub(crate) fn words_added(before: &str, after: &str) -> Html {
    words(before, after, false)
}

fn words(before: &str, after: &str, with_removed: bool) -> Html {
    let (old, new) = (tokens(before), tokens(after));
    let mut differences = Replace::new(Capture::new());
    // It is told nothing that it could refuse.
    myers::diff(&mut differences, &old[..], 0..old.len(), &new[..], 0..new.len()).ok();
    let text = |range: Range<usize>, of: &[&str]| of[range].concat();
    let show = |difference: &DiffOp| {
        let (tag, was, is) = difference.as_tag_tuple();
        match tag {
            DiffTag::Equal => html! { <>{ text(is, &new) }</> },
            DiffTag::Delete | DiffTag::Insert | DiffTag::Replace => html! {
                <>
                    if with_removed && !was.is_empty() {
                        <del>{ text(was, &old) }</del>
                    }
                    if !is.is_empty() {
                        <ins>{ text(is, &new) }</ins>
                    }
                </>
            },
        }
    };
    differences.into_inner().into_ops().iter().map(show).collect()
}

/// The words of a text, and what stands between them.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let (mut rest, mut space) = (text, false);
    while !rest.is_empty() {
        let end = rest.find(|c: char| c.is_whitespace() != space).unwrap_or(rest.len());
        let (token, after) = rest.split_at(end);
        // The first one may be of the other kind.
        tokens.extend((!token.is_empty()).then_some(token));
        (rest, space) = (after, !space);
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_its_words_and_what_stands_between_them() {
        assert_eq!(tokens("two  words\n"), ["two", "  ", "words", "\n"]);
        assert_eq!(tokens(" one"), [" ", "one"]);
        assert_eq!(tokens(""), Vec::<&str>::new());
    }
}
