//! HTML taken apart into tags and texts.

use super::{Treatment, escape, fate};

/// A piece of HTML as it is read.
pub(super) enum Token<'a> {
    Text(&'a str),
    Open {
        name: String,
        href: Option<String>,
    },
    Close {
        name: String,
    },
    /// A comment or the like.
    Nothing,
}

/// Reads the next piece; what is left after it. `None` at the end.
pub(super) fn token(html: &str) -> Option<(Token<'_>, &str)> {
    let bytes = html.as_bytes();
    if bytes.is_empty() {
        return None;
    }
    if bytes[0] != b'<' {
        let end = html.find('<').unwrap_or(html.len());
        return Some((Token::Text(&html[..end]), &html[end..]));
    }
    let after = |end: Option<usize>, length: usize| end.map_or("", |end| &html[end + length..]);
    match bytes.get(1) {
        Some(b'!') if html.starts_with("<!--") => {
            Some((Token::Nothing, after(html[4..].find("-->").map(|at| at + 4), 3)))
        }
        Some(b'!' | b'?') => Some((Token::Nothing, after(html.find('>'), 1))),
        Some(b'/') if bytes.get(2).is_some_and(u8::is_ascii_alphabetic) => {
            let name = name_in(&html[2..]);
            Some((Token::Close { name }, after(html.find('>'), 1)))
        }
        Some(letter) if letter.is_ascii_alphabetic() => {
            let name = name_in(&html[1..]);
            let (href, rest) = attributes(&html[1 + name.len()..]);
            Some((Token::Open { name, href }, rest))
        }
        // A lone sign: a word like any other.
        _ => Some((Token::Text(&html[..1]), &html[1..])),
    }
}

pub(super) fn name_in(text: &str) -> String {
    let end = text.find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>' | '<'));
    text[..end.unwrap_or(text.len())].to_ascii_lowercase()
}

/// Reads the attributes of an element up to its end: where it leads, and what comes after it.
pub(super) fn attributes(mut rest: &str) -> (Option<String>, &str) {
    let mut href = None;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if rest.is_empty() {
            return (href, rest);
        }
        if let Some(after) = rest.strip_prefix('>') {
            return (href, after);
        }
        let end = rest.find(|c: char| c.is_ascii_whitespace() || matches!(c, '=' | '>' | '/'));
        // An attribute has one letter at least, whatever it is.
        let first = rest.chars().next().map_or(1, char::len_utf8);
        let end = end.unwrap_or(rest.len()).max(first);
        let (name, after) = rest.split_at(end);
        rest = after.trim_start();
        let Some(after) = rest.strip_prefix('=') else {
            continue;
        };
        let after = after.trim_start();
        let (value, after) = match after.chars().next() {
            Some(quote @ ('"' | '\'')) => match after[1..].find(quote) {
                Some(end) => (&after[1..=end], &after[end + 2..]),
                None => (&after[1..], ""),
            },
            Some(_) | None => {
                let end = after.find(|c: char| c.is_ascii_whitespace() || c == '>');
                after.split_at(end.unwrap_or(after.len()))
            }
        };
        if name.eq_ignore_ascii_case("href") && href.is_none() {
            href = Some(unescaped(value));
        }
        rest = after;
    }
}

/// The letters behind the names that HTML has for them, as far as they matter here.
pub(super) fn unescaped(text: &str) -> String {
    let mut plain = text.to_owned();
    for (entity, letter) in [
        ("&nbsp;", " "),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ] {
        if plain.contains(entity) {
            plain = plain.replace(entity, letter);
        }
    }
    plain
}

/// Text between elements, made safe to be written: what is a name of a letter stays one.
pub(super) fn raw_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '\u{a0}']) {
        escape(&mut out, &rest[..at], false);
        rest = &rest[at..];
        let is_name =
            |name: &str| name.len() < 32 && name.trim_start_matches('#').chars().all(|c| c.is_ascii_alphanumeric());
        let window = rest.char_indices().nth(34).map_or(rest, |(end, _)| &rest[..end]);
        let name = window.strip_prefix('&').and_then(|after| after.split_once(';'));
        if let Some((name, _)) = name.filter(|(name, _)| !name.is_empty() && is_name(name)) {
            out.push_str(&rest[..name.len() + 2]);
            rest = &rest[name.len() + 2..];
        } else {
            let first = rest.chars().next().map_or(1, char::len_utf8);
            escape(&mut out, &rest[..first], false);
            rest = &rest[first..];
        }
    }
    escape(&mut out, rest, false);
    out
}

/// Gives each piece of the HTML that is not dropped.
pub(super) fn each<'a>(html: &'a str, mut take: impl FnMut(&Token<'a>)) {
    let mut rest = html;
    while let Some((token, after)) = token(rest) {
        rest = after;
        if let Token::Open { name, .. } = &token
            && fate(name) == Treatment::Dropped
        {
            rest = behind(rest, name);
            continue;
        }
        take(&token);
    }
}

/// What comes after the end of the element; nothing if it never ends.
pub(super) fn behind<'a>(html: &'a str, name: &str) -> &'a str {
    let mut from = 0;
    while let Some(at) = html[from..].find("</").map(|at| from + at) {
        let rest = &html[at + 2..];
        if rest
            .get(..name.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(name))
        {
            return rest.find('>').map_or("", |end| &rest[end + 1..]);
        }
        from = at + 2;
    }
    ""
}
