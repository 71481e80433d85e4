//! HTML from outside as it is stored: what is pasted from a web page, a word processor or a spreadsheet.

use baton_protocol::rich_text::Writer;
use wasm_bindgen::JsCast as _;
use web_sys::{DomParser, Element, Node, SupportedType};

/// What is stored of this HTML. It is parsed into a document of its own, where nothing runs and nothing is fetched.
pub(super) fn stored_html(html: &str) -> String {
    let parsed = DomParser::new().and_then(|parser| parser.parse_from_string(html, SupportedType::TextHtml));
    let Some(body) = parsed.ok().and_then(|document| document.body()) else {
        return String::new();
    };
    let mut pasted = Pasted::default();
    pasted.write(&body);
    pasted.end_lists(0);
    pasted.writer.finish()
}

#[derive(Default)]
struct Pasted {
    writer: Writer,
    /// The lists that are open of a word processor, which writes them as paragraphs; outermost first.
    lists: Vec<&'static str>,
    /// How many letters of what comes next are the sign of an item.
    sign: usize,
}

impl Pasted {
    fn write(&mut self, node: &Node) {
        let nodes = node.child_nodes();
        for node in (0..nodes.length()).filter_map(|index| nodes.item(index)) {
            match node.node_type() {
                Node::TEXT_NODE => self.text(&node.text_content().unwrap_or_default()),
                Node::ELEMENT_NODE => {
                    if let Some(element) = node.dyn_ref::<Element>() {
                        self.element(element);
                    }
                }
                _ => {}
            }
        }
    }

    fn text(&mut self, text: &str) {
        let sign = text.char_indices().nth(self.sign).map_or(text.len(), |(end, _)| end);
        let (sign, text) = text.split_at(sign);
        self.sign -= sign.chars().count();
        // What stands between two items ends no list.
        if self.lists.is_empty() || !text.trim().is_empty() {
            self.writer.text(text);
        }
    }

    fn element(&mut self, element: &Element) {
        match Listed::of(element) {
            // The list has signs by itself.
            Some(Listed::Sign) => {}
            Some(Listed::Item { level, list, sign }) => {
                self.begin_item(level, list);
                self.sign = sign;
                self.write(element);
                self.sign = 0;
                self.writer.close("li");
            }
            None => {
                let name = element.tag_name().to_lowercase();
                if matches!(name.as_str(), "p" | "h1" | "h2" | "h3" | "table" | "ul" | "ol") {
                    self.end_lists(0);
                }
                if self.writer.open(&name, element.get_attribute("href").as_deref()) {
                    self.write(element);
                    self.writer.close(&name);
                }
            }
        }
    }

    fn begin_item(&mut self, level: usize, list: &'static str) {
        self.end_lists(level);
        while self.lists.len() < level {
            self.writer.open(list, None);
            self.lists.push(list);
        }
        self.writer.open("li", None);
    }

    fn end_lists(&mut self, level: usize) {
        while self.lists.len() > level {
            if let Some(list) = self.lists.pop() {
                self.writer.close(list);
            }
        }
    }
}

/// What a paragraph of a word processor has to do with a list.
enum Listed {
    /// The bullet or number before an item.
    Sign,
    Item {
        /// From 1.
        level: usize,
        /// The element of its list.
        list: &'static str,
        /// How many letters its sign has, if that stands in its text.
        sign: usize,
    },
}

impl Listed {
    fn of(element: &Element) -> Option<Self> {
        let style = element.get_attribute("style").unwrap_or_default();
        match property(&style, "mso-list") {
            Some("Ignore" | "ignore") => return Some(Self::Sign),
            Some(list) => {
                let level = list.split_whitespace().find_map(|word| word.strip_prefix("level"))?;
                let sign = element.query_selector("[style*='mso-list:Ignore']").ok().flatten();
                let sign = sign.and_then(|sign| sign.text_content()).unwrap_or_default();
                return Some(Self::Item {
                    level: level.parse().ok().map(level_within)?,
                    list: list_of(sign.trim_matches(is_blank)),
                    sign: 0,
                });
            }
            None => {}
        }
        // Some web views leave nothing of its style but what they know themselves.
        if !element.class_name().starts_with("MsoListParagraph") {
            return None;
        }
        let text = element.text_content().unwrap_or_default();
        let (sign, length) = sign_before(&text)?;
        Some(Self::Item {
            level: property(&style, "margin-left").map_or(1, level_of_margin),
            list: list_of(sign),
            sign: length,
        })
    }
}

/// A property of a style.
fn property<'a>(style: &'a str, name: &str) -> Option<&'a str> {
    style.split(';').find_map(|rule| {
        let (found, value) = rule.split_once(':')?;
        (found.trim() == name).then_some(value.trim())
    })
}

fn level_within(level: usize) -> usize {
    const DEEPEST: usize = 6;
    level.clamp(1, DEEPEST)
}

/// Each level is set in by half an inch.
fn level_of_margin(margin: &str) -> usize {
    let number = margin.trim_end_matches(char::is_alphabetic);
    let each = match &margin[number.len()..] {
        "px" => 48.0,
        "in" => 0.5,
        "cm" => 1.27,
        _ => 36.0,
    };
    let levels = number.parse::<f64>().unwrap_or(each) / each;
    // A margin is no larger than a page.
    level_within(levels.round().clamp(1.0, 99.0) as usize)
}

/// The sign that a text begins with, and how many letters it has with the white space around it. A blank that does not
/// break ends every sign.
fn sign_before(text: &str) -> Option<(&str, usize)> {
    const LONGEST: usize = 6;
    let blank = text.len() - text.trim_start_matches(is_blank).len();
    let end = text[blank..].find('\u{a0}')? + blank;
    let sign = text[blank..end].trim_end_matches(is_blank);
    let after = text[end..].trim_start_matches(is_blank);
    let is_sign = counts(sign)
        || matches!(
            sign,
            "\u{b7}" | "•" | "o" | "§" | "-" | "–" | "▪" | "\u{f0b7}" | "\u{f0a7}"
        );
    let length = text[..text.len() - after.len()].chars().count();
    (is_sign && sign.chars().count() <= LONGEST).then_some((sign, length))
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '\u{a0}'
}

fn list_of(sign: &str) -> &'static str {
    if counts(sign) { "ol" } else { "ul" }
}

/// Whether this is a number or a letter with its point or bracket, as `1.` and `b)`, and no bullet as `·` and `o`.
fn counts(sign: &str) -> bool {
    let number = sign.trim_end_matches(['.', ')']);
    number.len() < sign.len() && !number.is_empty() && number.chars().all(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_property_of_a_style_is_found_by_its_name() {
        let style = "text-indent:-18.0pt;mso-list: l0 level2 lfo1; margin-left : 72pt";
        assert_eq!(property(style, "mso-list"), Some("l0 level2 lfo1"));
        assert_eq!(property(style, "margin-left"), Some("72pt"));
        assert_eq!(property(style, "margin"), None);
    }

    #[test]
    fn a_margin_says_the_level() {
        for (margin, level) in [
            ("36.0pt", 1),
            ("72pt", 2),
            ("96px", 2),
            ("1.5in", 3),
            ("0", 1),
            ("x", 1),
            ("9999pt", 6),
        ] {
            assert_eq!(level_of_margin(margin), level, "{margin}");
        }
    }

    #[test]
    fn a_sign_ends_with_a_blank_that_does_not_break() {
        assert_eq!(sign_before("\u{b7}\u{a0}\u{a0} One"), Some(("\u{b7}", 4)));
        assert_eq!(sign_before("\n 12.\u{a0}Twelve"), Some(("12.", 6)));
        assert_eq!(sign_before("o \u{a0}Inner"), Some(("o", 3)));
        assert_eq!(sign_before("One\u{a0}two"), None);
        assert_eq!(sign_before("1. One"), None);
    }

    #[test]
    fn a_sign_counts_if_it_ends_as_numbers_do() {
        for (sign, number) in [
            ("1.", true),
            ("b)", true),
            ("iv.", true),
            ("·", false),
            ("o", false),
            (".", false),
        ] {
            assert_eq!(counts(sign), number, "{sign}");
        }
    }
}
