//! All entities.

use std::rc::Rc;

use baton_locales::t;
use baton_protocol::desktop::CommandForm;
use baton_protocol::entity::EntityStatus;
use baton_protocol::form::FormCommand;
use baton_protocol::id::{EntityId, FormKey};
use baton_protocol::job::Job;
use baton_protocol::message::{EntityRow, Problem};
use patternfly_yew::prelude::*;
use uuid::Uuid;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::backend;
use crate::components::{
    Favourites, JobReport, Loading, PageTitle, RecentWork, UnsavedWork, WorkOnRecords, confirm_purge,
};
use crate::format::{self, icon_of};
use crate::hooks::{Work, use_entities, use_job, use_session};
use crate::route::Route;
use crate::state::entities::Entities as State;

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
            <Alert inline=true r#type={AlertType::Danger} title={problem.message.to_string()} />
        },
        (None, None) => html! { <Loading /> },
        (Some(_), None) if entities.living().next().is_none() && !admin => html! {
            <EmptyState title={t::collections::nothing_for_you_yet()} icon={Icon::Cubes}>
                { t::collections::administrators_define_collections() }
            </EmptyState>
        },
        (Some(_), None) if entities.living().next().is_none() => html! {
            <EmptyState title={t::collections::nothing_is_defined_yet()} icon={Icon::Cubes}>
                { t::collections::define_what_this_server_keeps() }
            </EmptyState>
        },
        (Some(_), None) => html! {
            <div class="baton-cards">
                { for entities.living().map(|row| html! {
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
                            { t::common::records(row.records) }
                            { definition_in_hand(row) }
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
                    <PageTitle title={t::common::collections()} />
                    <span class="baton-push" />
                    if admin {
                        <Button id="new-entity" variant={ButtonVariant::Primary} label={t::shell::new_collection()} onclick={define} />
                    }
                </div>
                <p class="baton-quiet">{ t::collections::what_the_server_keeps() }</p>
            </PageSection>
            <PageSection fill={PageSectionFill::Fill}>
                <UnsavedWork />
                <Favourites />
                <RecentWork />
                { body }
                if admin {
                    <Deleted entities={entities.clone()} />
                }
            </PageSection>
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct DeletedProps {
    entities: Rc<State>,
}

/// What was deleted with its records and can still come back.
#[component]
fn Deleted(props: &DeletedProps) -> Html {
    let problem = use_state_eq(|| None::<Problem>);
    let asked = use_state_eq(|| None::<EntityId>);
    let job = use_job();
    let rows = props.entities.rows.iter().flatten();
    let gone: Vec<_> = rows.filter_map(|row| Some((row, row.entity.gone.as_ref()?))).collect();
    if gone.is_empty() && job.work == Work::None {
        return Html::default();
    }
    let ask = |about: Option<EntityId>| {
        let asked = asked.setter();
        Callback::from(move |()| asked.set(about))
    };
    let question = gone
        .iter()
        .find(|(row, _)| Some(row.entity.id) == *asked)
        .map(|(row, _)| {
            let (begin, close, entity) = (job.begin.clone(), ask(None), row.entity.id);
            let on_purge = Callback::from(move |()| {
                begin.emit(Job::PurgeEntity { entity });
                close.emit(());
            });
            let what = t::collections::collection_and_records(&row.entity.label_plural, row.records);
            confirm_purge(&what, on_purge, ask(None))
        });
    let restore = |form: FormKey| {
        let problem = problem.setter();
        Callback::from(move |_: MouseEvent| {
            problem.set(None);
            let problem = problem.clone();
            let refused = Callback::from(move |refused| problem.set(Some(refused)));
            let command = FormCommand::Restore;
            backend::send(CommandForm { form, command }, refused);
        })
    };
    html! {
        <section class="baton-panel baton-deleted" id="deleted">
            <h2 class="baton-label">{ t::collections::deleted() }</h2>
            if let Some(problem) = &*problem {
                <Alert inline=true r#type={AlertType::Danger} title={problem.message.to_string()} />
            }
            <ul>
                { for gone.into_iter().map(|(row, gone)| html! {
                    <li key={row.entity.id.to_string()} data-deleted={row.entity.label_plural.clone()}>
                        <strong>{ &row.entity.label_plural }</strong>
                        <span class="baton-quiet">
                            { t::collections::records_deleted_by(row.records, &gone.stamp.by.name, format::moment(gone.stamp.at)) }
                        </span>
                        <span class="baton-push" />
                        <Button class="baton-restore" variant={ButtonVariant::Link} label={t::common::restore()}
                            onclick={restore(FormKey::entity(row.entity.id))} />
                        <Button class="baton-purge" variant={ButtonVariant::Link} label={t::bin::delete_for_ever()}
                            onclick={ask(Some(row.entity.id)).reform(|_: MouseEvent| ())} />
                    </li>
                }) }
            </ul>
            { question }
            <JobReport {job} work={WorkOnRecords::Purge} />
        </section>
    }
}

/// Who has the definition open, or left it unsaved (semantics 6.2).
fn definition_in_hand(row: &EntityRow) -> Html {
    match (&row.editing, &row.unsaved) {
        (Some(editing), _) => html! {
            <span class="baton-editing" title={t::collections::definition_is_open()}>
                { t::collections::is_editing_the_definition(&editing.owner.name) }
            </span>
        },
        (None, Some(author)) => html! {
            <span class="baton-unsaved-of" title={t::collections::definition_typed_not_saved()}>
                { t::collections::definition_unsaved_changes_of(&author.name) }
            </span>
        },
        (None, None) => Html::default(),
    }
}

/// What is not in use says so.
fn status(status: EntityStatus) -> Html {
    match status {
        EntityStatus::Published => Html::default(),
        EntityStatus::Draft => html! { <Label color={Color::Grey} label={t::words::status_draft()} compact=true /> },
        EntityStatus::Archived => {
            html! { <Label color={Color::Orange} label={t::words::status_archived()} compact=true /> }
        }
    }
}
