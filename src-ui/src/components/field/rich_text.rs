//! Formatted text: the editor, and its tools.

mod stored_html;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use baton_locales::t;
use baton_protocol::field::Value;
use baton_protocol::rich_text::{from_plain, is_address};
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlElement, HtmlInputElement};
use yew::prelude::*;

use super::FieldInputProps;
use crate::editor::{Editor, Listener};
use crate::failure;
use stored_html::stored_html;

/// A tool, as the editor calls it, its icon, and its name.
type Tool = (&'static str, &'static str, &'static str);

fn all_tools() -> [Tool; 11] {
    [
        ("bold", "bold", t::field::bold()),
        ("italic", "italic", t::field::italic()),
        ("underline", "underline", t::field::underlined()),
        ("heading", "heading", t::field::heading()),
        ("paragraph", "paragraph", t::field::plain_paragraph()),
        ("bullets", "list-ul", t::field::list()),
        ("numbers", "list-ol", t::field::numbered_list()),
        ("quote", "quote-right", t::field::quotation()),
        ("table", "table", t::field::table()),
        ("unlink", "unlink", t::field::take_link_away()),
        ("plain", "eraser", t::field::no_formatting()),
    ]
}

/// What can be done to the table that the cursor is in.
fn table_tools() -> [(&'static str, &'static str); 5] {
    [
        ("add_row", t::field::add_row()),
        ("delete_row", t::field::delete_row()),
        ("add_column", t::field::add_column()),
        ("delete_column", t::field::delete_column()),
        ("delete_table", t::field::delete_table()),
    ]
}

/// The editor. What it shows is what is stored.
#[component]
pub(super) fn RichText(props: &FieldInputProps) -> Html {
    let page = use_node_ref();
    let at_cursor = use_state(String::new);
    let editor = use_editor(&page, props, at_cursor.setter());
    let class = classes!(
        "baton-rich",
        (!props.can_edit).then_some("baton-rich-off"),
        props.invalid.then_some("baton-rich-bad"),
    );
    html! {
        <div {class}>
            if props.can_edit {
                { toolbar(&props.field.label, &editor, &at_cursor) }
            }
            <div ref={page} id={props.id.clone()} class="baton-rich-page" role="textbox" aria-multiline="true"
                dir="auto" data-field={props.field.name.clone()} aria-label={props.field.label.clone()}
                aria-readonly={(!props.can_edit).to_string()} aria-describedby={props.described.clone()} tabindex="0" />
        </div>
    }
}

/// The editor, once it is loaded.
#[derive(Clone, Default)]
struct Loaded(Rc<RefCell<Option<Editor>>>);

impl PartialEq for Loaded {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Loaded {
    fn run(&self, tool: &str, argument: &str) {
        if let Some(editor) = self.0.borrow().as_ref() {
            editor.run(tool, argument);
        }
    }
}

/// Opens an editor on the page, which shows what the form holds until it is loaded, and afterwards.
#[hook]
fn use_editor(page: &NodeRef, props: &FieldInputProps, at_cursor: UseStateSetter<String>) -> Loaded {
    let loaded = use_memo((), |()| Loaded::default());
    // An editor outlives the props that it was opened with.
    let newest = use_mut_ref(|| props.clone());
    *newest.borrow_mut() = props.clone();
    {
        let (page, loaded, newest) = (page.clone(), Loaded::clone(&loaded), newest.clone());
        use_effect_with((), move |()| {
            let open = Rc::new(Cell::new(true));
            if let Some(page) = page.cast::<HtmlElement>() {
                page.set_inner_html(&stored_html(newest.borrow().value.text()));
                spawn_local(load(page, loaded.clone(), newest, at_cursor, open.clone()));
            }
            move || {
                open.set(false);
                loaded.0.take();
            }
        });
    }
    {
        let loaded = Loaded::clone(&loaded);
        use_effect_with((props.value.clone(), props.can_edit), move |(value, can_edit)| {
            if let Some(editor) = loaded.0.borrow().as_ref() {
                editor.show(value.text());
                editor.allow(*can_edit);
            }
        });
    }
    Loaded::clone(&loaded)
}

async fn load(
    page: HtmlElement,
    loaded: Loaded,
    newest: Rc<RefCell<FieldInputProps>>,
    at_cursor: UseStateSetter<String>,
    open: Rc<Cell<bool>>,
) {
    let FieldInputProps { value, can_edit, .. } = newest.borrow().clone();
    let changed = {
        let newest = newest.clone();
        move |html: String| {
            let on_input = newest.borrow().on_input.clone();
            on_input.emit(Value::from_text(html));
        }
    };
    let listener = Listener {
        clean: |html| stored_html(&html),
        plain: |text| from_plain(&text),
        changed: Box::new(changed),
        moved: Box::new(move |tools| at_cursor.set(tools)),
    };
    match Editor::open(&page, value.text(), can_edit, listener).await {
        Ok(editor) if open.get() => {
            let FieldInputProps { value, can_edit, .. } = newest.borrow().clone();
            editor.show(value.text());
            editor.allow(can_edit);
            loaded.0.replace(Some(editor));
        }
        // The form was left meanwhile.
        Ok(_) => {}
        Err(error) => failure::show("The editor of formatted text could not be loaded.", &error),
    }
}

fn toolbar(label: &str, editor: &Loaded, at_cursor: &str) -> Html {
    let press = |tool: &'static str| {
        let editor = editor.clone();
        Callback::from(move |_: MouseEvent| editor.run(tool, ""))
    };
    let is_active = |tool: &str| at_cursor.split(' ').any(|active| active == tool);
    // A press does not take the focus out of the text.
    let stay = Callback::from(|event: MouseEvent| event.prevent_default());
    html! {
        <div class="baton-rich-tools" role="toolbar" aria-label={t::field::formatting_of(label)}>
            { for all_tools().into_iter().map(|(tool, icon, label)| html! {
                <button key={tool} type="button" title={label} aria-label={label} data-tool={tool}
                    aria-pressed={is_active(tool).to_string()} onmousedown={stay.clone()} onclick={press(tool)}>
                    <i class={format!("fas fa-{icon}")} aria-hidden="true" />
                </button>
            }) }
            <LinkTool editor={editor.clone()} />
            if is_active("table") {
                <div class="baton-rich-table">
                    { for table_tools().into_iter().map(|(tool, label)| html! {
                        <button key={tool} type="button" data-tool={tool} onmousedown={stay.clone()} onclick={press(tool)}>{ label }</button>
                    }) }
                </div>
            }
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct LinkToolProps {
    editor: Loaded,
}

/// Makes a link of what is selected; its address is typed beside the button.
#[component]
fn LinkTool(props: &LinkToolProps) -> Html {
    let address = use_node_ref();
    let link = {
        let (address, editor) = (address.clone(), props.editor.clone());
        Callback::from(move |()| {
            let Some(input) = address.cast::<HtmlInputElement>() else {
                return;
            };
            let typed = input.value();
            let typed = typed.trim();
            if is_address(typed) {
                input.set_value("");
                editor.run("link", typed);
            }
        })
    };
    let onkeydown = {
        let link = link.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" {
                event.prevent_default();
                event.stop_propagation();
                link.emit(());
            }
        })
    };
    html! {
        <>
            <input ref={address} class="baton-rich-link" type="text" placeholder={t::field::link_address_hint()} aria-label={t::field::address_of_a_link()}
                {onkeydown} />
            <button type="button" title={t::field::link()} aria-label={t::field::link()} onclick={link.reform(|_: MouseEvent| ())}>
                <i class="fas fa-link" aria-hidden="true" />
            </button>
        </>
    }
}
