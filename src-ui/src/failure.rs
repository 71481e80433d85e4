//! The program failed: nothing is drawn any more, so the page says so itself.

use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::Closure;
use web_sys::{Document, Element, ErrorEvent, PromiseRejectionEvent};

/// Shows every failure that is no panic: an exception leaves whatever it passed through half done.
pub(crate) fn watch() {
    let on_error = Closure::<dyn Fn(ErrorEvent)>::new(|event: ErrorEvent| {
        // Remarks of the browser itself carry no error.
        if event.error().is_object() {
            show(&event.message());
        }
    });
    let on_rejection = Closure::<dyn Fn(PromiseRejectionEvent)>::new(|event: PromiseRejectionEvent| {
        show(&format!("{:?}", event.reason()));
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

/// Says that the window must be loaded again. What was typed is with the shell, which goes on.
pub(crate) fn show(why: &str) {
    web_sys::console::error_1(&why.into());
    let document = gloo_utils::document();
    if document.get_element_by_id("failure").is_none() {
        // Where even this fails, the console has it.
        build(&document, why).ok();
    }
}

fn build(document: &Document, why: &str) -> Result<(), wasm_bindgen::JsValue> {
    let notice = element(document, "section", "baton-failure", "")?;
    notice.set_id("failure");
    notice.set_attribute("role", "alert")?;
    let words = "Something in this window failed. What you typed is kept; load the window again to go on.";
    let again = element(document, "a", "baton-tool", "Load again")?;
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

fn element(document: &Document, name: &str, class: &str, text: &str) -> Result<Element, wasm_bindgen::JsValue> {
    let element = document.create_element(name)?;
    element.set_class_name(class);
    element.set_text_content(Some(text));
    Ok(element)
}
