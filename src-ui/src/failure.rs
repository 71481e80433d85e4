//! The program failed: nothing is drawn any more, so the page says so itself.

use web_sys::{Document, Element};

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
