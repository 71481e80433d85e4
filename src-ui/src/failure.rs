//! The program failed: nothing is drawn any more, so the page says so itself, and is loaded again.

use baton_locales::t;
use baton_protocol::desktop::PageFailed;
use js_sys::Reflect;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Document, Element, ErrorEvent, PromiseRejectionEvent, Storage};

use crate::backend;

/// Where a failed page leaves word to the one after it.
const KEY: &str = "failed";

/// Shows every failure that is no panic: an exception leaves whatever it passed through half done.
pub(crate) fn watch() {
    let on_error = Closure::<dyn Fn(ErrorEvent)>::new(|event: ErrorEvent| {
        // Remarks of the browser itself carry no error.
        if event.error().is_object() {
            show(&event.message(), &event.error());
        }
    });
    let on_rejection = Closure::<dyn Fn(PromiseRejectionEvent)>::new(|event: PromiseRejectionEvent| {
        let reason = event.reason();
        let why = reason.dyn_ref::<js_sys::Error>().map(js_sys::Error::to_string);
        show(&why.map_or_else(|| format!("{reason:?}"), String::from), &reason);
    });
    let window = gloo_utils::window();
    for (event, closure) in [
        ("error", on_error.into_js_value()),
        ("unhandledrejection", on_rejection.into_js_value()),
    ] {
        // Where even this fails, the console has it.
        window
            .add_event_listener_with_callback(event, closure.unchecked_ref())
            .ok();
    }
}

/// Says that the program failed, and loads the page again if the shell says so. What was typed is with the shell, which
/// goes on.
pub(crate) fn show(why: &str, error: &JsValue) {
    let document = gloo_utils::document();
    if document.get_element_by_id("failure").is_some() {
        return;
    }
    let calls = Reflect::get(error, &"stack".into())
        .ok()
        .and_then(|stack| stack.as_string());
    let full = format!("{why}\n{}", calls.unwrap_or_default());
    web_sys::console::error_1(&full.as_str().into());
    // Where even these fail, the console has it.
    build(&document, why).ok();
    if let Some(storage) = storage() {
        storage.set_item(KEY, "yes").ok();
    }
    let load_again = |may: bool| {
        if may {
            gloo_utils::window().location().reload().ok();
        }
    };
    backend::call_without_tasks(PageFailed { why: full }, load_again).ok();
}

/// Whether the page before this one failed; asked once.
pub(crate) fn previous_page_failed() -> bool {
    let Some(storage) = storage() else { return false };
    let failed = storage.get_item(KEY).is_ok_and(|said| said.is_some());
    storage.remove_item(KEY).ok();
    failed
}

/// It lives as long as the window does.
fn storage() -> Option<Storage> {
    gloo_utils::window().session_storage().ok().flatten()
}

fn build(document: &Document, why: &str) -> Result<(), JsValue> {
    let notice = element(document, "section", "baton-failure", "")?;
    notice.set_id("failure");
    notice.set_attribute("role", "alert")?;
    let words = t::shell::window_failed();
    let again = element(document, "a", "baton-tool", t::shell::load_again())?;
    again.set_attribute("href", "index.html")?;
    for part in [
        element(document, "strong", "", words)?,
        element(document, "code", "", why)?,
        again,
    ] {
        notice.append_child(&part)?;
    }
    if let Some(body) = document.body() {
        body.append_child(&notice)?;
    }
    Ok(())
}

fn element(document: &Document, name: &str, class: &str, text: &str) -> Result<Element, JsValue> {
    let element = document.create_element(name)?;
    element.set_class_name(class);
    element.set_text_content(Some(text));
    Ok(element)
}
