//! The keys that do something, everywhere: the palette with Ctrl+K, and the list of all keys with `?`.

use baton_locales::t;
use patternfly_yew::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlDocument, HtmlElement};
use yew::prelude::*;
use yew_hooks::use_event_with_window;

use crate::components::{Dialog, Palette};
use crate::keys::{self, History};
use crate::print::print;

/// The keys, and what each does.
fn listed() -> [(&'static str, &'static str); 16] {
    [
        (t::shell::key_find(), t::shell::find_hint()),
        ("?", t::shell::this_list()),
        (t::shell::key_save(), t::shell::save_the_open_form()),
        (t::shell::key_print(), t::shell::print_or_pdf()),
        (t::shell::key_undo(), t::shell::undo_and_redo_typing()),
        ("/", t::shell::search_the_open_list()),
        (t::shell::key_next_field(), t::shell::to_the_next_field()),
        ("↑ ↓, ← →", t::shell::move_on_a_handle()),
        ("← → ↑ ↓", t::shell::walk_a_table()),
        (t::shell::key_change_value(), t::shell::change_a_value_in_place()),
        (t::shell::key_choose(), t::shell::choose_what_is_marked()),
        (t::shell::key_zoom(), t::shell::larger_and_smaller()),
        (t::shell::key_back_and_forward(), t::shell::back_and_forward()),
        (t::shell::key_new_window(), t::shell::open_in_a_new_window()),
        (t::shell::key_range(), t::shell::choose_a_range()),
        (t::shell::key_close(), t::shell::close_what_is_open()),
    ]
}

/// What is open over the page.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Nothing,
    Palette,
    Keys,
}

/// The keys that lead to the page before, and forward again.
#[hook]
fn use_page_keys() {
    use_event_with_window("keydown", |event: KeyboardEvent| {
        if let Some(step) = keys::page(&event) {
            event.prevent_default();
            let history = gloo_utils::window().history();
            // There may be no page to go to.
            history.and_then(|history| history.go_with_delta(step)).ok();
        }
    });
}

/// Listens to the keys.
#[component]
pub(crate) fn Shortcuts() -> Html {
    use_page_keys();
    let open = use_state_eq(|| Open::Nothing);
    // Where the focus was: it goes back there.
    let before = use_mut_ref(|| None::<HtmlElement>);
    {
        let (open, before) = (open.clone(), before.clone());
        let open_up = move |wanted: Open| {
            if *open == Open::Nothing {
                let active = gloo_utils::document().active_element();
                *before.borrow_mut() = active.and_then(|active| active.dyn_into().ok());
            }
            open.set(wanted);
        };
        use_event_with_window("keydown", move |event: KeyboardEvent| {
            let with_control = event.ctrl_key() || event.meta_key();
            if let Some(history) = keys::history(&event) {
                // A form has done it already.
                if !event.default_prevented() && typing() {
                    event.prevent_default();
                    in_the_input(history);
                }
                return;
            }
            if keys::command(&event) == Some('k') {
                event.prevent_default();
                open_up(Open::Palette);
                return;
            }
            if keys::command(&event) == Some('p') {
                event.prevent_default();
                return print();
            }
            let wanted = match event.key().as_str() {
                "?" if !with_control && !typing() => Open::Keys,
                "/" if !with_control && !typing() => {
                    if focus("filter") {
                        event.prevent_default();
                    }
                    return;
                }
                _ => return,
            };
            event.prevent_default();
            open_up(wanted);
        });
    }
    let close = {
        let (open, before) = (open.setter(), before.clone());
        Callback::from(move |()| {
            open.set(Open::Nothing);
            if let Some(before) = before.borrow_mut().take() {
                // It may be gone with its page.
                before.focus().ok();
            }
        })
    };
    match *open {
        Open::Nothing => Html::default(),
        Open::Palette => html! { <Palette on_close={close} /> },
        Open::Keys => html! {
            <Dialog title={t::shell::keys()} on_cancel={close.clone()}>
                <dl class="baton-keys" id="keys">
                    { for listed().iter().map(|(key, does)| html! {
                        <>
                            <dt><kbd>{ key }</kbd></dt>
                            <dd>{ does }</dd>
                        </>
                    }) }
                </dl>
                <Button variant={ButtonVariant::Primary} label={t::common::close()} onclick={close.reform(|_: MouseEvent| ())} />
            </Dialog>
        },
    }
}

/// Takes back what was typed into an input that belongs to no form: a search, an address.
fn in_the_input(history: History) {
    let command = match history {
        History::Undo => "undo",
        History::Redo => "redo",
    };
    if let Some(document) = gloo_utils::document().dyn_ref::<HtmlDocument>() {
        // With nothing to take back it does nothing.
        document.exec_command(command).ok();
    }
}

/// Whether a key that is pressed now is a letter of something.
fn typing() -> bool {
    let active: Option<Element> = gloo_utils::document().active_element();
    active.is_some_and(|active| {
        let name = active.tag_name();
        matches!(name.as_str(), "INPUT" | "TEXTAREA" | "SELECT")
            || active.get_attribute("contenteditable").as_deref() == Some("true")
    })
}

fn focus(id: &str) -> bool {
    let input = gloo_utils::document().get_element_by_id(id);
    let input = input.and_then(|input| input.dyn_into::<HtmlElement>().ok());
    input.is_some_and(|input| input.focus().is_ok())
}
