//! The records of one entity.

use std::collections::BTreeMap;

use baton_protocol::desktop::Waiting;
use baton_protocol::id::{EntityId, RecordId};
use patternfly_yew::prelude::*;
use uuid::Uuid;
use web_sys::HtmlInputElement;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::components::{Loading, Outbox, RecordTable, what_waits};
use crate::format;
use crate::hooks::{use_records, use_session};
use crate::route::Route;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct RecordsProps {
    /// Which entity.
    pub(crate) entity: Uuid,
}

/// The records of an entity, as a table.
#[component]
pub(crate) fn Records(props: &RecordsProps) -> Html {
    let id = EntityId(props.entity);
    let records = use_records(id);
    let session = use_session();
    let filter = use_state_eq(String::new);
    let navigator = use_navigator();
    let create = Callback::from(move |()| {
        if let Some(navigator) = &navigator {
            navigator.push(&Route::record(id, RecordId(Uuid::now_v7())));
        }
    });
    let on_filter = {
        let filter = filter.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                filter.set(input.value());
            }
        })
    };
    if let Some(problem) = &records.problem {
        return html! {
            <PageSection>
                <Alert inline=true r#type={AlertType::Danger} title={problem.message.clone()} />
            </PageSection>
        };
    }
    let Some(entity) = &records.entity else {
        return html! { <PageSection><Loading /></PageSection> };
    };
    let new = format!("New {}", entity.label.to_lowercase());
    let state = session.state();
    let waiting: BTreeMap<RecordId, &Waiting> = state
        .iter()
        .flat_map(|state| state.waiting_of(id))
        .map(|waiting| (RecordId(waiting.form.id), waiting))
        .collect();
    // Made on this computer, and not in anybody's list yet.
    let made_here: Vec<Waiting> = waiting
        .iter()
        .filter(|(_, waiting)| waiting.new)
        .map(|(_, waiting)| (*waiting).clone())
        .collect();
    let waiting: BTreeMap<RecordId, String> = waiting
        .into_iter()
        .map(|(record, waiting)| (record, what_waits(waiting, session.live())))
        .collect();
    html! {
        <>
            <PageSection>
                <nav class="baton-crumbs" aria-label="Where you are">
                    <Link<Route> to={Route::Entities}>{ "Content" }</Link<Route>>
                </nav>
                <div class="baton-heading">
                    <h1 class="pf-v6-c-title pf-m-2xl">{ &entity.label_plural }</h1>
                    <span class="baton-quiet" id="total">{ format::count(records.total, "record", "records") }</span>
                    <span class="baton-push" />
                    <Link<Route> classes="baton-bin-link" to={Route::Bin { entity: props.entity }}>{ "Archive and bin" }</Link<Route>>
                    <span class="pf-v6-c-form-control baton-filter">
                        <input type="search" id="filter" placeholder="Search" aria-label="Search in this list" oninput={on_filter} />
                    </span>
                    <Button id="new-record" variant={ButtonVariant::Primary} label={new.clone()} onclick={create.reform(|_| ())} />
                </div>
                <p class="baton-quiet">{ &entity.description }</p>
            </PageSection>
            <PageSection fill={PageSectionFill::Fill}>
                if let Some(at) = records.remembered.filter(|_| session.offline()) {
                    <p class="baton-quiet baton-age" id="age">
                        { format!("As this computer remembers it, from {}.", format::moment(at)) }
                    </p>
                }
                if !made_here.is_empty() {
                    <section class="baton-panel baton-made-here" id="made-here">
                        <h2 class="baton-label">{ "Only on this computer so far" }</h2>
                        <Outbox outbox={made_here} />
                    </section>
                }
                if records.rows.is_empty() {
                    <EmptyState title={format!("No {} yet", entity.label_plural.to_lowercase())} icon={Icon::Cubes}
                        primary={Action::new(new, create)}>
                        { "The first one that anybody saves appears here at once, for everyone." }
                    </EmptyState>
                } else {
                    <RecordTable records={records.clone()} filter={(*filter).clone()} {waiting} />
                }
            </PageSection>
        </>
    }
}
