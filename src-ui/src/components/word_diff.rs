//! What differs between two values, word by word.

use baton_protocol::field::Value;
use similar::{ChangeTag, TextDiff};
use yew::prelude::*;

/// What was taken out and what came in.
pub(crate) fn word_diff(before: &Value, after: &Value) -> Html {
    let (before, after) = (shown(before), shown(after));
    TextDiff::from_words(&before, &after)
        .iter_all_changes()
        .map(|change| {
            let word = change.value().to_owned();
            match change.tag() {
                ChangeTag::Equal => html! { <>{ word }</> },
                ChangeTag::Delete => html! { <del>{ word }</del> },
                ChangeTag::Insert => html! { <ins>{ word }</ins> },
            }
        })
        .collect()
}

/// The text after, with what came in marked; for where the text before stands beside it.
pub(crate) fn words_added(before: &Value, after: &Value) -> Html {
    let (before, after) = (shown(before), shown(after));
    TextDiff::from_words(&before, &after)
        .iter_all_changes()
        .map(|change| {
            let word = change.value().to_owned();
            match change.tag() {
                ChangeTag::Equal => html! { <>{ word }</> },
                ChangeTag::Delete => Html::default(),
                ChangeTag::Insert => html! { <ins>{ word }</ins> },
            }
        })
        .collect()
}

fn shown(value: &Value) -> String {
    match value {
        Value::Empty => String::new(),
        Value::Flag(true) => "Yes".into(),
        Value::Flag(false) => "No".into(),
        Value::Text(text) => text.clone(),
    }
}
