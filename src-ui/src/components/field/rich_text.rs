//! Formatted text: an editor of what the page shows, and nothing in it but what the editor can make.

use std::cell::RefCell;
use std::rc::Rc;

use baton_protocol::field::Value;
use wasm_bindgen::JsCast as _;
use web_sys::{DomParser, Element, HtmlDocument, HtmlElement, Node, Range, SupportedType};
use yew::prelude::*;

use super::FieldInputProps;

/// What is done by a button, its icon, and its name.
const TOOLS: [(&str, &str, &str, &str); 9] = [
    ("bold", "", "bold", "Bold"),
    ("italic", "", "italic", "Italic"),
    ("formatBlock", "H2", "heading", "Heading"),
    ("formatBlock", "P", "paragraph", "Plain paragraph"),
    ("insertUnorderedList", "", "list-ul", "List"),
    ("insertOrderedList", "", "list-ol", "Numbered list"),
    ("formatBlock", "BLOCKQUOTE", "quote-right", "Quotation"),
    ("unlink", "", "unlink", "No link"),
    ("removeFormat", "", "remove-format", "No formatting"),
];

/// The editor.
#[component]
pub(super) fn RichText(props: &FieldInputProps) -> Html {
    let page = use_node_ref();
    {
        // Shown anew only when it is not what the page shows already: the cursor stays where it is.
        let page = page.clone();
        use_effect_with(props.value.clone(), move |value| {
            if let Some(page) = page.cast::<HtmlElement>()
                && clean(&page.inner_html()) != value.text()
            {
                page.set_inner_html(&clean(value.text()));
            }
        });
    }
    let told = {
        let (page, on_input) = (page.clone(), props.on_input.clone());
        Callback::from(move |()| {
            if let Some(page) = page.cast::<HtmlElement>() {
                let text = clean(&page.inner_html());
                let empty = page.inner_text().trim().is_empty();
                on_input.emit(if empty { Value::Empty } else { Value::of_text(text) });
            }
        })
    };
    let place = use_place(&page);
    let tool = |command: &'static str, value: &'static str| {
        let (place, told) = (place.clone(), told.clone());
        Callback::from(move |_: MouseEvent| {
            place.back();
            run(command, value);
            told.emit(());
        })
    };
    // A press does not take the selection out of the text.
    let stay = Callback::from(|event: MouseEvent| event.prevent_default());
    let class = classes!(
        "baton-rich",
        (!props.can_edit).then_some("baton-rich-off"),
        props.invalid.then_some("baton-rich-bad"),
    );
    html! {
        <div {class}>
            if props.can_edit {
                <div class="baton-rich-tools" role="toolbar" aria-label={format!("Formatting of {}", props.field.label)}>
                    { for TOOLS.iter().map(|(command, value, icon, label)| html! {
                        <button key={*label} type="button" title={*label} aria-label={*label} onmousedown={stay.clone()}
                            onclick={tool(command, value)}>
                            <i class={format!("fas fa-{icon}")} aria-hidden="true" />
                        </button>
                    }) }
                    <LinkTool place={place.clone()} told={told.clone()} />
                </div>
            }
            <div ref={page} id={props.id.clone()} class="baton-rich-page" role="textbox" aria-multiline="true"
                data-field={props.field.name.clone()} contenteditable={props.can_edit.to_string()}
                aria-label={props.field.label.clone()} aria-readonly={(!props.can_edit).to_string()}
                aria-describedby={props.described.clone()} tabindex="0"
                oninput={told.reform(|_: InputEvent| ())} />
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct LinkToolProps {
    place: Place,
    told: Callback<()>,
}

/// Makes a link of what is selected; its address is typed beside the button.
#[component]
fn LinkTool(props: &LinkToolProps) -> Html {
    let address = use_node_ref();
    let link = {
        let (address, place, told) = (address.clone(), props.place.clone(), props.told.clone());
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
                told.emit(());
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
            <input ref={address} class="baton-rich-link" type="text" placeholder="https:// for a link" aria-label="Address of a link"
                {onkeydown} />
            <button type="button" title="Link" aria-label="Link" onclick={link.reform(|_: MouseEvent| ())}>
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
        let inside = |range: &Range| {
            let page = self.page.cast::<Node>();
            let within = range.common_ancestor_container().ok();
            page.is_some_and(|page| within.is_some_and(|within| page.contains(Some(&within))))
        };
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

fn is_address(text: &str) -> bool {
    ["https://", "http://", "mailto:"]
        .iter()
        .any(|begin| text.starts_with(begin))
}

/// The text with nothing in it but the tags that the server keeps, written in one way. It is parsed into
/// a document of its own, where nothing runs and nothing is fetched.
fn clean(html: &str) -> String {
    let parsed = DomParser::new().and_then(|parser| parser.parse_from_string(html, SupportedType::TextHtml));
    let body = parsed.ok().and_then(|document| document.body());
    body.map(|body| children(&body)).unwrap_or_default()
}

fn children(node: &Node) -> String {
    let nodes = node.child_nodes();
    (0..nodes.length())
        .filter_map(|index| nodes.item(index))
        .map(|node| written(&node))
        .collect()
}

fn written(node: &Node) -> String {
    match node.node_type() {
        Node::TEXT_NODE => escaped(&node.text_content().unwrap_or_default()),
        Node::ELEMENT_NODE => node.dyn_ref::<Element>().map(element).unwrap_or_default(),
        _ => String::new(),
    }
}

fn element(element: &Element) -> String {
    let name = element.tag_name().to_lowercase();
    let inner = || children(element);
    match name.as_str() {
        "script" | "style" | "template" | "noscript" => String::new(),
        "br" => "<br>".into(),
        // What browsers make of the Enter key.
        "div" => format!("<p>{}</p>", inner()),
        "p" | "h2" | "h3" | "ul" | "ol" | "li" | "b" | "strong" | "i" | "em" | "u" | "s" | "blockquote" | "code"
        | "pre" => {
            format!("<{name}>{}</{name}>", inner())
        }
        "h1" => format!("<h2>{}</h2>", inner()),
        "a" => match element.get_attribute("href").filter(|href| is_address(href)) {
            Some(href) => format!(
                "<a href=\"{}\" rel=\"noopener noreferrer\">{}</a>",
                escaped(&href).replace('"', "&quot;"),
                inner()
            ),
            None => inner(),
        },
        _ => inner(),
    }
}

fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace('\u{a0}', "&nbsp;")
}
