//! What a page is called: its heading, and the window's title.

use web_sys::{FocusOptions, HtmlElement};
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct PageTitleProps {
    pub(crate) title: AttrValue,
    #[prop_or_default]
    pub(crate) id: Option<AttrValue>,
}

/// The heading. A page that opens begins there for the keyboard and for whoever hears it, unless the focus is somewhere
/// on the page already.
#[component]
pub(crate) fn PageTitle(props: &PageTitleProps) -> Html {
    let heading = use_node_ref();
    {
        let heading = heading.clone();
        use_effect_with((), move |()| {
            if let Some(heading) = heading.cast::<HtmlElement>().filter(|_| is_elsewhere()) {
                let stays = FocusOptions::new();
                stays.set_prevent_scroll(true);
                // It can only fail for an element that cannot have the focus.
                heading.focus_with_options(&stays).ok();
            }
        });
    }
    use_effect_with(props.title.clone(), |title| {
        gloo_utils::document().set_title(&format!("{title} – Baton"));
    });
    html! {
        <h1 class="pf-v6-c-title pf-m-2xl" id={props.id.clone()} ref={heading} tabindex="-1">{ &props.title }</h1>
    }
}

/// Whether the focus is on nothing, or where the page was chosen.
fn is_elsewhere() -> bool {
    let active = gloo_utils::document().active_element();
    active.is_none_or(|active| {
        active.tag_name() == "BODY" || active.closest(".baton-side, .baton-me").ok().flatten().is_some()
    })
}
