//! What differs between two values, word by word.

use baton_protocol::field::Value;
use baton_protocol::file::{FileRef, size_text};
use similar::{ChangeTag, TextDiff};
use yew::prelude::*;

/// What was taken out and what came in.
pub(crate) fn word_diff(before: &Value, after: &Value) -> Html {
    words(before, after, true)
}

/// The text after, with what came in marked; for where the text before stands beside it.
pub(crate) fn words_added(before: &Value, after: &Value) -> Html {
    words(before, after, false)
}

fn words(before: &Value, after: &Value, with_removed: bool) -> Html {
    let (before, after) = (shown(before), shown(after));
    TextDiff::from_words(&before, &after)
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

fn shown(value: &Value) -> String {
    match value {
        Value::Empty => String::new(),
        Value::Flag(true) => "Yes".into(),
        Value::Flag(false) => "No".into(),
        Value::Text(text) => FileRef::parse(text).map_or_else(
            || text.clone(),
            |file| format!("{} ({})", file.name, size_text(file.size)),
        ),
        Value::List(items) => items.join(", "),
    }
}
