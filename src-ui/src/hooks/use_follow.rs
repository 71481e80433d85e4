//! A spectator sees the field that the owner types into, wherever it is on the page (semantics 3.7).

use baton_protocol::form::FormSnapshot;
use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlElement, ScrollBehavior, ScrollIntoViewOptions, ScrollLogicalPosition};
use yew::prelude::*;
use yew_hooks::use_event_with_window;

use super::use_focus_in_sight::element;
use crate::hooks::FormHandle;
use crate::keys;

/// The keys that scroll a page on which nothing can be typed into.
const SCROLLING_KEYS: [&str; 6] = ["PageUp", "PageDown", "ArrowUp", "ArrowDown", "Home", "End"];

/// Whether the page follows the owner.
#[derive(Clone, PartialEq)]
pub(crate) struct Follow {
    on: UseStateHandle<bool>,
}

impl Follow {
    pub(crate) fn is_on(&self) -> bool {
        *self.on
    }

    /// Turns it on or off.
    pub(crate) fn toggle(&self) -> Callback<MouseEvent> {
        let on = self.on.clone();
        Callback::from(move |_| on.set(!*on))
    }
}

/// The owner's field, for somebody who only sees what is typed there.
fn followed(view: &FormSnapshot) -> Option<String> {
    let owner = view.owner().filter(|_| !view.can_edit())?;
    owner.field.clone()
}

/// Scrolls to the owner's field whenever that is another one, until the viewer scrolls by themselves.
#[hook]
pub(crate) fn use_follow(form: &FormHandle) -> Follow {
    let on = use_state_eq(|| true);
    let field = form.state.view.as_ref().and_then(|view| followed(view));
    use_effect_with((field, *on), |(field, on)| {
        if let Some(field) = field.as_ref().filter(|_| *on) {
            show_field(field);
        }
    });
    let stop = || {
        let on = on.clone();
        move || on.set(false)
    };
    let (wheel, touch, key, bar) = (stop(), stop(), stop(), stop());
    use_event_with_window("wheel", move |event: WheelEvent| {
        if !is_beside(&event) {
            wheel();
        }
    });
    use_event_with_window("touchmove", move |event: TouchEvent| {
        if !is_beside(&event) {
            touch();
        }
    });
    use_event_with_window("keydown", move |event: KeyboardEvent| {
        if SCROLLING_KEYS.contains(&event.key().as_str()) && !keys::in_an_input(&event) && !is_beside(&event) {
            key();
        }
    });
    use_event_with_window("mousedown", move |event: MouseEvent| {
        if on_scrollbar(&event) {
            bar();
        }
    });
    Follow { on }
}

/// Whether something happens beside the fields, where it scrolls nothing of them.
fn is_beside(event: &Event) -> bool {
    let target = event.target_dyn_into::<Element>();
    target.is_some_and(|target| target.closest("#side-panel, [role=dialog]").ok().flatten().is_some())
}

/// Whether the press is beside what the element shows, where its scrollbar is.
fn on_scrollbar(event: &MouseEvent) -> bool {
    let target = event.target_dyn_into::<Element>();
    target.is_some_and(|target| {
        let overflows = target.scroll_height() > target.client_height();
        overflows && event.offset_x() >= target.client_width()
    })
}

/// For so many drawings a field that is not there is waited for: its card may just be opening.
const DRAWINGS: u32 = 20;
/// About how long one takes, in milliseconds.
const DRAWING: u32 = 16;

/// Does something with the row of a field, as soon as it is drawn.
fn with_row(field: String, drawings: u32, then: impl FnOnce(&Element) + 'static) {
    match row_of(&field) {
        Some(row) => then(&row),
        None if drawings > 0 => {
            Timeout::new(DRAWING, move || with_row(field, drawings - 1, then)).forget();
        }
        None => {}
    }
}

/// Scrolls to a field, unless it is in sight.
pub(super) fn show_field(field: &str) {
    with_row(field.to_owned(), DRAWINGS, |row| {
        show_row(
            row,
            if wants_less_motion() {
                ScrollBehavior::Instant
            } else {
                ScrollBehavior::Smooth
            },
        );
    });
}

fn show_row(row: &Element, behavior: ScrollBehavior) {
    if !is_in_sight(row) {
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Center);
        options.set_behavior(behavior);
        row.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// Scrolls to a field, unless it is in sight, when it is pressed.
pub(crate) fn on_show_field(field: &str) -> Callback<MouseEvent> {
    let field = field.to_owned();
    Callback::from(move |_| show_field(&field))
}

/// Scrolls to a field and gives its input the focus.
pub(crate) fn enter_field(field: &str) {
    with_row(field.to_owned(), DRAWINGS, |row| {
        // Whoever goes on typing there does not wait for the page.
        show_row(row, ScrollBehavior::Instant);
        let input = row.query_selector(INPUT).ok().flatten();
        if let Some(input) = input.and_then(|input| input.dyn_into::<HtmlElement>().ok()) {
            // It can only fail for an element that cannot have the focus.
            input.focus().ok();
        }
    });
}

/// What of a field can be typed into or chosen.
const INPUT: &str = ":is(input, textarea, select, [contenteditable=true]):not(:disabled, [readonly])";

/// The row of a field on the page.
fn row_of(field: &str) -> Option<Element> {
    let rows = gloo_utils::document().query_selector_all("[data-row]").ok()?;
    let mut rows = (0..rows.length()).filter_map(|index| rows.get(index)?.dyn_into::<Element>().ok());
    rows.find(|row| row.get_attribute("data-row").as_deref() == Some(field))
}

/// Whether all of a row is between the strip on top and the window's end.
fn is_in_sight(row: &Element) -> bool {
    let top = element(".baton-form-top").map_or(0.0, |top| top.get_bounding_client_rect().bottom());
    let bottom = element(".baton-main").map_or(f64::MAX, |main| main.get_bounding_client_rect().bottom());
    let row = row.get_bounding_client_rect();
    row.top() >= top && row.bottom() <= bottom
}

fn wants_less_motion() -> bool {
    let query = gloo_utils::window().match_media("(prefers-reduced-motion: reduce)");
    query.ok().flatten().is_some_and(|query| query.matches())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use baton_protocol::entity::Entity;
    use baton_protocol::form::EditorSummary;
    use baton_protocol::id::{EntityId, FormKey, RecordId, Ticket, UserId};
    use baton_protocol::person::Person;
    use uuid::Uuid;

    use super::*;

    fn editor(ticket: u64, field: Option<&str>) -> EditorSummary {
        EditorSummary {
            ticket: Ticket(ticket),
            person: Person {
                id: UserId(Uuid::from_u128(u128::from(ticket))),
                name: "Anna".into(),
            },
            field: field.map(str::to_owned),
            reserved_ms: None,
        }
    }

    #[test]
    fn whoever_does_not_edit_follows_the_owner_and_nobody_else() {
        let entity = Entity::new(EntityId(Uuid::nil()), "thing", "Thing", "Things", Vec::new());
        let mut view = FormSnapshot::blank(FormKey::record(RecordId(Uuid::nil())), Arc::new(entity));
        assert_eq!(followed(&view), None, "nobody edits");
        view.editors = vec![editor(1, Some("note")), editor(2, Some("price"))];
        view.me = Some(Ticket(2));
        assert_eq!(followed(&view).as_deref(), Some("note"));
        view.me = None;
        assert_eq!(followed(&view).as_deref(), Some("note"), "also who only reads");
        view.me = Some(Ticket(1));
        assert_eq!(followed(&view), None, "the owner sees where they type");
    }
}
