//! All entities.

use std::rc::Rc;

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
use crate::components::{JobReport, Loading, PageTitle, RecentWork, UnsavedWork, confirm_purge};
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
            <Alert inline=true r#type={AlertType::Danger} title={problem.message.clone()} />
        },
        (None, None) => html! { <Loading /> },
        (Some(_), None) if entities.living().next().is_none() && !admin => html! {
            <EmptyState title="Nothing is here for you yet" icon={Icon::Cubes}>
                { "Administrators define collections, and choose who sees them. What is for you appears here at once." }
            </EmptyState>
        },
        (Some(_), None) if entities.living().next().is_none() => html! {
            <EmptyState title="Nothing is defined yet" icon={Icon::Cubes}>
                { "Define what this server keeps: products, people, checks." }
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
                            { format::count(row.records, "record", "records") }
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
                    <PageTitle title="Collections" />
                    <span class="baton-push" />
                    if admin {
                        <Button id="new-entity" variant={ButtonVariant::Primary} label="New collection" onclick={define} />
                    }
                </div>
                <p class="baton-quiet">{ "Everything this server keeps. Open one to see and edit its records." }</p>
            </PageSection>
            <PageSection fill={PageSectionFill::Fill}>
                <UnsavedWork />
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
            let records = format::count(row.records, "record", "records");
            let what = format!("{} and {records}", row.entity.label_plural);
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
            <h2 class="baton-label">{ "Deleted" }</h2>
            if let Some(problem) = &*problem {
                <Alert inline=true r#type={AlertType::Danger} title={problem.message.clone()} />
            }
            <ul>
                { for gone.into_iter().map(|(row, gone)| html! {
                    <li key={row.entity.id.to_string()} data-deleted={row.entity.label_plural.clone()}>
                        <strong>{ &row.entity.label_plural }</strong>
                        <span class="baton-quiet">
                            { format!("{}, by {}, {}", format::count(row.records, "record", "records"), gone.stamp.by.name,
                                format::moment(gone.stamp.at)) }
                        </span>
                        <span class="baton-push" />
                        <Button class="baton-restore" variant={ButtonVariant::Link} label="Restore"
                            onclick={restore(FormKey::entity(row.entity.id))} />
                        <Button class="baton-purge" variant={ButtonVariant::Link} label="Delete for ever…"
                            onclick={ask(Some(row.entity.id)).reform(|_: MouseEvent| ())} />
                    </li>
                }) }
            </ul>
            { question }
            <JobReport {job} what="Deleting" done={("record was deleted for ever", "records were deleted for ever")} left_out="Not deleted" />
        </section>
    }
}

/// Who has the definition open, or left it unsaved (semantics 6.2).
fn definition_in_hand(row: &EntityRow) -> Html {
    match (&row.editing, &row.unsaved) {
        (Some(editing), _) => html! {
            <span class="baton-editing" title="The definition is open at this moment">
                { format!("{} is editing the definition", editing.owner.name) }
            </span>
        },
        (None, Some(author)) => html! {
            <span class="baton-unsaved-of" title="What was typed into the definition is kept and not saved">
                { format!("Definition: unsaved changes of {}", author.name) }
            </span>
        },
        (None, None) => Html::default(),
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
