//! Texts that a spreadsheet would take for a formula: an export marks them, an import takes the mark away again.
//!
//! A mark is an apostrophe before what would run: at the beginning, and after what another separator than the
//! table's would cut at. A text that has apostrophes there already gets one more, so that none is ever lost.

/// Signs that begin a formula, also as wide as East Asian letters are.
const SIGNS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
/// Where a program that separates cells otherwise would cut.
const CUTS: [char; 4] = [';', '\t', '\n', '\r'];

/// The text with a mark before each part that would be taken for a formula.
pub(super) fn marked(text: &str) -> String {
    rewritten(text, |part, out| {
        if is_formula(part.text, part.first) {
            out.push('\'');
        }
        out.push_str(part.text);
    })
}

/// The text without the marks of [`marked`].
pub(super) fn unmarked(text: &str) -> String {
    rewritten(text, |part, out| {
        let bare = part.text.strip_prefix('\'').filter(|bare| is_formula(bare, part.first));
        out.push_str(bare.unwrap_or(part.text));
    })
}

/// A stretch of a text that a program might take for a cell.
struct Part<'a> {
    text: &'a str,
    /// Whether the text begins with it.
    first: bool,
}

fn rewritten(text: &str, mut write: impl FnMut(&Part<'_>, &mut String)) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    let mut rest = text;
    let mut first = true;
    loop {
        let end = rest.find(CUTS);
        write(
            &Part {
                text: &rest[..end.unwrap_or(rest.len())],
                first,
            },
            &mut out,
        );
        let Some(end) = end else {
            return out;
        };
        let cut = rest[end..].chars().next().map_or(1, char::len_utf8);
        out.push_str(&rest[end..end + cut]);
        rest = &rest[end + cut..];
        first = false;
    }
}

/// Whether the part would be taken for a formula, apostrophes before it aside. Within a text only what could do
/// something: a list of points with dashes is none.
fn is_formula(part: &str, first: bool) -> bool {
    let bare = part.trim_start_matches(['\'', '"', ' ', '\u{a0}', '\u{feff}']);
    bare.starts_with(SIGNS) && (first || bare.contains(['(', '|', '!']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_would_run_is_marked() {
        for text in [
            "=1+1",
            "+49 30",
            "-x",
            "@SUM(A1)",
            " =1",
            "＝1+1",
            "a;=cmd|'/c calc'!A0",
            "a\t=HYPERLINK(x)",
            "a\n@f(x)",
        ] {
            let marked = marked(text);
            assert_ne!(marked, text);
            assert_eq!(unmarked(&marked), text);
        }
        for text in ["one", "'tis", "a - b", "list\n- one\n- two", "a;b", "5 = 5", ""] {
            assert_eq!(marked(text), text);
            assert_eq!(unmarked(text), text);
        }
    }

    proptest! {
        #[test]
        fn nothing_is_lost_on_the_way_out_and_back(text in "[=+@'; \n(|\"a-]{0,12}|.{0,20}") {
            prop_assert_eq!(unmarked(&marked(&text)), text);
        }
    }
}
