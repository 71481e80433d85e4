//! A record's form.

use std::rc::Rc;

use baton_locales::t;
use baton_protocol::entity::{Entity, EntityStatus, Section};
use baton_protocol::field::{Field, Value};
use baton_protocol::form::{FormCommand, FormSnapshot};
use baton_protocol::id::{EntityId, FormKey, RecordId};
use baton_protocol::record_link::RecordLink;
use baton_protocol::rights::Right;
use baton_protocol::values::{DRAFT, PUBLISHED, SLUG, STATUS, TITLE};
use patternfly_yew::prelude::*;
use uuid::Uuid;
use yew::prelude::*;
use yew_hooks::use_event_with_window;
use yew_router::prelude::*;

use crate::components::{FieldRow, FormPage, RemovalActions};
use crate::hooks::{
    FormHandle, Opening, use_comments, use_first_field, use_neighbours, use_opened_form, use_read_here, use_session,
    use_shown_later,
};
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
    use_copied(&form);
    use_shown_later(&form);
    use_read_here(RecordId(props.record));
    let neighbours = use_neighbours(entity, RecordId(props.record)).unwrap_or_default();
    let read_only = props.read_only;
    let is_saved = form.state.view.as_ref().is_some_and(|view| view.version.0 > 0);
    let comments = use_comments(RecordId(props.record), entity, form.state.comment_changes, is_saved);
    let mut crumbs = vec![(Route::Entities, AttrValue::from(t::common::collections()))];
    let Some(view) = form.state.view.clone() else {
        crumbs.push((Route::records(entity), t::form::the_list().into()));
        return html! { <FormPage form={form.clone()} title="" {crumbs} actions={Html::default()} children={Html::default()} /> };
    };
    crumbs.push((Route::records(entity), view.entity.label_plural.clone().into()));
    let title = match view.title().trim() {
        "" => t::shell::new_of(&view.entity.label),
        title => title.to_owned(),
    };
    let on_input = form.on_input();
    let on_focus = form.on_focus();
    let on_comment = comments.begin();
    // What is not published may be incomplete (4.3).
    let needs_all = view.value(STATUS).text() == PUBLISHED;
    let saved = view.version.0 > 0;
    let server = session.state().and_then(|state| state.server.clone());
    let link: Option<AttrValue> = saved.then(|| {
        let record = RecordId(props.record);
        RecordLink { entity, record, server }.to_string().into()
    });
    let publishes = view.can_edit_field(STATUS) && view.value(STATUS).text() == DRAFT && view.gone.is_none();
    let actions = html! {
        <>
            if publishes {
                <Button id="publish" variant={ButtonVariant::Link} onclick={publish(&form, &view)} label={t::form::publish()} />
            }
            { step(entity, neighbours.previous, read_only, Step::Previous) }
            { step(entity, neighbours.next, read_only, Step::Next) }
            if saved && session.may(Right::Edit(entity)) && view.entity.status != EntityStatus::Archived {
                <Duplicate view={view.clone()} />
            }
            if saved && view.me.is_some() {
                <RemovalActions form={form.clone()} view={view.clone()} live={session.live()} />
            }
        </>
    };
    html! {
        <FormPage form={form.clone()} {title} {crumbs} {actions} {on_edit} {link} comments={comments.clone()}>
            { for Entity::form_sections(view.fields()).into_iter().map(|section| form_section(section, |field| {
                    let name = field.name.clone();
                    html! {
                        <FieldRow key={name.clone()} value={view.value(&name).clone()} can_edit={view.can_edit_field(&name)}
                            status_needs={needs_all || name == TITLE} partial={view.partial.contains(&name)} read_only={view.read_only.contains(&name)}
                            error={view.error(&name).map(ToString::to_string)}
                            unsaved={view.draft.fields.contains_key(&name)}
                            unsaved_of={view.unsaved_of(&name).map(|author| author.name.clone())}
                            changed_at={view.changed_at.get(&name).copied()}
                            here={view.here(&name).cloned()} field={field.clone()} on_input={on_input.clone()} on_focus={on_focus.clone()}
                            comments={comments.open_of(&field.id)} on_comment={saved.then(|| on_comment.clone())} />
                    }
            })) }
        </FormPage>
    }
}

/// A part of the form, under its heading.
fn form_section(section: Section, row: impl Fn(Field) -> Html) -> Html {
    let Section { heading, fields } = section;
    // By its first field, not by its heading: that may be there twice, and may change while somebody types below it.
    let key = fields.first().map_or_else(String::new, |field| field.name.clone());
    let rows = fields.into_iter().map(row);
    if heading.is_empty() {
        return html! { <div {key} class="baton-fields">{ for rows }</div> };
    }
    html! {
        <section {key} class="baton-fields" aria-label={heading.clone()} data-section={heading.clone()}>
            <h2 class="baton-section-heading">{ heading }</h2>
            { for rows }
        </section>
    }
}

/// Publishes the record and saves it.
fn publish(form: &FormHandle, view: &Rc<FormSnapshot>) -> Callback<MouseEvent> {
    let (form, status) = (form.clone(), view.field(STATUS));
    Callback::from(move |_| {
        if let Some(status) = status.clone() {
            form.on_input().emit((status, Value::from_text(PUBLISHED.to_owned())));
            form.command(FormCommand::save());
        }
    })
}

/// A step in the list that the record was opened from.
#[derive(Clone, Copy)]
enum Step {
    Previous,
    Next,
}

/// Leads to a neighbour in the list; nothing where there is none.
fn step(entity: EntityId, to: Option<RecordId>, read_only: bool, step: Step) -> Html {
    let Some(RecordId(record)) = to else {
        return Html::default();
    };
    let entity = entity.0;
    let to = if read_only {
        Route::ReadOnly { entity, record }
    } else {
        Route::Record { entity, record }
    };
    let (id, icon, label) = match step {
        Step::Previous => ("previous", "fa-chevron-up", t::form::previous_in_the_list()),
        Step::Next => ("next", "fa-chevron-down", t::form::next_in_the_list()),
    };
    html! {
        <span {id} title={label}>
            <Link<Route> {to} classes="pf-v6-c-button pf-m-plain">
                <i class={classes!("fas", icon)} aria-hidden="true" />
                <span class="pf-v6-screen-reader">{ label }</span>
            </Link<Route>>
        </span>
    }
}

/// What a new record begins with that is made after another one.
#[derive(Clone, PartialEq)]
struct Copied(Vec<(String, Value)>);

impl Copied {
    /// Everything that two records may have alike, as the form shows it, saved or not. It begins as a draft.
    fn of(view: &FormSnapshot) -> Self {
        let fields = view.fields().into_iter();
        // Of some fields this computer may have only the beginning.
        let is_here = |field: &Field| !view.partial.contains(&field.name);
        let alike =
            fields.filter(|field| !field.unique && field.name != SLUG && field.name != STATUS && is_here(field));
        let values = alike.map(|field| {
            let value = view.value(&field.name).clone();
            let value = if field.name == TITLE && !value.is_blank() {
                Value::from_text(t::form::copy_of_title(value.text()))
            } else {
                value
            };
            (field.name, value)
        });
        Self(values.filter(|(_, value)| !value.is_blank()).collect())
    }
}

#[derive(Clone, PartialEq, Properties)]
struct DuplicateProps {
    view: Rc<FormSnapshot>,
}

/// Begins a new record with what this one has.
#[component]
fn Duplicate(props: &DuplicateProps) -> Html {
    let navigator = use_navigator();
    let view = props.view.clone();
    let onclick = Callback::from(move |_: MouseEvent| {
        if let Some(navigator) = &navigator {
            let to = Route::record(view.entity.id, RecordId(Uuid::now_v7()));
            navigator.push_with_state(&to, Copied::of(&view));
        }
    });
    html! { <Button id="duplicate" variant={ButtonVariant::Link} {onclick} label={t::form::duplicate()} /> }
}

/// Fills in what a new record begins with, once: what was thrown away does not come back.
#[hook]
fn use_copied(form: &FormHandle) {
    let copied = use_location().and_then(|location| location.state::<Copied>());
    let view = form.state.view.as_ref();
    let begins = view.is_some_and(|view| view.can_edit() && view.version.0 == 0 && view.rev.0 == 0 && !view.unsaved());
    let form = form.clone();
    use_effect_with(begins && copied.is_some(), move |begins| {
        let view = form.state.view.as_ref().filter(|_| *begins);
        for (name, value) in copied.iter().flat_map(|copied| &copied.0) {
            let field = view
                .filter(|view| view.can_edit_field(name))
                .and_then(|view| view.field(name));
            if let Some(field) = field {
                form.on_input().emit((field, value.clone()));
            }
        }
    });
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use baton_protocol::entity::Entity;
    use baton_protocol::field::FieldType;

    use super::*;

    #[test]
    fn a_copy_has_what_two_records_may_have_alike() {
        let sku = Field {
            unique: true,
            ..Field::new("sku", "SKU", FieldType::Text)
        };
        let price = Field::new("price", "Price", FieldType::Number);
        let entity = Entity::new(EntityId(Uuid::nil()), "thing", "Thing", "Things", vec![sku, price]);
        let mut view = FormSnapshot::blank(FormKey::record(RecordId(Uuid::nil())), Arc::new(entity));
        for (name, value) in [
            (TITLE, "Lamp"),
            (SLUG, "lamp"),
            (STATUS, "published"),
            ("sku", "7"),
            ("price", "9.50"),
        ] {
            view.values.insert(name.into(), Value::from_text(value.to_owned()));
        }
        let Copied(values) = Copied::of(&view);
        let values: Vec<(&str, &str)> = values
            .iter()
            .map(|(name, value)| (name.as_str(), value.text()))
            .collect();
        assert_eq!(values, [(TITLE, "Lamp (copy)"), ("price", "9.50")]);
    }
}
