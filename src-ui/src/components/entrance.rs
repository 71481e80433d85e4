//! The frame of the pages before the sign-in.

use yew::prelude::*;

use crate::components::PageTitle;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct EntranceProps {
    /// The heading.
    pub(crate) title: AttrValue,
    /// A sentence under it.
    #[prop_or_default]
    pub(crate) text: Option<AttrValue>,
    pub(crate) children: Html,
}

/// A card in the middle of the window.
#[component]
pub(crate) fn Entrance(props: &EntranceProps) -> Html {
    html! {
        <main class="baton-entrance">
            <div class="baton-entrance-card">
                <img class="baton-entrance-mark" src="baton.svg" alt="" />
                <PageTitle title={props.title.clone()} />
                if let Some(text) = &props.text {
                    <p class="baton-quiet">{ text }</p>
                }
                { props.children.clone() }
            </div>
        </main>
    }
}
