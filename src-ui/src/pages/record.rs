//! A record's form.

use baton_protocol::id::{EntityId, FormKey, RecordId};
use uuid::Uuid;
use yew::prelude::*;

use crate::components::{FieldRow, FormPage, RemovalActions};
use crate::hooks::{use_first_field, use_form, use_session};
use crate::route::Route;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct RecordProps {
    /// Which entity.
    pub(crate) entity: Uuid,
    /// Which record.
    pub(crate) record: Uuid,
}

/// A record's form: the strip, and one row a field.
#[component]
pub(crate) fn Record(props: &RecordProps) -> Html {
    let entity = EntityId(props.entity);
    let form = use_form(FormKey::record(RecordId(props.record)), Some(entity));
    let session = use_session();
    use_first_field(&form, "field-title");
    let mut crumbs = vec![(Route::Entities, AttrValue::from("Content"))];
    let Some(view) = form.state.view.clone() else {
        crumbs.push((Route::records(entity), "The list".into()));
        return html! { <FormPage form={form.clone()} title="" {crumbs} actions={Html::default()} children={Html::default()} /> };
    };
    crumbs.push((Route::records(entity), view.entity.label_plural.clone().into()));
    let title = match view.title().trim() {
        "" => format!("New {}", view.entity.label.to_lowercase()),
        title => title.to_owned(),
    };
    let can_edit = view.can_edit();
    let on_input = form.on_input();
    let on_focus = form.on_focus();
    let actions = if view.version.0 > 0 && view.me.is_some() {
        html! { <RemovalActions form={form.clone()} view={view.clone()} live={session.live()} /> }
    } else {
        Html::default()
    };
    html! {
        <FormPage form={form.clone()} {title} {crumbs} {actions}>
            <div class="baton-fields">
                { for view.fields().into_iter().map(|field| {
                    let name = field.name.clone();
                    html! {
                        <FieldRow key={name.clone()} value={view.value(&name).clone()} {can_edit}
                            error={view.error(&name).map(ToOwned::to_owned)}
                            unsaved={view.draft.fields.contains_key(&name)}
                            unsaved_of={view.unsaved_of(&name).map(|author| author.name.clone())}
                            here={view.here(&name)} {field} on_input={on_input.clone()} on_focus={on_focus.clone()} />
                    }
                }) }
            </div>
        </FormPage>
    }
}
