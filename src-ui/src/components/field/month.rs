//! A month to choose a day of, by mouse or by keys.

use baton_locales::t;
use baton_protocol::calendar::{Day, YearMonth, days_later, is_valid_day, months_later, weeks_of, written};
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use crate::{format, notation};

#[derive(Clone, PartialEq, Properties)]
pub(super) struct MonthPickerProps {
    /// The day that is chosen.
    pub(super) chosen: Option<Day>,
    /// The day that it is.
    pub(super) today: Day,
    /// A day is chosen.
    pub(super) on_choice: Callback<Day>,
}

/// The month of the day that is chosen, or of today, and the ways to others. It has the focus once it is there.
#[component]
pub(super) fn MonthPicker(props: &MonthPickerProps) -> Html {
    let MonthPickerProps { chosen, today, .. } = *props;
    // The day that the keys are at.
    let at = use_state_eq(|| chosen.unwrap_or(today));
    let grid = use_node_ref();
    {
        let grid = grid.clone();
        use_effect_with((), move |()| focus_day(&grid));
    }
    let month: YearMonth = (at.0, at.1);
    let onkeydown = {
        let (at, grid) = (at.clone(), grid.clone());
        // The day is drawn before it has the focus.
        let moved = use_mut_ref(|| false);
        {
            let (moved, grid) = (moved.clone(), grid.clone());
            use_effect_with(*at, move |_| {
                if moved.replace(false) {
                    focus_day(&grid);
                }
            });
        }
        Callback::from(move |event: KeyboardEvent| {
            let modified = event.alt_key() || event.ctrl_key() || event.meta_key() || event.shift_key();
            if !modified && let Some(day) = by_key(*at, &event.key()) {
                event.prevent_default();
                event.stop_propagation();
                moved.replace(true);
                at.set(day);
            }
        })
    };
    let choose = {
        let (at, on_choice) = (at.clone(), props.on_choice.clone());
        Callback::from(move |day: Day| {
            at.set(day);
            on_choice.emit(day);
        })
    };
    let day = |day: &Day| {
        let day = *day;
        let class = classes!(
            "baton-picker-day",
            ((day.0, day.1) != month).then_some("baton-quiet"),
            (day == today).then_some("baton-picker-today"),
        );
        let onclick = choose.reform(move |_: MouseEvent| day);
        html! {
            <td role="gridcell" aria-selected={(Some(day) == chosen).to_string()}>
                <button type="button" {class} data-day={written(day)} aria-label={format!("{} {}", day.2, format::month((day.0, day.1)))} tabindex={if day == *at { "0" } else { "-1" }}
                    aria-current={(day == today).then_some("date")} {onclick}>{ day.2 }</button>
            </td>
        }
    };
    let weeks = weeks_of(month, notation::first_day());
    html! {
        <>
            <div class="baton-picker-head">
                { turn(&at, -1, "fas fa-chevron-left", t::field::the_month_before()) }
                <strong aria-live="polite">{ format::month(month) }</strong>
                { turn(&at, 1, "fas fa-chevron-right", t::field::the_next_month()) }
            </div>
            <table ref={grid} role="grid" class="baton-picker-month" {onkeydown} aria-label={format::month(month)}>
                <thead><tr>
                    { for format::weekdays().into_iter().zip(format::short_weekdays()).map(|(name, short)| html! {
                            <th scope="col" abbr={name}>{ short }</th>
                        }) }
                </tr></thead>
                <tbody>{ for weeks.iter().map(|week| html! { <tr>{ for week.iter().map(day) }</tr> }) }</tbody>
            </table>
            <button type="button" class="baton-tool baton-picker-now" onclick={choose.reform(move |_: MouseEvent| today)}>{ t::dates::today() }</button>
        </>
    }
}

fn turn(at: &UseStateHandle<Day>, months: i32, icon: &'static str, label: &'static str) -> Html {
    let at = at.clone();
    let onclick = Callback::from(move |_: MouseEvent| at.set(turned(*at, months)));
    html! {
        <button type="button" class="baton-tool" aria-label={label} {onclick}><i class={icon} aria-hidden="true" /></button>
    }
}

/// The day that a key goes to.
fn by_key(at: Day, key: &str) -> Option<Day> {
    let in_week = |days: fn(i64) -> i64| {
        let week = weeks_of((at.0, at.1), notation::first_day())
            .into_iter()
            .find(|week| week.contains(&at))?;
        let place = week.iter().position(|day| *day == at)?;
        days_later(at, days(i64::try_from(place).ok()?))
    };
    let day = match key {
        "ArrowLeft" => days_later(at, -1),
        "ArrowRight" => days_later(at, 1),
        "ArrowUp" => days_later(at, -7),
        "ArrowDown" => days_later(at, 7),
        "Home" => in_week(|place| -place),
        "End" => in_week(|place| 6 - place),
        "PageUp" => Some(turned(at, -1)),
        "PageDown" => Some(turned(at, 1)),
        _ => return None,
    };
    // Years of four digits are what a field takes.
    Some(day.filter(|day| (1..=9999).contains(&day.0)).unwrap_or(at))
}

/// The same day so many months later, or the last of a month that is shorter.
fn turned(at: Day, months: i32) -> Day {
    let (year, month) = months_later((at.0, at.1), months);
    let days = (1..=at.2).rev().map(|day| (year, month, day));
    let day = days.into_iter().find(|day| is_valid_day(*day));
    day.filter(|day| (1..=9999).contains(&day.0)).unwrap_or(at)
}

fn focus_day(grid: &NodeRef) {
    let day = grid
        .cast::<Element>()
        .and_then(|grid| grid.query_selector("[tabindex='0']").ok().flatten());
    if let Some(day) = day.and_then(|day| wasm_bindgen::JsCast::dyn_into::<HtmlElement>(day).ok()) {
        // It can only fail for an element that cannot have the focus.
        day.focus().ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_go_through_the_calendar() {
        let at = (2026, 5, 31);
        for (key, day) in [
            ("ArrowLeft", (2026, 5, 30)),
            ("ArrowRight", (2026, 6, 1)),
            ("ArrowUp", (2026, 5, 24)),
            ("ArrowDown", (2026, 6, 7)),
            ("Home", (2026, 5, 25)),
            ("End", (2026, 5, 31)),
            ("PageUp", (2026, 4, 30)),
            ("PageDown", (2026, 6, 30)),
        ] {
            assert_eq!(by_key(at, key), Some(day), "{key}");
        }
        assert_eq!(by_key(at, "x"), None);
        assert_eq!(
            by_key((9999, 12, 31), "ArrowRight"),
            Some((9999, 12, 31)),
            "where the calendar ends"
        );
        assert_eq!(turned((2028, 3, 31), -1), (2028, 2, 29));
    }
}
