//! A group: who is in it, and what it gives; for admins (semantics 7.2).

use std::sync::Arc;

use baton_locales::t;
use baton_protocol::id::GroupId;
use baton_protocol::rights::{Group as OneGroup, GroupChange};
use patternfly_yew::prelude::*;
use uuid::Uuid;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::components::{AccessEditor, Dialog, GroupNameDialog, Loading, Members, PageTitle, use_groups};
use crate::hooks::{use_entities, use_session};
use crate::route::Route;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct GroupProps {
    /// Which.
    pub(crate) group: Uuid,
}

/// What is asked over the page.
#[derive(Clone, Copy, PartialEq)]
enum Asked {
    Nothing,
    Name,
    Remove,
}

/// The page.
#[component]
pub(crate) fn Group(props: &GroupProps) -> Html {
    let id = GroupId(props.group);
    let handle = use_groups();
    let entities = use_entities();
    let live = use_session().live();
    let asked = use_state_eq(|| Asked::Nothing);
    let asks = |what: Asked| {
        let asked = asked.setter();
        Callback::from(move |()| asked.set(what))
    };
    let groups = match &handle.groups {
        None => return html! { <PageSection><Loading /></PageSection> },
        Some(Err(problem)) => return message(&problem.message.to_string()),
        Some(Ok(groups)) => groups,
    };
    let Some(group) = groups.groups.iter().find(|group| group.id == id) else {
        return message(t::people::no_such_group());
    };
    let on_change = handle.change.clone();
    html! {
        <>
            <PageSection>
                <nav class="baton-crumbs" aria-label={t::common::where_you_are()}>
                    <Link<Route> to={Route::Groups}>{ t::shell::groups() }</Link<Route>>
                    <span aria-hidden="true">{ "›" }</span>
                </nav>
                <div class="baton-heading">
                    <PageTitle title={group.name.clone()} id="group-title" />
                    <span class="baton-push" />
                    <Button id="rename-group" variant={ButtonVariant::Secondary} disabled={!live} label={t::people::rename()}
                        onclick={asks(Asked::Name).reform(|_: MouseEvent| ())} />
                    <Button id="remove-group" variant={ButtonVariant::Danger} disabled={!live} label={t::common::remove()}
                        onclick={asks(Asked::Remove).reform(|_: MouseEvent| ())} />
                </div>
            </PageSection>
            <PageSection fill={PageSectionFill::Fill}>
                <div class="baton-panels">
                    <section class="baton-panel">
                        <h2 class="pf-v6-c-title pf-m-md">{ t::people::members() }</h2>
                        <Members group={group.clone()} {live} on_change={on_change.clone()} />
                    </section>
                    <section class="baton-panel">
                        <h2 class="pf-v6-c-title pf-m-md">{ t::people::what_they_may_do() }</h2>
                        <ul class="baton-accesses">
                            { for entities.living().map(|row| html! {
                                <AccessEditor key={row.entity.id.to_string()} group={group.clone()} entity={Arc::clone(&row.entity)}
                                    fields=true {live} on_change={on_change.clone()} />
                            }) }
                        </ul>
                    </section>
                </div>
            </PageSection>
            <Question group={group.clone()} asked={*asked} on_close={asks(Asked::Nothing)} {on_change} />
        </>
    }
}

fn message(text: &str) -> Html {
    html! {
        <PageSection>
            <Alert inline=true r#type={AlertType::Warning} title={text.to_owned()} />
            <p><Link<Route> to={Route::Groups}>{ t::people::all_groups() }</Link<Route>></p>
        </PageSection>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct QuestionProps {
    group: OneGroup,
    asked: Asked,
    on_close: Callback<()>,
    on_change: Callback<GroupChange>,
}

/// What is asked before it is done.
#[component]
fn Question(props: &QuestionProps) -> Html {
    let QuestionProps {
        group,
        on_close,
        on_change,
        ..
    } = props;
    let navigator = use_navigator();
    let id = group.id;
    let rename = {
        let (close, change) = (on_close.clone(), on_change.clone());
        Callback::from(move |name: String| {
            close.emit(());
            change.emit(GroupChange::Rename(id, name));
        })
    };
    let remove = {
        let (close, change) = (on_close.clone(), on_change.clone());
        Callback::from(move |_: MouseEvent| {
            close.emit(());
            change.emit(GroupChange::Remove(id));
            if let Some(navigator) = &navigator {
                navigator.push(&Route::Groups);
            }
        })
    };
    match props.asked {
        Asked::Nothing => Html::default(),
        Asked::Name => html! {
            <GroupNameDialog title={t::people::another_name()} name={group.name.clone()} yes={t::people::rename()} on_name={rename} on_cancel={on_close.clone()} />
        },
        Asked::Remove => html! {
            <Dialog title={t::people::ask_to_remove_group(&group.name)} on_cancel={on_close.clone()}>
                <p>{ t::people::what_removing_a_group_does() }</p>
                <div class="baton-actions">
                    <Button id="group-yes" variant={ButtonVariant::Danger} onclick={remove} label={t::common::remove()} />
                    <Button id="group-no" variant={ButtonVariant::Secondary} label={t::common::cancel()}
                        onclick={on_close.reform(|_: MouseEvent| ())} />
                </div>
            </Dialog>
        },
    }
}
