//! What saving a definition does to the values that records have, before it is saved.

use std::rc::Rc;

use baton_locales::t;
use baton_protocol::field::{Field, FieldType};
use baton_protocol::form::FormSnapshot;
use baton_protocol::id::EntityId;
use baton_protocol::list::Impact;
use baton_protocol::message::GetImpact;
use gloo_timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::backend;

/// How long nothing may be typed before it is asked, in milliseconds.
const WAIT: u32 = 500;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct ImpactNoticeProps {
    /// What the form shows.
    pub(crate) view: Rc<FormSnapshot>,
    /// Whether everything typed is on the server.
    pub(crate) arrived: bool,
}

/// What decides whether values have to become others.
fn decisive(field: &Field) -> (String, FieldType, Vec<String>, bool, Option<EntityId>) {
    let offered = field.offered().map(|option| option.id.clone()).collect();
    (field.id.clone(), field.field_type, offered, field.many, field.target)
}

/// The notice; nothing where no value is touched.
#[component]
pub(crate) fn ImpactNotice(props: &ImpactNoticeProps) -> Html {
    let impacts = use_state(|| Rc::new(Vec::<Impact>::new()));
    let view = &props.view;
    let before: Vec<_> = view.entity.fields.iter().map(decisive).collect();
    let defined = view.defined();
    let after: Vec<_> = defined.fields.iter().map(decisive).collect();
    let touched = before.iter().any(|field| !after.contains(field));
    {
        let set = impacts.setter();
        let entity = view.entity.id;
        use_effect_with((before, after, props.arrived, view.version), move |(.., arrived, _)| {
            let timer = (*arrived).then(|| {
                Timeout::new(if touched { WAIT } else { 0 }, move || {
                    if !touched {
                        set.set(Rc::new(Vec::new()));
                        return;
                    }
                    spawn_local(async move {
                        if let Ok(found) = backend::query(GetImpact { entity }).await {
                            set.set(Rc::new(found));
                        }
                    });
                })
            });
            move || drop(timer)
        });
    }
    if impacts.is_empty() || !touched {
        return Html::default();
    }
    let loses = impacts.iter().any(|impact| impact.lost > 0);
    html! {
        <section class={classes!("baton-impact", loses.then_some("baton-impact-loses"))} id="impact" aria-live="polite">
            <h2 class="baton-label">{ t::definition::when_you_save_this() }</h2>
            <ul>
                { for impacts.iter().map(|impact| html! { <li key={impact.field.clone()}>{ sentence(impact) }</li> }) }
            </ul>
            if loses {
                <p class="baton-quiet">{ t::definition::stays_in_history() }</p>
            }
        </section>
    }
}

fn sentence(impact: &Impact) -> Html {
    let records = impact.records;
    let label = &impact.label;
    if impact.removed {
        let words = t::definition::is_removed(label, records);
        return if records == 0 {
            html! { { words } }
        } else {
            html! { <strong>{ words }</strong> }
        };
    }
    if impact.lost == 0 {
        return html! { { t::definition::is_converted(label, records) } };
    }
    let examples: Vec<Html> = impact
        .examples
        .iter()
        .map(|words| html! { <q class="baton-example">{ words.clone() }</q> })
        .collect();
    html! {
        <>
            <strong>{ t::definition::loses_values(label, records, impact.lost) }</strong>
            { " " }{ t::definition::for_example() }{ " " }
            { for examples.into_iter() }
        </>
    }
}
