//! For whom, and on which day, lists are shown.

use baton_protocol::calendar::Day;
use baton_protocol::list_query::{ListQuery, Reader};
use gloo_timers::callback::Interval;
use yew::prelude::*;

use crate::hooks::use_session;
use crate::{format, notation};

/// How often the date is read, in milliseconds.
const DATE_INTERVAL_MS: u32 = 30_000;

/// Who reads, and on which day.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct ListReader {
    today: Day,
    name: String,
}

impl ListReader {
    /// Returns the query as it is for them at this moment.
    pub(crate) fn resolve(&self, query: &ListQuery) -> ListQuery {
        query.resolved(&Reader {
            today: self.today,
            first_day: notation::first_day(),
            name: &self.name,
            begins: format::day_begins,
        })
    }
}

/// The day that it is on this computer. Another one is noticed within half a minute, also after a night's sleep.
#[hook]
pub(crate) fn use_today() -> Day {
    let today = use_state_eq(format::today);
    let set = today.setter();
    use_effect_with((), move |()| {
        let ticks = Interval::new(DATE_INTERVAL_MS, move || set.set(format::today()));
        move || drop(ticks)
    });
    *today
}

/// The reader of lists: who is signed in, on the present day.
#[hook]
pub(crate) fn use_reader() -> ListReader {
    let session = use_session();
    let today = use_today();
    let account = session.state().and_then(|state| state.account.clone());
    ListReader {
        today,
        name: account.map(|account| account.person.name.clone()).unwrap_or_default(),
    }
}
