//! Numbers, dates and times as their reader writes them: their system's. What is stored is the same everywhere: `1437.5`,
//! `2026-05-31`, `2026-05-31 14:30`.

mod dates;
#[cfg(target_arch = "wasm32")]
mod examples;
mod numbers;

use baton_protocol::calendar::FirstDay;

pub(crate) use dates::{DateNotation, day_of, stored_time, time_of};
pub(crate) use numbers::NumberNotation;

#[cfg(target_arch = "wasm32")]
thread_local! {
    static NUMBERS: NumberNotation =
        examples::number().map_or(numbers::PLAIN, |example| NumberNotation::from_example(&example));
    static DATES: DateNotation = DateNotation::from_examples(&examples::day(), &examples::time());
    static FIRST_DAY: FirstDay = examples::first_day().unwrap_or(FirstDay::MONDAY);
}

/// How whoever reads this window writes numbers.
#[cfg(target_arch = "wasm32")]
pub(crate) fn of_numbers() -> NumberNotation {
    NUMBERS.with(|notation| *notation)
}

/// How whoever reads this window writes days and times of day.
#[cfg(target_arch = "wasm32")]
pub(crate) fn of_dates() -> DateNotation {
    DATES.with(Clone::clone)
}

/// With which day weeks begin for whoever reads this window.
#[cfg(target_arch = "wasm32")]
pub(crate) fn first_day() -> FirstDay {
    FIRST_DAY.with(|day| *day)
}

/// On the host there is no reader.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn first_day() -> FirstDay {
    FirstDay::MONDAY
}

/// On the host there is no reader.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn of_numbers() -> NumberNotation {
    numbers::PLAIN
}

/// On the host there is no reader.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn of_dates() -> DateNotation {
    DateNotation::from_examples("", "")
}
