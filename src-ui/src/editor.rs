//! The only place that knows the editor of formatted text, which is loaded when a form first shows one (decision 048).

use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_name = openEditor)]
    async fn open_editor(page: &HtmlElement, html: &str, editable: bool, listener: &Object)
    -> Result<JsValue, JsValue>;

    #[derive(Clone)]
    type Handle;

    #[wasm_bindgen(method)]
    fn show(this: &Handle, html: &str);

    #[wasm_bindgen(method)]
    fn allow(this: &Handle, editable: bool);

    #[wasm_bindgen(method)]
    fn run(this: &Handle, tool: &str, argument: &str);

    #[wasm_bindgen(method)]
    fn close(this: &Handle);
}

/// What an editor asks, and what it tells.
pub(crate) struct Listener {
    /// The HTML that is kept of this HTML.
    pub(crate) clean: fn(String) -> String,
    /// The HTML that is kept of this plain text.
    pub(crate) plain: fn(String) -> String,
    /// The text is this now, in HTML; empty if there is nothing in it.
    pub(crate) changed: Box<dyn Fn(String)>,
    /// The cursor stands in what these tools made, by their names, with spaces between them.
    pub(crate) moved: Box<dyn Fn(String)>,
}

/// An editor on a page; it goes when this is dropped.
pub(crate) struct Editor {
    handle: Handle,
    _closures: Closures,
}

struct Closures {
    _asked: [Closure<dyn Fn(String) -> String>; 2],
    _told: [Closure<dyn Fn(String)>; 2],
}

impl Editor {
    /// Opens one on this element, whose content it replaces.
    ///
    /// # Errors
    /// If it cannot be loaded.
    pub(crate) async fn open(
        page: &HtmlElement,
        html: &str,
        editable: bool,
        listener: Listener,
    ) -> Result<Self, JsValue> {
        let asked = [Closure::new(listener.clean), Closure::new(listener.plain)];
        let told = [Closure::wrap(listener.changed), Closure::wrap(listener.moved)];
        let object = Object::new();
        for (name, function) in [("clean", asked[0].as_ref()), ("plain", asked[1].as_ref())] {
            Reflect::set(&object, &name.into(), function)?;
        }
        for (name, function) in [("changed", told[0].as_ref()), ("moved", told[1].as_ref())] {
            Reflect::set(&object, &name.into(), function)?;
        }
        let handle = open_editor(page, html, editable, &object).await?;
        Ok(Self {
            handle: handle.unchecked_into(),
            _closures: Closures {
                _asked: asked,
                _told: told,
            },
        })
    }

    /// Shows this text; the cursor and what is selected stay where they are.
    pub(crate) fn show(&self, html: &str) {
        self.handle.show(html);
    }

    /// Whether the text can be changed from now on.
    pub(crate) fn allow(&self, editable: bool) {
        self.handle.allow(editable);
    }

    /// Does what this tool does, where the cursor is.
    pub(crate) fn run(&self, tool: &str, argument: &str) {
        self.handle.run(tool, argument);
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        self.handle.close();
    }
}
