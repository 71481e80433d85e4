//! All entities.

use baton_protocol::entity::EntityStatus;
use patternfly_yew::prelude::*;
use uuid::Uuid;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::components::Loading;
use crate::format::{self, icon_of};
use crate::hooks::{use_entities, use_session};
use crate::route::Route;

/// All entities, as cards.
#[component]
pub(crate) fn Entities() -> Html {
    let entities = use_entities();
    let admin = use_session().is_admin();
    let navigator = use_navigator();
    let define = Callback::from(move |_: MouseEvent| {
        if let Some(navigator) = &navigator {
            navigator.push(&Route::Definition { entity: Uuid::now_v7() });
        }
    });
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
                { for rows.iter().filter(|row| admin || row.entity.status != EntityStatus::Draft).map(|row| html! {
                    <Link<Route> key={row.entity.id.to_string()} to={Route::records(row.entity.id)}
                        classes="pf-v6-c-card pf-m-clickable baton-card">
                        <div class="pf-v6-c-card__title">
                            <h2 class="pf-v6-c-card__title-text">
                                <i class={format!("fas fa-{} baton-card-icon", icon_of(&row.entity))} aria-hidden="true" />
                                { &row.entity.label_plural }
                                { status(row.entity.status) }
                            </h2>
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
                <div class="baton-heading">
                    <h1 class="pf-v6-c-title pf-m-2xl">{ "Content" }</h1>
                    <span class="baton-push" />
                    if admin {
                        <Button id="new-entity" variant={ButtonVariant::Primary} label="New kind of content" onclick={define} />
                    }
                </div>
                <p class="baton-quiet">{ "Everything this server keeps. Open one to see and edit its records." }</p>
            </PageSection>
            <PageSection fill={PageSectionFill::Fill}>{ body }</PageSection>
        </>
    }
}

/// What is not in use says so.
fn status(status: EntityStatus) -> Html {
    match status {
        EntityStatus::Published => Html::default(),
        EntityStatus::Draft => html! { <Label color={Color::Grey} label="Draft" compact=true /> },
        EntityStatus::Archived => html! { <Label color={Color::Orange} label="Archived" compact=true /> },
    }
}
