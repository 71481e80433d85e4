//! The list of an entity's records: a query is asked page by page, and kept right by what happens.

use std::collections::BTreeSet;
use std::rc::Rc;

use baton_protocol::desktop::TopicUpdate;
use baton_protocol::id::{EntityId, RecordId};
use baton_protocol::list::{PAGE_ROWS, Page};
use baton_protocol::list_query::{Cursor, ListQuery};
use baton_protocol::message::{Code, GetPage, Problem, Topic};
use gloo_timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::use_topic::watch;
use crate::backend;
use crate::state::records::Records;

/// How long the list waits before it is read again, in milliseconds: many things may happen at once.
const READ_AGAIN: u32 = 400;

/// How long it is not read at most, while much happens, in milliseconds.
const LONGEST: f64 = 1500.0;

#[derive(Clone, PartialEq, Default)]
struct Store(Rc<Records>);

enum Action {
    Update(Box<TopicUpdate>),
    Asked(ListQuery),
    Began(ListQuery, Result<Page, Problem>),
    WentOn(ListQuery, Page),
    Checked(ListQuery, BTreeSet<RecordId>, Page),
    Counted(ListQuery, u64),
    /// Something could not be asked: the list is read again.
    Unsure(ListQuery),
}

impl Reducible for Store {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        let list = (*self.0).clone();
        // An answer to a query that is asked no more has nothing to say.
        let current = |query: &ListQuery| self.0.query == *query;
        let after = match action {
            Action::Update(update) => list.after(*update),
            Action::Asked(query) => list.asked(query),
            Action::Began(query, Ok(page)) if current(&query) => list.began(page),
            Action::Began(query, Err(problem)) if current(&query) => list.failed(problem),
            Action::WentOn(query, page) if current(&query) => list.went_on(page),
            Action::Checked(query, ids, page) if current(&query) => list.checked(&ids, page),
            Action::Counted(query, total) if current(&query) => list.counted(total),
            Action::Unsure(query) if current(&query) => list.unsure(),
            Action::Began(..) | Action::WentOn(..) | Action::Checked(..) | Action::Counted(..) | Action::Unsure(_) => {
                return self;
            }
        };
        if after == *self.0 {
            self
        } else {
            Rc::new(Self(Rc::new(after)))
        }
    }
}

/// A list, and the way to more of it.
#[derive(Clone, PartialEq)]
pub(crate) struct ListHandle {
    /// The list.
    pub(crate) list: Rc<Records>,
    /// Asks for the next page.
    pub(crate) more: Callback<()>,
}

/// The list of an entity, of which the rows are still to be asked for.
pub(crate) struct List {
    entity: EntityId,
    store: UseReducerHandle<Store>,
}

impl List {
    /// What is known of it.
    pub(crate) fn records(&self) -> &Rc<Records> {
        &self.store.0
    }
}

/// The list of an entity, live. What it was `before` is shown until the server answers.
#[hook]
pub(crate) fn use_list(entity: EntityId, before: Option<&Rc<Records>>) -> List {
    let store = use_reducer(|| Store(before.cloned().unwrap_or_default()));
    let dispatcher = store.dispatcher();
    use_effect_with(entity, move |entity| {
        watch(Topic::Records(*entity), move |update| {
            dispatcher.dispatch(Action::Update(update))
        })
    });
    List { entity, store }
}

/// Asks for the rows of a list that a query wants, and keeps them right.
#[hook]
pub(crate) fn use_rows(of: &List, query: &ListQuery) -> ListHandle {
    let (entity, dispatcher) = (of.entity, of.store.dispatcher());
    {
        let dispatcher = dispatcher.clone();
        use_effect_with(query.clone(), move |query| {
            dispatcher.dispatch(Action::Asked(query.clone()))
        });
    }
    let list = Rc::clone(of.records());
    use_reading(entity, &list, dispatcher.clone());
    use_checking(entity, &list, dispatcher.clone());
    use_counting(entity, &list, dispatcher.clone());
    let more = use_more(entity, &list, dispatcher);
    ListHandle { list, more }
}

/// The records of an entity that a query asks for, live.
#[hook]
pub(crate) fn use_records(entity: EntityId, query: &ListQuery) -> ListHandle {
    let list = use_list(entity, None);
    use_rows(&list, query)
}

/// Reads the first pages: at once for a new query, a little later when something happened.
#[hook]
fn use_reading(entity: EntityId, list: &Rc<Records>, dispatcher: UseReducerDispatcher<Store>) {
    let known = list.entity.is_some();
    let rows = list.rows.len();
    // As many rows as there were come again.
    let asked = use_mut_ref(|| list.read.then(|| list.query.clone()));
    let last = use_mut_ref(|| 0.0_f64);
    use_effect_with((list.query.clone(), list.wanted, known), move |(query, _, known)| {
        let at_once = asked.borrow().as_ref() != Some(query);
        // However much happens, now and then it is read.
        let since = js_sys::Date::now() - *last.borrow();
        let wait = if at_once || since > LONGEST { 0 } else { READ_AGAIN };
        let query = query.clone();
        let timer = known.then(|| {
            Timeout::new(wait, move || {
                *asked.borrow_mut() = Some(query.clone());
                *last.borrow_mut() = js_sys::Date::now();
                let rows = if at_once { 0 } else { rows };
                spawn_local(async move {
                    let page = first_pages(entity, &query, rows).await;
                    dispatcher.dispatch(Action::Began(query, page));
                });
            })
        });
        move || drop(timer)
    });
}

/// Asks about single records of which only the server knows whether they are in the list.
#[hook]
fn use_checking(entity: EntityId, list: &Rc<Records>, dispatcher: UseReducerDispatcher<Store>) {
    let query = list.query.clone();
    use_effect_with(list.to_check.clone(), move |ids| {
        let ids = ids.clone();
        if !ids.is_empty() {
            spawn_local(async move {
                // The rest is asked when these are answered.
                let asked: BTreeSet<RecordId> = ids.iter().take(PAGE_ROWS as usize).copied().collect();
                let ids = asked.iter().copied().collect();
                match ask_page(entity, &query, None, PAGE_ROWS, ids).await {
                    Ok(page) => dispatcher.dispatch(Action::Checked(query, asked, page)),
                    Err(_) => dispatcher.dispatch(Action::Unsure(query)),
                }
            });
        }
    });
}

/// Asks how many rows there are, when only the server can tell.
#[hook]
fn use_counting(entity: EntityId, list: &Rc<Records>, dispatcher: UseReducerDispatcher<Store>) {
    let query = list.query.clone();
    use_effect_with(list.uncounted, move |uncounted| {
        let timer = (*uncounted > 0).then(|| {
            Timeout::new(READ_AGAIN, move || {
                spawn_local(async move {
                    if let Ok(page) = ask_page(entity, &query, None, 1, Vec::new()).await {
                        dispatcher.dispatch(Action::Counted(query, page.total));
                    }
                });
            })
        });
        move || drop(timer)
    });
}

/// Asks for the next page, once at a time.
#[hook]
fn use_more(entity: EntityId, list: &Rc<Records>, dispatcher: UseReducerDispatcher<Store>) -> Callback<()> {
    let under_way = use_mut_ref(|| None::<Cursor>);
    let query = list.query.clone();
    // Where another query's rows ended says nothing of this one.
    let next = list
        .next
        .clone()
        .filter(|_| list.answered.as_ref() == Some(&list.query));
    Callback::from(move |()| {
        let Some(after) = next.clone().filter(|next| under_way.borrow().as_ref() != Some(next)) else {
            return;
        };
        *under_way.borrow_mut() = Some(after.clone());
        let (query, under_way, dispatcher) = (query.clone(), Rc::clone(&under_way), dispatcher.clone());
        spawn_local(async move {
            let page = ask_page(entity, &query, Some(after), PAGE_ROWS, Vec::new()).await;
            *under_way.borrow_mut() = None;
            dispatcher.dispatch(match page {
                Ok(page) => Action::WentOn(query, page),
                Err(problem) => Action::Began(query, Err(problem)),
            });
        });
    })
}

/// As many pages as make this many rows; one at least.
async fn first_pages(entity: EntityId, query: &ListQuery, rows: usize) -> Result<Page, Problem> {
    let mut page = ask_page(entity, query, None, PAGE_ROWS, Vec::new()).await?;
    while page.rows.len() < rows
        && let Some(after) = page.next.clone()
    {
        let next = ask_page(entity, query, Some(after), PAGE_ROWS, Vec::new()).await?;
        page.rows.extend(next.rows);
        page.next = next.next;
    }
    Ok(page)
}

async fn ask_page(
    entity: EntityId,
    query: &ListQuery,
    after: Option<Cursor>,
    rows: u32,
    ids: Vec<RecordId>,
) -> Result<Page, Problem> {
    let asked = GetPage {
        entity,
        query: query.clone(),
        after,
        rows,
        ids,
    };
    // Asked once more, what a lost connection took is answered from memory.
    match backend::query(asked.clone()).await {
        Err(problem) if problem.code == Code::Offline => backend::query(asked).await,
        answer => answer,
    }
}
