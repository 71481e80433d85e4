//! A question over everything else: its first field takes the focus, or itself, and Escape is its harmless answer.

use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct DialogProps {
    /// What is asked.
    pub(crate) title: AttrValue,
    /// What Escape does.
    pub(crate) on_cancel: Callback<()>,
    /// What follows from the answers, and the answers.
    pub(crate) children: Html,
}

/// The dialog.
#[component]
pub(crate) fn Dialog(props: &DialogProps) -> Html {
    let dialog = use_node_ref();
    use_focus_back();
    use_focus_within(dialog.clone());
    let onkeydown = {
        let (cancel, dialog) = (props.on_cancel.clone(), dialog.clone());
        Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
            "Escape" => cancel.emit(()),
            "Tab" => stay_within(&event, &dialog),
            _ => {}
        })
    };
    html! {
        <div class="baton-veil">
            <div class="baton-dialog" role="alertdialog" aria-modal="true" aria-labelledby="dialog-title"
                tabindex="-1" ref={dialog} {onkeydown}>
                <h2 class="pf-v6-c-title pf-m-lg" id="dialog-title">{ &props.title }</h2>
                { props.children.clone() }
            </div>
        </div>
    }
}

/// The focus goes to the first field, so that whoever is asked types at once.
#[hook]
fn use_focus_within(dialog: NodeRef) {
    use_effect_with((), move |()| {
        let Some(dialog) = dialog.cast::<HtmlElement>() else {
            return;
        };
        let field = dialog.query_selector("input:not([disabled]), textarea:not([disabled])");
        let field = field
            .ok()
            .flatten()
            .and_then(|field| field.dyn_into::<HtmlElement>().ok());
        // It can only fail for an element that cannot have the focus.
        field.unwrap_or(dialog).focus().ok();
    });
}

/// The focus goes back to where it was, as far as that is still there.
#[hook]
fn use_focus_back() {
    let before = use_mut_ref(|| gloo_utils::document().active_element());
    use_effect_with((), move |()| {
        move || {
            if let Some(before) = before
                .borrow_mut()
                .take()
                .and_then(|before| before.dyn_into::<HtmlElement>().ok())
            {
                // It can only fail for an element that cannot have the focus.
                before.focus().ok();
            }
        }
    });
}

/// Tab goes round within the dialog: what is behind it cannot be used.
fn stay_within(event: &KeyboardEvent, dialog: &NodeRef) {
    const USABLE: &str =
        "a[href], button:not([disabled]), input:not([disabled]), select:not([disabled]), textarea:not([disabled])";
    let Some(found) = dialog
        .cast::<Element>()
        .and_then(|dialog| dialog.query_selector_all(USABLE).ok())
    else {
        return;
    };
    let at = |place: u32| found.item(place).and_then(|node| node.dyn_into::<HtmlElement>().ok());
    let (Some(first), Some(last)) = (at(0), at(found.length().saturating_sub(1))) else {
        return;
    };
    let active = gloo_utils::document().active_element();
    let is = |element: &HtmlElement| active.as_ref() == Some(element.as_ref());
    let to = if event.shift_key() && (is(&first) || dialog.cast::<Element>() == active) {
        last
    } else if !event.shift_key() && is(&last) {
        first
    } else {
        return;
    };
    event.prevent_default();
    to.focus().ok();
}
