//! Formatted text: the small part of HTML that is kept, and what becomes of everything else.
//!
//! The server writes anew what it is sent and the editor what is pasted, both with [`Writer`]: what its author
//! sees is what is kept. One pass, whatever comes: no input costs more than in proportion to its length.

mod tokens;

use tokens::{Token, each, raw_text, unescaped};

/// What becomes of an element.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Treatment {
    /// Part of a line, written as this element.
    Inline(&'static str),
    /// A paragraph or heading, written as this element.
    Block(&'static str),
    /// Holds blocks: a list, an item, a quotation.
    Container(&'static str),
    /// A table.
    Table,
    /// A row of a table; where no table can be, a paragraph.
    Row,
    /// A cell of a table, written as this element; where no table can be, its words are parted from the cell before
    /// by [`CELL_BREAK`].
    Cell(&'static str),
    /// A line break.
    LineBreak,
    /// Ends the line, and is nothing itself.
    BlockBreak,
    /// Goes, with everything in it.
    Dropped,
    /// Goes, and leaves its content.
    Unwrapped,
}

/// What stands between two cells of a row that becomes a paragraph.
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
        | "form" | "hgroup" => Treatment::Block("p"),
        "ul" | "menu" | "dir" => Treatment::Container("ul"),
        "ol" => Treatment::Container("ol"),
        "li" => Treatment::Container("li"),
        "blockquote" => Treatment::Container("blockquote"),
        "table" => Treatment::Table,
        "tr" => Treatment::Row,
        "td" => Treatment::Cell("td"),
        "th" => Treatment::Cell("th"),
        "br" => Treatment::LineBreak,
        "hr" | "dl" => Treatment::BlockBreak,
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
    /// Whether the row that becomes a paragraph has a cell already.
    in_row: bool,
    /// How many tables are open that are none here: in a list, or in a cell.
    flat_tables: usize,
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
            Treatment::Table => self.open_table(),
            Treatment::Row => self.open_row(),
            Treatment::Cell(name) => self.open_cell(name),
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
                if let Some(place) = self.place_of(name) {
                    self.end_line();
                    self.close_down_to(place);
                }
            }
            Treatment::Table if self.flat_tables > 0 => {
                self.flat_tables -= 1;
                self.end_line();
            }
            Treatment::Row if self.flat_tables > 0 || !self.in_table() => {
                self.end_line();
                self.in_row = false;
            }
            Treatment::Table => self.close_in_table("table"),
            Treatment::Row => self.close_in_table("tr"),
            Treatment::Cell(name) if self.flat_tables == 0 => self.close_in_table(name),
            Treatment::Cell(_) | Treatment::LineBreak | Treatment::Dropped | Treatment::Unwrapped => {}
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
        let between = self.pending.is_some()
            || matches!(
                self.open.last(),
                None | Some(&"ul" | &"ol" | &"blockquote" | &"table" | &"tr")
            );
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
            if self.open.last().is_some_and(is_line) {
                // A second line follows after a break.
                if !self.at_its_start() {
                    self.out.push_str("<br>");
                }
            } else {
                self.ensure_item();
                if !self.open.last().is_some_and(is_line) {
                    self.push(name);
                }
            }
        }
        self.ensure_item();
        for name in std::mem::take(&mut self.suspended) {
            self.push(name);
        }
    }

    /// In a list there are items only, in a table rows, and in a row cells.
    fn ensure_item(&mut self) {
        match self.open.last() {
            Some(&"ul" | &"ol") => self.push("li"),
            Some(&"table") => {
                self.push("tr");
                self.push("td");
            }
            Some(&"tr") => self.push("td"),
            _ => {}
        }
    }

    /// Whether nothing has been written yet of what was opened last.
    fn at_its_start(&self) -> bool {
        let name = self.open.last().copied().unwrap_or_default();
        let before = self.out.strip_suffix('>').and_then(|out| out.strip_suffix(name));
        before.is_some_and(|before| before.ends_with('<'))
    }

    fn place_of(&self, name: &str) -> Option<usize> {
        self.open.iter().rposition(|open| *open == name)
    }

    fn in_table(&self) -> bool {
        self.open.contains(&"table")
    }

    /// A table in a list or in another table is paragraphs.
    fn open_table(&mut self) {
        self.end_line();
        self.in_row = false;
        let within = |open: &&str| matches!(*open, "ul" | "ol" | "table");
        if self.flat_tables > 0 || self.open.iter().any(within) || self.open.len() >= MAX_DEPTH {
            self.flat_tables += 1;
        } else {
            self.pending = None;
            self.push("table");
        }
    }

    fn open_row(&mut self) {
        self.end_line();
        self.in_row = false;
        match self.place_of("table") {
            Some(table) if self.flat_tables == 0 => {
                self.pending = None;
                self.close_down_to(table + 1);
                self.push("tr");
            }
            _ => self.pending = Some("p"),
        }
    }

    fn open_cell(&mut self, name: &'static str) {
        match self.place_of("table") {
            Some(table) if self.flat_tables == 0 => {
                self.end_line();
                self.pending = None;
                self.close_down_to(table + 2);
                if self.open.len() == table + 1 {
                    self.push("tr");
                }
                self.push(name);
            }
            _ if std::mem::replace(&mut self.in_row, true) => self.raw(CELL_BREAK),
            _ => {}
        }
    }

    /// Closes the innermost element of this name in the table that is open.
    fn close_in_table(&mut self, name: &str) {
        let table = self.place_of("table").unwrap_or_default();
        if let Some(place) = self.place_of(name).filter(|place| *place >= table) {
            self.end_line();
            self.pending = None;
            self.close_down_to(place);
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
        if self.open.last().is_some_and(is_line) && !self.at_its_start() && !ends_block(&self.out) {
            // What follows in it is another line.
            self.pending = Some("p");
        }
    }

    fn open_container(&mut self, name: &'static str) {
        self.end_line();
        if self.open.last().is_some_and(|open| is_cell(open)) {
            // A cell has lines only.
            self.pending = (!self.at_its_start()).then_some("p");
            return;
        }
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
            let empty = matches!(self.open.last(), Some(&"table" | &"tr")) && self.at_its_start();
            if let Some(name) = self.open.pop() {
                if empty {
                    // A table without rows, a row without cells.
                    self.out.truncate(self.out.len() - name.len() - "<>".len());
                } else {
                    self.out.push_str("</");
                    self.out.push_str(name);
                    self.out.push('>');
                }
            }
        }
    }
}

/// Whether the element is a line by itself, with no paragraph in it.
fn is_line(name: &&str) -> bool {
    *name == "li" || is_cell(name)
}

fn is_cell(name: &str) -> bool {
    matches!(name, "td" | "th")
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
            "</td>",
            "</th>",
            "</tr>",
            "</table>",
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
            | Treatment::Table
            | Treatment::Row
            | Treatment::Cell(_) => {
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
mod tests;
