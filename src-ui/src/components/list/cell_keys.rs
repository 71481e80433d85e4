//! Values of a table under the hand: which one is meant, and the way from one to the next with the arrow
//! keys. The cells are plain; their table hears for all of them, because a long list draws many.

use baton_protocol::id::RecordId;
use uuid::Uuid;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

/// A value of a list: which record, and the name of its field.
pub(crate) type CellName = (RecordId, String);

/// The cell that the event is about; nothing for what is within a cell's editor.
fn cell_at(event: &web_sys::Event) -> Option<(Element, CellName)> {
    let from: Element = event.target()?.dyn_into().ok()?;
    let cell = from.closest("td[data-column]").ok()??;
    let row = cell.closest("tr[data-id]").ok()??;
    let id = Uuid::try_parse(&row.get_attribute("data-id")?).ok()?;
    let name = (RecordId(id), cell.get_attribute("data-column")?);
    Some((cell, name))
}

/// The value that was pressed.
pub(super) fn pressed(event: &MouseEvent) -> Option<CellName> {
    cell_at(event).map(|(_, name)| name)
}

/// The value that is to be changed; an arrow key goes to another one.
pub(super) fn chosen(event: &KeyboardEvent) -> Option<CellName> {
    let from: Element = event.target_dyn_into()?;
    match event.key().as_str() {
        "Enter" | "F2" => {
            let (cell, name) = cell_at(event)?;
            (cell == from).then(|| {
                event.prevent_default();
                name
            })
        }
        key => {
            if let Some(to) = next(&from, key) {
                event.prevent_default();
                focus(&to);
            }
            None
        }
    }
}

/// What an arrow key leads to from a cell, or from the title's link, which is the way in.
fn next(from: &Element, key: &str) -> Option<Element> {
    let cell = from.closest("td").ok()??;
    let title = from.tag_name() == "A";
    if !title && *from != cell {
        // Within a value: its keys are its own.
        return None;
    }
    let row = cell.closest("tr").ok()??;
    let to = match key {
        "ArrowRight" => cell.next_element_sibling(),
        "ArrowLeft" if !title => cell.previous_element_sibling(),
        "ArrowDown" => beside(&cell, &row.next_element_sibling()?),
        "ArrowUp" => beside(&cell, &row.previous_element_sibling()?),
        _ => None,
    }?;
    // The title's own place is its link.
    let link = to.query_selector(":scope > a").ok().flatten();
    Some(link.unwrap_or(to))
}

/// The same column's cell of another row.
fn beside(cell: &Element, row: &Element) -> Option<Element> {
    let siblings = cell.parent_element()?.children();
    let place = (0..siblings.length()).find(|place| siblings.item(*place).as_ref() == Some(cell))?;
    row.children().item(place)
}

/// Goes back to a value whose editor was closed.
pub(super) fn focus_cell(table: &NodeRef, (record, field): &CellName) {
    let css = format!("tr[data-id='{record}'] > td[data-column='{field}']");
    let cell = table
        .cast::<Element>()
        .and_then(|table| table.query_selector(&css).ok().flatten());
    if let Some(cell) = cell {
        focus(&cell);
    }
}

/// Whether the keyboard is still at the editor, or nowhere: whoever went elsewhere stays there.
pub(super) fn focus_is_here() -> bool {
    let active = gloo_utils::document().active_element();
    active.is_none_or(|active| active.tag_name() == "BODY" || active.closest("#cell-editor").ok().flatten().is_some())
}

fn focus(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        // It can only fail for an element that cannot have the focus.
        element.focus().ok();
    }
}
