//! Days and times of day as their reader writes them.

use baton_locales::t;
use baton_protocol::calendar::{Day, is_valid_day, written};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Part {
    Year,
    Month,
    Day,
}

/// How somebody writes days and times of day.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct DateNotation {
    order: [Part; 3],
    /// What stands behind each part.
    behind: [String; 3],
    /// What stands between the hour and the minute.
    time_sign: String,
    /// Whether the hours are counted to twelve, twice.
    twice_twelve: bool,
}

impl DateNotation {
    /// What examples of the 24th of November 2026 and of half past two in the afternoon say about it. Without one it is as
    /// dates are stored.
    pub(super) fn from_examples(day: &str, time: &str) -> Self {
        let twice_twelve = time.contains('2') && !time.contains("14");
        let digits = |c: char| c.is_ascii_digit();
        let between = time
            .split_once("30")
            .map(|(before, _)| before.trim_start_matches(|c| !digits(c)));
        let time_sign = match between.map(|before| before.trim_start_matches(digits)) {
            Some(sign) if reads_as_sign(sign) => sign.to_owned(),
            Some(_) | None => ":".to_owned(),
        };
        let (order, behind) = parts_of(day).unwrap_or_else(|| {
            let dash = || "-".to_owned();
            ([Part::Year, Part::Month, Part::Day], [dash(), dash(), String::new()])
        });
        Self {
            order,
            behind,
            time_sign,
            twice_twelve,
        }
    }

    /// A stored day as its reader writes it. What is no day stays as it is.
    pub(crate) fn day(&self, stored: &str) -> String {
        stored_day(stored).map_or_else(|| stored.to_owned(), |day| self.write_day(day))
    }

    /// A stored moment, a day and a time of day, as its reader writes it. What is none stays as it is.
    pub(crate) fn moment(&self, stored: &str) -> String {
        let moment = stored.split_once(' ').and_then(|(day, time)| {
            let day = stored_day(day)?;
            Some(format!("{} {}", self.write_day(day), self.time(time)?))
        });
        moment.unwrap_or_else(|| stored.to_owned())
    }

    /// A stored time of day, `14:30`, as its reader writes it.
    pub(crate) fn time(&self, stored: &str) -> Option<String> {
        let (hour, minute) = clock(stored)?;
        let sign = &self.time_sign;
        if !self.twice_twelve {
            return Some(format!("{hour:02}{sign}{minute:02}"));
        }
        let half = if hour < 12 { "AM" } else { "PM" };
        Some(format!("{}{sign}{minute:02} {half}", (hour + 11) % 12 + 1))
    }

    fn write_day(&self, (year, month, day): Day) -> String {
        let part = |part: Part| match part {
            Part::Year => format!("{year:04}"),
            Part::Month => format!("{month:02}"),
            Part::Day => format!("{day:02}"),
        };
        let parts = self.order.iter().zip(&self.behind);
        let text: String = parts.map(|(which, behind)| part(*which) + behind).collect();
        text.trim_end().to_owned()
    }

    /// The day that somebody typed, as it is stored; what is none, or not yet in full, as it was typed.
    pub(crate) fn stored_day(&self, typed: &str) -> String {
        self.typed_day(typed).map_or_else(|| typed.to_owned(), written)
    }

    /// The moment that somebody typed, as it is stored; what is none, or not yet in full, as it was typed.
    pub(crate) fn stored_moment(&self, typed: &str) -> String {
        let moment = day_and_time(typed)
            .and_then(|(day, (hour, minute))| Some(format!("{} {hour:02}:{minute:02}", written(self.typed_day(day)?))));
        moment.unwrap_or_else(|| typed.to_owned())
    }

    /// The day that somebody who typed this, and is done, means: it may be a word, or leave out the year or its century.
    pub(crate) fn meant(&self, typed: &str, today: Day) -> String {
        self.meant_day(typed, today).unwrap_or_else(|| typed.to_owned())
    }

    /// The same with a time of day behind it.
    pub(crate) fn meant_moment(&self, typed: &str, today: Day) -> String {
        let moment = day_and_time(typed)
            .and_then(|(day, (hour, minute))| Some(format!("{} {hour:02}:{minute:02}", self.meant_day(day, today)?)));
        moment.unwrap_or_else(|| typed.to_owned())
    }

    fn meant_day(&self, typed: &str, today: Day) -> Option<String> {
        let word = typed.trim().to_lowercase();
        let is = |words: [&str; 2]| words.iter().any(|known| known.to_lowercase() == word);
        let days = if is(["yesterday", t::dates::yesterday()]) {
            Some(-1)
        } else if is(["today", t::dates::today()]) {
            Some(0)
        } else {
            is(["tomorrow", t::dates::tomorrow()]).then_some(1)
        };
        if let Some(days) = days {
            return baton_protocol::calendar::days_later(today, days).map(written);
        }
        if let Some(day) = self.typed_day(typed) {
            return Some(written(day));
        }
        let order: Vec<Part> = self.order.into_iter().filter(|part| *part != Part::Year).collect();
        let groups = self.groups(typed)?;
        let of = |wanted: Part, groups: &[&str]| {
            let place = order.iter().position(|part| *part == wanted)?;
            short(groups.get(place)?)
        };
        let (year, two) = match (groups.as_slice(), self.order[0]) {
            (two @ [_, _], _) => (today.0, two),
            // The year leads, and its century is left out.
            ([year, two @ ..], Part::Year) if two.len() == 2 => (century(short(year)?, today), two),
            ([two @ .., year], _) if two.len() == 2 && year.len() == 2 => (century(short(year)?, today), two),
            _ => return None,
        };
        let day = (year, of(Part::Month, two)?, of(Part::Day, two)?);
        is_valid_day(day).then(|| written(day))
    }

    /// The digits of a day that was typed; nothing where it says anything else.
    fn groups<'a>(&self, typed: &'a str) -> Option<Vec<&'a str>> {
        let is_sign = |c: char| matches!(c, '.' | '/' | '-' | '–' | ',') || c.is_whitespace();
        let end = typed.rfind(|c: char| c.is_ascii_digit())? + 1;
        let (digits, behind) = typed.split_at(end);
        if !behind.chars().all(is_sign) && behind.trim() != self.behind[2].trim() {
            return None;
        }
        if digits.contains(|c: char| !c.is_ascii_digit() && !is_sign(c)) {
            return None;
        }
        Some(digits.split(is_sign).filter(|group| !group.is_empty()).collect())
    }

    /// A day in full: with a year of four digits, which may lead whatever the notation is.
    fn typed_day(&self, typed: &str) -> Option<Day> {
        let groups: [&str; 3] = self.groups(typed)?.try_into().ok()?;
        let order = if groups[0].len() == 4 {
            [Part::Year, Part::Month, Part::Day]
        } else {
            self.order
        };
        let of = |wanted: Part| {
            let place = order.iter().position(|part| *part == wanted)?;
            Some(groups[place])
        };
        let year = of(Part::Year).filter(|year| year.len() == 4)?.parse().ok()?;
        let day = (year, short(of(Part::Month)?)?, short(of(Part::Day)?)?);
        (day.0 > 0 && is_valid_day(day)).then_some(day)
    }
}

/// The parts of the example, and what stands behind each.
fn parts_of(example: &str) -> Option<([Part; 3], [String; 3])> {
    let direction = |c: char| matches!(c, '\u{200e}' | '\u{200f}');
    let example: String = example.chars().filter(|c| !direction(*c)).collect();
    let mut found = Vec::new();
    let mut rest = example.as_str();
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let part = match &rest[..digits] {
            "2026" => Part::Year,
            "11" => Part::Month,
            "24" => Part::Day,
            _ => return None,
        };
        rest = &rest[digits..];
        let behind = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        found.push((part, rest[..behind].to_owned()));
        rest = &rest[behind..];
    }
    let [(first, a), (second, b), (third, c)] = <[_; 3]>::try_from(found).ok()?;
    let order = [first, second, third];
    let all = [Part::Year, Part::Month, Part::Day]
        .iter()
        .all(|part| order.contains(part));
    all.then_some((order, [a, b, c]))
}

/// A month or a day: one digit or two.
fn short(group: &str) -> Option<u8> {
    (group.len() <= 2).then(|| group.parse().ok()).flatten()
}

/// The last year that ends so and is at most twenty years ahead.
fn century(short: u8, today: Day) -> i32 {
    let year = today.0.div_euclid(100) * 100 + i32::from(short);
    if year > today.0 + 20 { year - 100 } else { year }
}

fn stored_day(text: &str) -> Option<Day> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let fits = parts.next().is_none() && (year.len(), month.len(), day.len()) == (4, 2, 2);
    let day = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    (fits && is_valid_day(day)).then_some(day)
}

/// The day of a stored day or moment.
pub(crate) fn day_of(stored: &str) -> Option<Day> {
    stored_day(stored.split_once(' ').map_or(stored, |(day, _)| day))
}

/// The time of day of a stored moment.
pub(crate) fn time_of(stored: &str) -> Option<String> {
    let (day, time) = stored.split_once(' ')?;
    stored_day(day).and_then(|_| stored_time(time))
}

/// The time of day that somebody typed, as it is stored: `14:30`.
pub(crate) fn stored_time(typed: &str) -> Option<String> {
    clock(typed).map(|(hour, minute)| format!("{hour:02}:{minute:02}"))
}

/// A day that was typed, and the time of day behind it.
fn day_and_time(typed: &str) -> Option<(&str, (u8, u8))> {
    let (day, time) = time_at_end(typed)?;
    let bare = day.trim_end_matches(|c: char| c == ',' || c == 'T' || c.is_whitespace());
    (bare.len() < day.len()).then_some((bare, time))
}

/// The hour and the minute of `14:30` or `2:30 pm`.
fn clock(text: &str) -> Option<(u8, u8)> {
    time_at_end(text.trim()).and_then(|(before, time)| before.is_empty().then_some(time))
}

/// The time of day at the end of a text, and what is before it.
fn time_at_end(text: &str) -> Option<(&str, (u8, u8))> {
    let text = text.trim_end();
    let half_of = |half: &str| {
        let place = text.len().checked_sub(half.len())?;
        let fits = text.get(place..)?.eq_ignore_ascii_case(half);
        fits.then(|| text[..place].trim_end())
    };
    let (text, afternoon) = if let Some(before) = half_of("am").or_else(|| half_of("a.m.")) {
        (before, Some(false))
    } else if let Some(before) = half_of("pm").or_else(|| half_of("p.m.")) {
        (before, Some(true))
    } else {
        (text, None)
    };
    let (text, minute) = digits_at_end(text).filter(|(_, minute)| minute.len() == 2)?;
    let before = text.trim_end();
    let before = before.strip_suffix([':', '.', 'h', 'H'])?.trim_end();
    let (before, hour) = digits_at_end(before)?;
    let (hour, minute) = (short(hour)?, short(minute)?);
    let hour = match afternoon {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(afternoon) => hour % 12 + if afternoon { 12 } else { 0 },
    };
    (hour < 24 && minute < 60).then_some((before, (hour, minute)))
}

/// Whether a time with this between its hour and its minute is read again.
fn reads_as_sign(sign: &str) -> bool {
    matches!(sign.trim(), ":" | "." | "h" | "H")
}

fn digits_at_end(text: &str) -> Option<(&str, &str)> {
    let before = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = &text[before.len()..];
    (!digits.is_empty()).then_some((before, digits))
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TODAY: Day = (2026, 11, 30);

    fn german() -> DateNotation {
        DateNotation::from_examples("24.11.2026", "14:30")
    }

    fn american() -> DateNotation {
        DateNotation::from_examples("11/24/2026", "2:30 PM")
    }

    fn plain() -> DateNotation {
        DateNotation::from_examples("", "")
    }

    #[test]
    fn a_date_is_read_as_its_reader_writes_it() {
        assert_eq!(german().day("2026-05-31"), "31.05.2026");
        assert_eq!(american().day("2026-05-31"), "05/31/2026");
        assert_eq!(plain().day("2026-05-31"), "2026-05-31");
        assert_eq!(
            DateNotation::from_examples("2026. 11. 24.", "").day("2026-05-31"),
            "2026. 05. 31."
        );
        assert_eq!(
            DateNotation::from_examples("24.11.2026 г.", "").day("2026-05-31"),
            "31.05.2026 г."
        );
        assert_eq!(
            DateNotation::from_examples("24\u{200f}/11\u{200f}/2026", "").day("2026-05-31"),
            "31/05/2026"
        );
        assert_eq!(german().moment("2026-05-31 14:30"), "31.05.2026 14:30");
        assert_eq!(american().moment("2026-05-31 14:30"), "05/31/2026 2:30 PM");
        assert_eq!(american().moment("2026-05-31 00:05"), "05/31/2026 12:05 AM");
        assert_eq!(
            DateNotation::from_examples("24.11.2026", "14.30")
                .time("09:05")
                .as_deref(),
            Some("09.05")
        );
        assert_eq!(
            DateNotation::from_examples("2026-11-24", "14 h 30")
                .time("09:05")
                .as_deref(),
            Some("09 h 05")
        );
        assert_eq!(day_of("2026-05-31 14:30"), Some((2026, 5, 31)));
        assert_eq!(time_of("2026-05-31 14:30").as_deref(), Some("14:30"));
        assert_eq!(
            (
                day_of("31.05.2026 14.30"),
                time_of("31.05.2026 14.30"),
                time_of("2026-05-31")
            ),
            (None, None, None)
        );
        for none in ["", "31.5.", "2026-02-30", "2026-5-1", "soon"] {
            assert_eq!(german().day(none), none);
            assert_eq!(german().moment(none), none);
        }
        // Another calendar, or other digits than ours: as it is stored.
        for strange in ["24/11/2569", "٢٤‏/١١‏/٢٠٢٦", "24/24/2026", "24 Nov 2026"] {
            assert_eq!(
                DateNotation::from_examples(strange, "").day("2026-05-31"),
                "2026-05-31",
                "{strange}"
            );
        }
    }

    #[test]
    fn a_date_is_stored_the_same_whoever_typed_it() {
        for (typed, stored) in [
            ("31.05.2026", "2026-05-31"),
            ("31.5.2026", "2026-05-31"),
            (" 1/2/2026 ", "2026-02-01"),
            ("2026-05-31", "2026-05-31"),
            ("2026.5.31", "2026-05-31"),
            // Not yet, or not at all, a date.
            ("31.05.202", "31.05.202"),
            ("31.05.26", "31.05.26"),
            ("31.13.2026", "31.13.2026"),
            ("30.02.2026", "30.02.2026"),
            ("31.05.", "31.05."),
            ("0.5.2026", "0.5.2026"),
            ("31. Mai 2026", "31. Mai 2026"),
            ("31.5.2026 or later", "31.5.2026 or later"),
            ("", ""),
        ] {
            assert_eq!(german().stored_day(typed), stored, "{typed}");
        }
        assert_eq!(american().stored_day("5/31/2026"), "2026-05-31");
        assert_eq!(stored_time("2:05 pm").as_deref(), Some("14:05"));
        assert_eq!(stored_time("25:00"), None);
        assert_eq!(american().stored_day("31.5.2026"), "31.5.2026", "nobody guesses");
        for (typed, stored) in [
            ("31.5.2026 14:30", "2026-05-31 14:30"),
            ("31.5.2026, 9:05", "2026-05-31 09:05"),
            ("2026-05-31T14:30", "2026-05-31 14:30"),
            ("31.5.2026 2:30 pm", "2026-05-31 14:30"),
            ("31.5.2026 12:30 a.m.", "2026-05-31 00:30"),
            ("31.5.2026 14:3", "31.5.2026 14:3"),
            ("31.5.2026 24:00", "31.5.2026 24:00"),
            ("31.5.2026 14:30 pm", "31.5.2026 14:30 pm"),
            ("31.5.2026 PM 2:30", "31.5.2026 PM 2:30"),
            ("31.5.2026 14.30", "2026-05-31 14:30"),
            ("31.5.2026 14 h 30", "2026-05-31 14:30"),
            ("31.5.202614:30", "31.5.202614:30"),
            ("31.5.2026", "31.5.2026"),
            ("14:30", "14:30"),
        ] {
            assert_eq!(german().stored_moment(typed), stored, "{typed}");
        }
    }

    #[test]
    fn whoever_is_done_may_leave_out_what_goes_without_saying() {
        for (typed, meant) in [
            ("31.5.", "2026-05-31"),
            ("31.5", "2026-05-31"),
            ("31.5.27", "2027-05-31"),
            ("31.5.47", "1947-05-31"),
            ("today", "2026-11-30"),
            ("Tomorrow", "2026-12-01"),
            ("yesterday", "2026-11-29"),
            ("31.5.2026", "2026-05-31"),
            ("29.2.", "29.2."),
            ("5", "5"),
            ("31.5.7", "31.5.7"),
            ("1.2. 9:15", "1.2. 9:15"),
            ("31.5. or later", "31.5. or later"),
            ("soon", "soon"),
            ("", ""),
        ] {
            assert_eq!(german().meant(typed, TODAY), meant, "{typed}");
        }
        for (typed, meant) in [
            ("1.2. 9:15", "2026-02-01 09:15"),
            ("1.2. 9.15", "2026-02-01 09:15"),
            ("tomorrow 9:15 pm", "2026-12-01 21:15"),
            ("tomorrow", "tomorrow"),
            ("31.5.2026", "31.5.2026"),
            ("31.5.26", "31.5.26"),
            ("9:15", "9:15"),
        ] {
            assert_eq!(german().meant_moment(typed, TODAY), meant, "{typed}");
        }
        assert_eq!(american().meant("5/31", TODAY), "2026-05-31");
        assert_eq!(plain().meant("5-31", TODAY), "2026-05-31");
        assert_eq!(plain().meant("27-5-31", TODAY), "2027-05-31");
    }

    proptest! {
        #[test]
        fn what_is_read_and_typed_again_is_what_was_stored(
            year in 1_i32..=9999, month in 1_u8..=12, day in 1_u8..=28, hour in 0_u8..24, minute in 0_u8..60,
        ) {
            let stored = written((year, month, day));
            let moment = format!("{stored} {hour:02}:{minute:02}");
            for notation in [german(), american(), plain(), DateNotation::from_examples("2026. 11. 24.", "PM 2:30"), DateNotation::from_examples("24.11.2026 г.", "14.30")] {
                prop_assert_eq!(notation.stored_day(&notation.day(&stored)), stored.as_str());
                prop_assert_eq!(notation.stored_moment(&notation.moment(&moment)), moment.as_str());
                prop_assert_eq!(notation.meant(&notation.day(&stored), TODAY), stored.as_str());
                prop_assert_eq!(notation.meant_moment(&notation.moment(&moment), TODAY), moment.as_str());
            }
        }

        #[test]
        fn no_text_is_stored_as_another_date_than_it_says(typed in "[0-9./: -]{0,20}|\\PC{0,20}") {
            let stored = german().stored_day(&typed);
            prop_assert!(stored == typed || german().typed_day(&typed).is_some());
            german().meant(&typed, TODAY);
            german().meant_moment(&typed, TODAY);
            german().stored_moment(&typed);
            german().moment(&typed);
        }
    }
}
