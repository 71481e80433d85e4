//! Copying a text to the clipboard.

use baton_locales::t;
use patternfly_yew::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use yew::prelude::*;

/// Copies a text; false if the system does not let it.
async fn copy(text: &str) -> bool {
    let clipboard = gloo_utils::window().navigator().clipboard();
    JsFuture::from(clipboard.write_text(text)).await.is_ok()
}

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct CopyButtonProps {
    pub(crate) id: AttrValue,
    /// What is copied.
    pub(crate) text: AttrValue,
    /// What it says.
    #[prop_or(AttrValue::Static(t::common::copy()))]
    pub(crate) label: AttrValue,
}

/// A button that copies, and says that it did.
#[component]
pub(crate) fn CopyButton(props: &CopyButtonProps) -> Html {
    let copied = use_state_eq(|| false);
    let onclick = {
        let (copied, text) = (copied.setter(), props.text.clone());
        Callback::from(move |_: MouseEvent| {
            let (copied, text) = (copied.clone(), text.clone());
            spawn_local(async move { copied.set(copy(&text).await) });
        })
    };
    let label = if *copied {
        t::common::copied().into()
    } else {
        props.label.to_string()
    };
    html! { <Button id={props.id.to_string()} variant={ButtonVariant::Secondary} {onclick} {label} /> }
}
