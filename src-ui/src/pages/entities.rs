//! All entities.

use patternfly_yew::prelude::*;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::components::Loading;
use crate::format;
use crate::hooks::use_entities;
use crate::route::Route;

/// All entities, as cards.
#[component]
pub(crate) fn Entities() -> Html {
    let entities = use_entities();
    let body = match (&entities.rows, &entities.problem) {
        (_, Some(problem)) => html! {
            <Alert inline=true r#type={AlertType::Danger} title={problem.message.clone()} />
        },
        (None, None) => html! { <Loading /> },
        (Some(rows), None) if rows.is_empty() => html! {
            <EmptyState title="Nothing is defined yet" icon={Icon::Cubes}>
                { "An admin defines what this server keeps: products, people, checks. It appears here at once." }
            </EmptyState>
        },
        (Some(rows), None) => html! {
            <div class="baton-cards">
                { for rows.iter().map(|row| html! {
                    <Link<Route> key={row.entity.id.to_string()} to={Route::records(row.entity.id)}
                        classes="pf-v6-c-card pf-m-clickable baton-card">
                        <div class="pf-v6-c-card__title">
                            <h2 class="pf-v6-c-card__title-text">{ &row.entity.label_plural }</h2>
                        </div>
                        <div class="pf-v6-c-card__body">{ &row.entity.description }</div>
                        <div class="pf-v6-c-card__footer baton-quiet" data-count={row.entity.name.clone()}>
                            { format::count(row.records, "record", "records") }
                        </div>
                    </Link<Route>>
                }) }
            </div>
        },
    };
    html! {
        <>
            <PageSection>
                <h1 class="pf-v6-c-title pf-m-2xl">{ "Content" }</h1>
                <p class="baton-quiet">{ "Everything this server keeps. Open one to see and edit its records." }</p>
            </PageSection>
            <PageSection fill={PageSectionFill::Fill}>{ body }</PageSection>
        </>
    }
}
