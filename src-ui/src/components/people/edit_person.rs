//! Another name or address for a person.

use baton_locales::t;
use baton_protocol::person::{Account, PersonChange};
use patternfly_yew::prelude::*;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::components::Dialog;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct EditPersonDialogProps {
    pub(crate) account: Account,
    pub(crate) on_change: Callback<PersonChange>,
    pub(crate) on_close: Callback<()>,
}

/// The dialog.
#[component]
pub(crate) fn EditPersonDialog(props: &EditPersonDialogProps) -> Html {
    let (name, email) = (use_node_ref(), use_node_ref());
    let account = &props.account;
    let onsubmit = {
        let (name, email, props) = (name.clone(), email.clone(), props.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let value = |input: &NodeRef| {
                input
                    .cast::<HtmlInputElement>()
                    .map(|input| input.value().trim().to_owned())
            };
            if let Some(name) = value(&name).filter(|name| *name != props.account.person.name) {
                props.on_change.emit(PersonChange::Name(name));
            }
            if let Some(email) = value(&email).filter(|email| *email != props.account.email) {
                props.on_change.emit(PersonChange::Email(email));
            }
            props.on_close.emit(());
        })
    };
    let cancel = props.on_close.reform(|_: MouseEvent| ());
    html! {
        <Dialog title={t::people::name_and_address_of(&account.person.name)} on_cancel={props.on_close.clone()}>
            <form class="pf-v6-c-form" {onsubmit}>
                <div class="pf-v6-c-form__group">
                    <label class="baton-label" for="person-name">{ t::people::name() }</label>
                    <span class="pf-v6-c-form-control">
                        <input id="person-name" ref={name} value={account.person.name.clone()} required=true maxlength="254"
                            autocomplete="off" />
                    </span>
                    <p class="baton-quiet">{ t::people::everybody_reads_the_name() }</p>
                </div>
                <div class="pf-v6-c-form__group">
                    <label class="baton-label" for="person-email">{ t::people::address() }</label>
                    <span class="pf-v6-c-form-control">
                        <input id="person-email" type="email" ref={email} value={account.email.clone()} required=true
                            maxlength="254" autocomplete="off" />
                    </span>
                    <p class="baton-quiet">{ t::people::signs_in_with_the_address() }</p>
                </div>
                <div class="baton-actions">
                    <Button id="person-yes" r#type={ButtonType::Submit} variant={ButtonVariant::Primary} label={t::common::save()} />
                    <Button id="person-no" variant={ButtonVariant::Secondary} onclick={cancel} label={t::common::cancel()} />
                </div>
            </form>
        </Dialog>
    }
}
