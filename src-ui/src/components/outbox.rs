//! What the server does not have yet (semantics 5.1): each form with a way to it.

use baton_locales::t;
use baton_protocol::deletion::DeletionKind;
use baton_protocol::desktop::{GetPendingEdits, OutboxEntry, PendingEdit};
use baton_protocol::id::{FormKey, RecordId};
use patternfly_yew::prelude::*;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::backend;
use crate::hooks::use_session;
use crate::route::Route;

/// What waits, and for what, in a few words. `live` is whether the server is reached.
pub(crate) fn what_waits(waiting: &OutboxEntry, live: bool) -> String {
    if waiting.decide {
        return t::connection::needs_your_decision().into();
    }
    let until = if live { "turn" } else { "network" };
    match waiting.remove {
        Some(DeletionKind::Deleted) => t::connection::deletion_waits(until),
        Some(DeletionKind::Archived) => t::connection::archiving_waits(until),
        None if waiting.fields == 0 && !waiting.save && !waiting.discard && !waiting.comments.is_empty() => {
            t::connection::comments_wait(waiting.comments.len())
        }
        None if waiting.fields == 0 && waiting.discard => t::connection::discarding_waits(until),
        None if waiting.fields == 0 => t::connection::save_waits(until),
        None if waiting.save => t::connection::fields_to_be_saved_wait(waiting.fields, until),
        None => t::connection::fields_wait(waiting.fields, until),
    }
}

fn title(waiting: &OutboxEntry) -> &str {
    match waiting.title.trim() {
        "" => t::connection::a_new_record(),
        title => title,
    }
}

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct OutboxProps {
    /// What waits.
    pub(crate) outbox: Vec<OutboxEntry>,
    /// Something was chosen.
    #[prop_or_default]
    pub(crate) on_choose: Callback<()>,
}

/// The list, with links to the forms.
#[component]
pub(crate) fn Outbox(props: &OutboxProps) -> Html {
    let live = use_session().live();
    if props.outbox.is_empty() {
        return html! { <p class="baton-quiet">{ t::connection::nothing_waits() }</p> };
    }
    html! {
        <ul class="baton-outbox">
            { for props.outbox.iter().map(|waiting| {
                let name = title(waiting).to_owned();
                let on_choose = props.on_choose.reform(|_: MouseEvent| ());
                html! {
                    <li key={waiting.form.to_string()} onclick={on_choose}>
                        if let Some(entity) = waiting.entity {
                            <Link<Route> to={Route::record(entity, RecordId(waiting.form.id))}>{ name }</Link<Route>>
                        } else {
                            <span>{ name }</span>
                        }
                        <span class="baton-quiet">{ what_waits(waiting, live) }</span>
                    </li>
                }
            }) }
        </ul>
    }
}

/// What is kept while nobody is signed in: to be seen and copied.
#[component]
pub(crate) fn KeptHere(props: &OutboxProps) -> Html {
    if props.outbox.is_empty() {
        return Html::default();
    }
    html! {
        <div class="baton-notice" id="kept-here">
            <Alert inline=true r#type={AlertType::Info} title={t::connection::kept_on_this_computer()}>
                <p>{ t::connection::sign_in_again_to_send() }</p>
                { for props.outbox.iter().map(|waiting| html! {
                    <KeptForm key={waiting.form.to_string()} form={waiting.form} name={title(waiting).to_owned()} />
                }) }
            </Alert>
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct KeptFormProps {
    form: FormKey,
    name: String,
}

#[component]
fn KeptForm(props: &KeptFormProps) -> Html {
    let texts = use_state_eq(|| None::<Vec<PendingEdit>>);
    let form = props.form;
    let show = {
        let texts = texts.clone();
        Callback::from(move |_: MouseEvent| {
            let texts = texts.clone();
            spawn_local(async move {
                texts.set(Some(backend::call(GetPendingEdits { form }).await.unwrap_or_default()));
            });
        })
    };
    html! {
        <div class="baton-pending-field">
            <Button variant={ButtonVariant::Link} onclick={show} label={props.name.clone()} />
            { for (*texts).iter().flatten().map(|text| html! {
                <label key={text.field.clone()}>
                    <span class="baton-label">{ &text.field }</span>
                    <span class="pf-v6-c-form-control pf-m-readonly">
                        <textarea readonly=true rows="2" value={text.value.text().to_owned()} />
                    </span>
                </label>
            }) }
        </div>
    }
}
