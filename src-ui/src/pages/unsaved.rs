//! What anybody has typed and not saved, for admins (semantics 3.11): a draft that nobody comes back to is found here.

use std::rc::Rc;

use baton_locales::t;
use baton_protocol::id::FormKind;
use baton_protocol::message::{AllDrafts, DraftRow, GetAllDrafts, Problem};
use patternfly_yew::prelude::*;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::backend;
use crate::components::{Loading, PageTitle, route_of_draft};
use crate::format;
use crate::hooks::{use_entities, use_session};
use crate::route::Route;

/// What the server answered.
#[derive(Clone, PartialEq)]
struct Listed {
    rows: Rc<Vec<DraftRow>>,
    keep_days: u64,
}

async fn load() -> Result<Listed, Problem> {
    let AllDrafts { rows, keep_days } = backend::query(GetAllDrafts {}).await?;
    Ok(Listed {
        rows: Rc::new(rows),
        keep_days,
    })
}

/// The page.
#[component]
pub(crate) fn Unsaved() -> Html {
    let listed = use_state_eq(|| None::<Result<Listed, Problem>>);
    let live = use_session().live();
    {
        let set = listed.setter();
        use_effect_with(live, move |_| spawn_local(async move { set.set(Some(load().await)) }));
    }
    let body = match &*listed {
        None => html! { <Loading /> },
        Some(Err(problem)) => {
            html! { <Alert inline=true r#type={AlertType::Danger} title={problem.message.to_string()} /> }
        }
        Some(Ok(listed)) if listed.rows.is_empty() => html! {
            <EmptyState title={t::unsaved::nobody_left_anything()} icon={Icon::Cubes}>
                { t::unsaved::what_appears_here() }
            </EmptyState>
        },
        Some(Ok(listed)) => html! { <Drafts rows={listed.rows.clone()} /> },
    };
    let about = match &*listed {
        Some(Ok(listed)) => t::unsaved::typed_and_removed_after(listed.keep_days),
        Some(Err(_)) | None => t::unsaved::typed_and_not_saved().to_owned(),
    };
    html! {
        <>
            <PageSection>
                <nav class="baton-crumbs" aria-label={t::common::where_you_are()}>
                    <Link<Route> to={Route::Entities}>{ t::common::collections() }</Link<Route>>
                </nav>
                <div class="baton-heading">
                    <PageTitle title={t::unsaved::everybodys_unsaved_work()} />
                </div>
                <p class="baton-quiet">{ about }</p>
            </PageSection>
            <PageSection fill={PageSectionFill::Fill}>{ body }</PageSection>
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct DraftsProps {
    rows: Rc<Vec<DraftRow>>,
}

#[component]
fn Drafts(props: &DraftsProps) -> Html {
    let entities = use_entities();
    let row = |row: &DraftRow| {
        let entity = entities
            .rows
            .iter()
            .flatten()
            .find(|known| known.entity.id == row.entity);
        let collection = entity.map_or_else(String::new, |known| known.entity.label_plural.clone());
        let kind = match (row.form.kind, row.new) {
            (FormKind::Entity, true) => t::unsaved::new_definition(),
            (FormKind::Entity, false) => t::unsaved::definition(),
            (FormKind::Record, true) => t::unsaved::new_record(),
            (FormKind::Record, false) => t::unsaved::record(),
        };
        let title = format::title(&row.title);
        let names: Vec<&str> = row.authors.iter().map(|author| author.name.as_str()).collect();
        html! {
            <tr class="pf-v6-c-table__tr" key={row.form.id.to_string()} data-draft={row.title.clone()}>
                <td class="pf-v6-c-table__td" data-label={t::unsaved::title()}>
                    <Link<Route> to={route_of_draft(row.form, row.entity)}>{ title }</Link<Route>>
                </td>
                <td class="pf-v6-c-table__td" data-label={t::unsaved::collection()}>{ collection }</td>
                <td class="pf-v6-c-table__td baton-quiet" data-label={t::unsaved::kind()}>{ kind }</td>
                <td class="pf-v6-c-table__td" data-label={t::unsaved::whose()}>{ names.join(", ") }</td>
                <td class="pf-v6-c-table__td baton-quiet" data-label={t::unsaved::last_change()}>{ format::moment(row.at) }</td>
            </tr>
        }
    };
    html! {
        <table class="pf-v6-c-table pf-m-grid-md pf-m-compact baton-table" aria-label={t::unsaved::everybodys_unsaved_work()}>
            <thead class="pf-v6-c-table__thead">
                <tr class="pf-v6-c-table__tr">
                    { for [t::unsaved::title(), t::unsaved::collection(), t::unsaved::kind(), t::unsaved::whose(), t::unsaved::last_change()].map(|name| html! {
                        <th class="pf-v6-c-table__th" scope="col">{ name }</th>
                    }) }
                </tr>
            </thead>
            <tbody class="pf-v6-c-table__tbody">{ for props.rows.iter().map(row) }</tbody>
        </table>
    }
}
