//! What differs between two texts, word by word.

use similar::{ChangeTag, TextDiff};
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
    TextDiff::from_words(before, after)
        .iter_all_changes()
        .map(|change| {
            let word = change.value().to_owned();
            match change.tag() {
                ChangeTag::Equal => html! { <>{ word }</> },
                ChangeTag::Delete if with_removed => html! { <del>{ word }</del> },
                ChangeTag::Delete => Html::default(),
                ChangeTag::Insert => html! { <ins>{ word }</ins> },
            }
        })
        .collect()
}
