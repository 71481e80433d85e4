//! Something is on its way.

use baton_locales::t;
use patternfly_yew::prelude::*;
use yew::prelude::*;

/// A spinner that appears only after a moment, so that what is quick does not flicker.
#[component]
pub(crate) fn Loading() -> Html {
    html! {
        <div class="baton-loading" role="status" aria-label={t::common::loading()}>
            <Spinner size={SpinnerSize::Lg} />
        </div>
    }
}
