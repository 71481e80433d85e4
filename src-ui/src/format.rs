//! Dates, values and counts as a person reads them.

use baton_protocol::calendar::{Day, YearMonth, is_valid_day};
use baton_protocol::entity::Entity;
use baton_protocol::field::{Field, FieldType, Value};
use baton_protocol::id::Ticket;
use baton_protocol::list::COUNT_LIMIT;
use baton_protocol::time::Timestamp;

use crate::words;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The days of a week, as calendars show it.
pub(crate) const WEEKDAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

/// "November 2026".
pub(crate) fn month((year, month): YearMonth) -> String {
    let name = MONTHS
        .get(usize::from(month).saturating_sub(1))
        .copied()
        .unwrap_or_default();
    format!("{name} {year}")
}

/// "24 Nov, 19:05", with the year if it is not this one, in the computer's own time zone.
pub(crate) fn moment(at: Timestamp) -> String {
    let date = date(at);
    let pad = |number: u32| format!("{number:02}");
    let months = MONTHS.map(|name| &name[..3]);
    let month = months.get(date.get_month() as usize).copied().unwrap_or_default();
    let year = date.get_full_year();
    let year = if year == js_sys::Date::new_0().get_full_year() {
        String::new()
    } else {
        format!(" {year}")
    };
    format!(
        "{} {month}{year}, {}:{}",
        date.get_date(),
        pad(date.get_hours()),
        pad(date.get_minutes())
    )
}

/// "19:05", in the computer's own time zone.
pub(crate) fn time(at: Timestamp) -> String {
    let date = date(at);
    format!("{:02}:{:02}", date.get_hours(), date.get_minutes())
}

/// "Today", "Yesterday" or "Thu, 27 Nov", with the year if it is not this one.
pub(crate) fn day(at: Timestamp) -> String {
    let (day, today) = (date(at), js_sys::Date::new_0());
    let yesterday = js_sys::Date::new(&(js_sys::Date::now() - 24.0 * 3600.0 * 1000.0).into());
    let is = |other: &js_sys::Date| day.to_date_string() == other.to_date_string();
    if is(&today) {
        return "Today".into();
    }
    if is(&yesterday) {
        return "Yesterday".into();
    }
    let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
    let weekday = weekdays.get(day.get_day() as usize).copied().unwrap_or_default();
    let moment = moment(at);
    let (day, _) = moment.split_once(',').unwrap_or((&moment, ""));
    format!("{weekday}, {day}")
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

/// "1 record", "12 records".
pub(crate) fn count(number: u64, one: &str, many: &str) -> String {
    match number {
        1 => format!("1 {one}"),
        number => format!("{number} {many}"),
    }
}

/// How many records a list has; where it is narrowed down, many are not counted to their end.
pub(crate) fn found(total: u64, narrowed: bool) -> String {
    match total {
        many if many > COUNT_LIMIT && narrowed => format!("more than {COUNT_LIMIT} records"),
        total => count(total, "record", "records"),
    }
}

/// "12 s", "3 min", "2 h", "4 days".
pub(crate) fn span(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min", seconds / 60),
        3600..86400 => format!("{} h", seconds / 3600),
        _ => count(seconds / 86400, "day", "days"),
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
        (FieldType::Boolean, Some(Value::Flag(true))) => "Yes".into(),
        (FieldType::Boolean, Some(Value::Flag(false))) => "No".into(),
        (_, Some(value @ (Value::Text(_) | Value::List(_)))) => words::value(Some(field), value),
        (_, Some(Value::Empty | Value::Flag(_)) | None) => String::new(),
    }
}

/// The title of a record, or what stands for one where it has none.
pub(crate) fn title(title: &str) -> &str {
    match title.trim() {
        "" => "Untitled",
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
    fn one_is_not_many() {
        assert_eq!(count(1, "record", "records"), "1 record");
        assert_eq!(count(0, "record", "records"), "0 records");
    }

    #[test]
    fn initials_come_from_the_first_and_the_last_name() {
        assert_eq!(initials("Anna"), "A");
        assert_eq!(initials("Ben van der Berg"), "BB");
        assert_eq!(initials(" "), "?");
        assert_eq!(initials("élodie"), "É");
    }
}
