//! A page that only says something.

use baton_locales::t;
use patternfly_yew::prelude::*;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::route::Route;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct MessageProps {
    /// What it says.
    pub(crate) title: AttrValue,
    /// What else there is to say.
    #[prop_or_default]
    pub(crate) text: Option<AttrValue>,
    /// Whether something is under way.
    #[prop_or_default]
    pub(crate) busy: bool,
    /// What can be done about it.
    #[prop_or_default]
    pub(crate) children: Html,
}

/// A message in the middle of the window.
#[component]
pub(crate) fn Message(props: &MessageProps) -> Html {
    html! {
        <div class="baton-middle">
            if props.busy {
                <Spinner size={SpinnerSize::Lg} />
            }
            <h1 class="pf-v6-c-title pf-m-xl">{ &props.title }</h1>
            if let Some(text) = &props.text {
                <p class="baton-quiet">{ text }</p>
            }
            { props.children.clone() }
        </div>
    }
}

/// An address that leads nowhere.
#[component]
pub(crate) fn NotFound() -> Html {
    html! {
        <div class="baton-middle">
            <h1 class="pf-v6-c-title pf-m-xl">{ t::shell::nothing_here() }</h1>
            <Link<Route> to={Route::Entities}>{ t::shell::go_to_all_collections() }</Link<Route>>
        </div>
    }
}
