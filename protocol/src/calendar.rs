//! Days of the calendar, without a clock or a time zone.

use time::{Date, Duration, Month};

/// A day: year, month from 1, day from 1.
pub type Day = (i32, u8, u8);

/// A month: year, month from 1.
pub type YearMonth = (i32, u8);

/// The day with which weeks begin, which depends on where somebody is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FirstDay {
    after_monday: u8,
}

impl FirstDay {
    /// As ISO 8601 has it.
    pub const MONDAY: Self = Self { after_monday: 0 };

    /// The day with this number in ISO 8601, 1 for Monday to 7 for Sunday; `None` for any other.
    #[must_use]
    pub fn from_iso(number: u8) -> Option<Self> {
        let after_monday = number.checked_sub(1).filter(|&days| days < 7)?;
        Some(Self { after_monday })
    }

    /// What is given from Monday to Sunday, in the order of these weeks.
    #[must_use]
    pub fn ordered<T>(self, mut from_monday: [T; 7]) -> [T; 7] {
        from_monday.rotate_left(usize::from(self.after_monday));
        from_monday
    }

    /// How many days of its week are before a date.
    pub(crate) fn days_before(self, date: Date) -> i64 {
        let after_monday = i64::from(date.weekday().number_days_from_monday());
        (after_monday - i64::from(self.after_monday)).rem_euclid(7)
    }
}

pub(crate) fn date_of((year, month, day): Day) -> Option<Date> {
    Date::from_calendar_date(year, Month::try_from(month).ok()?, day).ok()
}

pub(crate) fn day_of(date: Date) -> Day {
    (date.year(), u8::from(date.month()), date.day())
}

/// Whether there is such a day.
#[must_use]
pub fn is_valid_day(day: Day) -> bool {
    date_of(day).is_some()
}

/// A day as fields of dates hold it: `2026-05-31`.
#[must_use]
pub fn written((year, month, day): Day) -> String {
    format!("{year:04}-{month:02}-{day:02}")
}

/// The day so many days later; nothing where the calendar ends.
#[must_use]
pub fn days_later(day: Day, days: i64) -> Option<Day> {
    date_of(day)?.checked_add(Duration::days(days)).map(day_of)
}

/// The month so many months later.
#[must_use]
pub fn months_later((year, month): YearMonth, months: i32) -> YearMonth {
    let all = year
        .saturating_mul(12)
        .saturating_add(i32::from(month) - 1)
        .saturating_add(months);
    let month = u8::try_from(all.rem_euclid(12)).unwrap_or_default() + 1;
    (all.div_euclid(12), month)
}

/// The weeks that a month has days in; none where the calendar ends.
#[must_use]
pub fn weeks_of((year, month): YearMonth, first_day: FirstDay) -> Vec<[Day; 7]> {
    let Some(first) = date_of((year, month, 1)) else {
        return Vec::new();
    };
    let before = first_day.days_before(first);
    let length = i64::from(first.month().length(year));
    let begins = (0..before + length).step_by(7).map(|days| days - before);
    let week = |begin: i64| {
        let days: Option<Vec<Day>> = (begin..begin + 7)
            .map(|days| first.checked_add(Duration::days(days)).map(day_of))
            .collect();
        days?.try_into().ok()
    };
    begins.map_while(week).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_month_has_the_weeks_that_it_has_days_in() {
        let weeks = weeks_of((2026, 2), FirstDay::MONDAY);
        assert_eq!(weeks.len(), 5, "its first day is a Sunday");
        assert_eq!((weeks[0][0], weeks[0][6]), ((2026, 1, 26), (2026, 2, 1)));
        assert_eq!(weeks[4][6], (2026, 3, 1));
        // Four weeks to the day.
        assert_eq!(weeks_of((2027, 2), FirstDay::MONDAY).len(), 4);
        // Where weeks begin on Sunday.
        let sunday = FirstDay::from_iso(7).expect("a day");
        let weeks = weeks_of((2026, 2), sunday);
        assert_eq!((weeks.len(), weeks[0][0]), (4, (2026, 2, 1)));
        assert_eq!(sunday.ordered([1, 2, 3, 4, 5, 6, 7]), [7, 1, 2, 3, 4, 5, 6]);
        assert_eq!((FirstDay::from_iso(0), FirstDay::from_iso(8)), (None, None));
        assert_eq!(months_later((2026, 11), 3), (2027, 2));
        assert_eq!(months_later((2026, 1), -1), (2025, 12));
    }

    proptest! {
        #[test]
        fn every_day_of_a_month_is_in_its_weeks_once(year in 1900..2200, month in 1_u8..=12, day in 1_u8..=7) {
            let first_day = FirstDay::from_iso(day).expect("a day");
            let weeks = weeks_of((year, month), first_day);
            for week in &weeks {
                prop_assert_eq!(date_of(week[0]).expect("a day").weekday().number_from_monday(), day);
            }
            let own = weeks.iter().flatten().filter(|day| (day.0, day.1) == (year, month));
            let days: Vec<u8> = own.map(|day| day.2).collect();
            prop_assert_eq!(days.len(), usize::from(time::util::days_in_month(Month::try_from(month).expect("one"), year)));
            prop_assert!(days.is_sorted());
            let all: Vec<Day> = weeks.into_iter().flatten().collect();
            for pair in all.windows(2) {
                prop_assert_eq!(days_later(pair[0], 1), Some(pair[1]));
            }
        }
    }
}
