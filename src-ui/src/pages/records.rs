//! The records of one entity.

use baton_protocol::id::{EntityId, RecordId};
use patternfly_yew::prelude::*;
use uuid::Uuid;
use web_sys::HtmlInputElement;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::components::{Loading, RecordTable};
use crate::format;
use crate::hooks::use_records;
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
                        <input type="search" placeholder="Filter by title" aria-label="Filter by title" oninput={on_filter} />
                    </span>
                    <Button id="new-record" variant={ButtonVariant::Primary} label={new.clone()} onclick={create.reform(|_| ())} />
                </div>
                <p class="baton-quiet">{ &entity.description }</p>
            </PageSection>
            <PageSection fill={PageSectionFill::Fill}>
                if records.rows.is_empty() {
                    <EmptyState title={format!("No {} yet", entity.label_plural.to_lowercase())} icon={Icon::Cubes}
                        primary={Action::new(new, create)}>
                        { "The first one that anybody saves appears here at once, for everyone." }
                    </EmptyState>
                } else {
                    <RecordTable records={records.clone()} filter={(*filter).clone()} />
                }
            </PageSection>
        </>
    }
}
