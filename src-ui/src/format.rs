//! Dates, values and counts as a person reads them.

use baton_locales::t;
use baton_protocol::calendar::{Day, YearMonth, is_valid_day};
use baton_protocol::entity::Entity;
use baton_protocol::field::{Field, FieldType, Value};
use baton_protocol::id::Ticket;
use baton_protocol::list::COUNT_LIMIT;
use baton_protocol::time::Timestamp;

use crate::{notation, words};

/// The months by their names.
fn months() -> [&'static str; 12] {
    [
        t::dates::january(),
        t::dates::february(),
        t::dates::march(),
        t::dates::april(),
        t::dates::may(),
        t::dates::june(),
        t::dates::july(),
        t::dates::august(),
        t::dates::september(),
        t::dates::october(),
        t::dates::november(),
        t::dates::december(),
    ]
}

/// The months where there is little room.
fn short_months() -> [&'static str; 12] {
    [
        t::dates::jan(),
        t::dates::feb(),
        t::dates::mar(),
        t::dates::apr(),
        t::dates::may_short(),
        t::dates::jun(),
        t::dates::jul(),
        t::dates::aug(),
        t::dates::sep(),
        t::dates::oct(),
        t::dates::nov(),
        t::dates::dec(),
    ]
}

/// The days of a week, in the order in which calendars show them here.
pub(crate) fn weekdays() -> [&'static str; 7] {
    notation::first_day().ordered([
        t::dates::monday(),
        t::dates::tuesday(),
        t::dates::wednesday(),
        t::dates::thursday(),
        t::dates::friday(),
        t::dates::saturday(),
        t::dates::sunday(),
    ])
}

/// The same where there is little room.
pub(crate) fn short_weekdays() -> [&'static str; 7] {
    notation::first_day().ordered(short_from_monday())
}

fn short_from_monday() -> [&'static str; 7] {
    [
        t::dates::mon(),
        t::dates::tue(),
        t::dates::wed(),
        t::dates::thu(),
        t::dates::fri(),
        t::dates::sat(),
        t::dates::sun(),
    ]
}

/// "November 2026".
pub(crate) fn month((year, month): YearMonth) -> String {
    let name = months()[usize::from(month).saturating_sub(1).min(11)];
    t::dates::month_of_year(name, year.to_string())
}

/// "24 Nov, 19:05", with the year if it is not this one, in the computer's own time zone.
pub(crate) fn moment(at: Timestamp) -> String {
    t::dates::day_and_time(short_day(&date(at)), time(at))
}

/// "19:05", in the computer's own time zone.
pub(crate) fn time(at: Timestamp) -> String {
    let date = date(at);
    let stored = format!("{:02}:{:02}", date.get_hours(), date.get_minutes());
    notation::of_dates().time(&stored).unwrap_or(stored)
}

/// "24 Nov", with the year if it is not this one.
fn short_day(date: &js_sys::Date) -> String {
    let month = short_months()[(date.get_month() as usize).min(11)];
    let year = date.get_full_year();
    if year == js_sys::Date::new_0().get_full_year() {
        t::dates::day_of_month(date.get_date(), month)
    } else {
        t::dates::day_of_month_and_year(date.get_date(), month, year.to_string())
    }
}

/// "Today", "Yesterday" or "Thu, 27 Nov", with the year if it is not this one.
pub(crate) fn day(at: Timestamp) -> String {
    let (day, today) = (date(at), js_sys::Date::new_0());
    let yesterday = js_sys::Date::new(&(js_sys::Date::now() - 24.0 * 3600.0 * 1000.0).into());
    let is = |other: &js_sys::Date| day.to_date_string() == other.to_date_string();
    if is(&today) {
        return t::dates::today().into();
    }
    if is(&yesterday) {
        return t::dates::yesterday().into();
    }
    // JavaScript's weeks begin on Sunday.
    let weekday = short_from_monday()[(day.get_day() as usize + 6) % 7];
    t::dates::weekday_and_day(weekday, short_day(&day))
}

fn date(at: Timestamp) -> js_sys::Date {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds fit a double for 200,000 years")]
    let milliseconds = at.0 as f64;
    js_sys::Date::new(&milliseconds.into())
}

/// The day that it is on this computer.
pub(crate) fn today() -> Day {
    let now = js_sys::Date::new_0();
    let number = |part: u32| u8::try_from(part).unwrap_or(1);
    let year = i32::try_from(now.get_full_year()).unwrap_or_default();
    (year, number(now.get_month() + 1), number(now.get_date()))
}

/// When a day begins on this computer.
pub(crate) fn day_begins((year, month, day): Day) -> Timestamp {
    let year = u32::try_from(year).unwrap_or_default();
    let date = js_sys::Date::new_with_year_month_day(year, i32::from(month) - 1, i32::from(day));
    #[expect(
        clippy::cast_possible_truncation,
        reason = "milliseconds of a year that a person sees"
    )]
    let at = date.get_time() as i64;
    Timestamp(at)
}

/// The moment that somebody means by "2026-05-31" or "2026-05-31 14:30", in the computer's own time zone: the
/// first one of that day or minute, or the last. Nothing for a text that is none.
pub(crate) fn moment_typed(text: &str, last: bool) -> Option<Timestamp> {
    let (day, time) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
    let mut day = day.splitn(3, '-');
    let mut number = || day.next()?.parse::<u32>().ok();
    let (year, month, day) = (number()?, number()?, number()?);
    let clock = match time.trim().split_once(':') {
        Some((hour, minute)) => Some((hour.parse::<i32>().ok()?, minute.parse::<i32>().ok()?)),
        None if time.trim().is_empty() => None,
        None => return None,
    };
    let is_day = match (i32::try_from(year), u8::try_from(month), u8::try_from(day)) {
        (Ok(year), Ok(month), Ok(day)) => is_valid_day((year, month, day)),
        _ => false,
    };
    let fits = (1970..9999).contains(&year)
        && is_day
        && clock.is_none_or(|(hour, minute)| (0..24).contains(&hour) && (0..60).contains(&minute));
    if !fits {
        return None;
    }
    let (hour, minute) = clock.unwrap_or(if last { (23, 59) } else { (0, 0) });
    let (second, milli) = if last { (59, 999) } else { (0, 0) };
    let (month, day) = (i32::try_from(month).ok()? - 1, i32::try_from(day).ok()?);
    let date = js_sys::Date::new_with_year_month_day_hr_min_sec_milli(year, month, day, hour, minute, second, milli);
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds of a year before 9999")]
    let at = date.get_time() as i64;
    Some(Timestamp(at))
}

/// The class of an editor's colour: who came one after the other have different ones.
pub(crate) fn hue(ticket: Ticket) -> &'static str {
    const HUES: [&str; 8] = [
        "baton-hue-0",
        "baton-hue-1",
        "baton-hue-2",
        "baton-hue-3",
        "baton-hue-4",
        "baton-hue-5",
        "baton-hue-6",
        "baton-hue-7",
    ];
    let number = usize::try_from(ticket.0 % HUES.len() as u64).unwrap_or_default();
    HUES[number]
}

/// How many records a list has; where it is narrowed down, many are not counted to their end.
pub(crate) fn found(total: u64, narrowed: bool) -> String {
    match total {
        many if many > COUNT_LIMIT && narrowed => t::common::more_than_records(COUNT_LIMIT),
        total => t::common::records(total),
    }
}

/// "12 s", "3 min", "2 h", "4 days".
pub(crate) fn span(seconds: u64) -> String {
    match seconds {
        0..60 => t::dates::seconds(seconds),
        60..3600 => t::dates::minutes(seconds / 60),
        3600..86400 => t::dates::hours(seconds / 3600),
        _ => t::dates::days(seconds / 86400),
    }
}

/// The name of an entity's icon.
pub(crate) fn icon_of(entity: &Entity) -> &str {
    match entity.icon.as_str() {
        "" => "box",
        icon => icon,
    }
}

/// A value in a list's cell.
pub(crate) fn cell(field: &Field, value: Option<&Value>) -> String {
    match (field.field_type, value) {
        (FieldType::Boolean, Some(Value::Bool(true))) => t::common::yes().into(),
        (FieldType::Boolean, Some(Value::Bool(false))) => t::common::no().into(),
        (_, Some(value @ (Value::Text(_) | Value::List(_)))) => words::value(Some(field), value),
        (_, Some(Value::Empty | Value::Bool(_)) | None) => String::new(),
    }
}

/// The title of a record, or what stands for one where it has none.
pub(crate) fn title(title: &str) -> &str {
    match title.trim() {
        "" => t::common::untitled(),
        title => title,
    }
}

/// "S" and "SB" for the round badge of a person.
pub(crate) fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().next());
    let first = words.next().unwrap_or('?');
    words
        .next_back()
        .into_iter()
        .fold(first.to_uppercase().to_string(), |text, last| {
            text + &last.to_uppercase().to_string()
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_come_from_the_first_and_the_last_name() {
        assert_eq!(initials("Anna"), "A");
        assert_eq!(initials("Ben van der Berg"), "BB");
        assert_eq!(initials(" "), "?");
        assert_eq!(initials("élodie"), "É");
    }
}
