//! Formatted text: an editor of what the page shows, and nothing in it but what the editor can make.

use std::cell::RefCell;
use std::rc::Rc;

use baton_locales::t;
use baton_protocol::field::Value;
use baton_protocol::rich_text::{Writer, from_plain, is_address};
use wasm_bindgen::JsCast as _;
use web_sys::{
    ClipboardEvent, CompositionEvent, DomParser, Element, HtmlDocument, HtmlElement, Node, Range, SupportedType, Text,
};
use yew::prelude::*;
use yew_hooks::use_event;

use super::FieldInputProps;

/// What is done by a button, its icon, and its name.
fn all_tools() -> [(&'static str, &'static str, &'static str, &'static str); 9] {
    [
        ("bold", "", "bold", t::field::bold()),
        ("italic", "", "italic", t::field::italic()),
        ("formatBlock", "H2", "heading", t::field::heading()),
        ("formatBlock", "P", "paragraph", t::field::plain_paragraph()),
        ("insertUnorderedList", "", "list-ul", t::field::list()),
        ("insertOrderedList", "", "list-ol", t::field::numbered_list()),
        ("formatBlock", "BLOCKQUOTE", "quote-right", t::field::quotation()),
        ("unlink", "", "unlink", t::field::take_link_away()),
        ("removeFormat", "", "remove-format", t::field::no_formatting()),
    ]
}

/// The editor. After each input it shows what is kept.
#[component]
pub(super) fn RichText(props: &FieldInputProps) -> Html {
    let page = use_node_ref();
    {
        // Shown anew only when it is not what the page shows already: the cursor stays where it is.
        let page = page.clone();
        use_effect_with(props.value.clone(), move |value| {
            if let Some(page) = page.cast::<HtmlElement>()
                && stored_html(&page) != value.text()
            {
                page.set_inner_html(&stored_html_of(value.text()));
                cursor_to_end(&page);
            }
        });
    }
    let on_edit = {
        let (page, on_input) = (page.clone(), props.on_input.clone());
        Callback::from(move |()| {
            if let Some(page) = page.cast::<HtmlElement>() {
                let text = stored_html(&page);
                rewrite_as_stored(&page, &text);
                let empty = page.inner_text().trim().is_empty();
                on_input.emit(if empty { Value::Empty } else { Value::from_text(text) });
            }
        })
    };
    let oninput = {
        let on_edit = on_edit.clone();
        Callback::from(move |event: InputEvent| {
            // A letter that is being composed is not to be written anew: it is told when it is there.
            if !event.is_composing() {
                on_edit.emit(());
            }
        })
    };
    {
        let on_edit = on_edit.clone();
        use_event(page.clone(), "compositionend", move |_: CompositionEvent| {
            on_edit.emit(())
        });
    }
    let onpaste = on_paste(&on_edit, props.can_edit);
    // New lines are paragraphs.
    let onfocus = Callback::from(|_: FocusEvent| run("defaultParagraphSeparator", "p"));
    let place = use_place(&page);
    let class = classes!(
        "baton-rich",
        (!props.can_edit).then_some("baton-rich-off"),
        props.invalid.then_some("baton-rich-bad"),
    );
    html! {
        <div {class}>
            if props.can_edit {
                { tools(&props.field.label, &place, &on_edit) }
            }
            <div ref={page} id={props.id.clone()} class="baton-rich-page" role="textbox" aria-multiline="true"
                data-field={props.field.name.clone()} contenteditable={props.can_edit.to_string()}
                aria-label={props.field.label.clone()} aria-readonly={(!props.can_edit).to_string()}
                aria-describedby={props.described.clone()} tabindex="0"
                {oninput} {onpaste} {onfocus} />
        </div>
    }
}

/// What is pasted is written anew as it is kept.
fn on_paste(on_edit: &Callback<()>, can_edit: bool) -> Callback<Event> {
    let on_edit = on_edit.clone();
    Callback::from(move |event: Event| {
        let data = event
            .dyn_ref::<ClipboardEvent>()
            .and_then(ClipboardEvent::clipboard_data);
        let Some(data) = data.filter(|_| can_edit) else {
            return;
        };
        event.prevent_default();
        // What is not there is an empty text.
        let html = data.get_data("text/html").unwrap_or_default();
        let text = data.get_data("text/plain").unwrap_or_default();
        let pasted = match stored_html_of(&html) {
            nothing if nothing.is_empty() => from_plain(&text),
            html => html,
        };
        run("insertHTML", &pasted);
        on_edit.emit(());
    })
}

fn tools(label: &str, place: &Place, on_edit: &Callback<()>) -> Html {
    let tool = |command: &'static str, value: &'static str| {
        let (place, on_edit) = (place.clone(), on_edit.clone());
        Callback::from(move |_: MouseEvent| {
            place.back();
            run(command, value);
            on_edit.emit(());
        })
    };
    // A press does not take the selection out of the text.
    let stay = Callback::from(|event: MouseEvent| event.prevent_default());
    html! {
        <div class="baton-rich-tools" role="toolbar" aria-label={t::field::formatting_of(label)}>
            { for all_tools().iter().map(|(command, value, icon, label)| html! {
                <button key={*label} type="button" title={*label} aria-label={*label} onmousedown={stay.clone()}
                    onclick={tool(command, value)}>
                    <i class={format!("fas fa-{icon}")} aria-hidden="true" />
                </button>
            }) }
            <LinkTool place={place.clone()} on_edit={on_edit.clone()} />
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct LinkToolProps {
    place: Place,
    on_edit: Callback<()>,
}

/// Makes a link of what is selected; its address is typed beside the button.
#[component]
fn LinkTool(props: &LinkToolProps) -> Html {
    let address = use_node_ref();
    let link = {
        let (address, place, on_edit) = (address.clone(), props.place.clone(), props.on_edit.clone());
        Callback::from(move |()| {
            let Some(input) = address.cast::<web_sys::HtmlInputElement>() else {
                return;
            };
            let typed = input.value();
            let typed = typed.trim();
            if is_address(typed) {
                place.back();
                run("createLink", typed);
                input.set_value("");
                on_edit.emit(());
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

/// Where the cursor or the selection was in the text last: a tool that has the focus works on it.
#[derive(Clone)]
struct Place {
    page: NodeRef,
    last: Rc<RefCell<Option<Range>>>,
}

impl PartialEq for Place {
    fn eq(&self, other: &Self) -> bool {
        self.page == other.page
    }
}

impl Place {
    /// Notes the selection, if it is in the text.
    fn note(&self) {
        let selection = gloo_utils::window().get_selection().ok().flatten();
        let range = selection.and_then(|selection| selection.get_range_at(0).ok());
        let page = self.page.cast::<Node>();
        let inside = |range: &Range| page.as_ref().is_some_and(|page| holds(page, range));
        if let Some(range) = range.filter(inside) {
            *self.last.borrow_mut() = Some(range.clone_range());
        }
    }

    /// Goes back to it.
    fn back(&self) {
        if let Some(page) = self.page.cast::<HtmlElement>() {
            // It can only fail for an element that cannot have the focus.
            page.focus().ok();
        }
        let selection = gloo_utils::window().get_selection().ok().flatten();
        if let (Some(selection), Some(range)) = (selection, self.last.borrow().as_ref()) {
            // Nothing is selected instead, if the text it was in is gone.
            selection.remove_all_ranges().ok();
            selection.add_range(range).ok();
        }
    }
}

#[hook]
fn use_place(page: &NodeRef) -> Place {
    let place = Place {
        page: page.clone(),
        last: use_mut_ref(|| None),
    };
    let noted = place.clone();
    yew_hooks::use_event_with_window("mouseup", {
        let noted = noted.clone();
        move |_: MouseEvent| noted.note()
    });
    yew_hooks::use_event_with_window("keyup", move |_: KeyboardEvent| noted.note());
    place
}

fn run(command: &str, value: &str) {
    if let Some(document) = gloo_utils::document().dyn_ref::<HtmlDocument>() {
        // A command that does not fit the selection does nothing.
        document.exec_command_with_show_ui_and_value(command, false, value).ok();
    }
}

/// What is kept of the text that the page shows.
fn stored_html(page: &Node) -> String {
    let mut writer = Writer::default();
    write(&mut writer, page);
    writer.finish()
}

/// What is kept of this text. It is parsed into a document of its own, where nothing runs and nothing is
/// fetched.
fn stored_html_of(html: &str) -> String {
    parsed(html).map(|body| stored_html(&body)).unwrap_or_default()
}

fn parsed(html: &str) -> Option<HtmlElement> {
    let parsed = DomParser::new().and_then(|parser| parser.parse_from_string(html, SupportedType::TextHtml));
    parsed.ok()?.body()
}

fn write(writer: &mut Writer, node: &Node) {
    let nodes = node.child_nodes();
    for node in (0..nodes.length()).filter_map(|index| nodes.item(index)) {
        match node.node_type() {
            Node::TEXT_NODE => writer.text(&node.text_content().unwrap_or_default()),
            Node::ELEMENT_NODE => {
                let Some(element) = node.dyn_ref::<Element>() else {
                    continue;
                };
                let name = element.tag_name().to_lowercase();
                if writer.open(&name, element.get_attribute("href").as_deref()) {
                    write(writer, element);
                    writer.close(&name);
                }
            }
            _ => {}
        }
    }
}

/// Stands for the cursor while the text is written anew; nobody types it.
const CURSOR: &str = "\u{e000}";

/// Writes the page anew if it shows anything but what is kept: what its author sees is what others see. The
/// cursor stays where it is.
fn rewrite_as_stored(page: &HtmlElement, stored: &str) {
    let same = parsed(stored).is_some_and(|body| body.inner_html() == page.inner_html());
    if same {
        return;
    }
    let document = gloo_utils::document();
    let selection = gloo_utils::window().get_selection().ok().flatten();
    let range = selection.and_then(|selection| selection.get_range_at(0).ok());
    if let Some(range) = range.filter(|range| holds(page, range)) {
        range.collapse();
        // A place that cannot hold it leaves the cursor to be put at the end.
        range.insert_node(&document.create_text_node(CURSOR)).ok();
    }
    page.set_inner_html(&stored_html(page));
    match cursor_in(page) {
        Some(text) => put_cursor(&text),
        None => cursor_to_end(page),
    }
}

fn holds(page: &Node, range: &Range) -> bool {
    let within = range.common_ancestor_container().ok();
    within.is_some_and(|within| page.contains(Some(&within)))
}

/// The text that the cursor stands in.
fn cursor_in(node: &Node) -> Option<Text> {
    let nodes = node.child_nodes();
    (0..nodes.length())
        .filter_map(|index| nodes.item(index))
        .find_map(|node| {
            let text = node.dyn_ref::<Text>().filter(|text| text.data().contains(CURSOR));
            text.cloned().or_else(|| cursor_in(&node))
        })
}

/// Puts the cursor where it is marked.
fn put_cursor(text: &Text) {
    let data = text.data();
    let before = data.split(CURSOR).next().unwrap_or_default();
    // The page counts in UTF-16.
    let at = u32::try_from(before.encode_utf16().count()).unwrap_or_default();
    text.set_data(&data.replace(CURSOR, ""));
    let selection = gloo_utils::window().get_selection().ok().flatten();
    if let Some(selection) = selection {
        // It can only fail for a place that is not in the text.
        selection.collapse_with_offset(Some(text), at).ok();
    }
}

/// Whoever is in the text goes on at its end.
fn cursor_to_end(page: &HtmlElement) {
    let inside = gloo_utils::document().active_element().as_ref() == Some(page.as_ref());
    if let (true, Some(selection)) = (inside, gloo_utils::window().get_selection().ok().flatten()) {
        let last = page.last_child();
        let place: &Node = last.as_ref().unwrap_or(page);
        // It can only fail for a place that is not on the page.
        selection.select_all_children(place).ok();
        selection.collapse_to_end().ok();
    }
}
