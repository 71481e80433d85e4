//! Who edited a form when, and why it passed on (semantics 7.4).

use baton_locales::t;
use baton_protocol::audit::OwnerChange;
use baton_protocol::id::FormKey;
use baton_protocol::message::{GetOwners, Problem};
use patternfly_yew::prelude::*;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::components::Loading;
use crate::words::audit;
use crate::{backend, format};

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct OwnersProps {
    pub(crate) form: FormKey,
}

/// A line that opens to the list.
#[component]
pub(crate) fn Owners(props: &OwnersProps) -> Html {
    let open = use_state_eq(|| false);
    let changes = use_state_eq(|| None::<Result<Vec<OwnerChange>, Problem>>);
    {
        let changes = changes.setter();
        use_effect_with((props.form, *open), move |(form, open)| {
            if *open {
                let form = *form;
                spawn_local(async move { changes.set(Some(backend::query(GetOwners { form }).await)) });
            }
        });
    }
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let arrow = if *open { "fa-angle-down" } else { "fa-angle-right" };
    html! {
        <section class="baton-owners">
            <button type="button" class="baton-owners-toggle" id="owners" aria-expanded={open.to_string()} onclick={toggle}>
                <i class={classes!("fas", arrow)} aria-hidden="true" />
                { t::form::who_edited_when() }
            </button>
            if *open {
                { match &*changes {
                    None => html! { <Loading /> },
                    Some(Err(problem)) => html! {
                        <Alert inline=true r#type={AlertType::Warning} title={problem.message.to_string()} />
                    },
                    Some(Ok(changes)) if changes.is_empty() => html! {
                        <p class="baton-quiet">{ t::form::nobody_edited_it() }</p>
                    },
                    Some(Ok(changes)) => html! {
                        <ol id="owner-list">
                            { for changes.iter().map(|change| html! {
                                <li>
                                    <span class="baton-quiet">{ format::moment(change.at) }</span>
                                    { audit::owner_change(change) }
                                </li>
                            }) }
                        </ol>
                    },
                } }
            }
        </section>
    }
}
