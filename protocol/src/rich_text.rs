//! Formatted text: the small part of HTML that is kept, and what becomes of everything else.
//!
//! The server writes anew what it is sent and the editor what is pasted, both with [`Writer`]: what its author
//! sees is what is kept. One pass, whatever comes: no input costs more than in proportion to its length.

/// What becomes of an element.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Treatment {
    /// Part of a line, written as this element.
    Inline(&'static str),
    /// A paragraph or heading, written as this element.
    Block(&'static str),
    /// Holds blocks: a list, an item, a quotation.
    Container(&'static str),
    /// A cell of a table: its words are parted from the cell before by [`CELL_BREAK`].
    Cell,
    /// A line break.
    LineBreak,
    /// Ends the line, and is nothing itself.
    BlockBreak,
    /// Goes, with everything in it.
    Dropped,
    /// Goes, and leaves its content.
    Unwrapped,
}

/// What stands between two cells of a table's row, which becomes a paragraph.
pub const CELL_BREAK: &str = " | ";

/// How deep lists and quotations are nested at most; what is deeper loses its element, not its words.
const MAX_DEPTH: usize = 16;
/// The longest address of a link, in bytes.
const MAX_ADDRESS: usize = 2048;

/// What becomes of an element of this name, in small letters.
#[must_use]
pub fn fate(name: &str) -> Treatment {
    match name {
        "b" => Treatment::Inline("b"),
        "strong" => Treatment::Inline("strong"),
        "i" => Treatment::Inline("i"),
        "em" => Treatment::Inline("em"),
        "u" | "ins" => Treatment::Inline("u"),
        "s" | "strike" | "del" => Treatment::Inline("s"),
        "code" | "kbd" | "samp" | "tt" => Treatment::Inline("code"),
        "a" => Treatment::Inline("a"),
        "h1" | "h2" => Treatment::Block("h2"),
        "h3" | "h4" | "h5" | "h6" => Treatment::Block("h3"),
        "pre" => Treatment::Block("pre"),
        "p" | "div" | "section" | "article" | "header" | "footer" | "main" | "aside" | "nav" | "address" | "center"
        | "figure" | "figcaption" | "dt" | "dd" | "caption" | "summary" | "details" | "legend" | "fieldset"
        | "form" | "hgroup" | "tr" => Treatment::Block("p"),
        "ul" | "menu" | "dir" => Treatment::Container("ul"),
        "ol" => Treatment::Container("ol"),
        "li" => Treatment::Container("li"),
        "blockquote" => Treatment::Container("blockquote"),
        "td" | "th" => Treatment::Cell,
        "br" => Treatment::LineBreak,
        "hr" | "table" | "thead" | "tbody" | "tfoot" | "dl" => Treatment::BlockBreak,
        "script" | "style" | "template" | "noscript" | "head" | "title" | "iframe" | "frame" | "frameset"
        | "object" | "embed" | "applet" | "svg" | "math" | "select" | "textarea" | "button" | "audio" | "video"
        | "canvas" | "xml" | "xmp" | "noembed" | "noframes" => Treatment::Dropped,
        _ => Treatment::Unwrapped,
    }
}

/// Whether a link may lead there: to a page or a mailbox.
#[must_use]
pub fn is_address(text: &str) -> bool {
    let begins = |begin: &&str| {
        text.get(..begin.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(begin))
    };
    text.len() <= MAX_ADDRESS
        && !text.contains(|c: char| c.is_whitespace() || c.is_control())
        && ["https://", "http://", "mailto:"].iter().any(begins)
}

/// Writes the elements and texts that it is given, in one form always: lines in paragraphs, no block in a line,
/// nothing left open.
#[derive(Default, Debug)]
pub struct Writer {
    out: String,
    /// What is open, outermost first.
    open: Vec<&'static str>,
    /// Whether a paragraph begins as soon as there is something in it, and how it is written.
    pending: Option<&'static str>,
    /// Inline elements that begin, or go on after a block interrupted them, with the next word.
    suspended: Vec<&'static str>,
    /// Whether the row has a cell already.
    in_row: bool,
}

impl Writer {
    /// What was written, everything closed.
    #[must_use]
    pub fn finish(mut self) -> String {
        self.suspended.clear();
        self.close_down_to(0);
        self.out
    }

    /// An element begins; whether its content is wanted. `href` is asked for of links only.
    pub fn open(&mut self, name: &str, href: Option<&str>) -> bool {
        match fate(name) {
            Treatment::Inline("a") => {
                if let Some(href) = href.map(str::trim).filter(|href| is_address(href)) {
                    self.close_named("a");
                    self.begin_line();
                    self.out.push_str("<a href=\"");
                    escape(&mut self.out, href, true);
                    self.out.push_str("\" rel=\"noopener noreferrer\">");
                    self.open.push("a");
                }
            }
            Treatment::Inline(name) => {
                // It begins with the first word in it.
                if !self.open.contains(&name) && !self.suspended.contains(&name) {
                    self.suspended.push(name);
                }
            }
            Treatment::Block(name) => {
                self.end_line();
                self.pending = Some(name);
                self.in_row = false;
            }
            Treatment::Container(name) => self.open_container(name),
            Treatment::Cell => {
                if std::mem::replace(&mut self.in_row, true) {
                    self.raw(CELL_BREAK);
                }
            }
            Treatment::LineBreak => {
                self.begin_line();
                self.out.push_str("<br>");
            }
            Treatment::BlockBreak => self.end_line(),
            Treatment::Dropped => return false,
            Treatment::Unwrapped => {}
        }
        true
    }

    /// An element ends.
    pub fn close(&mut self, name: &str) {
        match fate(name) {
            Treatment::Inline(name) => {
                self.suspended.retain(|suspended| *suspended != name);
                self.close_named(name);
            }
            Treatment::Block(_) | Treatment::BlockBreak => {
                self.end_line();
                self.in_row = false;
            }
            Treatment::Container(name) => {
                if let Some(place) = self.open.iter().rposition(|open| *open == name) {
                    self.end_line();
                    self.close_down_to(place);
                }
            }
            Treatment::Cell | Treatment::LineBreak | Treatment::Dropped | Treatment::Unwrapped => {}
        }
    }

    /// Words, as a person reads them.
    pub fn text(&mut self, text: &str) {
        let mut escaped = String::with_capacity(text.len());
        escape(&mut escaped, text, false);
        self.raw(&escaped);
    }

    /// Words that are escaped already.
    fn raw(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        let blank = text.bytes().all(|byte| byte.is_ascii_whitespace());
        let between = self.pending.is_some() || matches!(self.open.last(), None | Some(&"ul" | &"ol" | &"blockquote"));
        if blank && between && (self.pending.is_some() || !self.open.is_empty() || ends_block(&self.out)) {
            // The white space between two blocks is nobody's words.
            return;
        }
        self.begin_line();
        self.out.push_str(text);
    }

    fn push(&mut self, name: &'static str) {
        self.out.push('<');
        self.out.push_str(name);
        self.out.push('>');
        self.open.push(name);
    }

    /// Something that belongs into a line comes next.
    fn begin_line(&mut self) {
        if let Some(name) = self.pending.take() {
            if self.open.last() == Some(&"li") {
                // An item is a line itself; a second one in it follows after a break.
                if !self.out.ends_with("<li>") {
                    self.out.push_str("<br>");
                }
            } else {
                self.ensure_item();
                if self.open.last() != Some(&"li") {
                    self.push(name);
                }
            }
        }
        self.ensure_item();
        for name in std::mem::take(&mut self.suspended) {
            self.push(name);
        }
    }

    /// In a list there are items only.
    fn ensure_item(&mut self) {
        if matches!(self.open.last(), Some(&"ul" | &"ol")) {
            self.push("li");
        }
    }

    /// Ends the line that is open, if one is. Inline elements go on in the next one, but for links.
    fn end_line(&mut self) {
        self.pending = None;
        let inline = |name: &&'static str| matches!(fate(name), Treatment::Inline(_));
        let mut place = self.open.len();
        while place > 0 && inline(&self.open[place - 1]) {
            place -= 1;
        }
        let going_on = self.open[place..].iter().copied().filter(|name| *name != "a");
        self.suspended.extend(going_on);
        if place > 0 && matches!(fate(self.open[place - 1]), Treatment::Block(_)) {
            place -= 1;
        }
        self.close_down_to(place);
        if self.open.last() == Some(&"li") && !self.out.ends_with("<li>") && !ends_block(&self.out) {
            // What follows in the item is another line of it.
            self.pending = Some("p");
        }
    }

    fn open_container(&mut self, name: &'static str) {
        self.end_line();
        self.pending = None;
        self.in_row = false;
        if self.open.len() >= MAX_DEPTH {
            return;
        }
        let in_list = matches!(self.open.last(), Some(&"ul" | &"ol"));
        match name {
            "li" if !in_list => {
                let list = self.open.iter().rposition(|open| matches!(*open, "ul" | "ol"));
                match list {
                    Some(list) => self.close_down_to(list + 1),
                    None => self.push("ul"),
                }
            }
            "blockquote" if in_list => self.push("li"),
            _ => {}
        }
        self.push(name);
    }

    /// Closes the innermost element of this name within the line.
    fn close_named(&mut self, name: &str) {
        let line = self
            .open
            .iter()
            .rposition(|open| !matches!(fate(open), Treatment::Inline(_)));
        let line = line.map_or(0, |place| place + 1);
        let Some(place) = self.open[line..].iter().rposition(|open| *open == name) else {
            return;
        };
        let inner: Vec<&'static str> = self.open[line + place + 1..].to_vec();
        self.close_down_to(line + place);
        // Those that were opened inside go on.
        self.suspended.extend(inner.into_iter().filter(|inner| *inner != "a"));
    }

    fn close_down_to(&mut self, place: usize) {
        while self.open.len() > place {
            if let Some(name) = self.open.pop() {
                self.out.push_str("</");
                self.out.push_str(name);
                self.out.push('>');
            }
        }
    }
}

fn ends_block(out: &str) -> bool {
    out.is_empty()
        || [
            "</p>",
            "</h2>",
            "</h3>",
            "</pre>",
            "</ul>",
            "</ol>",
            "</li>",
            "</blockquote>",
        ]
        .iter()
        .any(|end| out.ends_with(end))
}

fn escape(out: &mut String, text: &str, in_attribute: bool) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\u{a0}' => out.push_str("&nbsp;"),
            '"' if in_attribute => out.push_str("&quot;"),
            c if c.is_control() && !matches!(c, '\n' | '\t') => {}
            c => out.push(c),
        }
    }
}

/// A piece of HTML as it is read.
enum Token<'a> {
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
fn token(html: &str) -> Option<(Token<'_>, &str)> {
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

fn name_in(text: &str) -> String {
    let end = text.find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>' | '<'));
    text[..end.unwrap_or(text.len())].to_ascii_lowercase()
}

/// Reads the attributes of an element up to its end: where it leads, and what comes after it.
fn attributes(mut rest: &str) -> (Option<String>, &str) {
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
fn unescaped(text: &str) -> String {
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
fn raw_text(text: &str) -> String {
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
fn each<'a>(html: &'a str, mut take: impl FnMut(&Token<'a>)) {
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
fn behind<'a>(html: &'a str, name: &str) -> &'a str {
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

/// The text with nothing in it but what is kept, in one form always. What it gives, it gives unchanged again.
#[must_use]
pub fn normalized(html: &str) -> String {
    let mut writer = Writer::default();
    each(html, |token| match token {
        Token::Text(text) => writer.raw(&raw_text(text)),
        Token::Open { name, href } => drop(writer.open(name, href.as_deref())),
        Token::Close { name } => writer.close(name),
        Token::Nothing => {}
    });
    writer.finish()
}

/// The words of a formatted text, without its tags. Words of two lines are two words.
#[must_use]
pub fn plain_text(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let part = |text: &mut String, between: &str| {
        if !text.is_empty() && !text.ends_with(char::is_whitespace) {
            text.push_str(between);
        }
    };
    each(html, |token| match token {
        Token::Text(words) => text.push_str(words),
        Token::Open { name, .. } | Token::Close { name } => match fate(name) {
            Treatment::Block(_)
            | Treatment::Container(_)
            | Treatment::LineBreak
            | Treatment::BlockBreak
            | Treatment::Cell => {
                part(&mut text, " ");
            }
            Treatment::Inline(_) | Treatment::Dropped | Treatment::Unwrapped => {}
        },
        Token::Nothing => {}
    });
    unescaped(&text).trim().to_owned()
}

/// A plain text as formatted text: each line a paragraph, and nothing in it taken for a tag.
#[must_use]
pub fn from_plain(text: &str) -> String {
    let mut writer = Writer::default();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        writer.open("p", None);
        writer.text(line);
        writer.close("p");
    }
    writer.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_the_editor_makes_stays() {
        for text in [
            "<h2>One</h2><p>two <b>three</b></p><ul><li>four</li><li>five <i>six</i></li></ul>",
            "one <b>two</b>",
            "<p><br></p><p>a</p>",
            "<blockquote>a<br>b</blockquote>",
            "<ol><li>a</li><ul><li>b</li></ul></ol>",
            "<p>a &amp; b &lt; c&nbsp;d</p>",
            "<pre>a\n  b</pre>",
            "<p><a href=\"https://example.org/?a=1&amp;b=2\" rel=\"noopener noreferrer\">x</a></p>",
        ] {
            assert_eq!(normalized(text), text);
        }
    }

    #[test]
    fn every_element_has_a_fate_that_parts_words() {
        for (from, to) in [
            (
                "<table><tbody><tr><td>Bolts</td><td>12</td></tr><tr><td>Nuts</td><td>34</td></tr></tbody></table>",
                "<p>Bolts | 12</p><p>Nuts | 34</p>",
            ),
            ("<h1>A</h1><h4>B</h4>c", "<h2>A</h2><h3>B</h3>c"),
            ("<div>a<div>b</div>c</div>", "<p>a</p><p>b</p>c"),
            ("<dl><dt>a</dt><dd>b</dd></dl>", "<p>a</p><p>b</p>"),
            ("<section>a</section><address>b</address>", "<p>a</p><p>b</p>"),
            ("<b><p>a</p><p>b</p></b>", "<p><b>a</b></p><p><b>b</b></p>"),
            ("<p>a<p>b", "<p>a</p><p>b</p>"),
            ("<b>a<i>b</b>c</i>", "<b>a<i>b</i></b><i>c</i>"),
            ("<li>a<li>b", "<ul><li>a</li><li>b</li></ul>"),
            ("<ul>a</ul>", "<ul><li>a</li></ul>"),
            ("<ul><li><p>a</p><p>b</p></li></ul>", "<ul><li>a<br>b</li></ul>"),
            ("<a href=\"javascript:x\">a</a>", "a"),
            ("<script>alert(1)</script><p onclick=x>a</p>", "<p>a</p>"),
            ("<style>p{}</style><!-- no --><o:p>a</o:p><img src=x>", "a"),
            ("1 < 2 & 3 > 2", "1 &lt; 2 &amp; 3 &gt; 2"),
            ("<p>a</p>\n  <p>b</p>\n", "<p>a</p><p>b</p>"),
        ] {
            assert_eq!(normalized(from), to, "{from}");
        }
    }

    #[test]
    fn words_are_found_whole() {
        assert_eq!(plain_text("<p><b>B</b>olts</p><p>12</p>"), "Bolts 12");
        assert_eq!(plain_text("a<br>b&amp;c"), "a b&c");
        assert_eq!(from_plain("a <b>\n\nc"), "<p>a &lt;b&gt;</p><p>c</p>");
    }

    proptest! {
        #[test]
        fn once_is_enough(html in "(<(p|div|b|i|a href=\"http://x\"|ul|li|td|tr|table|h1|br|blockquote|pre|/p|/div|/b|/i|/a|/ul|/li|/td|/tr|/table|/h1|/blockquote|/pre)>|[ab <>&;\n]|&amp;){0,24}") {
            let once = normalized(&html);
            prop_assert_eq!(normalized(&once), once);
        }

        #[test]
        fn no_text_is_too_strange(html in any::<String>()) {
            let words = plain_text(&html);
            prop_assert!(normalized(&html).len() <= 8 * html.len() + 64 && words.len() <= 2 * html.len());
        }
    }

    #[test]
    fn deep_and_long_input_costs_no_more_than_its_length() {
        for piece in [
            "<div>",
            "<b>",
            "<a href=http://x>",
            "<ul>",
            "<blockquote>",
            "<font color=a>",
            "<",
            "&",
            "<svg>",
            "<p><i>x",
        ] {
            let html = piece.repeat(160 * 1024 / piece.len());
            assert!(normalized(&html).len() < 8 * 160 * 1024, "{piece}");
        }
    }
}
