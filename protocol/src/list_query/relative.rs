//! Filters that mean something else each day and for each person: “within the last 7 days”, “is me”.
//!
//! A list keeps them as they are; whoever shows it resolves them, by the reader's own calendar, before a server is asked.

use time::{Date, Duration, Month};

use super::{Filter, ListQuery};
use crate::calendar::{Day, FirstDay, date_of, day_of, written};
use crate::field::{Operator, Value};
use crate::time::Timestamp;
use crate::values::{CREATED_AT, UPDATED_AT};

/// A span of days around today.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Span {
    /// This day.
    Today,
    /// The day before.
    Yesterday,
    /// The week of this day, by its reader's calendar.
    ThisWeek,
    /// The month of this day.
    ThisMonth,
    /// The year of this day.
    ThisYear,
    /// This day and the six before it.
    Last7Days,
    /// This day and the 29 before it.
    Last30Days,
    /// This day and the six after it.
    Next7Days,
    /// This day and the 29 after it.
    Next30Days,
    /// Every day before this one.
    Past,
    /// Every day after this one.
    Future,
}

impl Span {
    /// All of them, in the order in which a person is offered them.
    pub const ALL: [Self; 11] = [
        Self::Today,
        Self::Yesterday,
        Self::ThisWeek,
        Self::ThisMonth,
        Self::ThisYear,
        Self::Last7Days,
        Self::Last30Days,
        Self::Next7Days,
        Self::Next30Days,
        Self::Past,
        Self::Future,
    ];

    /// Its id, as a filter has it for its value.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Today => "today",
            Self::Yesterday => "yesterday",
            Self::ThisWeek => "this_week",
            Self::ThisMonth => "this_month",
            Self::ThisYear => "this_year",
            Self::Last7Days => "last_7_days",
            Self::Last30Days => "last_30_days",
            Self::Next7Days => "next_7_days",
            Self::Next30Days => "next_30_days",
            Self::Past => "past",
            Self::Future => "future",
        }
    }

    /// The span of this id.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|span| span.id() == id)
    }

    /// Its first and its last day; `None` where it has none.
    fn days(self, today: Date, first_day: FirstDay) -> (Option<Date>, Option<Date>) {
        let day = |days: i64| today.checked_add(Duration::days(days));
        let of_month = |day: u8| today.replace_day(day).ok();
        let of_year = |month: Month, day: u8| Date::from_calendar_date(today.year(), month, day).ok();
        match self {
            Self::Today => (day(0), day(0)),
            Self::Yesterday => (day(-1), day(-1)),
            Self::ThisWeek => {
                let before = first_day.days_before(today);
                (day(-before), day(6 - before))
            }
            Self::ThisMonth => (of_month(1), of_month(today.month().length(today.year()))),
            Self::ThisYear => (of_year(Month::January, 1), of_year(Month::December, 31)),
            Self::Last7Days => (day(-6), day(0)),
            Self::Last30Days => (day(-29), day(0)),
            Self::Next7Days => (day(0), day(6)),
            Self::Next30Days => (day(0), day(29)),
            Self::Past => (None, day(-1)),
            Self::Future => (day(1), None),
        }
    }
}

/// For whom, and when, relative filters are resolved.
#[derive(Debug)]
pub struct Reader<'a, F> {
    /// Which day it is where they are.
    pub today: Day,
    /// With which day weeks begin where they are.
    pub first_day: FirstDay,
    /// What they are called.
    pub name: &'a str,
    /// When a day begins where they are.
    pub begins: F,
}

impl<F: Fn(Day) -> Timestamp> Reader<'_, F> {
    /// A filter of a span of days, as it is at this moment; nothing for one that holds of nothing.
    fn span(&self, filter: &Filter) -> Option<Filter> {
        let (first, last) = Span::from_id(filter.value.text())?.days(date_of(self.today)?, self.first_day);
        let is_moment = matches!(filter.field.as_str(), CREATED_AT | UPDATED_AT);
        let begins = |date: Date| (self.begins)(day_of(date));
        let first = first.map(|date| {
            if is_moment {
                begins(date).0.to_string()
            } else {
                written(day_of(date))
            }
        });
        let last = last.map(|date| match date.next_day() {
            Some(next) if is_moment => (begins(next).0 - 1).to_string(),
            // After every time of that day.
            Some(_) | None => format!("{} 23:59", written(day_of(date))),
        });
        let (operator, value) = match (first, last) {
            (Some(first), Some(last)) => (Operator::Between, Value::from_items([first, last])),
            (Some(first), None) => (Operator::AtLeast, Value::from_text(first)),
            (None, Some(last)) => (Operator::AtMost, Value::from_text(last)),
            (None, None) => return None,
        };
        let field = filter.field.clone();
        Some(Filter::new(field, operator, value))
    }

    /// The filter without its alternatives, as it is for this reader at this moment.
    fn resolve(&self, filter: &Filter) -> Filter {
        match filter.operator {
            Operator::Within => self.span(filter).unwrap_or_else(|| filter.clone()),
            Operator::Mine => Filter::new(filter.field.clone(), Operator::Is, Value::from_text(self.name)),
            Operator::Contains
            | Operator::Is
            | Operator::IsNot
            | Operator::AtLeast
            | Operator::AtMost
            | Operator::Between
            | Operator::IsEmpty
            | Operator::IsNotEmpty => Filter::new(filter.field.clone(), filter.operator, filter.value.clone()),
        }
    }
}

impl ListQuery {
    /// Whether it means something else each day, or for each person.
    #[must_use]
    pub fn is_relative(&self) -> bool {
        let mut all = self.filters.iter().flat_map(Filter::alternatives);
        all.any(|filter| matches!(filter.operator, Operator::Within | Operator::Mine))
    }

    /// Returns the query as it is for this reader at this moment.
    #[must_use]
    pub fn resolved<F: Fn(Day) -> Timestamp>(&self, reader: &Reader<'_, F>) -> Self {
        let resolve = |filter: &Filter| Filter {
            or: filter.or.iter().map(|filter| reader.resolve(filter)).collect(),
            ..reader.resolve(filter)
        };
        Self {
            filters: self.filters.iter().map(resolve).collect(),
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::{Field, FieldType};
    use crate::list_query::column;
    use proptest::prelude::*;

    const DAY: i64 = 86_400_000;

    fn reader() -> Reader<'static, impl Fn(Day) -> Timestamp> {
        reader_of(FirstDay::MONDAY)
    }

    fn reader_of(first_day: FirstDay) -> Reader<'static, impl Fn(Day) -> Timestamp> {
        let begins = |day: Day| {
            let date = date_of(day).expect("a day");
            Timestamp(i64::from(date.to_julian_day() - 2_440_588) * DAY)
        };
        // A Wednesday.
        Reader {
            today: (2026, 2, 25),
            first_day,
            name: "Anna",
            begins,
        }
    }

    fn within(field: &str, span: &str) -> Filter {
        Filter::new(field, Operator::Within, Value::from_text(span))
    }

    fn resolved(filter: Filter) -> Filter {
        let query = ListQuery {
            filters: vec![filter],
            ..ListQuery::default()
        };
        query.resolved(&reader()).filters.remove(0)
    }

    #[test]
    fn a_week_begins_as_its_readers_weeks_do() {
        for (first_day, span) in [
            (1, ["2026-02-23", "2026-03-01 23:59"]),
            (7, ["2026-02-22", "2026-02-28 23:59"]),
            (6, ["2026-02-21", "2026-02-27 23:59"]),
        ] {
            let query = ListQuery {
                filters: vec![within("due", "this_week")],
                ..ListQuery::default()
            };
            let reader = reader_of(FirstDay::from_iso(first_day).expect("a day"));
            assert_eq!(query.resolved(&reader).filters[0].value, Value::from_items(span));
        }
    }

    #[test]
    fn spans_are_whole_days_of_the_readers_calendar() {
        let days = |span: &str| {
            let filter = resolved(within("day", span));
            let text = filter.value.text().to_owned();
            let known = [
                (Operator::Between, filter.value.items().join(" to ")),
                (Operator::AtLeast, format!("from {text}")),
                (Operator::AtMost, format!("to {text}")),
            ];
            let (_, shown) = known
                .into_iter()
                .find(|(operator, _)| *operator == filter.operator)
                .expect("resolved");
            shown
        };
        assert_eq!(days("today"), "2026-02-25 to 2026-02-25 23:59");
        assert_eq!(days("this_week"), "2026-02-23 to 2026-03-01 23:59");
        assert_eq!(days("this_month"), "2026-02-01 to 2026-02-28 23:59");
        assert_eq!(days("this_year"), "2026-01-01 to 2026-12-31 23:59");
        assert_eq!(days("last_7_days"), "2026-02-19 to 2026-02-25 23:59");
        assert_eq!(days("next_30_days"), "2026-02-25 to 2026-03-26 23:59");
        assert_eq!(days("past"), "to 2026-02-24 23:59");
        assert_eq!(days("future"), "from 2026-02-26");
    }

    #[test]
    fn me_is_the_readers_name_also_among_alternatives() {
        let filter = Filter {
            or: vec![Filter::new("updated_by", Operator::Mine, Value::Empty)],
            ..Filter::new("created_by", Operator::Mine, Value::Empty)
        };
        let filter = resolved(filter);
        assert_eq!((filter.operator, filter.value.text()), (Operator::Is, "Anna"));
        assert_eq!(
            (filter.or[0].operator, filter.or[0].value.text()),
            (Operator::Is, "Anna")
        );
    }

    proptest! {
        /// A day is within a span if it is one of its days: days, days with a time, and moments of the clock alike.
        #[test]
        fn what_is_within_a_span_is_so_in_every_kind_of_field(
            span in prop::sample::select(&Span::ALL[..]),
            offset in -400_i64..400,
            minute in 0_i64..1440,
        ) {
            let today = Date::from_calendar_date(2026, Month::February, 25).expect("a day");
            let date = today + Duration::days(offset);
            let (first, last) = span.days(today, FirstDay::MONDAY);
            let is_within = first.is_none_or(|first| date >= first) && last.is_none_or(|last| date <= last);
            let (hour, minute) = (minute / 60, minute % 60);
            let time = format!("{} {hour:02}:{minute:02}", written(day_of(date)));
            let at = (i64::from(date.to_julian_day() - 2_440_588) * 24 + hour) * 3_600_000 + minute * 60_000;
            for (field, value) in [
                (Field::new("day", "Day", FieldType::Date), written(day_of(date))),
                (Field::new("time", "Time", FieldType::DateTime), time),
            ] {
                let filter = resolved(within(&field.name, span.id()));
                let key = field.key(&Value::from_text(value));
                prop_assert_eq!(filter.holds(&field, key.as_deref()), is_within);
            }
            let entity = crate::entity::Entity::unsaved(crate::id::EntityId(uuid::Uuid::nil()));
            let field = column(&entity, CREATED_AT).expect("a column");
            let filter = resolved(within(CREATED_AT, span.id()));
            let key = crate::list_query::whole_key(at);
            prop_assert_eq!(filter.holds(&field, Some(&key)), is_within);
        }
    }
}
