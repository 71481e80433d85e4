//! Who may see and edit a collection, at its definition, for admins.

use baton_locales::t;
use baton_protocol::id::EntityId;
use baton_protocol::rights::{Access, Groups};
use yew::prelude::*;
use yew_router::prelude::*;

use super::use_groups;
use crate::route::Route;
use crate::words;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct AccessSummaryProps {
    /// Which collection.
    pub(crate) entity: EntityId,
}

/// The panel; nothing until it is known.
#[component]
pub(crate) fn AccessSummary(props: &AccessSummaryProps) -> Html {
    let handle = use_groups();
    let Some(Ok(groups)) = &handle.groups else {
        return Html::default();
    };
    let by_role = if groups.closed.contains(&props.entity) {
        t::people::only_groups_and_admins()
    } else {
        t::people::by_role()
    };
    html! {
        <section class="baton-panel" id="who-may">
            <h2 class="baton-label">{ t::people::who_may_see_and_edit() }</h2>
            <p class="baton-quiet">{ by_role }</p>
            <ul class="baton-who-may">{ for given(groups, props.entity) }</ul>
            <p><Link<Route> to={Route::Groups}>{ t::people::change_at_the_groups() }</Link<Route>></p>
        </section>
    }
}

fn given(groups: &Groups, entity: EntityId) -> impl Iterator<Item = Html> {
    let granted = groups
        .groups
        .iter()
        .filter_map(move |group| Some((group, group.grants.get(&entity)?)));
    granted
        .filter(|(_, grant)| grant.access > Access::None)
        .map(|(group, grant)| {
            let limited = super::fields_limited(grant).map(|limited| format!(" · {limited}"));
            html! {
                <li key={group.id.to_string()}>
                    <Link<Route> to={Route::Group { group: group.id.0 }}>{ &group.name }</Link<Route>>
                    <span class="baton-quiet">{ format!(" {}", words::access(grant.access)) }{ limited }</span>
                </li>
            }
        })
}
