//! Numbers as their reader writes them.

/// How somebody writes numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct NumberNotation {
    /// What parts the whole from the rest.
    decimal: char,
    /// What parts thousands.
    group: char,
}

/// The notation where nothing else is known.
pub(super) const PLAIN: NumberNotation = NumberNotation {
    decimal: '.',
    group: ',',
};

/// A space that no line breaks at.
const FIXED_SPACE: char = '\u{a0}';

impl NumberNotation {
    /// What an example of 12345.6 says about it.
    #[cfg(any(test, target_arch = "wasm32"))]
    pub(super) fn from_example(example: &str) -> Self {
        let signs: Vec<char> = example.chars().filter(|c| !c.is_ascii_digit()).collect();
        match signs[..] {
            [group, decimal] => Self { decimal, group },
            [decimal] => Self {
                decimal,
                group: if decimal == '.' { ',' } else { '.' },
            },
            _ => PLAIN,
        }
    }

    /// A stored number as its reader writes it, without parted thousands: for whoever goes on writing it. What is no number
    /// stays as it is.
    pub(crate) fn number(self, stored: &str) -> String {
        if is_number(stored) {
            stored.replace('.', &self.decimal.to_string())
        } else {
            stored.to_owned()
        }
    }

    /// A stored number as its reader reads it: with its unit, and thousands parted where it has one.
    pub(crate) fn amount(self, stored: &str, unit: &str) -> String {
        if unit.is_empty() || !is_number(stored) {
            return self.number(stored);
        }
        let (sign, digits) = stored.strip_prefix('-').map_or(("", stored), |digits| ("-", digits));
        let (whole, rest) = digits
            .split_once('.')
            .map_or((digits, None), |(whole, rest)| (whole, Some(rest)));
        let mut text = sign.to_owned();
        for (place, digit) in whole.chars().enumerate() {
            if place > 0 && (whole.len() - place).is_multiple_of(3) {
                text.push(self.group);
            }
            text.push(digit);
        }
        if let Some(rest) = rest {
            text.push(self.decimal);
            text.push_str(rest);
        }
        text.push(FIXED_SPACE);
        text + unit
    }

    /// The number that somebody typed, as it is stored; what is no number as it was typed, and never as another number.
    pub(crate) fn stored(self, typed: &str) -> String {
        let is_space = |c: char| c.is_whitespace() || c == '\u{202f}' || c == FIXED_SPACE;
        let text = typed.trim().replacen('−', "-", 1);
        let text = text.as_str();
        let (whole, rest) = match text.split_once(self.decimal) {
            Some((whole, rest)) => (whole, Some(rest)),
            None => (text, None),
        };
        // Thousands are parted everywhere or nowhere, and never behind the decimal sign.
        let is_group =
            |c: char| c == self.group || is_space(c) || matches!(c, '’' | '\'') || (c == '.' && self.decimal != '.');
        let mut parts = whole.split(is_group);
        let first = parts.next().unwrap_or_default();
        let others: Vec<&str> = parts.collect();
        let parted = others.iter().all(|part| part.len() == 3) && (others.is_empty() || is_short(first));
        let joined = match rest {
            Some(rest) => format!("{first}{}.{rest}", others.concat()),
            None => first.to_owned() + &others.concat(),
        };
        if parted && is_number(&joined) {
            joined
        } else if self.decimal == '.' {
            typed.to_owned()
        } else {
            // Stored, a point would be the decimal sign.
            typed.replace('.', "’")
        }
    }
}

fn is_short(first: &str) -> bool {
    let digits = first.trim_start_matches('-');
    (1..=3).contains(&digits.len())
}

/// Whether a text is a number as numbers are stored.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    all_digits(whole) && all_digits(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn german() -> NumberNotation {
        NumberNotation::from_example("12.345,6")
    }

    #[test]
    fn the_notation_is_derived_from_an_example() {
        assert_eq!(NumberNotation::from_example("12,345.6"), PLAIN);
        assert_eq!((german().decimal, german().group), (',', '.'));
        assert_eq!(NumberNotation::from_example("12\u{202f}345,6").group, '\u{202f}');
        assert_eq!(NumberNotation::from_example("12345,6").decimal, ',');
        // Other digits than ours: what is read is still a number.
        assert_eq!(NumberNotation::from_example("١٢٬٣٤٥٫٦"), PLAIN);
    }

    #[test]
    fn a_number_is_stored_the_same_whoever_typed_it() {
        for (typed, stored) in [
            ("437,50", "437.50"),
            ("1.437,50", "1437.50"),
            ("1.437", "1437"),
            ("-1.234.567", "-1234567"),
            (" 12 ", "12"),
            ("−5", "-5"),
            ("1 437", "1437"),
            // Not yet, or not at all, a number.
            ("437,", "437,"),
            ("1.43", "1’43"),
            ("1.4375,0", "1’4375,0"),
            ("1234.567", "1234’567"),
            ("12.50", "12’50"),
            ("zwölf", "zwölf"),
            ("", ""),
            ("-", "-"),
        ] {
            assert_eq!(german().stored(typed), stored, "{typed}");
        }
        assert_eq!(PLAIN.stored("1,437.50"), "1437.50");
        assert_eq!(PLAIN.stored("437,50"), "437,50", "no thousands");
        let french = NumberNotation::from_example("12\u{202f}345,6");
        assert_eq!(
            (french.stored("1 437,5"), french.stored("1.437")),
            ("1437.5".into(), "1437".into())
        );
    }

    #[test]
    fn a_number_is_read_as_its_reader_writes_it() {
        assert_eq!(german().number("437.50"), "437,50");
        assert_eq!(german().number("437."), "437.", "no number");
        assert_eq!(german().amount("-1234567.5", "€"), "-1.234.567,5\u{a0}€");
        assert_eq!(german().amount("2026", ""), "2026", "a year is no amount");
        assert_eq!(PLAIN.amount("1000", "kg"), "1,000\u{a0}kg");
        assert_eq!(PLAIN.amount("12", "kg"), "12\u{a0}kg");
    }

    #[test]
    fn what_was_typed_is_typed_again_from_what_is_stored() {
        for stored in ["0", "-0.5", "1437.50", "1000000", "437.125"] {
            for notation in [PLAIN, german(), NumberNotation::from_example("12\u{202f}345,6")] {
                assert_eq!(notation.stored(&notation.number(stored)), stored, "{notation:?}");
            }
        }
    }
}
