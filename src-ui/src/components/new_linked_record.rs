//! A record that is made while it is linked: what it cannot do without, in a dialog.

use baton_protocol::field::{Field, Value};
use baton_protocol::form::FormCommand;
use baton_protocol::id::{EntityId, FormKey, RecordId};
use baton_protocol::values::TITLE;
use patternfly_yew::prelude::*;
use uuid::Uuid;
use yew::prelude::*;

use crate::components::{Dialog, FieldRow, Loading};
use crate::hooks::{FormHandle, Opening, use_opened_form};
use crate::keys;

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct NewLinkedRecordProps {
    /// The entity that it is made in.
    pub(crate) target: EntityId,
    /// What its title begins with.
    pub(crate) title: String,
    /// It was saved.
    pub(crate) on_made: Callback<RecordId>,
    pub(crate) on_cancel: Callback<()>,
}

/// The dialog. What is not saved is discarded with it.
#[component]
pub(crate) fn NewLinkedRecord(props: &NewLinkedRecordProps) -> Html {
    let record = *use_memo((), |()| RecordId(Uuid::now_v7()));
    let form = use_opened_form(FormKey::record(record), props.target, Opening::Edit);
    use_title(&form, &props.title);
    let version = form.state.view.as_ref().map(|view| view.version.0).unwrap_or_default();
    {
        let on_made = props.on_made.clone();
        use_effect_with(version > 0, move |is_saved| {
            if *is_saved {
                on_made.emit(record);
            }
        });
    }
    let cancel = {
        let (form, on_cancel) = (form.clone(), props.on_cancel.clone());
        Callback::from(move |()| {
            form.command(FormCommand::discard_draft());
            on_cancel.emit(());
        })
    };
    let create = {
        let form = form.clone();
        Callback::from(move |()| form.command(FormCommand::save()))
    };
    let onkeydown = {
        let create = create.clone();
        Callback::from(move |event: KeyboardEvent| {
            let saves = event.key() == "Enter" || keys::command(&event) == Some('s');
            // In a text of several lines Enter is one more.
            if saves && !keys::in_a_paragraph(&event) {
                event.prevent_default();
                create.emit(());
            }
            // The form around it has the same keys.
            event.stop_propagation();
        })
    };
    let label = form
        .state
        .view
        .as_ref()
        .map(|view| view.entity.label.clone())
        .unwrap_or_default();
    html! {
        <Dialog title={format!("New {label}")} on_cancel={cancel.clone()}>
            <div class="baton-new-linked" {onkeydown}>
                { fields(&form) }
                <div class="baton-actions">
                    <Button id="linked-create" variant={ButtonVariant::Primary} label="Create and link" onclick={create.reform(|_: MouseEvent| ())} />
                    <Button id="linked-cancel" variant={ButtonVariant::Link} label="Cancel" onclick={cancel.reform(|_: MouseEvent| ())} />
                </div>
            </div>
        </Dialog>
    }
}

/// The fields that a record cannot do without, or why they are not there.
fn fields(form: &FormHandle) -> Html {
    if let Some(problem) = &form.state.problem {
        return html! { <p class="baton-error">{ &problem.message }</p> };
    }
    let Some(view) = form.state.view.clone() else {
        return html! { <Loading /> };
    };
    let is_needed = |field: &Field| field.name == TITLE || field.required;
    let fields = view
        .fields()
        .into_iter()
        .filter(|field| is_needed(field) && view.can_edit_field(&field.name));
    html! {
        <>
            { for fields.map(|field| {
                let name = field.name.clone();
                html! {
                    <FieldRow key={name.clone()} prefix="linked" value={view.value(&name).clone()} can_edit=true
                        error={view.error(&name).map(ToOwned::to_owned)} unsaved=false here={None} {field}
                        status_needs={name == TITLE} on_input={form.on_input()} on_focus={form.on_focus()} />
                }
            }) }
        </>
    }
}

/// Fills in the title, once the form is there.
#[hook]
fn use_title(form: &FormHandle, title: &str) {
    let field = form
        .state
        .view
        .as_ref()
        .filter(|view| view.can_edit())
        .and_then(|view| view.field(TITLE));
    let (form, title) = (form.clone(), title.to_owned());
    use_effect_with(field.is_some(), move |_| {
        if let Some(field) = field {
            form.on_input().emit((field, Value::from_text(title)));
        }
    });
}
