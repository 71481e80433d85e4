//! The definition of an entity: edited by one admin at a time, watched by everybody else.

use baton_locales::t;
use baton_protocol::id::{EntityId, FormKey};
use uuid::Uuid;
use yew::prelude::*;

use crate::components::{
    AccessSummary, DefinitionFields, DefinitionHead, FormPage, ImpactNotice, Preview, RemovalActions,
};
use crate::hooks::{use_first_field, use_form, use_session};
use crate::route::Route;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct DefinitionProps {
    /// Which entity; one that was never saved is a new one.
    pub(crate) entity: Uuid,
}

/// The page.
#[component]
pub(crate) fn Definition(props: &DefinitionProps) -> Html {
    let entity = EntityId(props.entity);
    let form = use_form(FormKey::entity(entity), entity);
    let session = use_session();
    use_first_field(&form, "field-label");
    let mut crumbs = vec![(Route::Entities, AttrValue::from(t::common::collections()))];
    let Some(view) = form.state.view.clone() else {
        return html! { <FormPage form={form.clone()} title="" {crumbs} actions={Html::default()} children={Html::default()} /> };
    };
    if view.version.0 > 0 {
        crumbs.push((Route::records(entity), view.entity.label_plural.clone().into()));
    }
    let title = match view.value("label_plural").text().trim() {
        "" => t::shell::new_collection().to_owned(),
        name => t::shell::definition_of(name),
    };
    let actions = if view.version.0 > 0 && view.me.is_some() {
        html! { <RemovalActions form={form.clone()} view={view.clone()} live={session.live()} /> }
    } else {
        Html::default()
    };
    let arrived = form.state.waiting == 0 && !form.state.typing();
    html! {
        <FormPage form={form.clone()} {title} {crumbs} {actions} wide=true>
            <div class="baton-definition">
                <div class="baton-definition-form">
                    <DefinitionHead form={form.clone()} view={view.clone()} />
                    <DefinitionFields form={form.clone()} view={view.clone()} />
                </div>
                <div class="baton-definition-side">
                    <ImpactNotice view={view.clone()} {arrived} />
                    if session.is_admin() && view.version.0 > 0 {
                        <AccessSummary {entity} />
                    }
                    <Preview view={view.clone()} />
                </div>
            </div>
        </FormPage>
    }
}
