//! What the number in a cell means, and how its format shows it.

use baton_locales::say;
use time::{Date, Duration, Month};

use crate::exchange::table::Cell;

/// What a format makes of a number.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// The number.
    Plain,
    /// A number with so many digits at least before its point.
    Padded(usize),
    /// A hundredth.
    Percent,
    /// A day, perhaps with a time.
    Date,
    /// A time of day.
    Time,
    /// A span of time that may be longer than a day.
    Span,
}

/// What the format of this number does; its code where the book has one of its own.
pub(super) fn kind_of(id: u32, code: Option<&str>) -> Kind {
    match (code, id) {
        (Some(code), _) => of_code(code),
        (None, 9 | 10) => Kind::Percent,
        (None, 14..=17 | 22 | 27..=31 | 36 | 50..=58) => Kind::Date,
        (None, 18..=21 | 32..=35 | 45 | 47) => Kind::Time,
        (None, 46) => Kind::Span,
        (None, _) => Kind::Plain,
    }
}

fn of_code(code: &str) -> Kind {
    // Only the part for numbers that are not negative, without what is written as it is.
    let mut signs = String::new();
    let mut letters = code.chars();
    let mut spans = false;
    while let Some(c) = letters.next() {
        match c {
            ';' => break,
            '"' => {
                for c in letters.by_ref() {
                    if c == '"' {
                        break;
                    }
                }
            }
            '\\' | '_' | '*' => drop(letters.next()),
            '[' => {
                let inner: String = letters.by_ref().take_while(|c| *c != ']').collect();
                let inner = inner.to_lowercase();
                let span = |unit| !inner.is_empty() && inner.chars().all(|c| c == unit);
                spans |= span('h') || span('m') || span('s');
            }
            c => signs.extend(c.to_lowercase()),
        }
    }
    if spans {
        return Kind::Span;
    }
    if signs.contains("general") {
        return Kind::Plain;
    }
    // “am/pm” has letters of its own.
    let timed = signs.replace("am/pm", "h").replace("a/p", "h");
    let has = |letters: &[char]| timed.contains(letters);
    if has(&['y', 'd']) || (has(&['m']) && !has(&['h', 's'])) {
        return Kind::Date;
    }
    if has(&['h', 's']) {
        return Kind::Time;
    }
    if signs.contains('%') {
        return Kind::Percent;
    }
    let whole = signs.split('.').next().unwrap_or_default();
    let digits = whole.chars().filter(|c| *c == '0').count();
    if digits > 1 && !signs.contains(['e', '/']) {
        return Kind::Padded(digits);
    }
    Kind::Plain
}

/// The cell that holds this number in this format.
pub(super) fn number(written: &str, kind: &Kind, from_1904: bool) -> Cell {
    let Ok(number) = written.parse::<f64>() else {
        return Cell::text(written);
    };
    match kind {
        Kind::Plain => Cell::text(exact(number)),
        Kind::Padded(digits) => padded(number, *digits),
        Kind::Percent => Cell {
            shown: Some(format!("{}%", exact(number * 100.0))),
            ..Cell::text(exact(number))
        },
        Kind::Date => moment(number, from_1904),
        Kind::Time if (0.0..1.0).contains(&number) => Cell::text(clock(number, false)),
        Kind::Time => moment(number, from_1904),
        Kind::Span => Cell::text(clock(number, true)),
    }
}

/// The number as people know it: what a computer adds behind its fifteenth digit is not theirs.
fn exact(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() <= 9_007_199_254_740_992.0 {
        // Nothing is no less than nothing.
        return format!("{:.0}", number + 0.0);
    }
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    rounded.to_string()
}

fn padded(number: f64, digits: usize) -> Cell {
    let text = exact(number);
    let shown = (number.fract() == 0.0 && number >= 0.0).then(|| format!("{text:0>digits$}"));
    Cell {
        shown: shown.filter(|shown| *shown != text),
        ..Cell::text(text)
    }
}

/// A day and a time, from the number of days since the first day of the book's calendar.
fn moment(serial: f64, from_1904: bool) -> Cell {
    let bad = || Cell::bad(say::tables::number_is_no_day());
    if !(0.0..2_958_466.0).contains(&serial) {
        return bad();
    }
    #[expect(clippy::cast_possible_truncation, reason = "the range was checked")]
    let (mut days, mut ms) = (serial.floor() as i64, (serial.fract() * 86_400_000.0).round() as i64);
    if ms >= 86_400_000 {
        (days, ms) = (days + 1, 0);
    }
    let first = match (from_1904, days) {
        (true, _) => (1904, Month::January, 1),
        // No day at all: a time alone.
        (false, 0) => return Cell::text(clock(serial, false)),
        (false, 1..60) => (1899, Month::December, 31),
        // The 29th of February 1900, which there never was.
        (false, 60) => return bad(),
        (false, _) => (1899, Month::December, 30),
    };
    let date = Date::from_calendar_date(first.0, first.1, first.2)
        .ok()
        .and_then(|first| first.checked_add(Duration::days(days)));
    match date {
        Some(date) if ms < 1000 => Cell::text(date.to_string()),
        Some(date) => Cell::text(format!("{date} {}", of_day(ms / 1000))),
        None => bad(),
    }
}

fn of_day(seconds: i64) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if seconds == 0 {
        format!("{hours:02}:{minutes:02}")
    } else {
        format!("{hours:02}:{minutes:02}:{seconds:02}")
    }
}

/// A part of a day as a time; longer than a day only where it is a span.
fn clock(days: f64, span: bool) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a span of more hours than that is no span"
    )]
    let ms = (days.abs().min(1e9) * 86_400_000.0).round() as i64;
    let seconds = if span { ms / 1000 } else { ms / 1000 % 86_400 };
    let sign = if days < 0.0 { "-" } else { "" };
    format!("{sign}{}", of_day(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(written: &str, kind: &Kind) -> String {
        number(written, kind, false).value
    }

    #[test]
    fn numbers_are_what_people_see() {
        for (written, expected) in [
            ("0.30000000000000004", "0.3"),
            ("57.699999999999996", "57.7"),
            ("4006381333931", "4006381333931"),
            ("4111111111111111", "4111111111111111"),
            ("1E+21", "1000000000000000000000"),
            ("1.0000000000000001E-7", "0.0000001"),
            ("-0", "0"),
            ("-10", "-10"),
            ("100", "100"),
            ("1234567.891", "1234567.891"),
        ] {
            assert_eq!(value(written, &Kind::Plain), expected, "{written}");
        }
        assert_eq!(number("1067", &of_code("00000"), false).shown.as_deref(), Some("01067"));
        assert_eq!(number("0.5", &of_code("0%"), false).value, "0.5");
    }

    #[test]
    fn days_are_what_the_book_counts() {
        for (written, expected) in [
            ("1", "1900-01-01"),
            ("59", "1900-02-28"),
            ("61", "1900-03-01"),
            ("46173", "2026-05-31"),
            ("46173.604166666664", "2026-05-31 14:30"),
            ("46173.999999999", "2026-06-01"),
            ("0.5", "12:00"),
        ] {
            assert_eq!(value(written, &Kind::Date), expected, "{written}");
        }
        assert!(number("60", &Kind::Date, false).fault.is_some());
        assert_eq!(number("44711", &Kind::Date, true).value, "2026-05-31");
        assert_eq!(value("0.3958333333333333", &of_code("h:mm")), "09:30");
        assert_eq!(value("1.104166666666667", &of_code("[hh]:mm:ss")), "26:30");
    }

    #[test]
    fn formats_are_told_apart() {
        for (code, kind) in [
            ("yyyy-mm-dd", Kind::Date),
            ("dd.mm.yyyy\\ hh:mm", Kind::Date),
            ("mmm", Kind::Date),
            ("h:mm AM/PM", Kind::Time),
            ("[h]:mm", Kind::Span),
            ("[Red]0.00", Kind::Plain),
            ("#,##0.00\\ \"days\"", Kind::Plain),
            ("General", Kind::Plain),
            ("\"SKU\"0000", Kind::Padded(4)),
            ("0.00%", Kind::Percent),
        ] {
            assert_eq!(of_code(code), kind, "{code}");
        }
    }
}
