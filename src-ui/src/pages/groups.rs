//! What groups may do with collections: a row a collection, a column a group; for admins (semantics 7.2).

use std::sync::Arc;

use baton_locales::t;
use baton_protocol::entity::Entity;
use baton_protocol::id::GroupId;
use baton_protocol::rights::{GroupChange, Groups as All};
use patternfly_yew::prelude::*;
use uuid::Uuid;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::components::{AccessEditor, GroupNameDialog, Loading, PageTitle, Select, use_groups};
use crate::format::icon_of;
use crate::hooks::{use_entities, use_session};
use crate::route::Route;

/// The page.
#[component]
pub(crate) fn Groups() -> Html {
    let handle = use_groups();
    let entities = use_entities();
    let live = use_session().live();
    let naming = use_state_eq(|| false);
    let name = |shown: bool| {
        let naming = naming.setter();
        Callback::from(move |()| naming.set(shown))
    };
    let add = {
        let (change, close) = (handle.change.clone(), name(false));
        Callback::from(move |name: String| {
            close.emit(());
            change.emit(GroupChange::Add(GroupId(Uuid::now_v7()), name));
        })
    };
    let collections: Vec<Arc<Entity>> = entities.living().map(|row| Arc::clone(&row.entity)).collect();
    let body = match &handle.groups {
        None => html! { <Loading /> },
        Some(Err(problem)) => {
            html! { <Alert inline=true r#type={AlertType::Danger} title={problem.message.to_string()} /> }
        }
        Some(Ok(groups)) => html! {
            <>
                if groups.groups.is_empty() {
                    <EmptyState title={t::people::no_groups_yet()} icon={Icon::Users}>
                        { t::people::make_a_group() }
                    </EmptyState>
                }
                if !collections.is_empty() {
                    { matrix(groups, &collections, live, &handle.change) }
                }
            </>
        },
    };
    let count = handle.groups.as_ref().and_then(|groups| groups.as_ref().ok());
    let count = count.map(|groups| t::people::count_of_groups(groups.groups.len()));
    html! {
        <>
            <PageSection>
                <div class="baton-heading">
                    <PageTitle title={t::shell::groups()} />
                    <span class="baton-quiet">{ count }</span>
                    <span class="baton-push" />
                    <Button id="add-group" variant={ButtonVariant::Primary} disabled={!live}
                        onclick={name(true).reform(|_: MouseEvent| ())} label={t::people::new_group()} />
                </div>
                <p class="baton-quiet">
                    { t::people::how_groups_count() }
                </p>
            </PageSection>
            <PageSection fill={PageSectionFill::Fill}>{ body }</PageSection>
            if *naming {
                <GroupNameDialog title={t::people::new_group()} yes={t::people::make_the_group()} on_name={add} on_cancel={name(false)} />
            }
        </>
    }
}

fn matrix(groups: &All, collections: &[Arc<Entity>], live: bool, change: &Callback<GroupChange>) -> Html {
    html! {
        <div class="baton-matrix" tabindex="0" role="region" aria-label={t::people::what_groups_may_do()}>
            <table class="pf-v6-c-table pf-m-compact baton-table" aria-label={t::people::groups_and_collections()}>
                <thead class="pf-v6-c-table__thead">
                    <tr class="pf-v6-c-table__tr">
                        <th class="pf-v6-c-table__th baton-matrix-side" scope="col">{ t::people::collection() }</th>
                        <th class="pf-v6-c-table__th" scope="col">{ t::people::roles() }</th>
                        { for groups.groups.iter().map(|group| html! {
                            <th class="pf-v6-c-table__th" scope="col" key={group.id.to_string()} data-group={group.name.clone()}>
                                <Link<Route> to={Route::Group { group: group.id.0 }}>{ &group.name }</Link<Route>>
                                <span class="baton-quiet baton-second">
                                    { t::people::count_of_people(group.members.len()) }
                                </span>
                            </th>
                        }) }
                    </tr>
                </thead>
                <tbody class="pf-v6-c-table__tbody">
                    { for collections.iter().map(|entity| row(groups, entity, live, change)) }
                </tbody>
            </table>
        </div>
    }
}

fn row(groups: &All, entity: &Arc<Entity>, live: bool, change: &Callback<GroupChange>) -> Html {
    let id = entity.id;
    let closed = groups.closed.contains(&id);
    let close = change.reform(move |word: String| GroupChange::Close(id, word == "closed"));
    let options = vec![
        ("open".into(), t::people::as_the_role_says().into()),
        ("closed".into(), t::people::groups_only().into()),
    ];
    html! {
        <tr class="pf-v6-c-table__tr" key={id.to_string()} data-collection={entity.name.clone()}>
            <th class="pf-v6-c-table__th baton-matrix-side" scope="row">
                <i class={format!("fas fa-{} baton-side-icon", icon_of(entity))} aria-hidden="true" />
                { &entity.label_plural }
            </th>
            <td class="pf-v6-c-table__td">
                <Select label={t::people::what_roles_give_of(&entity.label_plural)} value={if closed { "closed" } else { "open" }}
                    {options} disabled={!live} on_choice={close} />
            </td>
            { for groups.groups.iter().map(|group| html! {
                <td class="pf-v6-c-table__td" key={group.id.to_string()} data-of={group.name.clone()}>
                    <AccessEditor group={group.clone()} entity={entity.clone()} {live} on_change={change.clone()} />
                </td>
            }) }
        </tr>
    }
}
