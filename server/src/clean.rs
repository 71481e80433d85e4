//! Formatted text from outside: what could do harm is taken out before it is kept.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use baton_protocol::rich_text;

static CLEANER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = ammonia::Builder::empty();
    cleaner
        .tags(HashSet::from([
            "p",
            "br",
            "h2",
            "h3",
            "ul",
            "ol",
            "li",
            "a",
            "b",
            "strong",
            "i",
            "em",
            "u",
            "s",
            "blockquote",
            "code",
            "pre",
            "table",
            "tr",
            "th",
            "td",
        ]))
        .tag_attributes(HashMap::from([("a", HashSet::from(["href"]))]))
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .link_rel(Some("noopener noreferrer"))
        .clean_content_tags(HashSet::from(["script", "style"]));
    cleaner
});

/// The text with nothing in it but the tags that the editor makes. It is written anew first, in one pass: what is
/// left for the parser is shallow and well formed, and costs no more than its length.
#[must_use]
pub(crate) fn clean(html: &str) -> String {
    CLEANER.clean(&rich_text::normalized(html)).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_editor_makes_stays() {
        for text in [
            "<h2>One</h2><p>two <b>three</b></p><ul><li>four</li></ul>",
            "<table><tr><th>Bolts</th><td></td></tr><tr><td>12<br>34</td><td><b>56</b></td></tr></table>",
        ] {
            assert_eq!(clean(text), text);
        }
    }

    #[test]
    fn deep_and_long_text_is_cleaned_at_once() {
        for piece in [
            "<div>",
            "<b>",
            "<p><i>x",
            "<ul><li>",
            "<blockquote>",
            "<a href=http://x>",
            "<font color=a>x",
        ] {
            let html = piece.repeat(160 * 1024 / piece.len());
            let began = std::time::Instant::now();
            assert_eq!(clean(&clean(&html)), clean(&html), "{piece}");
            // Three passes took minutes once; a busy machine may take seconds.
            assert!(began.elapsed() < std::time::Duration::from_secs(10), "{piece}");
        }
    }

    #[test]
    fn what_could_do_harm_goes() {
        for (bad, good) in [
            ("<script>alert(1)</script><p>a</p>", "<p>a</p>"),
            ("<p onclick=\"alert(1)\">a</p>", "<p>a</p>"),
            ("<img src=x onerror=alert(1)>a", "a"),
            ("<style>p{}</style>a", "a"),
            ("<iframe src=\"https://example.org\"></iframe>a", "a"),
        ] {
            assert_eq!(clean(bad), good);
        }
        assert!(!clean("<a href=\"javascript:alert(1)\">a</a>").contains("javascript"));
    }
}
