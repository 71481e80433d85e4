//! Formatted text: an editor of what the page shows, and nothing in it but what the editor can make.

use baton_protocol::field::Value;
use wasm_bindgen::JsCast as _;
use web_sys::{DomParser, Element, HtmlDocument, HtmlElement, Node, SupportedType};
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
    let tool = |command: &'static str, value: &'static str| {
        let (page, told) = (page.clone(), told.clone());
        Callback::from(move |event: MouseEvent| {
            // The selection stays in the text.
            event.prevent_default();
            if let Some(page) = page.cast::<HtmlElement>() {
                page.focus().ok();
            }
            run(command, value);
            told.emit(());
        })
    };
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
                        <button key={*label} type="button" tabindex="-1" title={*label} aria-label={*label}
                            onmousedown={tool(command, value)}>
                            <i class={format!("fas fa-{icon}")} aria-hidden="true" />
                        </button>
                    }) }
                    <LinkTool page={page.clone()} told={told.clone()} />
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
    page: NodeRef,
    told: Callback<()>,
}

/// Makes a link of what is selected; its address is typed beside the button.
#[component]
fn LinkTool(props: &LinkToolProps) -> Html {
    let address = use_node_ref();
    let link = {
        let (address, told) = (address.clone(), props.told.clone());
        Callback::from(move |event: MouseEvent| {
            event.prevent_default();
            let Some(input) = address.cast::<web_sys::HtmlInputElement>() else {
                return;
            };
            let typed = input.value();
            let typed = typed.trim();
            if is_address(typed) {
                run("createLink", typed);
                input.set_value("");
                told.emit(());
            }
        })
    };
    html! {
        <>
            <input ref={address} class="baton-rich-link" type="text" placeholder="https:// for a link" aria-label="Address of a link"
                tabindex="-1" />
            <button type="button" tabindex="-1" title="Link" aria-label="Link" onmousedown={link}>
                <i class="fas fa-link" aria-hidden="true" />
            </button>
        </>
    }
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
