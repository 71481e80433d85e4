//! Taking a form over, with the reason that its owner and the audit are told.

use baton_locales::t;
use baton_protocol::form::{FormCommand, MAX_REASON};
use patternfly_yew::prelude::*;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::components::Dialog;
use crate::hooks::FormHandle;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct TakeOverProps {
    pub(crate) form: FormHandle,
    pub(crate) disabled: bool,
}

/// The button, and what it asks.
#[component]
pub(crate) fn TakeOver(props: &TakeOverProps) -> Html {
    let asked = use_state_eq(|| false);
    let input = use_node_ref();
    let ask = {
        let asked = asked.setter();
        Callback::from(move |_: MouseEvent| asked.set(true))
    };
    let close = {
        let asked = asked.setter();
        Callback::from(move |()| asked.set(false))
    };
    let onsubmit = {
        let (form, input, close) = (props.form.clone(), input.clone(), close.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if let Some(input) = input.cast::<HtmlInputElement>() {
                let reason = input.value().trim().to_owned();
                form.command(FormCommand::TakeOver { reason });
                close.emit(());
            }
        })
    };
    let owner = props.form.state.view.as_ref().and_then(|view| view.owner().cloned());
    let name = owner.map_or_else(|| t::audit::nobody().to_owned(), |owner| owner.person.name);
    html! {
        <>
            <Button id="take-over" variant={ButtonVariant::Link} disabled={props.disabled} onclick={ask} label={t::form::take_over()} />
            if *asked {
                <Dialog title={t::form::ask_to_take_over(&name)} on_cancel={close.clone()}>
                    <form class="pf-v6-c-form" {onsubmit}>
                        <p>{ t::form::what_a_take_over_does(&name) }</p>
                        <div class="pf-v6-c-form__group">
                            <label class="baton-label" for="take-over-reason">{ t::form::reason() }</label>
                            <span class="pf-v6-c-form-control">
                                <input id="take-over-reason" ref={input} required=true pattern=".*\\S.*" maxlength={MAX_REASON.to_string()}
                                    autocomplete="off" />
                            </span>
                        </div>
                        <div class="baton-actions">
                            <Button id="take-over-yes" r#type={ButtonType::Submit} variant={ButtonVariant::Primary} label={t::form::take_over()} />
                            <Button id="take-over-no" variant={ButtonVariant::Secondary}
                                onclick={close.reform(|_: MouseEvent| ())} label={t::common::cancel()} />
                        </div>
                    </form>
                </Dialog>
            }
        </>
    }
}
