//! A record's form.

use baton_protocol::id::{EntityId, FormKey, RecordId};
use baton_protocol::rights::Right;
use uuid::Uuid;
use yew::prelude::*;
use yew_hooks::use_event_with_window;
use yew_router::prelude::*;

use crate::components::{CopyLink, FieldRow, FormPage, RemovalActions};
use crate::hooks::{FormHandle, Opening, use_first_field, use_opened_form, use_session};
use crate::keys;
use crate::route::Route;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct RecordProps {
    /// Which entity.
    pub(crate) entity: Uuid,
    /// Which record.
    pub(crate) record: Uuid,
    /// Whether it opens read-only, until a key is pressed.
    #[prop_or_default]
    pub(crate) read_only: bool,
}

/// A record's form: the strip, and one row a field.
#[component]
pub(crate) fn Record(props: &RecordProps) -> Html {
    let entity = EntityId(props.entity);
    let opening = if props.read_only {
        Opening::ReadOnly
    } else {
        Opening::Edit
    };
    let form = use_opened_form(FormKey::record(RecordId(props.record)), entity, opening);
    let session = use_session();
    let on_edit = use_edit(&form, props, session.may(Right::Edit(entity)));
    use_first_field(&form, "field-title");
    let mut crumbs = vec![(Route::Entities, AttrValue::from("Collections"))];
    let Some(view) = form.state.view.clone() else {
        crumbs.push((Route::records(entity), "The list".into()));
        return html! { <FormPage form={form.clone()} title="" {crumbs} actions={Html::default()} children={Html::default()} /> };
    };
    crumbs.push((Route::records(entity), view.entity.label_plural.clone().into()));
    let title = match view.title().trim() {
        "" => format!("New {}", view.entity.label),
        title => title.to_owned(),
    };
    let on_input = form.on_input();
    let on_focus = form.on_focus();
    let saved = view.version.0 > 0;
    let server = session.state().and_then(|state| state.server.clone());
    let actions = html! {
        <>
            if saved {
                <CopyLink {entity} record={RecordId(props.record)} {server} />
            }
            if saved && view.me.is_some() {
                <RemovalActions form={form.clone()} view={view.clone()} live={session.live()} />
            }
        </>
    };
    html! {
        <FormPage form={form.clone()} {title} {crumbs} {actions} {on_edit}>
            <div class="baton-fields">
                { for view.fields().into_iter().map(|field| {
                    let name = field.name.clone();
                    html! {
                        <FieldRow key={name.clone()} value={view.value(&name).clone()} can_edit={view.can_edit_field(&name)}
                            partial={view.partial.contains(&name)} read_only={view.read_only.contains(&name)}
                            error={view.error(&name).map(ToOwned::to_owned)}
                            unsaved={view.draft.fields.contains_key(&name)}
                            unsaved_of={view.unsaved_of(&name).map(|author| author.name.clone())}
                            changed_at={view.changed_at.get(&name).copied()}
                            here={view.here(&name)} {field} on_input={on_input.clone()} on_focus={on_focus.clone()} />
                    }
                }) }
            </div>
        </FormPage>
    }
}

/// Returns what joins the queue of a record that was opened read-only; `None` if its viewer may not edit. A key that
/// writes does the same as the button.
#[hook]
fn use_edit(form: &FormHandle, props: &RecordProps, may_edit: bool) -> Option<Callback<()>> {
    let navigator = use_navigator();
    let view = form.state.view.as_ref();
    let can_begin = props.read_only && may_edit && view.is_some_and(|view| view.me.is_none() && view.gone.is_none());
    let edit = {
        let (form, entity, record) = (form.clone(), props.entity, props.record);
        Callback::from(move |()| {
            form.edit();
            if let Some(navigator) = &navigator {
                navigator.replace(&Route::Record { entity, record });
            }
        })
    };
    {
        let edit = edit.clone();
        use_event_with_window("keydown", move |event: KeyboardEvent| {
            if can_begin && !event.default_prevented() && keys::writes(&event) && !keys::in_an_input(&event) {
                event.prevent_default();
                edit.emit(());
            }
        });
    }
    can_begin.then_some(edit)
}
