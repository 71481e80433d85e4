//! Somebody asks to edit: the owner's prompt, and what the asker is told (semantics 3.6).

use baton_locales::t;
use baton_protocol::form::{EditRequestSummary, FormCommand};
use patternfly_yew::prelude::*;
use yew::prelude::*;

use crate::components::connection::use_elapsed;
use crate::hooks::FormHandle;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct AskPromptProps {
    /// The form.
    pub(crate) form: FormHandle,
}

/// The prompt, while somebody asks.
#[component]
pub(crate) fn AskPrompt(props: &AskPromptProps) -> Html {
    let form = &props.form;
    let ask = form.state.view.as_ref().and_then(|view| view.ask.clone());
    let elapsed = use_elapsed(form.state.asked_at, ask.is_some());
    let (Some(view), Some(ask)) = (&form.state.view, ask) else {
        return Html::default();
    };
    let EditRequestSummary {
        by,
        person,
        passes_in_ms,
    } = ask;
    let seconds = passes_in_ms.saturating_sub(elapsed).div_ceil(1000);
    if view.me == Some(by) {
        let owner = view.owner().map(|owner| owner.person.name.clone()).unwrap_or_default();
        return html! {
            <div class="baton-ask" role="status" data-ask="mine">
                <span>{ t::form::you_asked_to_edit(&owner) }</span>
                <span class="baton-quiet">
                    { t::form::yours_in_seconds(&owner, seconds) }
                </span>
            </div>
        };
    }
    if !view.can_edit() {
        return html! {
            <div class="baton-ask" role="status" data-ask="other">
                <span>{ t::form::somebody_asks_to_edit(&person.name) }</span>
            </div>
        };
    }
    let hand_over = {
        let form = form.clone();
        Callback::from(move |_: MouseEvent| form.command(FormCommand::hand_over(by)))
    };
    let decline = {
        let form = form.clone();
        Callback::from(move |_: MouseEvent| form.command(FormCommand::decline_edit()))
    };
    html! {
        <div class="baton-ask" role="alert" data-ask="owner">
            <strong>{ t::form::somebody_asks_to_edit(&person.name) }</strong>
            <span class="baton-quiet">
                { t::form::passes_on_in_seconds(seconds) }
            </span>
            <span class="baton-push" />
            <Button id="decline" variant={ButtonVariant::Secondary} onclick={decline} label={t::form::not_now()} />
            <Button id="hand-over" variant={ButtonVariant::Primary} onclick={hand_over} label={t::form::hand_over()} />
        </div>
    }
}
