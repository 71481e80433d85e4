//! What the server does not have yet (semantics 5.1): each form with a way to it.

use baton_protocol::deletion::DeletionKind;
use baton_protocol::desktop::{GetPendingEdits, OutboxEntry, PendingEdit};
use baton_protocol::id::{FormKey, RecordId};
use patternfly_yew::prelude::*;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::backend;
use crate::format;
use crate::hooks::use_session;
use crate::route::Route;

/// What waits, and for what, in a few words. `live` is whether the server is reached.
pub(crate) fn what_waits(waiting: &OutboxEntry, live: bool) -> String {
    if waiting.decide {
        return "needs your decision".into();
    }
    let until = if live {
        "waits for your turn"
    } else {
        "waits for the network"
    };
    match waiting.remove {
        Some(DeletionKind::Deleted) => format!("deletion {until}"),
        Some(DeletionKind::Archived) => format!("archiving {until}"),
        None if waiting.fields == 0 && waiting.discard => format!("discarding the draft {until}"),
        None if waiting.fields == 0 => format!("save {until}"),
        None => {
            let fields = format::count(waiting.fields as u64, "field", "fields");
            let save = if waiting.save { ", to be saved" } else { "" };
            format!("{fields}{save}, {until}")
        }
    }
}

fn title(waiting: &OutboxEntry) -> &str {
    match waiting.title.trim() {
        "" => "A new record",
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
        return html! { <p class="baton-quiet">{ "Nothing waits: the server has everything." }</p> };
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
            <Alert inline=true r#type={AlertType::Info} title="What you typed is kept on this computer">
                <p>{ "Sign in again, and it goes to the server." }</p>
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
