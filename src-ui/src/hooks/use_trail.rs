//! The list that records were opened from: the next one is one press away, and whoever comes back finds it as they left it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use baton_protocol::id::{EntityId, RecordId, UserId};
use baton_protocol::list::View;
use baton_protocol::rights::Rights;
use wasm_bindgen::JsCast as _;
use web_sys::HtmlElement;
use yew::prelude::*;
use yew_hooks::use_event_with_window;

use super::use_focus_in_sight::element;
use super::use_scroll::use_scroll;
use crate::hooks::{SessionHandle, use_session};
use crate::route::Route;
use crate::state::records::Records;
use crate::state::selection::Selection;

thread_local! {
    static TRAIL: RefCell<Option<Trail>> = RefCell::default();
    /// How far the list is scrolled.
    static SCROLLED: Cell<i32> = Cell::default();
    /// The record that was opened, until its row has the focus again.
    static OPENED: Cell<Option<RecordId>> = Cell::default();
    /// The page that is shown.
    static PAGE: Cell<Option<Route>> = Cell::default();
}

/// Who looks, and what they may see.
type Viewer = Option<(UserId, Rights)>;

/// A list as it was seen last.
#[derive(Clone, PartialEq)]
pub(crate) struct Trail {
    viewer: Viewer,
    entity: EntityId,
    /// Its rows.
    pub(crate) list: Rc<Records>,
    /// What it looked like.
    pub(crate) view: Rc<View>,
    /// What was chosen.
    pub(crate) selection: Selection,
}

/// What stands before and behind a record in the list that was seen last.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Neighbours {
    pub(crate) previous: Option<RecordId>,
    pub(crate) next: Option<RecordId>,
}

/// Remembers the page that is shown; pages that are drawn for the first time still see the one before.
pub(crate) fn page_shown(route: Route) {
    PAGE.set(Some(route));
}

fn viewer(session: &SessionHandle) -> Viewer {
    let state = session.state()?;
    Some((state.account.as_ref()?.person.id, state.rights.clone()))
}

/// Remembers the list that is shown.
#[hook]
pub(crate) fn use_trail(entity: EntityId, list: &Rc<Records>, view: &Rc<View>, selection: &Selection) {
    let trail = Trail {
        viewer: viewer(&use_session()),
        entity,
        list: Rc::clone(list),
        view: Rc::clone(view),
        selection: selection.clone(),
    };
    TRAIL.set(Some(trail));
}

/// The list as it was left, and the record that was opened from it; `None` unless its viewer comes from a record of it.
#[hook]
pub(crate) fn use_way_back(entity: EntityId) -> Option<(Trail, RecordId)> {
    let viewer = viewer(&use_session());
    let back = use_memo((), |()| {
        let (Route::Record { entity: of, record } | Route::ReadOnly { entity: of, record }) = PAGE.get()? else {
            return None;
        };
        let trail = TRAIL.with_borrow(Clone::clone);
        let is_here = |trail: &Trail| trail.entity == entity && EntityId(of) == entity;
        // Somebody else, or with other rights, begins anew.
        let trail = trail.filter(|trail| is_here(trail) && trail.viewer == viewer)?;
        Some((trail, RecordId(record)))
    });
    (*back).clone()
}

/// Scrolls a list to where it was left when a record was opened from it, once its rows are drawn; and remembers how far
/// it is scrolled.
#[hook]
pub(crate) fn use_scroll_restored(opened: Option<RecordId>, is_drawn: bool) {
    use_effect_with(is_drawn, move |is_drawn| {
        if let Some(main) = element(".baton-main").filter(|_| *is_drawn && opened.is_some()) {
            OPENED.set(opened);
            main.set_scroll_top(SCROLLED.get());
            return_focus();
        } else if *is_drawn {
            SCROLLED.set(0);
            OPENED.set(None);
        }
    });
    use_scroll(move || {
        if let Some(main) = element(".baton-main") {
            SCROLLED.set(main.scroll_top());
        }
    });
}

/// Gives the record that was opened from this list the focus again, as soon as its row is drawn.
#[hook]
pub(crate) fn use_focus_returned() {
    use_effect(return_focus);
    // Whoever does something meanwhile has the focus where they want it. The keys that lead back here may still be down.
    use_event_with_window("keydown", |event: KeyboardEvent| {
        if !event.alt_key() {
            OPENED.set(None);
        }
    });
    use_event_with_window("mousedown", |_: MouseEvent| OPENED.set(None));
}

fn return_focus() {
    let Some(record) = OPENED.get().filter(|_| is_unfocused()) else {
        return;
    };
    let row = element(&format!("[data-id='{record}'] a"));
    if let Some(row) = row.and_then(|row| row.dyn_into::<HtmlElement>().ok()) {
        // A row that is drawn anew while the list finds its place loses it, and gets it again. It can only fail for an
        // element that cannot have the focus.
        row.focus().ok();
    }
}

/// Whether the focus is on nothing, or on the heading with which a page begins.
fn is_unfocused() -> bool {
    let active = gloo_utils::document().active_element();
    active.is_none_or(|active| matches!(active.tag_name().as_str(), "BODY" | "H1"))
}

/// The neighbours of a record, if it was in the list that was seen last.
#[hook]
pub(crate) fn use_neighbours(entity: EntityId, record: RecordId) -> Option<Neighbours> {
    let neighbours = use_memo((entity, record), |(entity, record)| {
        let trail = TRAIL.with_borrow(Clone::clone);
        let trail = trail.filter(|trail| trail.entity == *entity)?;
        neighbours(trail.list.rows.iter().map(|row| row.record.id), *record)
    });
    *neighbours
}

fn neighbours(mut records: impl Iterator<Item = RecordId>, record: RecordId) -> Option<Neighbours> {
    let mut previous = None;
    loop {
        let here = records.next()?;
        if here == record {
            let next = records.next();
            return Some(Neighbours { previous, next });
        }
        previous = Some(here);
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn the_ends_of_a_list_have_one_neighbour_and_a_stranger_has_none() {
        let id = |number| RecordId(Uuid::from_u128(number));
        let list = [id(1), id(2), id(3)];
        let of = |number| neighbours(list.into_iter(), id(number)).map(|found| (found.previous, found.next));
        assert_eq!(of(1), Some((None, Some(id(2)))));
        assert_eq!(of(2), Some((Some(id(1)), Some(id(3)))));
        assert_eq!(of(3), Some((Some(id(2)), None)));
        assert_eq!(of(4), None);
    }
}
