//! What people mean by a text that they write into a table: numbers, dates and choices as they are written in
//! more than one country. What could mean two things is left as it is, so that the check can say so.

use time::{Date, Month, Time};

use super::checks::decimal;
use super::{Field, Value};

const YES: [&str; 15] = [
    "yes",
    "true",
    "1",
    "x",
    "y",
    "on",
    "ja",
    "wahr",
    "oui",
    "vrai",
    "si",
    "sí",
    "verdadero",
    "✓",
    "✔",
];
const NO: [&str; 11] = [
    "no", "false", "0", "n", "off", "nein", "falsch", "non", "faux", "falso", "✗",
];

/// The yes or no that is meant; the text itself where it is neither.
pub(super) fn flag(text: &str) -> Value {
    let word = text.trim().to_lowercase();
    if word.is_empty() {
        Value::Empty
    } else if YES.contains(&word.as_str()) {
        Value::Bool(true)
    } else if NO.contains(&word.as_str()) {
        Value::Bool(false)
    } else {
        Value::from_text(text)
    }
}

/// The id of the option that is meant. People mean labels: letter for letter, or the only one that differs in case. An
/// id counts only where no label fits.
pub(super) fn option(field: &Field, text: &str) -> String {
    let text = text.trim();
    if let Some(option) = field.offered().find(|option| option.words() == text) {
        return option.id.clone();
    }
    let wanted = text.to_lowercase();
    let mut same = field.offered().filter(|option| option.words().to_lowercase() == wanted);
    match (same.next(), same.next()) {
        (Some(option), None) => option.id.clone(),
        _ => text.to_owned(),
    }
}

/// A number as it is kept: digits, one point, perhaps a minus. `None` for what is none, or could be two.
pub(super) fn number(text: &str) -> Option<String> {
    let text = text.trim();
    let (negative, amount) = match text.strip_prefix(['-', '−']) {
        Some(amount) => (true, amount),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let plain = match amount.split_once(['e', 'E']) {
        Some((amount, power)) => scientific(amount, power)?,
        None => grouped(amount)?,
    };
    let nothing = plain.chars().all(|c| matches!(c, '0' | '.'));
    let number = if negative && !nothing {
        format!("-{plain}")
    } else {
        plain
    };
    decimal(&number).map(|_| number)
}

/// Takes the signs between thousands away, and has a point between whole and part.
fn grouped(amount: &str) -> Option<String> {
    let thin = |c: char| matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '’');
    if !amount.starts_with(|c: char| c.is_ascii_digit() || c == '.' || c == ',') {
        return None;
    }
    let (commas, points) = (amount.matches(',').count(), amount.matches('.').count());
    let last = amount.rfind([',', '.']).map(|at| amount.as_bytes()[at]);
    let (group, point) = match (commas, points, last) {
        (0, 0 | 1, _) => (None, '.'),
        (_, 0, _) if commas > 1 => (Some(','), '.'),
        (0, _, _) => (Some('.'), ','),
        // One comma alone, three digits behind it: a thousand here, a thousandth there.
        (1, 0, _) if is_ambiguous(amount) => return None,
        (1, 0, _) => (None, ','),
        (_, 1, Some(b'.')) => (Some(','), '.'),
        (1, _, Some(b',')) => (Some('.'), ','),
        _ => return None,
    };
    let (whole, part) = amount
        .split_once(point)
        .map_or((amount, ""), |(whole, part)| (whole, part));
    let between = |c: char| Some(c) == group || thin(c);
    let mut groups = whole.split(between);
    let first = groups.next().unwrap_or_default();
    let rest: Vec<&str> = groups.collect();
    let fits = rest.is_empty() || ((1..=3).contains(&first.len()) && rest.iter().all(|group| group.len() == 3));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !fits || !digits(first) || !rest.iter().all(|group| digits(group)) || !digits(part) {
        return None;
    }
    let whole = format!("{first}{}", rest.concat());
    if whole.is_empty() && part.is_empty() {
        return None;
    }
    let whole = if whole.is_empty() { "0" } else { &whole };
    Some(if part.is_empty() {
        whole.to_owned()
    } else {
        format!("{whole}.{part}")
    })
}

/// Whether a comma in the number could part thousands as well as decimals.
fn is_ambiguous(amount: &str) -> bool {
    let Some((whole, part)) = amount.split_once(',') else {
        return false;
    };
    part.len() == 3 && (1..=3).contains(&whole.len()) && whole != "0"
}

fn scientific(amount: &str, power: &str) -> Option<String> {
    let power: i32 = power.parse().ok().filter(|power: &i32| power.abs() <= 28)?;
    let amount = grouped(amount)?;
    let (whole, part) = amount.split_once('.').unwrap_or((&amount, ""));
    let digits = format!("{whole}{part}");
    let point = i32::try_from(whole.len()).ok()? + power;
    let length = i32::try_from(digits.len()).ok()?;
    let zeros = |count: i32| "0".repeat(usize::try_from(count).unwrap_or(0));
    let shifted = if point <= 0 {
        format!("0.{}{digits}", zeros(-point))
    } else if point >= length {
        format!("{digits}{}", zeros(point - length))
    } else {
        let (whole, part) = digits.split_at(usize::try_from(point).ok()?);
        format!("{whole}.{part}")
    };
    let (whole, part) = shifted.split_once('.').unwrap_or((&shifted, ""));
    let (whole, part) = (whole.trim_start_matches('0'), part.trim_end_matches('0'));
    let whole = if whole.is_empty() { "0" } else { whole };
    Some(if part.is_empty() {
        whole.to_owned()
    } else {
        format!("{whole}.{part}")
    })
}

/// What of a moment no field keeps.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LeftOut {
    /// Its time zone.
    Zone,
    /// Its seconds.
    Seconds,
}

/// A day and perhaps a time, as they are kept, and what of the text was left out.
pub(super) struct Moment {
    date: Date,
    time: Option<Time>,
    /// Seconds or a zone, which no field keeps.
    pub(super) left_out: Option<LeftOut>,
}

impl Moment {
    /// As a date field keeps it; `None` where that would lose a time.
    pub(super) fn day(&self) -> Option<String> {
        self.time
            .is_none_or(|time| time == Time::MIDNIGHT)
            .then(|| self.date.to_string())
    }

    /// As a field of date and time keeps it.
    pub(super) fn minute(&self) -> String {
        let time = self.time.unwrap_or(Time::MIDNIGHT);
        format!("{} {:02}:{:02}", self.date, time.hour(), time.minute())
    }
}

/// Reads a day: `2026-05-31`, `31.05.2026`, and with slashes where only one order makes sense; perhaps a time
/// behind it.
pub(super) fn moment(text: &str) -> Option<Moment> {
    let text = text.trim();
    let (day, time) = match text.find(['T', ' ']) {
        Some(at) => (&text[..at], Some(text[at + 1..].trim())),
        None => (text, None),
    };
    let date = self::day(day)?;
    let Some(time) = time.filter(|time| !time.is_empty()) else {
        return Some(Moment {
            date,
            time: None,
            left_out: None,
        });
    };
    let (time, zone) = without_zone(time);
    let (time, seconds) = self::time(time)?;
    let left_out = match (zone, seconds) {
        (true, _) => Some(LeftOut::Zone),
        (false, true) => Some(LeftOut::Seconds),
        (false, false) => None,
    };
    Some(Moment {
        date,
        time: Some(time),
        left_out,
    })
}

/// Puts three numbers as they are written into year, month, day.
type Order = fn(u16, u16, u16) -> Option<(u16, u16, u16)>;

fn day(text: &str) -> Option<Date> {
    let (sign, order): (char, Order) = if text.contains('-') {
        ('-', |year, month, day| Some((year, month, day)))
    } else if text.contains('.') {
        ('.', |day, month, year| Some((year, month, day)))
    } else {
        // Month first here, day first there: only where one of the two cannot be.
        ('/', |a, b, year| match (a, b) {
            (1000.., _) => Some((a, b, year)),
            _ if a == b || (b > 12 && a <= 12) => Some((year, a, b)),
            _ if a > 12 && b <= 12 => Some((year, b, a)),
            _ => None,
        })
    };
    let mut parts = text.split(sign);
    let mut part = || {
        let part = parts.next()?;
        let fits = (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        fits.then(|| part.parse::<u16>().ok()).flatten()
    };
    let (a, b, c) = (part()?, part()?, part()?);
    if parts.next().is_some() {
        return None;
    }
    let (year, month, day) = order(a, b, c)?;
    // Two digits of a year could be of any century.
    if year < 1000 {
        return None;
    }
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    Date::from_calendar_date(year.into(), month, u8::try_from(day).ok()?).ok()
}

/// The time without what says its zone, and whether something did.
fn without_zone(text: &str) -> (&str, bool) {
    if let Some(time) = text.strip_suffix(['Z', 'z']) {
        return (time.trim_end(), true);
    }
    match text.rfind(['+', '-']) {
        Some(at) if text[at + 1..].bytes().all(|byte| byte.is_ascii_digit() || byte == b':') => {
            (text[..at].trim_end(), true)
        }
        Some(_) | None => (text, false),
    }
}

/// The time, and whether it has seconds that are not none.
fn time(text: &str) -> Option<(Time, bool)> {
    let lower = text.to_lowercase();
    let (clock, half) = match (lower.strip_suffix("am"), lower.strip_suffix("pm")) {
        (Some(clock), _) => (clock.trim_end(), Some(0)),
        (_, Some(clock)) => (clock.trim_end(), Some(12)),
        (None, None) => (lower.as_str(), None),
    };
    let mut parts = clock.split(':');
    let mut number = || {
        let part = parts.next()?;
        let fits = (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        fits.then(|| part.parse::<u8>().ok()).flatten()
    };
    let (mut hour, minute) = (number()?, number()?);
    let seconds = match clock.splitn(3, ':').nth(2) {
        None => false,
        Some(seconds) => {
            let (whole, part) = seconds.split_once(['.', ',']).unwrap_or((seconds, ""));
            let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
            if whole.len() != 2 || !digits(whole) || !digits(part) || whole.parse::<u8>().ok()? > 59 {
                return None;
            }
            seconds.bytes().any(|byte| (b'1'..=b'9').contains(&byte))
        }
    };
    if let Some(half) = half {
        if !(1..=12).contains(&hour) {
            return None;
        }
        hour = hour % 12 + half;
    }
    Some((Time::from_hms(hour, minute, 0).ok()?, seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (text, number) in [
            ("12.50", "12.50"),
            ("12,50", "12.50"),
            ("1,234.50", "1234.50"),
            ("1.234,50", "1234.50"),
            ("1,234,567", "1234567"),
            ("1.234.567", "1234567"),
            ("1 234", "1234"),
            ("1\u{a0}234,5", "1234.5"),
            ("−5", "-5"),
            ("+5", "5"),
            (".5", "0.5"),
            ("5.", "5"),
            ("0,125", "0.125"),
            ("1e3", "1000"),
            ("1.5E-2", "0.015"),
            ("007", "007"),
        ] {
            assert_eq!(super::number(text).as_deref(), Some(number), "{text}");
        }
        for text in [
            "",
            "1,234",
            "€ 12.50",
            "12%",
            "1_000",
            "1e99",
            "12a",
            "--5",
            "1,2,3",
            "12 34",
            ".",
            "1.2.3",
            "12345678901234567890123456789012",
            "0.12345678901234567890123456789012",
        ] {
            assert_eq!(super::number(text), None, "{text}");
        }
    }

    #[test]
    fn days_and_times_are_read_as_people_write_them() {
        let minute = |text: &str| moment(text).map(|moment| moment.minute());
        for (text, expected) in [
            ("2026-05-31", "2026-05-31 00:00"),
            ("2026-5-1 9:05", "2026-05-01 09:05"),
            ("2026-05-31T14:30", "2026-05-31 14:30"),
            ("2026-05-31T14:30:00Z", "2026-05-31 14:30"),
            ("2026-05-31 14:30:29.6", "2026-05-31 14:30"),
            ("2026-05-31T14:30:00+02:00", "2026-05-31 14:30"),
            ("31.05.2026 14:30", "2026-05-31 14:30"),
            ("05/31/2026 2:30 PM", "2026-05-31 14:30"),
            ("31/05/2026 12:00 am", "2026-05-31 00:00"),
            ("2026/05/31", "2026-05-31 00:00"),
        ] {
            assert_eq!(minute(text).as_deref(), Some(expected), "{text}");
        }
        for text in [
            "05/06/2026",
            "2026-02-29",
            "-2026-05-31",
            "2026-05-31 24:00",
            "31.05.26",
            "",
            "2026-05-31 13:00 pm",
            "2026-05-31T14",
            "tomorrow",
        ] {
            assert_eq!(minute(text), None, "{text}");
        }
        assert_eq!(
            moment("2026-05-31 14:30").and_then(|moment| moment.day()),
            None,
            "a time would be lost"
        );
        assert_eq!(
            moment("2026-05-31 14:30:29").and_then(|moment| moment.left_out),
            Some(LeftOut::Seconds)
        );
    }
}
